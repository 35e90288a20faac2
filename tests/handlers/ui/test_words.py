"""What the cards say: the figures and next steps that a person acts on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.controller.model import Message
from bot.datasets.model import Bucket, Cause, Label, LabelTable, Report, Role, Severity, Verdict
from bot.datasets.repairs import RepairStep, RepairSummary
from bot.datasets.repairs.changes import ChangeSummary, Dropped, Example
from bot.derivations.cards import DatasetCard, VersionList
from bot.directory.sharing import Shared
from bot.jobs.cards import (
    JobCard,
    JobEnded,
    JobHandedOver,
    JobMilestone,
    JobStalled,
    JobView,
    ModelCard,
    PlanCard,
)
from bot.jobs.history import TimeRange
from bot.jobs.model import Phase, Stage, StageState
from bot.jobs.stalls import Settled, SettledBy, Stall
from bot.leases.cards import EndedWithoutStore, HeldUpWithoutStore, LeaseCard, LeaseHandedOver
from bot.leases.endpoint import LeasePhase
from bot.models.model import Lifecycle
from bot.pricing.model import Quote, TrainingEstimate
from bot.profiles.hyperparameters import label_of
from bot.profiles.model import PriceKind
from bot.serving.cards import ModelList
from bot.serving.handover_service import HandedOver
from bot.spending.cards import ApprovalCard, Care, Recovered
from bot.spending.model import Check, Decision
from bot.sweeps.cards import SweepCard, SweepEnded
from bot.sweeps.model import SweepRow
from bot.uploads.cards import RepairedCard, UploadProblem, VerdictCard
from handlers.ui.cards.jobs import job_lines
from handlers.ui.cards.sharing import shared_card
from handlers.ui.example_values import job
from handlers.ui.examples.questions import FOOTER
from handlers.ui.examples.sweeps import EXAMPLES as SWEEPS
from handlers.ui.forms.handover import in_words
from handlers.ui.forms.start import _labels
from handlers.ui.render import render
from handlers.ui.text import clock_time
from tests.handlers.door import buttons, make_door, words
from tests.handlers.fake_services import HOUR, lease, line
from tests.page.gallery import states
from tests.unit.jobs.samples import dataset, plan

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
ERROR = Cause(
    "empty", Severity.ERROR, 12, (3, 7), "messages[1].content", "A text is empty.", "Fill it.", None
)
WARNING = replace(ERROR, severity=Severity.WARNING, count=1, lines=(9,), message="A record is long.")


def face(message: Message) -> str:
    """What is read at once."""
    return words({"blocks": list(message.blocks)})


def behind(message: Message) -> str:
    """What *Details* shows."""
    return words({"blocks": list(message.details)}) if message.details else ""


def said(message: Message) -> str:
    """All that can be read of it."""
    return "\n".join([face(message), behind(message)])


def pressable(message: Message) -> list[tuple[str, str]]:
    """What can be pressed but for *Details*, which every card with more to say has."""
    there = buttons({"blocks": list(message.blocks)})
    assert ("details" in [action for action, _ in there]) is bool(message.details)
    return [each for each in there if each[0] != "details"]


def report(*causes: Cause, verdict: Verdict = Verdict.BLOCKED) -> Report:
    return replace(dataset().report, causes=causes, verdict=verdict)


def test_a_verdict_has_a_line_for_each_cause_errors_first() -> None:
    message = render(VerdictCard(report(WARNING, ERROR), None, "UTRAIN"))

    text = said(message)
    assert "`claims.jsonl` is not ready" in text
    assert "1 error and 1 warning" in text
    assert (
        ":no_entry: A text is empty at `messages[1].content` · *12 times* · lines 3, 7 …\n→ Fill it." in text
    )
    assert ":warning: A record is long at `messages[1].content` · line 9" in text
    assert text.index("text is empty") < text.index("record is long")
    assert pressable(message) == []


def test_what_no_row_mends_is_read_before_what_rows_do() -> None:
    few = replace(
        ERROR, code="too-few-records", count=1, lines=(), path="", message="12 records are too few."
    )
    message = render(
        VerdictCard(report(ERROR, replace(ERROR, message="It is cut off."), few), None, "UTRAIN")
    )

    assert face(message).index("12 records are too few") < face(message).index("A text is empty")


def test_each_reading_that_makes_sense_is_a_button_of_its_own() -> None:
    readings = ("read-as-windows-1252", "read-as-windows-1250")
    odd = replace(ERROR, code="not-utf-8", hint="as windows-1252: `Café`", decisions=readings)

    message = render(VerdictCard(report(odd), None, "UTRAIN", upload="U1", rows=1))

    assert "`Café`" in said(message)
    assert "Read 12 rows as windows-1252" in str(message.blocks)
    assert [value for _, value in pressable(message)] == ["U1", *(f"{each} U1" for each in readings)]
    assert pressable(render(VerdictCard(report(odd), None, "UTRAIN"))) == []


def test_many_causes_are_counted_rather_than_cut_in_silence() -> None:
    message = render(VerdictCard(report(*[ERROR] * 20), None, "UTRAIN"))

    assert "and 8 more causes" in said(message)


@pytest.mark.parametrize(("role", "offered"), [(Role.TRAINING, True), (Role.VALIDATION, False)])
def test_a_ready_training_file_offers_to_start(role: Role, offered: bool) -> None:
    found = dataset(role=role)

    message = render(VerdictCard(found.report, found, "UTRAIN"))

    wanted = [("dataset.start", found.reference), ("dataset.split", found.reference)]
    assert pressable(message) == (wanted if offered else [])


def test_a_verdict_shows_lengths_and_labels_on_one_line_each() -> None:
    lengths = tuple(Bucket(low, low + 9, count) for low, count in ((10, 5), (20, 40), (30, 0), (40, 1)))
    queues = LabelTable("queue", 46, 3, (Label("*appeals*", 40), Label("<!here>", 5), Label("c", 1)))
    whole = LabelTable("", 40, 2, (Label("yes", 30), Label("no", 10)))
    found = report()
    statistics = replace(found.statistics, lengths=lengths, labels=(queues, whole, queues))

    text = said(render(VerdictCard(replace(found, statistics=statistics), None, "UTRAIN")))

    assert "*Lengths in tokens*\n10 `▁█·▁` 49" in text
    assert "*Labels* in `queue`: \u2060*\u2060appeals\u2060*\u2060 87%, &lt;!here&gt; 11%, c 2%\n" in text
    assert "*Labels*: yes 75%, no 25%" in text
    assert text.count("`queue`") == 1


def test_a_verdict_shows_tokens_as_a_range_and_languages_when_there_are_several() -> None:
    found = report()
    low = replace(found.statistics.tokens, total=found.statistics.tokens.total - 1)
    spoken = {"German": 30, "English": 10}

    several = replace(found.statistics, tokens_low=low, languages=spoken)
    text = said(render(VerdictCard(replace(found, statistics=several), None, "UTRAIN")))
    assert f"{low.total:,} to {low.total + 1:,}" in text
    assert "*Languages*: German 30, English 10" in text

    one = replace(found.statistics, languages={"German": 40})
    assert "Languages" not in said(render(VerdictCard(replace(found, statistics=one), None, "UTRAIN")))


def test_a_verdict_without_a_picture_shows_none() -> None:
    text = said(render(VerdictCard(report(), None, "UTRAIN")))

    assert "Lengths" not in text
    assert "Labels" not in text


LIFT = replace(ERROR, code="system-turn", count=40, repair="lift-system-turn")
BLANK = replace(ERROR, code="blank-line", count=2, repair="drop-blank-lines")


def test_what_can_be_repaired_says_how_and_offers_it() -> None:
    card = VerdictCard(report(LIFT, BLANK, verdict=Verdict.REPAIRABLE), None, "UTRAIN", "0123456789ab")

    message = render(card)

    assert pressable(message) == [
        ("dataset.repair", "0123456789ab"),
        ("dataset.repair.one.1", "drop-blank-lines 0123456789ab"),
        ("dataset.repair.one.2", "lift-system-turn 0123456789ab"),
    ]
    assert (
        "*Repair all*: Drop 2 blank lines · Move the system prompt in 40 rows. "
        "The corrected copy comes into this thread; the original stays as it is."
    ) in said(message)


def test_one_repair_alone_has_no_button_beside_all() -> None:
    card = VerdictCard(report(LIFT, verdict=Verdict.REPAIRABLE), None, "UTRAIN", "0123456789ab")

    assert pressable(render(card)) == [("dataset.repair", "0123456789ab")]


def test_a_decision_that_blocks_has_a_button_of_its_own_beside_no_repair_of_all() -> None:
    drop = replace(ERROR, code="content-key", count=40, decisions=("drop-content-keys",))
    card = VerdictCard(report(drop, LIFT), None, "UTRAIN", "0123456789ab", rows=3)

    message = render(card)

    assert pressable(message) == [
        ("dataset.rows", "0123456789ab"),
        ("dataset.repair.one.1", "lift-system-turn 0123456789ab"),
        ("dataset.repair.one.2", "drop-content-keys 0123456789ab"),
    ], "what is safe helps, though it does not make the file ready"
    assert "Drop keys with content in 40 rows" in said(message)


def test_more_repairs_than_fit_are_a_menu() -> None:
    names = ("drop-blank-lines", "lift-system-turn", "lower-roles", "drop-unknown-keys")
    causes = [replace(ERROR, code=name, repair=name, count=40) for name in names]
    card = VerdictCard(report(*causes, verdict=Verdict.REPAIRABLE), None, "UTRAIN", "0123456789ab")

    [menu] = [
        element
        for block in render(card).blocks
        for element in block.get("elements", [])
        if element["type"] == "static_select"
    ]

    assert menu["action_id"] == "dataset.repair.one"
    assert [each["text"]["text"] for each in menu["options"]] == [
        "Drop 40 blank lines",
        "Lower the roles in 40 rows",
        "Move the system prompt in 40 rows",
        "Drop unknown keys in 40 rows",
    ]
    assert menu["options"][0]["value"] == "drop-blank-lines 0123456789ab"


@pytest.mark.parametrize("verdict", list(Verdict))
def test_rows_can_be_looked_at_whatever_the_verdict(verdict: Verdict) -> None:
    card = VerdictCard(report(LIFT, verdict=verdict), None, "UTRAIN", "0123456789ab", rows=3)

    assert ("dataset.rows", "0123456789ab") in pressable(render(card))
    assert ("dataset.rows", "") not in pressable(render(replace(card, upload="")))
    assert ("edit it or leave it out" in said(render(card))) is (verdict is Verdict.BLOCKED)


@pytest.mark.parametrize("name", ["mend-mojibake", "drop-exact-duplicates"])
def test_what_a_warning_of_a_ready_file_says_can_be_mended_has_its_button(name: str) -> None:
    mendable = replace(WARNING, repair=name)
    card = VerdictCard(report(mendable, verdict=Verdict.READY), None, "UTRAIN", "0123456789ab")

    assert pressable(render(card)) == [("dataset.repair.one.1", f"{name} 0123456789ab")]
    assert pressable(render(replace(card, upload=""))) == []


@pytest.mark.parametrize(
    ("verdict", "upload"), [(Verdict.BLOCKED, ""), (Verdict.READY, "x"), (Verdict.REPAIRABLE, "")]
)
def test_nothing_is_offered_that_would_not_end_well(verdict: Verdict, upload: str) -> None:
    message = render(VerdictCard(report(LIFT, verdict=verdict), None, "UTRAIN", upload))

    assert pressable(message) == []
    assert "Repair all" not in said(message)


def test_a_repair_says_what_was_changed() -> None:
    steps = (RepairStep("drop-unknown-keys", "Dropped unknown keys in 3 rows: id, *x*.", 3, ("id", "*x*")),)
    card = RepairedCard("claims.jsonl", "claims.repaired.jsonl", RepairSummary(steps, 42, 40), "", "UTRAIN")

    text = said(render(card))

    assert "`claims.jsonl` is repaired" in text
    assert "• Dropped unknown keys in 3 rows: id, \u2060*\u2060x" in text, "a key forms nothing"
    assert "`claims.repaired.jsonl` is the corrected copy" in text
    assert "42 rows read, 40 rows written" in text

    assert "Left out" not in text

    unposted = said(render(replace(card, why_not="No. Add `files:write`.")))
    assert "I could not post the corrected copy here: No. Add `files:write`." in unposted
    assert "is the corrected copy" not in unposted


def test_a_repair_shows_examples_and_the_lines_that_were_left_out() -> None:
    steps = (RepairStep("lower-roles", "Lowered the roles in 3 rows.", 3),)
    changes = ChangeSummary(
        (Example("lower-roles", 4, '{"role": "User"}', '{"role": "user"}'),),
        (Dropped("drop-blank-lines", 12, tuple(range(1, 11))), Dropped("drop-row", 1, (7,))),
        16,
    )
    summary = RepairSummary(steps, 42, 29, dropped=1)
    card = RepairedCard("a.jsonl", "a.repaired.jsonl", summary, "", "UTRAIN", changes, "a-changes.diff")

    text = said(render(card))

    assert '```- {"role": "User"}\n+ {"role": "user"}```' in text
    assert "• Left out 1 row that a person chose." in text
    assert "• 12 rows, blank: lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 …" in text
    assert "• 1 row, chosen by hand: line 7" in text
    assert "Every change is in `a-changes.diff`." in text


def test_a_file_that_could_not_be_read_says_what_to_do() -> None:
    message = render(UploadProblem("claims.jsonl", "It is empty. Send it again.", "UTRAIN"))

    assert "It is empty. Send it again." in said(message)
    assert "claims.jsonl" in message.text


def test_one_dataset_is_shown_whole_and_many_as_lines() -> None:
    one, many = render(DatasetCard(dataset(), (), None)), render(VersionList((dataset(),) * 35))

    assert "ab" * 32 in behind(one)
    assert "and 31 older in *Details*" in face(many)
    assert "and 5 older" in behind(many)


def plan_card(**changes: object) -> PlanCard:
    price = Quote(
        PriceKind.TRAINING, Decimal("0.0008"), "https://aws.example/prices (table 2), as of 2026-11-01"
    )
    card = PlanCard(
        plan=plan(),
        training=TrainingEstimate(42_000, 2, price, Decimal("0.07")),
        storage_month=Quote(PriceKind.STORAGE, Decimal("1.95"), "set by the operator"),
        serving_hour=HOUR,
        lifecycle=Lifecycle("ACTIVE"),
        preflight=(Check("bucket", True, "The bucket is there."),),
        needs_approval="",
        decision=Decision.OPEN,
    )
    return replace(card, **changes)  # type: ignore[arg-type]


def test_a_plan_shows_every_value_and_price_before_it_can_be_started() -> None:
    message = render(plan_card())

    text = said(message)
    for each in [
        *(label_of(name) for name in plan().hyperparameters),
        "at most $0.07",
        "$0.0008 per 1,000 tokens",
        "$1.95 a month",
        "$12.00 an hour",
    ]:
        assert each in text
    assert "aws.example, as of 2026-11-01; set by the operator" in text
    assert pressable(message) == [
        ("plan.start", f"job:{plan().id}@0.07"),
        ("plan.change", f"job:{plan().id}"),
        ("plan.cancel", f"job:{plan().id}"),
    ]
    start = next(each for each in message.blocks if each["type"] == "actions")["elements"][0]
    assert "at most $0.07" in start["confirm"]["text"]["text"]


def test_a_plan_with_an_unknown_price_asks_an_approver() -> None:
    unknown = TrainingEstimate(42_000, 2, Quote(PriceKind.TRAINING, None, ""), None)

    needs = plan_card(training=unknown, needs_approval="The price is unknown.", approvers=("UBOSS",))
    text = said(render(needs))

    assert "Training: *price unknown*" in text
    assert "Ask an approver" in text
    assert "$0.00" not in text


def test_a_plan_whose_preflight_fails_says_what_mends_it() -> None:
    failed = Check("role", False, "The role does not trust Bedrock.", "Add the trust policy.")

    message = render(plan_card(preflight=(failed, Check("bucket", True, "The bucket is there."))))

    assert ":no_entry: The role does not trust Bedrock.\n→ Add the trust policy." in face(message)
    assert ":white_check_mark: 1 check passed" in face(message)
    assert "The bucket is there." not in face(message)
    assert "The bucket is there." in behind(message)


def test_the_checks_that_passed_are_one_line_of_a_plan_but_for_those_about_money() -> None:
    passed = tuple(Check(f"c{number}", True, f"Check {number} is fine.") for number in range(13))
    money = Check("budget", True, "$38.20 of $200.00 are spent.", apart=True)
    message = render(plan_card(preflight=(*passed, money)))

    assert "13 checks passed" in face(message)
    assert "$38.20 of $200.00 are spent." in face(message)
    assert "is fine" not in face(message)
    for each in passed:
        assert each.sentence in behind(message)


def test_a_plan_that_was_called_off_says_no_more_of_its_checks_and_has_nothing_to_press() -> None:
    failed = Check("role", False, "The role does not trust Bedrock.", "Add the trust policy.")
    message = render(plan_card(preflight=(failed,), decision=Decision.CANCELLED, decided_by="UBOSS"))

    assert "Called off by <@UBOSS>" in face(message)
    assert "trust" not in face(message)
    assert not any(block["type"] == "actions" for block in message.blocks)


def test_a_verdict_says_at_once_what_is_wrong_and_what_mends_it() -> None:
    fewer = replace(ERROR, code="few", message="12 records; it needs 32.", hint="Add records.", count=1)
    third = replace(ERROR, code="third", message="A third thing.", hint="Mend it.")
    message = render(VerdictCard(report(ERROR, fewer, third, WARNING), None, "UTRAIN"))

    assert ":no_entry: A text is empty · *12 times*\n→ Fill it." in face(message)
    assert ":no_entry: 12 records; it needs 32\n→ Add records." in face(message)
    assert "and 1 more cause in *Details*" in face(message)
    assert "A third thing" not in face(message)
    assert ":no_entry: A third thing" in behind(message)


def test_where_one_press_mends_all_the_face_has_a_line_for_each_cause() -> None:
    card = VerdictCard(report(LIFT, BLANK, verdict=Verdict.REPAIRABLE), None, "UTRAIN", "0123456789ab")
    text = face(render(card))

    assert text.count(":no_entry:") == 2
    assert "→" not in text
    assert "*Repair all* mends a copy in this thread; the original stays as it is." in text


def test_no_button_is_behind_details_where_it_would_not_know_its_message() -> None:
    for each in states():
        assert buttons({"blocks": list(each.message.details)}) == [], each.state


@pytest.mark.parametrize("size", [1, 4])
def test_a_list_has_buttons_for_the_first_and_all_of_them_behind(size: int) -> None:
    lines = tuple(line(f"m{number}") for number in range(size + 20))
    message = render(ModelList(lines))

    assert len(pressable(message)) == 3
    assert f"and {size + 17} older in *Details*" in face(message)
    assert behind(message).count("*`m") == size + 20


@pytest.mark.parametrize(
    ("lifecycle", "word"),
    [
        (Lifecycle("LEGACY", end_of_life=START), "legacy; end of life"),
        (Lifecycle("ENDED", end_of_life=START), "has ended"),
        (Lifecycle("GONE"), "does not know"),
        (Lifecycle("ACTIVE", customizable=False), "does not offer it"),
    ],
)
def test_a_plan_tells_the_life_of_its_base(lifecycle: Lifecycle, word: str) -> None:
    assert word in said(render(plan_card(lifecycle=lifecycle)))


@pytest.mark.parametrize("decision", [each for each in Decision if each is not Decision.OPEN])
def test_a_decided_plan_says_who_and_only_a_request_can_be_withdrawn(decision: Decision) -> None:
    message = render(plan_card(decision=decision, decided_by="UBOSS"))

    withdraws = ["plan.cancel"] if decision is Decision.REQUESTED else []
    assert [action for action, _ in pressable(message)] == withdraws
    assert "<@UBOSS>" in said(message)


def test_a_plan_tells_what_could_not_be_checked_and_what_is_worth_reading() -> None:
    hidden = Check("pass role", True, "I am not allowed to look that up.", checked=False)
    full = Check("quota", True, "10 of 10 jobs are under way.", notice=True)
    closed = Check("files", False, "The file is gone.", "Store it again.")
    text = said(render(plan_card(preflight=(hidden, full, closed))))

    assert text.index("The file is gone") < text.index("not allowed to look") < text.index("10 of 10")
    assert ":grey_question: I am not allowed" in text
    assert ":warning: 10 of 10" in text
    assert "→ Store it again." in text


def test_a_plan_tells_its_steps_its_time_and_what_to_think_of() -> None:
    takes = TimeRange(timedelta(minutes=80), timedelta(hours=4), 5)
    text = said(render(plan_card(steps=(3, 21), takes=takes, advice=("Hold some records back.",))))

    assert "3 steps an epoch, 21 in all" in text
    assert "5 earlier jobs" in text
    assert ":bulb: Hold some records back." in text


@pytest.mark.parametrize("resource", ["job:abc", "sweep:abc", "extension:abc 2", "of-tomorrow:abc"])
def test_an_approval_names_the_cost_the_reason_and_who_decides(resource: str) -> None:
    card = ApprovalCard(
        resource,
        "a job",
        "at most $90.00",
        Decimal(90),
        "Over the limit.",
        "UTRAIN",
        ("UBOSS",),
        Decision.REQUESTED,
    )

    open_, closed = render(card), render(replace(card, decision=Decision.DECLINED, decided_by="UBOSS"))

    assert pressable(open_) == [("plan.approve", f"{resource}@90"), ("plan.decline", resource)]
    for each in ("<@UTRAIN>", "at most $90.00", "Over the limit.", "<@UBOSS>"):
        assert each in said(open_)
    assert pressable(closed) == []
    assert "Declined by <@UBOSS>" in said(closed)


def test_an_approval_is_a_sentence() -> None:
    card = ApprovalCard(
        "lease:abc",
        "Serve `x` for 2 h",
        "at most $90.00",
        Decimal(90),
        "Over.",
        "UTRAIN",
        ("UBOSS",),
        Decision.REQUESTED,
    )

    assert "<@UTRAIN> asks to serve `x` for 2 h" in said(render(card))


def test_an_approval_that_nobody_can_give_says_what_mends_that() -> None:
    card = ApprovalCard(
        "lease:abc", "a lease", "price unknown", None, "Nobody knows.", "UTRAIN", (), Decision.REQUESTED
    )

    assert "Ask the operator to name one" in said(render(card))
    assert pressable(render(card)) == [], "no button that refuses whoever presses it"


def test_repairs_that_failed_can_be_tried_again() -> None:
    problem = UploadProblem("a.jsonl", "Slack did not answer.", "UTRAIN", again="0123456789ab")
    unposted = RepairedCard(
        "a.jsonl", "b.jsonl", RepairSummary((), 3, 3), "It was refused.", "UTRAIN", again="0123456789ab"
    )
    for card in (problem, unposted):
        assert pressable(render(card)) == [("dataset.repair", "0123456789ab")]
        assert pressable(render(replace(card, again=""))) == []


def test_a_copy_that_is_not_ready_is_not_called_repaired() -> None:
    card = RepairedCard("a.jsonl", "a.repaired.jsonl", RepairSummary((), 3, 3), "", "UTRAIN")
    for ready, shown in (
        (True, "`a.jsonl` is repaired*"),
        (False, "is repaired in part, and not ready yet*"),
    ):
        message = render(replace(card, ready=ready))
        assert shown in said(message)
        assert ("in part" in message.text) is not ready


SEEN = START + timedelta(hours=2)
"""By the clock of the readers, which is not Bedrock's."""


