"""Somebody outside of a private channel reaches for what came from it, at every door there is.

What must happen: nothing that is said, opened or written down differs from a bot in which nothing of that exists. So
there is no list, no name, no hint at a near name, no count, and no *I may not show you that* either.
"""

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.access import Access
from bot.controller.model import Key
from bot.digests.cards import DigestCard
from bot.digests.service import DigestService
from bot.errors import NotAllowed, NotFound, Refused, Unavailable
from bot.jobs.preflight import name_in_use
from bot.memberships import Membership
from bot.visibility import Viewer
from handlers.commands import catalogue
from handlers.metadata import Declining, Inspecting, Naming, Opened, Overriding, Raising
from handlers.register import all_actions, all_events, all_shortcuts, all_views
from handlers.ui.forms.answering import ANSWERING
from handlers.ui.forms.ask import ASK
from handlers.ui.forms.decline import DECLINE
from handlers.ui.forms.handover import HANDOVER
from handlers.ui.forms.override import OVERRIDE
from handlers.ui.forms.plans import ADOPTION, DISTILLATION, LEASE, SCHEDULE, SWEEP
from handlers.ui.forms.raising import FORM as RAISE
from handlers.ui.forms.rename import RENAME
from handlers.ui.forms.rows import EDIT, FIELD, ROW, ROWS, TURN_BACK, TURN_ON
from handlers.ui.forms.start import START
from handlers.ui.forms.validate import VALIDATE
from handlers.ui.menu import EVERYTHING
from tests.attacks.two_channels import (
    ALIAS,
    BOSS,
    DEPLOYED,
    HELD_OUT,
    INSIDER,
    JOB_NAME,
    MODEL,
    OTHER,
    OUTSIDER,
    PRIVATE,
    PUBLIC,
    SECRET,
    TwoChannels,
)
from tests.doubles.memberships import FakeMemberships
from tests.handlers.door import Json, initial_state
from tests.tables import table
from tests.unit.jobs.samples import dataset, plan

NEAR = f"{SECRET}-modle"
"""A slip from which a hint at the nearest name would give the name away."""

Ids = Mapping[str, str]
Attack = Callable[[TwoChannels, Ids], Any]


def typed(*texts: str, slash: str = "/tune") -> list[Attack]:
    """Type these after a command; ``{job}`` is a job's ID."""

    def attack(text: str) -> Attack:
        return lambda house, ids: house.door.command(text.format(**ids), slash)

    return [attack(text) for text in texts]


def pressed(action_id: str, *values: str) -> list[Attack]:
    def attack(value: str) -> Attack:
        return lambda house, ids: house.door.press(action_id, value.format(**ids))

    return [attack(value) for value in values]


SIZES = "in=200 out=100 rate=2/s"
COMMANDS: dict[str, list[Attack]] = {
    "alias": typed(
        "alias",
        f"alias {ALIAS}",
        f"alias {SECRET}-dsek",
        f"alias desk {MODEL}",
        f"alias desk {ALIAS}",
        f"alias {ALIAS} back",
        f"alias {ALIAS} off",
    ),
    "handover": typed(
        "handover",
        f"handover {MODEL}",
        f"handover {JOB_NAME} to <@{OUTSIDER}>",
        "handover {job}",
        "handover {lease}",
        f"handover {NEAR}",
    ),
    "help": typed("help serve"),
    "validate": typed(
        "validate FPAY0000", f"validate {SECRET}", f"validate {SECRET}.jsonl", f"validate {SECRET}x"
    ),
    "start": typed("start", f"start {SECRET}", "start {dataset}", f"start {SECRET}x"),
    "jobs": typed("jobs", "jobs all", "jobs running", "jobs mine"),
    "models": typed("models", "models elsewhere"),
    "serve": typed(
        f"serve {MODEL} for 1h",
        f"serve {MODEL} for 1h idle=30m",
        f"serve {MODEL} hours=mon-fri/9-17",
        f"serve {NEAR} hours=mon-fri/9-17",
        f"serve claims-router in place of {MODEL}",
        f"serve {MODEL} in place of claims-router",
        f"serve {NEAR}",
        f"serve {DEPLOYED}",
        f"serve claims-nova in place of {DEPLOYED}",
        f"serve claims-nova in place of {DEPLOYED}x",
    ),
    "answers": typed("answers"),
    "/ask": typed(
        f"{MODEL} who earns what?",
        f"{NEAR} who earns what?",
        "who earns what?",
        f"--base {MODEL} who earns what?",
        f"{NEAR} --base who earns what?",
        f"{ALIAS} who earns what?",
        f"--private {MODEL} who earns what?",
        f"{SECRET}-dsek who earns what?",
        slash="/ask",
    ),
    "again": typed(
        f"again {JOB_NAME}", f"again {JOB_NAME} epochCount=3", "again {job}", f"again {JOB_NAME}x"
    ),
    "advise": typed(
        f"advise {MODEL} {SIZES}",
        f"advise {NEAR} {SIZES}",
        f"advise {SIZES}",
        "advise",
        f"advise {SECRET}",
        "advise {dataset}",
    ),
    "budget": [],  # its sums count everybody: see below
    "compare": typed(
        "compare",
        f"compare {SECRET}",
        f"compare claims {SECRET}",
        "compare {dataset} claims",
        f"compare claims {SECRET}x",
    ),
    "convert": typed(
        "convert", f"convert {SECRET}", f"convert {SECRET} for nova-lite", "convert {dataset} for nova-lite"
    ),
    "cost": typed("cost", f"cost {SECRET}", f"cost {MODEL}", f"cost {NEAR}", "cost {dataset}"),
    "dataset": typed(
        f"dataset {SECRET}", "dataset {dataset}", f"dataset claims vs {SECRET}", f"dataset {SECRET}x"
    ),
    "datasets": typed("datasets"),
    "delete": typed("delete", f"delete {MODEL}", f"delete {NEAR}"),
    "digest": typed("digest", "digest monday 9"),
    "distill": typed(
        "distill",
        f"distill {SECRET} with nova-pro",
        "distill {dataset} with nova-pro",
        f"distill {SECRET}x with nova-pro",
        f"distill {SECRET}.jsonl with nova-pro",
    ),
    "doctor": typed("doctor"),
    "extend": typed(f"extend {MODEL} 1h", "extend {lease} 1h", f"extend {NEAR} 1h"),
    "follow": typed(f"follow {JOB_NAME}", "follow {job}", f"follow {JOB_NAME}x"),
    "model": typed(f"model {MODEL}", f"model {NEAR}", f"model {ALIAS}"),
    "mute": typed(f"mute {JOB_NAME}", "mute {job}"),
    "quiet": typed("quiet"),
    "release": typed(
        f"release {MODEL}",
        "release {lease}",
        f"release {NEAR}",
        f"release {DEPLOYED}",
        "release {deployment}",
    ),
    "rename": typed(
        "rename",
        f"rename {MODEL} other",
        f"rename {SECRET} other",
        "rename {dataset} other",
        f"rename {NEAR} other",
        f"rename model {MODEL} x1",
        f"rename dataset {SECRET}x y",
        f"rename {SECRET}",
        f"rename claims {SECRET}",
    ),
    "settings": typed("settings", f"settings {MODEL}", f"settings {JOB_NAME}", f"settings {NEAR}"),
    "share": typed(f"share {MODEL} with #claims-ai", f"share {MODEL}", f"share {NEAR}"),
    "split": typed(f"split {SECRET} 10%", "split {dataset}", f"split {SECRET}x"),
    "status": typed(
        "status", f"status {JOB_NAME}", "status {job}", "status {distillation}", f"status {JOB_NAME}x"
    ),
    "stop": typed(f"stop {JOB_NAME}", "stop {job}", "stop {distillation}"),
    "sweep": typed(
        f"sweep {SECRET}",
        "sweep",
        f"sweep {SECRET} epochCount=2,3",
        "sweep {job} epochCount=2,3",
        f"sweep {JOB_NAME}x epochCount=2,3",
    ),
    "unshare": typed(
        "unshare", f"unshare {MODEL}", f"unshare {MODEL} with #claims-ai", f"unshare {NEAR} with #claims-ai"
    ),
}
"""Every command, with what an outsider types: names, IDs, slips that are near to a name, and nothing."""

