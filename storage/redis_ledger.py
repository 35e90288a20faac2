"""The ledger on Redis: entries, and sums by month and scope that the scripts keep in step with them."""

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any

from redis import Redis

from bot.audit.decisions import BOT, Decision
from bot.controller.damage import Damage
from bot.controller.schema import UNREADABLE, why
from bot.log_context import current
from bot.spending.budgets import Budget, Over, as_raised
from bot.spending.ledger import ANOTHER_AFTER, Answered, Entry, EntryState, SpendingKind, Tokens
from storage import scripts
from storage.keys import KEEP_LEDGER, SCHEMA, Keys
from storage.redis_audit import NoAudit, RedisAudit
from storage.redis_errors import ATTEMPTS, too_many, translated

# Whole numbers, since the scripts add them up: Lua counts in doubles, and a sum of cents would drift off its entries.
MILLIONTHS = 1_000_000


class RedisLedger:
    """A ``Ledger`` on Redis."""

    def __init__(
        self,
        client: Redis,
        keys: Keys | None = None,
        damage: Damage | None = None,
        audit: RedisAudit | None = None,
    ) -> None:
        self._audit = audit or NoAudit()
        self._damage = damage or Damage()
        self._redis = client
        self._keys = keys or Keys()
        self._reserve = client.register_script(scripts.text("ledger_reserve"))
        self._correct = client.register_script(scripts.text("ledger_correct"))
        self._raise = client.register_script(scripts.text("raise_budget"))
        self._close = client.register_script(scripts.text("ledger_close"))

    def reserve(self, entries: Sequence[Entry], budgets: Sequence[Budget]) -> list[Over]:
        """Reserve all the entries, or none; return the budgets that they do not fit into."""
        caps = {each.scope: each for each in budgets}
        another = f"{ANOTHER_AFTER.total_seconds():.0f}"
        arguments: list[str] = [self._keys.spent, str(KEEP_LEDGER), another, str(len(caps))]
        for budget in caps.values():
            # A cap is rounded down and what counts in it up: nobody goes over by a fraction.
            arguments += [budget.scope, str(int(budget.usd * MILLIONTHS)), str(budget.usd)]
        for entry in entries:
            arguments += _fields(entry)
        with translated():
            over = self._reserve(keys=[self._keys.spending(each.id) for each in entries], args=arguments)
        return [
            Over(as_raised(caps[scope], _usd(cap)), month, _usd(used), _usd(needs) if needs else None)
            for scope, month, used, needs, cap in over
        ]

    def correct(self, entry: Entry) -> int | None:
        """Put a reserved entry to what is written down; return the later edition that it is reserved for, if any."""
        with translated():
            later = self._correct(
                keys=[self._keys.spending(entry.id)],
                args=[self._keys.spent, str(KEEP_LEDGER), *_fields(entry)],
            )
        return int(later) or None

    def settle(self, entry: Entry, usd: Decimal | None) -> None:
        """Write what the spending cost, once."""
        known = ["", ""] if usd is None else [str(usd), _millionths(usd)]
        self._closed(entry, EntryState.SETTLED, known)

    def free(self, entry: Entry) -> None:
        """Write that nothing was spent, once."""
        self._closed(entry, EntryState.FREED, ["", "0"])

    def used(self, month: str) -> Mapping[str, Decimal]:
        """Return what counts in each scope in a month."""
        with translated():
            sums = self._redis.hgetall(self._keys.spent_in(month, "sums"))
        return {str(scope): _usd(str(counted)) for scope, counted in sums.items()}

    def entries(self, month: str) -> list[Entry]:
        """Return what was spent or is reserved in the month, the latest first."""
        with translated():
            ids = [str(each) for each in self._redis.zrevrange(self._keys.spent_in(month, "entries"), 0, -1)]
            # No transaction, as in `get.lua`: a server that is full refuses MULTI, and reading must still work then.
            with self._redis.pipeline(transaction=False) as reads:
                for each in ids:
                    reads.hgetall(self._keys.spending(each))
                found = reads.execute() if ids else []
        read = (self._read(entry_id, kept) for entry_id, kept in zip(ids, found, strict=True))
        return [entry for entry in read if entry is not None]

    def answered(self, months: Sequence[str]) -> list[Answered]:
        """Return what was answered in these months, by month, person, channel and model."""
        with translated(), self._redis.pipeline(transaction=False) as reads:
            for month in months:
                reads.hgetall(self._keys.spent_in(month, "answers"))
            found = reads.execute() if months else []
        return [each for kept in found for each in _answered(kept)]

    def raise_budget(self, month: str, budget: Budget, usd: Decimal) -> None:
        """Have the budget be so much in that month, unless it is more already."""
        place = self._keys.spent_in(month, "raised")
        # Under what the operator had set then: a budget that is set anew begins without what the old one
        # was raised to.
        member = f"{budget.scope} {budget.usd}"
        arguments = [member, str(int(usd * MILLIONTHS)), str(KEEP_LEDGER)]
        person, channel = current().get("person", BOT), current().get("channel", "")
        decided = Decision(
            "raised", "budget", budget.scope, actor=person, channel=channel, result=f"to ${usd} in {month}"
        )
        for _ in range(ATTEMPTS):
            record = self._audit.record([decided])
            with translated():
                raised = self._raise(keys=[place], args=[*arguments, record])
            if int(raised):
                return
        raise too_many()

    def raised(self, month: str) -> Mapping[tuple[str, Decimal], Decimal]:
        """Return what budgets were raised to in a month, by scope and by what the operator had set then."""
        with translated():
            found: Any = self._redis.zrange(self._keys.spent_in(month, "raised"), 0, -1, withscores=True)
        raised: dict[tuple[str, Decimal], Decimal] = {}
        for member, millionths in found:
            scope, set_to = str(member).split(" ")
            raised[scope, Decimal(set_to)] = _usd(str(int(millionths)))
        return raised

    def told(self, month: str) -> AbstractSet[str]:
        """Return what was noted to be told of the month's budgets."""
        with translated():
            return {str(each) for each in self._redis.smembers(self._keys.spent_in(month, "told"))}

    def note_told(self, month: str, what: Sequence[str]) -> None:
        """Note what was told."""
        place = self._keys.spent_in(month, "told")
        with translated(), self._redis.pipeline(transaction=True) as writes:
            writes.sadd(place, *what)
            writes.expire(place, KEEP_LEDGER)
            writes.execute()

    def _read(self, entry_id: str, kept: Mapping[str, str]) -> Entry | None:
        """Return the entry, or None for what is gone or cannot be read, which is reported."""
        if not kept:
            return None
        try:
            return _entry(entry_id, kept)
        except (*UNREADABLE, ArithmeticError) as wrong:
            self._damage.report("ledger", entry_id, why(wrong))
            return None

    def _closed(self, entry: Entry, state: EntryState, known: list[str]) -> None:
        with translated():
            self._close(
                keys=[self._keys.spending(entry.id)],
                args=[
                    self._keys.spent,
                    str(KEEP_LEDGER),
                    state.value,
                    *known,
                    *_fields(entry),
                    *_answer(entry),
                ],
            )