def view(phase: Phase, **changes: object) -> JobView:
    stages = (
        Stage("Validation", StageState.COMPLETED, START, START + timedelta(minutes=2)),
        Stage("Data processing", StageState.IN_PROGRESS, START + timedelta(minutes=2)),
        Stage("Training", StageState.NOT_STARTED),
    )
    made = JobView(
        "j1", "claims-ft", "claims-router", "claude-3-haiku", "claims", "UTRAIN", phase, stages,
        created=START, seen_at=START + timedelta(minutes=5), as_of=SEEN, cost="at most $0.07",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_running_job_shows_stages_time_and_cost_and_can_be_stopped() -> None:
    message = render(JobCard(view(Phase.PROCESSING)))

    text = said(message)
    assert "`██████░░░░░░` 1 of 3 stages done" in text
    assert ":white_check_mark: Validation" in text
    assert "took 2 min" in text
    assert "5 min" in text
    assert "at most $0.07" in text
    assert pressable(message) == [("job.stop", "j1")]


@pytest.mark.parametrize(
    "phase", [Phase.COMPLETED, Phase.FAILED, Phase.STOPPED, Phase.STOPPING, Phase.PLANNED]
)
def test_a_job_that_does_not_run_cannot_be_stopped(phase: Phase) -> None:
    assert pressable(render(JobCard(view(phase)))) == []


def test_a_trained_model_is_told_to_its_owner_with_the_next_step() -> None:
    message = render(JobEnded(view(Phase.COMPLETED, training_loss=0.4212)))

    assert message.text.startswith("<@UTRAIN> claims-router is trained")
    assert "0.4212" in said(message)
    assert pressable(message) == [("model.serve", "claims-router"), ("job.again", "j1")]


def test_the_verdict_comes_with_its_rule_and_the_number_of_epochs_to_run_again_with() -> None:
    ended = JobEnded(
        view(Phase.COMPLETED),
        "Over-fitted since epoch 3.",
        "The last loss is above.",
        "A file is cut short.",
        again=2,
    )
    message = render(ended)

    assert "Over-fitted since epoch 3.\nA file is cut short." in said(message)
    assert "*Why*\nThe last loss is above." in behind(message)
    assert "Over-fitted since epoch 3" in message.text
    assert ("job.again", "j1 2") in pressable(message)
    assert "Run again with 2 epochs" in said(message)


def test_the_model_card_has_what_an_auditor_asks_for() -> None:
    card = ModelCard(
        view(Phase.COMPLETED, training_loss=0.42),
        dataset_sha256="ab" * 32,
        records=85,
        plan_digest="cd" * 32,
        started_by="UTRAIN",
        approved_by="UBOSS",
        verdict="Learning.",
        best_epoch=6,
        cost="≈ $0.08, as estimated",
    )
    text = said(render(card))

    for part in (
        "ab" * 32,
        "`claims`, 85 records",
        "<@UTRAIN>",
        "<@UBOSS>",
        "0.42",
        "*Best epoch*\n6",
        "≈ $0.08",
        "cdcd",
    ):
        assert part in text


def test_a_stall_offers_to_wait_or_stop_until_one_is_pressed() -> None:
    open_card = JobStalled(view(Phase.PROCESSING), Stall("Training", START, False), trains=False)
    settled = replace(open_card, settled=Settled(SettledBy.PATIENCE, "UBOSS"))

    assert pressable(render(open_card)) == [("job.wait", "j1"), ("job.stop", "j1")]
    assert pressable(render(settled)) == []
    assert "<@UBOSS> keeps waiting." in said(render(settled))


@pytest.mark.parametrize(
    ("left", "words_"),
    [
        (None, "no estimate yet"),
        (
            TimeRange(timedelta(minutes=20), timedelta(minutes=45), 7),
            "20 min to 45 min, going by 7 earlier jobs",
        ),
        (TimeRange(timedelta(), timedelta(), 3), "longer than most of 3 earlier jobs"),
    ],
)
def test_the_time_left_is_a_range_from_the_accounts_own_jobs(left: TimeRange | None, words_: str) -> None:
    assert words_ in said(render(JobCard(view(Phase.TRAINING, left=left))))
    assert "Time left" not in said(render(JobCard(view(Phase.COMPLETED, left=left))))


def test_what_is_left_stays_true_however_old_the_card_is() -> None:
    """It is counted from when the bot saw the job, which stands beside it in the reader's time."""
    span = TimeRange(timedelta(minutes=20), timedelta(minutes=45), 7)
    text = said(render(JobCard(view(Phase.TRAINING, left=span))))
    assert "Left: 20 min to 45 min, going by 7 earlier jobs" in text
    assert f"as of {clock_time(SEEN)}" in text


def test_a_failure_is_explained_and_the_raw_text_is_one_press_away() -> None:
    failed = view(
        Phase.FAILED,
        explanation="A record is too long.",
        mend="Shorten it.",
        raw_failure="x > y `z`",
        who="the person who owns the dataset",
    )

    text = said(render(JobEnded(failed)))

    assert "A record is too long.\n→ Shorten it." in text
    assert "Who can act: the person who owns the dataset." in text
    assert "x &gt; y" not in text
    for card in (JobEnded(failed), JobCard(failed)):
        assert ("job.raw", "j1") in pressable(render(card))


def test_a_planned_lease_shows_the_price_and_is_started_by_a_press() -> None:
    planned = lease(phase=LeasePhase.PLANNED, release_at=None, left_minutes=None, spent="")

    message = render(LeaseCard(planned, Decimal(24), Decision.OPEN))

    assert "$12.00 an hour" in said(message)
    assert "at most $24.00" in said(message)
    assert pressable(message) == [
        ("plan.start", f"lease:{planned.id}@24"),
        ("plan.change", f"lease:{planned.id}"),
        ("plan.cancel", f"lease:{planned.id}"),
    ]


def test_a_running_lease_counts_down_and_can_be_extended_or_ended() -> None:
    message = render(LeaseCard(lease(), Decimal(24), Decision.APPROVED, decided_by="UTRAIN"))

    assert "*1 h 15 min left*" in said(message)
    assert "$9.00" in said(message)
    assert pressable(message) == [
        ("lease.extend", "0123456789ab 60 120@unknown"),
        ("lease.release", "0123456789ab"),
    ]


@pytest.mark.parametrize(
    "phase", [LeasePhase.PLANNED, LeasePhase.AWAITING_APPROVAL, LeasePhase.REQUESTING, LeasePhase.CREATING]
)
def test_until_it_is_in_service_a_lease_says_how_long_it_is_for(phase: LeasePhase) -> None:
    waiting = lease(phase=phase, release_at=None, left_minutes=None, spent="")

    text = said(render(LeaseCard(waiting, Decimal(24), Decision.REQUESTED)))

    assert "lease for 2 h" in text
    assert "by <@UTRAIN>" in text
    assert "leased by" not in text, "nothing is leased before it is decided"


def test_a_model_in_service_is_made_longer_or_ended_and_tells_its_end_in_each_readers_zone() -> None:
    awake = replace(line(serving="in service"), lease=lease())
    for models, offered in (
        ((awake,), ["lease.extend", "lease.release"]),
        ((awake, line("b")), ["lease.extend"]),
    ):
        message = render(ModelList(models))
        mine = [action for action, value in pressable(message) if value != "b"]
        assert mine == offered, "it is not served once more"
        assert "until <!date^" in said(message)

    going = replace(line(serving="being released"), lease=lease(phase=LeasePhase.RELEASING))
    assert pressable(render(ModelList((going,)))) == []


def test_a_refused_lease_is_explained_and_the_raw_text_is_one_press_away() -> None:
    refused = lease(
        phase=LeasePhase.REFUSED, explanation="A quota is used up.", mend="Ask AWS.", raw_failure="x > y `z`"
    )
    message = render(LeaseCard(refused, Decimal(24), Decision.APPROVED, decided_by="UTRAIN"))

    assert "A quota is used up.\n→ Ask AWS." in said(message)
    assert "x &gt; y" not in said(message)
    assert pressable(message) == [("lease.raw", refused.id)]


def test_a_released_lease_has_nothing_to_press() -> None:
    assert (
        pressable(render(LeaseCard(lease(phase=LeasePhase.RELEASED), Decimal(24), Decision.APPROVED))) == []
    )


@pytest.mark.parametrize(
    ("serving", "mark"),
    [
        ("asleep", ":white_circle:"),
        ("waking", ":hourglass:"),
        ("in service until 10:00 UTC", ":large_green_circle:"),
    ],
)
def test_models_show_whether_they_are_awake(serving: str, mark: str) -> None:
    for models in ((line(serving=serving),), (line(serving=serving), line("other"))):
        assert f"{mark} *`claims-router`*" in said(render(ModelList(models)))


def test_a_partial_repair_says_what_is_left() -> None:
    one = replace(ERROR, count=1, lines=(5,), message="A text is empty.")
    others = [replace(ERROR, message=f"Fault {number}.") for number in range(4)]
    done = RepairSummary((), 3, 3)
    card = RepairedCard(
        "a.jsonl", "a.repaired.jsonl", done, "", "UTRAIN", ready=False, left=report(one, *others)
    )

    text = said(render(card))

    assert (
        "*Still to mend*: 5 errors and no warnings\n• A text is empty. (line 5)\n• Fault 0. (lines 3, 7 …)"
        in (text.replace(", 12 in all", ""))
    )
    assert "and 2 more errors" in text
    assert "Still to mend" not in said(render(replace(card, ready=True)))


def test_what_was_handed_over_says_who_has_it_and_who_made_it() -> None:
    model = replace(line(), owner="UNEW", trained_by="UTRAIN")
    view = replace(lease(LeasePhase.IN_SERVICE), owner="UNEW", started_by="UTRAIN")
    shown = face(render(ModelList((model,))))

    assert "Owned by" in shown
    assert "Trained by" in shown
    assert "Trained by" not in face(render(ModelList((line(),))))
    assert "in <@UNEW>'s care, started by <@UTRAIN>" in face(render(LeaseCard(view, None, Decision.APPROVED)))


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        (HandedOver(jobs=("a",)), "the job `a`"),
        (HandedOver(jobs=("a",), models=("m",)), "the job `a` and its model `m`"),
        (
            HandedOver(jobs=("a",), leases=("m",), models=("m",)),
            "the job `a`, its model `m` and the lease of `m`",
        ),
        (HandedOver(leases=("m",)), "the lease of `m`"),
        (HandedOver(deployments=("m",)), "the deployment of `m`"),
    ],
)
def test_a_handover_names_all_that_moved(moved: HandedOver, said: str) -> None:
    assert in_words(moved) == said


