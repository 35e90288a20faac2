"""The form that takes the person to whom something is handed over, and the words for what was."""

from bot.serving.handover_service import FIELD, HandedOver
from handlers.metadata import Naming
from handlers.ui.blocks import Block, Element, context, field_input, modal, section
from handlers.ui.text import code, person

HANDOVER = "handover"
_MONEY = "What was agreed to goes on counting for whoever agreed to it."


def handover_form(what: str, state: Naming) -> Block:
    """Draw the form; ``what`` says in our own markup what is handed over."""
    element: Element = {"type": "users_select", "action_id": FIELD}
    return modal(
        HANDOVER,
        "Hand over",
        [
            section(what),
            field_input(
                FIELD, "To whom", element, hint="A trainer who sees its channel; both of you are told."
            ),
            context(_MONEY),
        ],
        submit="Hand over",
        metadata=state.dump(),
    )


def in_words(moved: HandedOver) -> str:
    """Return what is handed over."""
    parts = [f"the job {code(each)}" for each in moved.jobs]
    parts += [f"its model {code(each)}" for each in moved.models]
    parts += [f"the lease of {code(each)}" for each in moved.leases]
    parts += [f"the deployment of {code(each)}" for each in moved.deployments]
    parts += [f"the office hours of {code(each)}" for each in moved.schedules]
    return " and ".join([*([", ".join(parts[:-1])] if parts[1:] else []), *parts[-1:]])


def handed_words(handed: HandedOver) -> str:
    """Return what was handed over, and what stays."""
    said = in_words(handed)
    singular = len(handed.jobs) + len(handed.leases) + len(handed.models) + len(handed.deployments)
    is_one = singular == 1 and not handed.schedules
    care = f"{'is' if is_one else 'are'} in {person(handed.to)}'s care from now on; both of you are told."
    costs = handed.jobs or handed.leases or handed.schedules
    return f"{said[0].upper()}{said[1:]} {care}{f' {_MONEY}' if costs else ''}"