BY_VALUE = {
    "plan.": [
        *("job:{job}", f"job:{JOB_NAME}", "sweep:{sweep}", "distillation:{distillation}"),
        *("lease:{lease}", f"lease:{MODEL}", "extension:{lease} 1", "schedule:{schedule}"),
    ],
    "budget.": ["all 5", f"{PRIVATE} 5 job:{{job}}"],
    "job.": ["{job}", JOB_NAME],
    "distillation.": ["{distillation}"],
    "deployment.": ["{deployment}", DEPLOYED],
    "deployment.replace": ["{deployment} claims-nova", f"{{deployment}} {DEPLOYED}"],
    "deployment.beside": [DEPLOYED, f"{DEPLOYED}x"],
    "lease.": ["{lease}", "{lease} 60", MODEL],
    "lease.swap": ["{lease} claims-router", f"{{lease}} {MODEL}", "{lease}", f"{MODEL} claims-router"],
    "lease.beside": [f"{MODEL} 60 30", MODEL, f"{NEAR} 60"],
    "model.serve": [MODEL, NEAR],
    "model.unshare": [f"{MODEL} C1", f"{NEAR} C1"],
    "model.rename": [MODEL, NEAR],
    "model.delete": [MODEL, NEAR, f"{MODEL} {'0' * 20}"],
    "model.delete_keep": ["0" * 20],
    "stray.": [f"us-west-2 {'0' * 12}"],
    "job.follow": [f"us-west-2 {JOB_NAME}", f"us-west-2 {JOB_NAME}x"],
    "job.again": ["{job}", "{job} 3", JOB_NAME],
    "dataset.": [
        "{dataset}",
        SECRET,
        "{dataset} abababababab",
        "abababababab {dataset}",
        "{dataset} nova-lite",
    ],
    "dataset.rows": ["{upload}"],
    "dataset.repair": ["{upload}", "blank_lines {upload}"],
    "validate.form": [""],
    "picture.": ["all", f"{MODEL} {SIZES}", f"{NEAR} {SIZES}"],
    "trial.": ["{dataset} 5", f"{SECRET} 5", f"{SECRET}x 5"],
    "menu.": ["menu"],
    "help.": ["help", "", SECRET],
    "menu.pick": [f"dataset {SECRET}", f"model {MODEL}", f"status {JOB_NAME}"],
    "file.check.": ["FPAY 9.0"],
    "details": ["{details}", SECRET],
    "alias.": [f"{ALIAS} 1", f"desk {MODEL}", f"{ALIAS} {MODEL}", SECRET],
    "schedule.": ["{schedule}", SECRET],
    "kept.": ["{kept}", SECRET],
    "kept.wake": ["{kept}@16", f"{SECRET}@16", "{kept}"],
    "answer.": ["{question}", SECRET, "good {question}"],
}
"""What the buttons of the private channel's cards carry, by what their names begin with: the longest counts."""


def _values(action_id: str) -> list[str]:
    return BY_VALUE[max((each for each in BY_VALUE if action_id.startswith(each)), key=len)]


def chosen_in(action_id: str) -> list[Attack]:
    """Use a button or select of an open form, whose metadata and fields name what is hidden."""

    def turn(house: TwoChannels, ids: Ids) -> Any:
        state = Inspecting(ids["upload"], PRIVATE, "1.0").dump()
        view = {"private_metadata": state, "blocks": [], "state": {"values": {}}}
        return house.door.choose(view, action_id, "0")

    def change(house: TwoChannels, ids: Ids) -> Any:
        return house.door.choose(_start_form(ids), action_id, "nova-micro")

    return [turn] if action_id in (EDIT, TURN_BACK, TURN_ON) else [change]


