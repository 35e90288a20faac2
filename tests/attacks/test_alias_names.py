"""An alias named like somebody else's model opens nothing of that model: what is kept is found by what it is."""

import json
from dataclasses import replace

import pytest

from bot.controller.documents import dump
from bot.controller.model import Done, Key
from bot.errors import BadField, NotFound, Refused, Unavailable
from bot.models.model import ModelLabel
from bot.questions.answerer import Question
from bot.questions.model import KIND as QUESTION
from bot.questions.model import QuestionStatus, key_of
from bot.visibility import Viewer
from tests.attacks.two_channels import (
    ALIAS,
    DEPLOYED,
    INSIDER,
    MODEL,
    OTHER,
    OUTSIDER,
    PRIVATE,
    PUBLIC,
    SECRET,
    TwoChannels,
)
from tests.unit.jobs.samples import model

DOORS = {
    "release": ("lease.release_another", "lease"),
    "extend": ("lease.extend", "lease"),
    "remove": ("deployment.remove_another", "deployment"),
}


def with_names_of_private_models(channel: str = PUBLIC) -> TwoChannels:
    it = TwoChannels()
    for name in (MODEL, DEPLOYED):
        it.services_for(Viewer(OUTSIDER, channel)).aliases.point(name, "claims-router", OUTSIDER)
    it.told()
    return it


@pytest.mark.parametrize("channel", [PUBLIC, "D1"])
def test_nothing_that_runs_is_found_by_an_alias(channel: str) -> None:
    """Tried: aliases named like the leased and deployed models of a private channel, then all that lists what runs."""
    it = with_names_of_private_models(channel)
    services = it.services_for(Viewer(OUTSIDER, channel))
    assert (services.leases.live(), services.deployments.live(), services.serving.live_names()) == (
        [],
        [],
        [],
    )
    for kind in ("lease", "deployment"):
        assert services.directory.resource(kind, it.ids[kind]) is None
        with pytest.raises(NotFound):
            services.votes.vote(Key(kind, it.ids[kind]), "start", OUTSIDER)
    for name in (None, MODEL, DEPLOYED):
        with pytest.raises(Refused, match="`claims-router` is asleep"):
            services.serving.answerer(name, channel)
    it.door.command("cost", channel_id=channel)
    it.door.event({"type": "app_home_opened", "user": OUTSIDER, "tab": "home", "channel": "D1"})
    told = json.dumps(it.told())
    for name in (MODEL, DEPLOYED):  # what they called it themselves
        told = told.replace(f"*`{name}`* is `claims-router`", "")
    assert SECRET not in told


@pytest.mark.parametrize("door", DOORS)
def test_no_press_reaches_what_an_alias_is_named_like(door: str) -> None:
    """Tried: the buttons of another's lease and deployment, with an alias of their model's name at hand."""
    it = with_names_of_private_models()
    action, kind = DOORS[door]
    before = it.world.store.of_kind(kind)[0].spec
    it.door.press(action, f"{it.ids[kind]} 60" if door == "extend" else it.ids[kind])
    assert it.world.store.of_kind(kind)[0].spec == before
    assert SECRET not in json.dumps(it.told())


def test_a_name_that_another_model_has_by_now_opens_nothing_of_the_first() -> None:
    it = TwoChannels()
    services = it.services_for(Viewer(OUTSIDER, PUBLIC))
    it.world.models.save(replace(model(MODEL), arn=f"{model().arn}-again"))
    assert services.directory.stored_model(MODEL) is not None, "the name is another model's now"
    assert services.leases.live() == []
    inside = it.services_for(Viewer(INSIDER, PRIVATE))
    assert [each.model_name for each in inside.leases.live()] == [MODEL]


# Where an alias is changed, shown, and counts


def said(it: TwoChannels, typed: str, *, by: str = OUTSIDER, channel: str = PUBLIC, slash: str = "") -> str:
    it.told()
    it.door.user = by
    it.door.command(typed, channel_id=channel, **({"slash": slash} if slash else {}))
    return json.dumps(it.told(), ensure_ascii=False)


def support() -> TwoChannels:
    """Return a bot with an alias in the public channel that has stood for two models."""
    it = TwoChannels(secrets=False)
    for name in ("claims-router", "claims-nova"):
        it.services_for(Viewer(OUTSIDER, PUBLIC)).aliases.point("support", name, OUTSIDER)
    return it


def stands(it: TwoChannels) -> list[tuple[str, str, bool, str]]:
    names = {each.arn: each.name for each in it.world.models.all()}
    return [(each.name, each.channel, each.on, names[each.now.arn]) for each in it.world.aliases.all()]


PRESSES = {
    "back": ("alias.back", "support C1 2"),
    "promote": ("alias.promote", "support C1 2 claims-router"),
    "back of an old card": ("alias.back", "support 2"),
    "promote of an old card": ("alias.promote", "support claims-router"),
}
TYPED = ("alias support back", "alias support off")


