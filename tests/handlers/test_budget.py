"""``/tune budget``: what is left, and who spent what."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.spending.ledger import Entry, EntryState, SpendingKind, Tokens
from tests.handlers.door import Door, make_door


def spent(door: Door, number: int, usd: str | None, at: datetime, **changes: Any) -> Entry:
    entry = Entry(
        id=f"job:{number}#1",
        kind=SpendingKind.TRAINING,
        owner="UTRAIN",
        channel="C1",
        model="claims-router",
        base="claude-3-haiku",
        dataset="claims",
        at=at,
        committed=None if usd is None else Decimal(usd),
    )
    entry = replace(entry, **changes)
    door.ledger.reserve([entry], [])
    return entry


def said(door: Door) -> str:
    """Return all that is read in the answer, a block a line."""
    texts: list[str] = []

    def collect(node: Any) -> None:
        if isinstance(node, Mapping):
            if isinstance(node.get("text"), str):
                texts.append(node["text"])
            for each in node.values():
                collect(each)
        elif isinstance(node, list):
            for each in node:
                collect(each)

    collect(door.webhooks[-1]["blocks"])
    return "\n".join(texts)


def test_each_budget_has_what_is_spent_reserved_and_left() -> None:
    door = make_door(budgets={"UTRAIN": Decimal(40), "all": Decimal(500), "C1": Decimal(200)})
    now = door.clock.now()
    door.ledger.settle(spent(door, 1, "60", now), Decimal("50"))
    spent(door, 2, "30", now, model="notes", owner="UOTHER")
    door.command("budget")

    shown = said(door)
    held_back = door.told
    assert "Spending in November" in shown
    assert (
        "*The workspace* · $420.00 left\n`█▒░░░░░░░░` $50.00 of $500.00 spent\nand $30.00 reserved" in shown
    )
    assert "*<#C1>* · $120.00 left\n`██▒▒░░░░░░` $50.00 of $200.00 spent" in shown
    assert "*<@UTRAIN>* · $0.00 left\n`██████████` $50.00 of $40.00 spent" in shown
    assert shown.index("The workspace") < shown.index("<#C1>") < shown.index("*<@UTRAIN>* ·")
    assert "*By person*\n$50.00 · <@UTRAIN>\n$30.00 reserved · <@UOTHER>" in held_back
    assert "*By model*\n$50.00 · `claims-router`\n$30.00 reserved · `notes`" in held_back
    assert "begin anew on <!date^1796083200^" in held_back


def test_without_budgets_it_says_who_spent_what_and_how_to_set_one() -> None:
    door = make_door()
    now = door.clock.now()
    for number in range(8):
        owner, private = f"U{number}", f"D{number}"
        spent(door, number, str(10 - number), now, owner=owner, channel=private, model=f"m{number}")
    spent(door, 9, None, now)
    door.command("budget")

    shown = said(door)
    assert "*$0.00* was spent, and $52.00 is reserved by what is not over yet." in shown
    assert "TUNESMITH_BUDGETS=all=500" in shown
    held_back = door.told
    assert "$6.00 reserved · <@U4>\n1 unknown price and $12.00 reserved · 4 others" in held_back
    assert (
        "*By channel*\n$52.00 reserved · channels that you do not see, and others' direct messages\n"
        "1 unknown price · <#C1>" in held_back
    )
    assert "D3" not in held_back, "whose direct message it was is nobody's business"
    assert "1 spending with an unknown price counts as nothing." in held_back


def test_in_a_month_without_spending_it_says_so() -> None:
    door = make_door()
    door.command("budget")
    assert "Nothing was spent in November yet." in said(door)


def test_what_was_freed_or_is_of_another_month_is_not_shown() -> None:
    door = make_door()
    now = door.clock.now()
    spent(door, 1, "7", now.replace(month=10))
    door.ledger.free(spent(door, 2, "8", now))
    assert [each.state for each in door.ledger.kept.values()] == [EntryState.RESERVED, EntryState.FREED]
    door.command("budget")
    assert "Nothing was spent in November yet." in said(door)


def test_words_after_it_and_a_store_that_is_away_are_answered() -> None:
    door = make_door()
    door.command("budget for me")
    assert "Write it as `/tune budget`" in door.webhooks[-1]["text"] + said(door)
    door.ledger.down = True
    door.command("budget")
    assert "can't reach my state store" in said(door)


def test_what_is_outside_text_stays_text() -> None:
    door = make_door()
    spent(door, 1, "7", door.clock.now(), model="<!channel> *x*", owner="not-a-user", channel="C1|x>")
    door.command("budget")
    assert "<!channel>" not in said(door)


def answered(door: Door, number: int, usd: str, **changes: Any) -> None:
    """Have a question answered and settled: 300 tokens read, 100 written."""
    about = {
        "id": f"question:{number}",
        "kind": SpendingKind.QUESTION,
        "base": "nova-micro",
        "model": "notes",
    }
    entry = spent(door, number, "0.5", door.clock.now(), **{**about, **changes})
    door.ledger.settle(replace(entry, tokens=Tokens(300, 100), of_base=True), Decimal(usd))


def test_answers_and_their_tokens_are_told_by_person_channel_and_model_where_they_are_seen() -> None:
    door = make_door()
    answered(door, 1, "0.25")
    answered(door, 2, "0.25", owner="UOTHER")
    answered(door, 3, "0.75", owner="UOTHER", channel="DOTHER", model="diary")
    door.command("budget")
    told = door.told
    assert "$0.50 · `notes` · 2 answers, 800 tokens" in told
    assert "$1.00 · <@UOTHER> · 2 answers, 800 tokens" in told
    assert "$0.50 · <#C1> · 2 answers, 800 tokens" in told
    assert "$1.25 of it is of answers at the base's price; AWS publishes none for the tuned model." in told
    assert "diary" not in told

    door.webhooks.clear()
    door.command("cost")
    assert (
        "`notes` · 2 answers, 800 tokens · ≈ $0.50†\n_† at the base's price; AWS publishes none for the tuned model._"
        in door.told
    )
    assert "diary" not in door.told


@pytest.mark.parametrize("base", ["nova-micro", "claude-3-haiku"])
def test_a_models_cost_has_a_thousand_questions_at_this_channels_average(base: str) -> None:
    door = make_door()
    [line, *_] = door.leases.lines
    door.leases.lines = [replace(line, base=base)]
    answered(door, 1, "0.25", channel="CELSE")
    door.command(f"cost {line.name}")
    assert "A thousand questions" not in door.told, "nobody asked here"
    assert "Last asked" not in door.told
    door.webhooks.clear()
    answered(door, 2, "0", model=line.name)
    door.command(f"cost {line.name}")
    if base == "claude-3-haiku":
        assert "A thousand questions" not in door.told, "it is paid for by the hour"
        return
    assert "A thousand questions cost ≈ $0.02: 300 tokens read" in door.told  # 0.3 of 0.035 and 0.1 of 0.14
    assert "Last asked" in door.told
    assert "300 tokens read and 100 written for each, the average of 1 answer in this channel" in door.told
