"""What a process remembers is bounded: nothing in it grows by person, channel or thing for as long as it lives."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.lately import Lately

ROOT = Path(__file__).resolve().parents[2]
SHORT_LIVED = (
    "bot/cli",
    "bot/datasets",
    "bot/derivations",
    "bot/distillations",
    "bot/doctor",
    "bot/playground",
)
"""Where everything is of one file, one command or one demo."""
EMPTY = {"dict", "set", "list", "deque", "OrderedDict", "defaultdict", "Counter"}

FEW = "one each for regions, buckets, services, methods, bases or settings"
REQUEST = "lives as long as one request or one turn"
ENDS = "has what is in hand; each goes when it ends"
CAPPED = "has a cap of its own, in the same module"
TOLD = "what cannot be read, and is told: as many as there are damaged things"
BOUNDED = {
    "bot/account/sooner.py: _at": FEW,
    "bot/account/sooner.py: _known": FEW,
    "bot/adapters/aws_clients.py: _clients": FEW,
    "bot/adapters/service_quotas.py: _denied": FEW,
    "bot/adapters/service_quotas.py: _read": FEW,
    "bot/adapters/shared_reads.py: _next": ENDS,
    "bot/adapters/shared_reads.py: _turns": ENDS,
    "bot/adapters/shared_reads.py: _wanted": ENDS,
    "bot/adapters/slack_channel_memberships.py: _quiet": FEW,
    "bot/adapters/worker_processes.py: _alive": ENDS,
    "bot/audit/chain.py: breaks": REQUEST,
    "bot/controller/damage.py: _known": TOLD,
    "bot/controller/damage.py: _mended": TOLD,
    "bot/controller/damage.py: _untold": TOLD,
    "bot/controller/lanes.py: _in_hand": ENDS,
    "bot/controller/outbox/storeless.py: _pending": ENDS,
    "bot/controller/outbox_entries.py: _read": REQUEST,
    "bot/controller/slots.py: _taken": ENDS,
    "bot/controller/slots.py: _waiting": ENDS,
    "bot/controller/wakeup.py: _moments": ENDS,
    "bot/jobs/events.py: _followed_batches": ENDS,
    "bot/jobs/nudges.py: _due": ENDS,
    "bot/jobs/nudges.py: _last": ENDS,
    "bot/directory/directory.py: _ahead": REQUEST,
    "bot/directory/directory.py: _made_by": REQUEST,
    "bot/directory/dataset_labels.py: _known": REQUEST,
    "bot/directory/directory.py: _sees_models": REQUEST,
    "bot/directory/further.py: _known": REQUEST,
    "bot/directory/directory.py: _shared": REQUEST,
    "bot/faults.py: _open": CAPPED,
    "bot/jobs/recent_runs.py: _read": FEW,
    "bot/lately.py: _values": CAPPED,
    "bot/listening.py: _begun": ENDS,
    "bot/listening.py: _in_hand": ENDS,
    "bot/listening.py: _queue": ENDS,
    "bot/logs.py: _ends": CAPPED,
    "bot/logs.py: _told": "those of the register, which has a cap",
    "bot/questions/reconciler/streaming.py: _closed": REQUEST,
    "bot/questions/reconciler/streaming.py: _done": REQUEST,
    "bot/readiness.py: _faults": FEW,
    "bot/visibility.py: _inside": REQUEST,
    "bot/visibility.py: _places": REQUEST,
    "bot/wiring/base.py: _limiters": FEW,
    "storage/backup_ledger.py: _kept_back": FEW,
    "storage/backup_ledger.py: _months": FEW,
    "storage/s3_buckets.py: _checked": FEW,
}
"""Every attribute that begins empty and may grow, and why it does not for ever. By person or thing: ``Lately``."""


def test_the_one_that_was_put_longest_ago_is_forgotten() -> None:
    known: Lately[str, int] = Lately(3)
    for number, key in enumerate("abcad"):
        known.put(key, number)
    assert [known.get(key) for key in "abcd"] == [3, None, 2, 4]
    known.forget("a")
    known.forget("never")
    assert ("a" in known, "d" in known, len(known)) == (False, True, 2)


@pytest.mark.slow
def test_whatever_may_grow_in_a_process_says_why_it_does_not_for_ever() -> None:
    found = {
        f"{name}: {attribute}"
        for room in ("bot", "handlers", "storage")
        for path in (ROOT / room).rglob("*.py")
        if not (name := path.relative_to(ROOT).as_posix()).startswith(SHORT_LIVED)
        for attribute in _that_may_grow(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert sorted(found - BOUNDED.keys()) == [], "bound it (bot/lately.py), or say here what bounds it"
    assert sorted(BOUNDED.keys() - found) == []


def _that_may_grow(module: ast.Module) -> Iterator[str]:
    """Yield the attributes of ``self`` that are made empty."""
    for node in ast.walk(module):
        targets: list[ast.expr] = []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        elif isinstance(node, ast.Assign):
            targets = node.targets[:1]
        for target in targets:
            assert isinstance(node, (ast.AnnAssign, ast.Assign))
            if (
                isinstance(target, ast.Attribute)
                and ast.unparse(target.value) == "self"
                and node.value
                and _is_empty(node.value)
            ):
                yield target.attr


def _is_empty(value: ast.expr) -> bool:
    if isinstance(value, ast.Dict):
        return not value.keys
    if isinstance(value, ast.List):
        return not value.elts
    if not isinstance(value, ast.Call):
        return False
    made = ast.unparse(value.func).partition("[")[0]
    begins_with = [each for each in value.args if not isinstance(each, (ast.Constant, ast.Lambda))]
    return made in EMPTY and (made == "defaultdict" or not begins_with)
