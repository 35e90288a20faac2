"""Splits a file into training and validation so that the validation set tells something about the model.

Records that share a question, or an answer of some length, whatever their case and white space, or are nearly the same
in their questions or as a whole, stay on one side, and so does a conversation that goes on from another. What comes out
is looked over by the search that warns of leakage (``leakage.py``), and whatever that finds moves to training. Where
answers choose from labels, each label gives its share.

Groups are found and drawn in the order of a digest of their texts under the seed: the same rows and seed give the same
split, wherever the rows stand.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from bot.datasets.file_statistics.labels import LONGEST
from bot.datasets.file_statistics.sketches import TOGETHER, Common, Likes, Sketch, sketches
from bot.datasets.openings import openings
from bot.datasets.records import alike, joined
from bot.datasets.rows import Row, rows
from bot.derivations.splitting.drawing import Group, draw, quotas
from bot.derivations.splitting.model import LabelShare, Split, sentences
from bot.derivations.splitting.strata import Strata
from bot.errors import Refused
from bot.profiles.model import Profile

DEFAULT_SHARE = 0.1
DEFAULT_SEED = 7
SMALLEST_SHARE, LARGEST_SHARE = 0.01, 0.5


def split(
    path: Path,
    training: Path,
    validation: Path,
    profile: Profile,
    *,
    share: float = DEFAULT_SHARE,
    seed: int = DEFAULT_SEED,
    near: bool = True,
) -> Split:
    """Write the records of ``path`` to ``training`` and ``validation``, each row as it stands, and say what was done.

    Three passes. Memory grows by some hundred bytes a record, never with its length; beyond 32,768 records near copies
    are no longer looked for, equal questions and answers always are.

    Args:
        path: a file without errors for ``profile``.
        training: where the greater part goes; appears when it is whole.
        validation: where the rest goes.
        profile: the base model, whose format and limits count.
        share: of the records that are to go to validation, from 0.01 to 0.5.
        seed: another one gives another split.
        near: whether nearly equal records count as equal; without, only equal questions and answers do.

    Raises:
        Refused: a row is no record, the paths are not three different ones, the base takes no validation set, there
            are too few records, or too many of them belong together.
        OSError: a file cannot be read or written.
    """
    _check_paths(path, training, validation)
    check_share(share, profile)
    found = _Grouping(profile, seed, near=near).run(path)
    wanted = _wanted(found.records, share, profile)
    chosen = found.draw(wanted)
    if sum(found.members(chosen)) < max(1, profile.limits.min_records):
        raise _too_grouped(found, chosen, profile, near=near)
    _write(path, training, validation, found.members(chosen), profile)
    return found.split(chosen, share=share, seed=seed, wanted=wanted)


class _Grouping:
    """What belongs together. Records are numbered from 0 in the order of the file."""

    def __init__(self, profile: Profile, seed: int, *, near: bool) -> None:
        self._profile = profile
        # blake2b takes no longer key.
        self._key = str(seed).encode()[:64]
        self._near = near
        self._parents: list[int] = []
        self._lines: list[int] = []
        self._ranks: list[int] = []
        self._common = (Common(), Common())
        self._sketches: list[tuple[Sketch, Sketch]] = []
        """Of each record's texts, and of its questions alone."""
        self._prompts: dict[int, int] = {}
        self._answers: dict[int, int] = {}
        self._wholes: dict[int, int] = {}
        self._openings: list[tuple[int, int]] = []
        """The conversations that each record begins with, and the record: one of them may be a record itself."""
        self._order: list[int] = []
        self._strata = Strata()
        self._field: str | None = None
        self._labels: list[str | None] = []

    @property
    def records(self) -> int:
        return len(self._parents)

    def run(self, path: Path) -> "_Grouping":
        """Read every record, first to learn what stands in many of them."""
        if self._near:
            self._learn(path)
        for some in _some(rows(path, self._profile)):
            for row in some:
                self._add(row)
            if self._near:
                found = (
                    sketches(texts, common) for common, texts in zip(self._common, _both(some), strict=True)
                )
                self._sketches += zip(*found, strict=True)
        self._field, self._labels = self._strata.chosen()
        for opening, index in self._openings:
            self._join(index, self._wholes.get(opening, index))
        self._order = sorted(range(self.records), key=self._ranks.__getitem__)
        if self._near:
            self._join_near_copies()
        return self

    def _learn(self, path: Path) -> None:
        for some in _some(rows(path, self._profile)):
            for common, texts in zip(self._common, _both(some), strict=True):
                common.count(texts)
        for common in self._common:
            common.learn()

    def _add(self, row: Row) -> None:
        if not row.texts:
            raise Refused(
                f"Line {row.line:,} cannot be read as a record, so the file cannot be split.",
                hint="Mend what its report names first.",
            )
        index = self.records
        self._parents.append(index)
        self._lines.append(row.line)
        content = joined([row.system or "", *row.said])
        self._ranks.append(int.from_bytes(blake2b(content, digest_size=8, key=self._key).digest(), "big"))
        self._strata.add(row.texts[-1])
        self._join(index, self._prompts.setdefault(hash(tuple(map(alike, row.said[:-1]))), index))
        begun = openings(row.said)
        self._openings += [(each, index) for each in begun[:-1]]
        self._wholes.setdefault(begun[-1] if begun else hash(row.raw), index)
        answer = row.texts[-1]
        # A short answer, or one in JSON, is shared by many records that have nothing else in common.
        if len(answer) > LONGEST and answer[:1] != "{":
            self._join(index, self._answers.setdefault(hash(alike(answer)), index))

    def _join_near_copies(self) -> None:
        """Join in the order of drawing: which of several like records one is joined to depends on which come first."""
        for side in (0, 1):
            likes = Likes()
            for index in self._order:
                like = likes.find(self._sketches[index][side])
                if like:
                    # Numbered from 1, since 0 says that there is none.
                    self._join(index, like - 1)
                likes.remember(index + 1, self._sketches[index][side])

    def _root(self, index: int) -> int:
        while self._parents[index] != index:
            # On the way each second record is put nearer to the root, which shortens the way for all that
            # follow.
            self._parents[index] = self._parents[self._parents[index]]
            index = self._parents[index]
        return index

    def _join(self, one: int, other: int) -> None:
        first, second = self._root(one), self._root(other)
        # The first record of a group is its root, by which it is known.
        self._parents[max(first, second)] = min(first, second)

    # Drawing

    def groups(self) -> dict[int, Group]:
        """Return the groups by the number of their first record."""
        members: dict[int, list[int]] = {}
        for index in range(self.records):
            members.setdefault(self._root(index), []).append(index)
        return {
            root: Group(
                size=len(each),
                rank=min(self._ranks[index] for index in each),
                label=_commonest([self._labels[index] for index in each]),
                lines=tuple(self._lines[index] for index in each[:3]),
            )
            for root, each in members.items()
        }

    def draw(self, wanted: int) -> set[int]:
        """Return the groups that go to validation, by their first record."""
        groups = self.groups()
        chosen = draw(groups, quotas(groups.values(), wanted))
        # What moves to training may be like others that were left: until nothing is.
        while self._near and (leaking := self._leaking(chosen)):
            chosen -= leaking
        return chosen

    def _leaking(self, chosen: Collection[int]) -> set[int]:
        """Return groups of the validation side that a search for leakage finds in training."""
        sides = self.members(chosen)
        likes = Likes()
        for index in self._order:
            if not sides[index]:
                likes.remember(index + 1, self._sketches[index][0])
        return {
            self._root(index)
            for index, held_out in enumerate(sides)
            if held_out and likes.find(self._sketches[index][0])
        }

    def members(self, chosen: Collection[int]) -> list[bool]:
        """Return for each record whether it goes to validation."""
        return [self._root(index) in chosen for index in range(self.records)]

    # Telling

    def split(self, chosen: Collection[int], *, share: float, seed: int, wanted: int) -> Split:
        """Return what is told of the split."""
        groups = self.groups()
        held_out = self.members(chosen)
        validation = sum(held_out)
        together = [each for each in groups.values() if each.size > 1]
        return Split(
            records=self.records,
            training=self.records - validation,
            validation=validation,
            share=share,
            seed=seed,
            groups=len(together),
            grouped_records=sum(each.size for each in together),
            field=self._field,
            labels=tuple(self._label_shares(held_out)),
            notes=(
                *_capped(self.records, share, wanted, self._profile),
                *sentences(groups, chosen, wanted, validation),
            ),
        )

    def _label_shares(self, held_out: list[bool]) -> Iterator[LabelShare]:
        if self._field is None:
            return
        counts: dict[str | None, list[int]] = {}
        for label, is_out in zip(self._labels, held_out, strict=True):
            counts.setdefault(label, [0, 0])[is_out] += 1
        for label, (kept, out) in sorted(counts.items(), key=lambda pair: (-sum(pair[1]), pair[0] or "")):
            yield LabelShare(label, kept, out)


