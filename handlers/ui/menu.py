"""What people are greeted with: the menu of `/tune`, what is going on, and the welcome in a channel."""

from dataclasses import dataclass

from bot.controller.model import Message
from bot.deployments.cards import DeploymentView
from bot.distillations.cards import DistillationView
from bot.jobs.cards import JobView
from bot.leases.cards import LeaseView
from bot.schedules.views import ScheduleView
from handlers.ui.blocks import (
    Block,
    actions,
    button,
    section,
)
from handlers.ui.cards.deployments import deployment_state
from handlers.ui.cards.distillations import sign_of
from handlers.ui.cards.jobs import mark_of
from handlers.ui.cards.leases import lease_state
from handlers.ui.cards.schedules import schedule_state
from handlers.ui.limits import first
from handlers.ui.parts.running import Running
from handlers.ui.text import code, count, thread_link

CHECK = "validate.form"
OPEN, PLAN, JOBS, MODELS, ASK, COST, EVERYTHING, SAMPLE = (
    "menu.open",
    "menu.plan",
    "menu.jobs",
    "menu.models",
    "menu.ask",
    "menu.cost",
    "menu.everything",
    "menu.sample",
)
"""The actions of the menu, beside the one that its neighbours have, too."""
SHOWN = 3
"""Things that go on which are named: the menu fits one screen of a phone."""
ASK_MODEL = "menu.ask.model"
"""The action of a button that asks one model; its value is the name."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What somebody may do here: nothing is offered that would be refused."""

    checks: bool
    """Has files judged, and sees jobs and datasets."""
    spends: bool
    """Plans jobs and leases."""
    asks: bool = True
    """Asks models."""


def menu(runs: Running, offered: Offered) -> Message:
    """Draw what is going on now, and the six things that people want, as far as they may."""
    blocks: list[Block] = [
        section(f"*Tunesmith* trains a model on your examples, and it answers here.\n{_now(runs)}"),
        *actions(
            button("Check a file", CHECK, "menu", style="primary") if offered.checks else None,
            button("Plan a job", PLAN, "menu") if offered.spends else None,
            button("Follow jobs", JOBS, "menu") if offered.checks else None,
            button("Serve a model" if offered.spends else "Models", MODELS, "menu"),
            button("Ask a model", ASK, "menu") if offered.asks else None,
            button("Costs", COST, "menu"),
            button("All commands", EVERYTHING, "menu"),
        ),
    ]
    return Message(text="What would you like to do?", blocks=blocks)


def _now(runs: Running) -> str:
    lines = [
        *map(_awake, runs.leases),
        *map(_deployed, runs.deployments),
        *map(_running, runs.jobs),
        *map(_answering, runs.distillations),
        *map(_hours, runs.schedules),
    ]
    if not lines:
        # Who may not see jobs must not read that there are none: one may run right above this.
        what = "Nothing is running" if runs.is_whole else "No model is in service"
        return f"{what}, and nothing is billed by the hour."
    shown, left = first(lines, SHOWN)
    return "\n".join([*shown, *([f"and {count(left, 'more', 'more')}"] if left else [])])


def _awake(view: LeaseView) -> str:
    return " · ".join(
        [f":large_green_circle: {code(view.model_name, 40)}", lease_state(view), *_link(view.link)]
    )


def _deployed(view: DeploymentView) -> str:
    return " · ".join(
        [f":large_green_circle: {code(view.model_name, 40)}", deployment_state(view), *_link(view.link)]
    )


def _running(view: JobView) -> str:
    return " · ".join([f"{mark_of(view.phase)} {code(view.name, 40)}", view.phase.value, *_link(view.link)])


def _answering(view: DistillationView) -> str:
    return " · ".join([f"{sign_of(view)} {code(view.name, 40)}", view.phase.value, *_link(view.link)])


def _hours(view: ScheduleView) -> str:
    return " · ".join([f":calendar: {code(view.model_name, 40)}", schedule_state(view), *_link(view.link)])


def _link(address: str) -> list[str]:
    return [link] if (link := thread_link(address)) else []


def welcome() -> Message:
    """Draw what the bot says when it comes into a channel: three lines, and a way to try it at once."""
    said = (
        "*Hello! I train a model on your examples, and it answers in this channel.*\n"
        "• Drop a `.jsonl` or `.csv` file here: I say what is wrong with it, and mend what I can.\n"
        "• Plan a job from it: you see the price before anything is spent, and follow it in one message.\n"
        "• Ask the model with `/ask`, or mention me."
    )
    tries = actions(
        button("Try a sample", SAMPLE, "welcome", style="primary"),
        button("What can I do?", OPEN, "welcome"),
    )
    return Message(
        text="Hello! I train a model on your examples, and it answers here.", blocks=[section(said), *tries]
    )