@pytest.mark.parametrize(
    ("code", "file", "records", "told"),
    [
        ("too-few-messages", "p.jsonl", 12, "a batch takes at least 100, and 12 are here."),
        ("last-not-assistant", "p.jsonl", 12, "and 12 are here."),
        ("missing-messages", "p.jsonl", 120, "has a teacher answer them."),
        ("not-json", "p.txt", 12, "and 12 are here."),
        ("not-json", "p.jsonl", 12, ""),
        ("empty", "p.jsonl", 12, ""),
        ("too-few-messages", "p.jsonl", 13, ""),
    ],
)
def test_prompts_without_answers_are_led_to_a_teacher(code: str, file: str, records: int, told: str) -> None:
    cause = replace(ERROR, code=code, count=records if records != 13 else 12)
    shown = face(render(VerdictCard(replace(report(cause), file=file, records=records), None, "UTRAIN")))

    assert ("`/tune distill`" in shown) is bool(told)
    assert told in shown


def test_mistakes_are_counted_apart_from_the_places_that_they_are_in() -> None:
    assert "1 error and 1 warning in 13 places" in face(
        render(VerdictCard(report(ERROR, WARNING), None, "UTRAIN"))
    )


def test_news_in_a_sweeps_thread_names_its_job() -> None:
    view = JobView("J1", "claims-2", "m", "claude-3-haiku", "claims", "UTRAIN", Phase.TRAINING)

    lost = "<@UTRAIN> I had lost track of `claims-2`, and follow it again. It ran on at Bedrock meanwhile."
    assert face(render(JobMilestone(view, Recovered()))) == lost
    of_sweep = replace(view, is_of_sweep=True)
    assert face(render(JobMilestone(of_sweep, Recovered()))) == f"`claims-2`: {lost}"


