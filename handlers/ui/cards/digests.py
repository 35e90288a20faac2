"""A channel's week."""

from decimal import Decimal

from bot.clock import duration
from bot.controller.model import Message
from bot.digests.cards import DigestCard
from bot.digests.model import AnswersLine, AnyLine, DistillationLine, JobLine, LeaseLine, Week
from bot.pricing.answers import AT_BASE_PRICE
from bot.pricing.money import about, at_most, money, upwards
from handlers.ui.blocks import Block, context, section
from handlers.ui.cards import Cards
from handlers.ui.cards.distillations import label_of_teacher
from handlers.ui.folding import folded
from handlers.ui.limits import first
from handlers.ui.money import answers_and_tokens
from handlers.ui.text import channel, code, count, day, plain

SHOWN = 30
_MARKS = {"completed": ":white_check_mark:", "failed": ":no_entry:", "stopped": ":black_square_for_stop:"}


def digest_card(card: DigestCard) -> Message:
    """Draw what was trained, served and spent. It mentions nobody, so that nobody is pinged."""
    week = card.week
    where = f"in {channel(card.channel)}" if card.channel else "in all channels"
    unpriced = f", and {count(week.unpriced, 'price')} that I do not know" if week.unpriced else ""
    answered = sum(each.answered for each in week.distillations)
    spent = f"{about(week.usd)}{unpriced}"
    asked = sum(each.answers for each in week.answers)
    lines = [count(len(week.jobs), "job") + " trained", count(len(week.leases), "lease") + " served"]
    lines += [f"{count(answered, 'prompt')} answered in batch"] if week.distillations else []
    lines += [f"{count(asked, 'question')} answered"] if asked else []
    lines += [f"Spent: *{spent}*{_estimated(week)}"]
    mark = f" Answers count {AT_BASE_PRICE}." if any(each.of_base for each in week.answers) else ""
    face = [
        section(f":memo: *The week {where}*\n{day(card.after)} to {day(card.until)}"),
        section("\n".join(lines)),
        context(
            f"Computed here from prices; the bill comes from AWS. A job that broke off counts in full.{mark}"
        ),
    ]
    details = [
        *_lines("Trained", [_job(each, card) for each in week.jobs]),
        *_lines("Served", [_lease(each, card) for each in week.leases]),
        *_lines("Answered in batch", [_distillation(each, card) for each in week.distillations]),
        *_lines("Questions answered", [_answers(each, card) for each in week.answers]),
    ]
    batch = f"{count(answered, 'answer')} in batch, " if week.distillations else ""
    batch += f"{count(asked, 'question')} answered, " if asked else ""
    said = f"The week: {count(len(week.jobs), 'job')}, {count(len(week.leases), 'lease')}, {batch}{spent}"
    return folded(said, face, details)


def _lines(title: str, lines: list[str]) -> list[Block]:
    shown, left = first(lines, SHOWN)
    more = [f"and {left:,} more"] if left else []
    return [section("\n".join([f"*{title}*", *shown, *more]))] if shown else []


def _job(line: JobLine, card: DigestCard) -> str:
    mark = _MARKS.get(line.outcome, ":radio_button:")
    made = f" made {code(line.model, 40)}" if line.outcome == "completed" else f" {plain(line.outcome, 20)}"
    job = code(line.name, 40)
    return f"{mark} {job}{made} · {_cost(line)}{_where(line.channel, card)}"


def _lease(line: LeaseLine, card: DigestCard) -> str:
    cost = "billed by the token" if line.by_token else _cost(line)
    return f":white_circle: {code(line.model, 40)} for {duration(line.billed)} · {cost}{_where(line.channel, card)}"


def _distillation(line: DistillationLine, card: DigestCard) -> str:
    mark, teacher = _MARKS.get(line.outcome, ":radio_button:"), plain(label_of_teacher(line.teacher), 40)
    broke_off = "" if line.outcome == "completed" else f" {plain(line.outcome, 20)},"
    made = f"{broke_off} {count(line.answered, 'answer')} by {teacher}"
    return f"{mark} {code(line.name, 40)}{made} · {_cost(line)}{_where(line.channel, card)}"


def _answers(line: AnswersLine, card: DigestCard) -> str:
    cost = f"{about(line.usd)}{_of(line.usd, line.estimated)}" if line.usd else "paid for by the hour"
    if line.unpriced:
        unknown = count(line.unpriced, "unknown price")
        cost = f"{cost} + {unknown}" if line.usd else unknown
    asked = answers_and_tokens(line.answers, line.tokens)
    return f":speech_balloon: {code(line.model, 40)} · {asked} · {cost}{_where(line.channel, card)}"


def _cost(line: AnyLine) -> str:
    """Return what it cost, and beside that what it was to cost at most when that is another figure."""
    return f"{money(line.usd)}{_of(line.usd, line.estimated)}"


def _of(usd: Decimal | None, estimated: Decimal | None) -> str:
    if usd is None or estimated is None or money(usd) == upwards(estimated):
        return ""
    return f" of {at_most(estimated)}"


def _estimated(week: Week) -> str:
    """Return what the week was to cost at most, where that is known of all of it."""
    if week.estimated is None or not week.estimated:
        return ""
    return f"; estimated: {at_most(week.estimated)}"


def _where(place: str, card: DigestCard) -> str:
    return "" if card.channel or not place else f" · {channel(place)}"


CARDS: Cards = {DigestCard: digest_card}
