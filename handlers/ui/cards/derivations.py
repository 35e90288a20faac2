"""Versions of datasets, and what came of work on them: split, converted, compared."""

from collections.abc import Iterator, Sequence

from bot.controller.model import Message
from bot.datasets.model import Dataset
from bot.derivations.cards import (
    ComparedCard,
    ConvertedCard,
    DatasetCard,
    DerivationProblem,
    SplitCard,
    VersionList,
)
from bot.derivations.comparison import Comparison, Difference, Example
from bot.derivations.splitting.model import Split
from bot.profiles.model import Profile
from bot.profiles.registry import PROFILES
from handlers.ui.blocks import (
    Block,
    Element,
    button,
    context,
    option,
    section,
    select,
)
from handlers.ui.cards import Cards
from handlers.ui.cards.datasets import (
    dataset_line,
    label_of,
    many_datasets,
    one_dataset,
    split_button,
    start_button,
    with_links,
)
from handlers.ui.folding import folded
from handlers.ui.limits import clip, first
from handlers.ui.parts.dataset_values import comparison, conversion
from handlers.ui.text import clean, code, count, person, plain, sentence, when

SHOWN_VERSIONS = 8
SHOWN_SENTENCES = 4
"""On the face of what was done; all are behind it."""
SHOWN_LABELS = 10
SHOWN_EFFECTS = 10
EXCERPT = 160
_STAR = "\u2217"


def dataset_card(card: DatasetCard) -> Message:
    """Draw one version: its judgement, where it came from, the other versions, and what can be done with it."""
    drawn = one_dataset(card.dataset)
    others = [each for each in card.versions if each.id != card.dataset.id]
    details = [section(_origin(card)), *_versions(card, others), *drawn.details]
    more = [
        _compare_button(card.dataset, others, card.parent),
        _link_button(card.link),
        _rename_button(card),
        _convert_menu(card.dataset),
    ]
    face = [*drawn.face, context(_short_origin(card, others))]
    start = start_button(card.dataset)
    return folded(drawn.text, face, details, start, split_button(card.dataset), last=more)


def _short_origin(card: DatasetCard, others: Sequence[Dataset]) -> str:
    dataset = card.dataset
    how = "sent by" if dataset.parent is None else "made from another for"
    more = f" · {count(len(others), 'other version')}" if others else ""
    return f"{code(dataset.id)} · {how} {person(dataset.source.user)}, {when(dataset.stored_at)}{more}"


def _origin(card: DatasetCard) -> str:
    dataset = card.dataset
    if dataset.parent is None:
        return f"*Origin*\nby {person(dataset.source.user)}, {when(dataset.stored_at)}."
    made_from = _parent_of(dataset, card.parent.name if card.parent else "")
    done, left_out = first(dataset.history, SHOWN_EFFECTS)
    lines = [f"• {sentence(each, 300)}" for each in done]
    if left_out:
        lines.append(f"and {count(left_out, 'more effect')}")
    by = f"Made from {made_from} for {person(dataset.source.user)}, {when(dataset.stored_at)}."
    return "\n".join(["*Origin*", by, *lines])


def _parent_of(dataset: Dataset, known: str) -> str:
    """Return what a dataset was made from, by name: as it is called now, or was called then."""
    name = known or dataset.parent_name
    return code(name) if name else "a file that I do not keep"


def _versions(card: DatasetCard, others: Sequence[Dataset]) -> list[Block]:
    if not others:
        return []
    shown, left_out = first(card.versions, SHOWN_VERSIONS)
    lines = [_version(each, card.dataset) for each in shown]
    if left_out:
        lines.append(f"and {left_out:,} older")
    return [section("\n".join([f"*Versions of {code(card.dataset.name)}*, newest first", *lines]))]


def _version(version: Dataset, shown: Dataset) -> str:
    mark = " ← this one" if version.id == shown.id else ""
    return (
        f"{code(version.id)} · {count(version.report.records, 'record')} · "
        f"{plain(label_of(version.report.profile))} · {when(version.stored_at)}{mark}"
    )


def _convert_menu(dataset: Dataset) -> Element | None:
    bases = [each for each in PROFILES.values() if _is_other(each, dataset)]
    choices = [option(f"For {each.label}", conversion(dataset, each.name)) for each in bases]
    return select("dataset.convert", choices, placeholder="Convert for another base") if choices else None


def _is_other(profile: Profile, dataset: Dataset) -> bool:
    return profile.record_format != dataset.report.format


def _compare_button(dataset: Dataset, others: Sequence[Dataset], parent: Dataset | None) -> Element | None:
    """Return the button that compares with the parent, or without one with the version before."""
    before = next((each for each in others if each.stored_at <= dataset.stored_at), None)
    earlier = parent or before
    if earlier is None:
        return None
    words = "Compare with its origin" if parent else "Compare with before"
    return button(words, "dataset.compare", comparison(earlier, dataset))


def _rename_button(card: DatasetCard) -> Element | None:
    if not card.is_theirs:
        return None
    return button("Rename", "dataset.rename", card.dataset.reference)


def _link_button(link: str) -> Element | None:
    if not link.startswith(("https://", "http://")) or len(link) > 3_000:
        return None
    return button("Open message", "dataset.open", "message") | {"url": link}


def version_list(card: VersionList) -> Message:
    """Draw the stored versions."""
    if not card.datasets:
        said = "No datasets yet. Drop a `.jsonl` file into a channel that I am in, or write to me with one."
        return Message(text=said, blocks=[section(said)])
    names = {each.report.sha256: each.name for each in card.datasets}
    lines = [_line(each, names, link) for each, link in with_links(card.datasets, card.links)]
    return many_datasets(card.datasets, lines, card.links)


