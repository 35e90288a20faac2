"""Logs of calls: what was sent to a model and what it answered, in one row.

Chat completions and responses of OpenAI, messages of Anthropic, contents of Gemini, batch output and invocation logs
of Bedrock. What was sent is read in its own format; one answer has to be in what came back.
"""

from collections.abc import Callable, Iterator
from typing import Any

from bot.datasets.formats import gemini, messages
from bot.datasets.formats.dialogue import ContentLost, Dialogue, Format, NotConvertible, dropped
from bot.datasets.leftovers.leftover import Leftover, Steps, leftovers, moved
from bot.datasets.records import Json
from bot.datasets.spelling import shown
from bot.wording import quoted

_SENT = ("request", "modelInput", "input", "inputs", "body", "kwargs")
_CAME_BACK = ("response", "modelOutput", "output", "outputs", "completion_response")
_ANSWERS = ("choices", "candidates", "output", "content", "results", "message", "messages")
"""Where answers stand in what came back."""
_FLAT_ANSWERS = ("choices", "candidates", "output")
"""Those of them that stand beside a request that was joined with its answer into one object."""
_TOLD = frozenset(
    {
        "id", "object", "created", "created_at", "model", "usage", "system_fingerprint", "service_tier",
        "type", "role", "stop_reason", "stopReason", "stop_sequence", "metrics", "usageMetadata",
        "modelVersion", "responseId", "status", "inputTextTokenCount", "error", "incomplete_details",
        "status_code", "request_id", "additionalModelResponseFields",
    }
)  # fmt: skip
"""What services tell of an answer beside it: how it was made and what it took."""
_SETTINGS = frozenset(
    {
        "model", "modelId", "anthropic_version", "anthropic_beta", "max_tokens", "max_completion_tokens",
        "max_output_tokens", "max_tokens_to_sample", "temperature", "top_p", "top_k", "stop", "stop_sequences",
        "stream", "n", "seed", "user", "store", "logprobs", "top_logprobs", "presence_penalty",
        "frequency_penalty", "inferenceConfig", "generationConfig", "generation_config", "safetySettings",
        "safety_settings", "schemaVersion", "parallel_tool_calls", "service_tier", "truncation", "id",
        "object", "created", "created_at", "usage",
    }
)  # fmt: skip
"""How a call was to be made: nothing of it is learned."""
_ENDS = frozenset(
    {None, "stop", "STOP", "end_turn", "stop_sequence", "eos", "FINISH", "complete", "completed"}
)
"""How an answer ends that is whole."""
_AROUND = frozenset(
    {
        "inputContentType", "outputContentType", "inputTokenCount", "outputTokenCount", "method", "url", "headers",
        "cacheReadInputTokenCount", "cacheWriteInputTokenCount", "statusCode",
    }
)  # fmt: skip
"""How a body was sent."""
_INNER = ("inputBodyJson", "outputBodyJson", "body", "json")
"""What the body of either is called within it."""


def _place(row: Json, key: str) -> Steps:
    """Return the way to the body of a request or a response, through what services put around it."""
    steps: list[str] = [key]
    value: Any = row.get(key)
    for _ in range(3):
        inner = [name for name in _INNER if isinstance(value, dict) and isinstance(value.get(name), dict)]
        if not inner:
            break
        steps.append(inner[0])
        value = value[inner[0]]
    return tuple(steps)


def _body(row: Json, key: str) -> Any:
    value: Any = row
    for step in _place(row, key):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _is_request(value: Any) -> bool:
    return isinstance(value, dict) and (
        isinstance(value.get("messages"), list)
        or isinstance(value.get("contents"), list)
        or (isinstance(value.get("input"), list | str) and ("model" in value or "instructions" in value))
    )


def _sides(row: Json) -> tuple[str, str] | None:
    """Return the keys of what was sent and what came back, when the row has one of each."""
    sent = [key for key in _SENT if _is_request(_body(row, key))]
    back = [key for key in _CAME_BACK if key not in sent and _answer_reader(_body(row, key)) is not None]
    return (sent[0], back[0]) if len(sent) == 1 and len(back) == 1 else None


