"""A model's deletion: what hangs on it, the question, and what came of it."""

from bot.controller.model import Message
from bot.deletions.cards import DeletionQuestion, DeletionRefused, ModelDeleted
from handlers.ui.blocks import actions, button, confirm, context, section, within_message
from handlers.ui.cards import Cards
from handlers.ui.limits import first
from handlers.ui.money import quote
from handlers.ui.text import channel, clean, code, count, person, plain, sentence

KEEP = "model.delete_keep"
"""The action of the button that takes a deletion back; its value tells the model from all others."""
DELETE_NOW = "model.delete_now"
"""The press that deletes; its value is the model's name, a space, and the question's key."""
SHOWN = 5


def deletion_question(card: DeletionQuestion) -> Message:
    """Draw what hangs on a model, with the button that deletes it where nothing keeps it."""
    head = (
        f":no_entry: *{code(card.model)} cannot be deleted now*"
        if card.keeps
        else f":warning: *Delete {code(card.model)}?*"
    )
    lines = [*_what_keeps_it(card), *_what_ends(card)]
    end = "It cannot be brought back: only training it again makes another."
    press = button(
        "Delete it for good",
        DELETE_NOW,
        f"{card.model} {card.key}",
        style="danger",
        confirm=confirm(
            "Delete the model?", f"{code(card.model)} is deleted at Bedrock. {end}", "Delete it", "Keep it"
        ),
    )
    blocks = [
        section("\n".join([head, *(f"• {each}" for each in lines)])),
        *([] if card.keeps else [context(f"{end} Its job, its dataset and its answers so far stay.")]),
        *actions(None if card.keeps else press),
    ]
    return Message(
        text=sentence(f"{clean(card.model)}: {'in use' if card.keeps else 'delete it?'}", 1_000),
        blocks=within_message(blocks),
    )


def _what_keeps_it(card: DeletionQuestion) -> list[str]:
    shown, _ = first(card.leases, SHOWN)
    lines = [
        f"{person(each)} has it in service, or asked for that: `/tune release {plain(card.model)}` ends it."
        for each in shown
    ]
    jobs, more = first(card.jobs, SHOWN)
    lines += [f"The job {code(each)} trains it further: wait for its end, or stop it." for each in jobs]
    hidden = card.hidden_jobs + more
    return lines + (
        [
            f"{count(hidden, 'other job')} that you do not see here {'trains' if hidden == 1 else 'train'} it further."
        ]
        if hidden
        else []
    )


def _what_ends(card: DeletionQuestion) -> list[str]:
    lines = [f"Its storage ends with it: {quote(card.storage)}."]
    if card.channels:
        shown, more = first(card.channels, SHOWN)
        named = ", ".join(channel(each) for each in shown) + (f" and {more:,} more" if more else "")
        lines.append(f"It answers in {named} no more.")
    if card.former:
        shown, _ = first(card.former, SHOWN)
        lines.append(f"Its other names find nothing then: {', '.join(code(each) for each in shown)}.")
    for alias, then in first(card.aliases, SHOWN)[0]:
        after = f"stands for {code(then)} then" if then else "stands for no model then"
        lines.append(f"The alias {code(alias)} {after}.")
    if card.planned:
        lines.append(f"{count(card.planned, 'plan')} that nobody has started cannot be started without it.")
    if card.made_from_it:
        shown, _ = first(card.made_from_it, SHOWN)
        lines.append(f"What was trained further from it stays: {', '.join(code(each) for each in shown)}.")
    if card.at_bedrock != card.model:
        lines.append(f"Bedrock calls it {code(card.at_bedrock)}.")
    return lines


def model_deleted(card: ModelDeleted) -> Message:
    """Draw that a model is gone."""
    said = f":white_check_mark: *{code(card.model)} is deleted*; {person(card.by)} asked for it."
    return Message(
        text=sentence(f"{clean(card.model)} is deleted.", 1_000),
        blocks=[
            section(said),
            context(f"Its storage ({quote(card.storage)}) is billed no more. Its name is free."),
        ],
    )


def deletion_refused(card: DeletionRefused) -> Message:
    """Draw that it stays."""
    why = sentence(card.why, 1_500)
    return Message(
        text=sentence(f"{clean(card.model)} is not deleted. {clean(card.why)}", 1_000),
        blocks=[
            section(f":warning: *{code(card.model)} is not deleted*\n{why}"),
            context(f"{person(card.by)} asked for it"),
        ],
    )


CARDS: Cards = {
    DeletionQuestion: deletion_question,
    ModelDeleted: model_deleted,
    DeletionRefused: deletion_refused,
}
