"""The one way out: replies become calls to Slack, and a call that fails is logged, never raised."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from http.client import HTTPException
from ssl import SSLContext
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot import tracing
from bot.controller.details import keep_details
from bot.controller.model import Message
from bot.controller.ports import Details
from bot.errors import TunesmithError
from bot.listening import waiting
from bot.tracing import SpanKind
from handlers.core import Invocation, Nothing, Open, Publish, Redraw, Reply, Say, Suggest, say
from handlers.ui.blocks import modal
from handlers.ui.folding import unfolded

log = logging.getLogger(__name__)

Webhook = Callable[[str, Mapping[str, Any]], None]
"""Sends a body to a response_url; raises when Slack does not take it."""

TIMEOUT_SECONDS = 5


def send_to_response_url(url: str, body: Mapping[str, Any], trusted: SSLContext | None = None) -> None:
    """Send ``body`` once, without the SDK's retries, which say things twice.

    ``trusted`` is whom we trust, where that is not urllib's to know.

    Raises:
        OSError: no connection, or Slack refused it (used up after five times or thirty minutes).
    """
    # By its name alone: whoever has the address may post there.
    attributes = {"rpc.system.name": "slack", "rpc.method": "response_url"}
    with waiting(), tracing.span("response_url", SpanKind.CLIENT, attributes):
        client = WebhookClient(url, timeout=TIMEOUT_SECONDS, retry_handlers=[], ssl=trusted)
        answer = client.send_dict(dict(body))
    if answer.status_code != 200 or _is_refusal(answer.body):
        raise OSError(f"response_url answered {answer.status_code}: {answer.body[:200]}")


def _is_refusal(body: str) -> bool:
    """Whether Slack refused it in the words of its Web API, whose refusals come with a status of 200, too."""
    try:
        told = json.loads(body)
    except ValueError:  # `ok`
        return False
    return isinstance(told, dict) and told.get("ok") is False


class ReplySender:
    """Says replies through one workspace's client."""

    def __init__(
        self,
        client: WebClient,
        details: Details,
        webhook: Webhook | None = None,
        outward: Callable[[Any], Any] = lambda said: said,
    ) -> None:
        """``outward`` exchanges channels' IDs (``bot.moved_channels``) in what does not leave by the client."""
        self._client = client
        self._details = details
        self._outward = outward
        self._webhook = webhook or partial(send_to_response_url, trusted=client.ssl)

    def deliver(self, invocation: Invocation, reply: Reply) -> None:
        """Say it in the best way that is left. Never raises."""
        try:
            self._deliver(invocation, reply)
        except (SlackClientError, OSError, HTTPException) as error:
            log.warning("could not answer request %s: %s", invocation.request, _told(error))
        except Exception:
            log.warning("could not answer request %s", invocation.request, exc_info=True)

    def outward(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the body of an answer with channels as Slack calls them now; as it is, where Slack does not say."""
        try:
            exchanged: dict[str, Any] = self._outward(body)
        except TunesmithError as error:
            log.info("an answer names channels as they are known here: %s", error.sentence)
            return body
        return exchanged

    def _deliver(self, invocation: Invocation, reply: Reply) -> None:
        match reply:
            case Nothing(spent):
                self._show_spent(invocation, spent)
            case Open(view):
                self._open(invocation, view)
            case Redraw(view_id, hash_, view):
                self._client.views_update(view_id=view_id, hash=hash_, view=view)
            case Publish(view):
                self._client.views_publish(user_id=invocation.user, view=view)
            case Suggest(prompts):
                self._suggest(invocation, prompts)
            case Say():
                self._say(invocation, reply)
                self._show_spent(invocation, reply.spent)

    def _show_spent(self, invocation: Invocation, spent: Message | None) -> None:
        # Slack updates no ephemeral message: its response_url has replaced it, where that was wanted.
        if spent and invocation.message_ts and not invocation.ephemeral:
            self._client.chat_update(
                channel=invocation.channel, ts=invocation.message_ts, **_arguments(spent)
            )

    def _open(self, invocation: Invocation, view: dict[str, Any]) -> None:
        try:
            self._client.views_open(trigger_id=invocation.trigger_id, view=view)
        except SlackApiError as error:
            if error.response.get("error") not in {"expired_trigger_id", "exchanged_trigger_id"}:
                raise
            late = say("That took too long for Slack to open the form. Please try it once more.")
            self._say(replace(invocation, trigger_id=""), late)

    def _suggest(self, invocation: Invocation, prompts: tuple[tuple[str, str], ...]) -> None:
        # Without thread_ts: Slack ignores prompts for an agent's thread in silence.
        offered = [{"title": title, "message": message} for title, message in prompts]
        body = {"channel_id": invocation.channel, "prompts": offered}
        self._client.api_call("assistant.threads.setSuggestedPrompts", json=body)

    def _say(self, invocation: Invocation, reply: Say) -> None:
        self._keep(invocation.channel if reply.public else invocation.user, reply)
        if _is_for_a_thread(invocation, reply) and self._is_whispered(invocation, reply):
            return
        if invocation.response_url:
            try:
                self._webhook(invocation.response_url, self.outward(_body(invocation, reply)))
            except Exception as error:  # noqa: BLE001 -- used up, unreachable, or no address at all
                log.info("response_url of request %s is no use (%r)", invocation.request, error)
            else:
                return
        self._say_without_url(invocation, reply)

    def _is_whispered(self, invocation: Invocation, reply: Say) -> bool:
        """Show it to the person in the thread; return False where Slack does not take it there."""
        return _is_taken(invocation, "in its thread", lambda: self._whisper(invocation, reply))

    def _whisper(self, invocation: Invocation, reply: Say) -> None:
        self._client.chat_postEphemeral(
            channel=invocation.channel,
            user=invocation.user,
            thread_ts=invocation.thread_ts,
            **_arguments(reply.message),
        )

    def _is_shown(self, invocation: Invocation, reply: Say) -> bool:
        """Show it above the App Home, which is in no channel; return False where no view opens any more."""
        if not invocation.trigger_id:
            return False
        view = modal("notice", "Tunesmith", unfolded(reply.message))
        return _is_taken(
            invocation,
            "in a view",
            lambda: self._client.views_open(trigger_id=invocation.trigger_id, view=view),
        )

    def _keep(self, place: str, reply: Say) -> None:
        """Keep what the message holds back, for whoever sees it. Without it the message is said all the same."""
        try:
            keep_details(self._details, place, reply.message, briefly=not reply.public)
        except TunesmithError as error:
            log.warning("the details of an answer could not be kept: %s", error.sentence)

    def _say_without_url(self, invocation: Invocation, reply: Say) -> None:
        message = _arguments(reply.message)
        thread = invocation.thread_ts
        if not invocation.channel and self._is_shown(invocation, reply):
            return
        if not invocation.channel:
            posted = self._client.chat_postMessage(channel=invocation.user, unfurl_links=False, **message)
            self._keep(str(posted.get("channel", "")), reply)
        elif reply.public:
            self._client.chat_postMessage(
                channel=invocation.channel, unfurl_links=False, thread_ts=thread, **message
            )
        else:
            self._whisper(invocation, reply)


def _is_for_a_thread(invocation: Invocation, reply: Say) -> bool:
    """Whether one person is to see it in the thread of what they pressed, beside that.

    What goes to a response_url stands in a thread only where all see it: "to publish a message to a specific thread,
    you'll need to include an attribute response_type and set its value to in_channel"
    (docs.slack.dev/interactivity/handling-user-interaction). So does what is said of the message that begins a thread,
    which is pressed in its channel.
    """
    is_within = invocation.thread_ts is not None and invocation.thread_ts != invocation.message_ts
    replaces = reply.replace and invocation.ephemeral
    return bool(invocation.channel and invocation.response_url and is_within) and not (
        reply.public or replaces
    )


def _is_taken(invocation: Invocation, where: str, call: Callable[[], object]) -> bool:
    """Return whether Slack takes an answer there; where it does not, another way is left."""
    try:
        call()
    except (SlackClientError, OSError, HTTPException) as error:
        log.info("request %s is not answered %s: %s", invocation.request, where, _told(error))
        return False
    return True


def _told(error: Exception) -> str:
    """Return what went wrong in one line."""
    words = str(error.response.get("error") or error) if isinstance(error, SlackApiError) else str(error)
    return f"{type(error).__name__}: {words[:200]}"


def _arguments(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": list(message.blocks)}


def _body(invocation: Invocation, reply: Say) -> dict[str, Any]:
    body: dict[str, Any] = _arguments(reply.message) | {
        "response_type": "in_channel" if reply.public else "ephemeral",
        "replace_original": reply.replace and invocation.ephemeral,
    }
    return body | ({"thread_ts": invocation.thread_ts} if invocation.thread_ts else {})