def _is_two_sided(row: Json) -> bool:
    keys = row.keys()
    if "messages" in keys or keys.isdisjoint(_SENT) or keys.isdisjoint(_CAME_BACK):
        return False
    return _sides(row) is not None


def _is_flat(row: Json) -> bool:
    """Tell a request and its answer that were joined into one object."""
    return not row.keys().isdisjoint(_FLAT_ANSWERS) and _is_request(row)


def is_call(row: Json) -> bool:
    """Tell a row with a request and the answer to it."""
    return _is_two_sided(row) or (_is_flat(row) and _answer_reader(row) is not None)


def _read(row: Json) -> Dialogue:
    if _is_two_sided(row):
        sent, back = _sides(row) or ("", "")
        request, response = _body(row, sent), _body(row, back)
        asked, answer = _asked(request), _answer(response)
        lost = (
            *dropped(row, (sent, back)),
            *_around(row, sent),
            *_around(row, back),
            *moved(asked.dropped, _place(row, sent)),
            *dropped(response, (*_ANSWERS, *_TOLD), _place(row, back)),
        )
        return Dialogue(asked.system, (*asked.turns, ("assistant", answer)), lost)
    request = {key: value for key, value in row.items() if key not in (*_FLAT_ANSWERS, *_TOLD)}
    asked = _asked(request)
    return Dialogue(asked.system, (*asked.turns, ("assistant", _answer(row))), asked.dropped)


def _around(row: Json, key: str) -> Iterator[Leftover]:
    """Yield what services put around a body beside it."""
    value: Any = row[key]
    way = _place(row, key)
    for place, step in enumerate(map(str, way[1:]), start=1):
        yield from dropped(value, (step, *_TOLD, *_AROUND), way[:place])
        value = value[step]


def _asked(request: Json) -> Dialogue:
    """Return the conversation that was sent.

    Raises:
        NotConvertible: something in it would be lost.
    """
    for key in ("tools", "functions", "toolConfig", "tool_config"):
        if request.get(key):
            raise NotConvertible(f"{quoted(key)} would be lost")
    left = {key: value for key, value in request.items() if key not in _SETTINGS and value is not None}
    if isinstance(request.get("contents"), list):
        return gemini.read(left)
    name = "messages" if "messages" in left else "input"
    talk = [{"role": "user", "content": left[name]}] if isinstance(left[name], str) else left[name]
    system = left.get("system", left.get("instructions"))
    told = {key: value for key, value in left.items() if key not in (name, "system", "instructions")}
    read = messages.read(
        {"messages": [_plain(each) for each in talk]} | ({} if system is None else {"system": system})
    )
    lost = (moved([each], (name,), 1) if each.steps[0] == "messages" else (each,) for each in read.dropped)
    return Dialogue(read.system, read.turns, (*(each for one in lost for each in one), *dropped(told, ())))


def _plain(message: Any) -> Any:
    """Return a message of the Responses API as one of chat: its texts are of the type ``input_text``."""
    content = message.get("content") if isinstance(message, dict) else None
    if not isinstance(content, list):
        return message
    texts = ("input_text", "output_text")
    blocks = [
        {"type": "text", "text": block["text"]}
        if isinstance(block, dict) and block.get("type") in texts and isinstance(block.get("text"), str)
        else block
        for block in content
    ]
    return message | {"content": blocks}


# What came back


def _answer(response: Json) -> str:
    reader = _answer_reader(response)
    if reader is None:
        raise NotConvertible("there is no answer in it")
    for key in ("stop_reason", "stopReason", "status"):
        _check_end(response.get(key))
    return reader(response)


def _check_end(reason: Any) -> None:
    if isinstance(reason, str | None) and reason not in _ENDS:
        raise NotConvertible(f"an answer ended by {quoted(str(reason)[:40])} and is not whole")


