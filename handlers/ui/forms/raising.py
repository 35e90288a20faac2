"""The form that raises a budget for the rest of a month, and the words for who may not, and for what came of it."""

from decimal import ROUND_CEILING, Decimal

from bot.controller.model import Message
from bot.directory.raising import FIELD, Shortage
from bot.pricing.money import at_most, money
from bot.spending.budgets import Budget
from bot.spending.ledger import WORKSPACE
from bot.wording import mrkdwn, wording
from handlers.metadata import Raising
from handlers.ui.blocks import Block, actions, button, context, field_input, modal, section, text_input
from handlers.ui.text import person

FORM = "raise"
ASK = "plan.ask_raise"
"""The action of the button by which whoever may not asks who may; its value is the plan."""


def raise_form(short: Shortage, least: Decimal, state: Raising) -> Block:
    """Draw the form, filled with the least whole sum that has room."""
    budget, left = short.budget, short.over.left
    whole = max(least, budget.usd + 1).to_integral_value(ROUND_CEILING)
    needed = f"\nNeeded for the plan: *{money(least)}* in all" if least > budget.usd else ""
    said = mrkdwn(
        wording(_whose(budget), f" budget for {short.month}: {money(budget.usd)}, {money(left)} left")
    )
    return modal(
        FORM,
        "Raise the budget",
        [
            section(f"{said}{needed}"),
            field_input(
                FIELD,
                "Raise it to",
                text_input(FIELD, initial=str(whole), placeholder="US dollars"),
                hint=f"US dollars for the whole of {short.month}. Next month it is what it was.",
            ),
            context("Nothing is started by it. Others who hear of money are told that it was you."),
        ],
        submit="Raise",
        metadata=state.dump(),
    )


def ask_first(short: Shortage, raisers: tuple[str, ...]) -> Message:
    """Draw for who may not raise it: who may, with the button that asks them."""
    who = ", ".join(map(person, raisers[:5]))
    needs = at_most(short.over.needs)
    said = f"{who} can raise this budget. {money(short.over.left)} is left, and the plan costs {needs}."
    press = button("Ask them to raise it", ASK, short.plan, style="primary")
    return Message(text=said, blocks=[section(said), *actions(press)])


def raised_words(budget: Budget, month: str, *, for_plan: bool) -> str:
    """Return what the budget is now, and what follows."""
    then = " I look at the plan again now; *Start* is there once its checks hold." if for_plan else ""
    return mrkdwn(wording(_whose(budget), f" budget for {month} is {money(budget.usd)} now.{then}"))


def _whose(budget: Budget) -> str:
    return "The workspace's" if budget.scope == WORKSPACE else wording(budget.named, "'s")
