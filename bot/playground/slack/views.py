"""Modals and App Homes: the stack of a person's open views, hashes, external IDs."""

import hashlib
import json

from bot.playground.slack import shapes
from bot.playground.slack.blocks import validate_view
from bot.playground.slack.errors import SlackError
from bot.playground.slack.messages import earlier_blocks, name_blocks
from bot.playground.slack.state import Json, View
from bot.playground.slack.workspace import Workspace

VIEW_BYTES = 250_000
"""Size of a view as JSON: error ``view_too_large`` of views.open."""
STACK = 3
"""Views that a person may have open on each other: docs.slack.dev/surfaces/modals."""


def check(body: Json, kind: str) -> None:
    """Refuse a view that Slack would not take.

    Raises:
        SlackError: ``view_too_large`` or ``invalid_arguments`` with the findings.
    """
    if len(json.dumps(body)) > VIEW_BYTES:
        raise SlackError("view_too_large")
    findings = validate_view(body)
    if not findings and body.get("type") != kind:
        message = (
            f"[ERROR] invalid view type `{body.get('type')}`, expected `{kind}` [json-pointer:/view/type]"
        )
        raise SlackError("invalid_arguments", messages=[message])
    if findings:
        messages = [finding.under("/view") for finding in findings]
        raise SlackError("invalid_arguments", messages=messages)


def stack(ws: Workspace, user_id: str) -> list[View]:
    """Return a person's open modals, the one on top last."""
    return [view for view in ws.store.views.values() if view.user == user_id and not view.closed]


def open_view(ws: Workspace, user_id: str, body: Json, *, push: bool) -> View:
    """Show a modal to a person, alone or on top of the one that they have open."""
    check(body, "modal")
    refuse_taken_external_id(ws, body, None)
    below = stack(ws, user_id)
    if push and not below:
        raise SlackError("not_found")
    if push and len(below) >= STACK:
        raise SlackError("push_limit_reached")
    if not push:
        for view in below:
            forget(ws, view)
    view_id = ws.store.next_id("V0")
    root, previous = (below[0].root, below[-1].id) if push else (view_id, None)
    view = View(id=view_id, user=user_id, body={}, hash="", root=root, previous=previous)
    set_body(ws, view, body)
    ws.store.views.put(view)
    ws.feed.add("view_pushed" if push else "view_opened", only=user_id, view=shapes.view(view))
    return view


def update_view(ws: Workspace, view: View, body: Json, expected_hash: str | None) -> None:
    """Replace what an open modal shows.

    Raises:
        SlackError: ``hash_conflict`` when it changed since the hash was read, and what ``check`` raises.
    """
    check(body, "modal")
    refuse_taken_external_id(ws, body, view)
    if expected_hash is not None and expected_hash != view.hash:
        raise SlackError("hash_conflict")
    set_body(ws, view, body)
    ws.store.views.put(view)
    ws.feed.add("view_updated", only=view.user, view=shapes.view(view))


def set_body(ws: Workspace, view: View, body: Json) -> None:
    """Give a view new content and with it a new hash."""
    before = view.body.get("blocks", [])
    view.body = body | {"blocks": name_blocks(ws, body["blocks"])}
    view.earlier = earlier_blocks(view.earlier, before, view.body["blocks"])
    digest = hashlib.sha256(json.dumps(view.body, sort_keys=True).encode()).hexdigest()[:8]
    # With the time in it, so that the same content again has another hash.
    view.hash = f"{ws.next_ts().split('.')[0]}.{digest}{ws.last_micros % 10_000:04d}"


def refuse_taken_external_id(ws: Workspace, body: Json, but: View | None) -> None:
    """Refuse an ``external_id`` that another open view has."""
    external_id = body.get("external_id")
    others = [*ws.store.views.values(), *ws.store.homes.values()]
    taken = any(
        view.body.get("external_id") == external_id and not view.closed and (but is None or view.id != but.id)
        for view in others
    )
    if external_id and taken:
        raise SlackError("duplicate_external_id")


def find(ws: Workspace, view_id: str | None, external_id: str | None) -> View:
    """Return the open modal of an ID or an external ID.

    Raises:
        SlackError: ``not_found``, also when it was closed.
    """
    for view in ws.store.views.values():
        named = view.id == view_id if view_id else view.body.get("external_id") == external_id
        if named and not view.closed:
            return view
    raise SlackError("not_found")


def forget(ws: Workspace, view: View) -> None:
    """Close one view without telling the app."""
    view.closed = True
    ws.store.views.put(view)
    ws.feed.add("view_closed", only=view.user, view_id=view.id)


def publish(ws: Workspace, user_id: str, body: Json, expected_hash: str | None) -> View:
    """Set a person's App Home."""
    check(body, "home")
    home = ws.store.homes.get(user_id)
    refuse_taken_external_id(ws, body, home)
    if home is not None and expected_hash is not None and expected_hash != home.hash:
        raise SlackError("hash_conflict")
    if home is None:
        view_id = ws.store.next_id("V0")
        home = View(id=view_id, user=user_id, body={}, hash="", root=view_id)
    set_body(ws, home, body)
    ws.store.homes.put(home)
    ws.feed.add("home", only=user_id, view=shapes.view(home))
    return home
