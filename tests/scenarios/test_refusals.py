"""What cannot be done is said, with what to do; nothing is lost by it and nothing stops."""

import json
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.playground.bedrock import BedrockStandIn
from bot.playground.narration import buttons, text_of
from bot.playground.slack.state import Standing
from storage.clients import worker
from tests.scenarios.conftest import OpenHouse
from tests.scenarios.house import CHANNEL, HOUR, House, Json, claude_rows

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]

JOB = "CreateModelCustomizationJob"


# What the operator has to mend


def test_no_bucket_for_the_region_keeps_nothing_and_says_which_setting(
    open_house: OpenHouse, bedrock: BedrockStandIn
) -> None:
    house = open_house(TUNESMITH_BUCKETS=f"us-east-1={bedrock.buckets['us-east-1']}")
    message = house.uploads()

    house.waits("No bucket is set for us-west-2", "TUNESMITH_BUCKETS", thread=message["ts"])

    assert [each for each in bedrock.log.of("PutObject") if "/audit/" not in str(each)] == []
    assert "is ready" not in house.told(house.trainer), "nothing is called ready that is not kept"
    house.lives()


def test_a_bucket_of_another_region_is_refused_with_the_reason(
    open_house: OpenHouse, bedrock: BedrockStandIn
) -> None:
    house = open_house(TUNESMITH_BUCKETS=f"us-west-2={bedrock.buckets['us-east-1']}")
    message = house.uploads()

    house.waits("is in us-east-1", "TUNESMITH_BUCKETS", bedrock.buckets["us-east-1"], thread=message["ts"])

    assert bedrock.log.of("PutObject", outcome="ok") == []
    house.lives()


def test_a_role_that_is_not_there_stops_the_plan_before_it_costs(open_house: OpenHouse) -> None:
    house = open_house(TUNESMITH_ROLE_ARN="arn:aws:iam::123456789012:role/Nobody")
    house.trainer.clicks(house.dataset(), "dataset.start")
    assert not house.trainer.submits(house.form(), {})["errors"]
    plan = house.waits("There is no role `Nobody`", button="plan.check job")

    house.trainer.clicks(plan, "plan.check")

    again = house.waits("There is no role `Nobody`", button="plan.check job")
    assert "plan.start" not in buttons(again)
    assert house.created(JOB) == 0
    house.lives()


def test_a_job_that_bedrock_does_not_allow_is_explained(house: House) -> None:
    house.bedrock.faults.order("access_denied", JOB)
    plan = house.plan(model_name="claims-router", job_name="claims-router-job")
    house.trainer.clicks(plan, "plan.start")

    end = house.waits("refused", f"<@{house.trainer.id}>", "bedrock:CreateModelCustomizationJob")
    assert "model.serve" not in buttons(end)
    assert house.created(JOB) == 0
    house.trainer.slash("/tune", "datasets")
    house.waits("*Datasets*, newest first (1)", "`claims`", "64 records")


# What the person can mend


SLIPS = [
    ("validte", "Did you mean `validate`"),
    ("serve claims-rooter", "Did you mean `claims-router`"),
    ("model claims", "Did you mean `claims-router`"),
    ("status clams-router-job", "Did you mean `claims-router-job`"),
    ("stop something-else", "There is no job"),
    ("dataset clams", "Did you mean `claims`"),
    ("validate F0AAAAAAA for nova-mirco", "nova-micro"),
    ("serve claims-router for ever", "cannot read"),
    ("serve claims-router for 20h", "8 h"),
    ("extend claims-router 1h", "no lease that is running"),
    ("jobs yours", "`mine`"),
]


def test_a_slip_gets_the_nearest_or_how_it_is_written(trained: House, subtests: pytest.Subtests) -> None:
    for typed, words in SLIPS:
        with subtests.test(typed=typed):
            before = str(trained.trainer.sees(CHANNEL)[-1]["ts"])
            trained.trainer.slash("/tune", typed, CHANNEL)
            assert trained.waits(words, after=before)["ephemeral"]


def test_asking_a_model_that_sleeps_or_is_misspelt(house: House) -> None:
    house.model()
    house.asker.slash("/ask", "claims-router Where does it go?")
    house.waits("is asleep", "Its base, Claude 3 Haiku, answers meanwhile", by=house.asker)
    house.waits("I keep this question until", button="kept.wake", by=house.asker)
    house.asker.slash("/ask", "claims-rooter Where does it go?")
    house.waits("Did you mean `claims-router`", by=house.asker)
    house.asker.slash("/ask", "")
    house.waits("There is no question", by=house.asker)


