"""The safe repairs: each a named, pure transformation that needs no guess, with the rule that its output passes.

Repairs of a record are modules here, each with its words and what clears good rows of it, and listed in
``registry.ROW_REPAIRS`` in the order in which they are applied: that list is all that has to know a new one. Those of
lines and of the file's bytes are what reading does anyway, and ``repair`` only keeps or leaves them by name.
"""

from bot.datasets.repairs.fixing import repair
from bot.datasets.repairs.summary import RepairStep, RepairSummary

__all__ = ["RepairStep", "RepairSummary", "repair"]