def _fields(entry: Entry) -> list[str]:
    """Return what the scripts take of an entry, in their order."""
    told = {"kind": entry.kind.value, "model": entry.model, "base": entry.base, "dataset": entry.dataset}
    return [
        entry.id,
        entry.month,
        entry.owner,
        entry.channel,
        # The first three, all, owner and channel, are added by the scripts themselves.
        " ".join(entry.shared),
        "" if entry.committed is None else str(entry.committed),
        _millionths(entry.committed or Decimal(0)),
        repr(entry.at.timestamp()),
        json.dumps(told, ensure_ascii=False, separators=(",", ":")),
        str(entry.edition),
    ]


def _answer(entry: Entry) -> list[str]:
    """Return what is counted of an answer, as the script that closes an entry takes it."""
    if entry.kind is not SpendingKind.QUESTION:
        return ["", "", "", ""]
    tokens = ["", ""] if entry.tokens is None else [str(entry.tokens.put_in), str(entry.tokens.given_out)]
    who = f"{entry.owner} {entry.channel} {entry.base} {entry.model}"
    return [who, *tokens, "1" if entry.of_base else ""]


def _answered(kept: Mapping[str, str]) -> list[Answered]:
    """Return the rows of a month. A number that a later version adds is passed over."""
    rows: dict[str, dict[str, str]] = {}
    for field, value in kept.items():
        what, _, who = field.partition(" ")
        rows.setdefault(who, {})[what] = value
    return [_row(who, row) for who, row in rows.items()]


def _row(who: str, row: Mapping[str, str]) -> Answered:
    owner, channel, base, model = who.split(" ", 3)
    return Answered(
        owner=owner,
        channel=channel,
        model=model,
        base=base,
        last=datetime.fromtimestamp(float(row["last"]), UTC),
        answers=int(row.get("answers", 0)),
        tokens_in=int(row.get("tokens_in", 0)),
        tokens_out=int(row.get("tokens_out", 0)),
        usd=_usd(row.get("usd", "0")),
        of_base=_usd(row.get("of_base", "0")),
        unpriced=int(row.get("unpriced", 0)),
    )


def _entry(entry_id: str, kept: Mapping[str, str]) -> Entry:
    if kept["v"] != str(SCHEMA):
        raise ValueError(f"it is of version {kept['v']:.20}, and I know {SCHEMA}")
    told = json.loads(kept["doc"])
    return Entry(
        id=entry_id,
        kind=SpendingKind(told["kind"]),
        owner=kept["owner"],
        channel=kept["channel"],
        model=told["model"],
        base=told["base"],
        dataset=told["dataset"],
        at=datetime.fromtimestamp(float(kept["at"]), UTC),
        committed=Decimal(kept["committed"]) if kept["committed"] else None,
        actual=Decimal(kept["actual"]) if kept["actual"] else None,
        state=EntryState(kept["state"]),
        others=tuple(kept.get("others", "").split()),
        edition=int(kept.get("edition", 0)),
        tokens=Tokens(int(kept["tokens_in"]), int(kept["tokens_out"])) if kept.get("tokens_in") else None,
        of_base=bool(kept.get("of_base")),
    )


def _millionths(usd: Decimal) -> str:
    return str(int((usd * MILLIONTHS).to_integral_value(ROUND_CEILING)))


def _usd(millionths: str) -> Decimal:
    return Decimal(millionths) / MILLIONTHS
