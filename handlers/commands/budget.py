"""``/tune budget``: the month's budgets, and who spent what."""

from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Say, Task, Who
from handlers.ui.cards.spending import budgets

USAGE = "/tune budget"


def run(invocation: Invocation, front: CommandContext) -> Reply:
    """Show how the budgets stand this month, and who spent what."""
    expect(words(invocation.text), 0, USAGE)
    return Say(budgets(front.services.spending.report()))


COMMAND = Command(
    name="budget",
    usage=USAGE,
    who=Who.ANYONE,
    task=Task.MONEY,
    summary="What is left of this month's budgets, and who spent what",
    details=(
        "For the workspace, each channel and each person that has a budget: what was spent, what is reserved by things "
        "that are not over yet, and what is left. What does not fit into a budget is not started, whoever approves it. "
        "Then who spent what, by person, model and channel. A month is a calendar month by UTC."
    ),
    example="/tune budget",
    run=run,
)
