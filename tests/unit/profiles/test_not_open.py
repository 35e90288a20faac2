"""Names of models that are known not to be open: each says what is so, what is done instead, and what is open."""

import re

import pytest

from bot.distillations.teachers import registry as teachers
from bot.errors import NotFound
from bot.profiles import not_open, registry
from tests.tables import table

CLOSED = {
    "Claude": (
        "claude-sonnet-4-5", "Claude Sonnet 4.5", "claude sonnet 5.5", "claude-haiku-4.5", "Haiku 5.5", "haiku4.5",
        "claude-3.5-haiku", "claude-3-5-sonnet-20241022", "claude-3-7-sonnet", "claude-3-sonnet", "claude-3-opus",
        "opus", "sonnet", "claude-opus-4-1", "claude-4.5-haiku", "claude-4", "claude-2.1", "claude-v2",
        "claude-instant", "anthropic.claude-sonnet-4-20250514-v1:0", "us.anthropic.claude-haiku-4-5-20251001-v1:0",
        "global.anthropic.claude-opus-4-5-20251101-v1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-20250514-v1:0",
    ),
    "GPT": ("gpt-4o", "GPT-5", "gpt4", "chatgpt", "gpt 5 mini", "openai/gpt-4.1", "o3-mini", "openai.gpt-oss-120b-1:0"),
    "OpenAI's open models": ("gpt-oss-20b", "openai.gpt-oss-20b-1:0"),
    "Gemini": ("gemini-2.5-pro", "Gemini 3", "google/gemma-3", "text-bison"),
    "Mistral": ("mistral-large", "Mistral 7B", "mixtral-8x7b", "mistral.mistral-large-2407-v1:0", "ministral"),
    "DeepSeek": ("deepseek-r1", "DeepSeek V3", "us.deepseek.r1-v1:0"),
    "Qwen": ("qwen3-32b", "Qwen3 Coder", "qwen.qwen3-235b-a22b-2507-v1:0"),
    "Llama 3.1": ("llama-3.1-8b", "meta.llama3-1-70b-instruct-v1:0:128k"),
    "Llama 3.2": ("llama 3.2 11b", "meta.llama3-2-1b-instruct-v1:0"),
    "Llama": ("llama-4-scout", "llama2", "meta.llama3-70b-instruct-v1:0"),
    "Nova": ("nova-premier", "amazon.nova-premier-v1:0", "nova-canvas", "nova 2 sonic"),
    "Titan": ("titan-text-express", "amazon.titan-text-lite-v1"),
    "Command": ("command-r-plus", "cohere.command-text-v14"),
    "models of other makers": ("grok-4", "Kimi K2", "glm-4.5", "minimax-m2", "jamba", "nvidia-nemotron"),
}  # fmt: skip
NAMES = [(name, family) for family, names in CLOSED.items() for name in names]


def test_a_name_that_is_known_says_what_is_so_and_what_is_done_instead() -> None:
    with table() as row:
        for name, family in NAMES:
            with row(name):
                with pytest.raises(NotFound) as caught:
                    registry.get(name)

                found = not_open.family_of(name)
                assert found is not None
                assert found.label == family
                assert caught.value.message.startswith(
                    f"`{name}` is not open to fine-tuning on Amazon Bedrock: "
                )
                assert f"read on {not_open.SEEN}" in caught.value.message
                assert "/tune distill PROMPTS with " in caught.value.hint
                assert all(f"`{base}`" in caught.value.hint for base in registry.PROFILES)
                assert ("prompt caching" in caught.value.hint) == found.cached


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("haiku-3", "claude-3-haiku"),
        ("haiku", "claude-3-haiku"),
        ("claude", "claude-3-haiku"),
        ("claude-3", "claude-3-haiku"),
        ("claude-3-haku", "claude-3-haiku"),
        ("claude-haiku-3", "claude-3-haiku"),
        ("claude-3-haiku-20240307", "claude-3-haiku"),
        ("nova", "nova-pro"),
        ("novalite", "nova-lite"),
        ("nova 2 light", "nova-2-lite"),
        ("llama", "llama-3.3-70b"),
        ("llama-3.3", "llama-3.3-70b"),
    ],
)
def test_a_misspelt_base_keeps_its_nearest_name(name: str, nearest: str) -> None:
    with pytest.raises(NotFound) as caught:
        registry.get(name)

    assert caught.value.message == f"There is no base model `{name}`."
    assert caught.value.hint.startswith(f"Did you mean `{nearest}`?")


@pytest.mark.parametrize(
    "name", ["foo", "", "my-model", "gadget", "opossum", "commander", "phil", "palmtree"]
)
def test_a_name_that_nobody_knows_is_not_called_a_model(name: str) -> None:
    assert not_open.family_of(name) is None
    with pytest.raises(NotFound, match="There is no base model"):
        registry.get(name)


def test_no_base_of_ours_is_called_closed() -> None:
    for profile in registry.PROFILES.values():
        for name in (profile.name, profile.label, profile.training_id, profile.inference_id):
            assert not_open.family_of(name) is None, name


def test_every_family_has_its_source_and_a_command_that_can_be_typed() -> None:
    for family in not_open.FAMILIES:
        assert family.source.startswith("http") or "litellm" in family.source
        for _, teacher in family.teachers:
            said = not_open.instead("x", family)
            base = registry.get(re.findall(r"for ([\w.-]+)`", said)[0])
            assert teachers.model_id(teachers.get(teacher), base.region), (
                "it answers where the base is trained"
            )


@pytest.mark.parametrize(
    ("name", "teacher"),
    [
        ("claude-sonnet-4.6", "claude-sonnet-4.6"),
        ("claude-haiku-4-5", "claude-haiku-4.5"),
        ("claude-opus-5", "claude-sonnet-4.5"),
    ],
)
def test_the_teacher_is_the_model_itself_where_it_teaches(name: str, teacher: str) -> None:
    with pytest.raises(NotFound) as caught:
        registry.get(name)

    assert f"with {teacher} for" in caught.value.hint


def test_a_name_of_any_length_is_read_at_once_and_shown_clipped() -> None:
    with pytest.raises(NotFound) as caught:
        registry.get("claude-" * 20_000)

    assert len(caught.value.message) < 300
