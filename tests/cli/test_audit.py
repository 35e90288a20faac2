"""What `tunesmith audit` says of what it found."""

from bot.audit.chain import Break, Verification
from bot.cli.audit import said_of


def test_the_verdict_counts_its_breaks_and_says_whether_it_had_a_key() -> None:
    broken = Verification((Break(2, "changed", "number 2 is another"),), 3, unsealed=0, of_other_keys=3)
    told = {
        has_key: said_of(broken, has_key=has_key, asked_s3=True, published=1) for has_key in (True, False)
    }
    assert all("It does not hold, in 1 place." in each for each in told.values())
    assert "3 are under another key" in told[True]
    assert "TUNESMITH_AUDIT_KEY is not set here" in told[False]