def test_what_is_wrong_in_the_form_stands_beside_its_field(house: House) -> None:
    house.trainer.clicks(house.dataset(), "dataset.start")
    form = house.form()

    wrong = {
        "hyperparameter.claude-3-haiku.epochCount": "99",
        "hyperparameter.claude-3-haiku.learningRateMultiplier": "fast",
        "job_name": "claims router",
        "model_name": "claims_router!",
    }
    for block, value in wrong.items():
        answer = house.trainer.submits(form, {block: value})
        assert list(answer["errors"]) == [block], answer
        assert len(answer["errors"][block]) > 20

    assert not house.trainer.submits(form, {"model_name": "claims-router"})["errors"]
    house.waits(button="plan.start job")


def test_a_name_that_is_in_use_is_refused_with_one_that_is_free(trained: House) -> None:
    verdict = trained.waits(button="dataset.start")
    trained.trainer.clicks(verdict, "dataset.start")
    answer = trained.trainer.submits(trained.form(), {"model_name": "claims-router"})

    assert "is free" in answer["errors"]["model_name"]


# Forms and buttons of another time


def test_a_form_whose_dataset_is_gone_says_so(house: House) -> None:
    house.trainer.clicks(house.dataset(), "dataset.start")
    form = house.form()
    with worker(house.environment["REDIS_URL"]) as client:
        gone = list(client.scan_iter(f"*{house.environment['TUNESMITH_REDIS_PREFIX']}*dataset*"))
        assert client.delete(*gone)

    answer = house.trainer.submits(form, {"model_name": "claims-router"})

    assert "There is no dataset" in answer["errors"]["dataset"]
    house.lives()
    house.dataset(name="again.jsonl")


CHANGES: dict[str, Json] = {
    "callback": {"callback_id": "start-v0"},
    "empty": {"private_metadata": ""},
    "version": {"private_metadata": json.dumps({"v": 99, "where": "elsewhere"})},
    "shape": {"private_metadata": json.dumps(["C0CLAIMSAI"])},
}


def test_a_form_of_another_version_can_be_closed_and_opened_again(
    house: House, subtests: pytest.Subtests
) -> None:
    house.trainer.clicks(house.dataset(), "dataset.start")
    form = house.form()
    house.trainer.closes(form)
    for what, changed in CHANGES.items():
        with subtests.test(what):
            _reopen(house, form, changed)
            answer = house.trainer.submits(house.form(), {"model_name": "claims-router"})
            assert "open it again" in json.dumps(answer["view"]), answer
            while view := house.trainer.view():
                house.trainer.closes(view)
    assert house.created(JOB) == 0
    house.lives()


def _reopen(house: House, form: Json, changed: Json) -> None:
    """Open a form as another version of the bot would have, with a trigger of the same person."""
    house.trainer.slash("/tune", "help start")
    trigger = house.slack.log.of("delivery", type="slash_commands")[-1].data["payload"]["trigger_id"]
    kept = {"type", "callback_id", "title", "submit", "close", "private_metadata", "blocks"}
    view: dict[str, Any] = {name: value for name, value in form.items() if name in kept} | changed
    client = WebClient(house.slack.bot_token, base_url=house.slack.api_url)
    client.views_open(trigger_id=trigger, view=view)


def test_a_button_of_another_version_says_what_to_type(house: House) -> None:
    client = WebClient(house.slack.bot_token, base_url=house.slack.api_url)
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "v0.go"}
    client.chat_postMessage(
        channel=house.slack.channel_id(CHANNEL),
        text="old",
        blocks=[{"type": "actions", "elements": [button]}],
    )
    house.trainer.clicks(house.trainer.sees(CHANNEL)[-1], "v0.go")

    house.waits("from another version of me")


# Who may not


def test_who_is_no_trainer_is_told_who_can_change_that(open_house: OpenHouse) -> None:
    house = open_house(TUNESMITH_TRAINERS="U0TRAINER1")
    for typed in ("start", "serve x", "datasets", "validate", "jobs"):
        before = str(house.asker.sees(CHANNEL)[-1]["ts"]) if house.asker.sees(CHANNEL) else "0"
        house.asker.slash("/tune", typed)
        house.waits("needs a trainer", "to make you one", by=house.asker, after=before)
    house.asker.clicks(house.dataset(), "dataset.start")
    house.until(lambda: len(_told_no(house)) == 6, "a sixth refusal")
    assert house.asker.view() is None