@pytest.mark.parametrize(
    ("losses", "said", "unsaid"),
    [
        (
            (0.4, 0.3, 0.35),
            "Best is Epochs 2, `m2`: validation loss 0.3; the next has 0.35.",
            "no difference",
        ),
        (
            (0.4, 0.3, 0.302),
            "Lowest is Epochs 2, `m2`: validation loss 0.3. That of 3 (0.302) is less than 1 %",
            "Best",
        ),
        ((0.3, 0.3, 0.3), "Those of 2 (0.3) and 3 (0.3) are less than 1 %", "Best"),
        ((0.4, None, 0.3), "Best is Epochs 3, `m3`: validation loss 0.3; the next has 0.4.", "no difference"),
        ((0.0, 0.0, 0.5), "That of 2 (0) is less than 1 %", "Best"),
    ],
)
def test_a_sweep_calls_no_value_the_best_that_is_level_with_another(
    losses: tuple[float | None, ...], said: str, unsaid: str
) -> None:
    rows = tuple(
        SweepRow(f"{number}", f"j{number}", f"m{number}", "", f"{number}", Phase.COMPLETED, 0.1, loss)
        for number, loss in enumerate(losses, 1)
    )
    best = min(
        (each for each in rows if each.validation_loss is not None),
        key=lambda each: each.validation_loss or 0,
    )
    shown = face(render(SweepEnded("UTRAIN", "epochCount", rows, best, "≈ $1", ping=True)))

    assert said in shown
    assert unsaid not in shown
    assert "chance" not in shown
    few = face(render(SweepEnded("UTRAIN", "epochCount", rows, best, "≈ $1", ping=True, held_out=5)))
    assert "Compared by 5 records, which is few: it may be chance." in few


