"""The App Home: what waits for somebody, what runs and costs, what could be started, and what is left to spend.

Budgets are bars of text, and *As a picture* sends the chart: Slack draws a picture in a home only from a public address
or from a file that was uploaded before, and of a file that nobody was given it is not told who sees it. The figures
stand beside each bar.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from bot.datasets.model import Dataset
from bot.deployments.cards import DeploymentView
from bot.leases.cards import LeaseView
from bot.notifications.model import Quiet
from bot.profiles.model import Serving
from bot.serving.cards import ModelLine
from bot.spending.purchase import Waiting
from bot.spending.reports import SpendingReport
from handlers.ui.blocks import Block, Element, actions, button, context, divider, header, section
from handlers.ui.cards.datasets import dataset_lines
from handlers.ui.cards.deployments import deployment_buttons, deployment_state
from handlers.ui.cards.distillations import distillation_lines
from handlers.ui.cards.jobs import job_lines
from handlers.ui.cards.leases import lease_state, live_buttons
from handlers.ui.cards.models import serve_button
from handlers.ui.cards.schedules import schedule_line
from handlers.ui.cards.spending import asked_lines, budget_lines, waiting_lines
from handlers.ui.home_asking import AboutAsking, alias_blocks, channel_blocks, cost_blocks, kept_blocks
from handlers.ui.limits import VIEW_BLOCKS, first
from handlers.ui.menu import ASK_MODEL, EVERYTHING, PLAN
from handlers.ui.parts.pictures import BUDGETS, as_picture
from handlers.ui.parts.running import Running
from handlers.ui.text import code, count, day, person, sentence, thread_link

SHOWN = 6
SHOWN_ASLEEP, SHOWN_BUDGETS, SHOWN_HOURS = 5, 4, 4


TRAINERS_SEE = "Trainers see jobs and datasets here. `/tune help` says who may do what."


@dataclass(frozen=True, slots=True)
class Belongings:
    """What there is beside what runs, as whoever opened the home sees it."""

    datasets: tuple[Dataset, ...] = ()
    links: tuple[str, ...] = ()
    """Those of the datasets."""
    asleep: tuple[ModelLine, ...] = ()
    """Models that could be woken; whether they may do that is the line's to say."""
    spending: SpendingReport | None = None
    quiet: Quiet | None = None
    """Their quiet hours."""
    asking: AboutAsking = field(default_factory=AboutAsking)


def home(
    runs: Running,
    there: Belongings,
    waiting: Sequence[Waiting] = (),
    asked: Sequence[Waiting] = (),
    *,
    lists: bool = True,
    spends: bool = False,
) -> Block:
    """Draw the home tab.

    ``waiting`` is what whoever opened it may decide, which goes first, and ``asked`` is what they asked approvers for.
    ``lists``: whether they may see jobs and datasets; else that is said. ``spends``: whether they may plan what costs
    money.
    """
    above = [
        *_waiting(waiting),
        *_asked(asked),
        *kept_blocks(there.asking.kept),
        header("Models in service"),
        *_in_service(runs, there.asleep, spends=spends, askable=there.asking.askable),
        *_office_hours(runs),
        *_asleep(there.asleep),
        *alias_blocks(there.asking.aliases),
        *channel_blocks(there.asking.channels, base_meanwhile=there.asking.base_meanwhile),
        divider(),
        *(_of_trainers(runs, there, spends=spends) if lists else [context(TRAINERS_SEE)]),
        divider(),
        *_budgets(there.spending),
        *cost_blocks(there.spending),
    ]
    below = [
        context(_settings(there.quiet)),
        context("`/tune help` says what I can do. You see a price before anything is spent."),
        *actions(button("All commands", EVERYTHING, "home")),
    ]
    return {"type": "home", "blocks": [*_fitting(above, VIEW_BLOCKS - len(below)), *below]}


def _fitting(blocks: list[Block], most: int) -> list[Block]:
    """Return no more than Slack takes: where all lists are full, the lines between them go first."""
    if len(blocks) <= most:
        return blocks
    return [each for each in blocks if each["type"] != "divider"][:most]


def _of_trainers(runs: Running, there: Belongings, *, spends: bool) -> list[Block]:
    return [
        header("Running jobs"),
        *_running(runs, spends=spends, has_data=bool(there.datasets)),
        divider(),
        header("Newest datasets"),
        *(dataset_lines(there.datasets[:SHOWN], there.links) or [context(_NO_DATASET)]),
    ]


def _running(runs: Running, *, spends: bool, has_data: bool) -> list[Block]:
    if there := _jobs(runs):
        return [*there, *_more(len(runs.jobs), "job"), *_more(len(runs.distillations), "distillation")]
    if spends and has_data:
        return [
            context("None. A plan shows its price before anything is spent."),
            *actions(button("Plan a job", PLAN, "home")),
        ]
    if spends:
        return [context("None. `/tune start` plans one, once there is a dataset.")]
    return [context("None. A trainer plans one: `/tune help` says who may do what.")]


