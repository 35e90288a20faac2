"""What can only be said of the whole file: how many records, how large, copies, contradictions, strays."""

from collections.abc import Iterator
from dataclasses import replace

from bot.datasets.file_statistics.labels import Labels
from bot.datasets.file_statistics.lengths import Lengths
from bot.datasets.file_statistics.media import MediaKinds
from bot.datasets.file_statistics.statistics import SystemPrompts
from bot.datasets.findings import Finding
from bot.datasets.languages.spotting import Languages
from bot.datasets.media import KINDS
from bot.datasets.model import Cause, Role
from bot.datasets.rule import error, warning
from bot.datasets.rules.media import MEDIA_AND_TEXT, MIXED_MEDIA, OTHER_BUCKET
from bot.profiles import sources
from bot.profiles.model import Profile
from bot.wording import counted, quoted

_SHOWN_SPELLINGS = 5
DOMINANT_SHARE = 0.8
"""A system prompt that so many records have is the one that was meant; at that share the others are strays."""

TOO_FEW_RECORDS = error(
    "too-few-records",
    "There are fewer records than this base takes.",
    "Add records of real cases; copies do not help.",
    source=sources.PREPARE,
)
TOO_MANY_RECORDS = error(
    "too-many-records",
    "There are more records than this base takes.",
    "Keep the best ones, or ask for a higher quota in Service Quotas.",
    source=sources.PREPARE,
)
TOO_LARGE = error(
    "too-large",
    "The file is larger than this base takes.",
    "Use fewer or shorter records.",
    source=sources.PREPARE,
)
VALIDATION_NOT_ALLOWED = error(
    "validation-not-allowed",
    "This base takes no validation set.",
    "Use the file for training, or choose another base.",
    source=sources.NOVA_2_SFT,
)
FEW_RECORDS = warning(
    "few-records",
    "There are fewer records than advised for this base.",
    "The job can start; expect the model to learn the form of the answers rather than the matter.",
)
EXACT_DUPLICATE = warning(
    "exact-duplicate",
    "The record is a copy of an earlier one.",
    "The model learns copies by heart at the cost of the rest, and each is paid for again in every epoch.",
    repair="drop-exact-duplicates",
)
NEAR_DUPLICATE = warning(
    "near-duplicate",
    "The record is nearly the same as an earlier one.",
    "Near copies weigh more in training, are paid for again, and make a validation set look better than the model is:"
    " keep the best of them.",
)
LEAKED_RECORD = warning(
    "leaked-record",
    "A record of the validation set is in the training set too, or nearly so.",
    "The validation loss then measures memory, and stays low while the model gets worse: take it out of one of both.",
)
LEAKED_PROMPT = warning(
    "leaked-prompt",
    "A prompt of the validation set is in the training set too, with another answer.",
    "The model was trained to answer otherwise, so the validation loss means little: take it out of one of both.",
)
CONFLICTING_ANSWERS = warning(
    "conflicting-answers",
    "The same prompt has different answers.",
    "The model is pulled to and fro between them and answers now this, now that: decide which one holds.",
)
STRAY_SYSTEM_PROMPT = warning(
    "stray-system-prompt",
    "Most records share one system prompt and a few have another or none.",
    "The model is asked with the common one, and what it learns under another or none shows less then. If that was"
    " not meant, give them the common one.",
)
RARE_LABEL = warning(
    "rare-label",
    "A label stands in one record only.",
    "One example is not enough to learn a label from: add some, or give the record a label that others have.",
)
MISSPELT_LABEL = warning(
    "misspelt-label",
    "A label is nearly the same as a frequent one.",
    "The model learns two labels for one matter and answers now with this, now with that: write it in one way.",
)
LABEL_SPELLINGS = warning(
    "label-spellings",
    "One label is written in several ways.",
    "The model learns as many labels for one matter, and answers now with this, now with that: write it in one way;"
    " which one is for you to say.",
)
LENGTH_OUTLIER = warning(
    "length-outlier",
    "A record is far longer than the others.",
    "Often several records that ran together, or a pasted document. It costs as much as many others and pulls the"
    " answers towards its length: look at it, then divide or delete it.",
)
STRAY_LANGUAGE = warning(
    "stray-language",
    "A few rows are in another language than nearly all others.",
    "The model learns from them to answer in that language now and then, and so few rows do not teach it well:"
    " translate or delete them. If your users do write that language, add some dozens of rows in it.",
)


