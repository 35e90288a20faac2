"""The command line. ``./tunesmith --help`` shows it; each command is one module in this folder."""

import errno
import gc
import logging
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Annotated

import typer

from bot import __version__
from bot.cli import checkout
from bot.errors import TunesmithError, is_full

COMMANDS = (
    "demo", "setup", "run", "doctor", "validate", "repair", "split", "compare", "convert", "estimate", "advise",
    "manifest", "iam", "backup", "restore", "audit", "moved",
)  # fmt: skip
"""What is there wherever the program is: the modules, each called like its command."""
_FOR_DEVELOPERS = ("test", "check", "fix", "gen", "bench", "site", "gallery")
"""The commands of the module ``development``, which are there where a checkout is."""

_NO_BLAS_THREADS = "OPENBLAS_NUM_THREADS", "1"
"""NumPy's linear algebra, which nothing here uses, starts a thread for each core when it is imported, and these wait by
turning: a twelfth of the time of a long command. The variable is OpenBLAS's own, and what is set already stays."""


def build(names: Sequence[str] = ()) -> typer.Typer:
    """Return the command line with the commands of these modules; of all that are of use here when none is named.

    Their imports are most of what starting takes.
    """
    names = names or (COMMANDS if checkout.INSTALLED else (*COMMANDS, "development"))
    app = typer.Typer(
        name="tunesmith",
        help="Fine-tune models on Amazon Bedrock from Slack. Begin with [bold]tunesmith demo[/]: it needs no account.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(root)
    for name in names:
        import_module(f"{__name__}.{name}").add_to(app)
    return app


@cache
def _whole() -> typer.Typer:
    return build()


def __getattr__(name: str) -> typer.Typer:
    """Return ``app``, the whole command line, made when it is asked for."""
    if name == "app":
        return _whole()
    raise AttributeError(name)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"tunesmith {__version__}")
        raise typer.Exit


def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Fine-tune models on Amazon Bedrock from Slack."""


def main() -> None:
    """Run the command line; errors for a person become two sentences and exit status 1."""
    have_a_home()
    try:
        app = _made()
        app(prog_name="tunesmith")
    except (TunesmithError, OSError) as error:
        if not _is_told(error):
            raise
        sys.exit(1)


@contextmanager
def failing_with(status: int) -> Iterator[None]:
    """End the program with that status, whatever goes wrong within: for a command whose status 1 is an answer."""
    try:
        yield
    except typer.Exit:
        raise
    except Exception as error:
        if not _is_told(error):
            traceback.print_exc()  # a defect, and no answer either
        raise typer.Exit(status) from error


def _is_told(error: Exception) -> bool:
    """Tell a person what went wrong, in two sentences; return whether it is for a person, and no defect."""
    if isinstance(error, TunesmithError):
        _tell(error.message, error.hint or "")
        if error.detail:
            logging.getLogger(__name__).debug("detail: %s", error.detail)
        return True
    # Without a file, and no disk's, it is no file's fault: a socket's, say.
    if isinstance(error, OSError) and (
        error.filename is not None or is_full(error) or error.errno in _OF_DISKS
    ):
        _tell(*_of_file(error))
        return True
    return False


_OF_DISKS = frozenset({errno.EIO, errno.EROFS})
"""What goes wrong, beside a full disk, with a file that is open: the system does not say then which one it is."""


def have_a_home() -> None:
    """Have the root be home, where there is none: a number that no user has, and no ``HOME``.

    Slack's SDK asks for it when it is imported. Not the folder of temporary files: whoever may write there could put
    settings of AWS's SDK into it, and those name programs to run.
    """
    if os.path.expanduser("~") == "~":  # noqa: PTH111 -- Path.home raises, and is that much slower to start with
        os.environ["HOME"] = os.sep


def _made() -> typer.Typer:
    """Return the command line, as much of it as is wanted, kept out of what the collector goes through.

    Nothing that imports make is ever garbage: looking for some meanwhile, and again at the end, takes a sixth of the
    time of a short command.
    """
    os.environ.setdefault(*_NO_BLAS_THREADS)
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    gc.disable()
    try:
        if wanted in _FOR_DEVELOPERS:
            if checkout.INSTALLED:
                raise checkout.only_there(wanted)
            return build(["development"])
        return build([wanted]) if wanted in COMMANDS else _whole()
    finally:
        gc.freeze()
        gc.enable()


def _tell(message: str, hint: str) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True, highlight=False)
    console.print(f"[bold red]tunesmith:[/] {escape(message)}")
    if hint:
        console.print(escape(hint))


def _of_file(error: OSError) -> tuple[str, str]:
    """Return what could not be done with a file and why, as the system says it, and what to look at."""
    what = f"{error.filename or 'What is written'}: {(error.strerror or 'it cannot be used').lower()}."
    return what, "Look whether the file and its folder are there, may be used, and the disk is not full."
