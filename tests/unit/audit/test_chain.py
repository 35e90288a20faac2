"""The chain: whatever is done to it is told, with where."""

import json
from collections.abc import Callable
from dataclasses import replace

from bot.audit.chain import Chain, Entry, Head, Verification

CHAIN = Chain(b"k" * 32)
AT = "2026-11-22T09:00:00.000+00:00"
ENTRIES = CHAIN.follow(Head(), AT, [{"what": f"decision {n}"} for n in range(1, 7)])
HEAD = Head(6, ENTRIES[-1].code)
PUBLISHED = {3: ENTRIES[2].code, 6: ENTRIES[5].code}

Kept = tuple[list[Entry], Head]


def _changed(kept: Kept) -> Kept:
    entries, head = kept
    entries[3] = replace(entries[3], text=entries[3].text.replace("decision 4", "nothing"))
    return entries, head


def _computed_anew(kept: Kept) -> Kept:
    """As whoever can write to Redis, and has not the key, might: all codes after it are of a key of theirs."""
    entries, _ = kept
    mine = Chain(b"another key")
    code = entries[2].code
    for n in range(3, 6):
        text = entries[n].text.replace("decision 4", "nothing")
        code = mine.code(code, text)
        entries[n] = replace(entries[n], text=text, code=code)
    return entries, Head(6, code)


def _unsealed(kept: Kept) -> Kept:
    entries, _ = kept
    code = entries[2].code
    for n in range(3, 6):
        text = entries[n].text.replace("decision 4", "nothing")
        code = Chain().code(code, text)
        entries[n] = replace(entries[n], text=text, code=code, key="")
    return entries, Head(6, code)


def _of_a_made_up_key(kept: Kept) -> Kept:
    """All codes are right, under a key of theirs, which looks like one that the bot had once."""
    entries, _ = kept
    mine = Chain(b"another key")
    code = entries[2].code
    for n in range(3, 6):
        text = entries[n].text.replace("decision 4", "nothing")
        code = mine.code(code, text)
        entries[n] = replace(entries[n], text=text, code=code, key=mine.key)
    return entries, Head(6, code)


def _removed(kept: Kept) -> Kept:
    return [each for each in kept[0] if each.number != 4], kept[1]


def _inserted(kept: Kept) -> Kept:
    text = json.dumps({"n": 4, "at": AT, "what": "approved"})
    return [*kept[0][:4], Entry("4-1", text, CHAIN.code("", text), CHAIN.key), *kept[0][4:]], kept[1]


def _reordered(kept: Kept) -> Kept:
    entries, head = kept
    entries[3], entries[4] = (
        replace(entries[4], place=entries[3].place),
        replace(entries[3], place=entries[4].place),
    )
    return entries, head


def _tail_cut(kept: Kept) -> Kept:
    return kept[0][:4], kept[1]


def _tail_cut_with_its_head(kept: Kept) -> Kept:
    return kept[0][:4], Head(4, kept[0][3].code)


def _emptied(_: Kept) -> Kept:
    return [], Head()


def _start_cut(kept: Kept) -> Kept:
    return kept[0][2:], kept[1]


ATTACKS: dict[str, tuple[Callable[[Kept], Kept], int, str]] = {
    "one is changed": (_changed, 4, "changed"),
    "one is changed, and the rest computed anew": (_computed_anew, 4, "changed"),
    "one is changed, and the rest is without a key": (_unsealed, 4, "changed"),
    "one is changed, and the rest is under a key of theirs": (_of_a_made_up_key, 4, "changed"),
    "one is taken out": (_removed, 5, "removed"),
    "one is put in": (_inserted, 4, "inserted"),
    "two change places": (_reordered, 4, "reordered"),
    "the end is cut off": (_tail_cut, 5, "cut"),
    "the end is cut off, and the head set back": (_tail_cut_with_its_head, 5, "cut"),
    "all of it is gone": (_emptied, 1, "cut"),
    "the beginning is cut off within a segment": (_start_cut, 3, "cut"),
}


def test_whatever_is_done_to_it_is_told_and_where() -> None:
    assert CHAIN.verify(ENTRIES, HEAD, PUBLISHED).breaks == ()
    unlike = {}
    for name, (attack, number, what) in ATTACKS.items():
        entries, head = attack((list(ENTRIES), HEAD))
        breaks = CHAIN.verify(entries, head, PUBLISHED).breaks
        first = (breaks[0].number, breaks[0].what) if breaks else None
        if first != (number, what):
            unlike[name] = breaks
    assert unlike == {}


def test_another_key_may_follow_and_none_comes_back_unseen() -> None:
    """Tried: nothing of it is published yet, so that the codes alone tell."""
    new = Chain(b"n" * 32)
    after = new.follow(HEAD, AT, [{"what": "with the new key"}])
    both, end = [*ENTRIES, *after], Head(7, after[-1].code)
    assert new.verify(both, end) == Verification((), 7, 0, 6)
    entries, head = _of_a_made_up_key((list(ENTRIES), HEAD))
    assert [each.number for each in CHAIN.verify(entries, head).breaks] == [4, 5, 6]


def test_what_nobody_of_us_writes_is_told_and_stops_nobody_from_looking() -> None:
    strange = {
        "place": ("²-0", "٣-0", "-0", "", "1-0-0", "x" * 10_000),
        "text": ("[" * 100_000, '{"n": true}', '{"n": 1e999}', "\ud800", "", "{}"),
        "code": ("\ud800", "", "x" * 10_000),
        "key": ("²", "x" * 10_000),
    }
    for member, values in strange.items():
        for value in values:
            entries = [*ENTRIES[:3], replace(ENTRIES[3], **{member: value}), *ENTRIES[4:]]
            assert not CHAIN.verify(entries, HEAD).holds, (member, value[:20])


def test_it_may_begin_where_a_published_segment_ends() -> None:
    assert CHAIN.verify(ENTRIES[3:], HEAD, PUBLISHED).holds


def test_without_the_key_nothing_is_taken_for_proven() -> None:
    keyless = Chain().follow(Head(), AT, [{"what": "asked"}])
    assert CHAIN.verify(keyless, Head(1, keyless[0].code)).unsealed == 1
    assert Chain(b"x" * 32).verify(ENTRIES, HEAD).of_other_keys == 6
    assert "kkkk" not in repr(CHAIN)
