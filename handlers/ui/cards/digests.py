"""A channel's week."""

from bot.clock import duration
from bot.controller.model import Message
from bot.digests.cards import DigestCard
from bot.digests.model import AnyLine, DistillationLine, JobLine, LeaseLine
from bot.pricing.money import about, money
from handlers.ui.blocks import Block, context, section
from handlers.ui.cards import Cards
from handlers.ui.cards.distillations import label_of_teacher
from handlers.ui.folding import folded
from handlers.ui.limits import first
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
    lines = [count(len(week.jobs), "job") + " trained", count(len(week.leases), "lease") + " served"]
    lines += [f"{count(answered, 'prompt')} answered in batch"] if week.distillations else []
    face = [
        section(f":memo: *The week {where}*\n{day(card.after)} to {day(card.until)}"),
        section("\n".join([*lines, f"Spent: *{spent}*"])),
        context("Computed here from prices; the bill comes from AWS. A job that broke off counts in full."),
    ]
    details = [
        *_lines("Trained", [_job(each, card) for each in week.jobs]),
        *_lines("Served", [_lease(each, card) for each in week.leases]),
        *_lines("Answered in batch", [_distillation(each, card) for each in week.distillations]),
    ]
    batch = f"{count(answered, 'answer')} in batch, " if week.distillations else ""
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
    return f"{mark} {job}{made} · {money(line.usd)}{_where(line, card)}"


def _lease(line: LeaseLine, card: DigestCard) -> str:
    cost = "billed by the token" if line.by_token else money(line.usd)
    return f":white_circle: {code(line.model, 40)} for {duration(line.billed)} · {cost}{_where(line, card)}"


def _distillation(line: DistillationLine, card: DigestCard) -> str:
    mark, teacher = _MARKS.get(line.outcome, ":radio_button:"), plain(label_of_teacher(line.teacher), 40)
    broke_off = "" if line.outcome == "completed" else f" {plain(line.outcome, 20)},"
    made = f"{broke_off} {count(line.answered, 'answer')} by {teacher}"
    return f"{mark} {code(line.name, 40)}{made} · {money(line.usd)}{_where(line, card)}"


def _where(line: AnyLine, card: DigestCard) -> str:
    return "" if card.channel or not line.channel else f" · {channel(line.channel)}"


CARDS: Cards = {DigestCard: digest_card}
