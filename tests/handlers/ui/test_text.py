"""Outside text made safe, and our own figures made readable."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pricing.model import Quote
from bot.profiles.model import PriceKind
from bot.wording import Clock, Person, kept, read_back, wording
from handlers.ui import limits, money, text

ANY = st.text(st.characters(), max_size=200)


@given(ANY, st.integers(1, 80))
def test_clipping_never_exceeds_the_limit_nor_cuts_an_entity(raw: str, limit: int) -> None:
    clipped = limits.clip(text.escape(raw), limit)

    assert limits.length(clipped) <= limit
    assert "&" not in clipped.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")


@given(ANY)
def test_nothing_escaped_is_markup_to_slack(raw: str) -> None:
    for made in (text.escape(raw), text.plain(raw), text.code(raw), text.block_of_code(raw)):
        assert "<" not in made
        assert ">" not in made
        made.encode("utf-8")


@given(ANY)
def test_a_code_span_ends_where_it_ends(raw: str) -> None:
    made = text.code(raw)

    assert made.count("`") == 2
    assert "\n" not in made


def test_a_sentence_of_ours_may_name_a_person_and_nobody_else() -> None:
    said = text.sentence(
        wording("Ask ", Person("U012345"), " about `x`, not <!channel>, ", Person("U0 1"), ".")
    )

    assert said == "Ask <@U012345> about `x`, not &lt;!channel&gt;, `U0 1`."


@pytest.mark.parametrize(
    ("said", "limit", "shown"),
    [
        ("It is so. Do this.", 40, "It is so. Do this."),
        ("It is so. Do this.", 12, "It is so."),
        ("It is so and does not fit. Do this.", 5, "It is so and does not fit."),
        ("It costs 1.5 tokens. Press *Start*.", 20, "It costs 1.5 tokens."),
        ("`a. B` is so. Do this.", 15, "`a. B` is so."),
        ("`a. B. C` is so", 3, "`a. B. C` is so"),
        ("", 10, ""),
    ],
)
def test_a_face_has_whole_sentences(said: str, limit: int, shown: str) -> None:
    assert text.whole_sentences(said, limit) == shown


@given(ANY)
def test_a_face_is_never_longer_than_its_place_whatever_is_quoted(raw: str) -> None:
    assert limits.length(text.whole_sentences(raw * 9, 150)) <= limits.SECTION_TEXT // 4


def test_what_reads_like_a_mention_is_text() -> None:
    assert text.sentence("Ask <@U012345> & <#C012345>.") == "Ask &lt;@U012345&gt; &amp; &lt;#C012345&gt;."


@pytest.mark.parametrize(
    ("who", "shown"), [("U012345", "<@U012345>"), ("cron job", "`cron job`"), ("U1>x", "`U1&gt;x`")]
)
def test_a_person(who: str, shown: str) -> None:
    assert text.person(who) == shown


@pytest.mark.parametrize(
    ("size", "shown"), [(0, "0 B"), (999, "999 B"), (1_500, "1.5 kB"), (3_400_000, "3.4 MB")]
)
def test_sizes(size: int, shown: str) -> None:
    assert text.size(size) == shown


def test_counts() -> None:
    assert text.count(1, "record") == "1 record"
    assert text.count(1_234, "record") == "1,234 records"


def test_a_time_is_shown_in_the_readers_own_zone() -> None:
    shown = text.when(datetime(2026, 11, 22, 9, tzinfo=UTC))

    assert shown == "<!date^1795338000^{date_short} {time}|2026-11-22 09:00 UTC>"


@pytest.mark.parametrize(
    ("usd", "shown"),
    [
        (None, "price unknown"),
        (Decimal("0.0008"), "$0.0008 per 1,000 tokens"),
        (Decimal(1200), "$1,200.00 per 1,000 tokens"),
        (Decimal(0), "$0.00 per 1,000 tokens"),
    ],
)
def test_quotes(usd: Decimal | None, shown: str) -> None:
    assert money.quote(Quote(PriceKind.TRAINING, usd, "x")) == shown


def test_sources_are_named_once_and_only_for_known_prices() -> None:
    known = Quote(PriceKind.STORAGE, Decimal(2), "the page")
    unknown = Quote(PriceKind.TRAINING, None, "nobody")

    assert money.sources(known, unknown, known, None) == "the page"


def test_a_time_in_a_sentence_is_each_readers_own_and_utc_where_there_is_only_text() -> None:
    at = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
    said = wording("Its time was over at ", Clock(at), ".")
    assert text.sentence(said) == f"Its time was over at <!date^{int(at.timestamp())}^{{time}}|09:05 UTC>."
    assert str(said) == "Its time was over at 09:05 UTC."
    assert text.sentence(read_back(kept(said))) == text.sentence(said)
    assert "<!date" not in text.sentence("<!date^1^{time}|x>"), "what reads like a time is text"


def test_a_time_that_may_be_days_away_has_its_date_and_comes_back_as_it_was_kept() -> None:
    at = datetime(2027, 1, 31, 8, 5, tzinfo=UTC)
    said = wording("It ends ", Clock(at, dated=True), ".")
    assert str(said) == "It ends 2027-01-31 08:05 UTC."
    shown = f"<!date^{int(at.timestamp())}^{{date_short}} {{time}}|2027-01-31 08:05 UTC>"
    assert text.sentence(said) == f"It ends {shown}."
    assert text.sentence(read_back(kept(said))) == text.sentence(said)