def _answer_reader(response: Any) -> Callable[[Any], str] | None:
    if not isinstance(response, dict):
        return None
    return next((read for key, read in _READERS if isinstance(response.get(key), list | dict)), None)


def _only(answers: list[Any]) -> Any:
    if len(answers) != 1:
        raise NotConvertible(f"there are {len(answers):,} answers; which one is good is for you to say")
    return answers[0]


def _said(message: Any) -> str:
    if not isinstance(message, dict):
        raise NotConvertible("the answer is no message")
    _check_rest(message, ("role", "content", "type", "status"))
    try:
        read = messages.read({"messages": [{"role": "assistant", "content": _plain(message).get("content")}]})
    except ContentLost as reason:
        raise NotConvertible(str(reason)) from reason  # its places are not those of the row
    return read.turns[0][1]


def _check_rest(value: Any, used: tuple[str, ...]) -> None:
    """Return when nothing is in a part of the answer but what is read of it, and bookkeeping.

    Raises:
        NotConvertible: something else is.
    """
    for each in leftovers(value, used, role="assistant") if isinstance(value, dict) else ():
        if not each.inert:
            raise NotConvertible(f"{quoted(shown(each.key))} would be lost")


def _of_choices(response: Json) -> str:
    choice = _only(response["choices"]) if isinstance(response["choices"], list) else response["choices"]
    _check_rest(choice, ("message", "text", "finish_reason", "logprobs"))
    _check_end(choice.get("finish_reason") if isinstance(choice, dict) else None)
    if isinstance(choice, dict) and isinstance(choice.get("text"), str):
        return str(choice["text"])
    return _said(choice.get("message") if isinstance(choice, dict) else None)


def _of_candidates(response: Json) -> str:
    candidate = _only(response["candidates"])
    _check_rest(candidate, ("content", "finishReason", "safetyRatings", "avgLogprobs", "citationMetadata"))
    _check_end(candidate.get("finishReason") if isinstance(candidate, dict) else None)
    content = candidate.get("content") if isinstance(candidate, dict) else None
    if not isinstance(content, dict):
        raise NotConvertible("the answer has no content")
    return gemini.text_of_parts(content.get("parts"))


def _of_output(response: Json) -> str:
    """Converse answers with an object that has a message, OpenAI's responses with a list of items."""
    output = response["output"]
    if isinstance(output, dict):
        _check_rest(output, ("message",))
        return _said(output.get("message"))
    said = [item for item in output if isinstance(item, dict) and item.get("type", "message") == "message"]
    others = [str(item.get("type")) for item in output if item not in said and isinstance(item, dict)]
    if any(kind != "reasoning" for kind in others) or any(_has_summary(item) for item in output):
        raise NotConvertible(f"{quoted(others[0][:40])} would be lost")
    return _said(_only(said))


def _has_summary(item: Any) -> bool:
    return isinstance(item, dict) and item.get("type") == "reasoning" and bool(item.get("summary"))


def _of_content(response: Json) -> str:
    return _said({"content": response["content"]})


def _of_results(response: Json) -> str:
    result = _only(response["results"])
    _check_rest(result, ("outputText", "completionReason", "tokenCount"))
    if not isinstance(result, dict) or not isinstance(result.get("outputText"), str):
        raise NotConvertible("the answer has no text")
    _check_end(result.get("completionReason"))
    return str(result["outputText"])


def _of_messages(response: Json) -> str:
    return _said(_only(response["messages"]))


_READERS: tuple[tuple[str, Callable[[Any], str]], ...] = (
    ("choices", _of_choices),
    ("candidates", _of_candidates),
    ("output", _of_output),
    ("content", _of_content),
    ("results", _of_results),
    ("message", lambda response: _said(response["message"])),
    ("messages", _of_messages),
)
"""How an answer is read, by the key that it stands under: OpenAI, Gemini, Converse and Responses, Claude, Titan."""

LOGGED_CALL = Format("logged-call", "a log of calls to a model", is_call, _read)