def _start_form(ids: Ids, **fields: str) -> Json:
    values = {
        "dataset": ids["dataset"],
        "profile": "claude-3-haiku",
        "job_name": "mine",
        "model_name": "mine",
    }
    state = {
        name: {"value": {"type": "plain_text_input", "value": text}}
        for name, text in (values | fields).items()
    }
    return {
        "callback_id": START,
        "private_metadata": Opened(PUBLIC).dump(),
        "blocks": [{"type": "input", "block_id": name, "element": {}} for name in state],
        "state": {"values": state},
    }


def _submit(house: TwoChannels, view: Json) -> Any:
    """Submit a form as whoever is at the door, opened where they are."""
    user = {"id": house.door.user, "team_id": "T1"}
    opened = view["private_metadata"].replace(f'"{PUBLIC}"', f'"{house.door.channel}"')
    shown = view | {"id": "V1", "hash": "h", "type": "modal", "private_metadata": opened}
    return house.door.deliver({"type": "view_submission", "user": user, "team": {"id": "T1"}, "view": shown})


def submits_start(house: TwoChannels, ids: Ids) -> Any:
    return _submit(house, _start_form(ids))


def submits_start_by_name(house: TwoChannels, ids: Ids) -> Any:
    return _submit(house, _start_form(ids, dataset=SECRET))


def submits_start_with_its_validation_set(house: TwoChannels, ids: Ids) -> Any:
    fields = {"dataset": "abababababab", "validation_dataset": f"{SECRET}-validation"}
    return _submit(house, _start_form(ids, **fields))


def submits_start_from_its_model(house: TwoChannels, ids: Ids) -> Any:
    return _submit(house, _start_form(ids, dataset="abababababab", base_model=MODEL))


def submits_rows(house: TwoChannels, ids: Ids) -> Any:
    view = {
        "callback_id": ROWS,
        "private_metadata": Inspecting(ids["upload"], PUBLIC, "1.0").dump(),
        "blocks": [{"type": "input", "block_id": "repairs", "element": {}}],
        "state": {"values": {}},
    }
    return _submit(house, view)


def submits_row(house: TwoChannels, ids: Ids) -> Any:
    written = {FIELD: {FIELD: {"type": "plain_text_input", "value": '{"messages": []}'}}}
    view = {
        "callback_id": ROW,
        "private_metadata": Inspecting(ids["upload"], PUBLIC, "1.0").dump(),
        "blocks": [{"type": "input", "block_id": FIELD, "element": {}}],
        "state": {"values": written},
    }
    return _submit(house, view)


def _named(state: Naming, new: str) -> Json:
    return {
        "callback_id": RENAME,
        "private_metadata": state.dump(),
        "blocks": [{"type": "input", "block_id": "name", "element": {}}],
        "state": {"values": {"name": {"name": {"type": "plain_text_input", "value": new}}}},
    }


def submits_another_name(house: TwoChannels, _ids: Ids) -> Any:
    return _submit(house, _named(Naming("model", MODEL, "", PUBLIC), "other"))


def submits_settings(house: TwoChannels, _ids: Ids) -> Any:
    view = _named(Naming("model", MODEL, "", PUBLIC), "other") | {"callback_id": ANSWERING}
    return _submit(house, view)


def submits_another_name_of_data(house: TwoChannels, ids: Ids) -> Any:
    return _submit(house, _named(Naming("dataset", ids["dataset"], SECRET, PUBLIC), "other"))


def submits_a_person(house: TwoChannels, _ids: Ids) -> Any:
    chosen = {"person": {"person": {"type": "users_select", "selected_user": OUTSIDER}}}
    view = {
        "callback_id": HANDOVER,
        "private_metadata": Naming("handover", JOB_NAME, "", PUBLIC).dump(),
        "blocks": [{"type": "input", "block_id": "person", "element": {}}],
        "state": {"values": chosen},
    }
    return _submit(house, view)


def submits_an_adoption(house: TwoChannels, _ids: Ids) -> Any:
    view = _named(Naming(ADOPTION, f"us-west-2 {'0' * 12}", "", PUBLIC), "2h") | {"callback_id": ADOPTION}
    return _submit(house, view)


def submits_file(house: TwoChannels, _ids: Ids) -> Any:
    files = {"file": {"file": {"type": "file_input", "files": [{"id": "FPAY"}]}}}
    view = {
        "callback_id": VALIDATE,
        "private_metadata": Opened(PUBLIC).dump(),
        "blocks": [],
        "state": {"values": files},
    }
    return _submit(house, view)


def submits_question(house: TwoChannels, _ids: Ids) -> Any:
    chosen = {"type": "static_select", "selected_option": {"value": MODEL}}
    asked = {"type": "plain_text_input", "value": "Who earns what?"}
    view = {
        "callback_id": ASK,
        "private_metadata": Opened(PUBLIC).dump(),
        "blocks": [],
        "state": {"values": {"model": {"model": chosen}, "question": {"question": asked}}},
    }
    return _submit(house, view)


def submits_no(house: TwoChannels, ids: Ids) -> Any:
    view = {
        "callback_id": DECLINE,
        "private_metadata": Declining(f"job:{ids['job']}", PUBLIC).dump(),
        "blocks": [{"type": "input", "block_id": "reason", "element": {}}],
        "state": {"values": {"reason": {"reason": {"type": "plain_text_input", "value": "No."}}}},
    }
    return _submit(house, view)


def submits_override(house: TwoChannels, ids: Ids) -> Any:
    view = {
        "callback_id": OVERRIDE,
        "private_metadata": Overriding(f"job:{ids['job']}@1", PUBLIC).dump(),
        "blocks": [{"type": "input", "block_id": "reason", "element": {}}],
        "state": {
            "values": {"reason": {"reason": {"type": "plain_text_input", "value": "Nobody is reachable."}}}
        },
    }
    return _submit(house, view)


