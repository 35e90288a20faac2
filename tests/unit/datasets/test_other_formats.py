"""Formats that people have, in whole files: each is named, told in as few causes as it has, and loses no text.

A ``Variant`` writes the same forty conversations in its own way. Those that can be converted come out as they went in;
of the others the cause says what a person has to do.
"""

import bz2
import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.datasets.model import Severity, Verdict
from bot.datasets.repairs import repair
from bot.profiles import registry
from tests.unit.datasets.samples import CLAUDE, judge, zipped

SYSTEM = "Answer in a word."
TALKS = [(f"Where is parcel {index}, then?", f"Shelf {index}; ask for «{index}».") for index in range(40)]
CHAT = [{"role": "user", "content": asked} for asked, _ in TALKS]


@dataclass(frozen=True, slots=True)
class Variant:
    """``repairs`` are those that the file needs; none when a person must decide, and then the cause ``says`` why."""

    name: str
    data: bytes
    format: str
    repairs: tuple[str, ...] = ()
    says: str = ""
    system: bool = False


def rows(make: Callable[[str, str], Any]) -> bytes:
    """Return JSON Lines of what ``make`` makes of each question and answer."""
    return b"".join(line(make(asked, said)) for asked, said in TALKS)


def line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def messages(asked: str, said: str, user: str = "user", assistant: str = "assistant") -> list[dict[str, str]]:
    return [{"role": user, "content": asked}, {"role": assistant, "content": said}]


def shared(user: str, assistant: str) -> bytes:
    """Return ShareGPT's rows with these names of who speaks."""
    return rows(lambda asked, said: {"conversations": turns(asked, said, user, assistant)})


def chats(user: str, assistant: str) -> bytes:
    """Return rows of messages with these roles."""
    return rows(lambda asked, said: {"messages": messages(asked, said, user, assistant)})


def gemini(key: str) -> bytes:
    """Return Gemini's rows with their instruction under that key."""
    return rows(
        lambda a, b: {
            key: {"role": "system", "parts": parts(SYSTEM)},
            "contents": [{"role": "user", "parts": parts(a)}, {"role": "model", "parts": parts(b)}],
        }
    )


def under(key: str, make: Callable[[str, str], Any]) -> bytes:
    """Return rows that have what is made under a key."""
    return rows(lambda asked, said: {key: make(asked, said)})


def turns(asked: str, said: str, user: str = "human", assistant: str = "gpt") -> list[dict[str, str]]:
    return [{"from": user, "value": asked}, {"from": assistant, "value": said}]


def record(asked: str, said: str) -> dict[str, Any]:
    return {"messages": messages(asked, said)}


def parts(text: str) -> list[dict[str, str]]:
    return [{"text": text}]


def table(header: Iterable[str], make: Callable[[str, str], Iterable[str]], **how: Any) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, **how)
    writer.writerow(header)
    writer.writerows(make(*talk) for talk in TALKS)
    return out.getvalue().encode()


CONVERT = ("convert-format",)
UNWRAP = ("unwrap-records",)
RECORDS = [record(*talk) for talk in TALKS]
PAIRS = [{"prompt": asked, "completion": said} for asked, said in TALKS]
LINES = rows(record)


def pairs_of(question: str, answer: str) -> bytes:
    return rows(lambda asked, said: {question: asked, answer: said})


def pretty_among_lines(*odd: int) -> bytes:
    """Return lines of which some are printed over several lines."""
    return b"".join(
        json.dumps(each, indent=2, ensure_ascii=False).encode() + b"\n" if index in odd else line(each)
        for index, each in enumerate(RECORDS)
    )


