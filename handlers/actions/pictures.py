"""*As a picture*: what a card shows, as a chart that is sent to whoever presses it, drawn as they see it."""

from bot.advice import picture as advice
from bot.charts.model import BarChart
from bot.pictures.model import Picture
from bot.spending import picture as spending
from handlers.action import Action, Body
from handlers.commands.advise import advice_on
from handlers.core import CommandContext, Invocation, Reply, Who, say
from handlers.ui.parts.pictures import ADVICE, BUDGETS, COST

_NOTHING = "There is nothing to draw yet: no price is known, or nothing was spent."


def _advice(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    card = advice_on(context, invocation.value)
    about = card.model or card.advice.base
    chart = advice.chart_of(card.advice, about)
    if chart is None:
        return say(_NOTHING)
    return _send(
        invocation, context, Picture(chart, f"{about}-month.png", advice.described(card.advice, about))
    )


def _budgets(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    report = context.services.spending.report()
    return _bars(
        invocation, context, spending.budgets_of(report, invocation.channel, invocation.user), "budgets"
    )


def _cost(invocation: Invocation, _body: Body, context: CommandContext) -> Reply:
    return _bars(invocation, context, spending.models_of(context.services.spending.report()), "cost")


def _bars(invocation: Invocation, context: CommandContext, chart: BarChart | None, name: str) -> Reply:
    if chart is None:
        return say(_NOTHING)
    return _send(invocation, context, Picture(chart, f"{name}.png", spending.described(chart)))


def _send(invocation: Invocation, context: CommandContext, picture: Picture) -> Reply:
    context.services.pictures.send(picture, invocation.user, invocation.request)
    return say("The picture comes to you in our direct message, where nobody else sees it.")


ACTIONS = (
    Action(ADVICE, Who.ANYONE, _advice),
    Action(BUDGETS, Who.ANYONE, _budgets),
    Action(COST, Who.ANYONE, _cost),
)
