import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import EventStreamError
from urllib3.exceptions import ProtocolError

from bot.adapters.bedrock_runtime import BedrockRuntime
from bot.errors import Misconfigured, NotFound, Refused, Throttled, TunesmithError, Unavailable
from bot.questions.answerer import Answerer, Ending, Turn, Usage
from tests.adapters.aws import StubbedClients

ANSWERER = Answerer(
    model_name="claims-router",
    profile="claude-3-haiku",
    region="us-west-2",
    endpoint_arn="arn:aws:bedrock:us-west-2:123456789012:provisioned-model/abcdefabcdef",
    system_prompt="You route insurance claims.",
    max_tokens=4096,
)
TURNS = [Turn("user", "Who?"), Turn("assistant", "Desk 7."), Turn("user", "Sure?")]


class Stream:
    """What botocore gives for an event stream: events, then perhaps an error."""

    def __init__(self, *events: dict[str, Any], error: Exception | None = None) -> None:
        self._events = events
        self._error = error
        self.closed = False

    def __iter__(self) -> Iterator[dict[str, Any]]:
        yield from self._events
        if self._error:
            raise self._error

    def close(self) -> None:
        self.closed = True


def piece(text: str) -> dict[str, Any]:
    return {"contentBlockDelta": {"delta": {"text": text}, "contentBlockIndex": 0}}


START: dict[str, Any] = {"messageStart": {"role": "assistant"}}
STOP: dict[str, Any] = {"messageStop": {"stopReason": "end_turn"}}
USAGE: dict[str, Any] = {"metadata": {"usage": {"inputTokens": 1, "outputTokens": 2, "totalTokens": 3}}}


class StreamingClient:
    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.requests: list[dict[str, Any]] = []

    def converse_stream(self, **request: Any) -> dict[str, Any]:
        self.requests.append(request)
        return {"stream": self.stream}


class StreamingClients(StubbedClients):
    """The Stubber cannot answer with a stream, so here the client itself is stood in for."""

    def __init__(self, stream: Stream) -> None:
        super().__init__()
        self.client = StreamingClient(stream)

    def _client(self, service: str, region: str, config: Any) -> Any:
        return self.client


@pytest.mark.parametrize("prompt", [None, "", " \n\t"])
def test_a_system_prompt_in_which_nothing_stands_is_not_sent(prompt: str | None) -> None:
    """Bedrock refuses a text of blanks, wherever it stands."""
    clients = StreamingClients(Stream(START, STOP))
    list(BedrockRuntime(clients).stream(replace(ANSWERER, system_prompt=prompt), TURNS))
    assert "system" not in clients.client.requests[0]


def asked(stream: Stream) -> tuple[StreamingClients, Iterator[str | Ending]]:
    clients = StreamingClients(stream)
    return clients, BedrockRuntime(clients).stream(ANSWERER, TURNS)


def test_the_answer_comes_in_pieces() -> None:
    stream = Stream(START, piece("Yes"), piece(""), piece(", sure."), STOP, USAGE)
    clients, pieces = asked(stream)

    assert list(pieces) == ["Yes", ", sure.", Ending("end_turn", Usage(1, 2))]
    assert stream.closed
    assert clients.client.requests == [
        {
            "modelId": ANSWERER.endpoint_arn,
            "messages": [
                {"role": "user", "content": [{"text": "Who?"}]},
                {"role": "assistant", "content": [{"text": "Desk 7."}]},
                {"role": "user", "content": [{"text": "Sure?"}]},
            ],
            "inferenceConfig": {"maxTokens": 4096},
            "system": [{"text": "You route insurance claims."}],
        }
    ]


def test_what_was_set_for_a_model_is_asked_for() -> None:
    clients = StreamingClients(Stream(START, STOP))
    asked = replace(ANSWERER, temperature=0.0, stop=("END",), max_tokens=9)
    list(BedrockRuntime(clients).stream(asked, TURNS))
    assert clients.client.requests[0]["inferenceConfig"] == {
        "maxTokens": 9,
        "temperature": 0.0,
        "stopSequences": ["END"],
    }


def event_error(code: str) -> EventStreamError:
    return EventStreamError({"Error": {"Code": code, "Message": "words"}}, "ConverseStream")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (event_error("modelStreamErrorException"), Unavailable),
        (event_error("throttlingException"), Throttled),
        (event_error("validationException"), Refused),
        (ProtocolError("Connection broken"), Unavailable),
        (ConnectionResetError(), Unavailable),
    ],
)
def test_an_error_in_mid_stream_is_told_after_what_came(error: Exception, kind: type[TunesmithError]) -> None:
    stream = Stream(START, piece("Yes"), error=error)
    _, pieces = asked(stream)

    assert next(pieces) == "Yes"
    with pytest.raises(kind):
        next(pieces)
    assert stream.closed


def test_a_stream_that_just_ends_is_not_taken_for_a_whole_answer() -> None:
    _, pieces = asked(Stream(START, piece("Yes")))

    assert next(pieces) == "Yes"
    with pytest.raises(Unavailable, match="broke off"):
        next(pieces)


def test_giving_up_closes_the_stream() -> None:
    stream = Stream(START, piece("Yes"), piece("No"), STOP)
    _, pieces = asked(stream)
    next(pieces)

    with contextlib.closing(pieces):  # type: ignore[type-var]
        pass
    assert stream.closed


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ThrottlingException", Throttled),
        ("ModelNotReadyException", Unavailable),
        ("ModelTimeoutException", Unavailable),
        ("ServiceUnavailableException", Unavailable),
        ("AccessDeniedException", Misconfigured),
        ("ValidationException", Refused),
        ("ResourceNotFoundException", NotFound),
    ],
)
def test_a_refusal_is_told_in_our_words(code: str, kind: type[TunesmithError]) -> None:
    clients = StubbedClients()
    clients.refuse("bedrock-runtime", "converse_stream", code, "words")

    with pytest.raises(kind) as caught:
        BedrockRuntime(clients).stream(ANSWERER, TURNS)
    assert "words" in caught.value.detail
    if kind is NotFound:
        assert "/tune serve claims-router" in caught.value.hint
