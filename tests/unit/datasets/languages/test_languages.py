"""Languages: what is named, what is not, and that the rows of another one are found at little cost."""

import io
import random
from collections.abc import Callable

import pytest

from bot.datasets.languages import spotting
from bot.datasets.languages.naming import language_of
from bot.datasets.languages.spotting import Languages
from bot.datasets.model import Cause, Severity
from bot.datasets.validation import validate
from tests.unit.datasets.samples import CLAUDE, judge, lines

ENGLISH = (
    "The patient was admitted on {} with a request {}, and the insurer denied the claim {} since it was late."
)
FRENCH = "Le patient a été admis le {} avec la demande {} et l'assureur a refusé le dossier {} car il était en retard."
SPANISH = "El paciente ingresó el {} con la solicitud {} y la aseguradora rechazó el expediente {} porque llegó tarde."
PORTUGUESE = (
    "O paciente foi internado em {} com o pedido {} e a seguradora recusou o processo {} porque chegou tarde."
)
JAPANESE = "患者は{}に入院し、申請番号は{}です。保険会社は書類{}の提出が遅れたため、請求を却下しました。"
CHINESE = "患者于{}入院, 申请编号为{}。由于文件{}提交得太晚, 保险公司拒绝了这项索赔, 请补充材料。"
NAMED = {
    ENGLISH: "English", FRENCH: "French", SPANISH: "Spanish", PORTUGUESE: "Portuguese", JAPANESE: "Japanese",
    CHINESE: "Chinese",
}  # fmt: skip


def row(index: int, question: str, answer: str) -> dict[str, object]:
    question, answer = (text.format(index, index * 7, index * 13) for text in (question, answer))
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}


def strays(data: bytes) -> list[Cause]:
    return [each for each in judge(data).causes if each.code == "stray-language"]


@pytest.mark.parametrize(("text", "language"), NAMED.items())
def test_a_sentence_is_named(text: str, language: str) -> None:
    assert language_of(text.format(1, 2, 3)) == language
    assert language_of(text.format(1, 2, 3).upper()) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "billing",
        "Ja, das geht.",
        '{"queue": "dental", "code": "D1234", "amount": 12}',
        "CPT 99213, ICD-10 E11.9, NPI 1234567890, modifier 25, DOS 2024-01-01, POS 11",
        "SELECT * FROM patients WHERE x = 1 AND y = 2 ORDER BY name LIMIT 10",
        "https://example.com/le/patient/a/ete/admis/avec/la/demande/et/refuse",
    ],
)
def test_what_is_too_short_or_no_prose_has_no_name(text: str) -> None:
    assert language_of(text) is None


def test_noise_has_no_name() -> None:
    dice = random.Random(3)
    words = ["".join(dice.choices("etaoinshrdlcumwfgypbvk", k=dice.randint(2, 9))) for _ in range(900)]
    assert {language_of(" ".join(dice.choices(words, k=60))) for _ in range(20)} == {None}


@pytest.mark.slow
@pytest.mark.parametrize("place", [0, 1, 7, 60, 119])
@pytest.mark.parametrize(("usual", "other"), [(ENGLISH, FRENCH), (SPANISH, PORTUGUESE), (JAPANESE, CHINESE)])
def test_a_row_that_differs_is_found_wherever_it_stands(usual: str, other: str, place: int) -> None:
    rows = [row(index, usual, usual) for index in range(120)]
    rows[place] = row(place, other, other)
    [cause] = strays(lines(*rows, pad=0))
    assert (cause.lines, cause.count, cause.path, cause.severity) == (
        (place + 1,), 1, "answer", Severity.WARNING
    )  # fmt: skip
    words = f"The answer of 1 row is in {NAMED[other]}; nearly all other answers are in {NAMED[usual]}."
    assert cause.message == words
    assert "The model learns" in cause.hint


def test_an_answer_in_another_language_than_the_answers() -> None:
    rows = [row(index, ENGLISH, FRENCH if index in (30, 40) else ENGLISH) for index in range(80)]
    [cause] = strays(lines(*rows, pad=0))
    assert (cause.lines, cause.count, cause.path) == ((31, 41), 2, "answer")
    assert cause.message == "The answer of 2 rows is in French; nearly all other answers are in English."