def _told_no(house: House) -> list[Json]:
    rows = house.asker.sees(CHANNEL)
    seen = [reply for row in rows for reply in house.asker.thread(row)]
    return [row for row in seen if "needs a trainer" in text_of(row)]


def test_a_channel_that_is_not_allowed_is_left_alone_and_told_so(open_house: OpenHouse) -> None:
    house = open_house(TUNESMITH_ALLOWED_CHANNELS="C0FINANCE1")
    house.uploads()
    house.trainer.slash("/tune", "validate", CHANNEL)
    house.waits("not set up for this channel", "to set me up for it")

    assert house.slack.log.calls("files.info") == []
    house.trainer.uploads("finance-private", "claims.jsonl", b"{}")
    house.waits("claims.jsonl", "not ready", where="finance-private")


# What a model says


def test_what_a_model_says_pings_nobody(house: House) -> None:
    hostile = (
        "Ask <!channel> and <@U0APPROVE1> and <!subteam^S0ALL> at <https://evil.example|slack.com> @here"
    )
    question = "Who decides?"
    message = house.uploads(
        claude_rows({question: hostile, "Where to?": "queue-dental"}, 20), "hostile.jsonl"
    )
    house.waits(button="dataset.start", thread=message["ts"])
    plan = house.plan(house.waits(button="dataset.start"), model_name="hostile")
    house.trainer.clicks(plan, "plan.start")
    house.waits("stages done", button="job.stop")
    house.passes(2 * HOUR)
    house.waits(button="model.serve")
    house.lease("hostile")

    house.asker.slash("/ask", f"hostile {question} (case 3)")

    answer = house.waits("Ask", "evil.", by=house.asker, button=None)
    house.until(lambda: not _current(house, answer).get("streaming"), "the end of the answer")
    said = json.dumps(_current(house, answer), ensure_ascii=False)
    for ping in ("<!channel>", "<@U0APPROVE1>", "<!subteam", "<https://evil.example|slack.com>", " @here"):
        assert ping not in said, said


def _current(house: House, message: Json) -> Json:
    return next(row for row in house.asker.thread(message) if row["ts"] == message["ts"])


@pytest.mark.parametrize(
    ("standing", "words"), [("guest", "you are a guest"), ("partner", "you are of another workspace")]
)
def test_a_guest_or_partner_spends_only_where_the_operator_opened_it(
    open_house: OpenHouse, standing: Standing, words: str
) -> None:
    house = open_house(TUNESMITH_TRAINERS="U0TRAINER1,U0OUTSIDER")
    outsider = house.slack.joins("outsider", standing, CHANNEL)
    house.dataset()
    for typed in ("start claims", "validate", "datasets"):
        before = str(outsider.sees(CHANNEL)[-1]["ts"])
        outsider.slash("/tune", typed, CHANNEL)
        house.waits(words, "to open it for you", by=outsider, after=before)
    assert outsider.view() is None


def test_a_guest_who_was_let_in_by_name_plans_a_job(open_house: OpenHouse) -> None:
    house = open_house(TUNESMITH_TRAINERS="U0TRAINER1,U0OUTSIDER", TUNESMITH_GUESTS="U0OUTSIDER")
    outsider = house.slack.joins("outsider", "guest", CHANNEL)
    house.dataset()
    outsider.slash("/tune", "start claims", CHANNEL)
    assert house.form(outsider)


def test_nothing_is_spent_while_no_trainers_are_named(open_house: OpenHouse) -> None:
    house = open_house(TUNESMITH_TRAINERS="")
    house.dataset()
    for typed in ("start claims", "sweep claims epochCount=2,4", "serve x"):
        before = str(house.trainer.sees(CHANNEL)[-1]["ts"])
        house.trainer.slash("/tune", typed, CHANNEL)
        house.waits("nobody is one yet", "to make you one", after=before)


def test_direct_messages_are_no_way_round_the_channels(open_house: OpenHouse) -> None:
    house = open_house(TUNESMITH_ALLOWED_CHANNELS="C0CLAIMSAI")
    house.dataset()
    for typed in ("start claims", "sweep claims epochCount=2,4", "serve x"):
        house.trainer.slash("/tune", typed, house.trainer.dm)
    house.until(
        lambda: (
            sum(
                "Nothing may be spent from here" in text_of(each)
                for each in house.trainer.sees(house.trainer.dm)
            )
            == 3
        ),
        "three refusals",
    )
    assert house.trainer.view() is None