def submits_start_in_place_of_its_plan(house: TwoChannels, ids: Ids) -> Any:
    form = _start_form(ids, dataset="abababababab")
    return _submit(house, form | {"private_metadata": Opened(PUBLIC, changes=ids["job"]).dump()})


def fills_in(form: str, source: str = "", changes: str = "", **fields: str) -> Attack:
    """Submit the form of a plan, whose metadata and fields name what is hidden."""

    def submit(house: TwoChannels, ids: Ids) -> Any:
        state = Opened(PUBLIC, changes=changes.format(**ids), source=source.format(**ids))
        values = {
            name: {name: {"type": "plain_text_input", "value": text.format(**ids)}}
            for name, text in fields.items()
        }
        view = {
            "callback_id": form,
            "private_metadata": state.dump(),
            "blocks": [{"type": "input", "block_id": name, "element": {}} for name in fields],
            "state": {"values": values},
        }
        return _submit(house, view)

    return submit


def raises_a_budget(house: TwoChannels, ids: Ids) -> Any:
    view = {
        "callback_id": RAISE,
        "private_metadata": Raising(PRIVATE, "1", f"job:{ids['job']}", PUBLIC).dump(),
        "blocks": [{"type": "input", "block_id": "usd", "element": {}}],
        "state": {"values": {"usd": {"usd": {"type": "plain_text_input", "value": "500"}}}},
    }
    return _submit(house, view)


VIEWS: dict[str, list[Attack]] = {
    RAISE: [raises_a_budget],
    LEASE: [
        fills_in(LEASE, changes="{lease}", model=MODEL, length="2h"),
        fills_in(LEASE, changes="{lease}", length="2h"),
    ],
    SWEEP: [
        fills_in(SWEEP, source=SECRET, hyperparameter="epochCount", values="2, 3"),
        fills_in(SWEEP, source="{job}", hyperparameter="epochCount", values="2, 3"),
        fills_in(SWEEP, source="claims", changes="{sweep}", hyperparameter="epochCount", values="2, 3"),
    ],
    DISTILLATION: [
        fills_in(
            DISTILLATION, changes="{distillation}", teacher="nova-pro", profile="nova-lite", max_tokens="5"
        ),
    ],
    DECLINE: [submits_no],
    OVERRIDE: [submits_override],
    START: [
        submits_start,
        submits_start_by_name,
        submits_start_with_its_validation_set,
        submits_start_from_its_model,
        submits_start_in_place_of_its_plan,
    ],
    HANDOVER: [submits_a_person],
    SCHEDULE: [
        fills_in(SCHEDULE, changes="{schedule}", model=MODEL, hours="mon/9-10", weeks="1"),
        fills_in(SCHEDULE, changes="{schedule}", hours="mon/9-10", weeks="1"),
    ],
    ADOPTION: [submits_an_adoption],
    ANSWERING: [submits_settings],
    RENAME: [submits_another_name, submits_another_name_of_data],
    ROW: [submits_row],
    ROWS: [submits_rows],
    VALIDATE: [submits_file],
    ASK: [submits_question],
}


def uses_shortcut(house: TwoChannels, _ids: Ids) -> Any:
    message = {"ts": "9.0", "files": [{"id": "FPAY", "name": "x.jsonl"}]}
    return house.door.shortcut("validate_file", message)


def happens(**event: Any) -> Attack:
    def happen(house: TwoChannels, _ids: Ids) -> Any:
        return house.door.event({"user": house.door.user, "channel": house.door.channel, "ts": "7.0"} | event)

    return happen


EVENTS: dict[str, list[Attack]] = {
    "app_home_opened": [
        happens(type="app_home_opened", tab="home", channel="D1"),
        happens(type="app_home_opened", tab="messages", channel="D1"),
    ],
    "app_mention": [
        happens(type="app_mention", text=f"<@UBOT> {MODEL} who earns what?"),
        happens(type="app_mention", text=f"<@UBOT> {NEAR} who earns what?"),
        happens(type="app_mention", text="<@UBOT> who earns what?"),
        happens(type="app_mention", text=f"<@UBOT> tune status {JOB_NAME}"),
        happens(type="app_mention", text=f"<@UBOT> tune start {SECRET}", thread_ts="1.0"),
    ],
    "message": [
        happens(type="message", channel="D1", channel_type="im", text=f"{MODEL} who earns what?"),
        happens(type="message", channel="D1", channel_type="im", text=f"{NEAR} who earns what?"),
        happens(type="message", channel="D1", channel_type="im", text=f"tune dataset {SECRET}"),
        happens(type="message", channel_type="channel", thread_ts="1.0", text=f"{NEAR} who earns what?"),
    ],
    "agent_session_stopped": [],
    "member_joined_channel": [happens(type="member_joined_channel")],
    "member_left_channel": [happens(type="member_left_channel")],
    "app_uninstalled": [],
    "channel_id_changed": [
        happens(type="channel_id_changed", old_channel_id=PRIVATE, new_channel_id=PUBLIC),
        happens(type="channel_id_changed", old_channel_id=PRIVATE, new_channel_id=OTHER),
    ],
    "file_shared": [],
    "subteam_members_changed": [],
    "subteam_updated": [],
    "tokens_revoked": [],
}
"""Every event. Those without an attack are only acknowledged: there is nothing to reach for."""


def everything() -> dict[str, Attack]:
    """Return every attack under a name of its own."""
    found: dict[str, list[Attack]] = {f"command {key}": attacks for key, attacks in COMMANDS.items()}
    for action in all_actions():
        in_form = action.action_id in (EDIT, TURN_BACK, TURN_ON) or (action.action_id.startswith("start."))
        values = [] if in_form else _values(action.action_id)
        attacks = chosen_in(action.action_id) if in_form else pressed(action.action_id, *values)
        found[f"press {action.action_id}"] = attacks
    found |= {f"form {key}": attacks for key, attacks in VIEWS.items()}
    found |= {f"shortcut {each.callback_id}": [uses_shortcut] for each in all_shortcuts()}
    found |= {f"event {key}": attacks for key, attacks in EVENTS.items()}
    return {
        f"{name} {number}": each for name, attacks in found.items() for number, each in enumerate(attacks)
    }


