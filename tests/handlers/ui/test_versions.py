"""What the cards about versions, splits, conversions and comparisons say and offer."""

from dataclasses import replace

import pytest

from bot.datasets.model import Dataset, Role
from bot.datasets.repairs import RepairStep, RepairSummary
from bot.derivations.cards import (
    ComparedCard,
    ConvertedCard,
    DatasetCard,
    DerivationProblem,
    SplitCard,
    VersionList,
)
from bot.derivations.comparison import Comparison, Difference, Example
from bot.derivations.splitting.model import LabelShare, Split
from handlers.ui.cards.datasets import split_button
from handlers.ui.render import render
from tests.handlers.ui.test_words import behind, face, pressable, said
from tests.unit.jobs.samples import dataset

OLD, NEW = dataset(records=400), dataset(records=390, sha256="cd" * 32)
MADE = replace(NEW, parent=OLD.report.sha256, history=("Dropped 10 copies.", "Lowered the roles in 2 rows."))
SPLIT = Split(
    400,
    360,
    40,
    0.1,
    7,
    2,
    9,
    "route",
    (LabelShare("claims", 300, 33), LabelShare(None, 60, 7)),
    ("A note.",),
)


def test_a_dataset_shows_where_it_came_from_and_its_other_versions() -> None:
    message = render(DatasetCard(MADE, (MADE, OLD), OLD, "https://x.slack.com/archives/C1/p1"))
    text = said(message)
    assert "Made from `claims` for <@UTRAIN>" in text
    assert "• Dropped 10 copies.\n• Lowered the roles in 2 rows." in text
    assert "`cdcdcdcdcdcd` · 390 records · Claude 3 Haiku" in text
    assert "← this one" in text
    assert ("dataset.compare", "abababababab cdcdcdcdcdcd\nclaims\nclaims") in pressable(message)
    assert ("dataset.open", "message") in pressable(message)


def test_a_parent_that_is_not_kept_is_named_as_it_was_called_and_never_by_its_digest() -> None:
    named = replace(MADE, parent_name="claims-raw")
    found = {
        told: said(render(card))
        for told, card in {
            "Made from `claims-raw` for": DatasetCard(named, (named,), None),
            "Made from a file that I do not keep for": DatasetCard(MADE, (MADE,), None),
            "from `claims-raw`: Dropped": VersionList((named, NEW)),
            "from a file that I do not keep: Dropped": VersionList((replace(MADE, parent="9" * 64), NEW)),
        }.items()
    }
    assert [told for told, text in found.items() if told not in text] == []
    assert not [
        told for told, text in found.items() if MADE.parent and MADE.parent[:12] in text.split("from ")[1]
    ]


def test_a_dataset_that_was_sent_says_by_whom() -> None:
    message = render(DatasetCard(OLD, (OLD,), None))
    assert "by <@UTRAIN>" in said(message)
    assert {each for each, _ in pressable(message)} == {"dataset.start", "dataset.split"}


def test_the_list_shows_who_sent_what_and_what_came_of_it() -> None:
    text = said(render(VersionList((MADE, OLD))))
    assert "*`claims`* · `cdcdcdcdcdcd` · <@UTRAIN>" in text
    assert "from `claims`: Dropped 10 copies." in text
    assert "and 16 older in *Details*; " in face(render(VersionList((OLD,) * 20)))
    assert behind(render(VersionList((OLD,) * 20))).count("*`claims`*") == 20
    assert "and 5 older; " in behind(render(VersionList((OLD,) * 35)))
    assert "No datasets yet" in said(render(VersionList(())))


@pytest.mark.parametrize(
    ("found", "offered"),
    [
        (OLD, True),
        (dataset(records=400, role=Role.VALIDATION), False),
        (dataset(records=63), False),
        (dataset(records=64), True),
    ],
)
def test_a_split_is_offered_where_it_can_be_made(found: Dataset, offered: bool) -> None:
    assert bool(split_button(found)) is offered


def test_a_split_says_sizes_labels_and_why() -> None:
    validation = replace(NEW, name="claims.validation")
    training = replace(OLD, name="claims.train")
    message = render(SplitCard("claims", SPLIT, training, validation, "UTRAIN"))
    text = said(message)
    assert "360 records for training, 40 for validation (10.0%; 10% asked for, seed 7)." in text
    assert "9 records in 2 groups" in text
    assert "claims: 300 / 33\n(none): 60 / 7" in text
    assert "A note." in text
    assert "validation: `claims.validation` · `cdcdcdcdcdcd`" in text
    assert pressable(message) == [("dataset.start", training.reference)]


def test_a_side_that_was_not_kept_is_told_and_nothing_starts() -> None:
    message = render(SplitCard("claims", SPLIT, None, None, "UTRAIN"))
    assert "training: not kept" in said(message)
    assert pressable(message) == []


def test_a_conversion_says_what_was_done_and_that_its_verdict_follows() -> None:
    steps = (RepairStep("convert-format", "Converted the format of 40 rows.", 40),)
    text = said(
        render(
            ConvertedCard("claims", "claims.nova-lite.jsonl", "nova-lite", RepairSummary(steps, 40, 40), "U1")
        )
    )
    assert "`claims` is converted for Amazon Nova Lite" in text
    assert "• Converted the format of 40 rows." in text
    assert "verdict for Amazon Nova Lite follows" in text


def test_a_comparison_says_how_many_where_and_shows_examples() -> None:
    example = Example(3, 4, "How <!channel>?", "answer", "old", "new")
    prompt = replace(example, what="system prompt", before="a***@***.de")
    found = Comparison(
        before=400,
        after=390,
        added=Difference(0, ()),
        removed=Difference(11, tuple(range(1, 11))),
        changed=Difference(2, (4, 5), (example, prompt)),
        reformed=Difference(1, (9,)),
        unchanged=386,
    )
    message = render(ComparedCard(OLD, NEW, found, "UTRAIN"))
    text = said(message)
    assert "*11 records removed* · lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 …" in text
    assert "> *before:* old\n> *after:* new" in text
    assert "> *before system prompt:* a\u2217\u2217\u2217@\u2217\u2217\u2217.de" in text
    assert "added*" not in text
    assert "386 records unchanged" in text
    assert "<!channel>" not in text
    assert message.text.startswith("claims beside claims: 0 added, 11 removed, 2 changed")


def test_a_problem_says_what_to_do() -> None:
    assert "Send it again." in said(render(DerivationProblem("claims", "It is gone. Send it again.", "U1")))
    assert render(DerivationProblem("", "It is gone.", "U1")).text == "It is gone."