def counts(records: int, role: Role, profile: Profile) -> Iterator[Finding]:
    """The number of records is within the base's limits, and at least what is advised."""
    limits = profile.limits
    if role is Role.VALIDATION and not limits.validation_allowed:
        yield VALIDATION_NOT_ALLOWED.at(message=f"{profile.label} takes no validation set.")
    most = limits.max_training_records if role is Role.TRAINING else limits.max_validation_records
    if records < limits.min_records:
        yield TOO_FEW_RECORDS.at(
            message=f"{counted(records, 'record')}; {profile.label} needs at least {limits.min_records:,}."
        )
    if most is not None and records > most:
        kind = "for training" if role is Role.TRAINING else "for validation"
        yield TOO_MANY_RECORDS.at(
            message=f"{counted(records, 'record')}; {profile.label} takes {most:,} {kind}."
        )
    advised = limits.advised_records
    if role is Role.TRAINING and advised and limits.min_records <= records < advised:
        yield FEW_RECORDS.at(message=f"{counted(records, 'record')}; at least {advised:,} are advised.")


def together(training: int, validation: int, profile: Profile) -> Iterator[Finding]:
    """Both sets of a job together have no more records than the base takes."""
    most = profile.limits.max_total_records
    if training + validation > most:
        words = (
            f"{counted(training, 'record')} for training and {validation:,} for validation are "
            f"{training + validation:,}; {profile.label} takes {most:,} of both together."
        )
        yield TOO_MANY_RECORDS.at(message=words)


def are_needed(copies: int, records: int, profile: Profile) -> bool:
    """Whether a file of so many records, ``copies`` among them, has too few for the base without the copies."""
    return records - copies < profile.limits.min_records <= records


def with_needed_copies(cause: Cause, copies: int, records: int, profile: Profile) -> Cause:
    """Return the cause about copies without its repair: dropping them would keep a job from starting."""
    without = "its copy" if copies == 1 else f"its {copies:,} copies"
    hint = (
        f"Without {without} the file has {counted(records - copies, 'record')}, and {profile.label} needs at least "
        f"{profile.limits.min_records:,}, so the copies stay for now: put records of real cases in their place."
    )
    return replace(cause, hint=f"{hint} {cause.hint}", repair=None)


def are_advised(records: int, profile: Profile) -> bool:
    """Whether the vendor's own guide advises to repeat the data of a file with so few records."""
    below = profile.limits.copies_advised_below
    return below is not None and records < below


def with_advised_copies(cause: Cause, profile: Profile) -> Cause:
    """Return the cause about copies as what it is here: perhaps meant, so that nothing takes them out by itself."""
    hint = (
        f"The guide for {profile.label} advises copies below {profile.limits.copies_advised_below:,} records, for more "
        "rounds than its epochs allow: leave them if that was meant, and take them out by hand if not."
    )
    return replace(cause, hint=hint, repair=None)


def size(size_in_bytes: int, role: Role, profile: Profile) -> Iterator[Finding]:
    """The file is not larger than the base takes."""
    limits = profile.limits
    # A GB of AWS's pages is 1,024³ bytes in AWS's own validation script.
    most = limits.max_training_bytes if role is Role.TRAINING else limits.max_validation_bytes
    if most is not None and size_in_bytes > most:
        yield TOO_LARGE.at(
            message=f"The file has {size_in_bytes / 1024**3:.2f} GiB; {profile.label} takes {most // 1024**3} GiB."
        )


