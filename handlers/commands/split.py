"""``/tune split``: a validation set from a training set."""

import re
from dataclasses import dataclass

from bot.derivations.splitting.split import DEFAULT_SEED, DEFAULT_SHARE
from bot.errors import Refused
from bot.figures import whole
from bot.wording import quoted
from handlers.arguments import words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, say
from handlers.lookup import find
from handlers.picker import which_dataset

USAGE = "/tune split NAME [10%] [seed 7] [exact]"
_SHARE = re.compile(r"(\d{1,2}(?:\.\d{1,3})?)\s?%")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed: the dataset, the share (0 to 1), the seed, and whether near copies count as equal."""

    name: str
    share: float = DEFAULT_SHARE
    seed: int = DEFAULT_SEED
    near: bool = True


def read(text: str) -> Wanted:
    """Return what was asked for.

    Raises:
        Refused: nothing, or a word that fits nowhere.
    """
    name, *rest = words(text) or [""]
    if not name:
        raise Refused("Which dataset?", hint=f"Write it as {quoted(USAGE)}.")
    share: float | None = None
    seed: int | None = None
    near = True
    while rest:
        word = rest.pop(0).lower()
        if (found := _SHARE.fullmatch(word)) and share is None:
            share = float(found.group(1)) / 100
        elif word == "seed" and rest and seed is None and whole(rest[0]) is not None:
            seed = whole(rest.pop(0))
        elif word == "exact":
            near = False
        else:
            raise Refused(
                f"I don't know what {quoted(word)} means there.", hint=f"Write it as {quoted(USAGE)}."
            )
    return Wanted(
        name, DEFAULT_SHARE if share is None else share, DEFAULT_SEED if seed is None else seed, near
    )


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Have the dataset split; the two files come as a message of their own."""
    if not invocation.text.strip():
        return which_dataset(context, "split {}", USAGE)
    wanted = read(invocation.text)
    context.services.derivations.split(
        find(context, wanted.name),
        channel=invocation.channel,
        thread_ts=invocation.thread_ts,
        user=invocation.user,
        share=wanted.share,
        seed=wanted.seed,
        near=wanted.near,
        asked_in=invocation.request,
    )
    return say("I am splitting it; the training and the validation set follow here.")


COMMAND = Command(
    name="split",
    usage=USAGE,
    who=Who.CONTRIBUTOR,
    task=Task.DATA,
    summary="Split off a validation set that shares nothing with the training set",
    details=(
        "Records that share a question or a long answer, or are nearly the same, stay on one side; labels give their "
        "share each. With `exact` only equal questions and answers count. The same seed gives the same split."
    ),
    example="/tune split claims 10%",
    run=run,
)
