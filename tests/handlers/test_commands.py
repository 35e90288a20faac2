"""Every command through the front door: good use, bad use, a refusal, an error that nobody expected."""

from dataclasses import replace

import pytest

from bot.access import Access
from bot.datasets.model import Role, Verdict
from bot.errors import Misconfigured, Refused, Unavailable, UnknownOutcome
from bot.jobs.model import Phase
from bot.jobs.service import JobService
from bot.profiles.model import Term
from tests.doubles.memberships import FakeMemberships
from tests.doubles.visibility import FakeChannelMemberships
from tests.handlers.door import CHANNEL, USER, Door, buttons, make_door, words
from tests.handlers.fake_services import lease
from tests.unit.jobs.samples import dataset, plan

FILE = "F0ABCDEF12"
PERMALINK = f"https://tunesmith.slack.com/files/U1/{FILE}/claims.jsonl"


@pytest.mark.parametrize("name", ["serve", "SERVE", "/ask", "ask"])
def test_help_of_one_command(door: Door, name: str) -> None:
    door.command(f"help {name}")

    assert f"/{'ask' if 'ask' in name else 'tune serve'}" in door.said
    assert "Example" in door.said


@pytest.mark.parametrize(
    ("typed", "meant"), [("sreve x", "serve"), ("dataset", ""), ("jbos", "jobs"), ("help xyzzy", "")]
)
def test_an_unknown_word_gets_the_nearest_command(door: Door, typed: str, meant: str) -> None:
    door.command(typed)

    assert (f"Did you mean `{meant}" in door.said) == bool(meant)


@pytest.mark.parametrize(
    ("typed", "received"),
    [
        (f"validate {FILE}", (FILE, None, Role.TRAINING)),
        (f"validate <{PERMALINK}>", (FILE, None, Role.TRAINING)),
        (f"validate {PERMALINK} as validation", (FILE, None, Role.VALIDATION)),
        (f"validate for Nova Lite as train {FILE}", (FILE, "nova-lite", Role.TRAINING)),
        (f'validate "{FILE}" for “claude 3 haiku”', (FILE, "claude-3-haiku", Role.TRAINING)),
    ],
)
def test_validate_hands_the_file_in(door: Door, typed: str, received: tuple[str, str | None, Role]) -> None:
    door.command(typed)

    file, profile, role = received
    assert door.uploads.calls == [(file, CHANNEL, None, USER, profile, role)]
    assert "verdict follows" in door.said


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("validate nonsense.jsonl", "none is called `nonsense.jsonl`"),
        (f"validate {FILE} as", "As what?"),
        (f"validate {FILE} as nonsense", "no kind of dataset"),
        (f"validate {FILE} for", "which base model"),
        (f"validate {FILE} for nova-lit", "Did you mean `nova-lite`?"),
        (f"validate {FILE} {FILE}", "is no file"),
    ],
)
def test_validate_says_what_it_could_not_read(door: Door, typed: str, word: str) -> None:
    door.command(typed)

    assert word in door.said
    assert door.uploads.calls == []


def test_validate_without_a_file_takes_my_newest_upload_here(door: Door) -> None:
    door.client.answers["conversations.history"] = {
        "ok": True,
        "messages": [
            {"user": "UOTHER", "files": [{"id": "F0OTHER", "name": "other.jsonl"}]},
            {"user": USER, "text": "look", "files": [{"id": "F0PHOTO", "name": "cat.png"}]},
            {"user": USER, "files": [{"id": "F0MINE", "name": "claims.JSONL"}]},
            {"user": USER, "files": [{"id": "F0OLDER", "name": "old.jsonl"}]},
        ],
    }

    door.command("validate as validation")

    assert door.uploads.calls == [("F0MINE", CHANNEL, None, USER, None, Role.VALIDATION)]


def test_validate_without_any_upload_says_what_to_do_and_offers_the_form(door: Door) -> None:
    door.command("validate")

    assert "Drop a" in door.said
    assert buttons(door.webhooks[0]) == [("validate.form", "validate")]


@pytest.mark.parametrize(("error", "word"), [("not_in_channel", "/invite"), ("ratelimited", "try again")])
def test_validate_where_the_bot_cannot_look(door: Door, error: str, word: str) -> None:
    door.client.answers["conversations.history"] = {"ok": False, "error": error}

    door.command("validate")

    assert word in door.said


