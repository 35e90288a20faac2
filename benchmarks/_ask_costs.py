"""What a stretch of time cost the bot: processor time, round trips to Redis, calls to Slack and AWS.

These are counts of the bot's own work: they say the same on a machine that others use meanwhile, where times do not.
"""

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from benchmarks._ask_house import House


@dataclass(frozen=True)
class Costs:
    """What was used so far, since the house was opened; one minus another is what was used in between."""

    seconds: tuple[float, ...]
    """Of the processor, by each process."""
    trips: int
    """Times that Redis read something from the bot: a pipeline or a script is one, however much is in it."""
    slack: Counter[str]
    aws: Counter[str]

    @classmethod
    def of(cls, house: House) -> Self:
        """Return what was used so far."""
        return cls(
            tuple(_processor(pid) for pid in house.pids),
            int(house.raw.info("stats")["total_reads_processed"]),
            Counter(each.data["method"] for each in house.slack.log.of("api_call")),
            Counter(each.operation for each in house.bedrock.log.all()),
        )

    def __sub__(self, earlier: Self) -> Self:
        seconds = tuple(now - then for now, then in zip(self.seconds, earlier.seconds, strict=True))
        trips = self.trips - earlier.trips - 1  # the look itself
        return type(self)(seconds, trips, self.slack - earlier.slack, self.aws - earlier.aws)

    def told(self, of: int = 1, each: str = "") -> dict[str, Any]:
        """Return it for reading; ``of`` so many of what ``each`` names."""
        what = f" for each {each}" if each else ""
        return {
            f"processor ms{what}": round(1000 * sum(self.seconds) / of, 2),
            f"round trips to Redis{what}": round(self.trips / of, 2),
            "calls to Slack": dict(self.slack.most_common()),
            "calls to AWS": dict(self.aws.most_common()),
        }


def _processor(pid: int) -> float:
    """Return the processor seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
