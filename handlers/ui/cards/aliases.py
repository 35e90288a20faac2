"""Aliases: what each stands for, since when, by whom, and what it can stand for instead."""

from bot.controller.model import Message
from bot.directory.aliasing import AliasCard, AliasFellBack, AliasList, AliasRolledBack, Stood
from handlers.ui.blocks import Element, button, context, option, section, select
from handlers.ui.cards import Cards
from handlers.ui.cards.models import serve_button
from handlers.ui.folding import folded
from handlers.ui.limits import first
from handlers.ui.text import channel, code, count, person, sentence, when

PROMOTE = "alias.promote"
"""The action of choosing another model; the value is alias, channel, the edition that is shown, and model."""
BACK = "alias.back"
"""The action of rolling back; the value is the alias, its channel, and the edition that is shown."""
FACE, SHOWN = 4, 40


def alias_card(card: AliasCard) -> Message:
    """Draw one alias, with what changes it in one press for whoever may."""
    lines = [f"*{code(card.name)}* is {code(card.now.model)}"]
    if card.asleep and card.before_answers:
        lines.append(f"It is not in service yet: {code(card.before)} answers until it is.")
    elif card.asleep and card.base:
        lines.append("It is not in service.")
    elif card.asleep:
        lines.append(f"It is not in service: {code(f'/tune serve {card.now.model}')} wakes it.")
    blocks = [section("\n".join(lines)), context(alias_since(card))]
    serve = serve_button(card.now.model, card.base, style="primary") if card.asleep and card.base else None
    offered = (serve, back_button(card), _promote(card)) if card.may_change else ()
    buttons: list[Element | None] = [each for each in offered if each]
    details = [section("\n".join(_stood(each) for each in card.history))] if len(card.history) > 1 else []
    face, *last = buttons or [None]
    return folded(sentence(f"{card.name} is {card.now.model}"), blocks, details, face, last=last)


def alias_since(card: AliasCard) -> str:
    """Return since when an alias stands for what it does, by whom and where."""
    place = "" if card.channel.startswith("D") else f" in {channel(card.channel)}"
    return f"since {when(card.now.at)} by {person(card.now.by)}{place}"


def _stood(stood: Stood) -> str:
    return f"{code(stood.model)} from {when(stood.at)} by {person(stood.by)}"


def back_button(card: AliasCard) -> Element | None:
    """Return the button that has an alias stand for the model before; None where there is none."""
    return button("Roll back", BACK, _value(card)) if card.before else None


def _promote(card: AliasCard) -> Element | None:
    choices = [option(each, f"{_value(card)} {each}") for each in card.others]
    return select(PROMOTE, choices, placeholder="Promote …") if choices else None


def _value(card: AliasCard) -> str:
    return f"{card.name} {card.channel} {card.edition}"


def alias_list(card: AliasList) -> Message:
    """Draw all of them."""
    if not card.aliases:
        said = "No aliases yet. `/tune alias NAME MODEL` lets a name stand for a model, and for another one later."
        return Message(text=said, blocks=[section(said)])
    shown, behind = first(card.aliases, FACE)
    blocks = [section(_line(each)) for each in shown]
    more = f"and {behind:,} more in *Details*; " if behind else ""
    blocks.append(context(f"{more}`/tune alias NAME` shows one, rolls it back or promotes another model."))
    held, _ = first(card.aliases, SHOWN)
    details = [section("\n".join(_line(each) for each in held))] if behind else []
    return folded(count(len(card.aliases), "alias", "aliases"), blocks, details)


def _line(card: AliasCard) -> str:
    return f"*{code(card.name)}* is {code(card.now.model)} {alias_since(card)}"


def fell_back(card: AliasFellBack) -> Message:
    """Draw, for the channel of an alias, that what it stood for does not answer there any more."""
    if card.model:
        why = "the model that it stood for does not answer here any more"
        said = f"{code(card.name)} is {code(card.model)} again: {why}."
    else:
        said = (
            f"{code(card.name)} stands for nothing: no model that it stood for answers here any more. "
            f"{code(f'/tune alias {card.name} MODEL')} has it stand for one that does."
        )
    return Message(text=said, blocks=[section(said)])


def rolled_back(card: AliasRolledBack) -> Message:
    """Draw, for the channel of an alias, that somebody rolled it back from elsewhere."""
    said = f"{person(card.by)} rolled {code(card.name)} back: it is {code(card.model)} again."
    return Message(text=said, blocks=[section(said)])


CARDS: Cards = {
    AliasCard: alias_card,
    AliasList: alias_list,
    AliasFellBack: fell_back,
    AliasRolledBack: rolled_back,
}
