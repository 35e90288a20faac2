"""A question to a model that sleeps is kept: its base answers meanwhile, and the model once it is awake."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from bot.access import Access
from bot.controller.context import AnyContext, AnyReconciler
from bot.controller.crash_points import crashing
from bot.controller.model import Message, Outcome, Registration, Resource
from bot.errors import NotAllowed, NotFound, Refused, Throttled
from bot.kinds import KINDS
from bot.leases.model import LEASE
from bot.leases.purchase import LeasePurchase
from bot.memberships import Membership
from bot.models.model import Lifecycle
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.questions import kept
from bot.questions.answerer import ChannelSettings, Ending, Question, Usage
from bot.questions.kept import KEPT_FOR, PER_PERSON, KeptEnd
from bot.questions.kept_service import KeptService
from bot.questions.model import QuestionSpec, dump, key_of
from bot.questions.reconciler.dependencies import Meanwhile
from bot.rosters import Holders
from bot.serving.answerers import ServedAnswerers
from bot.serving.wakes import ServedWakes
from bot.spending.ledger import EntryState, Tokens
from bot.spending.offers import Shown
from bot.visibility import Viewer
from handlers.direct_messages import Readers
from handlers.ui.render import BlockKitRenderer
from tests.doubles.asking import FakeInference, RecordedSessions, RecordedThinking
from tests.doubles.conversations import InMemoryConversations
from tests.doubles.memberships import FakeMemberships
from tests.doubles.pacing import InMemoryRateLimiter
from tests.doubles.rosters import FakeRosters, people
from tests.doubles.settings import InMemoryChannelSettings
from tests.doubles.slack_files import FakeSlackFiles
from tests.doubles.streams import FakeStreams
from tests.doubles.world import Crash, World
from tests.examples import kills
from tests.tables import table
from tests.unit.jobs.samples import ACCESS, PRICES, SETTINGS, model

MODEL, BASE_SAYS, MODEL_SAYS = "claims-router", "The base's answer.", "The tuned answer."
DEAR = PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal("22.00")})
LINK = "https://x.slack.com/archives/C1/p1"
"""An hour costs at most $44, above what needs an approver."""


class KeptWorld(World):
    """Questions, what is kept of them, leases and deployments, on one clock."""

    def __init__(
        self, *, prices: PriceBook = PRICES, access: Access = ACCESS, profile: str = "claude-3-haiku"
    ) -> None:
        self.inference, self.conversations = FakeInference(), InMemoryConversations()
        self.channel_settings, self.base_answers = InMemoryChannelSettings(), True
        self.thinking, self.sessions = RecordedThinking(), RecordedSessions()
        self.at = ""
        """The kind that is worked on, or was last."""
        super().__init__(prices=prices, access=access)
        self.renderer = BlockKitRenderer()  # type: ignore[assignment]
        self.streams = FakeStreams(self.messages, self.clock)
        self.rate_limiter = InMemoryRateLimiter(self.clock)
        self.models.save(model(MODEL, profile=profile))
        self.rebuilt()
        self.arn = self.models.find(MODEL).arn  # type: ignore[union-attr]
        self.root = self.messages.post("C1", Message("words"), marker="11111111-1111-1111-1111-111111111111")

    def reconcilers(self) -> Mapping[str, AnyReconciler]:
        if not hasattr(self, "rate_limiter"):
            return super().reconcilers()
        both = {name: KINDS[name].build(self.ports(name)) for name in ("question", kept.KIND)}
        return {name: self._noted(name, each) for name, each in {**super().reconcilers(), **both}.items()}

    def _noted(self, name: str, reconciler: AnyReconciler) -> AnyReconciler:
        def noted(context: AnyContext) -> Outcome:
            self.at = name
            return reconciler(context)

        return noted

    def ports(self, kind: str) -> SimpleNamespace:
        def resolver(viewer: Viewer):  # type: ignore[no-untyped-def]
            seen = self.directory(viewer.user, viewer.here)
            return self.resolver(seen, self.lease_service(seen))

        ports = super().ports(kind)
        more = {
            "inference": self.inference,
            "conversations": self.conversations,
            "answerers": ServedAnswerers(resolver),
            "wakes": ServedWakes(self.store, LeasePurchase(self.prices, ports.settings), self.prices),
            "streams": getattr(self, "streams", None),
            "thinking": self.thinking,
            "sessions": self.sessions,
            "rate_limiter": getattr(self, "rate_limiter", None),
            "files": FakeSlackFiles(),
            "meanwhile": Meanwhile(self.channel_settings, self.base_answers),
            "direct_readers": Readers(lambda _: ""),
        }
        return SimpleNamespace(**vars(ports) | more)

    # What people do

    def ask(
        self, event: str = "Ev1", user: str = "UTRAIN", *, thread: str | None = "", **more: object
    ) -> Question:
        asked = Question(
            event, f"{event}: stage IV?", "C1", user, "T1", self.root if thread == "" else thread, MODEL
        )
        asked = replace(asked, **more)  # type: ignore[arg-type]
        self.store.register(Registration(key_of(asked), dump(QuestionSpec(asked, self.clock.now()))))
        self.turn()
        return asked

    def kept_of(self, asked: Question):  # type: ignore[no-untyped-def]
        found = self.store.get(kept.key_of(key_of(asked).id))
        return found and (kept.SCHEMA.spec_of(found), kept.SCHEMA.status_of(found))

    def kept_by(self, user: str) -> KeptService:
        wakes = ServedWakes(self.store, LeasePurchase(self.prices, SETTINGS), self.prices)
        return KeptService(self.store, self.directory(user), wakes, BlockKitRenderer(), self.clock)

    def wake(self, by: str = "UTRAIN", request: str = "press-1", shown: Decimal | None = Decimal(16)) -> str:
        plan_id = self.serve(by, request, shown)
        for each in self.store.unfinished(kept.KIND):
            self.kept_by(kept.SCHEMA.spec_of(each).question.user).woken(each.key.id, plan_id)
        self.turn()
        return plan_id

    def serve(self, by: str = "UTRAIN", request: str = "press-1", shown: Decimal | None = Decimal(16)) -> str:
        """Have the model woken by somebody who knows of no question."""
        plan = self.waking_service(self.directory(by)).wake(
            model=MODEL,
            minutes=60,
            by=by,
            channel="C1",
            request=request,
            thread_ts=self.root,
            shown=Shown(shown),
        )
        return plan.id

    def awake(self) -> None:
        self.inference.always = (MODEL_SAYS,)
        self.endpoints.in_service(self.endpoints.only().plan.endpoint_name)
        self.pass_time(80)

    def crash_when(self, hook: Callable[[str], bool]) -> None:
        """Go on until the process dies at the first place at which that holds."""

        def die(name: str) -> None:
            if hook(name):
                raise Crash

        with crashing(die):
            self.pass_time(80)

    # What they see

    def thread(self, channel: str = "C1", ts: str = "") -> list[str]:
        shown = self.messages.visible(channel, ts or self.root)
        return ["\n".join(_texts(each.message)) for each in shown]

    def buttons(self, channel: str = "C1", ts: str = "") -> list[tuple[str, str]]:
        elements = [
            each
            for posted in self.messages.visible(channel, ts or self.root)
            for block in posted.message.blocks
            for each in block.get("elements", [])
        ]
        return [(each["text"]["text"], each["value"]) for each in elements if each["type"] == "button"]


def _texts(message: Message) -> list[str]:
    found = []
    for block in message.blocks:
        text = block.get("text")
        found.append(text if isinstance(text, str) else (text or {}).get("text", ""))
        found += [each["text"] for each in block.get("elements", []) if isinstance(each.get("text"), str)]
    return found or [message.text]


@pytest.fixture
def world() -> KeptWorld:
    made = KeptWorld()
    made.inference.always = (BASE_SAYS,)
    return made


def test_the_base_answers_at_once_and_the_model_once_it_is_awake(
    world: KeptWorld, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    asked = world.ask()
    answer, card = world.thread()
    assert answer.startswith(
        f"`{MODEL}` _is asleep. Its base, Claude 3 Haiku, answers meanwhile:_\n\n{BASE_SAYS}"
    )
    assert "I keep this question until" in card
    assert [text for text, _ in world.buttons()][-2:] == ["Wake for 1 h, up to $16.00", "Forget it"]
    assert "Compare" not in [text for text, _ in world.buttons()], "the model cannot be asked now"
    [entry] = world.ledger.kept.values()
    assert entry.model == "claude-3-haiku", "what the base cost is the base's"

    world.wake()
    world.pass_time(70)
    assert f"`{MODEL}` is waking" in world.thread()[1]
    world.awake()
    said = world.thread()
    assert f"`{MODEL}` is awake: its answer is below" in said[1]
    assert said[-1].startswith(f"<@UTRAIN>, `{MODEL}` _is awake. You asked it this:_\n\n{MODEL_SAYS}")
    assert world.kept_of(asked)[1].end is KeptEnd.ANSWERED
    assert len(world.inference.asked) == 2
    assert [each.text for each in world.inference.asked[1]] == [asked.text], "as if it had been awake then"
    world.pass_time(600)
    assert len(world.inference.asked) == 2, "once"
    assert "stage IV" not in caplog.text, "what was asked is in no log"


@pytest.mark.parametrize(
    ("who", "closed"),
    [("operator", True), ("channel", True), ("money", True), ("denied", False), ("throttled", False)],
)
def test_where_the_base_does_not_answer_it_is_kept_and_said(who: str, closed: bool) -> None:
    access = replace(ACCESS, channels=frozenset({"CELSE"})) if who == "money" else ACCESS
    world = KeptWorld(access=access)
    world.base_answers = who != "operator"
    if who == "channel":
        world.channel_settings.save(
            ChannelSettings("C1", False, "UTRAIN", world.clock.now(), base_meanwhile=False)
        )
    error = {"denied": Refused("Access denied."), "throttled": Throttled("Slow.", retry_after=600)}
    world.inference.always = (error.get(who, BASE_SAYS),)
    world.rebuilt()
    asked = world.ask()
    [card] = world.thread()
    assert card.startswith(f"`{MODEL}` is asleep. I keep this question until")
    assert bool(world.inference.asked) != closed
    buttons = [text for text, _ in world.buttons()]
    assert buttons == {
        "operator": ["Wake for 1 h, up to $16.00", "Ask its base", "Forget it"],
        "channel": ["Wake for 1 h, up to $16.00", "Ask its base", "Forget it"],
        "money": ["Forget it"],
    }.get(who, ["Wake for 1 h, up to $16.00", "Ask its base", "Forget it"])
    assert not world.kept_of(asked)[0].based
    assert all(each.committed == 0 or each.state != "reserved" for each in world.ledger.kept.values())


def test_an_answer_of_the_base_without_a_word_is_paid_for_all_the_same(world: KeptWorld) -> None:
    """A guardrail stopped it, say. That was no refusal: AWS says how many tokens it bills."""
    world.inference.always = (Ending("guardrail_intervened", Usage(1_000_000, 0)),)
    world.ask()
    assert len(world.inference.asked) == 1
    [card] = world.thread()
    assert card.startswith(f"`{MODEL}` is asleep. I keep this question until")
    [entry] = world.ledger.kept.values()
    assert (entry.state, entry.tokens) == (EntryState.SETTLED, Tokens(1_000_000, 0))
    assert entry.counts == entry.actual == Decimal("0.25")


def test_several_are_answered_in_order_whoever_wakes_the_model_and_wherever(world: KeptWorld) -> None:
    roots = [
        world.messages.post("C1", Message("w"), marker=f"1111111{n}-1111-1111-1111-111111111111")
        for n in (2, 3)
    ]
    world.ask("Ev1", "UANN")
    world.clock.advance(7)
    world.ask("Ev2", "UBOB", thread=roots[0])
    world.clock.advance(7)
    world.ask("Ev3", "UANN", thread=roots[1])
    plan = world.leases.plan(model=MODEL, minutes=60, owner="UTRAIN", channel="C1", request="elsewhere")
    lease = world.leases.propose(plan)
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.awake()
    assert [each[-1].text[:3] for each in world.inference.asked] == ["Ev1", "Ev2", "Ev3"] * 2
    assert MODEL_SAYS in world.thread(ts=roots[1])[-1]


def test_one_that_nobody_looks_at_holds_nobody_up(world: KeptWorld) -> None:
    first = world.ask("Ev1", "UANN")
    world.clock.advance(7)
    world.ask("Ev2", "UBOB")
    found = world.store.get(kept.key_of(key_of(first).id))
    assert found
    world.store.amend(found.key, lambda spec: {**spec, "question": {**spec["question"], "user": "UGONE"}})
    world.memberships.private("C1", "UBOB", "UTRAIN", name="c1")
    world.wake()
    world.awake()
    assert MODEL_SAYS in world.thread()[-1]


def test_one_whose_asker_may_ask_no_more_is_not_asked_once_its_model_is_awake() -> None:
    rosters = FakeRosters(S0=people("UASK"))
    world = KeptWorld(access=replace(ACCESS, askers=Holders({"S0"}, rosters)))
    asked = world.ask(user="UASK")
    before = len(world.inference.asked)
    world.wake()
    rosters.there["S0"] = people()
    world.awake()
    assert world.kept_of(asked)[1].end is KeptEnd.GONE
    assert len(world.inference.asked) == before


def _leaves(world: KeptWorld) -> None:
    world.memberships.private("C1", "UTRAIN")


def _is(what: Membership) -> Callable[[KeptWorld], None]:
    def happens(world: KeptWorld) -> None:
        people = FakeMemberships(UASK=what)
        object.__setattr__(
            world.access, "people", people
        )  # the same house, and Slack says something else by now

    return happens


def test_one_whose_asker_is_gone_by_then_is_not_asked() -> None:
    """Nobody waits for it: who left the workspace or the channel within the day, or is a guest by now."""
    for_all = {
        "left the channel": _leaves,
        "was deactivated": _is(Membership.DEACTIVATED),
        "is a guest": _is(Membership.GUEST),
    }
    with table() as row:
        for name, happens in for_all.items():
            with row(name):
                world = KeptWorld(access=replace(ACCESS, people=FakeMemberships()))
                asked = world.ask(user="UASK")
                before = len(world.inference.asked)
                world.wake()
                happens(world)
                world.awake()
                assert world.kept_of(asked)[1].end is KeptEnd.GONE
                assert len(world.inference.asked) == before


def test_a_private_one_is_asked_of_the_channel_that_it_was_asked_in() -> None:
    """Kept in a direct message, it is still of a channel whose people may ask, and in which money may be spent."""
    asks = Holders({"C1"}, FakeRosters(C1=people("UASK")))
    world = KeptWorld(access=replace(ACCESS, channels=frozenset({"C1"}), askers=asks))
    asked = world.ask(user="UASK", thread=None, private=True)
    assert world.kept_of(asked)[0].question.home == "C1"
    world.wake()
    world.awake()
    assert world.kept_of(asked)[1].end is KeptEnd.ANSWERED
    [aloud, *_] = world.messages.visible("DUASK")
    assert MODEL_SAYS in world.thread("DUASK", aloud.ts)[-1]
    assert {each.channel for each in world.ledger.kept.values() if each.owner == "UASK"} == {"C1"}


def test_two_presses_buy_once_and_nobody_wakes_at_more_than_the_button_said(world: KeptWorld) -> None:
    world.ask()
    with pytest.raises(
        Refused, match=r"costs at most \$16.00 by now, and at most \$10.00 stood on the button"
    ) as dearer:
        world.wake(shown=Decimal(10))
    assert f"`/tune serve {MODEL}` does at once" in dearer.value.hint, (
        "a button in a direct message stays as it was"
    )
    world.wake()
    with pytest.raises(Refused, match="already"):
        world.wake("UBOSS", "press-2")
    world.pass_time(30)
    assert len(world.store.of_kind(LEASE)) == 1
    assert world.endpoints.calls["create"] == 1
    with pytest.raises(NotAllowed):
        world.wake("UANN", "press-3")


def test_what_is_dear_is_asked_of_an_approver_whose_no_is_told_once() -> None:
    world = KeptWorld(prices=DEAR)
    world.inference.always = (BASE_SAYS,)
    world.ask()
    lease = world.wake(shown=Decimal(44))
    world.pass_time(70)
    assert "An approver is asked" in world.thread()[1]
    with pytest.raises(Refused, match="An approver is asked for that already"):
        world.wake("UBOSS", "press-2", Decimal(44))
    world.press("lease", lease, "decline", "UBOSS")
    world.pass_time(200)
    told = [each for each in world.thread() if "was not woken: an approver declined that" in each]
    assert len(told) == 1
    there = {text for text, _ in world.buttons()}
    assert {"Wake for 1 h, up to $44.00", "Forget it"} <= there, "as before"


def test_a_base_that_gets_no_throughput_is_not_bought_in_one_press(world: KeptWorld) -> None:
    ended = Lifecycle("LEGACY", datetime(2026, 3, 10, tzinfo=UTC))
    world.customization.lifecycles["anthropic.claude-3-haiku-20240307-v1:0:200k"] = ended
    world.ask()
    world.wake()
    world.pass_time(100)
    assert world.endpoints.calls["create"] == 0
    assert [each for each in world.thread() if "was not woken: that was called off" in each]
    assert [each for each in world.thread() if "Legacy" in each], "its plan says why"
    assert all(each.state == "freed" for each in world.ledger.kept.values() if each.kind == "serving")


def test_a_model_by_the_token_is_served_without_a_clock() -> None:
    world = KeptWorld(profile="nova-lite")
    world.inference.always = (BASE_SAYS,)
    world.ask()
    assert [text for text, _ in world.buttons()][-2:] == ["Serve", "Forget it"]
    world.deploying.deploy(model=MODEL, owner="UBOSS", channel="C1", request="press")
    world.turn()
    world.pass_time(70)
    assert f"`{MODEL}` is waking" in world.thread()[1]
    world.inference.always = (MODEL_SAYS,)
    world.deployments.active()
    world.pass_time(80)
    assert MODEL_SAYS in world.thread()[-1]


def test_what_is_kept_for_an_alias_is_answered_by_what_that_stands_for_by_then(world: KeptWorld) -> None:
    world.models.save(model("claims-v4"))
    world.alias_service(world.directory()).point("support", MODEL, "UTRAIN")
    world.ask(model="support")
    assert "I keep this question" in world.thread()[1]
    world.alias_service(world.directory()).point("support", "claims-v4", "UTRAIN")
    plan = world.leases.plan(model="claims-v4", minutes=60, owner="UTRAIN", channel="C1", request="v4")
    world.leases.propose(plan)
    world.turn()
    world.press("lease", plan.id, "start", "UTRAIN")
    world.turn()
    world.awake()
    assert world.thread()[-1].startswith("<@UTRAIN>, `claims-v4` _is awake.")
    assert world.conversations.model_of("C1", world.root) == "support"


def test_who_may_not_spend_asks_who_may_once_and_directly(world: KeptWorld) -> None:
    asked = world.ask("Ev1", "UANN")
    key = key_of(asked).id
    assert [text for text, _ in world.buttons()][-2:] == ["Ask to have it woken", "Forget it"]
    assert "<@UTRAIN>" not in world.thread()[-1], "nobody is pinged unless somebody asks"
    for _ in range(2):
        assert world.kept_by("UANN").ask_to_wake(key, "UANN", LINK) == "UTRAIN"
    world.turn()
    [told] = world.messages.visible("DUTRAIN")
    assert told.message.text == "<@UANN> has a question for `claims-router`, which is asleep, in <#C1>."
    assert LINK in told.message.blocks[0]["text"]["text"]
    assert [each["value"] for each in told.message.blocks[1]["elements"]] == [f"{key}@16.00"]
    assert world.kept_by("UTRAIN").place_of(key, "DUTRAIN") == ("C1", world.root)
    world.memberships.private("C1", "UANN", name="c1")
    with pytest.raises(Refused, match="can read this"):
        world.kept_by("UANN").ask_to_wake(key, "UANN")


def test_nobody_is_asked_to_wake_what_is_on_its_way(world: KeptWorld) -> None:
    """The card of a kept question is drawn anew once a minute, and may still offer it."""
    key = key_of(world.ask("Ev1", "UANN")).id
    world.serve()
    world.turn()
    with pytest.raises(Refused, match="being woken already"):
        world.kept_by("UANN").ask_to_wake(key, "UANN", LINK)
    world.turn()
    assert world.messages.visible("DUTRAIN") == []
    assert ("Ask to have it woken", key) not in world.buttons(), "the press has the card drawn anew"


def test_it_is_forgotten_by_its_asker_alone(world: KeptWorld) -> None:
    asked = world.ask()
    key = key_of(asked).id
    with pytest.raises(NotAllowed):
        world.kept_by("UBOSS").forget(key, "UBOSS")
    assert [each.id for each in world.kept_by("UTRAIN").own()] == [key]
    assert world.kept_by("UBOSS").own() == []
    world.kept_by("UTRAIN").forget(key, "UTRAIN")
    assert world.kept_by("UTRAIN").own() == []
    world.pass_time(5)
    assert world.thread()[1].strip() == ":white_circle: Forgotten, as its asker wanted."
    world.wake()
    world.awake()
    assert len(world.inference.asked) == 1


def test_what_whoever_has_it_forgotten_in_the_moment_of_waking_is_told_holds(world: KeptWorld) -> None:
    """Tried: *Forget it* right before it is asked again, and right after that was written down."""
    asked = world.ask()
    key, real = key_of(asked).id, world.store.unfinished
    world.wake()

    def unfinished(kind: str) -> list[Resource]:
        if kind == kept.KIND and world.at == kept.KIND and not world.kept_of(asked)[0].forgotten:
            world.kept_by("UTRAIN").forget(key, "UTRAIN")
        return real(kind)

    world.store.unfinished = unfinished  # type: ignore[method-assign]
    world.awake()
    assert len(world.inference.asked) == 1, "it is asked no more"
    assert world.kept_of(asked)[1].end is KeptEnd.FORGOTTEN

    late = KeptWorld()
    late.inference.always = (BASE_SAYS,)
    asked = late.ask()
    late.wake()
    late.inference.always = (MODEL_SAYS,)
    late.endpoints.in_service(late.endpoints.only().plan.endpoint_name)
    with pytest.raises(Crash):
        late.crash_when(lambda name: late.at == kept.KIND and late.kept_of(asked)[0].begun)
    with pytest.raises(Refused, match="answers it just now"):
        late.kept_by("UTRAIN").forget(key_of(asked).id, "UTRAIN")
    late.rebuilt().pass_time(80)
    assert MODEL_SAYS in late.thread()[-1]


@pytest.mark.slow
def test_after_a_day_it_is_kept_no_longer_and_its_asker_hears_of_that(world: KeptWorld) -> None:
    asked = world.ask()
    world.pass_time(KEPT_FOR.total_seconds() + 120, step=300)
    assert [each for each in world.thread() if "nobody woke `claims-router` in a day" in each]
    world.wake()
    world.awake()
    assert len(world.inference.asked) == 1
    assert world.kept_of(asked)[1].end is KeptEnd.EXPIRED


def test_so_many_of_one_person_are_kept_and_the_next_is_told(world: KeptWorld) -> None:
    for number in range(PER_PERSON):
        world.ask(f"Ev{number}")
    asked = world.ask("Ev9")
    assert world.kept_of(asked) is None
    assert f"I do not keep this question: {PER_PERSON} of yours are kept already." in world.thread()[-1]
    assert world.kept_of(world.ask("Ev10", "UANN"))


def test_what_is_private_stays_so(world: KeptWorld) -> None:
    world.ask(thread=None, private=True)
    world.wake()
    world.awake()
    [aloud, *_] = world.messages.visible("DUTRAIN")
    said = world.thread("DUTRAIN", aloud.ts)
    assert MODEL_SAYS in said[-1]
    assert not [each for each in world.messages.visible("C1") if "Ev1" in each.message.text]
    with pytest.raises(NotFound):
        world.kept_by("UBOSS").model_of(world.store.of_kind(kept.KIND)[0].key.id)


def test_its_own_answer_is_not_kept_again_when_the_model_sleeps_by_then(world: KeptWorld) -> None:
    world.ask(kept=True)
    assert world.store.of_kind(kept.KIND) == []
    assert world.thread()[0].startswith("`claims-router` is asleep.")


@pytest.mark.slow
def test_killed_anywhere_it_is_told_and_answered_once() -> None:
    """The whole way is walked in one process that dies while it has what is kept, and in another that goes on."""
    for number in kills(_walk(None)):
        _walk(number)


def _walk(kill: int | None) -> list[str]:
    passed: list[str] = []
    world = KeptWorld()
    world.inference.always = (BASE_SAYS,)

    def hook(name: str) -> None:
        if world.at != kept.KIND:
            return
        passed.append(name)
        if len(passed) == kill:
            raise Crash

    steps: list[Callable[[], object]] = [world.ask, world.wake, lambda: world.pass_time(70, 10), world.awake]
    with crashing(hook):
        for step in steps:
            try:
                step()
            except Crash:
                world.rebuilt()
    world.pass_time(300, 20)
    said, died = world.thread(), passed[kill - 1] if kill else ""
    assert sum(MODEL_SAYS in each for each in said) == 1, (kill, died, said)
    assert sum("is awake: its answer is below" in each for each in said) == 1, (kill, died, said)
    return passed


def test_what_was_kept_for_long_waits_for_a_busy_model_as_if_it_were_asked_now(world: KeptWorld) -> None:
    """All that were kept are asked in the moment in which it wakes: it may well ask for patience then."""
    world.ask()
    world.pass_time(4000)
    world.wake()
    world.inference.line_up(*[[Throttled("Slow.", retry_after=20)]] * 6)
    world.awake()
    world.pass_time(200)
    assert MODEL_SAYS in world.thread()[-1]


def test_what_was_kept_counts_in_the_month_in_which_it_is_answered() -> None:
    world = KeptWorld(profile="nova-lite")
    world.inference.always = (BASE_SAYS,)
    world.clock.advance((datetime(2026, 11, 30, 23, 30, tzinfo=UTC) - world.clock.now()).total_seconds())
    world.turn()
    world.ask()
    world.pass_time(3600)
    assert f"{world.clock.now():%m}" == "12"
    world.deploying.deploy(model=MODEL, owner="UBOSS", channel="C1", request="press")
    world.turn()
    world.inference.always = (MODEL_SAYS,)
    world.deployments.active()
    world.pass_time(80)
    assert MODEL_SAYS in world.thread()[-1]
    counted = {each.model: each.month for each in world.ledger.kept.values()}
    assert counted == {"nova-lite": "2026-11", MODEL: "2026-12"}