def _line(dataset: Dataset, names: dict[str, str], link: str) -> str:
    line = dataset_line(dataset, link, person(dataset.source.user))
    if dataset.parent is None:
        return line
    done = plain(dataset.history[0], 120) if dataset.history else ""
    return f"{line}\nfrom {_parent_of(dataset, names.get(dataset.parent, ''))}{': ' * bool(done)}{done}"


def split_card(card: SplitCard) -> Message:
    """Draw the two sides of a split."""
    head = f"*{code(card.name)} is split*"
    said = [sentence(each, 400) for each in card.split.lines()]
    face = [section("\n".join([head, *said[:SHOWN_SENTENCES]]))]
    for dataset, kind in ((card.training, "training"), (card.validation, "validation")):
        where = f"{code(dataset.name)} · {code(dataset.id)}" if dataset else "not kept"
        face.append(context(f"{kind}: {where}"))
    details = [
        section("\n".join(said)),
        *_labels(card.split),
        context(f"by {person(card.asked_by)}"),
    ]
    start = card.training and button("Start a job", "dataset.start", card.training.reference, style="primary")
    sizes = f"{card.split.training:,} for training, {card.split.validation:,} for validation"
    text = f"{clean(card.name)} is split: {sizes}"
    return folded(clip(sentence(text), 1_000), face, details, start or None)


def _labels(split: Split) -> list[Block]:
    shown, left_out = first(split.labels, SHOWN_LABELS)
    if not shown:
        return []
    lines = [f"{_quoted(each.shown)}: {each.training:,} / {each.validation:,}" for each in shown]
    if left_out:
        lines.append(f"and {count(left_out, 'more label')}")
    return [section("\n".join(["*Labels* (training / validation)", *lines]))]


def converted_card(card: ConvertedCard) -> Message:
    """Draw what was done to convert a dataset."""
    label = plain(label_of(card.profile))
    done = [f"• {plain(each.effect)}" for each in card.summary.steps[:SHOWN_EFFECTS]]
    head = f"*{code(card.name)} is converted for {label}*"
    body = done or ["It was in that format already."]
    shown, left = first(body, SHOWN_SENTENCES)
    blocks = [
        section(
            "\n".join([head, *shown, *([f"and {count(left, 'more effect')} in *Details*"] if left else [])])
        ),
        context(
            f"{code(card.converted_name)} is the converted copy; the original stays as it is. "
            f"Its verdict for {label} follows."
        ),
        context(f"by {person(card.asked_by)}"),
    ]
    text = f"{clean(card.name)} is converted for {label_of(card.profile)}"
    details = [section("\n".join([head, *body]))] if left else []
    return folded(clip(sentence(text), 1_000), blocks, details)


def compared_card(card: ComparedCard) -> Message:
    """Draw two versions side by side."""
    before, after, found = card.before, card.after, card.comparison
    head = f"*{_named(after)}* beside *{_named(before)}*"
    differences = [(name, each) for name, each in _kinds(found) if each.count]
    lines = [f"{count(each.count, 'record')} {name}" for name, each in differences]
    face = [
        section("\n".join([head, _verdict(found), *lines])),
        context(f"{count(found.unchanged, 'record')} unchanged", f"by {person(card.asked_by)}"),
    ]
    details = [section(_kind(name, each)) for name, each in differences]
    text = f"{clean(after.name)} beside {clean(before.name)}: " + ", ".join(
        [f"{each.count:,} {name}" for name, each in _kinds(found)]
    )
    return folded(clip(sentence(text), 1_000), face, details)


def _named(dataset: Dataset) -> str:
    return f"{code(dataset.name, 60)} {code(dataset.id)}"


def _verdict(found: Comparison) -> str:
    counts = f"{count(found.before, 'record')} before, {count(found.after, 'record')} after."
    return f"Both say the same. {counts}" if found.same else counts


def _kinds(found: Comparison) -> Iterator[tuple[str, Difference]]:
    yield "added", found.added
    yield "removed", found.removed
    yield "changed", found.changed
    yield "the same words in another form", found.reformed


def _kind(name: str, difference: Difference) -> str:
    lines, more = difference.lines[:10], " …" if difference.count > len(difference.lines) else ""
    where = f"{'line' if difference.count == 1 else 'lines'} {', '.join(f'{each:,}' for each in lines)}{more}"
    head = f"*{count(difference.count, 'record')} {name}* · {where}"
    return "\n\n".join([head, *("\n".join(_example(each)) for each in difference.examples[:3])])


def _example(example: Example) -> Iterator[str]:
    yield f"> {_quoted(example.question)}"
    what = "" if example.what == "answer" else f" {plain(example.what, 30)}"
    if example.before_line is not None:
        yield f"> *before{what}:* {_quoted(example.before)}"
    if example.after_line is not None:
        yield f"> *after{what}:* {_quoted(example.after)}"


def _quoted(text: str) -> str:
    """Return text of a dataset; the stars of what was masked stay stars, since Slack would take them for bold."""
    return plain(text.replace("*", _STAR), EXCERPT)


def derivation_problem(card: DerivationProblem) -> Message:
    """Draw work that could not be done."""
    head = f"{code(card.name)}: that could not be done" if card.name else "That could not be done"
    return Message(
        text=clip(sentence(f"{clean(card.name)}: {card.sentence}" if card.name else card.sentence), 1_000),
        blocks=[
            section(f":no_entry: *{head}*\n{sentence(card.sentence)}"),
            context(f"by {person(card.asked_by)}"),
        ],
    )


CARDS: Cards = {
    DatasetCard: dataset_card,
    VersionList: version_list,
    SplitCard: split_card,
    ConvertedCard: converted_card,
    ComparedCard: compared_card,
    DerivationProblem: derivation_problem,
}
