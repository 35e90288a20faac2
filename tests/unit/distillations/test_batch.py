"""The input of a batch job, and what it is estimated to cost."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from bot.datasets.tokens import estimate_range
from bot.distillations import estimates
from bot.distillations.batch import TWICE, row_of, write_batch
from bot.distillations.plan import LeftOut, Prepared, Tokens
from bot.distillations.prompts import NoPrompt, Prompt
from bot.distillations.teachers import registry
from bot.jobs.model import JobSettings
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.questions.costs import AROUND
from tests.unit.jobs.samples import SETTINGS


def prompt(row: int, text: str, **more: object) -> Prompt:
    return Prompt(row, turns=(("user", text),), **{"system": None, "answer": None, **more})  # type: ignore[arg-type]


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_prompt_is_a_record_in_converses_form_and_its_id_tells_its_row(tmp_path: Path) -> None:
    out = tmp_path / "input.jsonl"
    written = write_batch([prompt(3, "Ü?"), prompt(9, "B?", system="Own.")], out, system="S.", max_tokens=50)

    first, second = lines(out)
    assert first == {
        "recordId": "ROW00000003",
        "modelInput": {
            "system": [{"text": "S."}],
            "messages": [{"role": "user", "content": [{"text": "Ü?"}]}],
            "inferenceConfig": {"maxTokens": 50},
        },
    }
    assert row_of(str(first["recordId"])) == 3
    assert second["modelInput"]["system"] == [{"text": "Own."}]  # type: ignore[index]
    assert (written.records, written.bytes) == (2, out.stat().st_size)


def test_a_system_prompt_in_which_nothing_stands_is_not_asked_with(tmp_path: Path) -> None:
    out = tmp_path / "input.jsonl"
    write_batch([prompt(1, "A?")], out, system=" \n", max_tokens=5)
    assert "system" not in json.loads(out.read_text())["modelInput"]


def test_ids_are_unique_though_two_rows_stand_on_one_line(tmp_path: Path) -> None:
    out = tmp_path / "input.jsonl"
    write_batch([prompt(1, "A?"), prompt(1, "B?"), prompt(2, "C?")], out, system=None, max_tokens=5)
    assert [each["recordId"] for each in lines(out)] == ["ROW00000001", "ROW00000002", "ROW00000003"]


def test_the_same_prompts_give_the_same_bytes(tmp_path: Path) -> None:
    made = [
        write_batch([prompt(1, "A?")], tmp_path / name, system=None, max_tokens=5).sha256
        for name in ("a", "b")
    ]
    assert made[0] == made[1]


def test_what_asks_nothing_or_the_same_again_is_left_out_and_counted(tmp_path: Path) -> None:
    given: list[Prompt | NoPrompt] = [
        prompt(1, "A?"),
        *(prompt(row, "A?") for row in range(2, 14)),
        NoPrompt(20, "it has no question"),
    ]
    written = write_batch(given, tmp_path / "input.jsonl", system=None, max_tokens=5)
    assert written.left_out == (
        LeftOut(TWICE, 12, tuple(range(2, 12))),
        LeftOut("it has no question", 1, (20,)),
    )
    assert written.records == 1


def test_tokens_are_a_range_and_answers_that_are_replaced_say_the_least(tmp_path: Path) -> None:
    out, answer = tmp_path / "input.jsonl", "An answer of some length."
    unknown = write_batch([prompt(1, "A question?")], out, system=None, max_tokens=100)
    known = write_batch([prompt(1, "A question?", answer=answer)], out, system="S", max_tokens=100)

    asked = estimate_range("A question?")
    assert unknown.input_tokens == Tokens(asked.low, asked.high + 2 * AROUND)
    assert unknown.output_tokens == Tokens(0, 100)
    assert known.output_tokens == Tokens(estimate_range(answer).low, 100)
    assert known.input_tokens.most == asked.high + estimate_range("S").high + 2 * AROUND


def test_what_short_prompts_cost_at_most_has_what_the_service_puts_around_each(tmp_path: Path) -> None:
    """A few thousand questions of one word, to be answered with one: most of what is read is the template's."""
    given = [prompt(row, f"{row}?") for row in range(1, 2001)]
    written = write_batch(given, tmp_path / "input.jsonl", system=None, max_tokens=5)
    a_template = 12  # roles and separators, as Llama 3 and Nova have them
    assert written.input_tokens.most >= 2000 * (2 + a_template)
    assert written.input_tokens.least <= 2000 * 2, "and nobody promises that it has them"


def prepared(records: int = 1000) -> Prepared:
    return Prepared(
        "p.jsonl", "a", "s3://x/y", 9, records, (), Tokens(1_000_000, 2_000_000), Tokens(0, 4_000_000)
    )


def limits(usd: int) -> JobSettings:
    return replace(SETTINGS, approval_limit=Decimal(usd), self_approval_limit=Decimal(0))


def test_a_batch_costs_half_of_what_it_costs_on_demand() -> None:
    terms = estimates.offer(PriceBook({}), registry.get("nova-pro"), prepared(), limits(25))
    assert (terms.per_1m_input.usd, terms.per_1m_output.usd) == (Decimal("0.40"), Decimal("1.60"))
    assert "half of the price on demand" in terms.per_1m_input.source
    assert (terms.least, terms.most) == (Decimal("0.40"), Decimal("7.20"))
    assert terms.needs_approval == ""


def test_the_operators_own_price_wins_and_an_unknown_one_is_for_an_approver() -> None:
    own = PriceBook(
        {
            ("llama-3.3-70b", PriceKind.BATCH_INPUT): Decimal(1),
            ("llama-3.3-70b", PriceKind.OUTPUT): Decimal(4),
        }
    )
    teacher = registry.get("llama-3.3-70b")
    unknown = estimates.offer(PriceBook({}), teacher, prepared(), limits(25))
    assert unknown.most is None
    assert "unknown" in unknown.needs_approval

    terms = estimates.offer(own, teacher, prepared(), limits(9))
    assert [terms.per_1m_input.usd, terms.per_1m_output.usd, terms.most] == [
        Decimal(1),
        Decimal(2),
        Decimal(10),
    ]
    assert "without approval" in terms.needs_approval
