"""Trying the prompt before anything is trained: what that costs, and what came of it."""

from bot.controller.model import Message
from bot.pricing.money import about, at_most
from bot.trials.cards import TrialEnded, TrialOffer
from handlers.ui.blocks import button, confirm, context, section
from handlers.ui.cards import Cards
from handlers.ui.folding import folded
from handlers.ui.text import code, count, plain, sentence

SHOWN = 3
BEGIN = "trial.begin"
"""The action of the button; its value is the dataset's ID and the figure that was shown."""


def offer(card: TrialOffer) -> Message:
    """Draw what trying the prompt would cost, with the button that does it."""
    said = f"*Try the prompt first: {code(card.dataset, 60)}*"
    if card.why_not or card.at_most is None:
        why = sentence(card.why_not, 600)
        return folded(
            f"The prompt cannot be tried: {why}", [section(f"{said}\nIt cannot be tried. {why}")], []
        )
    how = (
        f"{plain(card.base_label, 60)} is asked {count(card.rows, 'row')} that are held out, with the best prompt that "
        "the other rows suggest: their system prompt, what answers to choose from, and a few examples. I count how "
        "many it gets right. Where that is nearly all, tuning buys little."
    )
    price = at_most(card.at_most)
    ask = confirm(
        "Try the prompt?",
        f"{plain(card.base_label, 60)} is asked {count(card.rows, 'row')} of {code(card.dataset, 60)}. "
        f"That costs {price}.",
        "Try it",
    )
    value = f"{card.dataset_id} {card.at_most:f}"
    begin = button(f"Try it for {price}", BEGIN, value, style="primary", confirm=ask)
    small = "No row is asked twice. You are told directly; nobody else reads it."
    return folded(f"Trying the prompt costs {price}.", [section(f"{said}\n{how}"), context(small)], [], begin)


def ended(card: TrialEnded) -> Message:
    """Draw how many rows the prompt alone got right, and what follows from that."""
    low, high = card.share
    got = f"The prompt alone gets {card.right} of {card.asked}"
    face = []
    if card.asked:
        face.append(
            section(
                f"*{got}* rows of {code(card.dataset, 60)} right, on {plain(card.base_label, 60)}. {card.advice}"
            )
        )
    else:
        face.append(section(f"*The prompt was not tried* on rows of {code(card.dataset, 60)}."))
    if card.why and not card.asked:
        face.append(section(f":warning: {sentence(card.why, 600)}"))
    elif card.why:
        face.append(section(f":warning: It was not tried to its end. {sentence(card.why, 600)}"))
    facts = [
        f"Cost: {about(card.spent)}; at most {at_most(card.at_most).removeprefix('at most ')} was shown."
    ]
    if card.asked:
        facts.insert(0, f"With so few rows the true share is most likely from {low} to {high} %.")
    if card.asked and card.fields:
        named = ", ".join(code(each, 40) for each in card.fields[:SHOWN])
        facts.insert(0, f"Compared: {named}; nobody counts what else an answer says.")
    if card.unknown:
        facts.append(f"{count(card.unknown, 'row')} without an answer, counted at what it costs at most.")
    face.append(context(" ".join(facts)))
    details = []
    if card.instruction:
        details = [
            section("*What was added to the rows' own system prompt*"),
            section(plain(card.instruction, 2_500)),
            context(f"With {count(card.examples, 'example')} from rows that were not asked."),
        ]
    return folded(f"{got} right." if card.asked else "The prompt was not tried.", face, details)


CARDS: Cards = {TrialOffer: offer, TrialEnded: ended}