def test_the_table_has_every_door() -> None:
    assert set(COMMANDS) == {each.key for each in catalogue()}
    assert set(VIEWS) == {each.callback_id for each in all_views()}
    assert set(EVENTS) == {each.name for each in all_events()}


@pytest.fixture(scope="module")
def ids() -> Ids:
    """What buttons and people in the private channel know; the same in every such house."""
    return TwoChannels().ids


def _seen(house: TwoChannels, attack: Attack, ids: Ids) -> Any:
    before = house.wished()
    response = attack(house, ids)
    return {
        "acknowledged": [response.status, response.body],
        "said": house.told(),
        "made": house.wished() - before,
    }


@pytest.mark.slow
def test_an_outsider_cannot_tell_that_anything_is_there(ids: Ids) -> None:
    houses = Pair()
    with table() as row:
        for name, attack in everything().items():
            with row(name), houses as (full, empty):
                seen = _seen(full, attack, ids)
                assert seen == _seen(empty, attack, ids)
                houses.are_used = bool(seen["made"])


class Pair:
    """The same bot with and without secrets, built anew after whatever wrote something down, or failed."""

    def __init__(
        self, make: Callable[[bool], TwoChannels] = lambda secrets: TwoChannels(secrets=secrets)
    ) -> None:
        self._make = make
        self._built: tuple[TwoChannels, TwoChannels] | None = None
        self.are_used = True

    def __enter__(self) -> tuple[TwoChannels, TwoChannels]:
        if self._built is None or self.are_used:
            self._built = self._make(True), self._make(False)
        self.are_used = True
        return self._built

    def __exit__(self, *_: object) -> None:
        """Leave it to whoever used them to say that they are as they were."""


def test_a_budget_has_every_sum_and_no_name_of_theirs() -> None:
    house = TwoChannels()
    house.world.budgets = {PRIVATE: Decimal(500), PUBLIC: Decimal(100)}
    house.world.rebuilt()
    house.door.command("budget")
    said = json.dumps(house.told())
    assert "reserved" in said
    assert "in channels that you do not see" in said
    assert SECRET not in said
    assert PRIVATE not in said


# What was made elsewhere in the AWS account


ELSEWHERE = "console-job"
OVERSEES = {"UOPER": True, OUTSIDER: True, BOSS: True, "UMEMBER": False, "UGUESTTRAIN": False}
"""Who may know of it: the operator, trainers and approvers; a guest on the list of trainers is none."""


def account_jobs(user: str, *, exists: bool, trainers: bool = True) -> TwoChannels:
    """Return a house in whose AWS account somebody has made a job by hand, or has not."""
    people = FakeMemberships(UGUESTTRAIN=Membership.GUEST)
    named = frozenset({OUTSIDER, "UGUESTTRAIN"}) if trainers else frozenset[str]()
    access = Access(named, frozenset({BOSS}), people=people, operator="UOPER")
    house = TwoChannels(secrets=False, access=access)
    house.seen_in_aws(*([ELSEWHERE] if exists else []))
    house.told()
    return house


def opens_home(house: TwoChannels, _ids: Ids) -> Any:
    """Open App Home as whoever is at the door."""
    return house.door.event(
        {"type": "app_home_opened", "tab": "home", "channel": "D1", "user": house.door.user}
    )


@pytest.mark.slow
def test_what_was_made_elsewhere_is_known_to_those_who_answer_for_the_account_alone() -> None:
    """Tried: every door that takes a job's name or lists jobs, with a job there and without."""
    doors: dict[str, Attack] = {
        f"/tune {text}": typed(text)[0]
        for text in (
            "jobs all",
            f"status {ELSEWHERE}",
            f"stop {ELSEWHERE}",
            f"again {ELSEWHERE}",
            f"follow {ELSEWHERE}",
            f"mute {ELSEWHERE}",
            f"status {ELSEWHERE}x",
        )
    }
    doors["press job.follow"] = pressed("job.follow", f"us-west-2 {ELSEWHERE}")[0]
    doors["the home"] = opens_home
    wrong: list[tuple[str, str]] = []
    for user, oversees in OVERSEES.items():
        for name, attack in doors.items():
            told: list[Any] = []
            for exists in (True, False):
                house = account_jobs(user, exists=exists, trainers=user in (OUTSIDER, "UGUESTTRAIN"))
                house.door.user = user
                attack(house, {})
                told.append((house.told(), house.unmanaged_requests()))
            differs = told[0] != told[1]
            if differs and not oversees:
                wrong.append((user, name))
            if oversees and name in ("/tune jobs all", "press job.follow") and not differs:
                wrong.append((user, name))
    assert wrong == []


def test_a_taken_name_is_told_in_words_that_say_nothing_of_who_has_it() -> None:
    """Tried: the name of a job of the private channel, of one that the person sees, and of one in AWS alone."""
    said: list[str] = []
    for name in (JOB_NAME, "seen-job"):
        house = TwoChannels()
        mine = plan(job_name="seen-job", model_name="seen-model", owner=OUTSIDER, channel=PUBLIC)
        services = house.services_for(Viewer(OUTSIDER, PUBLIC))
        job = services.jobs.propose(mine)
        house.world.turn()
        services.votes.vote(Key("job", job), "start", OUTSIDER)
        house.inside().votes.vote(Key("job", house.ids["job"]), "start", INSIDER)
        house.world.turn()
        answer = _submit(house, _start_form({"dataset": "abababababab"}, job_name=name))
        said.append(answer.body.replace(name, "NAME"))
    in_aws = name_in_use(TwoChannels().world.customization, plan(job_name=JOB_NAME))
    assert said[0] == said[1]
    assert "cannot be given in this AWS account any more" in said[0]
    assert "cannot be given in this AWS account any more" in in_aws.sentence
    for text in (*said, in_aws.sentence, in_aws.mend):
        assert not any(each in text for each in (INSIDER, PRIVATE, "payroll-private", "us-west-2"))


