"""The form that takes a question, from the menu."""

from collections.abc import Sequence

from handlers.ui.blocks import Block, Element, context, field_input, modal, option, select, text_input
from handlers.ui.limits import clip
from handlers.ui.text import channel

ASK = "ask"
OF_THE_CHANNEL = "(of the channel)"
"""The value of whatever model serves the channel: no model's name has brackets."""


def ask_form(
    models: Sequence[str],
    metadata: str,
    asleep: Sequence[str] = (),
    *,
    chosen: str = OF_THE_CHANNEL,
    place: str = "",
) -> Block:
    """Draw the form; ``models`` are those that are awake here, the channel's own first.

    Questions to those that are ``asleep`` are kept. ``place`` is where the answer comes, if not where one stands.
    """
    choices = [
        option("The one that serves this channel", OF_THE_CHANNEL),
        *(option(each, each) for each in models),
        *(option(f"{clip(each, 60)} (asleep)", each) for each in asleep),
    ]
    where = (
        f"in {channel(place)}, which everybody there can read" if place else "that everybody here can read"
    )
    question: Element = text_input("question") | {"multiline": True}
    return modal(
        ASK,
        "Ask a model",
        [
            field_input("model", "Model", select("model", choices, chosen=chosen)),
            field_input("question", "Question", question),
            context(f"The answer comes in a thread {where}."),
        ],
        submit="Ask",
        metadata=metadata,
    )
