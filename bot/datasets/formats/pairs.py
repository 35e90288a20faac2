"""Rows with a question and an answer in two fields: prompt/completion, Alpaca."""

from bot.datasets.formats.dialogue import Dialogue, Format, dropped, text_of
from bot.datasets.records import Json

_ANSWERS = ("completion", "response")


def _is_prompt_completion(row: Json) -> bool:
    return "prompt" in row and any(key in row for key in _ANSWERS)


def _read_prompt_completion(row: Json) -> Dialogue:
    answer = next(key for key in _ANSWERS if key in row)
    system = row.get("system")
    return Dialogue(
        None if system is None else text_of(system, "system"),
        (("user", text_of(row["prompt"], "prompt")), ("assistant", text_of(row[answer], answer))),
        dropped(row, ("prompt", answer, "system")),
    )


def _is_alpaca(row: Json) -> bool:
    return "instruction" in row and "output" in row


def _read_alpaca(row: Json) -> Dialogue:
    instruction = text_of(row["instruction"], "instruction")
    context = text_of(row.get("input") or "", "input")
    question = f"{instruction}\n\n{context}" if context.strip() else instruction
    system = row.get("system")
    return Dialogue(
        None if system is None else text_of(system, "system"),
        (("user", question), ("assistant", text_of(row["output"], "output"))),
        dropped(row, ("instruction", "input", "output", "system")),
    )


PROMPT_COMPLETION = Format(
    "prompt-completion", "the prompt/completion format", _is_prompt_completion, _read_prompt_completion
)
ALPACA = Format("alpaca", "the Alpaca format", _is_alpaca, _read_alpaca)
