"""Everything is looked at at once, within one deadline, and what could not be looked at is said."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from bot.errors import Misconfigured
from bot.jobs.model import JobPlan
from bot.jobs.preflight import SCHEDULED_JOBS, Preflight, PreflightRunner
from bot.jobs.terms import offer
from bot.models.model import Lifecycle
from bot.profiles.registry import get
from bot.spending.budgets import Outlook
from bot.spending.model import Check
from tests.doubles import bedrock
from tests.doubles.bedrock import InMemoryAccountChecks, InMemoryCustomization
from tests.doubles.clock import FakeClock
from tests.unit.jobs.samples import PRICES, SETTINGS, plan


@pytest.fixture
def customization() -> InMemoryCustomization:
    return InMemoryCustomization(FakeClock())


@pytest.fixture
def account() -> InMemoryAccountChecks:
    return InMemoryAccountChecks()


Look = Callable[..., Preflight]


@pytest.fixture
def look(customization: InMemoryCustomization, account: InMemoryAccountChecks) -> Look:
    def run(
        wanted: JobPlan | None = None, deadline: float = 20.0, prospect: Outlook | None = None
    ) -> Preflight:
        wanted = wanted or plan()
        return PreflightRunner(customization, account, deadline).run(
            wanted, offer(wanted, PRICES, SETTINGS), lambda: prospect
        )

    return run


@pytest.fixture
def hangs() -> Iterator[Callable[[bedrock.Orders, str], None]]:
    """Make one call of a double hang until the test is over."""
    over = threading.Event()

    def hang(double: bedrock.Orders, method: str) -> None:
        def wait(name: str) -> None:
            if name == method:
                over.wait(5)

        double.before = wait

    yield hang
    over.set()


def line(found: Preflight, name: str) -> Check:
    [check] = [each for each in found.checks if each.name == name]
    return check


def test_there_is_a_line_for_everything(look: Look) -> None:
    found = look()

    names = ["base model", "bucket", "role", "files", "reach", "encryption", "pass role", "quota"]
    assert [each.name for each in found.checks] == [*names, "job name", "model name", "dataset", "budget"]
    assert all(each.ok and each.checked and not each.notice for each in found.checks)
    assert not found.unsettled


def test_everything_is_looked_at_at_once(
    look: Look, customization: InMemoryCustomization, account: InMemoryAccountChecks
) -> None:
    together = threading.Barrier(6, timeout=5)

    def wait(_name: str) -> None:
        together.wait()  # the account's six wait for each other

    account.before = wait

    assert not look().unsettled


def test_a_look_that_does_not_answer_is_told_as_not_checked_and_done_again(
    look: Look, account: InMemoryAccountChecks, hangs: Callable[[bedrock.Orders, str], None]
) -> None:
    hangs(account, "reach")

    found = look(deadline=0.05)

    check = line(found, "reach")
    assert (check.ok, check.checked) == (True, False)
    assert "within 0.05 s" in check.sentence
    assert found.unsettled
    assert all(each.checked for each in found.checks if each.name != "reach")


def test_what_must_be_known_blocks_until_it_is(
    look: Look, customization: InMemoryCustomization, account: InMemoryAccountChecks
) -> None:
    account.order("bucket", bedrock.down())
    account.order("role", bedrock.down())
    customization.order("get", bedrock.throttled())

    found = look()

    assert [each.name for each in found.checks if not each.ok] == ["bucket", "job name"]
    assert [each.name for each in found.checks if not each.checked] == ["bucket", "role", "job name"]
    assert found.unsettled


def test_a_closed_base_is_told_though_the_open_ones_do_not_answer(
    look: Look, customization: InMemoryCustomization, hangs: Callable[[bedrock.Orders, str], None]
) -> None:
    ended = Lifecycle("ENDED", end_of_life=datetime(2026, 9, 10, tzinfo=UTC))
    customization.lifecycles[plan().base_model_id] = ended
    hangs(customization, "open_bases")

    found = look(deadline=0.05)

    check = line(found, "base model")
    assert not check.ok
    assert "10 September 2026" in check.sentence
    assert "could not be looked up" in check.mend
    assert found.lifecycle == ended


def test_a_refused_look_is_a_failure_with_its_mend(look: Look, customization: InMemoryCustomization) -> None:
    denied = Misconfigured("AWS does not allow me to do this.", hint="Allow bedrock:GetFoundationModel.")
    customization.order("lifecycle", bedrock.Fault(denied))

    found = look()

    check = line(found, "base model")
    assert (check.ok, check.mend) == (False, "Allow bedrock:GetFoundationModel.")
    assert not found.unsettled


def test_a_full_quota_is_told_and_blocks_nothing(look: Look, customization: InMemoryCustomization) -> None:
    for number in range(SCHEDULED_JOBS):
        customization.create(plan(job_name=f"busy-{number}", model_name=f"busy-{number}"), {})

    check = line(look(), "quota")

    assert (check.ok, check.notice) == (True, True)
    assert "10 of 10" in check.sentence
    assert "waits until one ends" in check.sentence


def test_a_models_name_that_is_used_is_told_with_another(
    look: Look, customization: InMemoryCustomization
) -> None:
    customization.models["us-west-2", "claims-router"] = "arn"

    assert "`claims-router-2`" in line(look(), "model name").mend


def test_the_plans_own_job_is_no_conflict(look: Look, customization: InMemoryCustomization) -> None:
    customization.create(plan(), {})
    customization.complete(plan().job_name)

    assert all(check.ok for check in look().checks)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"records": 31}, "trains on 32 to 10000"),
        ({"records": 10_001}, "trains on 32 to 10000"),
        ({"validation_records": 1_001}, "at most 1000"),
        ({"records": 9_500, "validation_records": 501}, "10000 together"),
    ],
)
def test_numbers_of_records_are_held_to_the_base(look: Look, changes: dict[str, int], words: str) -> None:
    check = line(look(plan(**changes)), "dataset")

    assert not check.ok
    assert words in check.sentence
    assert check.mend


def test_training_further_needs_its_model(look: Look, customization: InMemoryCustomization) -> None:
    arn = "arn:aws:bedrock:us-west-2:123456789012:custom-model/x/abcdefabcdef"
    further = plan(base_model_id=arn, base_model_name="claims-first")

    assert "no custom model `claims-first`" in line(look(further), "base model").sentence
    customization.models["us-west-2", "claims-first"] = arn
    assert line(look(further), "base model").ok


def test_a_further_trained_model_follows_the_life_of_its_base(
    look: Look, customization: InMemoryCustomization
) -> None:
    customization.lifecycles[get("claude-3-haiku").training_id] = Lifecycle("LEGACY")
    customization.models["us-west-2", "claims-first"] = "arn"

    assert not line(look(plan(base_model_id="arn", base_model_name="claims-first")), "base model").ok


def test_members_that_came_later_change_no_digest_of_before() -> None:
    # The digest of this very plan before there were such members: it is in stores, and at Bedrock.
    assert plan().digest == "dfa7498d4a920d7454493d234406834aff7c02da2645997c16de03e952e3b9e9"
    assert plan(validation_records=32).digest != plan().digest
