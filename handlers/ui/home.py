"""The App Home: what runs, what it costs by now, and what could be started."""

from collections.abc import Sequence

from bot.datasets.model import Dataset
from bot.leases.cards import LeaseView
from bot.spending.purchase import Waiting
from handlers.ui.blocks import Block, actions, context, divider, header, section
from handlers.ui.cards.datasets import dataset_lines
from handlers.ui.cards.distillations import distillation_lines
from handlers.ui.cards.jobs import job_lines
from handlers.ui.cards.leases import lease_state, live_buttons
from handlers.ui.cards.spending import waiting_lines
from handlers.ui.running import Running
from handlers.ui.text import code, count, person, sentence, thread_link

SHOWN = 8


TRAINERS_SEE = "Trainers see them here. `/tune help` says who may do what."


def home(
    runs: Running,
    datasets: Sequence[Dataset],
    waiting: Sequence[Waiting] = (),
    *,
    links: Sequence[str] = (),
    lists: bool = True,
) -> Block:
    """Draw the home tab. ``links`` are those of the datasets.

    ``waiting`` is what whoever opened it may decide, which goes first. ``lists``: whether they may see jobs and
    datasets; else that is said.
    """
    none_run = "None. `/tune start` plans one." if lists else TRAINERS_SEE
    none_there = "None yet. Drop a `.jsonl` file into a channel that I am in." if lists else TRAINERS_SEE
    return {
        "type": "home",
        "blocks": [
            *_waiting(waiting),
            header("Models in service"),
            *_leases(runs.leases, lists=lists),
            divider(),
            header("Running jobs"),
            *(_jobs(runs) or [context(none_run)]),
            *_more(len(runs.jobs), "job"),
            *_more(len(runs.distillations), "distillation"),
            divider(),
            header("Newest datasets"),
            *(dataset_lines(datasets[:SHOWN], links) or [context(none_there)]),
            divider(),
            context("`/tune help` says what I can do. You see a price before anything is spent."),
        ],
    }


def closed(mrkdwn: str) -> Block:
    """Draw the home tab of somebody who sees nothing of what there is: why, in our own markup."""
    return {"type": "home", "blocks": [section(mrkdwn)]}


def _waiting(waiting: Sequence[Waiting]) -> list[Block]:
    if not waiting:
        return []
    lines = [block for each in waiting[:SHOWN] for block in waiting_lines(each)]
    return [header("Waiting for you"), *lines, *_more(len(waiting), "question"), divider()]


def _jobs(runs: Running) -> list[Block]:
    return [*distillation_lines(runs.distillations[:SHOWN]), *job_lines(runs.jobs[:SHOWN])]


def _leases(leases: Sequence[LeaseView], *, lists: bool) -> list[Block]:
    if not leases:
        who = "`/tune serve MODEL` wakes one." if lists else "A trainer wakes one: `/tune serve MODEL`."
        return [context(f"None: nothing is billed by the hour. {who}")]
    return [block for view in leases[:SHOWN] for block in _lease(view)] + _more(len(leases), "lease")


def _lease(view: LeaseView) -> list[Block]:
    spent = f" · {sentence(view.spent, 100)} so far" if view.spent else ""
    thread = f" · {shown}" if (shown := thread_link(view.link)) else ""
    line = f"*{code(view.model_name)}* · {lease_state(view)}{spent}\nby {person(view.owner)}{thread}"
    return [section(line), *actions(*live_buttons(view))]


def _more(number: int, what: str) -> list[Block]:
    return [context(f"and {count(number - SHOWN, f'more {what}')}")] if number > SHOWN else []
