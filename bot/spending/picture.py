"""A month's spending as a picture, for one reader: the budgets that concern them, and what the models took."""

from bot.charts.model import Bar, BarChart
from bot.pricing.money import money
from bot.spending.ledger import WORKSPACE
from bot.spending.reports import HIDDEN, SpendingReport, Standing

_MODELS = 5


def budgets_of(report: SpendingReport, here: str, user: str) -> BarChart | None:
    """Return a bar for the workspace's budget, this channel's and the reader's own, and for the dearest models.

    Other people and channels have no name in a picture: they are in the card. None when there is no bar.
    """
    bars = [
        *(_budget(each, _whose(each, here, user)) for each in _theirs(report, here, user)),
        *_models(report),
    ]
    return BarChart(f"Spending in {report.month}", ("spent", "reserved"), tuple(bars)) if bars else None


def models_of(report: SpendingReport) -> BarChart | None:
    """Return a bar for each of the dearest models; None when nothing was spent on one."""
    bars = _models(report)
    return BarChart(f"Cost by model in {report.month}", ("spent or reserved",), bars) if bars else None


def described(chart: BarChart) -> str:
    """Return what the picture shows, in words."""
    bars = "; ".join(f"{each.label} {each.words}" for each in chart.bars)
    return f"Bar chart, {chart.title[:1].lower()}{chart.title[1:]}: {bars}."


def _theirs(report: SpendingReport, here: str, user: str) -> list[Standing]:
    return [each for each in report.standings if each.budget.scope in {WORKSPACE, here, user}]


def _whose(standing: Standing, here: str, user: str) -> str:
    return {WORKSPACE: "The workspace", here: "This channel", user: "You"}[standing.budget.scope]


def _budget(standing: Standing, whose: str) -> Bar:
    used, cap = standing.spent + standing.committed, standing.budget.usd
    words = f"{money(used)} of {money(cap)}"
    return Bar(whose, (float(standing.spent), float(standing.committed)), words, float(cap))


def _models(report: SpendingReport) -> tuple[Bar, ...]:
    """Return bars of what the reader sees: what was spent elsewhere is a sum in the card, and no model's."""
    dear = [each for each in report.models if each.usd and each.who != HIDDEN][:_MODELS]
    return tuple(Bar(each.who, (float(each.usd),), money(each.usd)) for each in dear)