def test_datasets_lists_them_and_offers_to_start(door: Door) -> None:
    door.datasets.save(dataset("notes", sha256="cd" * 32, verdict=Verdict.BLOCKED))

    door.command("datasets")

    assert "`claims`" in door.said
    assert "`notes`" in door.said
    assert buttons(door.webhooks[0])[0] == ("dataset.start", "abababababab claims")
    assert [action for action, _ in buttons(door.webhooks[0])] == ["dataset.start", "details"]


def test_one_dataset_by_name_and_by_id(door: Door) -> None:
    door.command("dataset Claims")
    door.command("dataset abababababab")

    assert all("`abababababab`" in words(each) for each in door.webhooks)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("dataset claimz", "Did you mean `claims`?"),
        ("dataset", "Which dataset?"),
        ("dataset a b", "`b`"),
        ("datasets all", "`all`"),
    ],
)
def test_datasets_badly_asked_for(door: Door, typed: str, word: str) -> None:
    door.command(typed)

    assert word in door.said


def test_start_opens_the_form_for_the_newest_dataset(door: Door) -> None:
    door.command("start")

    assert door.opened["callback_id"] == "start"
    selected = door.opened["blocks"][0]["element"]["initial_option"]["value"]
    assert selected == "abababababab claims"


@pytest.mark.parametrize(
    ("typed", "word"), [("start claimz", "Did you mean `claims`?"), ("start a b", "`b`")]
)
def test_start_badly_asked_for(door: Door, typed: str, word: str) -> None:
    door.command(typed)

    assert word in door.said
    assert door.client.calls("views.open") == []


def test_start_without_any_dataset_says_how_to_get_one(door: Door) -> None:
    door.datasets.datasets = []

    door.command("start")

    assert "no dataset yet" in door.said


def test_a_form_that_came_too_late_is_said_so(door: Door) -> None:
    door.client.answers["views.open"] = {"ok": False, "error": "expired_trigger_id"}

    door.command("start")

    assert "once more" in door.said


def test_jobs_lists_mine_by_default(door: Door) -> None:
    door.jobs.propose(plan())
    door.jobs.propose(plan(job_name="another", owner="UOTHER"))

    door.command("jobs")
    door.command("jobs all")

    mine, everyone = (words(each) for each in door.webhooks)
    assert "claims-20261122-1" in mine
    assert "another" not in mine
    assert "another" in everyone


@pytest.mark.parametrize(("typed", "word"), [("jobs runing", "`running`"), ("jobs mine all", "`all`")])
def test_jobs_badly_asked_for(door: Door, typed: str, word: str) -> None:
    door.command(typed)

    assert word in door.said


def test_status_shows_one_job_and_without_a_name_what_runs(door: Door) -> None:
    door.jobs.propose(plan())

    door.command("status claims-20261122-1")
    door.command("status")

    one, running = (words(each) for each in door.webhooks)
    assert "claims-20261122-1" in one
    assert "No job is running." in running


@pytest.mark.parametrize("typed", ["status claims-20261122-2", "stop claims-20261122-2"])
def test_an_unknown_job_gets_the_nearest_name(door: Door, typed: str) -> None:
    door.jobs.propose(plan())

    door.command(typed)

    assert "Did you mean `claims-20261122-1`?" in door.said


def test_stop_of_a_job_that_is_not_under_way(door: Door) -> None:
    door.jobs.propose(plan())

    door.command("stop claims-20261122-1")

    assert "Only a job that is under way" in door.said
    assert buttons(door.webhooks[0]) == []


@pytest.mark.parametrize(
    ("phase", "words"),
    [(Phase.STARTING, "not begun at Bedrock"), (Phase.VALIDATING, "Nothing has been trained yet")],
)
def test_stop_before_training_says_that_nothing_is_billed(
    door: Door, monkeypatch: pytest.MonkeyPatch, phase: Phase, words: str
) -> None:
    early = replace(door.jobs.find(door.jobs.propose(plan())), phase=phase)
    monkeypatch.setattr(JobService, "find", lambda _self, _name: early)

    door.command("stop claims-20261122-1")

    assert words in door.said
    assert "nothing is billed" in door.said