def test_a_sweep_without_a_validation_set_says_before_it_is_paid_for_that_nothing_will_be_compared() -> None:
    card = SWEEPS["plan of a sweep"]
    assert isinstance(card, SweepCard)
    said = "nobody can tell which value is best"
    without = replace(card, plan=replace(card.plan, validation_uri=None))

    assert said not in face(render(replace(card, plan=replace(card.plan, validation_uri="s3://b/v.jsonl"))))
    assert said in face(render(without))
    assert "`/tune split`" in face(render(without))
    takes_none = replace(without, plan=replace(without.plan, profile="nova-2-lite"))
    assert "takes no validation set" in face(render(takes_none))
    assert "`/tune split`" not in face(render(takes_none))


def test_a_sweep_of_which_one_has_a_validation_loss_says_that_it_has_nothing_to_compare() -> None:
    rows = tuple(
        SweepRow(f"{number}", "j", "m", "", "1", Phase.COMPLETED, 0.1, loss)
        for number, loss in enumerate((0.4, None), 1)
    )
    shown = face(render(SweepEnded("UTRAIN", "epochCount", rows, None, "≈ $1", ping=True)))

    assert "one of them alone has a validation loss" in shown
    assert "without a validation set" not in shown


def test_the_line_under_an_answer_marks_the_bases_price_and_the_details_say_what_that_is() -> None:
    told = render(replace(FOOTER, model="a" * 60))
    assert face(told).splitlines()[0] == f"`{'a' * 19}…` · 3.2 s · $0.000048†"
    assert "*Cost:* $0.000048†, at the base's price; AWS publishes none for the tuned model" in behind(told)
    known = render(replace(FOOTER, at_base_price=False, tokens_in=None))
    assert face(known).splitlines()[0].endswith("$0.000048")
    assert "*Tokens:* the service did not say" in behind(known)