# Who is inside sees it all


INSIDE = {
    "datasets": SECRET,
    f"dataset {SECRET}": "ready",
    f"dataset {SECRET}x": f"Did you mean `{SECRET}`?",
    "jobs": JOB_NAME,
    "models": MODEL,
    f"model {MODEL}": "in service",
    f"status {JOB_NAME}": JOB_NAME,
    f"cost {MODEL}": MODEL,
    "cost": MODEL,
    "budget": MODEL,
    f"share {MODEL}": "answers in",
}


def test_a_member_sees_all_of_it_wherever_they_ask() -> None:
    house = TwoChannels()
    with table() as row:
        for text, place in itertools.product(INSIDE, (PRIVATE, "D7", OTHER)):
            with row(text, place):
                house.door.command(text, user_id=INSIDER, channel_id=place)
                assert INSIDE[text] in json.dumps(house.told())


def test_a_members_home_has_what_an_outsiders_has_not() -> None:
    house = TwoChannels()
    house.door.event({"type": "app_home_opened", "tab": "home", "channel": "D7", "user": INSIDER})
    said = json.dumps(house.told())
    assert MODEL in said
    assert SECRET in said


def test_who_left_the_channel_sees_nothing_of_it_any_more() -> None:
    left, nothing = TwoChannels(), TwoChannels(secrets=False)
    for house in (left, nothing):
        house.world.memberships.leave(PRIVATE, INSIDER)
    with table() as row:
        for text in INSIDE:
            with row(text):
                for house in (left, nothing):
                    house.door.command(text, user_id=INSIDER, channel_id=OTHER)
                said, without = left.told(), nothing.told()
                if text == "budget":
                    assert MODEL not in json.dumps(said)
                else:
                    assert said == without


# What a member does where others read it


ALOUD = [
    f"start {SECRET}",
    f"split {SECRET}",
    f"convert {SECRET} for nova-lite",
    f"compare claims {SECRET}",
    f"distill {SECRET} with nova-pro",
    f"sweep {SECRET} epochCount=2,3",
    f"again {JOB_NAME} epochCount=3",
    f"serve {MODEL} for 1h",
]
"""What leads to messages that everybody in the channel reads."""


def test_a_members_work_on_it_goes_to_no_channel_where_others_read() -> None:
    house = TwoChannels()
    with table() as row:
        for text in ALOUD:
            with row(text):
                before = house.wished()
                house.told()
                house.door.command(text, user_id=INSIDER, channel_id=OTHER)
                if text.startswith("start"):
                    assert "everybody in this channel" in _submits_what_opened(house)
                else:
                    assert "everybody" in house.door.said
                assert house.wished() == before


def _submits_what_opened(house: TwoChannels) -> str:
    form = house.door.opened
    house.told()
    shown = form | {"id": "V9", "hash": "h", "state": {"values": initial_state(form)}}
    answer = house.door.deliver(
        {"type": "view_submission", "user": {"id": INSIDER}, "team": {"id": "T1"}, "view": shown}
    )
    return str(answer.body)


@pytest.mark.parametrize("ask", ["slash", "mention"])
def test_a_members_question_in_another_channel_is_refused_and_only_they_read_why(ask: str) -> None:
    house = TwoChannels()
    before = house.wished()
    if ask == "slash":
        house.door.command(f"{MODEL} who earns what?", "/ask", user_id=INSIDER, channel_id=OTHER)
        said = house.door.said
    else:
        text = f"<@UBOT> {MODEL} who earns what?"
        house.door.event(
            {"type": "app_mention", "user": INSIDER, "channel": OTHER, "ts": "7.0", "text": text}
        )
        [whisper] = house.door.client.calls("chat.postEphemeral")
        assert whisper["user"] == INSIDER
        said = json.dumps(whisper)
    assert "does not answer in this channel" in said
    assert house.wished() == before


def test_without_a_name_no_channel_is_answered_by_a_model_of_another() -> None:
    house = TwoChannels()
    house.inside().deployments.remove(house.ids["deployment"], INSIDER)  # of two, a name has to be given
    house.world.pass_time(40)
    for user, channel in ((OUTSIDER, PUBLIC), (INSIDER, OTHER), (BOSS, PUBLIC), (OUTSIDER, "D1")):
        service = house.services_for(Viewer(user, channel)).serving
        with pytest.raises(Refused) as refused:
            service.answerer(None, channel)
        assert SECRET not in refused.value.sentence
        with pytest.raises(Refused) as refused:
            service.answerer(MODEL, channel)
        assert user == OUTSIDER or SECRET not in refused.value.sentence, "it is told in the channel"
    for user, channel in ((INSIDER, PRIVATE), (INSIDER, "D7"), (BOSS, "D8")):
        assert house.services_for(Viewer(user, channel)).serving.answerer(None, channel).model_name == MODEL


def test_a_name_that_is_gone_brings_up_nothing_of_another_channel() -> None:
    """A thread in a public channel talks to a model that was deleted, or a job's name is said: all there read why."""
    house = TwoChannels()
    with table() as row:
        for name in (MODEL[:-1], JOB_NAME, f"{SECRET}-next", ALIAS[:-1]):
            for user in (INSIDER, BOSS, OUTSIDER):
                with row(name, user):
                    assert SECRET not in _refused(house, name, user, OTHER).replace(name, "")
        with row("directly"):
            assert f"Did you mean `{MODEL}`?" in _refused(house, MODEL[:-1], INSIDER, "D7")


def _refused(house: TwoChannels, name: str, user: str, channel: str) -> str:
    """Return what is said in the channel to somebody who asks a model of that name, which is none."""
    with pytest.raises(Refused) as refused:
        house.services_for(Viewer(user, channel)).serving.answerer(name, channel)
    return refused.value.sentence