def test_stop_of_a_running_job_asks_first_and_says_what_is_billed(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = door.jobs.propose(plan())
    running = replace(door.jobs.find(job), phase=Phase.TRAINING)
    monkeypatch.setattr(JobService, "find", lambda _self, _name: running)

    door.command("stop claims-20261122-1")

    assert "billed all the same" in door.said
    assert "at most $0.09" in door.said
    assert buttons(door.webhooks[0]) == [("job.stop", job)]


@pytest.mark.parametrize("typed", ["models", "model claims-router"])
def test_models(door: Door, typed: str) -> None:
    door.command(typed)

    assert "claims-router" in door.said
    assert ("model.serve", "claims-router") in buttons(door.webhooks[0])


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("models claims", "`claims`"),
        ("model", "Which model?"),
        ("model claims-ruoter", "Did you mean `claims-router`?"),
    ],
)
def test_models_badly_asked_for(door: Door, typed: str, word: str) -> None:
    door.command(typed)

    assert word in door.said


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("serve claims-router", 60),
        ("serve claims-router for 2h", 120),
        ("serve claims-router 90m", 90),
        ("serve “claims-router” for 1h30m", 90),
        ("serve claims-router for 1 hour 30 minutes", 90),
    ],
)
def test_serve_plans_a_lease_and_spends_nothing(door: Door, typed: str, minutes: int) -> None:
    door.command(typed)

    assert door.leases.calls == [
        ("plan", "claims-router", minutes, USER, CHANNEL),
        ("propose", "claims-router", minutes),
    ]
    assert door.webhooks == [], "the plan is the answer"


def test_an_older_version_in_service_offers_its_place_first(door: Door) -> None:
    door.leases.older = True
    door.command("serve claims-router-2 for 2h idle=45")
    place, beside = buttons(door.webhooks[0])
    assert place == ("lease.swap", "0123456789ab claims-router-2")
    assert beside == ("lease.beside", "claims-router-2 120 45")
    assert door.leases.calls == []

    door.webhooks.clear()
    door.press(*place)
    assert door.leases.calls == [("swap", "claims-router-2", "0123456789ab", USER, CHANNEL)]
    assert "takes the place of" in door.said
    door.leases.calls.clear()
    door.press(*beside)
    assert door.leases.calls[-1] == ("propose", "claims-router-2", 120, "idle=45")

    door.leases.calls.clear()
    door.command("serve claims-router-2 in place of claims-router")
    assert door.leases.calls == [("swap", "claims-router-2", "claims-router", USER, CHANNEL)]
    door.command("serve claims-router-2 in place of long-term")
    assert str(door.leases.calls[-1][2]) == "long-term", "a name is no term"


def test_serve_says_after_how_long_without_a_question_it_ends(door: Door) -> None:
    said = ("idle=45 for 2h", "for 2h idle=45m", "idle=off for 2h", "IDLE=1h for 2h", "for 2h")
    for typed in said:
        door.command(f"serve claims-router {typed}")

    proposed = [each[3:] for each in door.leases.calls if each[0] == "propose"]
    assert proposed == [("idle=45",), ("idle=45",), ("idle=0",), ("idle=60",), ()]


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("serve", "Which model?"),
        ("serve claims-router idle=soon", "idle=off"),
        ("serve claims-router idle=", "idle=off"),
        ("serve claims-router for", "For how long?"),
        ("serve claims-router for ever", "duration"),
        ("serve claims-router for 0m", "length"),
        ("serve claims-router for 9999999999h", "longer"),
        ("serve claims-router 2", "duration"),
    ],
)
def test_serve_badly_asked_for(door: Door, typed: str, word: str) -> None:
    door.command(typed)

    assert word in door.said
    assert door.leases.calls == []


@pytest.mark.parametrize(
    ("typed", "offered"), [("for 30m", []), ("for 4h", [("lease.extend", "0123456789ab 165 120@36")])]
)
def test_serve_joins_what_is_awake_and_spends_nothing(
    door: Door, typed: str, offered: list[tuple[str, str]]
) -> None:
    door.leases.joins = True
    door.command(f"serve claims-router {typed}")

    assert door.leases.calls == [("join", "claims-router", USER, CHANNEL)]
    assert "is awake already" in door.said
    assert buttons(door.webhooks[0]) == offered


def test_extend_shows_the_price_before_it_does_anything(door: Door) -> None:
    door.command("extend claims-router by 90m")

    assert "With 1 h 30 min more the whole lease costs at most $36.00" in door.said
    assert buttons(door.webhooks[0]) == [("lease.extend", "0123456789ab 90 120@36")]
    assert door.leases.calls == []


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("extend claims-router", "how long"),
        ("extend claims-ruoter 1h", "Did you mean `claims-router`?"),
        ("extend zzz 1h", "`/tune serve zzz`"),
    ],
)
def test_extend_badly_asked_for(door: Door, typed: str, word: str) -> None:
    door.command(typed)

    assert word in door.said


