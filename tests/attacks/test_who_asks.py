"""Asking a model by who may not: at every door through which a question comes, and nothing is written down by it."""

from collections.abc import Callable
from dataclasses import replace

from slack_bolt import BoltResponse

from bot.controller.documents import dump
from bot.controller.model import Done
from bot.leases.model import LEASE
from bot.questions.answerer import Question
from bot.questions.kept import KEPT_FOR, KeptSpec, registration
from bot.questions.model import KIND, Facts, QuestionStatus, key_of
from bot.visibility import Viewer
from handlers.metadata import Opened
from handlers.ui.cards.questions import AGAIN, COMPARE
from handlers.ui.forms.ask import ask_form
from handlers.ui.menu import ASK, ASK_MODEL
from tests.attacks.two_channels import ACCESS, PUBLIC, TwoChannels
from tests.handlers.door import BOT, DIRECT
from tests.handlers.test_events import mention, message
from tests.tables import table

MODEL, ROOT = "claims-router", "9.0"
ASKER, NOBODY, TRAINER = "UASKS", "UNOBODY", "UTRAIN"
NO = "Only some people may ask models here"
PRESSED = {"message": {"ts": "9.5", "thread_ts": ROOT}}


class House(TwoChannels):
    """The bot with an answered question and a kept one in a public channel, where only some people may ask."""

    def __init__(self) -> None:
        super().__init__(secrets=False, access=replace(ACCESS, askers=frozenset({ASKER})))
        self.conversations.begin(PUBLIC, ROOT)
        asked = Question("Q1", "Stage?", PUBLIC, ASKER, "T1", ROOT, MODEL)
        self.asked, store, now = key_of(asked).id, self.world.store, self.world.clock.now()
        self.services_for(Viewer(ASKER, PUBLIC)).questions.ask(asked)
        for claim in store.claim(10, {KIND: 30.0}):
            status = QuestionStatus(told=True, model=MODEL, facts=Facts(MODEL, "claude-3-haiku"))
            store.commit(claim, {KIND: dump(status)}, Done())
        arn = self.world.models.find(MODEL).arn  # type: ignore[union-attr]
        waits = KeptSpec(replace(asked, id="Q2"), "q2", MODEL, arn, "claude-3-haiku", now, now + KEPT_FOR)
        store.register(registration(replace(waits, may_wake=True)))
        self.kept = waits.asked

    def came_of(self, door: "Door", user: str) -> str:
        """Return what somebody's way through that door came to: what was begun, or what they were told."""
        store, client = self.world.store, self.door.client
        before = len(store.of_kind(KIND)) + len(store.of_kind(LEASE))
        client.made.clear()
        self.door.webhooks.clear()
        self.door.user = user
        answer = door(self, user)
        if len(store.of_kind(KIND)) + len(store.of_kind(LEASE)) > before:
            return "begun"
        return "form" if client.calls("views.open") else f"{self.door.webhooks} {client.made} {answer.body}"


Door = Callable[[House, str], BoltResponse]
DOORS: dict[str, Door] = {
    "/ask": lambda it, _: it.door.command(f"{MODEL} Why?", slash="/ask"),
    "a mention": lambda it, user: it.door.event(mention(f"<@{BOT}> {MODEL} Why?", user=user, ts=moment(it))),
    "a direct message": lambda it, user: it.door.event(
        message(f"{MODEL} Why?", DIRECT, user=user, ts=moment(it))
    ),
    "a reply in its thread": lambda it, user: it.door.event(
        message("Why?", thread_ts=ROOT, user=user, ts=moment(it))
    ),
    "the menu": lambda it, _: it.door.press(ASK),
    "the button of a model": lambda it, _: it.door.press(ASK_MODEL, MODEL),
    "a form from before": lambda it, _: it.door.submit(form(), {"question": "Why?"}),
    "Ask again": lambda it, _: it.door.press(AGAIN, it.asked, **PRESSED),
    "Compare": lambda it, _: it.door.press(COMPARE, it.asked, **PRESSED),
}


def moment(it: House) -> str:
    """Return when something is said: each at another moment."""
    return f"{next(it.door.numbers)}0.1"


def form() -> dict[str, object]:
    return ask_form([MODEL], Opened(channel=PUBLIC).dump(), chosen=MODEL)


def test_who_may_not_ask_asks_at_no_door() -> None:
    """Tried: asking a model by way of every door, by who is not among those who may; and waking one."""
    house = House()
    with table() as row:
        for name, door in DOORS.items():
            with row(name):
                assert NO in house.came_of(door, NOBODY)
                assert house.came_of(door, ASKER) in ("begun", "form"), "for them it is a door"
                assert NO not in house.came_of(door, TRAINER)
        with row("waking"):
            wake: Door = lambda it, _: it.door.press("kept.wake", f"{it.kept}@16", **PRESSED)  # noqa: E731
            for user in (NOBODY, ASKER):
                assert "This needs a trainer" in house.came_of(wake, user)