def _some(records: Iterator[Row]) -> Iterator[list[Row]]:
    while some := list(islice(records, TOGETHER)):
        yield some


def _both(some: list[Row]) -> tuple[list[bytes], list[bytes]]:
    """Return the rows' texts, and their questions alone; none where words alone do not tell what is like another."""
    told = [each.texts if each.is_text_alone else [] for each in some]
    return [joined(each) for each in told], [joined(each[:-1]) for each in told]


def _commonest(labels: list[str | None]) -> str | None:
    counts = Counter(labels)
    return min(counts, key=lambda each: (-counts[each], each or ""))


def _write(path: Path, training: Path, validation: Path, held_out: list[bool], profile: Profile) -> None:
    targets = (training, validation)
    unfinished = [each.with_name(f"{each.name}.part") for each in targets]
    try:
        with ExitStack() as stack:
            files = [stack.enter_context(each.open("wb")) for each in unfinished]
            for row, is_out in zip(rows(path, profile), held_out, strict=True):
                files[is_out].write(row.raw)
                files[is_out].write(b"\n")
        for part, target in zip(unfinished, targets, strict=True):
            part.replace(target)
    finally:
        for part in unfinished:
            part.unlink(missing_ok=True)


def _check_paths(path: Path, training: Path, validation: Path) -> None:
    if len({path.resolve(), training.resolve(), validation.resolve()}) < 3:
        raise Refused(
            "A split needs three different files.", hint="Give other names for training and validation."
        )


