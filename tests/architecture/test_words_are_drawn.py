"""What people read is drawn of cards, in ``handlers/ui``: no feature makes a message of a sentence of its own."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot

ROOT = Path(str(bot.__file__)).resolve().parents[1]
DRAWN_BY_HAND = {
    "bot/controller/outbox/fallbacks.py",
    "bot/notifications/reconciler.py",
    "bot/questions/shown.py",
}
"""They make a message of what was drawn before, or of an answer that has been through the sanitiser."""
VENDORS = {"playground", "adapters", "cli"}
MENTION = re.compile(r"""["'{]?<[@#]\{""")
OF_MENTIONS = {"bot/wording.py", "bot/questions/reconciler/question.py"}

SENTENCE = re.compile(r"[A-Za-z`][^ ]* +[^ ]+.* .*[.…!?]$", re.DOTALL)
"""Three words at least, and its end."""
NOT_SAID = ("log.", "journal.", "super().__init__")
IN_ERRORS = ("Refused", "NotFound", "NotAllowed", "Misconfigured", "Unavailable", "did_you_mean")
"""An error carries its own words, in two parts: what is the matter, and what mends it."""
REASONS_LEFT = {
    "bot/deletions/service.py": 1,
    "bot/derivations/reconciler/derivation.py": 2,
    "bot/derivations/service.py": 1,
    "bot/distillations/reconciler/collecting.py": 2,
    "bot/distillations/reconciler/creation.py": 2,
    "bot/distillations/reconciler/following.py": 4,
    "bot/jobs/reconciler/creation.py": 1,
    "bot/jobs/reconciler/following.py": 2,
    "bot/leases/reconciler/creation.py": 5,
    "bot/leases/extension_service.py": 1,
    "bot/questions/reconciler/question.py": 3,
    "bot/uploads/reconciler/upload.py": 3,
    "bot/uploads/service.py": 1,
    "bot/unmanaged/reconciler.py": 2,
}
"""Reasons that are kept as an error's would be (why something is not there, and what mends it), by module. They are
words inside of a card, and no message. A module has no more of them than this: take one away and lower its number."""


def sources(*parts: str) -> list[Path]:
    there = [each for part in parts for each in (ROOT / part).rglob("*.py")]
    return [each for each in there if not VENDORS & set(each.relative_to(ROOT).parts)]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


@pytest.mark.slow
def test_a_message_is_made_by_drawing_a_card_and_nowhere_else() -> None:
    made = {
        name_of(each)
        for each in sources("bot")
        if any(called.split(".")[-1] == "Message" for called, _ in calls(ast.parse(each.read_text())))
    }

    assert made <= DRAWN_BY_HAND


def test_features_know_nothing_that_makes_a_message_of_a_sentence() -> None:
    assert [
        name_of(each)
        for each in sources("bot")
        if re.search(r"model import .*\bin_words\b|^from handlers", each.read_text(), re.MULTILINE)
        and "wiring" not in each.parts
    ] == []


@pytest.mark.slow
def test_reconcilers_and_services_write_no_sentences_but_reasons_and_those_only_get_fewer() -> None:
    found = {name_of(each): len(list(sentences(each))) for each in of_features()}
    more = {
        name: f"{number} sentences, and {REASONS_LEFT.get(name, 0)} are known"
        for name, number in found.items()
        if number > REASONS_LEFT.get(name, 0)
    }
    fewer = {name: number for name, number in REASONS_LEFT.items() if found.get(name, 0) < number}

    assert more == {}, "hand over values in bot/<feature>/cards.py; handlers/ui/cards/<feature>.py says them"
    assert fewer == {}, "lower these numbers"


def test_a_sentence_that_is_posted_would_be_found(tmp_path: Path) -> None:
    planted = tmp_path / "reconciler.py"
    planted.write_text(
        "def tell(work, log, name):\n"
        "    work.say('end', Over(f'It is over, {name} has ended.'))\n"
        "    log.warning('Nobody hears of this one.')\n"
        "    raise Refused('There is no job of that name.', hint='Look at the list of jobs.')\n"
    )

    assert list(sentences(planted)) == ["It is over, X has ended."]


def of_features() -> list[Path]:
    """Return reconcilers, services and whatever finds again: where a feature acts."""
    acting = re.compile(
        r"bot/[a-z]+/(reconciler(\.py|/.*)|[a-z_]*service\.py|[a-z_]*recovery\.py|watchdog\.py)"
    )
    return [
        each
        for each in sources("bot")
        if acting.fullmatch(name_of(each))
        and "datasets" not in each.parts  # those say what is wrong with rows
    ]


def sentences(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        text = _text(node)
        if text is None or not SENTENCE.fullmatch(text):
            continue
        above = list(_above(node, parents))
        if any(isinstance(each, (ast.Raise, ast.JoinedStr)) for each in above):
            continue
        if isinstance(parents[node], ast.Expr):
            continue  # a docstring
        called = [ast.unparse(each.func) for each in above if isinstance(each, ast.Call)]
        if not any(each.startswith(NOT_SAID) or each in IN_ERRORS for each in called):
            yield text


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [each.value if isinstance(each, ast.Constant) else "X" for each in node.values]
        return "".join(map(str, parts))
    return None


def _above(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    while (above := parents.get(node)) is not None:
        yield above
        if isinstance(above, ast.stmt):
            return
        node = above


def test_no_mention_is_written_into_text() -> None:
    assert {
        name_of(each) for each in sources("bot", "handlers") if MENTION.search(each.read_text())
    } <= OF_MENTIONS
