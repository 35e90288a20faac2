"""The safe repairs: each a named, pure transformation that needs no guess, with the rule that its output passes.

Repairs of a record are modules here, listed in ``registry.ROW_REPAIRS``; those of lines and of the file's bytes
are what reading does anyway, and ``repair`` only keeps or leaves them by name.
"""

from bot.datasets.repairs.fixing import repair
from bot.datasets.repairs.summary import RepairStep, RepairSummary

__all__ = ["RepairStep", "RepairSummary", "repair"]
