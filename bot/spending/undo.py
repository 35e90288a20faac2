"""Taking back what ends something: for ten seconds a wish is only written down, and *Keep* takes it back.

==========================  ===========================================================================================
When                        Then, whatever it would end: a lease, a job, a distillation, a plan, a model
==========================  ===========================================================================================
somebody wishes it          it is written into the spec with the time from which it is carried out, by the store's clock
that time has come          its reconciler writes into the same spec that it is taken, and carries it out from then on
somebody presses *Keep*     it is taken out of the spec, unless it is taken, or its time has come
they press too late         told: who had asked for it, or who kept it before
everything dies meanwhile   whoever claims it next finds its time over: it is carried out
==========================  ===========================================================================================

Taking and keeping change the same spec, so that one of them is first: what is carried out was kept by nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from bot.controller.context import Context
from bot.controller.effects import Effect, passing
from bot.controller.model import Key
from bot.controller.ports import ResourceStore
from bot.controller.schema import Schema
from bot.errors import Refused
from bot.spending.model import Request
from bot.wording import Person, wording

SECONDS = 10.0
"""How long it can be taken back."""

TAKE = Effect(
    "take-wish",
    "writing down that a wish is carried out, so that nobody takes it back any more",
    "a wish that is taken: the next claim carries it out",
)

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Kept:
    """Who took back what ``asked_by`` had asked for."""

    by: str
    asked_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Wishes(Generic[S]):
    """Where a kind's spec has its wish, and who kept it last."""

    wish: Callable[[S], Request | None]
    put: Callable[[S, Request | None], S]
    """Returns the spec with that wish, or with none."""
    kept: Callable[[S], Kept | None]
    note: Callable[[S, Kept], S]
    """Returns the spec with a note of who kept it."""


def wished(by: str, at: datetime, store_now: float) -> Request:
    """Return a wish that can be taken back for a while; ``store_now`` is the store's time."""
    return Request(by, at, store_now + SECONDS)


def ask(spec: S, wishes: Wishes[S], wish: Request, taken_by_another: Callable[[S], Refused]) -> S:
    """Return the spec with that wish. Who asked for it may ask again, which changes nothing.

    Raises:
        Refused: as ``taken_by_another`` says it: somebody else asked before.
    """
    there = wishes.wish(spec)
    if there is None:
        return wishes.put(spec, wish)
    if there.by != wish.by:
        raise taken_by_another(spec)
    return spec


def left(wish: Request | None, store_now: float) -> float:
    """Return for how many seconds a wish can still be taken back; 0 when it cannot, or there is none."""
    if wish is None or wish.is_final or wish.due is None:
        return 0.0
    remaining = wish.due - store_now
    # One that is further ahead was written before the store's clock was set back: nobody waits for that to come again.
    return remaining if 0 < remaining <= SECONDS else 0.0


def watch(context: Context[S, Any], store: ResourceStore, schema: Schema[S, Any], wishes: Wishes[S]) -> None:
    """Come back when a wish is to be carried out, and take it once that time has come.

    A change of the spec makes it due at once, so this turn goes on without it.
    """
    wish = wishes.wish(context.spec)
    if wish is None or wish.is_final:
        return
    remaining = left(wish, context.now())
    if remaining > 0:
        context.come_back_in(remaining)
    else:
        take(store, context.key, schema, wishes, context.now())


def take(store: ResourceStore, key: Key, schema: Schema[S, Any], wishes: Wishes[S], store_now: float) -> bool:
    """Write down that a wish is carried out, if its time has come; return whether it is."""

    def taken(spec: S) -> S:
        wish = wishes.wish(spec)
        if wish is None or wish.is_final or left(wish, store_now) > 0:
            return spec
        return wishes.put(spec, replace(wish, taken=True))

    with passing(TAKE):
        changed = store.amend(key, schema.on_documents(taken))
    wish = wishes.wish(schema.spec_of(changed)) if changed else None
    return wish is not None and wish.is_final


def keep(spec: S, wishes: Wishes[S], by: str, at: datetime, store_now: float) -> S:
    """Return the spec without its wish: it goes on as if nobody had asked.

    Raises:
        Refused: there is none; it was kept before, and by whom; or it is carried out, and who asked for it.
    """
    wish, kept = wishes.wish(spec), wishes.kept(spec)
    if wish is None:
        if kept is None:
            raise Refused("Nobody has asked to end this.", hint="There is nothing to take back.")
        if kept.by == by:
            return spec
        raise Refused(wording(Person(kept.by), " kept it already."), hint="It goes on.")
    if left(wish, store_now) <= 0:
        raise Refused(
            wording("That came too late: ", Person(wish.by), " asked for it, and it is carried out."),
            hint=f"What was asked for can be taken back for {SECONDS:.0f} seconds.",
        )
    return wishes.note(wishes.put(spec, None), Kept(by, wish.by, at))
