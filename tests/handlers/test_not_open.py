"""A model that cannot be tuned, named at every door: each says what is so, and nothing is begun."""

import pytest

from bot.distillations.model import KIND as DISTILL
from bot.errors import BadField
from tests.cli.test_files import GOOD, run
from tests.handlers.door import CHANNEL, Door

FILE = "F0ABCDEF12"
SAID = "is not open to fine-tuning on Amazon Bedrock"
ASKED = ["claude-sonnet-4-5", "Claude Sonnet 4.5", "gpt-5", "gemini 2.5 pro", "mistral-large", "deepseek-r1"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize(
    "typed",
    [
        f"validate {FILE} for NAME",
        "start for NAME",
        "start claims for NAME",
        'start "NAME"',
        "convert claims for NAME",
        f"distill <https://x.slack.com/files/U1/{FILE}/a.jsonl> with nova-pro for NAME",
    ],
)
def test_a_command_says_so(door: Door, typed: str, name: str) -> None:
    door.command(typed.replace("NAME", name))

    assert SAID in door.said
    assert "/tune distill PROMPTS with" in door.said
    assert "`nova-lite`" in door.said
    assert door.uploads.calls == []
    assert door.client.calls("views.open") == []
    assert door.store.of_kind(DISTILL) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize(
    "command", [("validate", "--for"), ("repair", "--for"), ("estimate", "--for"), ("convert", "--to")]
)
def test_the_terminal_says_so(command: tuple[str, str], name: str) -> None:
    result = run(command[0], GOOD, command[1], name)

    words = " ".join(result.output.replace("\u2502", " ").split())
    assert result.exit_code == 2
    assert SAID in words
    assert "`nova-lite`" in words


def test_the_form_says_so_at_its_field(door: Door) -> None:
    with pytest.raises(BadField) as caught:
        door.jobs.draft(
            dataset="claims",
            profile="claude-sonnet-4-5",
            job_name="a",
            model_name="b",
            hyperparameters={},
            validation_dataset=None,
            owner="UTRAIN",
            channel=CHANNEL,
        )

    assert caught.value.field == "profile"
    assert SAID in caught.value.message
    assert "prompt caching" in caught.value.hint


def test_start_takes_the_base_that_it_is_told(door: Door) -> None:
    door.command("start claims for Nova Lite")

    assert "nova-lite" in str(door.opened["blocks"])


@pytest.mark.parametrize(
    ("typed", "said"), [("start claims for", "Which base"), ("start claims for", "for nova-lite")]
)
def test_start_for_nothing_asks_for_what(door: Door, typed: str, said: str) -> None:
    door.command(typed)

    assert said.lower() in door.said.lower()