# Shares


def test_the_owner_shares_a_model_and_takes_it_back() -> None:
    house = TwoChannels()
    outside = Viewer(OUTSIDER, PUBLIC)
    house.door.command(f"share {MODEL} with #claims-ai", user_id=INSIDER, channel_id=PRIVATE)
    assert "Shared with" in house.door.said
    assert house.services_for(outside).serving.answerer(MODEL, PUBLIC).model_name == MODEL
    assert MODEL in [each.name for each in house.services_for(outside).serving.models().lines]
    with pytest.raises(Refused):
        house.services_for(Viewer(OUTSIDER, OTHER)).serving.answerer(MODEL, OTHER)
    assert house.services_for(outside).datasets.find(SECRET) is None, "the model is shared, and not its data"
    assert house.services_for(outside).jobs.names() == []
    [line] = [each for each in house.services_for(outside).serving.models().lines if each.name == MODEL]
    assert line.lease
    assert (line.lease.channel, line.lease.owner) == ("", INSIDER), "nor is it told where it is talked of"

    house.told()
    house.door.press("model.unshare", f"{MODEL} {PUBLIC}", user={"id": INSIDER})
    assert "shared with no other channel" in house.door.said
    with pytest.raises(NotFound):
        house.services_for(outside).serving.answerer(MODEL, PUBLIC)


DATA_OF_MODEL = "quarterly-merger-orca"


def shared_model(*labels: tuple[str, str]) -> TwoChannels:
    """Return a house whose model is shared with the public channel; ``labels``: names of its data, and from where."""
    house = TwoChannels()
    made = house.world.models.find(MODEL)
    assert made is not None
    sha256 = "0ca" + "0" * 61
    trained = replace(made, dataset_id=sha256[:12], dataset_name=DATA_OF_MODEL)
    house.world.models.save(trained)
    for name, channel in labels:
        stored = dataset(name, sha256=sha256)
        source = replace(stored.source, channel=channel, user=INSIDER, file_id=f"F{channel}")
        house.world.datasets.save(replace(stored, source=source))
    house.inside().sharing.share(MODEL, "#claims-ai")
    house.told()
    return house


@pytest.mark.slow
@pytest.mark.parametrize("labels", [((DATA_OF_MODEL, PRIVATE),), ()], ids=["kept", "gone"])
def test_a_shared_model_names_its_private_data_at_no_door(
    labels: tuple[tuple[str, str], ...], ids: Ids
) -> None:
    """Tried: every door, with what names, IDs and buttons of the private channel an outsider could use."""
    house = shared_model(*labels)
    named: list[str] = []
    seen: list[str] = []
    for name, attack in {"home": opens_home, **everything()}.items():
        response = attack(house, ids)
        house.world.turn()
        said = json.dumps([response.body, house.told()])
        named += [name] if DATA_OF_MODEL in said else []
        seen += [name] if MODEL in said else []
    assert named == []
    assert {"home", "command models 0", "command model 0"} <= set(seen), "it is shared"
    assert DATA_OF_MODEL not in repr(house.world.renderer.cards), "no message says it either"
    for place in (PRIVATE, "D7", OTHER):
        house.door.command(f"model {MODEL}", user_id=INSIDER, channel_id=place)
        assert DATA_OF_MODEL in json.dumps(house.told()), "a member sees it"


def test_data_that_somebody_has_under_another_name_is_called_by_that() -> None:
    house = shared_model((DATA_OF_MODEL, PRIVATE), ("open-data", PUBLIC))
    for user, shown in ((OUTSIDER, "open-data"), (INSIDER, DATA_OF_MODEL)):
        [line] = house.services_for(Viewer(user, PUBLIC)).serving.models(MODEL).lines
        assert line.dataset == shown


def test_nobody_else_shares_it() -> None:
    house = TwoChannels()
    with pytest.raises(NotAllowed):
        house.services_for(Viewer(BOSS, PRIVATE)).sharing.share(MODEL, "#claims-ai")
    with pytest.raises(NotFound):
        house.services_for(Viewer(OUTSIDER, PUBLIC)).sharing.share(MODEL, "#claims-ai")


def test_no_share_with_a_channel_that_its_owner_is_not_in() -> None:
    house = TwoChannels()
    house.world.memberships.private("CBOARD", BOSS, name="board")
    with table() as row:
        for said in ("#nowhere", "CNOWHERE", "<#CNOWHERE|nowhere>", "#board"):
            with row(said), pytest.raises(NotFound, match="I do not see you"):
                house.inside().sharing.share(MODEL, said)


def test_a_channel_is_named_as_people_write_it() -> None:
    house = TwoChannels()
    with table() as row:
        for said in ("#general", "general", "C2", "<#C2|general>", "<#C2>", "#General"):
            with row(said):
                assert house.inside().sharing.share(MODEL, said).channels == (OTHER,)
                assert house.inside().sharing.withdraw(MODEL, said).channels == ()


def test_what_a_model_was_held_against_counts_when_its_job_is_long_gone() -> None:
    house = TwoChannels()
    outside = house.services_for(Viewer(OUTSIDER, PUBLIC))
    made = house.world.models.find("claims-router")
    assert made is not None
    assert house.world.store.get(Key("job", made.job_id)) is None, "done jobs are kept for a week"
    assert outside.directory.stored_model(made.name) == made

    house.world.models.save(replace(made, held_out=HELD_OUT[:12]))

    assert house.services_for(Viewer(OUTSIDER, PUBLIC)).directory.stored_model(made.name) is None
    assert house.services_for(Viewer(INSIDER, PUBLIC)).directory.stored_model(made.name) is not None


def test_a_model_of_the_same_name_made_later_is_shared_with_nobody() -> None:
    house = TwoChannels()
    house.inside().sharing.share(MODEL, "#general")
    made = house.world.models.find(MODEL)
    assert made is not None
    house.world.models.save(replace(made, arn=f"{made.arn}2"))
    assert house.inside().sharing.shown(MODEL).channels == ()


