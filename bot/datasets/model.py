"""The values of validation: findings grouped by cause, statistics, the report, and a stored dataset."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.profiles.model import RecordFormat
from bot.wording import counted

_REFERENCE = re.compile(r"([0-9a-f]{12}) (\S.*)", re.DOTALL)


class Role(StrEnum):
    """What a dataset is for; the limits differ."""

    TRAINING = "train"
    VALIDATION = "validation"


class Severity(StrEnum):
    """An error makes the job fail or loses data silently; a warning costs quality or money."""

    ERROR = "error"
    WARNING = "warning"


class Unit(StrEnum):
    """What the numbers count by which rows are told."""

    LINE = "line"
    RECORD = "record"
    """Records share lines, so that a line's number would not tell which of them is meant: an array in one line, say."""


class Verdict(StrEnum):
    """Whether a job can start from the file."""

    READY = "ready"
    REPAIRABLE = "repairable"
    """It has errors, and every one of them has a safe repair."""
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Cause:
    """All findings with one cause: one mistake, however many lines it is on.

    ``lines`` are the first ten, 1-based, as a text editor numbers them; ``path`` is the place within the record
    (``messages[0].role``) or empty; ``repair`` is the name of a safe repair, or None when a person must decide.
    ``decisions`` are the names of repairs of which a person may choose one: none is made unless it is asked for.
    """

    code: str
    severity: Severity
    count: int
    lines: tuple[int, ...]
    path: str
    message: str
    hint: str
    repair: str | None
    decisions: tuple[str, ...] = ()
    records: tuple[int, ...] = ()
    """The first ten records by their number in the file, where records share lines; ``lines`` are theirs then."""

    @property
    def numbers(self) -> tuple[int, ...]:
        """The first ten lines, or records where these share lines."""
        return self.records or self.lines


@dataclass(frozen=True, slots=True)
class Spread:
    """How a number is spread over the records. All zero when there are none."""

    total: int
    minimum: int
    median: int
    p95: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many records have a number from ``low`` to ``high``, both included."""

    low: int
    high: int
    count: int


@dataclass(frozen=True, slots=True)
class Label:
    """A label and in how many records it stands. Secrets and personal data in it are masked."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class LabelTable:
    """What answers choose from. ``field`` is the key in answers that are JSON objects, empty for whole answers.

    ``records`` is how many answers have the field, ``different`` how many labels there are; ``labels`` are the most
    frequent of them, first the most frequent.
    """

    field: str
    records: int
    different: int
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class SystemPrompt:
    """A system prompt, clipped and masked, and how many records have it. Empty: they have none."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is in the file. ``tokens`` are estimates for each record: no public tokenizer counts these models'.

    What was added later has a default: reports that were stored before are read without it.
    """

    records: int
    turns: Spread
    characters: Spread
    tokens: Spread
    system_prompts: int
    """How many different system prompts there are; 0 when no record has one."""
    common_system_prompt: str | None
    """The one that most records have."""
    common_system_share: float
    """The share of records that have it, 0 to 1."""
    lengths: tuple[Bucket, ...] = ()
    """How many records have how many tokens: at most twelve buckets without gaps, each wider than the one before."""
    labels: tuple[LabelTable, ...] = ()
    """What answers choose from, the field in most records first; empty when they are prose, or nobody looked."""
    prompts: tuple[SystemPrompt, ...] = ()
    """The most common system prompts, the most common first; empty when no record has one."""
    languages: Mapping[str, int] = field(default_factory=dict)
    """How many records are in which language, most first; of a mixed file a sample. Empty when nobody looked, or the
    texts are too short to tell."""
    tokens_low: Spread | None = None
    """The least that the records probably have, where ``tokens`` is the most; None in reports from before."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many mistakes a file has: the one count that people are told, wherever it is said.

    A mistake is a :class:`Cause`: it is counted once, however many rows it is in, so that the count is that of the
    mistakes that are listed below it.
    """

    errors: int
    warnings: int

    def __str__(self) -> str:
        """Return it in words: "2 errors and 1 warning", "no errors and 1 warning", "no errors, no warnings"."""
        joint = " and " if self.errors or self.warnings else ", "
        return f"{_or_none(self.errors, 'error')}{joint}{_or_none(self.warnings, 'warning')}"


def _or_none(number: int, word: str) -> str:
    return counted(number, word) if number else f"no {word}s"


@dataclass(frozen=True, slots=True)
class Report:
    """The judgement of one file for one profile."""

    file: str
    profile: str
    role: Role
    format: RecordFormat | str
    """The recognised format; a plain name when it is none that Bedrock takes."""
    verdict: Verdict
    records: int
    bytes: int
    sha256: str
    causes: tuple[Cause, ...]
    statistics: Statistics

    @property
    def tally(self) -> Tally:
        """How many mistakes there are, as it is said everywhere."""
        return Tally(len(self.errors), len(self.warnings))

    @property
    def errors(self) -> tuple[Cause, ...]:
        """The causes that keep a job from starting."""
        return tuple(each for each in self.causes if each.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Cause, ...]:
        """The causes that do not."""
        return tuple(each for each in self.causes if each.severity is Severity.WARNING)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a dataset came from in Slack. ``ts`` is the message it was shared in, empty when unknown."""

    file_id: str
    channel: str
    ts: str
    user: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Who brought datasets into which conversation, and when the newest of them came."""

    channel: str
    user: str
    newest: datetime


@dataclass(frozen=True, slots=True)
class Parent:
    """The file that another was made from: the digest of its bytes, and what it was called then."""

    sha256: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A validated file under one of its labels: content is stored once, under the digest of its bytes.

    ``id`` is the first 12 hexadecimal digits of the content's ``sha256``. Everything that a person gave it is a label
    of the content, in the channel that it was shared in: ``name`` (the file's name without its ending), ``report``
    (what it was judged as), ``source`` and ``stored_at``. The same bytes may have any number of labels, and none of
    them moves because of another. A name may be shared by several versions, of which the newest answers to it.

    ``locations`` maps a region to the S3 URI of the copy there. ``parent`` is the SHA-256 of the file that the content
    was made from, None for one that a person sent; ``parent_name`` what that was called then, empty where it is not to
    be told; ``history`` says in words what was done to the parent, one effect each.
    """

    id: str
    name: str
    report: Report
    source: Source
    stored_at: datetime
    locations: Mapping[str, str]
    parent: str | None = None
    history: tuple[str, ...] = ()
    parent_name: str = ""

    @property
    def reference(self) -> str:
        """The content and which of its names is meant, as buttons and forms hold it; ``referred`` reads it."""
        return reference(self.id, self.name)

    @property
    def label(self) -> str:
        """What tells this label from all others: the content, the channel, the name in any case, and the sender."""
        given = json.dumps([self.source.channel, self.name.casefold(), self.source.user])
        return f"{self.id}-{hashlib.sha256(given.encode()).hexdigest()[:12]}"


def reference(dataset_id: str, name: str) -> str:
    """Return what names a content together with one of its names: the same bytes may have several."""
    return f"{dataset_id} {name}".strip()


def referred(text: str) -> tuple[str, str]:
    """Return the ID and the name that a ``reference`` holds; of any other text that text, and no name."""
    found = _REFERENCE.fullmatch(text.strip())
    return (found[1], found[2]) if found else (text.strip(), "")