def test_the_form_names_datasets_and_tells_those_of_one_name_apart() -> None:
    [dataset, *_] = make_door().datasets.datasets
    later = replace(dataset, id="b" * 12, stored_at=dataset.stored_at + timedelta(hours=1))
    twin, other = replace(later, id="c" * 12), replace(dataset, id="d" * 12, name="letters")

    labels = _labels([dataset, later, twin, other])

    assert len(set(labels)) == len(labels)
    assert labels[3] == f"letters · {dataset.report.records} records"
    assert dataset.id[:6] not in labels[0]
    assert f"{dataset.stored_at:%H:%M} UTC" in labels[0]
    assert [each[-6:] for each in labels[1:3]] == ["bbbbbb", "cccccc"], "of one name and one minute"


def test_what_was_handed_over_is_told_from_whom_to_whom_before_what_it_means() -> None:
    care = Care("C1", "UTESS", "UINES", "UOPS", "UTESS")
    message = render(LeaseHandedOver("claims-router", care))
    head, small = (words({"blocks": [each]}) for each in message.blocks)
    who = "From <@UTESS> to <@UINES>, in <#C1>. <@UOPS> handed it over."
    assert head == f"*Handed over: the lease of `claims-router`*\n{who}"
    assert small.endswith("may extend or end it. What was agreed to goes on counting for <@UTESS>.")


