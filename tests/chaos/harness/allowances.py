"""What a journey may legitimately differ in from an undisturbed one: each with its name, its words and how often.

An allowance that is not used costs nothing; what no allowance names is a violation. None of them allows anything that
was made, bought, left running or posted twice.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

Conversation = tuple[str, ...]


@dataclass(frozen=True)
class Allowance:
    """One difference.

    ``further``: a message that may stand in a conversation besides. ``beside``: a conversation, its messages joined by
    a line break, that may stand beside the others. ``lacking``: a message that may be missing. ``instead``: a message
    that is expected, and what may be there in its place. ``made``: what AWS may have one more of. ``alike``: words that
    count as other words, in what is expected and in what is found. ``either``: two messages, next to each other, in
    whichever order. All are regular expressions that match as a whole, but for ``alike``. Each may come once
    for every time that ``because`` happened (an emptied store is ``loss``, what people did once more is the name of its
    chapter; ``ALWAYS`` did, once).
    """

    name: str
    because: str = "loss"
    further: str | None = None
    beside: str | None = None
    lacking: str | None = None
    instead: tuple[str, str] | None = None
    made: str | None = None
    alike: Mapping[str, str] = field(default_factory=dict)
    either: tuple[str, str] | None = None


ALWAYS: Final = "always"
Times = Mapping[str, int]


def unexplained(
    found: list[Conversation], wanted: list[Conversation], allowed: tuple[Allowance, ...], times: Times
) -> tuple[list[Conversation], list[Conversation]]:
    """Return the conversations that are there and should not be, and those that should be and are not."""
    left_over, missing = [], list(wanted)
    for each in found:
        match = next((other for other in missing if _explains(each, other, allowed, times)), None)
        if match is None:
            left_over.append(each)
        else:
            missing.remove(match)
    left = {each.name: times.get(each.because, 0) for each in allowed}
    strange = []
    for each in left_over:
        why = next(
            (a for a in allowed if a.beside and left[a.name] > 0 and _is(a.beside, "\n".join(each))), None
        )
        if why:
            left[why.name] -= 1
        else:
            strange.append(each)
    return strange, missing


def more_of(name: str, allowed: tuple[Allowance, ...], times: Times) -> int:
    """Return how many more than expected of something AWS may have."""
    return sum(times.get(each.because, 0) for each in allowed if each.made and _is(each.made, name))


def _explains(
    found: Conversation, wanted: Conversation, allowed: tuple[Allowance, ...], times: Times
) -> bool:
    happened = [each for each in allowed if times.get(each.because, 0) > 0]
    ours = [_alike(words, happened) for words in found]
    theirs = [_alike(words, happened) for words in wanted]
    for each in happened:
        for _ in range(times[each.because]):
            if each.further and len(ours) > 0:
                _take_one(ours, theirs, each.further)
            if each.instead:
                _take_the_other(ours, theirs, *each.instead)
            if each.either:
                _in_one_order(ours, *each.either)
                _in_one_order(theirs, *each.either)
            if each.lacking and len(ours) < len(theirs):
                _take_one(theirs, ours, each.lacking)
    return ours == theirs


def _take_one(some: list[str], others: list[str], pattern: str) -> None:
    """Take a message away that matches, of which there are more here than there."""
    for n in range(len(some) - 1, -1, -1):
        if _is(pattern, some[n]) and some.count(some[n]) > others.count(some[n]):
            del some[n]
            return


def _take_the_other(ours: list[str], theirs: list[str], expected: str, found: str) -> None:
    """Let a message count as the one that is expected in the same place."""
    for n, (mine, wanted) in enumerate(zip(ours, theirs, strict=False)):
        if mine != wanted and _is(expected, wanted) and _is(found, mine):
            ours[n] = wanted
            return


def _in_one_order(some: list[str], first: str, second: str) -> None:
    """Put the first pair that stands the other way round, next to each other, in its order."""
    for n, (one, other) in enumerate(pairwise(some)):
        if _is(second, one) and _is(first, other):
            some[n : n + 2] = [other, one]
            return


def _alike(words: str, happened: list[Allowance]) -> str:
    for each in happened:
        for pattern, instead in each.alike.items():
            words = re.sub(pattern, instead, words)
    return words


def _is(pattern: str, words: str) -> bool:
    return re.fullmatch(pattern, words, re.DOTALL) is not None


JOB_FOUND: Final = Allowance(
    "a job that was found again says so, once",
    further=r".*<@<id>> I had lost track of `claims-router-job`, and follow it again\. It ran on at Bedrock.*",
)
LEASE_FOUND: Final = Allowance(
    "a lease that was found again says so, once",
    further=r".*<@<id>> I had lost track of `claims-router(?:-next)?`(?:, and follow it again|\. Its time is over).*",
)
LAST_CALL: Final = Allowance(
    "a lease that was found again ends on another minute, and its last call may be seen on the way",
    further=r"<@<id>> # minutes are left\. .*",
)
OTHER_MINUTES: Final = Allowance(
    "a lease that was found again has whole minutes by its tags, and is billed for others",
    alike={r"# h # min|# h|# min": "# min"},
)
VERDICT: Final = Allowance(
    "a file that people named again is judged again", "file", further=r".*is ready\*\n.*\[dataset\..*"
)
INTERRUPTED: Final = Allowance(
    "a file at which so many processes were killed is left alone, and people name it again",
    "file",
    further=r"[^\n]*I could not take it in\*\nI was interrupted [\s\S]*",
)
QUESTION: Final = Allowance(
    "a question that nobody remembers is asked again; what was written of the first answer stays",
    "question",
    beside=r"[^\n]*Patient stage IV, denied prior auth, plan United"
    r"(?:\n(?:(?:```json\n)?\{\"queue\":\"appeals-oncology\".*"
    r"|There is no tuned model yet that answers here\. .*|`claims-router` is (?:asleep|waking up).*))?",
)
PLAN: Final = Allowance(
    "a plan that nobody remembers is asked for again; the first one stays as it was",
    "plan",
    beside=r".*\*Plan: `claims-router-job`\*.*",
)
PRICE: Final = Allowance(
    "a lease that nobody remembers, and that was never bought, is asked for again; its message stays as it was",
    "price",
    beside=r":hourglass: \*`claims-router`\* · lease for [^\n]*, requesting\n.*",
    made=r"object plans/<id>\.json",
)
UNTOLD_END: Final = Allowance(
    "of a lease deleted while the store forgot it nothing is left to tell of; people hear that nothing runs",
    "untold end",
    instead=(
        r":white_circle: \*`claims-router`\* · released\n.*",
        (
            r":large_green_circle: \*`claims-router`\* · in service · .*\n\[lease\.extend\]\n\[lease\.release\]"
            r"|:large_green_circle: \*`claims-router`\* · releasing in .*"
            r"|:hourglass: \*`claims-router`\* · releasing\n.*"
        ),
    ),
    lacking=r"<@<id>> Released: AWS confirms it\..*",
)
MODEL = r"`claims-router(?:-next)?`"
DEPLOYED_AGAIN: Final = Allowance(
    "a deployment that nobody remembers, and that was never made, is asked for again; its message stays as it was",
    "deploy",
    beside=rf":hourglass: \*{MODEL}\* · .*",
)
DEPLOYMENT_FOUND: Final = Allowance(
    "a deployment that was found again says so, once",
    further=rf"(?:<@<id>> )?I had lost track of {MODEL}, and follow it again\.",
)
DEPLOYED_BEFORE: Final = Allowance(
    "one that was found again does not say once more that it is in service",
    lacking=rf"<@<id>> {MODEL} is in service, and stays so\..*",
)
REPLACED_BEFORE: Final = Allowance(
    "of one that was found again nobody knows what answered before",
    lacking=rf"<@<id>> {MODEL} answers now in place of {MODEL}, at the same address\.",
)
NEXT_JOB_FOUND: Final = Allowance(
    "the other job that was found again says so, once",
    further=r".*<@<id>> I had lost track of `claims-router-next-job`, and follow it again\. It ran on at Bedrock.*",
)
REMOVED_UNTOLD: Final = Allowance(
    "of a deployment removed while the store forgot it nothing is left to tell of; people hear that it is not deployed",
    "untold end",
    instead=(
        rf":white_circle: \*{MODEL}\* · removed\n.*",
        rf":(?:large_green_circle|hourglass): \*{MODEL}\* · .*",
    ),
    lacking=rf"<@<id>> removed {MODEL}: AWS confirms it\..*",
)
ALIAS_AGAIN: Final = Allowance(
    "an alias of which somebody saw no answer is set again, and told again",
    "failed",
    beside=rf"\*`support`\* is {MODEL}.*",
)
ALIAS_FORGOTTEN: Final = Allowance(
    "an alias that nobody remembers stood for nothing before",
    instead=(rf"\*`support`\* is {MODEL}.*", rf"\*`support`\* is {MODEL}.*"),
)
DEPLOYED: Final = (VERDICT, QUESTION, ALIAS_AGAIN)
"""What a journey with deployments and an alias excuses, whatever disturbs it."""
_BASE_ANSWERS = (
    r"`claims-router` _is asleep\. Its base, (?:Claude # Haiku|Amazon Nova Micro), answers meanwhile:_"
)
ASLEEP: Final = (
    Allowance(
        "a model whose lease a fail-over forgot is asleep until it is found again: its base answers meanwhile",
        "fail-over",
        further=rf"{_BASE_ANSWERS}.*",
    ),
    Allowance(
        "it is awake once its lease is found",
        "fail-over",
        further=r":large_green_circle: `claims-router` is awake: .*",
    ),
    Allowance(
        "what it was asked meanwhile is answered then",
        "fail-over",
        alike={r"<@<id>>, `claims-router` _is awake\. You asked it this:_\n\n": ""},
    ),
)
_ASLEEP_BY_LOSS: Final = tuple(replace(each, because="loss") for each in ASLEEP)
DEPLOYED_EMPTIED: Final = (
    *DEPLOYED,
    *_ASLEEP_BY_LOSS,
    JOB_FOUND,
    NEXT_JOB_FOUND,
    PLAN,
    DEPLOYED_AGAIN,
    DEPLOYMENT_FOUND,
    DEPLOYED_BEFORE,
    REPLACED_BEFORE,
    REMOVED_UNTOLD,
    ALIAS_FORGOTTEN,
)
"""What an emptied store excuses there."""
EMPTIED: Final = (
    *_ASLEEP_BY_LOSS,
    JOB_FOUND,
    LEASE_FOUND,
    LAST_CALL,
    OTHER_MINUTES,
    VERDICT,
    QUESTION,
    PLAN,
    PRICE,
    UNTOLD_END,
)
"""What an emptied store excuses."""
START_FORGOTTEN: Final = Allowance(
    "what runs though its Start was forgotten says by when it is released",
    "fail-over",
    beside=r"(?:I compared the AWS account with what I know:\n)?"
    r"[^\n]*I had lost track of `[^`\n]+` in [a-z#-]+:? it is released by [^\n]*",
)
ANSWERED_ANEW: Final = (
    Allowance(
        "an answer that a fail-over forgot is given anew, by the base where the lease has ended by then",
        "fail-over",
        instead=(r"```json\n\{\"queue\":\"appeals-oncology\".*", rf"{_BASE_ANSWERS}.*"),
    ),
    Allowance(
        "a question that is asked anew of a model that sleeps by then is kept",
        "fail-over",
        further=r"I keep this question until .*",
    ),
)
FORGOTTEN_LEASE: Final = (
    START_FORGOTTEN,
    *(replace(each, because="fail-over") for each in (LEASE_FOUND, LAST_CALL, OTHER_MINUTES)),
)
"""What a lease excuses that a fail-over forgot, and that the look at the account found right after it."""
FAILED_OVER: Final = (VERDICT, QUESTION, PLAN, PRICE, *ASLEEP, *FORGOTTEN_LEASE)
"""What a store excuses that failed over and forgot its last writes: what was just asked may have to be asked again."""
ASKED_OVER: Final = (VERDICT, QUESTION, *ANSWERED_ANEW, *FORGOTTEN_LEASE)
"""The same of a store that forgot a question that was being answered."""
GIVEN_UP: Final = (VERDICT, INTERRUPTED, QUESTION)
"""What Slack excuses, which gives an event up after three retries."""
AWAKE: Final = Allowance(
    "that a model is in service and what it was asked meanwhile are told by two that do not wait for each other",
    ALWAYS,
    either=(
        r"<@<id>> `claims-router` is in service for .*",
        r"<@<id>>, `claims-router` _is awake\. You asked it this:_.*",
    ),
)
BASE_UNHEARD: Final = Allowance(
    "the base's answer meanwhile is one that nobody asked for, and is not waited for where it fails",
    "base unheard",
    lacking=rf"{_BASE_ANSWERS}.*",
    instead=(
        rf"{_BASE_ANSWERS}.*",
        rf"`claims-router` is asleep\.|{_BASE_ANSWERS}.*\n*_?The answer of its base broke off\..*",
    ),
)
SERVED: Final = (*DEPLOYED, INTERRUPTED, AWAKE, BASE_UNHEARD)
"""What a journey with models by the hour excuses, whatever disturbs it."""
SERVED_EMPTIED: Final = (
    *SERVED,
    JOB_FOUND,
    NEXT_JOB_FOUND,
    LEASE_FOUND,
    LAST_CALL,
    OTHER_MINUTES,
    ALIAS_FORGOTTEN,
)
"""What an emptied store excuses there."""
PLANNED_ANEW: Final = Allowance(
    "a lease of office hours that a fail-over forgot is planned anew; both plans are archived, and one is bought",
    "fail-over",
    made=r"object plans/<id>\.json",
)
STOPPED_AGAIN: Final = Allowance(
    "office hours whose stop a fail-over forgot go on, and are stopped once more",
    "fail-over",
    further=r"(?:<@<id>> )?.*stopped the office hours.*",
)
SERVED_OVER: Final = (*SERVED, ALIAS_FORGOTTEN, PLANNED_ANEW, STOPPED_AGAIN, *FORGOTTEN_LEASE)
"""What a store excuses there that failed over and forgot its last writes."""
