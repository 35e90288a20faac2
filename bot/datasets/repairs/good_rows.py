"""The fast path, built from what the checks and the safe repairs declare: no list of rules stands beside theirs."""

from functools import partial

from bot.datasets.fast import FastPath
from bot.datasets.records import Json, read
from bot.datasets.repairs import registry
from bot.datasets.repairs.row import RowRepair
from bot.datasets.rules.check import Check
from bot.datasets.rules.checks import checks_for
from bot.profiles.model import Profile


def fast_path(profile: Profile) -> FastPath:
    """Return the fast path for a base. What declares nothing is run on every row that has the right shape."""
    checks, repairs = checks_for(profile), registry.ROW_REPAIRS
    declared = [
        *(way for check in checks for way in check.cleared_by),
        *(way for repair in repairs for way in repair.cleared_by),
    ]
    run = [
        *(partial(_finds, check, profile) for check in checks if not check.cleared_by),
        *(partial(_changes, repair, profile) for repair in repairs if not repair.cleared_by),
    ]
    return FastPath(profile, declared, run)


def _finds(check: Check, profile: Profile, value: Json) -> bool:
    record = read(0, value, profile.record_format)
    return any(True for _ in check.find(record, profile))


def _changes(repair: RowRepair, profile: Profile, value: Json) -> bool:
    return repair.fix(value, profile) is not None
