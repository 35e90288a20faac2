"""Small packed files that unpack to a great deal: each is told in words, in bounded time and memory."""

import bz2
import gzip
import io
import lzma
import os
import stat
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.datasets.model import Report, Verdict
from bot.datasets.repairs import repair
from bot.uploads.cards import VerdictCard
from handlers.ui.cards.datasets import verdict_card
from tests.attacks.test_text import assert_harmless, strings
from tests.unit.datasets.samples import CLAUDE, judge, lines

MEGABYTE = 1 << 20


@pytest.mark.slow
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress], ids=["gzip", "bzip2", "xz"])
def test_a_few_kilobytes_are_not_unpacked_to_the_end(
    pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.datasets.reading.packing.FREELY_UNPACKED", MEGABYTE)
    data = pack(b" " * (4 * MEGABYTE))
    report = judge(data)
    causes = {cause.code: cause for cause in report.causes}
    assert report.verdict is Verdict.BLOCKED
    assert "more than 200 times its size" in causes["broken-packing"].message
    assert report.bytes == len(data)


def test_a_small_file_of_line_feeds_ends_in_words_and_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each blank line is counted in a microsecond or so, and at a limit reading ends."""
    monkeypatch.setattr("bot.datasets.reading.reader.MAX_ROWS", 10_000)
    started = time.process_time()
    report = judge(gzip.compress(b"\n" * MEGABYTE))
    assert time.process_time() - started < 10
    assert {cause.code: cause.count for cause in report.causes}["blank-line"] == 10_000
    assert "too-many-rows" in {cause.code for cause in report.causes}


def test_a_dataset_of_many_copies_is_unpacked_all_the_same() -> None:
    data = lines(*[lines(pad=1).strip()] * 1000, pad=0)
    assert len(data) > 30 * len(gzip.compress(data))
    report = judge(gzip.compress(data))
    assert report.records == 1000
    assert "broken-packing" not in {cause.code for cause in report.causes}


# Archives that want to be more than a file


ROWS = lines(pad=40)
TRAVERSALS = (
    "../../../../etc/cron.d/x", "/etc/passwd", "a\\..\\..\\windows\\x.jsonl", "C:\\x.jsonl", "//server/share/x",
    "a/../../b", "./../x", "~/.ssh/authorized_keys", "x\x00.jsonl", "\u202egnp.lnosj",
    "<!channel>`<@U0VICTIM1>", "a" * 60_000,
)  # fmt: skip


def archive(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in members:
            made.writestr(name, content)
    return out.getvalue()


def link_to(target: str) -> bytes:
    """Return an archive whose one member is a symbolic link."""
    info = zipfile.ZipInfo("train.jsonl")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return archive((info, target.encode()))


def lying(data: bytes, field: int, value: int) -> bytes:
    """Return an archive with another number in its first local header: 14 the checksum, 18 and 22 the sizes."""
    return data[:field] + struct.pack("<L", value) + data[field + 4 :]


def broken(report: Report) -> str:
    return " ".join(each.message for each in report.causes if each.code == "broken-packing")


@pytest.mark.slow
def test_a_members_name_is_no_path_and_no_words_of_ours(tmp_path: Path) -> None:
    """Tried: names that lead out of a folder, through links, or into a card. A name opens and writes nothing.

    What must happen: the rows are read as if the archive's member had any other name; the corrected copy lies where we
    want it and nothing else does; where two names are told, they stay text.
    """
    wrong: list[Any] = []
    for number, name in enumerate(TRAVERSALS):
        folder = tmp_path / str(number) / "a" / "b" / "c" / "d"
        folder.mkdir(parents=True)
        source, out = folder / "in.zip", folder / "out.jsonl"
        source.write_bytes(archive((name, ROWS)))
        before = set(tmp_path.rglob("*"))
        report = judge(source.read_bytes())
        if report.records != 40 or broken(report):
            wrong.append((name[:40], report.records, broken(report)))
        repair(source, out, CLAUDE)
        if set(tmp_path.rglob("*")) - before - {out}:
            wrong.append((name[:40], set(tmp_path.rglob("*")) - before))
        two = judge(archive((name, ROWS), (f"2{name}", ROWS)))
        if "more than one file" not in broken(two):
            wrong.append((name[:40], broken(two)))
        for kind, shown in strings(verdict_card(VerdictCard(two, None, "U1")).blocks):
            assert_harmless(kind, shown, frozenset({"<@U1>"}))
    assert wrong == []


def test_two_files_without_a_name_are_two_files() -> None:
    nameless = archive(("x", ROWS)).replace(b"\x01\x00\x00\x00x", b"\x00\x00\x01\x00x", 1)
    two = nameless[: nameless.index(b"PK\x01\x02")] + nameless
    assert judge(nameless).records == 40
    assert "more than one file" in broken(judge(two))


def test_a_link_is_its_text_and_is_never_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.jsonl"
    secret.write_bytes(ROWS)
    for target in (str(secret), os.path.relpath(secret), "/etc/passwd", "/dev/zero", "/proc/self/environ"):
        report = judge(link_to(target))
        assert report.records <= 1, target
        assert report.verdict is Verdict.BLOCKED


@pytest.mark.slow
def test_an_archive_of_many_members_ends_at_once() -> None:
    """Tried: 20,000 files, 20,000 files that are no data, and an archive in an archive in an archive."""
    started = time.process_time()
    assert "more than one file" in broken(judge(archive(*[(f"{n}.jsonl", b"{}") for n in range(20_000)])))
    assert "no file" in broken(judge(archive(*[(f"__MACOSX/{n}", b"{}") for n in range(20_000)])))
    nested = archive(("a.zip", archive(("b.zip", archive(("c.jsonl", ROWS))))))
    for _ in range(5):
        nested = archive(("x.zip", gzip.compress(nested)))
    assert judge(nested).verdict is Verdict.BLOCKED
    assert time.process_time() - started < 20


def test_what_is_no_data_is_counted_though_nothing_of_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tried: a file beside the data, as macOS writes them, that unpacks to gigabytes and is thrown away."""
    monkeypatch.setattr("bot.datasets.reading.packing.FREELY_UNPACKED", MEGABYTE)
    bomb = b"\0" * (4 * MEGABYTE)
    for name in ("__MACOSX/._train.jsonl", ".hidden", "folder/"):
        assert "more than 200 times its size" in broken(
            judge(archive((name, bomb), ("train.jsonl", ROWS)))
        ), name


def test_sizes_and_checksums_that_lie_are_told() -> None:
    packed, plain = archive(("a.jsonl", ROWS)), archive(("a.jsonl", ROWS), method=zipfile.ZIP_STORED)
    tried = {
        "a checksum of others": (lying(packed, 14, 7), "checksum"),
        "a stored file that is longer than the archive": (lying(plain, 18, 10**9), "cut off"),
        "a stored file that is shorter than it is": (lying(plain, 18, 100), "checksum"),
        "the largest size there is": (lying(plain, 18, 0xFFFFFFFF), "few programs"),
        "a password": (packed[:6] + b"\x01\x00" + packed[8:], "password"),
        "an unknown method": (packed[:8] + b"\x63\x00" + packed[10:], "few programs"),
        "cut off": (packed[: len(ROWS) // 50], "cut off"),
    }
    wrong = {
        name: said for name, (data, words) in tried.items() if words not in (said := broken(judge(data)))
    }
    assert wrong == {}
    for claimed in (0, 1, 0xFFFFFFFE):  # of what is deflated the stream itself says where it ends
        assert judge(lying(lying(packed, 22, claimed), 18, claimed)).records == 40


def test_a_folder_before_the_data_and_what_macos_adds_are_passed_over(tmp_path: Path) -> None:
    """With sizes behind the content, too, as programs write them that stream."""
    out = io.BytesIO()

    class Streamed(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            return out.write(data)

    with zipfile.ZipFile(Streamed(), "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("__MACOSX/._train.jsonl", b"x" * 1000)
        made.writestr("train.jsonl", ROWS)
    assert judge(out.getvalue()).records == 40
