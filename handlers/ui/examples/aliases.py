"""Aliases, alone and listed."""

from dataclasses import replace
from datetime import timedelta

from bot.directory.aliasing import AliasCard, AliasFellBack, AliasList, AliasRolledBack, Stood
from handlers.ui.example_values import APPROVER, CHANNEL, LONG_NAME, NOW, TRAINER
from handlers.ui.examples import Examples

SUPPORT = AliasCard(
    "support",
    CHANNEL,
    3,
    Stood("claims-v4", TRAINER, NOW),
    (Stood("claims-v4", TRAINER, NOW), Stood("claims-v3", APPROVER, NOW - timedelta(days=20))),
    before="claims-v3",
    others=("claims-v3", "claims-router"),
    may_change=True,
)
FIRST = replace(SUPPORT, name="triage", edition=1, now=SUPPORT.history[1], history=(), before="", others=())

EXAMPLES: Examples = {
    "alias": SUPPORT,
    "alias, the new one is asleep": replace(SUPPORT, asleep=True, before_answers=True, base="nova-micro"),
    "alias, both are asleep": replace(SUPPORT, asleep=True, base="claude-3-haiku"),
    "alias, asleep, for somebody who asks": replace(SUPPORT, asleep=True, others=(), may_change=False),
    "alias, for somebody who asks": replace(SUPPORT, others=(), may_change=False),
    "alias with a long name": replace(SUPPORT, name=LONG_NAME, now=Stood(LONG_NAME, TRAINER, NOW)),
    "aliases": AliasList(
        (SUPPORT, FIRST, *(replace(FIRST, name=f"triage-{number}") for number in range(2, 7)))
    ),
    "an alias's model does not answer there any more": AliasFellBack("support", "claims-v3"),
    "none of an alias's models answers there any more": AliasFellBack("support", ""),
    "an alias was rolled back from elsewhere": AliasRolledBack("support", "claims-v3", TRAINER),
    "no aliases": AliasList(()),
}