def strays(prompts: SystemPrompts) -> Iterator[tuple[Finding, int]]:
    """A finding for each line that is known to lack the common system prompt, and for how many lines it stands."""
    count, lines = prompts.strays(DOMINANT_SHARE)
    message = f"{counted(count, 'record')} without the system prompt that the others share."
    for index, line in enumerate(lines):
        # Rows beyond those that are known by their lines are counted with the last of these.
        last = index == len(lines) - 1
        yield STRAY_SYSTEM_PROMPT.at(line, "system", message), count - index if last else 1


def spellings(found: Labels) -> Iterator[tuple[Finding, int]]:
    """Every label is written in one way; the finding stands for the records that have it in a less frequent one."""
    for each in found.variants():
        name = f" in {quoted(each.field[:60])}" if each.field else ""
        written = ", ".join(f"{quoted(label)} ({count:,})" for label, count in each.labels[:_SHOWN_SPELLINGS])
        words = f"One label{name} is written in {len(each.labels):,} ways: {written}."
        yield (
            LABEL_SPELLINGS.at(each.line, "", words, group=f"{each.field}: {each.labels[0][0]}"),
            each.records,
        )


def labels(found: Labels) -> Iterator[Finding]:
    """No label stands alone, and none is a misspelling of another."""
    for doubt in found.doubts():
        name = f" in {quoted(doubt.field[:60])}" if doubt.field else ""
        if doubt.meant is None:
            yield RARE_LABEL.at(
                doubt.line, "", f"The label {quoted(doubt.label)}{name} stands in one record only."
            )
        else:
            meant = quoted(doubt.meant)
            words = f"The label {quoted(doubt.label)}{name} is nearly the same as {meant}, which is frequent."
            yield MISSPELT_LABEL.at(doubt.line, "", words)


def lengths(found: Lengths) -> Iterator[tuple[Finding, int]]:
    """A finding for each of the longest records that are far longer than the rest, and for how many it stands."""
    median, count, longest = found.outliers()
    for index, (line, characters) in enumerate(longest):
        words = f"A record has {characters:,} characters; half of all have at most {median:,}."
        last = index == len(longest) - 1
        yield LENGTH_OUTLIER.at(line, "", words), count - index if last else 1


def languages(found: Languages) -> Iterator[tuple[Finding, int]]:
    """A finding for each known line in another language than the rest, and for how many rows it stands."""
    for each in found.strays():
        rows = counted(each.count, "row")
        words = f"The {each.part} of {rows} is in {each.language}; nearly all other {each.part}s are in"
        for index, line in enumerate(each.lines):
            last = index == len(each.lines) - 1
            finding = STRAY_LANGUAGE.at(line, each.part, f"{words} {each.leading}.", group=each.language)
            yield finding, each.count - index if last else 1


def media(found: MediaKinds, records: int, profile: Profile) -> Iterator[tuple[Finding, int]]:
    """A dataset has one kind of media, from one bucket; each finding with how many of all ``records`` it stands for."""
    if profile.media is None or not found.records:
        return
    rarer = found.rarer()
    if rarer:
        images, videos = (found.count(kind) for kind in KINDS)
        words = f"Records with pictures: {images:,}, with videos: {videos:,}; a dataset may have one of both."
        count, lines = rarer
        for index, line in enumerate(lines):
            last = index == len(lines) - 1
            yield MIXED_MEDIA.at(line, "", words), count - index if last else 1
    elif profile.media.homogeneous and found.records < records:
        words = (
            f"{found.records:,} of {records:,} records have pictures or videos; the others are text alone."
        )
        yield MEDIA_AND_TEXT.at(0, "", words), 1
    if len(found.buckets) > 1:
        one, other = found.buckets
        words = f"Pictures or videos lie in more than one bucket: {quoted(one)} and {quoted(other)}."
        yield OTHER_BUCKET.at(found.buckets[other], "", words), 1
