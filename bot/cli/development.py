"""For whoever works on Tunesmith: ``test``, ``check``, ``fix``, ``gen`` and ``bench``; CI calls the same."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.checkout import ROOT

SITE = [sys.executable, "-m", "release.site"]
PANEL = "Working on Tunesmith"
FAST = "not browser and not chaos and not scenario and not slow"
SLOW_PLACES = ("tests/attacks", "tests/chaos", "tests/page", "tests/playground", "tests/scenarios")
"""Where little, or little that is about the bot's own rules, is quick: the fast part does not even collect them."""
LEFT_OUT = f"""[bold yellow]--fast is no proof.[/] It left out all that is not like a unit:
  - whole journeys, in this process and in others (scenario), kills at every place there is (chaos), the page (browser)
  - tables, properties and crashes at every point that take a tenth of a second and more (slow)
  - what somebody tries who must not get it (attacks), over all doors
  - the tests of the stand-ins for Slack and Bedrock; and of the properties that it tried, most examples
  Not collected: {", ".join(SLOW_PLACES)}.
Before anything lands: [bold]./tunesmith test[/]."""
IN_PART = """Tried in part, others in each run: of journeys of whole processes (scenario, chaos) a half, of long tables
(sampled) a quarter, of places at which a process dies each kind and a tenth, of properties a quarter of the examples.
CI tries all journeys, tables and places; TUNESMITH_THOROUGH_TESTS=1 all there is."""

_console = Console(highlight=False)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    passes_on = {"allow_extra_args": True, "ignore_unknown_options": True}
    app.command("test", rich_help_panel=PANEL, context_settings=passes_on)(test)
    app.command("check", rich_help_panel=PANEL)(check)
    app.command("fix", rich_help_panel=PANEL)(fix)
    app.command("gen", rich_help_panel=PANEL)(gen)
    app.command("bench", rich_help_panel=PANEL, context_settings=passes_on)(bench)
    app.command("site", rich_help_panel=PANEL)(site)
    app.command("gallery", rich_help_panel=PANEL)(gallery)


def test(
    context: typer.Context,
    fast: Annotated[
        bool,
        typer.Option(
            "--fast",
            help="Only what is like a unit: no browser, no real processes, no kills at every place, no tests of the"
            " stand-ins, nothing that takes a tenth of a second. It says so at the end.",
        ),
    ] = False,
) -> None:
    """Run the tests. What follows goes to pytest: [bold]tunesmith test -k release -x[/]."""
    chosen = only_fast(context.args) if fast else []
    if fast:
        os.environ["TUNESMITH_FAST_TESTS"] = "1"  # properties are tried with fewer examples
    # One more test at a time: who is given several for each quick one soon has whole journeys in line, and the others
    # have nothing to do at the end. The fast part has no long ones.
    workers = ["-n", _workers(more=0 if fast else 2), "--maxschedchunk", "4" if fast else "1"]
    status = _run([sys.executable, "-m", "pytest", *workers, *chosen, *context.args])
    if fast:
        _console.print(LEFT_OUT)
    elif not {"CI", "TUNESMITH_THOROUGH_TESTS"} & {name for name, value in os.environ.items() if value}:
        _console.print(IN_PART)
    sys.exit(status)


def only_fast(arguments: Sequence[str]) -> list[str]:
    """Return what has pytest take the fast part; a slow place that is named itself is looked through."""
    named = [place for place in SLOW_PLACES for each in arguments if each.startswith(place)]
    return ["-m", FAST, *(f"--ignore={place}" for place in SLOW_PLACES if place not in named)]


def _workers(more: int) -> str:
    # More than there are cores: many tests wait for a server on loopback. Whole journeys wait most, and start several
    # processes each, so many more would only make them wait for one another. The fast part computes, and each worker
    # first loads and collects everything.
    return str(min((os.cpu_count() or 1) + more, 6))


def check() -> None:
    """Format, lint, types, import directions, dead code, dependencies, generated files, links of the site."""
    steps = {
        "format": _tool("ruff", "format", "--check", "."),
        "lint": _tool("ruff", "check", "."),
        "types": _tool("mypy"),
        "imports": _tool("lint-imports", "--no-logo"),
        "dead code": _tool("vulture"),
        "dependencies": _tool("deptry", "."),
        "generated files": [sys.executable, "-m", "bot", "gen", "--check"],
        "site": SITE,
    }
    failed = [name for name, command in steps.items() if not _step(name, command)]
    if failed:
        _console.print(
            f"[bold red]check failed:[/] {', '.join(failed)}. Try [bold]./tunesmith fix[/] for format and lint."
        )
        sys.exit(1)
    _console.print("[bold green]check passed[/]")


def fix() -> None:
    """Mend what can be mended by itself: format, lint, generated files."""
    for command in (
        _tool("ruff", "check", "--fix", "--quiet", "."),
        _tool("ruff", "format", "--quiet", "."),
        [sys.executable, "-m", "bot", "gen"],
    ):
        _run(command)


def gen(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when something is out of date.")
    ] = False,
) -> None:
    """Write the reference, the manifest and the other files that are made from the code."""
    from bot.cli import generated

    stale = generated.write(ROOT, check=check)
    for name in stale:
        _console.print(f"{name} {'is out of date: run ./tunesmith gen' if check else 'written'}")
    if check and stale:
        sys.exit(1)


def bench(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Which; all when none is named. Options after a name are that one's own."),
    ] = None,
) -> None:
    """Measure speed and memory against a reference in the same run. Not a test of the bot's words and ways."""
    there = {path.stem: path for path in sorted((ROOT / "benchmarks").glob("[a-z]*.py"))}
    given = names or []
    begin = next((place for place, each in enumerate(given) if each.startswith("-")), len(given))
    named, options = given[:begin], given[begin:]
    unknown = [name for name in named if name not in there]
    if unknown:
        raise typer.BadParameter(f"there is no benchmark {unknown[0]!r}; there are {', '.join(there)}")
    if options and len(named) != 1:
        raise typer.BadParameter(f"{options[0]} is for one benchmark: name it")
    for name in named or there:
        _console.rule(name)
        if _run([sys.executable, str(there[name]), *options]):
            sys.exit(1)


def site() -> None:
    """Build the documents as a site, in out/site; fail for a link that leads nowhere."""
    status = _run(SITE)
    if not status:
        _console.print(f"written: {ROOT / 'out' / 'site' / 'index.html'}", soft_wrap=True)
    sys.exit(status)


def gallery(
    folder: Annotated[Path, typer.Argument(help="Where the contact sheets go.")] = ROOT / "out" / "gallery",
) -> None:
    """Draw every card in every state, at 390 and 1,280 px, light and dark, and say how high each is."""
    sys.exit(_run([sys.executable, "-m", "tests.page.contact_sheet", str(folder.absolute())]))


def _tool(name: str, *arguments: str) -> list[str]:
    return [str(Path(sys.executable).parent / name), *arguments]


def _step(name: str, command: list[str]) -> bool:
    started = time.monotonic()
    passed = _run(command) == 0
    mark = "[green]ok[/]" if passed else "[bold red]failed[/]"
    _console.print(f"{mark} {name} ({time.monotonic() - started:.1f} s)")
    return passed


def _run(command: list[str]) -> int:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    # Without its caches pytest compiles every test anew in every worker, which takes longer than most of them.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
