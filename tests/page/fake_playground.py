"""A small playground that speaks PROTOCOL.md: a test scripts it, and reads what the page asked of it."""

import functools
import itertools
import json
import mimetypes
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from tests.page import cards

Json = dict[str, Any]
PAGE = Path(__file__).parents[2] / "bot" / "playground" / "page"


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps connections open: the page is some fifty files

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        pass


@dataclass
class FakePlayground:
    """State, the log of calls, and a scripted answer for each call that needs one."""

    people: list[Json] = field(default_factory=cards.people)
    channels: list[Json] = field(default_factory=cards.channels)
    messages: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[str, Json] = field(default_factory=dict)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    bedrock: Json | None = field(default_factory=cards.bedrock)
    files: dict[str, tuple[Json, bytes]] = field(default_factory=dict)
    home: Json | None = None

    def __post_init__(self) -> None:
        self.changed = threading.Condition()
        self.events: list[Json] = []
        self.only: dict[int, str] = {}
        self.seq = 0
        self.generation = 0
        self.refusing_streams = False
        self._ts = itertools.count(1)
        self._start = int(time.time()) - 600
        self._server: BaseWSGIServer | None = None

    # What a test scripts

    def ts(self) -> str:
        """Return the next timestamp."""
        return f"{self._start}.{next(self._ts):06d}"

    def emit(self, kind: str, only: str | None = None, **data: Any) -> None:
        """Send an event, to one person or to everybody."""
        with self.changed:
            self.seq += 1
            self.events.append({"seq": self.seq, "type": kind, **data})
            if only:
                self.only[self.seq] = only
            self.changed.notify_all()

    def post(self, channel: str, user: str, text: str = "", **extra: Any) -> Json:
        """Put a message into a channel or thread and tell everybody."""
        message = {
            "type": "message",
            "ts": self.ts(),
            "user": user,
            "text": text,
            "ephemeral": False,
            **extra,
        }
        message.setdefault("streaming", False)
        if user == cards.BOT:
            message["bot_id"] = "B1"
        self.messages[channel].append(message)
        self.emit("message", channel=channel, message=message)
        parent = self.find(channel, message.get("thread_ts", ""))
        if parent:
            users = [*dict.fromkeys([*parent.get("reply_users", []), user])]
            self.change(
                channel,
                parent["ts"],
                reply_count=parent.get("reply_count", 0) + 1,
                reply_users=users,
                latest_reply=message["ts"],
            )
        return message

    def change(self, channel: str, ts: str, **changes: Any) -> None:
        """Edit a message and tell everybody."""
        message = self.find(channel, ts)
        assert message is not None
        message.update(changes)
        self.emit("message_changed", channel=channel, message=dict(message))

    def find(self, channel: str, ts: str) -> Json | None:
        """Return a message by its timestamp."""
        return next((message for message in self.messages[channel] if message["ts"] == ts), None)

    def asked(self, name: str) -> list[Json]:
        """Return the bodies of the calls of one name, oldest first."""
        return [body for called, body in list(self.calls) if called == name]

    def break_streams(self, *, refuse: bool = False) -> None:
        """End every open stream of events; ``refuse`` turns new ones away until it is called again."""
        with self.changed:
            self.generation += 1
            self.refusing_streams = refuse
            self.changed.notify_all()

    # The server

    def start(self) -> str:
        """Serve on a spare loopback port and return the address."""
        self._server = make_server("127.0.0.1", 0, self._app(), threaded=True, request_handler=_Quiet)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """Stop serving."""
        assert self._server is not None
        self.break_streams(refuse=True)
        self._server.shutdown()
        self._server.server_close()

    def _app(self) -> Flask:
        app = Flask(__name__, static_folder=None)
        app.add_url_rule("/", "index", lambda: _static("index.html"))
        app.add_url_rule("/archives/<path:_rest>", "archives", lambda _rest: _static("index.html"))
        app.add_url_rule("/playground/static/<path:name>", "static", _static)
        app.add_url_rule("/playground/state", "state", self._state)
        app.add_url_rule("/playground/history", "history", self._history)
        app.add_url_rule("/playground/replies", "replies", self._replies)
        app.add_url_rule("/playground/events", "events", self._events)
        app.add_url_rule("/playground/file/<file_id>", "file", self._file)
        app.add_url_rule("/playground/upload", "upload", self._upload, methods=["POST"])
        app.add_url_rule("/playground/bedrock", "read_bedrock", lambda: _ok(bedrock=self.bedrock))
        app.add_url_rule("/playground/<path:name>", "call", self._call, methods=["POST"])
        return app

    def _state(self) -> Response:
        return _ok(
            team={"id": "T1", "name": "Northwind Claims", "domain": "northwind"},
            me=request.args.get("as") or self.people[0]["id"],
            people=self.people,
            app={"id": "A1", "name": "Tunesmith", "bot_user_id": cards.BOT},
            channels=self.channels,
            commands=cards.COMMANDS,
            shortcuts=cards.SHORTCUTS,
            bedrock=self.bedrock,
            seq=self.seq,
        )

    def _visible(self, channel: str) -> list[Json]:
        me = request.args["as"]
        return [message for message in self.messages[channel] if message.get("to", me) == me]

    def _history(self) -> Response:
        messages = self._visible(request.args["channel"])
        return _ok(messages=[m for m in messages if m.get("thread_ts", m["ts"]) == m["ts"]])

    def _replies(self) -> Response:
        ts = request.args["ts"]
        return _ok(
            messages=[
                m for m in self._visible(request.args["channel"]) if ts in {m["ts"], m.get("thread_ts")}
            ]
        )

    def _events(self) -> Response | tuple[str, int]:
        if self.refusing_streams:
            return "not now", 503
        me, since = request.args["as"], int(request.args["since"])
        return Response(self._stream(me, since), mimetype="text/event-stream")

    def _stream(self, me: str, since: int) -> Iterator[str]:
        generation, known = self.generation, since
        yield ": hello\n\n"
        while (fresh := self._wait(known, generation)) is not None:
            known += len(fresh)
            lines = [json.dumps(event) for event in fresh if self.only.get(event["seq"], me) == me]
            yield "".join(f"data: {line}\n\n" for line in lines) or ": still here\n\n"

    def _wait(self, since: int, generation: int) -> list[Json] | None:
        """Return the events after one, or None when the streams of this generation are to end."""
        with self.changed:
            self.changed.wait_for(lambda: self.seq > since or self.generation != generation, timeout=15)
            return self.events[since:] if self.generation == generation else None

    def _file(self, file_id: str) -> Response:
        described, content = self.files[file_id]
        return Response(content, mimetype=described["mimetype"])

    def _upload(self) -> Response:
        uploads = request.files.getlist("file")
        self.calls.append(("upload", {**request.form, "names": [upload.filename for upload in uploads]}))
        stored = []
        for upload in uploads:
            content = upload.read()
            described: Json = {
                "id": f"F{len(self.files) + 1:04d}",
                "name": upload.filename,
                "size": len(content),
            }
            described |= {"title": upload.filename, "mimetype": upload.mimetype, "pretty_type": "Plain Text"}
            self.files[described["id"]] = (described, content)
            stored.append(described)
        if channel := request.form.get("channel"):
            extra = {"thread_ts": request.form["thread_ts"]} if request.form.get("thread_ts") else {}
            text = request.form.get("text", "")
            self.post(channel, request.form["as"], text, subtype="file_share", files=stored, **extra)
        return _ok(files=stored)

    def _call(self, name: str) -> Response:
        body: Json = request.get_json()
        self.calls.append((name, body))
        if name in self.answers:
            return jsonify({"ok": True, **self.answers[name]})
        if name == "message" and not body["text"].startswith("/"):
            extra = {"thread_ts": body["thread_ts"]} if "thread_ts" in body else {}
            self.post(body["channel"], body["as"], body["text"], **extra)
        if name == "bedrock" and self.bedrock is not None:
            self._drive(body)
            return _ok(bedrock=self.bedrock)
        answers: dict[str, Json] = {"home": {"view": self.home}, "dm": {"channel": "D2"}}
        return _ok(**answers.get(name, {}))

    def _drive(self, change: Json) -> None:
        assert self.bedrock is not None
        self.bedrock |= {key: change[key] for key in ("speed", "paused", "lifecycle") if key in change}
        if "fault" in change:
            self.bedrock["faults"].append(change["fault"])
        if "clear_faults" in change:
            self.bedrock["faults"] = []


@functools.cache
def _content(name: str) -> tuple[bytes, str]:
    return (PAGE / name).read_bytes(), mimetypes.guess_type(name)[0] or "text/plain"


def _static(name: str) -> Response:
    content, mimetype = _content(name)
    return Response(content, mimetype=mimetype)


def _ok(**data: Any) -> Response:
    return jsonify({"ok": True, **data})