@pytest.mark.parametrize("typed", ["for 6 months", "6 months", "commitment=OneMonth", "for a year"])
def test_no_term_is_bought_and_a_month_is_no_minute(door: Door, typed: str) -> None:
    door.command(f"serve claims-router {typed}")
    assert door.leases.calls == []
    assert "buy no terms" in door.said
    door.webhooks.clear()
    door.command("serve long-term-notes for 30 minutes")
    assert "buy no terms" not in str(door.webhooks)


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("for 1 month", Term.ONE_MONTH),
        ("for a month", Term.ONE_MONTH),
        ("one month", Term.ONE_MONTH),
        ("1-month", Term.ONE_MONTH),
        ("for 6 months", Term.SIX_MONTHS),
        ("for six months idle=off", Term.SIX_MONTHS),
        ("for 6-months term", Term.SIX_MONTHS),
    ],
)
def test_a_term_that_is_switched_on_is_planned(door: Door, typed: str, term: Term) -> None:
    door.leases.terms = frozenset(Term)
    door.command(f"serve claims-router {typed}")

    assert door.leases.calls[-2][:3] == ("plan", "claims-router", term)
    assert door.leases.calls[-1][0] == "propose"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("for 2 months", "buy no such term"),
        ("for a year", "buy no such term"),
        ("for 6 months", "buy no such term"),
        ("commitment=OneMonth", "buy no such term"),
        ("for 1 month idle=30m", "no early release"),
        ("for 1 month hours=mon-fri/9-17", "no office hours"),
    ],
)
def test_a_term_that_is_not_sold_here_or_has_hours_is_refused(door: Door, typed: str, words: str) -> None:
    door.leases.terms = frozenset({Term.ONE_MONTH})
    door.command(f"serve claims-router {typed}")

    assert door.leases.calls == []
    assert words in door.said


def test_who_can_switch_a_term_on_is_said_where_aws_sells_it(door: Door) -> None:
    door.command("serve claims-router for 6 months")
    assert "to switch 6 months on" in door.said

    door.webhooks.clear()
    door.command("serve claims-router for a year")
    assert "to switch" not in door.said


def test_a_lease_for_a_term_is_neither_offered_for_release_nor_asked_about(door: Door) -> None:
    door.leases.leased = [lease(owner="UOTHER", term=Term.ONE_MONTH, is_bound=True)]
    door.command("release")
    assert "There is no model in service yet" in door.said
    door.webhooks.clear()
    door.command("release claims-router")

    assert door.leases.calls[-1][0] == "release", "the service says why not, and nobody is asked first"


def test_release(door: Door) -> None:
    door.command("release claims-router")

    assert door.leases.calls == [("release", "0123456789ab", USER)]
    assert "Releasing" in door.said


@pytest.mark.parametrize("typed", ["release {}", "extend {} 60m"])
def test_of_several_that_are_called_the_same_it_is_asked_which(door: Door, typed: str) -> None:
    door.leases.leased = [lease(), lease(id="ba9876543210", is_adopted=True)]
    door.command(typed.format("claims-router"))
    assert door.leases.calls == []
    [menu] = [each for block in door.webhooks[0]["blocks"] for each in block.get("elements", [])]
    chosen = {each["text"]["text"].split(": ")[1].split(",")[0]: each["value"] for each in menu["options"]}
    assert chosen == {
        "leased here": typed.format("0123456789ab"),
        "made elsewhere": typed.format("ba9876543210"),
    }


@pytest.mark.parametrize("typed", ["release", "release a b"])
def test_release_badly_asked_for(door: Door, typed: str) -> None:
    door.command(typed)

    assert "/tune release MODEL" in door.said
    assert door.leases.calls == []


@pytest.mark.parametrize(
    ("typed", "model", "question"),
    [
        ("claims-router Patient stage IV", "claims-router", "Patient stage IV"),
        ("Claims-Router: Patient", "claims-router", "Patient"),
        ("claims-router\nPatient\nstage IV", "claims-router", "Patient\nstage IV"),
        ("`claims-router` Patient", "claims-router", "Patient"),
        ("`claims-router`: Patient", "claims-router", "Patient"),
        ("`claims-router:` Patient", "claims-router", "Patient"),
        ("What is a claim?", None, "What is a claim?"),
        ("is 2 &lt; 3 &amp; so on?", None, "is 2 < 3 & so on?"),
    ],
)
def test_ask(door: Door, typed: str, model: str | None, question: str) -> None:
    door.command(typed, slash="/ask")

    (asked,) = door.questions.asked
    assert (asked.model, asked.text) == (model, question)
    assert (asked.channel, asked.user, asked.team, asked.thread_ts) == (CHANNEL, USER, "T1", None)
    assert door.webhooks == []


