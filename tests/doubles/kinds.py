"""The kinds as tests of the engine need them: whatever their specs and statuses hold."""

from collections.abc import Mapping
from dataclasses import replace

from bot.controller.kind import AnyKind
from bot.controller.schema import Schema
from bot.kinds import KINDS

BARE: Mapping[str, AnyKind] = {
    name: replace(kind, schema=Schema(name, dict, dict, version=kind.schema.version))
    for name, kind in KINDS.items()
}
"""Every kind, with a spec and a status of any members."""
