"""Questions to a model in service, streamed, on Amazon Bedrock's runtime (ConverseStream)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from urllib3.exceptions import HTTPError

from bot.adapters.asking_errors import asking
from bot.adapters.aws_clients import AwsClients
from bot.errors import Unavailable
from bot.metrics import vendor_error
from bot.questions.answerer import Answerer, Ending, Turn, Usage

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime.type_defs import ConverseStreamRequestTypeDef

OPERATION = "ConverseStream"


class BedrockRuntime:
    """``bot.questions.ports.Inference`` on Amazon Bedrock."""

    def __init__(self, clients: AwsClients) -> None:
        self._clients = clients

    def stream(self, answerer: Answerer, turns: Sequence[Turn]) -> Iterator[str | Ending]:
        """Yield the answer piece by piece, and its ending. The call is made here; the stream ends with the iterator."""
        request = _request(answerer, turns)
        with asking(OPERATION, answerer):
            reply = self._clients.runtime(answerer.region).converse_stream(**request)
        return _pieces(reply["stream"], answerer)


def _request(answerer: Answerer, turns: Sequence[Turn]) -> "ConverseStreamRequestTypeDef":
    request: ConverseStreamRequestTypeDef = {
        "modelId": answerer.endpoint_arn,
        "messages": [{"role": turn.role, "content": [{"text": turn.text}]} for turn in turns],
        "inferenceConfig": {"maxTokens": answerer.max_tokens},
    }
    if answerer.temperature is not None:
        request["inferenceConfig"]["temperature"] = answerer.temperature
    if answerer.stop:
        request["inferenceConfig"]["stopSequences"] = list(answerer.stop)
    # botocore refuses a block with an empty text, and Bedrock one of blanks.
    if answerer.system_prompt and answerer.system_prompt.strip():
        request["system"] = [{"text": answerer.system_prompt}]
    return request


def _pieces(stream: Any, answerer: Answerer) -> Iterator[str | Ending]:
    """Yield the text of a stream, and how it ended: ``messageStop`` says why, ``metadata`` after it what was billed.

    Raises:
        Unavailable: it broke off before its end, or Bedrock put an error into it.
    """
    stop_reason: str | None = None
    usage: Usage | None = None
    try:
        with asking(OPERATION, answerer):
            for event in _events(stream):
                text = event.get("contentBlockDelta", {}).get("delta", {}).get("text")
                if text:
                    yield text
                if "messageStop" in event:
                    stop_reason = str(event["messageStop"].get("stopReason", ""))
                usage = _usage(event) or usage
    # While an event stream is read urllib3's errors come as they are: botocore wraps those of calls only.
    except (HTTPError, OSError) as error:
        raise vendor_error("aws", _broken(f"{type(error).__name__}: {error}")) from error
    finally:
        stream.close()
    # A connection that is closed early looks like the end of the stream.
    if stop_reason is None:
        raise vendor_error("aws", _broken("The stream ended without messageStop."))
    yield Ending(stop_reason, usage)


def _usage(event: Mapping[str, Any]) -> Usage | None:
    usage = event.get("metadata", {}).get("usage")
    return Usage(int(usage["inputTokens"]), int(usage["outputTokens"])) if usage else None


def _events(stream: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    yield from stream


def _broken(detail: str) -> Unavailable:
    return Unavailable("The answer broke off.", hint="Ask again.", detail=detail)
