"""What was done to a file: counted while its rows go by, told in sentences afterwards."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from bot.datasets.repairs.registry import CHOICES, done
from bot.wording import counted


@dataclass(frozen=True, slots=True)
class RepairStep:
    """One repair that was made: its name, its effect in a sentence, on how many rows, and the keys it dropped."""

    name: str
    effect: str
    rows: int
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RepairSummary:
    """What was done to a file, and how many rows came in and went out."""

    steps: tuple[RepairStep, ...]
    rows_read: int
    rows_written: int
    dropped: int = 0
    """How many rows a person chose to leave out."""
    notes: tuple[str, ...] = ()
    """What was left as it is though there is a repair for it, and why: a sentence each."""
    edited: int = 0
    """How many rows a person wrote anew."""

    @property
    def changed(self) -> bool:
        """Whether anything was done at all."""
        return bool(self.steps or self.dropped or self.edited)

    def effects(self) -> tuple[str, ...]:
        """Return one sentence for each thing that was done."""
        edited = (f"{counted(self.edited, 'row').capitalize()} edited by hand.",) if self.edited else ()
        dropped = (f"Left out {counted(self.dropped, 'row')} that a person chose.",) if self.dropped else ()
        return (*(step.effect for step in self.steps), *edited, *dropped)

    def lines(self) -> list[str]:
        """Return one sentence for each repair, and one for what came of it."""
        written = counted(self.rows_written, "row")
        if not self.changed:
            return [*self.notes, f"Nothing to repair; wrote {written}."]
        return [*self.effects(), *self.notes, f"Wrote {written}."]


@dataclass(slots=True)
class Tally:
    """Counts what is repaired while the rows go by."""

    rows: Counter[str] = field(default_factory=Counter)
    keys: dict[str, dict[str, None]] = field(default_factory=dict)
    here: dict[str, None] = field(default_factory=dict)
    """The repairs of the row that is in hand."""

    def count(self, name: str, keys: Collection[str] = ()) -> None:
        """Note that a repair was made in the row in hand, and which keys it dropped."""
        self.rows[name] += 1
        self.here[name] = None
        self.keys.setdefault(name, {}).update(dict.fromkeys(keys))

    def steps(self) -> tuple[RepairStep, ...]:
        """Return the repairs that were made, in the order in which a person would read them."""
        return tuple(self._step(name) for name in CHOICES if self.rows[name])

    def _step(self, name: str) -> RepairStep:
        keys = tuple(self.keys[name])
        listed = f": {', '.join(keys[:10])}{', ...' if len(keys) > 10 else ''}" if keys else ""
        return RepairStep(name, f"{done(name, self.rows[name])}{listed}.", self.rows[name], keys)
