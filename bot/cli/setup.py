"""``tunesmith setup``: asks for what is missing, looks at each value as it is entered, and writes it into ``.env``.

What was accepted is written at once, so that it can be left at any question and taken up again. No secret is shown.
"""

import getpass
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import env_file
from bot.cli.doctor import log_nothing
from bot.cli.setup_steps import SIGNING_SECRET, STEPS, Step

if TYPE_CHECKING:
    from bot.checkup import Line
    from bot.config import Outside

Ask = Callable[[str, bool], str]
"""Asks a question, and whether its answer is a secret; raises EOFError when nobody answers any more."""
Say = Callable[[str], None]
LookAt = Callable[[str, Mapping[str, str]], "Sequence[Line]"]
"""What is found about one setting, with the values of all that are set."""

_ASSIGNED = re.compile(r"\b(TUNESMITH_[A-Z_]+)=(\w+)")
_SIGNS = {"good": "   ok  ", "warning": "   !   ", "bad": "   no  "}


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("setup")(command)


def command(
    file: Annotated[
        Path, typer.Option("--file", help="Where the settings are written.", dir_okay=False)
    ] = Path(".env"),
) -> None:
    """Ask for the settings that are missing, a step at a time, each looked at as you enter it.

    They are written into the file .env of this folder, which nobody else may read then. Leave with Ctrl-C whenever
    you like: the next time it goes on where it was.
    """
    from bot.wiring.outside import outside
    from bot.wiring.setting_up import look_at

    log_nothing()
    others = outside()
    setup = Setup(file, os.environ, ask_terminal, print, look_at, others)
    try:
        done = setup.run()
    except (EOFError, KeyboardInterrupt, typer.Abort):
        print("\nLeft. What was accepted is kept; `tunesmith setup` goes on from here.")
        raise typer.Exit(1) from None
    raise typer.Exit(0 if done else 1)


def ask_terminal(question: str, secret: bool) -> str:
    """Ask the person at the terminal, or the next line of what is piped in."""
    if secret and sys.stdin.isatty():
        return getpass.getpass(question).strip()
    print(question, end="", flush=True)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.strip()


