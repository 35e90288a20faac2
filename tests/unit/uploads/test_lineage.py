"""Which file is meant by a name: itself, or the newest of its copies."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.uploads.lineage import KnownFile, descends, newest_of

START = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("claims.jsonl", "claims.jsonl"),
        ("CLAIMS.JSONL", "claims"),
        ("claims.jsonl", "`claims`"),
        ("claims.jsonl.gz", "claims"),
        ("claims.csv", "claims"),
        ("claims.repaired.jsonl", "claims.jsonl"),
        ("claims.repaired.jsonl", "claims.repaired"),
        ("claims.repaired.edited-2.without-row-5.jsonl", "claims.repaired"),
        ("claims.without-rows-3-5-9.jsonl", "claims"),
        ("claims.without-12-rows-a3f1.jsonl", "claims"),
        ("claims.lower-roles.repaired.jsonl", "claims"),
        ("claims (1).jsonl", "claims"),
        ("claims(2).jsonl", "claims"),
        ("claims copy.jsonl", "claims"),
        ("claims-fixed.jsonl", "claims.jsonl"),
        ("claims_v2.jsonl", "claims"),
        ("claims-2.repaired.jsonl", "claims-2"),
        ("claims-2.repaired.jsonl", "claims"),
        ("claims-final (1).jsonl", "claims"),
        ("folder/claims.jsonl", "claims"),
        ("data", "data"),
        (".jsonl", ".jsonl"),
    ],
)
def test_a_file_is_known_by_its_name_and_by_those_that_it_was_copied_from(name: str, wanted: str) -> None:
    assert descends(name, wanted)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("claims.jsonl", "claims_v2"),
        ("claims.jsonl", "claims.repaired"),
        ("claims-2026.jsonl", "claims"),
        ("claims-router.jsonl", "claims"),
        ("myclaims.jsonl", "claims"),
        ("claims.jsonl", "claim"),
        ("", "claims"),
        ("claims.jsonl", ""),
    ],
)
def test_other_files_are_others(name: str, wanted: str) -> None:
    assert not descends(name, wanted)


def test_of_a_file_and_its_copies_the_newest_is_meant_whatever_the_order() -> None:
    files = [
        KnownFile(f"F{number}", name, START + timedelta(minutes=number))
        for number, name in enumerate(
            ["claims.jsonl", "claims.repaired.jsonl", "notes.jsonl", "claims-fixed.jsonl"]
        )
    ]
    found = newest_of(reversed(files), "claims")
    assert found
    assert found.name == "claims-fixed.jsonl"
    assert newest_of(files, "claims.repaired") == files[1]
    assert newest_of(files, "plans") is None