@pytest.mark.parametrize("channel", [OTHER, "D1"])
@pytest.mark.parametrize("door", [*PRESSES, *TYPED])
def test_an_alias_is_changed_in_its_own_channel_alone(door: str, channel: str) -> None:
    """Tried: another channel's alias set back or taken off, by button and by command."""
    it = support()
    before = stands(it)
    if door in PRESSES:
        it.door.press(*PRESSES[door], channel={"id": channel})
        told = json.dumps(it.told(), ensure_ascii=False)
    else:
        told = said(it, door, channel=channel)
    assert stands(it) == before, "neither that one changed nor another one came to be"
    assert "in_channel" not in told
    assert "everybody there reads it" in told or "from long ago" in told


@pytest.mark.parametrize("door", ["back", "promote", *TYPED])
def test_its_channel_reads_of_a_change_and_who_made_it(door: str) -> None:
    it = support()
    if door in PRESSES:
        it.door.press(*PRESSES[door])
        told = json.dumps(it.told(), ensure_ascii=False)
    else:
        told = said(it, door)
    assert "in_channel" in told
    assert f"<@{OUTSIDER}>" in told
    assert stands(it)[0][2:] == ((False, "claims-nova") if "off" in door else (True, "claims-router"))


@pytest.mark.parametrize("rest", ["", " back", " off", " claims-router"])
def test_a_private_channels_alias_is_shown_nowhere_else(rest: str) -> None:
    """Tried: the names of a private channel's aliases, looked for from outside."""
    it = TwoChannels()
    it.inside().aliases.point(ALIAS, DEPLOYED, INSIDER)
    told = said(it, f"alias {ALIAS}{rest}", by=INSIDER)
    assert "in_channel" not in told or MODEL not in told
    assert DEPLOYED not in told or '"ephemeral"' in told
    assert it.inside().aliases.find(ALIAS).now.model == DEPLOYED


def test_a_press_twice_promotes_once() -> None:
    it = support()
    for _ in range(2):
        it.door.press(*PRESSES["promote"])
    assert "was changed meanwhile" in json.dumps(it.told())
    assert it.world.aliases.all()[0].edition == 3


def test_a_model_that_is_named_so_elsewhere_takes_no_alias_away() -> None:
    it = support()
    it.world.models.save(replace(model("support", channel=OTHER), arn=f"{model().arn}-s", owner="UX"))
    services = it.services_for(Viewer(OUTSIDER, PUBLIC))
    with pytest.raises(Refused, match="`claims-nova` is asleep"):
        services.serving.answerer("support", PUBLIC)
    assert "claims-nova" in said(it, "alias support")
    assert "stands for no model" in said(it, "alias support off")


def test_an_alias_that_is_seen_is_a_taken_name_and_one_that_is_not_seen_is_none() -> None:
    it = support()
    jobs = it.inside().jobs
    assert "support" in jobs.taken().models
    found = it.services_for(Viewer(OUTSIDER, PUBLIC))
    claims = found.directory.dataset("claims")
    assert claims
    drafted = found.jobs.defaults(claims)
    with pytest.raises(BadField, match="`Support` is an alias"):
        found.jobs.draft(
            dataset="claims",
            profile="claude-3-haiku",
            job_name="another",
            model_name="Support",
            hyperparameters={each.name: each.value for each in drafted.hyperparameters},
            validation_dataset=None,
            owner=OUTSIDER,
            channel=PUBLIC,
        )
    private = TwoChannels()
    assert ALIAS in private.inside().jobs.taken().models
    assert ALIAS not in private.services_for(Viewer(OUTSIDER, PUBLIC)).jobs.taken().models


@pytest.mark.parametrize("name", ["how", "What", "back", "to", "off", "nova-lite", "serve", "please"])
def test_what_people_write_for_something_else_is_no_alias(name: str) -> None:
    it = TwoChannels(secrets=False)
    assert "Give the alias another name" in said(it, f"alias {name} claims-router")
    assert it.world.aliases.all() == []


def test_an_alias_takes_the_first_word_of_questions_in_its_own_channel_alone() -> None:
    it = support()
    for channel, asked in ((PUBLIC, "support"), (OTHER, None), ("D1", "support")):
        said(it, "support my appeal", channel=channel, slash="/ask")
        found = it.services_for(Viewer(OUTSIDER, channel)).aliases.names()
        assert found == ([asked] if asked else [])
    asked_of = {
        each.spec["question"]["channel"]: each.spec["question"]["model"]
        for each in it.world.store.of_kind("question")
    }
    assert asked_of == {PUBLIC: "support", OTHER: None, "D1": "support"}
    it.world.memberships.leave(PUBLIC, OUTSIDER)
    assert it.services_for(Viewer(OUTSIDER, "D1")).aliases.names() == []