@pytest.mark.parametrize(
    ("typed", "model", "question"),
    [
        ("What is a claim?", None, "What is a claim?"),
        ("explain this", None, "explain this"),
        ("what: is a claim?", "what", "is a claim?"),
        ("`What` is a claim?", "what", "is a claim?"),
        ("--base what is a claim?", None, "what is a claim?"),
    ],
)
def test_a_model_that_is_called_like_a_word_takes_nobodys_questions(
    door: Door, typed: str, model: str | None, question: str
) -> None:
    """Whoever names one `what` would have all that begins so: here, and in every channel from which it is seen."""
    of = door.leases.lines[0]
    door.leases.lines = [*door.leases.lines, replace(of, name="what"), replace(of, name="explain")]
    door.command(typed, slash="/ask")

    (asked,) = door.questions.asked
    assert (asked.model, asked.text) == (model, question)


def test_where_the_bot_is_not_the_answer_comes_directly_and_it_says_so() -> None:
    places = FakeChannelMemberships()
    door = make_door(memberships=places)
    places.public(CHANNEL, joined=False)
    door.command("What is a claim?", slash="/ask")
    assert door.said.startswith("I am not in this conversation, so I answer you directly.")
    assert "/invite" in door.said

    places.gone("DOTHERS")
    door.webhooks.clear()
    door.command("What is a claim?", slash="/ask", channel_id="DOTHERS")
    assert door.said.startswith("I am not in this conversation, so I answer you directly.")
    assert "/invite" not in door.said, "nobody is invited into a direct message of two others"
    assert [each.channel for each in door.questions.asked] == [CHANNEL, "DOTHERS"]

    places.public(CHANNEL)
    door.webhooks.clear()
    door.command("What is a claim?", slash="/ask")
    assert door.webhooks == []

    asked = places.asked["place"]
    said = {"type": "app_mention", "channel": CHANNEL, "user": USER, "team": "T1", "ts": "10.1"}
    door.event(said | {"text": "<@UBOT> What is a claim?"})
    assert len(door.questions.asked) == 4
    assert places.asked["place"] == asked, (
        "what is acknowledged only once it is written down waits for no Slack"
    )


def test_the_buttons_under_an_answer(door: Door) -> None:
    door.press("answer.again", "9c9c")
    door.press("answer.compare", "9c9c")
    door.press("answer.which", "9c9c claims-router")

    (again, compare, chosen) = door.questions.calls
    assert (chosen[:2], chosen[3:]) == (("again", "9c9c"), (USER, "T1", "claims-router"))
    assert again[:2] == ("again", "9c9c")
    assert again[3:] == (USER, "T1")
    assert compare == ("compare", "9c9c", USER, "T1")
    assert door.webhooks == []


@pytest.mark.parametrize("action", ["answer.vote", "answer.vote.good", "answer.vote.bad"])
def test_a_vote_on_an_answer_that_nobody_knows_any_more(door: Door, action: str) -> None:
    door.press(action, "good 9c9c")

    assert "no longer have that answer" in door.said


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "no question"),
        ("--base", "no question"),
        ("claims-router --base", "no question"),
        ("claims-router", "no question"),
        ("claims-ruoter Patient", "Did you mean `claims-router`?"),
    ],
)
def test_ask_badly(door: Door, typed: str, word: str) -> None:
    door.command(typed, slash="/ask")

    assert word in door.said
    assert door.questions.asked == []


def test_a_delivery_that_comes_twice_is_done_once(door: Door) -> None:
    for _ in range(2):
        assert door.command("claims-router Hello", slash="/ask", trigger_id="same").status == 200

    assert len(door.questions.asked) == 1


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("cost", ["1 h 15 min left", "$9.00 so far", "Nova Lite", "price unknown", "$8.00 an hour"]),
        ("cost claims", ["at most $0.09", "42,000 tokens", "$0.001 per 1,000 tokens"]),
        ("cost claims-router", ["$9.00 so far", "$1.95 a month"]),
        ("cost notes-summary", ["asleep", "$8.00 an hour"]),
        ("cost clams", ["Did you mean `claims`?"]),
        ("cost a b", ["`b`"]),
    ],
)
def test_cost(door: Door, typed: str, shown: list[str]) -> None:
    door.command(typed)

    for each in shown:
        assert each in door.told


