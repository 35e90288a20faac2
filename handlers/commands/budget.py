"""``/tune budget``: the month's budgets, and who spent what."""

from dataclasses import replace

from bot.access import allowed
from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Say, Task, Who
from handlers.ui.cards.spending import budgets

USAGE = "/tune budget"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Show how the budgets stand this month, and who spent what."""
    expect(words(invocation.text), 0, USAGE)
    access = context.services.access
    report = replace(
        context.services.spending.report(),
        raisers=access.raisers,
        may_raise=allowed(lambda: access.check_raising(invocation.user)),
    )
    return Say(budgets(report))


COMMAND = Command(
    name="budget",
    usage=USAGE,
    who=Who.ANYONE,
    task=Task.MONEY,
    summary="What is left of this month's budgets, and who spent what",
    details=(
        "For the workspace, each channel and each person that has a budget: what was spent, what is reserved by things "
        "that are not over yet, and what is left. What does not fit into a budget is not started, whoever approves it; "
        "the operator, or an approver where there is none, can raise one for the rest of the month. "
        "Then who spent what, by person, model and channel. A month is a calendar month by UTC."
    ),
    example="/tune budget",
    run=run,
)