@pytest.mark.parametrize(
    ("answered_by", "asks"), [("claims-nova", "support"), ("claims-router", "claims-router")]
)
def test_ask_again_goes_by_the_alias_while_that_stands_for_what_answered(answered_by: str, asks: str) -> None:
    """A thread that talks to an alias follows it on, whoever presses *Ask again* in it."""
    it = support()
    services = it.services_for(Viewer(OUTSIDER, PUBLIC))
    asked = Question("Q1", "Why?", PUBLIC, OUTSIDER, "T1", "1.0", "support")
    services.questions.ask(asked)
    for claim in it.world.store.claim(10, {QUESTION: 30.0}):
        status = QuestionStatus(told=True, model=answered_by, partner="support")
        it.world.store.commit(claim, {QUESTION: dump(status)}, Done())
    services.questions.again(key_of(asked).id, "t1", OUTSIDER, "T1")
    found = it.world.store.get(key_of(replace(asked, id="t1")))
    assert found is not None
    assert found.spec["question"]["model"] == asks


@pytest.mark.parametrize("channels", [(PUBLIC, OTHER), (OTHER, PUBLIC)])
def test_of_two_channels_aliases_of_one_name_a_direct_message_means_what_changed_last(
    channels: tuple[str, str],
) -> None:
    it = TwoChannels(secrets=False)
    said(it, "share claims-router with #general")
    for channel in channels:
        it.services_for(Viewer(OUTSIDER, channel)).aliases.point("support", "claims-router", OUTSIDER)
        it.world.clock.advance(60)
    found = it.services_for(Viewer(OUTSIDER, "D1")).directory.aliases.named("support")
    assert found is not None
    assert found.channel == channels[1]


def test_it_stands_for_the_same_for_everybody_when_a_model_answers_there_no_more() -> None:
    it = TwoChannels()
    said(it, f"share {MODEL} with #claims-ai", by=INSIDER, channel=PRIVATE)
    for name in ("claims-nova", MODEL):
        it.services_for(Viewer(INSIDER, PUBLIC)).aliases.point("desk", name, INSIDER)
    said(it, f"unshare {MODEL} with #claims-ai", by=INSIDER, channel=PRIVATE)
    (news,) = it.world.store.of_kind("notification")
    assert news.spec["user"] == PUBLIC
    assert news.spec["text"].startswith("`desk` is `claims-nova` again")
    said(it, "desk my appeal", slash="/ask")
    assert len(it.world.store.of_kind("notification")) == 1, "the channel reads so once"
    for user in (INSIDER, OUTSIDER):
        services = it.services_for(Viewer(user, PUBLIC))
        with pytest.raises(Refused, match="`claims-nova` is asleep"):
            services.serving.answerer("desk", PUBLIC)
        assert services.aliases.find("desk").now.model == "claims-nova"


def test_a_private_alias_is_named_in_no_other_channels_answer() -> None:
    it = TwoChannels()
    said(it, f"share {MODEL} with #claims-ai", by=INSIDER, channel=PRIVATE)
    services = it.services_for(Viewer(INSIDER, PUBLIC))
    assert services.serving.answerer(MODEL, PUBLIC).alias == ""
    with pytest.raises(NotFound):
        services.serving.answerer(ALIAS, PUBLIC)


@pytest.mark.parametrize("left", ["claims-nova", ""])
def test_the_channel_reads_with_the_next_question_what_nobody_told_it_of(left: str) -> None:
    it = TwoChannels(secrets=False)
    aliases = it.services_for(Viewer(OUTSIDER, PUBLIC)).aliases
    for name in (left, "claims-router") if left else ("claims-router",):
        aliases.point("support", name, OUTSIDER)
    now = it.world.clock.now()
    gone = ModelLabel(model().arn, "j", "claims-router", "claims-router", OUTSIDER, now, deleted=True)
    it.world.models.label(lambda: gone)
    for channel in (OTHER, PUBLIC, PUBLIC):
        said(it, "support what now?", channel=channel, slash="/ask")
    (news,) = it.world.store.of_kind("notification")
    assert ("is `claims-nova` again" if left else "stands for nothing") in news.spec["text"]
    it.world.pass_time(5)
    posted = [each for each in it.world.messages.visible() if "`support`" in each.message.text]
    assert [each.channel for each in posted] == [PUBLIC]


def test_nothing_is_told_of_an_alias_while_slack_does_not_say_what_a_channel_is() -> None:
    it = TwoChannels(secrets=False)
    it.world.models.save(replace(model("elsewhere", channel=OTHER), arn=f"{model().arn}-e"))
    services = it.services_for(Viewer(OUTSIDER, PUBLIC))
    services.aliases.point("support", "elsewhere", OUTSIDER)
    it.world.memberships.away = Unavailable("Slack is away.")
    it.services_for(Viewer(OUTSIDER, PUBLIC)).aliases.tell_fallen()
    assert it.world.store.of_kind("notification") == []