@pytest.mark.parametrize(("model", "made"), [("claims-1", "from"), ("router", "`router` from")])
def test_a_running_job_that_is_called_as_its_model_is_says_its_name_once(model: str, made: str) -> None:
    [line] = job_lines([replace(job(Phase.TRAINING), name="claims-1", model_name=model, dataset="claims")])
    name, below = line["text"]["text"].splitlines()
    assert "`claims-1`" in name
    assert below.startswith(f"{made} `claims` · ")


@pytest.mark.parametrize(
    ("has_ended", "means"),
    [(False, "is told how it ends and owns its model"), (True, "owns the model that came of it")],
)
def test_nobody_is_promised_to_be_told_how_a_job_ends_that_has_ended(has_ended: bool, means: str) -> None:
    care = Care("C1", "UTESS", "UINES", "UTESS", "UTESS")
    assert f"<@UINES> {means}." in words({"blocks": render(JobHandedOver("claims", care, has_ended)).blocks})


def test_what_is_told_past_the_store_names_its_lease_once() -> None:
    """Told to people by its model, and in a channel of the operators' by its reference: with its ID, for the log."""
    cards = [
        card
        for name in ("claims-router", "lease:a1b2c3d4e5f6", "tunesmith-claims-a1b2c3d4e5f6")
        for card in (
            EndedWithoutStore(name, START, lease_id="a1b2c3d4e5f6"),
            EndedWithoutStore(name, START, lease_id="a1b2c3d4e5f6", forgotten=True),
            HeldUpWithoutStore(name, START, "AWS refuses it.", lease_id="a1b2c3d4e5f6"),
        )
    ]
    assert {str(card): render(card).text.count("a1b2c3d4e5f6") for card in cards} == {
        str(card): 1 for card in cards
    }


@pytest.mark.parametrize(("viewer", "who"), [("UTRAIN", "You can share it"), ("UOTHER", "<@UTRAIN> can")])
def test_a_model_that_is_shared_with_nobody_says_how_whoever_reads_it(viewer: str, who: str) -> None:
    shared = said(shared_card(Shared("claims-router", "UTRAIN", "C1", ()), viewer))
    assert f"{who}: `/tune share claims-router with #channel`." in shared
