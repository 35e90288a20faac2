"""The states of a job drawn as Mermaid, from the tables that the code goes by: ``docs/job-states.md``."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

from bot.jobs.model import Phase, StageState
from bot.jobs.transitions import ENDED, RUNNING, STAGE_TABLE, TABLE

State = TypeVar("State", bound=StrEnum)

MEANINGS: Mapping[Phase, str] = {
    Phase.PLANNED: "The plan is frozen and shown with its price; nobody has pressed anything.",
    Phase.AWAITING_APPROVAL: "Somebody pressed *Start*; an approver has to agree.",
    Phase.DECLINED: "An approver said no. Nothing was started.",
    Phase.CANCELLED: "It was cancelled, stopped before Bedrock had it, or nobody decided in time.",
    Phase.STARTING: "It is decided. Bedrock is asked to create it, once, whatever is repeated or cut off.",
    Phase.REFUSED: "Bedrock would not create it, or no budget has room for it.",
    Phase.VALIDATING: "Bedrock looks at the data. Nothing is billed.",
    Phase.PROCESSING: "Bedrock prepares the data; some bases never report it.",
    Phase.TRAINING: "Tokens are trained, and billed.",
    Phase.STOPPING: "Bedrock was asked to stop it, and has not yet.",
    Phase.COMPLETED: "The model is there.",
    Phase.FAILED: "Bedrock gave it up, or does not know it any more.",
    Phase.STOPPED: "It was stopped; what was trained is billed.",
}


_HEAD = """\
# The states of a job

Made by `./tunesmith gen` from the tables in `bot/jobs/transitions.py`; `./tunesmith check` holds this page against
them. A phase is the machine's state; the reason that people are told is kept apart from it. Only
`transitions.advance` writes a phase. What is not drawn here is refused and logged.

## Phases
"""
_BETWEEN = """
A look may come too late to see a phase, so a running job may leave some out; none goes back.

## Stages

Bedrock reports each of its three stages (validation, data processing, training) in its own words. It moves them and
Tunesmith reads them; what is not drawn here is written to the log.
"""


def document() -> str:
    """Return the page with both diagrams."""
    lines = [
        _HEAD,
        *_mermaid(TABLE, Phase.PLANNED),
        "",
        "| phase | | what it means |",
        "|---|---|---|",
        *(f"| {each} | {_group(each)} | {MEANINGS[each]} |" for each in Phase),
        _BETWEEN,
        *_mermaid(STAGE_TABLE, StageState.NOT_STARTED),
    ]
    return "\n".join(lines) + "\n"


def _mermaid(table: Mapping[State, frozenset[State]], first: State) -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    states = _ordered(table, type(first))
    for state in states:
        yield f'    state "{state}" as {state.name}'
    yield f"    [*] --> {first.name}"
    for state in states:
        yield from (f"    {state.name} --> {each.name}" for each in _ordered(table[state], type(first)))
        if not table[state]:
            yield f"    {state.name} --> [*]"
    yield "```"


def _ordered(states: Iterable[State], kind: type[State]) -> list[State]:
    wanted = set(states)
    return [each for each in kind if each in wanted]


def _group(phase: Phase) -> str:
    return "over" if phase in ENDED else "runs at Bedrock" if phase in RUNNING else "before the start"
