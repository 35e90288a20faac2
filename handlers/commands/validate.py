"""``/tune validate``: look at a file again, or at one that was shared elsewhere."""

from dataclasses import dataclass

from bot.controller.model import Message
from bot.datasets.model import Role
from bot.errors import Refused
from bot.uploads.lineage import KnownFile
from bot.wording import quoted
from handlers.arguments import base_model, file_id, unknown, words
from handlers.core import Command, CommandContext, Invocation, Reply, Say, Task, Who, say
from handlers.dataset_files import may_be_dataset
from handlers.lookup import file_called, newest_file
from handlers.ui.blocks import actions, button, section
from handlers.ui.text import code

ROLES = {
    "train": Role.TRAINING,
    "training": Role.TRAINING,
    "validation": Role.VALIDATION,
    "valid": Role.VALIDATION,
    "test": Role.VALIDATION,
}
USAGE = "/tune validate [FILE] [as train|validation] [for BASE]"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed: a file's ID or its name (neither: my newest here), its role, and the base model if any."""

    file: str | None
    name: str
    role: Role
    profile: str | None


def read(text: str) -> Wanted:
    """Return what was asked for.

    Raises:
        Refused: a word that fits nowhere, or a file, role or base model that does not exist.
    """
    file, role, profile = None, Role.TRAINING, None
    name: list[str] = []
    rest = words(text)
    while rest:
        word = rest.pop(0)
        if word.lower() == "as":
            role = _role(rest)
        elif word.lower() == "for":
            profile = _base(rest)
        elif file is None and (found := file_id(word)):
            file = found
        elif file is None and not word.lower().startswith(("http://", "https://")):
            name.append(word)
        else:
            raise _not_a_file(word)
    if file and name:
        raise _not_a_file(" ".join(name))
    return Wanted(file, " ".join(name), role, profile)


def _role(rest: list[str]) -> Role:
    if not rest:
        raise Refused("As what?", hint="Write `as train` or `as validation`.")
    word = rest.pop(0)
    if word.lower() not in ROLES:
        raise unknown("kind of dataset", word, ["train", "validation"])
    return ROLES[word.lower()]


def _base(rest: list[str]) -> str:
    said: list[str] = []
    while rest and rest[0].lower() != "as" and not file_id(rest[0]):
        said.append(rest.pop(0))
    if not said:
        raise Refused("For which base model?", hint="Write for instance `for nova-lite`.")
    return base_model(" ".join(said))


def _not_a_file(word: str) -> Refused:
    return Refused(
        f"{quoted(word)} is no file that I can find.",
        hint=f"Give me the file's link (its menu, *Copy link*) or its ID (`F…`). Write it as {quoted(USAGE)}.",
    )


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Hand the file in; the verdict comes as a message of its own."""
    wanted = read(invocation.text)
    found = None if wanted.file else _named_or_newest(wanted.name, invocation, context)
    if wanted.file is None and found is None:
        return _no_upload()
    context.services.uploads.receive(
        file_id=wanted.file or (found.id if found else ""),
        channel=invocation.channel,
        thread_ts=invocation.thread_ts,
        user=invocation.user,
        profile=wanted.profile,
        role=wanted.role,
        asked_in=invocation.request,
    )
    what = code(found.name) if found and found.name else "the file"
    return say(f"I am looking at {what}; the verdict follows here.")


def _named_or_newest(name: str, invocation: Invocation, context: CommandContext) -> KnownFile | None:
    return (
        file_called(context, invocation, name) if name else newest_file(context, invocation, may_be_dataset)
    )


def _no_upload() -> Reply:
    said = (
        "I found no dataset that you shared here lately. Drop a `.jsonl` file into this channel, "
        "or give me its link: `/tune validate LINK`."
    )
    choose = button("Choose a file", "validate.form", "validate", style="primary")
    return Say(Message(text=said, blocks=[section(said), *actions(choose)]))


COMMAND = Command(
    name="validate",
    usage=USAGE,
    who=Who.CONTRIBUTOR,
    task=Task.DATA,
    summary="Check a dataset and say what would make the job fail, line by line",
    details=(
        "FILE is a file's name among what you shared lately (the newest of its copies), its link or its ID; without "
        "one I take your newest upload in this channel. "
        "`as validation` checks it as validation data, `for BASE` against another base model."
    ),
    example="/tune validate as validation for nova-lite",
    run=run,
)
