"""Models that people ask for and that cannot be fine-tuned here: what is so, and what is done instead.

One ``Family`` a row, looked at in this order. A name that no family has is a misspelling, for all that is known.
"""

import re
from dataclasses import dataclass
from datetime import date

from bot.profiles import sources
from bot.wording import quoted

SEEN = date(2026, 11, 22)
"""When the pages were read."""

_LONGEST = 120
"""Characters of a name that are looked at."""

_OTHER_THAN_LETTERS = re.compile(r"[^a-z0-9]+")
_REACH = re.compile(r"^(?:us|eu|apac|jp|au|ca|global)\.(?=[a-z])")
"""What inference profiles have before the model's own ID."""

_NOT_LISTED = "it is not in Bedrock's list of models that can be fine-tuned"
_NO_LONGER = "it is no longer in Bedrock's list of models that can be fine-tuned"
_REINFORCED = (
    "Bedrock tunes it by reinforcement with a grader only (us-west-2), not on rows of questions and answers"
)


@dataclass(frozen=True, slots=True)
class Family:
    """Models of one kind that are not open.

    Attributes:
        label: What they are called.
        pattern: How their names begin or what is in them, once folded to small letters, digits and hyphens.
        why: What is so, as the rest of "`NAME` is not open to fine-tuning on Amazon Bedrock: ...".
        source: The page that says so.
        cached: Whether Bedrock caches the beginning of their prompts (``sources.PROMPT_CACHING``).
        teachers: Which of them answer prompts in batch (names in ``bot.distillations.teachers``), by what a name
            of theirs has in it; the first that fits is proposed, an empty key fits all.
    """

    label: str
    pattern: str
    why: str = _NOT_LISTED
    source: str = sources.FINE_TUNING
    cached: bool = False
    teachers: tuple[tuple[str, str], ...] = ()


FAMILIES: tuple[Family, ...] = (
    Family(
        "Claude",
        r"\b(?:sonnet|opus|fable|mythos)\b|\bhaiku-?(?:[4-9]|3-?[57])|\bclaude-?(?:v?(?:[1245-9]|3-?[57])|instant)"
        r"|\b(?:3-?[57]|[4-9](?:-?\d)?)-haiku\b",
        "of all Claude models only Claude 3 Haiku is in Bedrock's list of models that can be fine-tuned",
        cached=True,
        teachers=(
            ("4-6", "claude-sonnet-4.6"),
            ("haiku", "claude-haiku-4.5"),
            ("", "claude-sonnet-4.5"),
        ),
    ),
    Family(
        "OpenAI's open models",
        r"\bgpt-?oss-?20b",
        _REINFORCED,
        sources.RFT,
    ),
    Family("GPT", r"\b(?:chat)?gpt|\bo[134](?:-|$)|\bdavinci|\bbabbage"),
    Family("Gemini", r"\b(?:gemini|gemma|palm(?:-|\d|$)|(?:text|chat)-bison)"),
    Family("Mistral", r"\b(?:mistral|mixtral|ministral|magistral|codestral|devstral|pixtral|voxtral)"),
    Family("DeepSeek", r"\bdeep-?seek"),
    Family("Qwen", r"\bqwen-?3-32b", _REINFORCED, sources.RFT),
    Family("Qwen", r"\b(?:qwen|qwq)"),
    Family(
        "Llama 3.1",
        r"\bllama-?3-?1",
        "it is in Bedrock's list, but near its end of life (2027-03-30), which closes it to new jobs half a year"
        " earlier, and I have no rules for it",
        sources.LITELLM,
        teachers=(("", "llama-3.3-70b"),),
    ),
    Family(
        "Llama 3.2",
        r"\bllama-?3-?2",
        "it reached its end of life on Bedrock on 2026-07-07",
        sources.LITELLM,
        teachers=(("", "llama-3.3-70b"),),
    ),
    Family("Llama", r"\bllama-?(?:[1245]|3-(?:8b|70b|0))", teachers=(("", "llama-3.3-70b"),)),
    Family("Nova", r"\bnova-(?:premier|2-(?:pro|premier|omni))", cached=True, teachers=(("", "nova-pro"),)),
    Family(
        "Nova", r"\bnova-(?:2-)?(?:canvas|reel|sonic|act)", "it makes pictures, films or speech and learns no answers"
    ),
    Family("Titan", r"\btitan", _NO_LONGER),
    Family("Command", r"\bcommand(?:-|$)|\bcohere", _NO_LONGER),
    Family(
        "models of other makers",
        r"\b(?:grok|kimi|moonshot|glm|chatglm|minimax|jamba|jurassic|palmyra|phi-?\d|nemotron|olmo|falcon|granite|yi-)",
    ),
)  # fmt: skip

_STUDENT = "nova-lite"
"""The base that is proposed to learn from a teacher's answers."""


def family_of(name: str) -> Family | None:
    """Return the family that a name is of: what people call a model, its ID or its ARN; None when none is known."""
    last = name[:_LONGEST].strip().lower().rpartition("/")[2]
    folded = _OTHER_THAN_LETTERS.sub("-", _REACH.sub("", last)).strip("-")
    return next((each for each in FAMILIES if re.search(each.pattern, folded)), None)


def what_is_so(name: str, family: Family) -> str:
    """Return in one sentence that the model is not open, why, and when that was read."""
    shown = quoted(name.strip()[:_LONGEST])
    return f"{shown} is not open to fine-tuning on Amazon Bedrock: {family.why} (read on {SEEN})."


def instead(name: str, family: Family) -> str:
    """Return what people do in place of tuning it."""
    asked = (
        "use it as it is, with your instructions and examples as the cached beginning of each prompt (prompt caching)"
        if family.cached
        else "use it as it is, with your instructions and examples in the prompt"
    )
    teacher = teacher_of(name, family)
    if teacher:
        taught = f"have {teacher} answer your prompts and tune a base that is open on the answers"
        command = f"/tune distill PROMPTS with {teacher} for {_STUDENT}"
        return f"People do this instead: {asked}; or {taught}, in Slack with {quoted(command)}."
    taught = "tune a base that is open on good answers that you have"
    command = f"/tune distill PROMPTS with TEACHER for {_STUDENT}"
    return (
        f"People do this instead: {asked}; or {taught}, or that a teacher on Bedrock gives (in Slack {quoted(command)};"
        " `/tune distill` lists the teachers)."
    )


def teacher_of(name: str, family: Family) -> str | None:
    """Return the teacher that is this model or the nearest of its family, None when there is none."""
    folded = _OTHER_THAN_LETTERS.sub("-", name.lower())
    return next((teacher for part, teacher in family.teachers if part in folded), None)
