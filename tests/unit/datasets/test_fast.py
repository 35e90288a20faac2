"""The fast path takes no line whose bytes hide a mistake, and remembers nothing that would change its judgement."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.datasets.repairs.good_rows import fast_path
from bot.profiles import registry
from bot.profiles.model import Profile
from tests.examples import examples
from tests.unit.datasets.samples import CLAUDE, good
from tests.unit.datasets.test_properties import fine_rows

NOVA = registry.get("nova-lite")
ANSWER = b'{"role": "assistant", "content": "b"}'
ASKED = b'{"role": "user", "content": "a"}'


def record(*messages: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    return b"{" + before + b'"messages": [' + b", ".join(messages) + b"]" + after + b"}"


@pytest.mark.parametrize(
    "line",
    [
        record(ASKED, ANSWER, before=b'"system": "a", "system": "b", '),
        record(ASKED, ANSWER, before=b'"messages": [], '),
        record(ASKED, b'{"role": "user", "role": "assistant", "content": "b"}'),
        record(ASKED, b'{"role": "assistant", "content": "a", "content": "b"}'),
        record(ASKED, b'{"role": "assistant", "content": "a", "c\\u006fntent": "b"}'),
        record(ASKED, b'{"role": "assistant", "content": "b", "weight": 1}'),
        record(ASKED, b'{"role": "assistant", "content": ["b"]}'),
        record(ASKED, b'{"role": "assistant", "content": null}'),
        record(ASKED, b'["assistant", "b"]'),
        record(ASKED, b'"assistant"'),
        record(ASKED, ANSWER, after=b', "system": null'),
        record(ASKED, ANSWER, after=b', "system": ["a"]'),
        record(ASKED, ANSWER, after=b', "system": NaN'),
        record(ASKED, ANSWER, after=b', "id": 1'),
        record(ASKED, ANSWER) + b" {}",
        record(ASKED, ANSWER) + b",",
        b"\xef\xbb\xbf" + record(ASKED, ANSWER),
        record(ASKED, ANSWER.replace(b"b", b"\xff")),
        record(ASKED, ANSWER.replace(b"b", b"\\ud800")),
        record(ASKED, ANSWER.replace(b"b", b"\\u0000")),
        record(ASKED, ANSWER.replace(b"b", b"\t")),
        record(ASKED),
        record(ASKED, ANSWER, ASKED),
        record(ANSWER, ASKED),
        record(),
        b'{"messages": {"role": "content"}}',
        b'{"messages": {}}',
        b'{"messages": "ab"}',
        b'{"messages": 2}',
        b"[" * 100_000,
        b"9" * 5000,
        b"null",
        b'"messages"',
        b"",
        b"\n",
    ],
    ids=lambda line: line[:60].decode("ascii", "replace"),
)
def test_what_is_not_plainly_good_is_left_to_the_rules(line: bytes) -> None:
    assert fast_path(CLAUDE).read(line) is None


@pytest.mark.parametrize(
    "system", [[{"text": None}], [], None, [{}], [{"text": "a", "image": {}}], [{"text": 1}]]
)
def test_a_system_prompt_without_a_text_is_not_plainly_good(system: Any) -> None:
    assert fast_path(NOVA).read(json.dumps(good(1, NOVA) | {"system": system}).encode()) is None


@pytest.mark.parametrize("profile", [CLAUDE, NOVA], ids=lambda profile: profile.name)
def test_characters_and_tokens_are_the_texts_and_the_system_prompts(profile: Profile) -> None:
    row = good(1, profile)
    plain = fast_path(profile).read(json.dumps(row).encode())
    prompt: Any = "Be brief. ü" if profile is CLAUDE else [{"text": "Be brief. ü"}]
    prompted = fast_path(profile).read(json.dumps(row | {"system": prompt}).encode())
    assert plain is not None
    assert prompted is not None
    assert plain.characters == sum(map(len, plain.texts))
    assert prompted.characters == plain.characters + len("Be brief. ü")
    assert prompted.tokens > plain.tokens
    assert plain.joined == prompted.joined == "\x01".join(plain.texts).encode()


@settings(max_examples=examples(60), deadline=None)
@given(rows=st.lists(fine_rows(), max_size=6), profile=st.sampled_from([CLAUDE, NOVA]))
def test_a_record_is_judged_as_if_it_stood_alone(rows: list[dict[str, Any]], profile: Profile) -> None:
    """A system prompt is judged once for all records in a row that share it."""
    path = fast_path(profile)
    for line in (json.dumps(row).encode() for row in rows for _ in range(2)):
        assert path.read(line) == fast_path(profile).read(line)


WRONG_TEXTS = ("", " \n", "\u2800", "a\0b", "TODO: fill in", "\n\nHuman: and", "FÃ¼r", "x1" * 60_000)


@settings(max_examples=examples(60), deadline=None)
@given(
    texts=st.lists(
        st.one_of(
            st.sampled_from(WRONG_TEXTS),
            st.text(max_size=60),
            st.text('ab1:/ {"}xA', max_size=90),
            st.sampled_from(["x", "Grüße, für dich", "漢字かな" * 90, "https://a.example/?q=7"]),
        ),
        max_size=24,
    ),
    profile=st.sampled_from([CLAUDE, NOVA]),
)
def test_many_records_are_judged_as_each_of_them_is(texts: list[str], profile: Profile) -> None:
    def told(text: str) -> Any:
        return text if profile is CLAUDE else [{"text": text}]

    rows = [
        good(index, profile)
        | {
            "messages": [
                {"role": "user", "content": told("Why?")},
                {"role": "assistant", "content": told(text)},
            ]
        }
        for index, text in enumerate(texts)
    ]
    path = fast_path(profile)
    contents = [path.content(json.dumps(row).encode()) for row in rows]
    shaped = [each for each in contents if each]
    assert fast_path(profile).judged_all(shaped) == [fast_path(profile).judged(each) for each in shaped]


@pytest.mark.parametrize("wrong", WRONG_TEXTS, ids=ascii)
def test_one_wrong_text_among_many_is_found(wrong: str) -> None:
    texts = ["Yes, it does."] * 20
    texts[7] = wrong
    path = fast_path(CLAUDE)
    lines = [record(ASKED, ANSWER.replace(b'"b"', json.dumps(text).encode())) for text in texts]
    judged = path.judged_all([content for line in lines if (content := path.content(line))])
    assert [place for place, each in enumerate(judged) if each is None] == [7]
