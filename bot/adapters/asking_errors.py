"""What goes wrong while a model is asked, for whoever asked: one sentence, and what they can do.

``aws_errors`` says what an error means to the engine: whether it passes, and who can act. That stays; here are the
words for somebody who waits for an answer in a thread, by the code of the service and, where one code means several
things, by its words. Of those nothing is published: they are as people report them, and what is not recognised is told
in general words.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.adapters.aws_errors import translated
from bot.denials import denial_in
from bot.errors import Misconfigured, NotFound, Refused, Throttled, TunesmithError, Unavailable
from bot.profiles.registry import PROFILES
from bot.questions.answerer import Answerer
from bot.spending.failures import is_of_the_account, life_is_over
from bot.wording import quoted

_TOO_LONG = re.compile(
    r"too long|too many (?:input )?tokens|maximum context|context window|prompt.{0,40}exceed", re.IGNORECASE
)
_UNKNOWN = re.compile(
    r"model identifier is invalid|Retry your request with the ID or ARN of an inference profile",
    re.IGNORECASE,
)
"""Of a model that is not there Bedrock's runtime says as often that what was asked is wrong, as that there is none."""
_NO_STOPS = re.compile(r"support the stopSequences field", re.IGNORECASE)
_LIMIT = re.compile(r"maximum tokens you requested exceeds? the model limit of ([\d,]+)", re.IGNORECASE)
_THIS_DAY = re.compile(r"per day", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Words:
    """``who`` in them is what was asked: the model, or its base."""

    kind: type[Refused] | type[Unavailable] | type[Misconfigured]
    message: str
    hint: str


_AGAIN = "Ask again in a minute."
_BY_CODE = {
    "ModelNotReadyException": _Words(Unavailable, "{who} is not ready yet.", _AGAIN),
    "ModelTimeoutException": _Words(
        Unavailable, "{who} took too long to answer.", "Ask again, or for something shorter."
    ),
    "ModelErrorException": _Words(Unavailable, "{who} failed while it answered.", "Ask again."),
    "ModelStreamErrorException": _Words(Unavailable, "{who} failed while it answered.", "Ask again."),
    "ServiceUnavailableException": _Words(Unavailable, "Bedrock has no room for this right now.", _AGAIN),
    "InternalServerException": _Words(Unavailable, "Bedrock had an error of its own.", _AGAIN),
}
_TOO_MUCH = _Words(
    Refused, "That is more than {who} can read.", "Ask something shorter, or begin a new thread."
)
_NOT_TAKEN = _Words(Refused, "Bedrock did not take this question.", "Ask it in other words; the log has why.")
_NO_SUCH_BASE = _Words(
    NotFound,
    "Bedrock has no {who} to ask in {region}.",
    "The model that was tuned from it may be in service.",
)
_NO_ACCESS = _Words(
    Misconfigured,
    "This AWS account may not ask {who}.",
    "The operator opens it in the model catalog of the Bedrock console, which tells what is missing.",
)
_STOPS = _Words(
    Refused,
    "{who} takes no texts to stop at.",
    "Whoever owns `{name}` takes them out: `/tune settings {name}`.",
)
_NOT_SO_LONG = _Words(
    Misconfigured,
    "{who} gives no answer as long as I allow it.",
    "The operator sets TUNESMITH_MAX_ANSWER_TOKENS to {limit} or less.",
)
"""AWS publishes two limits: 4K on the cards of the models of Llama, and 2,048 among their parameters."""
_NONE_LEFT = _Words(
    Misconfigured,
    "This AWS account has used up its tokens of today for {who}.",
    "Ask again tomorrow; the operator may ask AWS for more tokens per day in Service Quotas.",
)
"""What is throttled for a day is not waited for, as what is throttled for a moment is."""
_ENDED = _Words(
    Refused,
    "The life of {who} on Bedrock is over, so nobody can ask it any more.",
    "Tune on a base that is open: `/tune start` shows which are.",
)
_ENDED_UNDER = _Words(
    Refused,
    "The life of the base of {who} on Bedrock is over, so nobody can ask it any more.",
    "Tune on a base that is open: `/tune start` shows which are.",
)
_RELEASED = _Words(NotFound, "{who} is not in service any more.", "Wake it with `/tune serve {name}`.")


@contextmanager
def asking(operation: str, answerer: Answerer) -> Iterator[None]:
    """Raise whatever botocore raises inside as one of ours, in words for whoever asked."""
    try:
        with translated(operation):
            yield
    except TunesmithError as error:
        raise for_people(error, answerer) from error


def for_people(error: TunesmithError, answerer: Answerer) -> TunesmithError:
    """Return the error in words for whoever asked; one that has no better words is returned as it is."""
    words = _words(error, answerer)
    if words is None:
        return error
    base = PROFILES.get(answerer.profile)
    who = base.label if base and answerer.of_base else quoted(answerer.model_name)
    limit = _LIMIT.search(error.detail)
    names = {
        "who": who,
        "region": answerer.region,
        "name": answerer.model_name,
        "limit": limit[1] if limit else "",
    }
    message, hint = words.message.format(**names), words.hint.format(**names)
    if issubclass(words.kind, Refused):
        return words.kind(message, hint=hint, detail=error.detail)
    cause = error.cause if isinstance(error, Unavailable | Misconfigured) else ""
    if isinstance(error, Throttled):
        cause = ""  # what is throttled for a day is no patience that AWS asks for
    return words.kind(message, hint=hint, detail=error.detail, cause=cause)


def _words(error: TunesmithError, answerer: Answerer) -> _Words | None:
    code, _, said = error.detail.partition(": ")
    if isinstance(error, Throttled):
        return _NONE_LEFT if _THIS_DAY.search(said) else None
    if is_of_the_account(said):
        return None
    if life_is_over(said):
        return _ENDED if answerer.of_base else _ENDED_UNDER
    if code in _BY_CODE:
        return _BY_CODE[code]
    if code == "ResourceNotFoundException":
        return _NO_SUCH_BASE if answerer.of_base else _RELEASED
    if code == "AccessDeniedException":
        # An action that AWS names is told as it is: that is a policy's, and no model's.
        return _NO_ACCESS if answerer.of_base and denial_in(said) is None else None
    return _of_the_request(said, answerer) if code == "ValidationException" else None


def _of_the_request(said: str, answerer: Answerer) -> _Words:
    if _UNKNOWN.search(said):
        return _NO_SUCH_BASE if answerer.of_base else _RELEASED
    if _NO_STOPS.search(said):
        return _STOPS
    if _LIMIT.search(said):
        return _NOT_SO_LONG
    return _TOO_MUCH if _TOO_LONG.search(said) else _NOT_TAKEN
