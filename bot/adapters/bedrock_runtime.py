"""Questions to a model in service, streamed, on Amazon Bedrock's runtime (ConverseStream)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from urllib3.exceptions import HTTPError

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import translated
from bot.asking.model import Answerer, Turn
from bot.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime.type_defs import ConverseStreamRequestTypeDef

OPERATION = "ConverseStream"


class BedrockRuntime:
    """``bot.asking.ports.Inference`` on Amazon Bedrock."""

    def __init__(self, clients: AwsClients) -> None:
        self._clients = clients

    def stream(self, answerer: Answerer, turns: Sequence[Turn]) -> Iterator[str]:
        """Yield the answer piece by piece. The call is made here; the stream is closed when the iterator is."""
        request = _request(answerer, turns)
        try:
            with translated(OPERATION):
                reply = self._clients.runtime(answerer.region).converse_stream(**request)
        except NotFound as error:
            raise NotFound(
                f"`{answerer.model_name}` is not in service any more.",
                hint=f"Wake it with `/tune serve {answerer.model_name}`.",
                detail=error.detail,
            ) from error
        return _pieces(reply["stream"])


def _request(answerer: Answerer, turns: Sequence[Turn]) -> "ConverseStreamRequestTypeDef":
    request: ConverseStreamRequestTypeDef = {
        "modelId": answerer.endpoint_arn,
        "messages": [{"role": turn.role, "content": [{"text": turn.text}]} for turn in turns],
        "inferenceConfig": {"maxTokens": answerer.max_tokens},
    }
    if answerer.system_prompt:
        request["system"] = [{"text": answerer.system_prompt}]
    return request


def _pieces(stream: Any) -> Iterator[str]:
    """Yield the text of a stream.

    Raises:
        Unavailable: it broke off before its end, or Bedrock put an error into it.
    """
    ended = False
    try:
        with translated(OPERATION):
            for event in _events(stream):
                text = event.get("contentBlockDelta", {}).get("delta", {}).get("text")
                if text:
                    yield text
                ended = ended or "messageStop" in event
    except (HTTPError, OSError) as error:
        raise _broken(f"{type(error).__name__}: {error}") from error
    finally:
        stream.close()
    if not ended:
        raise _broken("The stream ended without messageStop.")


def _events(stream: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    yield from stream


def _broken(detail: str) -> Unavailable:
    return Unavailable("The answer broke off.", hint="Ask again.", detail=detail)
