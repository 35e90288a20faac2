"""The App Home: what runs, what it costs by now, and what could be started."""

from collections.abc import Sequence

from bot.datasets.model import Dataset
from bot.jobs.cards import JobView
from bot.leases.cards import LeaseView
from handlers.ui.blocks import Block, actions, context, divider, header, section
from handlers.ui.cards.datasets import dataset_lines
from handlers.ui.cards.jobs import job_lines
from handlers.ui.cards.leases import lease_state, live_buttons
from handlers.ui.text import code, count, person, sentence

SHOWN = 8


def home(running: Sequence[JobView], leases: Sequence[LeaseView], datasets: Sequence[Dataset]) -> Block:
    """Draw the home tab."""
    return {
        "type": "home",
        "blocks": [
            header("Awake models"),
            *_leases(leases),
            divider(),
            header("Running jobs"),
            *(job_lines(running[:SHOWN]) or [context("None. `/tune start` plans one.")]),
            *_more(len(running), "job"),
            divider(),
            header("Newest datasets"),
            *(
                dataset_lines(datasets[:SHOWN])
                or [context("None yet. Drop a `.jsonl` file into a channel that I am in.")]
            ),
            divider(),
            context("`/tune help` says what I can do. You see a price before anything is spent."),
        ],
    }


def closed(mrkdwn: str) -> Block:
    """Draw the home tab of somebody who sees nothing of what there is: why, in our own markup."""
    return {"type": "home", "blocks": [section(mrkdwn)]}


def _leases(leases: Sequence[LeaseView]) -> list[Block]:
    if not leases:
        return [context("None: nothing is billed by the hour. `/tune serve MODEL` wakes one.")]
    return [block for view in leases[:SHOWN] for block in _lease(view)] + _more(len(leases), "lease")


def _lease(view: LeaseView) -> list[Block]:
    spent = f" · {sentence(view.spent, 100)} so far" if view.spent else ""
    line = f"*{code(view.model_name)}* · {lease_state(view)}{spent}\nleased by {person(view.owner)}"
    return [section(line), *actions(*live_buttons(view))]


def _more(number: int, what: str) -> list[Block]:
    return [context(f"and {count(number - SHOWN, f'more {what}')}")] if number > SHOWN else []
