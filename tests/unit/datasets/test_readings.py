# ruff: noqa: RUF001 -- letters of many languages, on purpose
"""Lines in another encoding: the readings that make sense are offered with their words, and none is made unasked."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.datasets.model import Cause, Verdict
from bot.datasets.reading import readings
from bot.datasets.reading.readings import CODECS, OFFERED, Readings, Reread, repair_name, reread
from bot.datasets.repairs import repair
from bot.datasets.repairs.changes import Change
from bot.datasets.reports.html import as_html
from bot.datasets.reports.text import as_json, as_text
from bot.errors import Refused
from tests.examples import examples
from tests.unit.datasets.samples import CLAUDE, good, judge

SPOKEN = {
    "windows-1252": "Das Café in München, naïve Grüße — „heute“ 50 € für Ärger; año, São Paulo, élève",
    "mac-roman": "Das Café, Grüße aus München, naïve “heute”",
    "cp850": "Grüße, Café, für Ärger",
    "windows-1250": "Příliš žluťoučký kůň úpěl ďábelské ódy; zażółć gęślą jaźń",
    "iso-8859-2": "Příliš žluťoučký kůň; zażółć gęślą jaźń",
    "windows-1254": "Günaydın, sipariş nerede? İstanbul, ığdır",
    "windows-1257": "Labas rytas, kur mano užsakymas? ačiū, šis",
    "windows-1251": "Привет, как дела? Ваш заказ отправлен сегодня.",
    "koi8-r": "Привет, как дела? Ваш заказ отправлен сегодня.",
    "cp866": "Привет, как дела? Ваш заказ отправлен сегодня.",
    "windows-1253": "Καλημέρα, πού είναι το τιμολόγιο",
    "windows-1255": "שלום, איפה ההזמנה שלי",
    "windows-1256": "مرحبا، أين طلبي",
    "shift-jis": "請求書の番号が間違っています。どうすればいいですか",
    "euc-jp": "請求書の番号が間違っています。どうすればいいですか",
    "euc-kr": "안녕하세요, 주문이 어디에 있습니까",
    "gb18030": "你好，我的发票号码不对，我应该先做什么？",
    "big5": "你好，我的發票號碼不對，我應該先做什麼？",
}


def row(text: str, answer: str = "ok") -> str:
    messages = [{"role": "user", "content": text}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": messages}, ensure_ascii=False)


def spoken_in(encoding: str) -> bytes:
    """Return a file in which every third line is in that encoding and the others are UTF-8."""
    texts = [row(f"{SPOKEN[encoding]} {index}", str(index)) for index in range(40)]
    return b"".join(
        text.encode(CODECS[encoding] if index % 3 == 0 else "utf-8") + b"\n"
        for index, text in enumerate(texts)
    )


def cause_of(data: bytes) -> Cause:
    [cause] = judge(data).errors
    return cause


@pytest.mark.slow
@pytest.mark.parametrize("encoding", SPOKEN)
def test_the_right_reading_is_among_those_offered_with_its_words(encoding: str) -> None:
    cause = cause_of(spoken_in(encoding))

    assert (cause.code, cause.count, cause.repair) == ("not-utf-8", 14, None)
    assert repair_name(encoding) in cause.decisions
    assert len(cause.decisions) <= OFFERED
    shown = cause.hint.split(f"as {encoding}: ")[1].split(";")[0].split(". Choose")[0]
    words = [each.strip("`") for each in shown.split(", ")]
    assert words
    assert all(word in SPOKEN[encoding] for word in words)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", SPOKEN)
def test_the_chosen_reading_brings_the_words_back_and_nothing_else(encoding: str, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(spoken_in(encoding))
    changes: list[Change] = []
    summary = repair(source, target, CLAUDE, [repair_name(encoding)], watch=changes.append)

    assert summary.effects() == (f"Read 14 rows as {encoding}.",)
    assert [each.line for each in changes] == [*range(1, 41, 3)]
    assert judge(target.read_bytes()).verdict is Verdict.READY
    assert target.read_text("utf-8").splitlines() == [
        row(f"{SPOKEN[encoding]} {index}", str(index)) for index in range(40)
    ]


def test_repairing_everything_reads_no_line_otherwise(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(data := spoken_in("windows-1252"))
    summary = repair(source, target, CLAUDE)

    assert not summary.changed
    assert target.read_bytes() == data


def test_two_readings_at_once_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(spoken_in("windows-1252"))
    with pytest.raises(Refused, match="one encoding only"):
        repair(source, tmp_path / "out", CLAUDE, ["read-as-windows-1252", "read-as-windows-1250"])


def test_an_encoding_that_is_none_gets_the_nearest(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(spoken_in("windows-1252"))
    with pytest.raises(Refused) as caught:
        repair(source, tmp_path / "out", CLAUDE, ["read-as-windows1252"])

    assert "Did you mean `read-as-windows-1252`?" in caught.value.hint


def test_a_table_is_read_as_chosen(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.jsonl"
    table = "prompt,completion\n" + "".join(f"Wo ist Café {index}?,Grüße {index}\n" for index in range(40))
    source.write_bytes(data := table.encode("cp1252"))
    [cause] = [each for each in judge(data).errors if each.code == "not-utf-8"]
    assert cause.decisions[0] == "read-as-windows-1252"
    with pytest.raises(Refused, match="not UTF-8"):
        repair(source, target, CLAUDE)

    repair(source, target, CLAUDE, ["read-as-windows-1252", "table-to-lines", "convert-format"])

    assert judge(target.read_bytes()).verdict is Verdict.READY
    assert "Wo ist Café 39?" in target.read_text("utf-8")


@pytest.mark.parametrize("data", [bytes(range(128, 256)), b"\xff\xff\xff", b"a\xfe\xff\xfe\xffb"])
def test_what_makes_sense_in_no_encoding_is_offered_in_none(data: bytes) -> None:
    cause = cause_of(b"".join([row("QQQ").encode().replace(b"QQQ", data) + b"\n", *padding()]))

    assert cause.decisions == ()
    assert "export the file again" in cause.hint


def padding() -> list[bytes]:
    return [json.dumps(good(index)).encode() + b"\n" for index in range(40)]


def test_every_report_names_the_readings() -> None:
    report = judge(spoken_in("windows-1252"))
    name = "read-as-windows-1252"

    assert f"--only {name}" in as_text(report)
    assert name in as_json(report)["causes"][0]["decisions"]
    assert f"--only {name}" in as_html(report)


@pytest.mark.parametrize("encoding", ["windows-1252", "windows-1250"])
def test_readings_that_differ_are_told_by_the_words_in_which_they_do(encoding: str) -> None:
    found = Readings()
    for word in ("Café", "Grüße", "für", "Bär", "schön"):
        found.add(word.encode("cp1252"))
    found.add("año".encode("cp1252"))

    words = {each.encoding: each.words for each in found.offers()}
    assert ("año" if encoding == "windows-1252" else "ańo") in words[encoding]


def test_a_long_file_is_looked_at_no_longer_than_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []

    def noted(line: bytes, codec: str, *, is_cut: bool) -> str:
        read.append(line)
        return line.decode("cp1252")

    monkeypatch.setattr(readings, "_read", noted)
    collected = Readings()
    for _ in range(2_000):
        collected.add("Grüße aus München ".encode("cp1252") * 1_000)

    assert sum(map(len, read)) < 1_000_000


def test_no_address_is_among_the_words() -> None:
    text = row("é jürgen.müller@firma-köln.de é").encode("cp1252")
    cause = cause_of(b"".join([text + b"\n", *padding()]))

    assert "jürgen.müller@firma" not in cause.hint


@given(data=st.lists(st.binary(max_size=40), max_size=8), encoding=st.sampled_from(sorted(CODECS)))
@settings(max_examples=examples(60), deadline=None)
def test_any_lines_come_through_and_only_odd_ones_change(data: list[bytes], encoding: str) -> None:
    told: list[tuple[int, bytes, bytes]] = []
    source = b"\n".join(data)
    stream = Reread(io.BufferedReader(io.BytesIO(source)), encoding, lambda *each: told.append(each))
    lines = io.BytesIO(source).readlines()

    expected = []
    for line in lines:
        try:
            line.decode()
            expected.append(line)
        except UnicodeDecodeError:
            expected.append(reread(line, encoding) or line)
    assert io.BufferedReader(stream).read() == b"".join(expected)
    assert [after for _, _, after in told] == [
        after for before, after in zip(lines, expected, strict=True) if before != after
    ]
    found = Readings()
    for line in lines:
        found.add(line)
    assert len(found.offers()) <= OFFERED
