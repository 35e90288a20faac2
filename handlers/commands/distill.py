"""``/tune distill``: prompts answered by a teacher, in batch, as a dataset."""

import re
from contextlib import suppress
from dataclasses import dataclass

from bot.distillations.plan import ANSWER_TOKENS, LEAST_RECORDS, PromptSource
from bot.errors import NotFound, Refused, Unavailable
from bot.figures import whole
from bot.profiles import registry
from bot.wording import quoted
from handlers.arguments import base_model, file_id, words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, say, show
from handlers.dataset_files import may_be_prompts
from handlers.lookup import file_called, find, newest_file
from handlers.ui.cards.datasets import label_of
from handlers.ui.cards.distillations import label_of_teacher
from handlers.ui.text import code

USAGE = "/tune distill PROMPTS with TEACHER [for BASE] [max TOKENS] [system TEXT]"
_SYSTEM = re.compile(r"\ssystem\s+(\S.*)$", re.IGNORECASE | re.DOTALL)
_KEYWORDS = ("with", "for", "max")
_QUOTES = "\"'`“”‘’„ \n"  # noqa: RUF001 -- what phones type


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed. ``prompts`` is a file, or a dataset's name; empty: my newest upload here."""

    prompts: str
    teacher: str
    profile: str | None
    max_tokens: int
    system: str | None


def read(text: str) -> Wanted:
    """Return what was asked for.

    Raises:
        Refused: the teacher is missing, or a word fits nowhere.
    """
    marked = _SYSTEM.search(text)
    said = _parts(words(text[: marked.start()] if marked else text))
    if not said["with"]:
        raise Refused(
            "Which model is to answer them?",
            hint=f"Write it as {quoted(USAGE)}; `/tune distill` lists the teachers.",
        )
    if len(said[""]) > 1:
        raise Refused(
            f"I don't know what {quoted(said[''][1])} means there.", hint=f"Write it as {quoted(USAGE)}."
        )
    return Wanted(
        prompts="".join(said[""]),
        teacher=" ".join(said["with"]),
        profile=base_model(" ".join(said["for"])) if said["for"] else None,
        max_tokens=_tokens(said["max"]),
        system=marked[1].strip(_QUOTES) or None if marked else None,
    )


def _parts(typed: list[str]) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {"": [], **{each: [] for each in _KEYWORDS}}
    under = ""
    for word in typed:
        if word.lower() in _KEYWORDS:
            under = word.lower()
        else:
            parts[under].append(word)
    return parts


def _tokens(said: list[str]) -> int:
    if not said:
        return ANSWER_TOKENS
    number = whole(said[0])
    if len(said) > 1 + (said[-1].lower() in {"token", "tokens"}) or number is None:
        raise Refused(
            f"I cannot read {quoted(' '.join(said))} as a number of tokens.",
            hint="Write for instance `max 500`.",
        )
    return number


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Have the prompts read and priced; without words, list the teachers and what is under way."""
    if not invocation.text.strip():
        return show(context.services.distillations.teachers())
    wanted = read(invocation.text)
    source, profile, name = _source(wanted, invocation, context)
    plan = context.services.distillations.propose(
        source=source,
        teacher=wanted.teacher,
        profile=wanted.profile or profile,
        owner=invocation.user,
        channel=invocation.channel,
        thread_ts=invocation.thread_ts,
        system=wanted.system,
        max_tokens=wanted.max_tokens,
        asked_in=invocation.request,
    )
    return say(
        f"I am reading {f'the prompts of {code(name)}' if name else 'the prompts'}, to say what the answers of "
        f"{label_of_teacher(plan.teacher)} cost, as a dataset for {label_of(plan.profile)}. "
        "Nothing is spent before you press *Start*."
    )


def _source(wanted: Wanted, invocation: Invocation, context: CommandContext) -> tuple[PromptSource, str, str]:
    """Return where the prompts are, the base model when none was named, and what they are called, if that is known."""
    if by_id := file_id(wanted.prompts):
        return PromptSource(file_id=by_id), registry.DEFAULT, ""
    if not wanted.prompts:
        file = newest_file(context, invocation, may_be_prompts)
        if file is None:
            raise Refused(
                "I found no file of prompts that you shared here lately.",
                hint="Drop a `.jsonl`, `.txt` or `.csv` file into this channel, then ask me again.",
            )
        return PromptSource(file_id=file.id), registry.DEFAULT, file.name
    if context.services.datasets.find(wanted.prompts) is None:
        with suppress(NotFound, Refused, Unavailable):
            file = file_called(context, invocation, wanted.prompts)
            return PromptSource(file_id=file.id), registry.DEFAULT, file.name
    dataset = find(context, wanted.prompts)
    return PromptSource(name=dataset.name, dataset_id=dataset.id), dataset.report.profile, dataset.name


COMMAND = Command(
    name="distill",
    usage=USAGE,
    who=Who.TRAINER,
    task=Task.DATA,
    summary="Have a larger model answer your prompts, as a dataset to train on",
    details=(
        "PROMPTS is a file (JSONL, CSV or plain lines) by its name, link or ID, or a dataset whose answers are "
        "replaced; without it I take your newest upload here. `system TEXT` is for prompts that have no system prompt. "
        f"Alone, it lists the teachers. A batch takes at least {LEAST_RECORDS} prompts."
    ),
    example="/tune distill claims with nova-pro for nova-lite max 500",
    run=run,
)