def test_cost_when_nothing_is_spent(door: Door) -> None:
    door.leases.leased = []

    door.command("cost")

    assert "no model is in service" in door.said


# What goes wrong, whatever the command


@pytest.mark.parametrize(
    ("error", "words_of_it"),
    [
        (Refused("It is asleep.", hint="Wake it first."), "It is asleep. Wake it first."),
        (Unavailable("Redis did not answer."), "Nothing was changed; try again"),
        (UnknownOutcome("No answer came."), "look before you try again"),
        (Misconfigured("No role is set.", hint="Set TUNESMITH_ROLE_ARN."), "for the operator"),
    ],
)
@pytest.mark.parametrize(
    "typed", ["models", "serve claims-router", "release claims-router", "model x", "extend x 1h"]
)
def test_an_error_becomes_a_sentence(door: Door, typed: str, error: Exception, words_of_it: str) -> None:
    door.leases.error = error

    response = door.command(typed)

    assert response.status == 200
    assert words_of_it in door.said
    assert door.webhooks[0]["response_type"] == "ephemeral"


def test_an_unexpected_error_has_a_reference_that_is_in_the_log(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    door.leases.error = ZeroDivisionError("secret detail")

    response = door.command("models")

    assert response.status == 200
    assert "Something broke on my side" in door.said
    assert "secret detail" not in door.said
    reference = door.said.split("`")[1]
    (record,) = [each for each in caplog.records if reference in each.getMessage()]
    assert record.exc_info is not None


def test_an_answer_that_fails_escapes_no_listener(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    door.webhook_error = OSError("gone")
    door.client.answers["chat.postEphemeral"] = {"ok": False, "error": "not_in_channel"}

    assert door.command("models").status == 200
    assert "could not answer" in caplog.text


def test_an_answer_falls_back_to_a_message_when_the_url_is_used_up(door: Door) -> None:
    door.webhook_error = OSError("used up")

    door.command("models")

    (call,) = door.client.calls("chat.postEphemeral")
    assert (call["channel"], call["user"]) == (CHANNEL, USER)


def test_who_is_no_trainer_is_told_who_can_change_that(door: Door) -> None:
    door.command("start", user_id="UASKER")

    assert "to make you one" in door.said
    assert door.client.calls("views.open") == []


def test_only_whoever_runs_the_bot_sees_how_it_is_set_up() -> None:
    approver, operator = frozenset({"UBOSS"}), "UOPS"
    for access, may in (
        (Access(approvers=approver, operator=operator, people=FakeMemberships()), {operator}),
        (Access(approvers=approver, operator="COPS", people=FakeMemberships()), {"UBOSS"}),
        (Access(trainers=frozenset({USER}), people=FakeMemberships()), set()),
    ):
        for user in (USER, "UBOSS", operator):
            door = make_door(access)
            door.command("doctor", user_id=user)
            assert ("1 thing keeps me from working" in door.said) == (user in may), (access, user)
            assert ("Only whoever runs me" in door.said) == (user not in may)
            assert "<!here>" not in door.said
    assert "*Redis*" in _shown_to(operator)


def _shown_to(operator: str) -> str:
    door = make_door(Access(operator=operator, people=FakeMemberships()))
    door.command("doctor", user_id=operator)
    assert "Slack token" not in door.said, "what is well is behind Details"
    return door.said


def test_a_channel_that_is_not_allowed() -> None:
    door = make_door(Access(channels=frozenset({"COTHER"}), people=FakeMemberships()))

    door.command("Hello", slash="/ask")
    door.command("help")

    refused, help_page = (words(each) for each in door.webhooks)
    assert "not set up for this channel" in refused
    assert "Your data" in help_page


def test_hostile_names_ping_nobody(door: Door) -> None:
    door.command("model <!channel>&lt;!here&gt;")
    door.leases.lines = [replace(door.leases.lines[0], name="<!channel> *x* `y`")]
    door.leases.leased = [lease("<@U123>")]
    door.command("models")

    for body in door.webhooks:
        assert "<!" not in (words(body) + body["text"]).replace("<!date", "")
