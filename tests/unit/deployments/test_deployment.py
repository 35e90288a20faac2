"""An on-demand deployment, from the wish until somebody removes it: each effect once, whatever dies."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.account.reconciler import registration
from bot.controller.model import Key
from bot.deployments.cards import DeploymentCard, DeploymentIdle
from bot.deployments.model import DeploymentPhase
from bot.deployments.quotas import Quota
from bot.errors import Misconfigured, NotAllowed, Refused, Throttled, UnknownOutcome
from bot.leases.drafting import freeze
from bot.models.model import CustomModel, ModelLabel
from bot.models.serving import ServedState
from bot.questions.answerer import Asleep
from bot.spending import undo
from bot.spending.ledger import Entry, SpendingKind
from tests.doubles.bedrock import Fault
from tests.doubles.world import World
from tests.tables import table
from tests.unit.jobs.samples import model

OLD, NEW = model("claims-nova", profile="nova-lite"), model("claims-nova-2", profile="nova-lite")
NEWER = replace(NEW, created=OLD.created + timedelta(days=1))
REGION = OLD.region


def known(*models: CustomModel) -> World:
    world = World()
    for each in models or (OLD, NEWER):
        world.models.save(each)
    return world


@pytest.fixture
def world() -> World:
    return known()


def deployed(world: World, name: str = OLD.name, request: str = "trigger-1") -> str:
    found = world.deploying.deploy(model=name, owner="UTRAIN", channel="C1", request=request)
    world.turn()
    return found


def running(world: World) -> str:
    found = deployed(world)
    world.deployments.active()
    world.pass_time(20)
    return found


def card(world: World) -> DeploymentCard:
    return [each for each in world.renderer.cards if isinstance(each, DeploymentCard)][-1]


def told(world: World) -> list[str]:
    return [each.message.text.partition(": ")[2] for each in world.said("DeploymentMilestone")]


# Its life


def test_it_is_made_at_once_stays_and_is_removed_when_somebody_says_so(world: World) -> None:
    made = deployed(world)
    assert card(world).view.phase is DeploymentPhase.CREATING
    marks = world.deployments.only().tags
    assert marks["tunesmith-deployment"] == made
    assert "release-by" not in marks, "nothing ends it by itself"

    world.deployments.active()
    world.pass_time(20)
    assert told(world) == [
        "`claims-nova` is in service, and stays so. Nothing is billed while nobody asks. Ask it with `/ask`."
    ]
    answerer = world.serving.answerer(None, "C1")
    assert (answerer.endpoint_arn, answerer.by_token) == (world.deployments.only().arn, True)
    world.pass_time(60 * 60, step=300)
    assert len(told(world)) == 1
    assert world.deployments.only().arn

    world.deploying.remove(made, "UTRAIN")
    world.turn()
    assert card(world).view.is_undoable
    assert world.serving.answerer(OLD.name, "C1").model_name == OLD.name, "until then it answers"
    world.pass_time(15)
    assert told(world)[1:] == ["<@UTRAIN> removed `claims-nova`: AWS confirms it. The model stays."]
    world.pass_time(120)
    assert world.deployments.there == {}
    assert card(world).view.phase is DeploymentPhase.REMOVED
    with pytest.raises(Asleep) as asleep:
        world.serving.answerer(OLD.name, "C1")
    assert asleep.value.hint == (
        "Wake it with `/tune serve claims-nova`: it costs nothing while idle, and questions are billed by the token."
    )


def test_what_the_account_may_ask_a_minute_is_known_to_whoever_asks(world: World) -> None:
    sums = "(Model customization) Sum of on demand custom model deployment"
    world.account_quotas.quotas = (
        Quota(f"{sums} requests per minute for Amazon Nova Lite", 4),
        Quota(f"{sums} requests per minute for Amazon Nova 2 Lite", 400),
        Quota("On-demand model inference requests per minute for Amazon Nova Lite", 2_000),
    )
    running(world)
    assert card(world).view.quotas.requests == 4
    assert world.serving.answerer(None, "C1").a_minute == 4


def test_a_look_costs_one_call_in_ten_minutes(world: World) -> None:
    running(world)
    before = world.deployments.calls["get"]
    world.pass_time(3600, step=60)
    assert world.deployments.calls["get"] - before <= 7


def test_one_model_is_deployed_once_and_a_lease_of_it_is_not_sold(world: World) -> None:
    first = running(world)
    assert deployed(world, request="trigger-1") == first, "the same press"
    with pytest.raises(Refused, match="deployed already"):
        deployed(world, request="trigger-2")
    with pytest.raises(Refused, match="needs no lease"):
        world.leases.plan(model=OLD.name, minutes=60, owner="UTRAIN", channel="C1", request="r")
    assert world.deployments.made == [world.deployments.only().name]


def test_after_its_removal_it_can_be_deployed_anew(world: World) -> None:
    world.deploying.remove(running(world), "UTRAIN")
    world.pass_time(120)
    assert deployed(world, request="trigger-2")
    assert len(world.deployments.made) == 2


def test_a_model_that_is_served_by_the_hour_is_not_deployed() -> None:
    world = known(model())
    with pytest.raises(Refused, match="by the hour") as refused:
        deployed(world, "claims-router")
    assert "/tune serve claims-router for 1h" in refused.value.hint


def test_only_whoever_may_spend_deploys_and_only_whoever_may_end_it_removes(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.deploying.deploy(model=OLD.name, owner="UASKER", channel="C1", request="r")
    made = running(world)
    for act in (world.deploying.remove, world.deploying.keep):
        with pytest.raises(NotAllowed):
            act(made, "UASKER")
    assert len(world.deployments.there) == 1


def test_its_owner_is_told_who_else_removed_it(world: World) -> None:
    made = running(world)
    with pytest.raises(Refused, match="<@UTRAIN> deployed this"):
        world.deploying.remove(made, "UBOSS")
    world.deploying.remove(made, "UBOSS", of_another=True)
    world.pass_time(120)
    [notice] = world.said("<@UBOSS> removed")
    assert notice.message.text == "<@UBOSS> removed `claims-nova`, which you deployed in <#C1>."
    with pytest.raises(Refused, match="<@UBOSS> has removed it"):
        world.deploying.remove(made, "UTRAIN")


def test_one_that_is_removed_before_it_is_made_never_is(world: World) -> None:
    made = world.deploying.deploy(model=OLD.name, owner="UTRAIN", channel="C1", request="r")
    world.deploying.remove(made, "UTRAIN")
    world.turn()
    assert world.deployments.made == [], "nor while that can be taken back"
    world.pass_time(120)
    assert world.deployments.made == []
    assert card(world).view.phase is DeploymentPhase.REMOVED


def test_one_that_is_still_being_made_is_removed_once_bedrock_lets_it(world: World) -> None:
    world.deploying.remove(deployed(world), "UTRAIN")
    world.pass_time(120)
    assert len(world.deployments.there) == 1, "Bedrock removes nothing that it is making"
    with pytest.raises(Asleep, match="asleep"):
        world.serving.answerer(OLD.name, "C1")
    world.deployments.active()
    world.pass_time(120)
    assert world.deployments.there == {}


def test_what_somebody_removed_at_aws_is_told_once_it_is_sure(world: World) -> None:
    running(world)
    kept = dict(world.deployments.there)
    for _ in range(2):  # a moment in which Bedrock does not know it, or a read goes wrong, is no end
        world.deployments.there.clear()
        world.pass_time(900, step=60)
        assert not any("not there any more" in each for each in told(world))
        world.deployments.there.update(kept)
        world.pass_time(660, step=60)
    world.deployments.there.clear()
    world.pass_time(1320, step=60)
    assert told(world)[-1] == (
        "`claims-nova` is not there any more: somebody removed it at AWS. `/tune serve claims-nova` deploys it again."
    )


# What goes wrong


def test_bedrock_that_could_not_make_it_leaves_nothing_behind(world: World) -> None:
    deployed(world)
    world.deployments.fail("An internal error occurred.")
    world.pass_time(60)
    assert world.deployments.there == {}
    assert card(world).view.phase is DeploymentPhase.FAILED
    assert "`/tune serve claims-nova` tries again" in told(world)[-1]


REFUSALS: dict[str, tuple[Callable[[World], None], str]] = {
    "refused": (
        lambda world: world.deployments.order("create", Fault(Refused("No.", hint="Do that."))),
        "Bedrock would not deploy it. No. Do that. Nothing was billed.",
    ),
    "not allowed": (
        lambda world: world.deployments.order("create", Fault(Misconfigured("Denied.", hint="Allow it."))),
        "Bedrock would not deploy it. Denied. Allow it. Nothing was billed.",
    ),
}


@pytest.mark.parametrize(("name", "row"), REFUSALS.items())
def test_a_refusal_is_told(name: str, row: tuple[Callable[[World], None], str]) -> None:
    world, (order, said) = known(), row
    order(world)
    deployed(world)
    world.pass_time(60)
    assert told(world) == [said], name
    assert deployed(world, request="trigger-2"), "it may be asked for again"


def test_a_full_account_is_waited_for_and_not_asked_in_vain(world: World) -> None:
    world.account_quotas.quotas = (Quota("(Model customization) In-progress custom model deployments", 1),)
    deployed(world)
    deployed(world, NEW.name, "trigger-2")
    assert world.deployments.calls["create"] == 1
    assert told(world)[-1] == (
        "This account may make 1 deployment at the same time, and does so now. I try again by myself; nothing is "
        "billed meanwhile."
    )
    world.deployments.active()
    world.pass_time(120)
    assert len(world.deployments.made) == 2


def test_without_the_quota_bedrocks_own_refusal_is_waited_out(world: World) -> None:
    world.deployments.at_once = 1
    deployed(world)
    deployed(world, NEW.name, "trigger-2")
    world.pass_time(60)
    world.deployments.active()
    world.pass_time(120)
    assert len(world.deployments.made) == 2


def test_a_removal_that_is_not_allowed_is_told_once_and_tried_less_and_less(world: World) -> None:
    made = running(world)
    world.deployments.denied["delete"] = Misconfigured("AWS does not allow me to do this.")
    world.deploying.remove(made, "UTRAIN")
    world.pass_time(3600, step=30)
    assert [each for each in told(world) if "does not allow" in each] == [
        "AWS does not allow me to do this. I try again by myself; nothing is billed meanwhile."
    ]
    assert 5 <= world.deployments.calls["delete"] <= 15
    del world.deployments.denied["delete"]
    world.pass_time(660, step=30)
    assert world.deployments.there == {}


def test_a_removal_that_was_not_allowed_for_days_is_tried_on(world: World) -> None:
    made = running(world)
    world.deployments.denied["delete"] = Misconfigured("AWS does not allow me to do this.")
    world.deploying.remove(made, "UTRAIN")
    world.pass_time(60)
    row = world.store._rows[Key("deployment", made)]
    status = json.loads(row.status)
    assert status["deployment"]["denials"]
    status["deployment"]["denials"] = 1100  # it was tried every five minutes since, for some four days
    row.status = json.dumps(status)
    before = world.deployments.calls["delete"]
    world.pass_time(700, step=60)
    assert 2 <= world.deployments.calls["delete"] - before <= 4
    del world.deployments.denied["delete"]
    world.pass_time(660, step=60)
    assert world.deployments.there == {}


@pytest.mark.slow
def test_a_trouble_that_comes_back_is_told_again_and_one_that_goes_on_once(world: World) -> None:
    running(world)
    for times in (1, 2):
        world.deployments.denied["get"] = Misconfigured("AWS does not allow me to do this.")
        world.pass_time(3600, step=60)
        assert len([each for each in told(world) if "does not allow" in each]) == times
        del world.deployments.denied["get"]
        world.pass_time(1800, step=60)
        assert not card(world).view.trouble


def test_a_lost_answer_makes_no_second_one(world: World) -> None:
    world.deployments.order("create", Fault(UnknownOutcome("Lost."), took_effect=True))
    deployed(world)
    world.pass_time(120)
    assert len(world.deployments.made) == 1
    assert card(world).view.phase is DeploymentPhase.CREATING


# A newer model


def replaced(world: World) -> str:
    made = running(world)
    world.deploying.replace(model=NEW.name, deployment=made, by="UTRAIN", channel="C1")
    world.turn()
    return made


def test_a_newer_model_takes_the_place_behind_the_same_address(world: World) -> None:
    replaced(world)
    arn = world.deployments.only().arn
    assert {each.model_name: each.state for each in world.deploying.served()} == {
        OLD.name: ServedState.IN_SERVICE,
        NEW.name: ServedState.WAKING,
    }
    assert world.serving.answerer(OLD.name, "C1").endpoint_arn == arn, "until then the other goes on"
    with pytest.raises(Asleep, match="waking up"):
        world.serving.answerer(NEW.name, "C1")
    world.pass_time(120)
    assert world.deployments.updates == [NEW.arn], "it is asked for once, and followed"

    world.deployments.updated()
    world.pass_time(20)
    assert told(world)[-1] == "`claims-nova-2` answers now in place of `claims-nova`, at the same address."
    assert world.serving.answerer(NEW.name, "C1").endpoint_arn == arn
    with pytest.raises(Asleep):
        world.serving.answerer(OLD.name, "C1")
    assert world.deployments.only().tags["model"] == NEW.name


def test_a_change_whose_answer_was_lost_is_settled_by_looking() -> None:
    for took_effect in (True, False):
        world = known()
        made = running(world)
        world.deployments.order("update", Fault(UnknownOutcome("Lost."), took_effect=took_effect))
        world.deploying.replace(model=NEW.name, deployment=made, by="UTRAIN", channel="C1")
        world.pass_time(120)
        assert world.deployments.updates == [NEW.arn]
        world.deployments.updated()
        world.pass_time(30)
        assert world.serving.answerer(NEW.name, "C1").model_name == NEW.name


def test_a_model_that_is_only_on_its_way_is_not_told_as_there(world: World) -> None:
    replaced(world)
    world.deployments.only().model_arn = NEW.arn  # AWS does not say what it shows of it meanwhile
    world.pass_time(60)
    assert len(told(world)) == 1
    assert world.serving.answerer(OLD.name, "C1").model_name == OLD.name
    world.deployments.updated()
    world.pass_time(20)
    assert "answers now in place of" in told(world)[-1]


def test_an_update_that_fails_leaves_the_one_before_and_may_be_asked_for_again(world: World) -> None:
    made = replaced(world)
    world.deployments.updated(fails=True)
    world.pass_time(1200, step=15)
    assert world.deployments.updates == [NEW.arn]
    assert told(world)[-1] == (
        "`claims-nova-2` did not take the place of `claims-nova`, which goes on answering. Bedrock could not change "
        "the model."
    )
    with pytest.raises(Asleep, match="is asleep"):
        world.serving.answerer(NEW.name, "C1")
    world.deploying.replace(model=NEW.name, deployment=made, by="UTRAIN", channel="C1")
    world.turn()
    world.deployments.updated()
    world.pass_time(20)
    assert world.serving.answerer(NEW.name, "C1").model_name == NEW.name


def test_an_update_that_is_not_allowed_is_told_and_the_deployment_lives(world: World) -> None:
    made = running(world)
    world.deployments.denied["update"] = Misconfigured("AWS does not allow me to do this.", hint="Allow it.")
    world.deploying.replace(model=NEW.name, deployment=made, by="UTRAIN", channel="C1")
    world.pass_time(1200, step=15)
    assert world.deployments.calls["update"] == 1
    assert "AWS does not allow me to do this. Allow it." in told(world)[-1]
    assert world.serving.answerer(OLD.name, "C1").model_name == OLD.name


def test_of_two_wishes_the_last_answers_in_the_end(world: World) -> None:
    third = replace(NEWER, name="claims-nova-3", arn=NEW.arn[:-1] + "f")
    world.models.save(third)
    made = replaced(world)
    world.deploying.replace(model=third.name, deployment=made, by="UTRAIN", channel="C1")
    world.pass_time(60)
    assert world.deployments.updates == [NEW.arn], "one after another"
    world.deployments.updated()
    world.pass_time(60)
    world.deployments.updated()
    world.pass_time(60)
    assert world.deployments.updates == [NEW.arn, third.arn]
    assert world.serving.answerer(third.name, "C1").model_name == third.name


def test_another_base_or_a_model_that_is_deployed_already_takes_no_place(world: World) -> None:
    other = model("router-micro", profile="nova-micro")
    world.models.save(other)
    made = running(world)
    with pytest.raises(Refused, match="another base"):
        world.deploying.replace(model=other.name, deployment=made, by="UTRAIN", channel="C1")
    deployed(world, NEW.name, "trigger-2")
    with pytest.raises(Refused, match="deployed already"):
        world.deploying.replace(model=NEW.name, deployment=made, by="UTRAIN", channel="C1")


def test_the_place_of_one_of_the_same_base_and_data_is_offered(world: World) -> None:
    assert world.deploying.offer(NEW.name) is None
    made = running(world)
    offer = world.deploying.offer(NEW.name)
    assert offer is not None
    assert (offer.before, offer.deployment_id) == (OLD.name, made)
    world.models.save(replace(NEWER, dataset_name="other"))
    assert world.deploying.offer(NEW.name) is None, "other data"


# Nobody asks


def idle(world: World) -> list[DeploymentIdle]:
    return list(dict.fromkeys(each for each in world.renderer.cards if isinstance(each, DeploymentIdle)))


@pytest.mark.slow
def test_who_deployed_what_nobody_asks_is_told_once_a_week_and_may_keep_it(world: World) -> None:
    made = running(world)
    world.pass_time(29 * 86_400, step=43_200)
    assert idle(world) == []
    world.pass_time(2 * 86_400, step=43_200)
    assert len(world.said("DeploymentIdle")) == 1
    world.pass_time(7 * 86_400, step=43_200)
    assert len(world.said("DeploymentIdle")) == 2
    world.deploying.keep(made, "UTRAIN")
    world.pass_time(20 * 86_400, step=86_400)
    assert len(world.said("DeploymentIdle")) == 2


@pytest.mark.slow
def test_what_is_asked_under_another_name_by_now_is_not_idle(world: World) -> None:
    running(world)
    label = ModelLabel(OLD.arn, OLD.job_id, OLD.name, "triage", "UTRAIN", world.clock.now(), (OLD.name,))
    world.models.label(lambda: label)
    world.pass_time(31 * 86_400, step=43_200)
    asked = Entry(
        "question:1",
        SpendingKind.QUESTION,
        "UASK",
        "C1",
        "triage",
        OLD.profile,
        "",
        world.clock.now(),
        Decimal(0),
    )
    world.ledger.reserve([asked], [])
    world.ledger.settle(asked, Decimal(0))
    told_before = len(world.said("DeploymentIdle"))
    world.pass_time(20 * 86_400, step=43_200)
    assert len(world.said("DeploymentIdle")) == told_before == 1
    assert card(world).view.last_asked


# Crashes

CRASHES = [
    *(
        (point, 1)
        for point in (
            "before-create-deployment",
            "after-create-deployment",
            "before-update-deployment",
            "after-update-deployment",
            "before-tag-deployment",
            "after-tag-deployment",
            "before-delete-deployment",
            "after-delete-deployment",
        )
    ),
    *((point, number) for point in ("before-commit", "after-commit") for number in (1, 3, 5)),
]


@pytest.mark.slow
def test_a_crash_anywhere_does_each_thing_once() -> None:
    with table() as row:
        for point, occurrence in CRASHES:
            with row(point, occurrence):
                _lived_through(point, occurrence)


def _lived_through(point: str, occurrence: int) -> None:
    world = known()
    made = world.deploying.deploy(model=OLD.name, owner="UTRAIN", channel="C1", request="r")

    deaths: list[bool] = []

    def died() -> None:
        deaths.append(world.crash_at(point, occurrence))
        world.pass_time(180, step=15)

    died()
    world.deployments.active()
    world.clock.advance(20)
    died()
    world.deploying.replace(model=NEW.name, deployment=made, by="UTRAIN", channel="C1")
    died()
    world.deployments.updated()
    world.clock.advance(20)
    died()
    world.deploying.remove(made, "UTRAIN")
    world.turn()
    world.clock.advance(undo.SECONDS)
    died()

    assert any(deaths), "it was never passed"
    assert len(world.deployments.made) == 1
    assert world.deployments.updates == [NEW.arn]
    assert len(world.deployments.deleted) == 1
    said = told(world)
    assert len(said) == len(set(said)) == 3, said
    assert world.deployments.there == {}


# Found again


def test_an_emptied_store_finds_it_again_by_its_tags_and_makes_nothing(world: World) -> None:
    made = replaced(world)
    world.deployments.updated()
    world.pass_time(20)
    world.forget()
    world.models.save(OLD)
    world.models.save(NEWER)
    world.store.register(registration(REGION))
    world.pass_time(60)

    [view] = world.deploying.live()
    assert (view.id, view.model_name, view.phase) == (made, NEW.name, DeploymentPhase.IN_SERVICE)
    assert world.serving.answerer(NEW.name, "C1").endpoint_arn == world.deployments.only().arn
    assert len(world.deployments.made) == 1
    assert any("follow it again" in each for each in told(world))
    world.deploying.remove(made, "UTRAIN")
    world.pass_time(120)
    assert world.deployments.there == {}


def test_one_that_is_found_again_and_removed_before_its_first_turn_is_removed(world: World) -> None:
    """Tried: *Remove* pressed between the look at the account and the turn of what it found."""
    running(world)
    world.forget()
    world.models.save(NEW)
    world.store.register(registration(REGION))
    world.controller.tick(limit=1)
    [view] = world.deploying.live()
    world.deploying.remove(view.id, "UTRAIN")
    world.pass_time(300, step=10)

    assert world.deploying.live() == []
    assert world.deployments.there == {}
    assert len(world.deployments.deleted) == 1


def test_one_that_is_found_again_and_not_known_for_a_moment_is_followed_all_the_same(world: World) -> None:
    running(world)
    world.forget()
    world.models.save(NEW)
    world.store.register(registration(REGION))
    world.controller.tick(limit=1)
    kept = dict(world.deployments.there)
    world.deployments.there.clear()
    world.pass_time(300, step=60)
    world.deployments.there.update(kept)
    world.pass_time(120, step=60)
    [view] = world.deploying.live()
    assert view.phase is DeploymentPhase.IN_SERVICE
    assert not any("not there any more" in each for each in told(world))


def test_what_no_tunesmith_made_is_left_alone(world: World) -> None:
    running(world)
    world.deployments.only().tags.clear()
    world.forget()
    world.store.register(registration(REGION))
    world.pass_time(1300, step=30)
    assert world.deploying.live() == []
    assert len(world.deployments.there) == 1


def test_the_net_under_leases_leaves_deployments_alone_and_says_nothing(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    running(world)
    plan = freeze(OLD, minutes=60, longest=480, owner="U1", channel="C1", request="r")
    world.endpoints.create(plan, world.deployments.only().tags)
    world.store.register(registration(REGION))
    world.pass_time(1300, step=30)
    assert len(world.endpoints.endpoints) == 1
    assert "left alone" not in caplog.text


def test_throttling_is_waited_out(world: World) -> None:
    world.deployments.order("get", Fault(Throttled("Slow down.", retry_after=5.0)))
    deployed(world)
    world.pass_time(60)
    assert len(world.deployments.made) == 1
