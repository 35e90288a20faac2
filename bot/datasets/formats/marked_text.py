r"""Conversations written as one text, with marks before each turn: Anthropic's, ChatML's, Llama's, Gemma's, Alpaca's.

``{"prompt": "\n\nHuman: Hi\n\nAssistant:", "completion": " Hello"}`` and ``{"text": "<|im_start|>user\nHi..."}``.
A text is taken apart only when it begins with a mark and the turns that come out take turns.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.datasets.formats import pairs
from bot.datasets.formats.dialogue import Dialogue, Format, NotConvertible, dropped, lift_system
from bot.datasets.formats.roles import speaker
from bot.datasets.records import Json

Turns = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Marks:
    """One way to mark turns.

    ``turn`` finds a mark; its group ``who`` says who speaks then. ``ends`` is cut from the end of each turn, and
    ``around`` from the whole text. A text before the first mark is the system prompt where ``preamble`` is set.
    """

    turn: re.Pattern[str]
    ends: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    preamble: bool = False
    names: Callable[[str], str | None] = speaker


_ALPACA_NAMES = {"instruction": "user", "input": "context", "response": "assistant", "output": "assistant"}
_MAY_BE_MARKED = ("Human:", "<|", "###", "[INST]", "<start_of_turn>")
"""One of these stands in every text that is marked; the others are told from it in no time."""

_MARKS: tuple[_Marks, ...] = (
    _Marks(
        re.compile(r"(?:\A|\n\n)[ \t]*(?P<who>Human|Assistant): ?"),
        preamble=True,
    ),
    _Marks(
        re.compile(r"<\|im_start\|>(?P<who>\w+)\n"),
        ends=("<|im_end|>",),
        around=("<|endoftext|>",),
    ),
    _Marks(
        re.compile(r"<\|start_header_id\|>(?P<who>\w+)<\|end_header_id\|>\n\n"),
        ends=("<|eot_id|>", "<|end_of_text|>"),
        around=("<|begin_of_text|>", "<|end_of_text|>"),
    ),
    _Marks(
        re.compile(r"<start_of_turn>(?P<who>\w+)\n"),
        ends=("<end_of_turn>", "<eos>"),
        around=("<bos>", "<eos>"),
    ),
    _Marks(
        re.compile(r"(?:\A|\n)### ?(?P<who>Human|Assistant|User|System): ?", re.IGNORECASE),
    ),
    _Marks(
        re.compile(r"<\|(?P<who>system|user|assistant|human|prompter)\|>\n?"),
        ends=("</s>", "<|endoftext|>", "<|end|>"),
        around=("<s>", "<|endoftext|>"),
    ),
    _Marks(
        re.compile(r"(?:\A|\n)### ?(?P<who>Instruction|Input|Response|Output):[ \t]*\n?", re.IGNORECASE),
        around=("<s>", "</s>"),
        preamble=True,
        names=lambda who: _ALPACA_NAMES.get(who.lower()),
    ),
)


def turns_of(text: str) -> Turns | None:
    """Return the turns that a marked text has, None when it is not marked, or not as one whole conversation."""
    if not any(each in text for each in _MAY_BE_MARKED):
        return None
    for read in (_llama_2, *((lambda text, marks=marks: _marked(text, marks)) for marks in _MARKS)):
        found = read(text)
        if found is not None and _take_turns(found):
            return found
    return None


def _take_turns(turns: Turns) -> bool:
    roles = [role for role, _ in turns if role != "system"]
    whole = len(roles) > 1 and all(
        role == ("user", "assistant")[place % 2] for place, role in enumerate(roles)
    )
    return whole and all(role != "system" for role, _ in turns[1:])


def _marked(text: str, marks: _Marks) -> Turns | None:
    bare = _stripped(text, marks.around)
    found = list(marks.turn.finditer(bare))
    if not found:
        return None
    before = bare[: found[0].start()].strip()
    if before and not marks.preamble:
        return None
    turns: Turns = [("system", before)] if before else []
    for mark, after in zip(found, [*found[1:], None], strict=True):
        role = marks.names(mark["who"])
        if role is None:
            return None
        said = bare[mark.end() : after.start() if after else len(bare)]
        _add(turns, role, _ended(said, marks.ends).strip("\r\n"))
    return turns


def _add(turns: Turns, role: str, said: str) -> None:
    """Add a turn; what an instruction is about goes on with it."""
    if role != "context":
        turns.append((role, said))
    elif turns and said:
        before, asked = turns[-1]
        turns[-1] = (before, f"{asked}\n\n{said}")


def _ended(said: str, ends: tuple[str, ...]) -> str:
    """Return what was said without the mark of its end; the indent of its first line belongs to it."""
    for end in ends:
        said = said.rstrip().removesuffix(end)
    return said.rstrip()


def _stripped(text: str, ends: tuple[str, ...]) -> str:
    for end in ends:
        text = text.strip().removeprefix(end).removesuffix(end)
    return text


def _llama_2(text: str) -> Turns | None:
    """Read ``<s>[INST] question [/INST] answer </s>``, over and over; the system prompt is in the first question."""
    before, *exchanges = text.strip().split("[INST]")
    if not exchanges or before.strip() not in ("", "<s>"):
        return None
    turns: Turns = []
    for each in exchanges:
        asked, found, said = each.partition("[/INST]")
        answer = _stripped(_stripped(said.rstrip(), ("<s>",)).strip(), ("</s>",)).strip()
        if not found or "[/INST]" in said or "</s>" in answer:
            return None
        turns += [("user", asked.strip()), ("assistant", answer)]
    return _with_system(turns)


def _with_system(turns: Turns) -> Turns:
    """Return the turns with the system prompt that stands between marks in the first one as a turn of its own."""
    (role, asked), *others = turns
    head, found, rest = asked.partition("<</SYS>>")
    if not found or not head.startswith("<<SYS>>"):
        return turns
    return [("system", head.removeprefix("<<SYS>>").strip()), (role, rest.strip()), *others]


# Rows


def _texts(row: Json) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the keys that hold the text, and the whole text: alone, or a question with its answer."""
    if isinstance(row.get("text"), str) and "messages" not in row:
        yield ("text",), row["text"]
    questions, answers = pairs.question_names(row), pairs.answer_names(row)
    if len(questions) == 1 and len(answers) == 1:
        asked, said = row[questions[0]], row[answers[0]]
        if isinstance(asked, str) and isinstance(said, str):
            yield (questions[0], answers[0]), f"{asked}{said}"


def _found(row: Json) -> tuple[tuple[str, ...], Turns] | None:
    for keys, text in _texts(row):
        turns = turns_of(text)
        if turns is not None:
            return keys, turns
    return None


def _is_marked(row: Json) -> bool:
    return "messages" not in row and _found(row) is not None


def _read(row: Json) -> Dialogue:
    found = _found(row)
    if found is None:
        raise NotConvertible("its text has no marks")
    keys, turns = found
    given = row.get("system")
    system, turns = lift_system(turns, given if isinstance(given, str) else None)
    used = (*keys, "system") if isinstance(given, str) else keys
    return Dialogue(system, tuple(turns), dropped(row, used))


MARKED_TEXT = Format("marked-text", "conversations written as one text with marks", _is_marked, _read)