def check_share(share: float, profile: Profile) -> None:
    """Return when a file for that base can give such a share.

    Raises:
        Refused: the share is none that can be used, or the base takes no validation set.
    """
    if not SMALLEST_SHARE <= share <= LARGEST_SHARE:
        raise Refused(
            f"A validation set of {share:.0%} is not a share I can use.",
            hint=f"Anything from {SMALLEST_SHARE:.0%} to {LARGEST_SHARE:.0%} will do; {DEFAULT_SHARE:.0%} is usual.",
        )
    if not profile.limits.validation_allowed:
        raise Refused(
            f"{profile.label} takes no validation set.", hint="Start the job with the whole file as it is."
        )


def _wanted(records: int, share: float, profile: Profile) -> int:
    """Return how many records validation should have, within what the base takes.

    Raises:
        Refused: there are too few for two sets.
    """
    least = max(1, profile.limits.min_records)
    most = profile.limits.max_validation_records
    if records < 2 * least:
        raise Refused(
            f"The file has {records:,} records; {profile.label} needs at least {least:,} for training "
            f"and {least:,} for validation.",
            hint="Add records, or start the job without a validation set.",
        )
    wanted = min(max(least, round(records * share)), records - least)
    return wanted if most is None else min(wanted, most)


def _capped(records: int, share: float, wanted: int, profile: Profile) -> Iterator[str]:
    asked = round(records * share)
    if wanted > asked:
        yield f"{profile.label} takes no fewer than {wanted:,} records for validation."
    elif wanted < asked and wanted == profile.limits.max_validation_records:
        yield f"{profile.label} takes at most {wanted:,} records for validation."
    elif wanted < asked:
        least = profile.limits.min_records
        yield f"{profile.label} takes no fewer than {least:,} records for training, so they stay there."


def _too_grouped(found: _Grouping, chosen: Collection[int], profile: Profile, *, near: bool) -> Refused:
    largest = max(found.groups().values(), key=lambda each: each.size)
    least = max(1, profile.limits.min_records)
    alike = (
        "share a question or an answer, or are nearly the same" if near else "share a question or an answer"
    )
    where = ", ".join(f"{line:,}" for line in largest.lines)
    loose = " Let only equal questions and answers count (`exact`)," if near else ""
    return Refused(
        f"Only {sum(found.members(chosen)):,} records could go to validation, and {profile.label} needs {least:,}: "
        f"records that belong together stay together. {largest.size:,} of {found.records:,} {alike} "
        f"(first: lines {where}).",
        hint=f"{loose or ' Add records that differ,'} or ask for a larger share.".strip(),
    )