# Guests, Slack's silence, approvers


def test_a_guest_sees_of_public_channels_only_those_that_they_are_in() -> None:
    house = TwoChannels()
    house.world.memberships.guest("UGUEST")
    assert house.services_for(Viewer("UGUEST", "D9")).datasets.newest() == []
    house.world.memberships.public(PUBLIC, "UGUEST")
    assert [each.name for each in house.services_for(Viewer("UGUEST", "D9")).datasets.newest()] == ["claims"]


@pytest.mark.parametrize("name", [f"dataset {SECRET}", "dataset nothing-of-that-name"])
def test_while_slack_is_silent_only_what_is_from_here_is_seen_and_that_is_said(name: str) -> None:
    house = TwoChannels()
    house.world.memberships.away = Unavailable("Slack did not answer.")
    house.door.command(name, user_id=INSIDER, channel_id=PUBLIC)
    assert "There is no dataset" in house.door.said
    assert "Slack did not tell me" in house.door.said
    house.told()
    house.door.command("datasets", user_id=INSIDER, channel_id=PUBLIC)
    assert "claims" in house.door.said
    assert SECRET not in house.door.said


def test_an_approver_decides_on_what_they_were_asked_wherever_it_is_from() -> None:
    house = TwoChannels()
    house.world.memberships.private(PRIVATE, INSIDER)
    assert house.world.store.get(Key("job", house.ids["job"]))
    with pytest.raises(Refused, match="Nobody has asked for this yet"):
        house.services_for(Viewer(BOSS, "D8")).votes.vote(Key("job", house.ids["job"]), "decline", BOSS)
    with pytest.raises(NotFound):
        house.services_for(Viewer(BOSS, "D8")).jobs.find(house.ids["job"])


# What comes later, by itself


def ended(house: TwoChannels) -> None:
    """Have the private channel's job run to its end."""
    world = house.world
    house.inside().votes.vote(Key("job", house.ids["job"]), "start", INSIDER)
    world.turn()
    world.customization.training(JOB_NAME)
    world.pass_time(70)
    world.customization.complete(JOB_NAME)
    world.pass_time(200, step=20)


def test_a_follower_who_left_the_channel_is_not_told_the_end() -> None:
    for left in (False, True):
        house = TwoChannels()
        house.services_for(Viewer(BOSS, PRIVATE)).followers.follow(JOB_NAME, BOSS)
        if left:
            house.world.memberships.leave(PRIVATE, BOSS)
        ended(house)
        told = [each for each in house.world.messages.visible() if each.channel == f"D{BOSS}"]
        assert bool(told) is not left


@pytest.mark.slow
@pytest.mark.parametrize(("channel", "named"), [("COPS", False), (PRIVATE, True)])
def test_a_digest_names_nothing_of_a_channel_that_its_readers_do_not_see(channel: str, named: bool) -> None:
    house = TwoChannels()
    operator = DigestService(house.world.store, house.world.clock, "COPS")
    operator.set(channel, BOSS, 6, 10)
    ended(house)
    for _ in range(60):
        house.world.clock.advance(3 * 3600)
        house.world.turn()
    [card, *_] = [each for each in house.world.renderer.cards if isinstance(each, DigestCard)]
    assert len(card.week.jobs) == 1, "its sums are there"
    assert (SECRET in repr(card)) is named


# What is offered to whom


ASKER, TRAINER, OWNER = "UASKER", OUTSIDER, INSIDER


def _buttons(node: Any) -> list[tuple[str, str]]:
    if isinstance(node, dict):
        pressed = node.get("type") == "button" and node["action_id"] != "details"
        own = [(node["action_id"], node.get("value", ""))] if pressed else []
        return own + [each for value in node.values() for each in _buttons(value)]
    return [each for value in node for each in _buttons(value)] if isinstance(node, list) else []


def _offers(house: TwoChannels, user: str) -> dict[str, list[tuple[str, str]]]:
    """Return the buttons that somebody finds at each door that lists what runs or could be served."""
    found: dict[str, list[tuple[str, str]]] = {}
    house.door.user = user
    for text in ("models", f"model {MODEL}", "model claims-router", "jobs all"):
        house.told()
        house.door.command(text, user_id=user)
        found[text] = _buttons(json.loads(json.dumps(house.told())))
    opens_home(house, {})
    found["home"] = _buttons(json.loads(json.dumps(house.told())))
    return found


def test_no_button_is_offered_that_refuses_whoever_presses_it() -> None:
    """Tried: all that is offered to an asker, a trainer and whoever has the lease, each pressed by them."""
    refused: list[tuple[str, str, str]] = []
    pressed_by: dict[str, int] = {}
    for user in (ASKER, TRAINER, OWNER):
        house = shared_model((DATA_OF_MODEL, PRIVATE))
        house.world.memberships.public(PUBLIC, ASKER, name="claims-ai")
        for place, buttons in _offers(house, user).items():
            pressed_by[user] = pressed_by.get(user, 0) + sum(each != EVERYTHING for each, _ in buttons)
            for action, value in buttons:
                if action not in ("job.stop", "lease.extend", "lease.release", "model.serve"):
                    continue
                house.told()
                response = house.door.press(action, value, user={"id": user})
                if "trainer" in json.dumps([response.body, house.told()]):
                    refused.append((user, place, action))
    assert refused == []
    assert pressed_by[TRAINER] >= 6
    assert pressed_by[OWNER] >= 6
    assert pressed_by[ASKER] == 0


def test_a_home_says_who_sees_what_is_left_out_of_it() -> None:
    house = shared_model((DATA_OF_MODEL, PRIVATE))
    house.world.memberships.public(PUBLIC, ASKER, name="claims-ai")
    house.door.user = ASKER
    opens_home(house, {})
    said = json.dumps(house.told())
    assert said.count("Trainers see jobs and datasets here") == 1
    assert "None yet" not in said