_NO_DATASET = (
    "None yet. Drop a `.jsonl` or `.csv` file into a channel that I am in, or into *Messages* here: I say what is "
    "wrong with it, and mend what I can."
)


def _asleep(lines: Sequence[ModelLine]) -> list[Block]:
    if not lines:
        return []
    shown, more = first(lines, SHOWN_ASLEEP)
    drawn = [
        section(
            f":white_circle: *{code(each.name, 63)}* · asleep",
            accessory=serve_button(each.name, each.base) if each.may_serve else None,
        )
        for each in shown
    ]
    return [
        header("Models asleep"),
        *drawn,
        *([context(f"and {count(more, 'more model')}: `/tune models`")] if more else []),
    ]


def _budgets(report: SpendingReport | None) -> list[Block]:
    if report is None:
        return []
    shown, more = first(report.standings, SHOWN_BUDGETS)
    lines = [section(budget_lines(each)) for each in shown]
    lines += [context(f"and {count(more, 'more budget')}: `/tune budget`")] if more else []
    drawn = actions(as_picture(BUDGETS))
    return [header(f"Budget in {report.month}"), *lines, *drawn, divider()] if lines else []


def _settings(quiet: Quiet | None) -> str:
    if quiet is None:
        return "Quiet hours: none. `/tune quiet 22-7` sets them, in your own time zone."
    return f"Quiet hours: {quiet.begins}:00 to {quiet.ends}:00. `/tune quiet off` ends them."


def closed(mrkdwn: str) -> Block:
    """Draw the home tab of somebody who sees nothing of what there is: why, in our own markup."""
    return {"type": "home", "blocks": [section(mrkdwn)]}


def _waiting(waiting: Sequence[Waiting]) -> list[Block]:
    if not waiting:
        return []
    lines = [block for each in waiting[:SHOWN] for block in waiting_lines(each)]
    return [header("Waiting for you"), *lines, *_more(len(waiting), "question"), divider()]


def _asked(asked: Sequence[Waiting]) -> list[Block]:
    if not asked:
        return []
    lines = [block for each in asked[:SHOWN] for block in asked_lines(each)]
    return [header("You asked an approver for"), *lines, *_more(len(asked), "plan"), divider()]


def _jobs(runs: Running) -> list[Block]:
    return [*distillation_lines(runs.distillations[:SHOWN]), *job_lines(runs.jobs[:SHOWN])]


def _in_service(
    runs: Running, asleep: Sequence[ModelLine], *, spends: bool, askable: Collection[str]
) -> list[Block]:
    """Draw what answers: what is billed by the hour first, then what costs nothing while idle."""
    leases, deployed = runs.leases, runs.deployments
    if not leases and not deployed:
        wakes = "`/tune serve MODEL` wakes one." if spends else "A trainer can wake one."
        if not asleep:
            wakes = f"The first comes of a job{': `/tune start`' if spends else ', which a trainer plans'}."
        elif any(each.may_serve for each in asleep):
            wakes = "*Serve* deploys one, which costs nothing while idle."
            if any(each.may_serve and each.way is Serving.PROVISIONED_THROUGHPUT for each in asleep):
                wakes = "*Serve for 1 h* shows what waking one costs."
        return [context(f"None: nothing is billed by the hour. {wakes}")]
    return [
        *(block for view in leases[:SHOWN] for block in _lease(view, askable)),
        *_more(len(leases), "lease"),
        *(block for view in deployed[:SHOWN] for block in _deployment(view, askable)),
        *_more(len(deployed), "deployment"),
    ]


def _office_hours(runs: Running) -> list[Block]:
    if not runs.schedules:
        return []
    shown, more = first(runs.schedules, SHOWN_HOURS)
    left = [context(f"and {count(more, 'more model', 'more models')} with office hours")] if more else []
    return [header("Office hours"), *map(schedule_line, shown), *left]


def _lease(view: LeaseView, askable: Collection[str]) -> list[Block]:
    spent = f" · {sentence(view.spent, 100)} so far" if view.spent else ""
    thread = f" · {shown}" if (shown := thread_link(view.link)) else ""
    line = f"*{code(view.model_name)}* · {lease_state(view)}{spent}\nby {person(view.owner)}{thread}"
    return [section(line), *actions(_ask_button(view.model_name, askable), *live_buttons(view))]


def _deployment(view: DeploymentView, askable: Collection[str]) -> list[Block]:
    thread = f" · {shown}" if (shown := thread_link(view.link)) else ""
    asked = f", last asked {day(view.last_asked)}" if view.last_asked else ""
    line = f"*{code(view.model_name)}* · {deployment_state(view)} · nothing while idle{asked}"
    return [
        section(f"{line}\nby {person(view.owner)}{thread}"),
        *actions(_ask_button(view.model_name, askable), *deployment_buttons(view)),
    ]


def _ask_button(model: str, askable: Collection[str]) -> Element | None:
    return button("Ask", ASK_MODEL, model) if model in askable else None


def _more(number: int, what: str) -> list[Block]:
    return [context(f"and {count(number - SHOWN, f'more {what}')}")] if number > SHOWN else []
