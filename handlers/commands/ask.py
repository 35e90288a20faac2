"""``/ask``: a question to a tuned model; the answer streams into a thread."""

import re
from dataclasses import dataclass

from bot.errors import NotFound, Refused
from bot.names import SAID_FIRST
from bot.questions.answerer import Question
from bot.questions.waiting_line import InLine
from bot.visibility import is_direct
from bot.wording import quoted
from handlers.arguments import QUOTES, head_and_rest, nearest
from handlers.core import Command, CommandContext, Invocation, Nothing, Reply, Task, Who, say
from handlers.lookup import check_is_no_model_to_be, model_of_job

USAGE = "/ask [MODEL] [--base] QUESTION"
_BASE, _PRIVATE, _PUBLIC = "--base", "--private", "--public"
_FLAGS = frozenset({_BASE, _PRIVATE, _PUBLIC})
_LONG_DASH = re.compile("^[\u2013\u2014]")
"""Phones make one long dash of two."""
_AWAY = "I am not in this conversation, so I answer you directly."
_INVITED = f"{_AWAY} With `/invite @Tunesmith` I answer here."
_LIKE_A_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed as a question: of which model, None where they named none, and whether of its base.

    ``private``: whether the answer is for them alone; None where they did not say.
    """

    model: str | None
    text: str
    of_base: bool = False
    private: bool | None = None


def split(text: str, context: CommandContext) -> Asked:
    """Return what is asked, and of which model. The name of the job that made it will do.

    ``--base`` and its like stand before the question, or before or behind the model. The first word is a model when it
    is one's name; a word that questions begin with is one only where it is set apart, by a colon or as code. One that
    only looks like a name, and is close to one, is a slip that would be asked of the wrong model: it is refused.

    Raises:
        Refused: there is no question; or it is of a model that is still being trained.
        NotFound: a model's name, misspelt.
    """
    text, flags = _without_flags(text.strip())
    head, rest = head_and_rest(text)
    bare = head.rstrip(":,").strip(QUOTES)
    names = [line.name for line in context.services.serving.models().lines]
    names += context.services.aliases.names()
    is_a_word = bare.lower() in SAID_FIRST and text.split(maxsplit=1)[:1] == [bare]
    named = None if is_a_word else next((name for name in names if name.lower() == bare.lower()), None)
    if named is None and rest and _LIKE_A_NAME.fullmatch(bare):
        named = model_of_job(context, bare)
        if named is None:
            check_is_no_model_to_be(context, bare)
    if named is None:
        meant = nearest(bare, names, cutoff=0.75) if _LIKE_A_NAME.fullmatch(bare) else None
        if meant and rest:
            raise NotFound(f"There is no model {quoted(bare)}.", hint=f"Did you mean {quoted(meant)}?")
    question = text
    if named is not None:
        question, behind = _without_flags(rest)
        flags |= behind
    if not question:
        raise Refused("There is no question.", hint=f"Write it as {quoted(USAGE)}.")
    private = _PRIVATE in flags if flags & {_PRIVATE, _PUBLIC} else None
    return Asked(named, question, _BASE in flags, private)


def _without_flags(text: str) -> tuple[str, frozenset[str]]:
    """Return the text behind the flags that it begins with, and these."""
    flags: frozenset[str] = frozenset()
    while True:
        head, rest = head_and_rest(text)
        flag = _LONG_DASH.sub("--", head.lower())
        if flag not in _FLAGS:
            return text, flags
        text, flags = rest, flags | {flag}


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Hand the question in; the answer is a message of its own."""
    return hand_in(invocation, context, split(invocation.text, context), thread_ts=invocation.thread_ts)


def hand_in(invocation: Invocation, context: CommandContext, asked: Asked, *, thread_ts: str | None) -> Reply:
    """Hand a question in; say its place when it has to wait, else the answer is all there is to say.

    Raises:
        Refused: too many are waiting already.
        Unavailable: it was not taken.
    """
    private = thread_ts is None and _is_private(asked, invocation.channel, context)
    waits = context.services.questions.ask(
        Question(
            id=invocation.request,
            text=asked.text,
            channel=invocation.channel,
            user=invocation.user,
            team=invocation.team,
            thread_ts=thread_ts,
            model=asked.model,
            opens=thread_ts is None or thread_ts == invocation.message_ts,
            of_base=asked.of_base,
            private=private,
        )
    )
    context.services.aliases.tell_fallen(invocation.channel)
    if waits is not None:
        return begun(waits)
    if private:
        return say("I answer you directly; you can share it here from there.")
    # Where we are not, a command works all the same, and what is posted ends up with whoever typed it. Slack is asked
    # last, since it may be slow, and not about threads: who writes there has been heard there.
    is_away = thread_ts is None and context.services.directory.sight.is_without_us(invocation.channel)
    if not is_away:
        return Nothing()
    # Nobody is invited into a direct message of two others.
    return say(_AWAY if is_direct(invocation.channel) else _INVITED)


def _is_private(asked: Asked, channel: str, context: CommandContext) -> bool:
    """Return whether the answer goes to whoever typed it alone: as they say, else as the channel has it."""
    if is_direct(channel):
        return False
    return context.services.channels.is_private(channel) if asked.private is None else asked.private


def begun(waits: InLine | None) -> Reply:
    """Return what is said of a question that was taken: its place in line where it has to wait."""
    return say(waits.sentence) if waits else Nothing()


COMMAND = Command(
    name="ask",
    usage=USAGE,
    who=Who.ASKER,
    task=Task.MODELS,
    summary="Ask a tuned model; the answer streams into a thread",
    details=(
        "Without MODEL it is the one that serves this channel. Reply in the answer's thread to go on. "
        "Mentioning me and writing to me directly do the same. With --base the base that MODEL was tuned from answers, "
        "whether MODEL is in service or not; with --private you are answered directly, with --public here."
    ),
    example="/ask claims-router Patient stage IV, denied prior auth, plan United",
    run=run,
    slash="/ask",
)
