"""Pictures made of characters, for a terminal and for a card in Slack."""

from collections.abc import Sequence

from bot.datasets.model import Bucket, LabelTable

_LEVELS = "▁▂▃▄▅▆▇█"
_NOTHING = "·"
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def sparkline(buckets: Sequence[Bucket]) -> str:
    """Return a column a bucket, on one line; a dot where nothing is, so that a single record is still seen."""
    most = max((each.count for each in buckets), default=0)
    return "".join(
        _LEVELS[-(-each.count * len(_LEVELS) // most) - 1] if each.count else _NOTHING for each in buckets
    )


def bar(count: int, most: int, width: int) -> str:
    """Return a horizontal bar of at most ``width`` columns; the longest is ``most``'s. Only nothing has no bar."""
    if not count or not most:
        return ""
    eighths = max(1, round(count * width * 8 / most))
    return _EIGHTHS[8] * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def labels_in_words(table: LabelTable, shown: int = 4) -> str:
    """Return the most frequent labels with their shares: "appeals 44%, billing 18% and 3 more"."""
    first = [f"{each.text} {percent(each.count, table.records)}" for each in table.labels[:shown]]
    left_out = table.different - len(first)
    return ", ".join(first) + (f" and {left_out:,} more" if left_out > 0 else "")


def percent(part: int, whole: int) -> str:
    """Return the share in words: "44%", "<1%" for the least, "100%" for all only."""
    if not whole or not part:
        return "0%"
    share = 100 * part / whole
    if share < 1:
        return "<1%"
    return f"{min(99, round(share)) if part < whole else 100}%"
