"""What stands in the App Home about asking: kept questions, aliases, how channels answer, what each model cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.directory.aliasing import AliasCard
from bot.questions.answerer import ChannelSettings
from bot.questions.kept_service import KeptView
from bot.spending.reports import SpendingReport
from handlers.ui.blocks import Block, button, context, header, section
from handlers.ui.cards.aliases import alias_since, back_button
from handlers.ui.cards.kept import FORGET
from handlers.ui.cards.spending import model_shares
from handlers.ui.limits import clip, first
from handlers.ui.text import channel, code, count, plain, thread_link, when

SHOWN = 4
TEXT = 80
"""Characters of a kept question by which its asker knows it."""


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A kept question of whoever opened the home, with a link to its thread."""

    view: KeptView
    link: str = ""


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """How a channel answers: the model that is meant where none is named (empty: none), and what people set."""

    channel: str
    model: str
    is_asleep: bool
    settings: ChannelSettings | None


@dataclass(frozen=True, slots=True)
class AboutAsking:
    """All of it, as whoever opened the home sees it."""

    kept: tuple[KeptLine, ...] = ()
    aliases: tuple[AliasCard, ...] = ()
    channels: tuple[ChannelLine, ...] = ()
    askable: tuple[str, ...] = ()
    """Models in service that they can ask from here: the answer comes where the model came from."""
    base_meanwhile: bool = True
    """Whether the operator lets the base answer for a model that is asleep."""


def kept_blocks(lines: Sequence[KeptLine]) -> list[Block]:
    """Draw the questions that are kept, each with what has it forgotten; nothing where there are none."""
    if not lines:
        return []
    shown, more = first(lines, SHOWN)
    return [header("Your kept questions"), *map(_kept, shown), *_more(more, "kept question")]


def _kept(line: KeptLine) -> Block:
    thread = f" · {shown}" if (shown := thread_link(line.link)) else ""
    said = (
        f"{plain(clip(line.view.text, TEXT))}\nfor {code(line.view.model, 40)}, until "
        f"{when(line.view.until)}{thread}"
    )
    return section(said, accessory=button("Forget it", FORGET, line.view.id))


def alias_blocks(cards: Sequence[AliasCard]) -> list[Block]:
    """Draw the aliases, each with what rolls it back for whoever may; nothing where there are none."""
    if not cards:
        return []
    shown, more = first(cards, SHOWN)
    return [header("Aliases"), *map(_alias, shown), *_more(more, "alias", "aliases")]


def _alias(card: AliasCard) -> Block:
    asleep = ", asleep" if card.asleep else ""
    said = f"*{code(card.name, 40)}* is {code(card.now.model, 40)}{asleep}\n{alias_since(card)}"
    return section(said, accessory=back_button(card) if card.may_go_back else None)


def channel_blocks(lines: Sequence[ChannelLine], *, base_meanwhile: bool) -> list[Block]:
    """Draw how channels answer, a line each; nothing where there are none."""
    if not lines:
        return []
    shown, more = first(lines, SHOWN)
    drawn = [section("\n".join(_channel(each, base_meanwhile=base_meanwhile) for each in shown))]
    mine = "What you ask me in *Messages* is always between us. `/tune answers` sets a channel's."
    return [header("How channels answer"), *drawn, *_more(more, "channel"), context(mine)]


def _channel(line: ChannelLine, *, base_meanwhile: bool) -> str:
    settings = line.settings
    model = f"{code(line.model, 40)}{' (asleep)' if line.is_asleep else ''}" if line.model else "no model"
    how = "answered privately" if settings and settings.private else "answered for all"
    base = base_meanwhile and (settings is None or settings.base_meanwhile)
    asleep = f" · {'its base answers' if base else 'nobody answers'} while it sleeps" if line.model else ""
    return f"{channel(line.channel)} · {model} · {how}{asleep}"


def cost_blocks(report: SpendingReport | None) -> list[Block]:
    """Draw what each model cost this month; nothing while nothing did."""
    shares = model_shares(report) if report else ""
    return [header(f"Cost by model in {report.month}"), section(shares)] if report and shares else []


def _more(number: int, what: str, several: str = "") -> list[Block]:
    return (
        [context(f"and {count(number, f'more {what}', f'more {several}' if several else '')}")]
        if number
        else []
    )