CONVERTIBLE = [
    # Conversations as lists of turns
    Variant("ShareGPT", rows(lambda a, b: {"conversations": turns(a, b)}), "sharegpt", CONVERT),
    *(
        Variant(
            f"ShareGPT from {user} and {assistant}",
            shared(user, assistant),
            "sharegpt",
            CONVERT,
        )
        for user, assistant in (
            ("user", "bing"),
            ("human", "chatgpt"),
            ("human", "bard"),
            ("User", "Assistant"),
            ("user", "bot"),
            ("human", "model"),
            ("prompter", "assistant"),
        )
    ),
    Variant(
        "ShareGPT with a system turn",
        rows(lambda a, b: {"conversations": [{"from": "system", "value": SYSTEM}, *turns(a, b)]}),
        "sharegpt",
        CONVERT,
        system=True,
    ),
    Variant(
        "conversations of role and content",
        rows(lambda a, b: {"conversations": messages(a, b)}),
        "turn-list",
        CONVERT,
    ),
    Variant(
        "conversations with a system beside them",
        rows(lambda a, b: {"system": SYSTEM, "conversations": messages(a, b)}),
        "turn-list",
        CONVERT,
        system=True,
    ),
    *(
        Variant(f"a list called {key}", under(key, messages), "turn-list", CONVERT)
        for key in ("conversation", "dialogue", "dialog", "chat", "turns")
    ),
    Variant(
        "speakers and texts",
        rows(lambda a, b: {"dialogue": [{"speaker": "user", "text": a}, {"speaker": "bot", "text": b}]}),
        "turn-list",
        CONVERT,
    ),
    Variant("messages of from and value", rows(lambda a, b: {"messages": turns(a, b)}), "turn-list", CONVERT),
    Variant(
        "Firefly", rows(lambda a, b: {"conversation": [{"human": a, "assistant": b}]}), "pair-list", CONVERT
    ),
    Variant(
        "XTuner",
        rows(lambda a, b: {"conversation": [{"system": SYSTEM, "input": a, "output": b}]}),
        "pair-list",
        CONVERT,
        system=True,
    ),
    Variant(
        "messages with who speaks as their key",
        rows(lambda a, b: {"messages": [{"system": SYSTEM}, {"user": a}, {"assistant": b}]}),
        "messages-by-speaker",
        CONVERT,
        system=True,
    ),
    Variant(
        "LangChain",
        rows(lambda a, b: {"messages": [{"type": "human", "content": a}, {"type": "ai", "content": b}]}),
        "langchain",
        CONVERT,
    ),
    Variant(
        "LangChain's dump",
        rows(
            lambda a, b: {
                "messages": [
                    {"type": "human", "data": {"content": a}},
                    {"type": "ai", "data": {"content": b}},
                ]
            }
        ),
        "langchain",
        CONVERT,
    ),
    Variant(
        "LangSmith",
        rows(
            lambda a, b: {
                "inputs": {"messages": messages(a, b)[:1]},
                "outputs": {"message": messages(a, b)[1]},
            }
        ),
        "logged-call",
        CONVERT,
    ),
    Variant(
        "TRL's pairs as texts",
        rows(
            lambda a, b: {
                "prompt": json.dumps(messages(a, b)[:1]),
                "completion": json.dumps(messages(a, b)[1:]),
            }
        ),
        "conversational-pair",
        (*UNWRAP, *CONVERT),
    ),
    Variant(
        "a column of records beside another",
        table(["id", "json"], lambda a, b: ["7", json.dumps(record(a, b))]),
        "claude-messages",
        ("table-to-lines", "drop-unknown-keys"),
    ),
    # OpenAI, and those who take its rows
    Variant(
        "OpenAI chat",
        rows(lambda a, b: {"messages": [{"role": "system", "content": SYSTEM}, *messages(a, b)]}),
        "openai-chat",
        ("lift-system-turn",),
        system=True,
    ),
    Variant(
        "OpenAI with typed parts",
        rows(
            lambda a, b: {
                "messages": [
                    {"role": "user", "content": [{"type": "text", "text": a}]},
                    {"role": "assistant", "content": [{"type": "text", "text": b}]},
                ]
            }
        ),
        "claude-messages",
        ("join-text-blocks",),
    ),
    Variant(
        "a log of chat completions",
        rows(
            lambda a, b: {
                "request": {"model": "m", "messages": [{"role": "user", "content": a}]},
                "response": {"choices": [{"index": 0, "message": {"role": "assistant", "content": b}}]},
            }
        ),
        "logged-call",
        CONVERT,
    ),
    Variant(
        "a log of responses",
        rows(
            lambda a, b: {
                "model": "m",
                "instructions": SYSTEM,
                "input": [{"role": "user", "content": [{"type": "input_text", "text": a}]}],
                "output": [
                    {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": b}]}
                ],
            }
        ),
        "logged-call",
        CONVERT,
        system=True,
    ),
    Variant(
        "a log of Claude's messages",
        rows(
            lambda a, b: {
                "request": {"system": SYSTEM, "messages": [{"role": "user", "content": a}]},
                "response": {"role": "assistant", "content": [{"type": "text", "text": b}]},
            }
        ),
        "logged-call",
        CONVERT,
        system=True,
    ),
    Variant(
        "output of a batch job on Bedrock",
        rows(
            lambda a, b: {
                "modelInput": {
                    "anthropic_version": "x",
                    "max_tokens": 9,
                    "messages": [{"role": "user", "content": a}],
                },
                "modelOutput": {"role": "assistant", "content": [{"type": "text", "text": b}]},
                "recordId": "1",
            }
        ),
        "logged-call",
        ("convert-format", "drop-unknown-keys"),
    ),
    Variant(
        "an invocation log of Bedrock",
        rows(
            lambda a, b: {
                "input": {"inputBodyJson": {"messages": [{"role": "user", "content": parts(a)}]}},
                "output": {
                    "outputBodyJson": {"output": {"message": {"role": "assistant", "content": parts(b)}}}
                },
            }
        ),
        "logged-call",
        CONVERT,
    ),
    # Cohere, Gemini, PaLM
    Variant(
        "Cohere",
        rows(
            lambda a, b: {
                "messages": [
                    {"role": "System", "content": SYSTEM},
                    {"role": "User", "content": a},
                    {"role": "Chatbot", "content": b},
                ]
            }
        ),
        "openai-chat",
        ("rename-roles", "lower-roles", "lift-system-turn"),
        system=True,
    ),
    *(
        Variant(
            f"messages from {user} and {assistant}",
            chats(user, assistant),
            "claude-messages",
            ("rename-roles",),
        )
        for user, assistant in (
            ("human", "gpt"),
            ("human", "assistant"),
            ("user", "model"),
            ("prompter", "ai"),
        )
    ),
    *(
        Variant(
            f"Gemini with {key}",
            gemini(key),
            "gemini-contents",
            CONVERT,
            system=True,
        )
        for key in ("systemInstruction", "system_instruction")
    ),
    Variant(
        "Gemini without instruction",
        rows(
            lambda a, b: {
                "contents": [{"role": "USER", "parts": parts(a)}, {"role": "MODEL", "parts": parts(b)}]
            }
        ),
        "gemini-contents",
        CONVERT,
    ),
    # Questions and answers
    *(
        Variant(f"{question} and {answer}", pairs_of(question, answer), "prompt-completion", CONVERT)
        for question, answer in (
            ("prompt", "completion"),
            ("input_text", "output_text"),
            ("inputs", "targets"),
            ("question", "answer"),
            ("query", "response"),
            ("Input", "Output"),
            ("user", "assistant"),
            ("human", "gpt"),
            ("input", "target"),
        )
    ),
    Variant("Alpaca", rows(lambda a, b: {"instruction": a, "input": "", "output": b}), "alpaca", CONVERT),
    Variant("Dolly", rows(lambda a, b: {"instruction": a, "context": "", "response": b}), "alpaca", CONVERT),
    Variant(
        "TRL's conversational pairs",
        rows(
            lambda a, b: {
                "prompt": [{"role": "system", "content": SYSTEM}, {"role": "user", "content": a}],
                "completion": [{"role": "assistant", "content": b}],
            }
        ),
        "conversational-pair",
        CONVERT,
        system=True,
    ),
    Variant(
        "a conversation and its answer as a text",
        rows(lambda a, b: {"prompt": [{"role": "user", "content": a}], "response": b}),
        "conversational-pair",
        CONVERT,
    ),
    # One text with marks
    Variant(
        "Anthropic's text completions",
        rows(lambda a, b: {"prompt": f"\n\nHuman: {a}\n\nAssistant:", "completion": f" {b}"}),
        "marked-text",
        CONVERT,
    ),
    Variant(
        "Anthropic's text completions with a system prompt",
        rows(lambda a, b: {"prompt": f"{SYSTEM}\n\nHuman: {a}\n\nAssistant:", "completion": f" {b}"}),
        "marked-text",
        CONVERT,
        system=True,
    ),
    Variant(
        "ChatML",
        rows(
            lambda a, b: {
                "text": f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n{a}<|im_end|>\n"
                f"<|im_start|>assistant\n{b}<|im_end|>\n"
            }
        ),
        "marked-text",
        CONVERT,
        system=True,
    ),
    Variant(
        "Llama 2",
        rows(lambda a, b: {"text": f"<s>[INST] <<SYS>>\n{SYSTEM}\n<</SYS>>\n\n{a} [/INST] {b} </s>"}),
        "marked-text",
        CONVERT,
        system=True,
    ),
    Variant(
        "Llama 3",
        rows(
            lambda a, b: {
                "text": f"<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n{a}<|eot_id|>"
                f"<|start_header_id|>assistant<|end_header_id|>\n\n{b}<|eot_id|>"
            }
        ),
        "marked-text",
        CONVERT,
    ),
    Variant(
        "Gemma",
        rows(
            lambda a, b: {
                "text": f"<bos><start_of_turn>user\n{a}<end_of_turn>\n<start_of_turn>model\n{b}<end_of_turn>"
            }
        ),
        "marked-text",
        CONVERT,
    ),
    Variant(
        "Guanaco",
        rows(lambda a, b: {"text": f"### Human: {a}### Assistant: {b}".replace("###", "\n###").strip()}),
        "marked-text",
        CONVERT,
    ),
    Variant(
        "Alpaca as one text",
        rows(lambda a, b: {"text": f"### Instruction:\n{a}\n\n### Response:\n{b}"}),
        "marked-text",
        CONVERT,
    ),
    # Wrappings
    Variant("lists of messages", rows(messages), "claude-messages", UNWRAP),
    Variant("lists of ShareGPT's turns", rows(turns), "sharegpt", (*UNWRAP, *CONVERT)),
    Variant(
        "lists in a list",
        line([messages(*talk) for talk in TALKS]),
        "claude-messages",
        ("array-to-lines", *UNWRAP),
    ),
    Variant(
        "lists in a printed list",
        json.dumps([messages(*talk) for talk in TALKS], indent=1).encode(),
        "claude-messages",
        ("array-to-lines", *UNWRAP),
    ),
    *(
        Variant(f"records under {key}", under(key, record), "claude-messages", UNWRAP)
        for key in ("record", "row", "data", "example", "json")
    ),
    Variant(
        "rows of a data server",
        rows(lambda a, b: {"row_idx": 1, "row": record(a, b), "truncated_cells": []}),
        "claude-messages",
        (*UNWRAP, "drop-unknown-keys"),
    ),
    Variant(
        "a page of a data server",
        line(
            {
                "features": [{"name": "messages"}],
                "rows": [{"row": each} for each in RECORDS],
                "num_rows_total": 40,
            }
        ),
        "claude-messages",
        UNWRAP,
    ),
    Variant("records in a list under a key", line({"data": RECORDS}), "claude-messages", UNWRAP),
    Variant(
        "messages as JSON",
        rows(lambda a, b: {"messages": json.dumps(messages(a, b))}),
        "claude-messages",
        UNWRAP,
    ),
    Variant(
        "messages as Python",
        rows(lambda a, b: {"messages": repr(messages(a, b))}),
        "claude-messages",
        UNWRAP,
    ),
    Variant("records encoded twice", rows(lambda a, b: json.dumps(record(a, b))), "claude-messages", UNWRAP),
    Variant(
        "records in quotes of Python",
        rows(record).replace(b'{"m', b"'{\"m").replace(b"}]}\n", b"}]}'\n"),
        "claude-messages",
        UNWRAP,
    ),
    Variant(
        "records in a text under a key",
        rows(lambda a, b: {"text": json.dumps(record(a, b))}),
        "claude-messages",
        UNWRAP,
    ),
    Variant(
        "a sequence of JSON texts",
        b"".join(b"\x1e" + line(each) for each in RECORDS),
        "claude-messages",
        UNWRAP,
    ),
    Variant(
        "pandas split",
        line(
            {
                "columns": ["prompt", "completion"],
                "index": [*range(40)],
                "data": [list(each) for each in TALKS],
            }
        ),
        "prompt-completion",
        (*UNWRAP, *CONVERT),
    ),
    Variant(
        "pandas columns",
        line(
            {
                key: {str(index): row[key] for index, row in enumerate(PAIRS)}
                for key in ("prompt", "completion")
            }
        ),
        "prompt-completion",
        (*UNWRAP, *CONVERT),
    ),
    Variant(
        "pandas index",
        line({str(index): row for index, row in enumerate(PAIRS)}),
        "prompt-completion",
        (*UNWRAP, *CONVERT),
    ),
    Variant("pandas records", line(PAIRS), "prompt-completion", ("array-to-lines", *CONVERT)),
    Variant(
        "Python",
        b"".join(repr(each).encode() + b"\n" for each in RECORDS),
        "claude-messages",
        ("python-to-json",),
    ),
    Variant(
        "lists as Python writes them",
        b"".join(repr(messages(*talk)).encode() + b"\n" for talk in TALKS),
        "claude-messages",
        ("python-to-json", *UNWRAP),
    ),
    # Records over several lines
    Variant("one record over several lines", pretty_among_lines(20), "claude-messages", ("join-lines",)),
    Variant(
        "some records over several lines, the last too",
        pretty_among_lines(5, 6, 20, 39),
        "claude-messages",
        ("join-lines",),
    ),
    Variant(
        "line breaks within texts",
        b"".join(
            line(each).replace(b", then?", b"\nthen?") if index in (3, 39) else line(each)
            for index, each in enumerate(RECORDS)
        ),
        "claude-messages",
        ("join-lines", "escape-control-characters"),
    ),
    # Tables
    Variant(
        "a table",
        table(("prompt", "completion"), lambda a, b: (a, b)),
        "prompt-completion",
        ("table-to-lines", *CONVERT),
    ),
    Variant(
        "a table of Excel",
        b"sep=;\r\n" + table(("prompt", "completion"), lambda a, b: (a, b), delimiter=";"),
        "prompt-completion",
        ("table-to-lines", *CONVERT),
    ),
    Variant(
        "a table of Excel with a comma",
        b"\xef\xbb\xbfsep=,\r\n" + table(("Question", "Answer"), lambda a, b: (a, b)),
        "prompt-completion",
        ("strip-byte-order-mark", "table-to-lines", *CONVERT),
    ),
    Variant(
        "a column of messages",
        table(["messages"], lambda a, b: [repr(messages(a, b))]),
        "claude-messages",
        ("table-to-lines",),
    ),
    Variant(
        "a column of messages as JSON",
        table(["messages"], lambda a, b: [json.dumps(messages(a, b))]),
        "claude-messages",
        ("table-to-lines",),
    ),
    Variant(
        "a column of messages beside another",
        table(["id", "messages"], lambda a, b: ["7", json.dumps(messages(a, b))]),
        "claude-messages",
        ("table-to-lines", "drop-unknown-keys"),
    ),
    Variant(
        "a column of records",
        table(["jsonl"], lambda a, b: [json.dumps(record(a, b))]),
        "claude-messages",
        ("table-to-lines",),
    ),
    Variant(
        "a column of records without a name",
        table([json.dumps(RECORDS[0])], lambda a, b: [json.dumps(record(a, b))]).split(b"\r\n", 1)[1],
        "claude-messages",
        ("table-to-lines",),
    ),
    # Bytes
    Variant(
        "UTF-16",
        LINES.decode().encode("utf-16"),
        "claude-messages",
        ("re-encode", "strip-byte-order-mark")[:1],
    ),
    Variant("a byte-order mark", b"\xef\xbb\xbf" + LINES, "claude-messages", ("strip-byte-order-mark",)),
    Variant("ZIP", zipped(LINES), "claude-messages", ("unpack",)),
    Variant(
        "a packed file, packed again", bz2.compress(gzip.compress(LINES)), "claude-messages", ("unpack",)
    ),
]

UNDECIDED = [
    Variant(
        "OpenAI's batch input",
        rows(
            lambda a, _: {
                "custom_id": "1",
                "method": "POST",
                "url": "/v1",
                "body": {"messages": [{"role": "user", "content": a}]},
            }
        ),
        "batch-requests",
        says="no answer to learn",
    ),
    Variant(
        "Bedrock's batch input",
        rows(lambda a, _: {"recordId": "1", "modelInput": {"messages": [{"role": "user", "content": a}]}}),
        "batch-requests",
        says="no answer to learn",
    ),
    Variant(
        "OpenAI's batch output",
        rows(
            lambda _, b: {
                "custom_id": "1",
                "response": {"body": {"choices": [{"message": {"role": "assistant", "content": b}}]}},
            }
        ),
        "batch-answers",
        says="stands in the batch's input",
    ),
    Variant(
        "two answers",
        rows(
            lambda a, b: {
                "request": {"messages": [{"role": "user", "content": a}]},
                "response": {
                    "choices": [{"message": {"role": "assistant", "content": each}} for each in (b, "No.")]
                },
            }
        ),
        "logged-call",
        says="2 answers",
    ),
    Variant(
        "single messages",
        b"".join(line(each) for talk in TALKS for each in messages(*talk)),
        "single-messages",
        says="one conversation",
    ),
    Variant(
        "OpenAssistant's trees",
        rows(
            lambda a, b: {
                "message_tree_id": "1",
                "prompt": {"text": a, "role": "prompter", "replies": [{"text": b}]},
            }
        ),
        "message-trees",
        says="path from its root",
    ),
    Variant(
        "Axolotl's segments",
        rows(lambda a, b: {"segments": [{"label": False, "text": a}, {"label": True, "text": b}]}),
        "segments",
        says="labels say",
    ),
    Variant(
        "thumbs",
        rows(lambda a, b: {"prompt": a, "completion": b, "label": False}),
        "unpaired-preferences",
        says="bad answers",
    ),
    Variant(
        "Gemini with a picture",
        rows(
            lambda a, b: {
                "contents": [
                    {
                        "role": "user",
                        "parts": [{"text": a}, {"inlineData": {"mimeType": "image/png", "data": "x"}}],
                    },
                    {"role": "model", "parts": parts(b)},
                ]
            }
        ),
        "gemini-contents",
        says="`inlineData` would be lost",
    ),
    Variant(
        "ShareGPT with an observation",
        rows(lambda a, b: {"conversations": [*turns(a, b), {"from": "observation", "value": "x"}]}),
        "sharegpt",
        says="from `observation`",
    ),
    Variant(
        "YAML",
        "".join(f"- prompt: {asked!r}\n  completion: {said!r}\n" for asked, said in TALKS).encode(),
        "yaml",
        says="yaml.safe_load",
    ),
    Variant(
        "lines of names and values",
        "".join(f"user: {asked}\nassistant: {said}\n" for asked, said in TALKS).encode(),
        "yaml",
        says="not JSON Lines",
    ),
    Variant(
        "an answer that was cut off",
        rows(
            lambda a, b: {
                "messages": [{"role": "user", "content": a}],
                "choices": [{"finish_reason": "length", "message": {"role": "assistant", "content": b}}],
            }
        ),
        "logged-call",
        says="`length` and is not whole",
    ),
    Variant("plain text", rows(lambda a, b: {"text": f"{a} {b}"}), "plain-text", says="no question"),
    Variant(
        "a packed file that is cut off",
        gzip.compress(LINES)[:60],
        "gzip",
        says="packed as gzip and cannot be read",
    ),
    Variant("an archive of two files", zipped(LINES, LINES), "zip", says="more than one file"),
]


@pytest.mark.slow
@pytest.mark.parametrize("variant", CONVERTIBLE, ids=lambda each: each.name)
def test_a_known_format_is_named_and_mended_without_a_loss(variant: Variant, tmp_path: Path) -> None:
    report = judge(variant.data)
    needed = {cause.repair for cause in report.causes}

    assert str(report.format) == variant.format
    assert needed == set(variant.repairs), [
        (cause.code, cause.message, cause.hint) for cause in report.causes
    ]
    assert report.verdict is Verdict.REPAIRABLE
    assert report.records == len(TALKS)

    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(variant.data)
    repair(source, target, CLAUDE)
    after = judge(target.read_bytes())
    assert (after.verdict, after.records) == (Verdict.READY, len(TALKS))
    assert [_said(json.loads(each)) for each in target.read_text("utf-8").splitlines()] == [
        (
            SYSTEM if variant.system else None,
            *(text.replace(", then?", "\nthen?") if _is_broken(variant, index) else text for text in talk),
        )
        for index, talk in enumerate(TALKS)
    ]


def _is_broken(variant: Variant, index: int) -> bool:
    return variant.name == "line breaks within texts" and index in (3, 39)


def _said(row: dict[str, Any]) -> tuple[str | None, ...]:
    return (row.get("system"), *(each["content"] for each in row["messages"]))


@pytest.mark.slow
@pytest.mark.parametrize("variant", CONVERTIBLE, ids=lambda each: each.name)
def test_a_known_format_comes_to_the_same_for_another_base(variant: Variant, tmp_path: Path) -> None:
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(variant.data)
    nova = registry.get("nova-lite")
    repair(source, target, nova)

    after = judge(target.read_bytes(), nova)
    assert (after.verdict, after.records) == (Verdict.READY, len(TALKS)), after.causes


def test_a_rare_name_of_who_speaks_is_a_question_and_its_mend() -> None:
    report = judge(shared("user", "bing"))
    [cause] = report.errors

    assert "Did you mean `assistant` by `bing`?" in cause.hint
    assert (cause.count, cause.repair) == (40, "convert-format")


@pytest.mark.parametrize("variant", UNDECIDED, ids=lambda each: each.name)
def test_what_a_person_has_to_decide_is_one_cause_with_its_reason(variant: Variant) -> None:
    report = judge(variant.data)

    assert str(report.format) == variant.format
    assert report.verdict is Verdict.BLOCKED
    [cause] = [each for each in report.causes if each.severity is Severity.ERROR]
    assert variant.says in f"{cause.message} {cause.hint}"