@pytest.mark.parametrize(
    "answer", ["billing", '{{"queue": "D-{}", "code": "X{}Y", "n": {}, "amounts": [1, 2, 3, 4]}}']
)
def test_where_answers_tell_nothing_questions_do(answer: str) -> None:
    rows = [row(index, FRENCH if index == 60 else ENGLISH, answer) for index in range(90)]
    [cause] = strays(lines(*rows, pad=0))
    assert (cause.lines, cause.path) == ((61,), "question")


def test_each_language_is_a_cause_of_its_own() -> None:
    others = {20: FRENCH, 21: SPANISH, 22: FRENCH}
    rows = [row(index, others.get(index, ENGLISH), others.get(index, ENGLISH)) for index in range(100)]
    assert {each.lines for each in strays(lines(*rows, pad=0))} == {(21, 23), (22,)}


def test_translations_and_two_languages_are_no_mistake() -> None:
    translated = [row(index, ENGLISH, FRENCH) for index in range(60)]
    assert strays(lines(*translated, pad=0)) == []
    both = [row(index, *([ENGLISH] * 2 if index % 4 else [FRENCH] * 2)) for index in range(60)]
    report = judge(lines(*both, pad=0))
    assert [each for each in report.causes if each.code == "stray-language"] == []
    assert report.statistics.languages == {"English": 45, "French": 15}


def test_rows_that_are_repaired_count_too() -> None:
    rows = [row(index, ENGLISH, ENGLISH) for index in range(60)]
    pairs = [{"prompt": FRENCH.format(1, 2, 3), "completion": FRENCH.format(4, 5, 6)}]
    [cause] = strays(lines(*rows, *pairs, pad=0))
    assert cause.lines == (61,)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    texts: list[str] = []
    ask: Callable[[str, str], str | None] = language_of

    def note(text: str, expected: str = "") -> str | None:
        texts.append(text)
        return ask(text, expected)

    monkeypatch.setattr(spotting, "language_of", note)
    return texts


def test_the_detector_is_asked_about_few_rows(asked: list[str]) -> None:
    languages = Languages()
    for index in range(2000):
        text = (FRENCH if index == 1500 else ENGLISH).format(index, index * 7, index * 13)
        languages.add(index + 1, [text, text])
    assert len(asked) < 300
    assert [each.lines for each in languages.strays()] == [(1501,)]
    assert languages.shares() == {"English": 1999, "French": 1}


def test_of_many_languages_only_some_rows_are_asked_about(asked: list[str]) -> None:
    languages = Languages()
    texts = list(NAMED)
    for index in range(1200):
        text = texts[index % len(texts)].format(index, index, index)
        languages.add(index + 1, [text, text])
    assert list(languages.strays()) == []
    assert set(languages.shares()) == set(NAMED.values())
    assert len(asked) < 800


def noise(words: int = 30) -> str:
    dice = random.Random(words)
    return " ".join(
        "".join(dice.choices("etaoinshrdlcumwfgypbvk", k=dice.randint(2, 9))) for _ in range(words)
    )


@pytest.mark.slow
def test_where_nothing_can_be_told_few_rows_are_asked_about_however_many_there_are(asked: list[str]) -> None:
    languages = Languages()
    for index in range(6000):
        languages.add(index + 1, [noise(30 + index % 97), noise(20 + index % 89)])
    assert len(asked) < 400
    assert languages.shares() == {}


def test_after_rows_that_tell_nothing_the_others_are_judged() -> None:
    languages = Languages()
    for index in range(9000):
        text = noise() if index < 200 else (FRENCH if index in (8000, 8500) else ENGLISH).format(index, 7, 13)
        languages.add(index + 1, [text, "billing"])
    assert [each.lines for each in languages.strays()] == [(8001, 8501)]


def test_languages_that_take_turns_are_all_met() -> None:
    for turn in (2, 32, 64):
        languages = Languages()
        for index in range(8000):
            text = (ENGLISH if index % turn * 2 < turn else FRENCH).format(index, 7, 13)
            languages.add(index + 1, [text, "billing"])
        english, french = (languages.shares().get(name, 0) for name in ("English", "French"))
        assert min(english, french) > 0.15 * (english + french), (turn, english, french)


def test_the_quick_look_leaves_languages_out() -> None:
    rows = [row(index, ENGLISH, ENGLISH) for index in range(40)]
    report = validate(io.BytesIO(lines(*rows, pad=0)), CLAUDE, thorough=False)
    assert report.statistics.languages == {}
