"""The form in which is set how a model answers, and the words for what is set."""

from bot.directory.answering import LONGEST_STOP, MAX_TOKENS, MOST_STOPS, STOP, SYSTEM, TEMPERATURE, AnswersOf
from handlers.metadata import Naming
from handlers.ui.blocks import Block, context, field_input, modal, text_input
from handlers.ui.limits import INPUT_INITIAL
from handlers.ui.text import code, plain

ANSWERING = "answering"
"""The form."""


def answering_form(now: AnswersOf, state: Naming) -> Block:
    """Draw the form with what is set by now."""
    given = now.settings
    temperature = "" if given is None or given.temperature is None else f"{given.temperature:g}"
    longest = "" if given is None or given.max_tokens is None else str(given.max_tokens)
    stop = "\n".join(given.stop) if given else ""
    system = (given.system_prompt or "") if given else ""
    trained = "What it was trained with" if now.model.system_prompt else "None: it was trained without one"
    multiline = {"multiline": True}
    return modal(
        ANSWERING,
        "How it answers",
        [
            context(f"{code(now.model.name)}, for everybody who asks it"),
            field_input(
                TEMPERATURE,
                "Temperature",
                text_input(TEMPERATURE, initial=temperature, placeholder="As the service has it"),
                hint="0 to 1. 0 says the same each time, 1 varies most.",
                optional=True,
            ),
            field_input(
                MAX_TOKENS,
                "Longest answer, in tokens",
                text_input(MAX_TOKENS, initial=longest, placeholder=f"{now.longest:,}"),
                optional=True,
            ),
            field_input(
                STOP,
                "Stop at",
                text_input(STOP, initial=stop, placeholder="Nothing") | multiline,
                hint=f"An answer ends before these: one a line, {MOST_STOPS} of {LONGEST_STOP} characters at most.",
                optional=True,
            ),
            field_input(
                SYSTEM,
                "Another system prompt",
                text_input(SYSTEM, initial=system, placeholder=trained)
                | multiline
                | {"max_length": INPUT_INITIAL},
                hint="Leave it empty: a model answers best with the prompt that it was trained with.",
                optional=True,
            ),
        ],
        submit="Save",
        metadata=state.dump(),
    )


def answers_words(now: AnswersOf) -> str:
    """Return what is set from now on; another system prompt is warned about."""
    given = now.settings
    said = (
        answer_settings(given.temperature, given.max_tokens, given.stop, other_prompt=now.other_prompt)
        if given
        else ""
    )
    name = code(now.model.name)
    if not said:
        return f"{name} answers as by default from now on."
    warning = (
        "\n:warning: It was trained with another system prompt, and may answer worse with this one: try a few answers "
        "before others rely on it."
    )
    return f"{name} answers so from now on: {said}.{warning if now.other_prompt else ''}"


def answer_settings(
    temperature: float | None, max_tokens: int | None, stop: tuple[str, ...], *, other_prompt: bool
) -> str:
    """Return what is set for a model, empty where all is as by default."""
    said = [
        f"temperature {temperature:g}" if temperature is not None else "",
        f"at most {max_tokens:,} tokens" if max_tokens is not None else "",
        f"stops at {', '.join(code(each) for each in stop)}" if stop else "",
        plain("another system prompt than it was trained with") if other_prompt else "",
    ]
    return ", ".join(each for each in said if each)