class Setup:
    """One walk through the steps.

    Args:
        path: the file.
        environment: what is set already, and wins over the file; it is not changed.
        ask, say: the person.
        look: the outside, for single settings.
        others: the outside, for names of channels and people and for secrets that stand elsewhere.
    """

    def __init__(
        self,
        path: Path,
        environment: Mapping[str, str],
        ask: Ask,
        say: Say,
        look: LookAt,
        others: "Outside",
    ) -> None:
        self._path = path
        self._values = dict(environment)
        self._ask = ask
        self._say = say
        self._look = look
        self._others = others
        self._wrong: dict[str, str] = {}
        self._against = ""
        """What would mend the value that was looked at last."""

    def run(self) -> bool:
        """Walk through all steps; return whether the settings are whole then.

        Raises:
            Misconfigured: the file is there and cannot be read.
            EOFError, KeyboardInterrupt: the person left; what they entered so far is kept.
        """
        from bot import config, setting_addresses, setting_secrets
        from bot.errors import Misconfigured

        env_file.load(self._path, self._values)
        if self._path.is_file():
            self._path.chmod(0o600)
        if open_ways := setting_addresses.against(self._values):
            # Before anybody is asked: a token that is looked at is shown to whoever is there.
            self._say("\n".join(["", *open_ways, "Correct that, and run this again."]))
            return False
        self._values, self._wrong = setting_secrets.gathered(
            self._values, config.secret_names(), self._others.secrets
        )
        for name in config.secret_names():
            if self._values.get(name) and name not in self._wrong:
                for form in setting_secrets.forms(name):
                    self._values.pop(form, None)
        number = 0
        for place, step in enumerate(STEPS):
            if self._is_wanted(step):
                number += 1
                self._do(step, f"{number}/{number + self._still_to_come(STEPS[place + 1 :])}")
        try:
            config.load(self._values, http=self._by_http, outside=self._others)
        except Misconfigured as error:
            self._say(
                f"\n{error.message}\nCorrect that in {self._path.name} or in the environment, and run this again."
            )
            return False
        self._say(
            "\nAll settings are there. Next: `tunesmith doctor` looks at everything, and `tunesmith run"
            f"{' --http 3000' if self._by_http else ''}` starts the bot. Invite it to a channel."
        )
        return True

    @property
    def _by_http(self) -> bool:
        return not self._values.get("SLACK_APP_TOKEN") and bool(self._values.get("SLACK_SIGNING_SECRET"))

    def _is_wanted(self, step: Step) -> bool:
        if step.name == "SLACK_SIGNING_SECRET":
            return not self._values.get("SLACK_APP_TOKEN")
        return not (step.name == "SLACK_APP_TOKEN" and self._values.get("SLACK_SIGNING_SECRET"))

    def _still_to_come(self, steps: Sequence[Step]) -> int:
        """Return how many of these will be asked for: HTTP's signature only where Socket Mode's token is not."""
        wanted = [each.name for each in STEPS if self._is_wanted(each)]
        if "SLACK_APP_TOKEN" in wanted and "SLACK_SIGNING_SECRET" in wanted:
            wanted.remove("SLACK_SIGNING_SECRET")
        return sum(each.name in wanted for each in steps)

    def _do(self, step: Step, number: str) -> None:
        """Have the step's setting set, or left out."""
        self._say(f"\n{number} {step.title}")
        if self._wrong.get(step.name):
            self._say(f"   no  {step.name} {self._wrong[step.name]}")
            return  # where it stands is the operator's own choice, and it is mended there
        there = self._values.get(step.name, "")
        its_ids = self._with_ids(step, there) if there else None
        if its_ids is not None and self._is_well(step, its_ids):
            self._say(f"   ok  {step.name} is set.")
            return
        self._say(step.where)
        while not self._taken(step, there):
            pass

    def _taken(self, step: Step, kept: str) -> bool:
        """Ask once; return whether the step is over."""
        skip = "keeps what is set" if kept else step.may_skip
        asked = self._ask(f"{step.prompt}{f' [Enter: {skip}]' if skip else ''}: ", step.secret)
        if not asked and step.made and not kept:
            asked = step.made()
        if not asked:
            if not skip:
                self._say("   no  It is needed.")
            return bool(skip)
        value = self._with_ids(step, asked)
        if value is None:
            return False
        while not (right := self._is_right(step, value)) or not self._is_well(step, value):
            if self._is_set_beside(step):
                continue
            if right and self._agreed("Take it all the same? [y/N]: ", step):
                break
            return False
        env_file.put(self._path, step.name, value)
        self._values[step.name] = value
        self._say(f"   ok  {step.name} is written into {self._path.name}.")
        return True

    def _agreed(self, question: str, step: Step) -> bool:
        # As hidden as the value itself: who pastes another one here shows it to nobody.
        return self._ask(question, step.secret).lower() in ("y", "yes")

    def _is_set_beside(self, step: Step) -> bool:
        """Offer the other setting that was just named against the value; return whether it is set by now."""
        for name, value in _ASSIGNED.findall(self._against):
            if name not in step.beside or self._values.get(name) == value:
                continue
            if self._agreed(f"Set {name}={value}? [y/N]: ", step):
                env_file.put(self._path, name, value)
                self._values[name] = value
                self._say(f"   ok  {name} is written into {self._path.name}.")
                return True
        return False

    def _with_ids(self, step: Step, value: str) -> str | None:
        """Return the value with IDs for names, None when one is nobody's, which is told."""
        from bot import setting_names

        if step.name not in setting_names.LISTS:
            return value
        wanted = {
            name: self._values[name]
            for name in ("SLACK_BOT_TOKEN", "SLACK_API_URL")
            if self._values.get(name)
        }
        found, wrong, known = setting_names.resolved(wanted | {step.name: value}, self._others.names)
        for name, its_id in known.items():
            self._say(f"   ok  {name} is {its_id}.")
        if step.name in wrong:
            self._say(_refusal(wrong[step.name]))
            return None
        return found[step.name]

    def _is_right(self, step: Step, value: str) -> bool:
        """Return whether the value has the form that it must have; say what is wrong."""
        from bot.wiring.setting_up import wrong_with

        wrong = wrong_with(step.name, value, self._values)
        self._against = wrong
        if wrong:
            self._say(_refusal(wrong))
        return not wrong

    def _is_well(self, step: Step, value: str) -> bool:
        """Return whether nothing outside speaks against the value; say what was found."""
        from bot.checkup import Level
        from bot.wiring.setting_up import wrong_with

        if wrong_with(step.name, value, self._values):
            return self._is_right(step, value)
        if step.name == "SLACK_SIGNING_SECRET" and not SIGNING_SECRET.fullmatch(value):
            self._say("   !   Signing secrets have 32 signs, 0 to 9 and a to f; this is another value.")
            return False
        lines = self._look(step.name, {**self._values, step.name: value})
        for each in lines:
            self._say(f"{_SIGNS[each.level]}{each.about}: {each.said}")
            if each.mend and each.level is not Level.GOOD:
                self._say(f"       {each.mend}")
        self._against = "\n".join(each.mend for each in lines if each.level is Level.BAD)
        return all(each.level is not Level.BAD for each in lines)


def _refusal(wrong: str) -> str:
    """Return what is wrong with a value as a sentence: where settings are listed, their names stand before it."""
    said = f"It {wrong}" if wrong.startswith(("holds ", "is ", "leads ", "should ")) else wrong
    return f"   no  {said}" if said.endswith((".", "?")) else f"   no  {said}."
