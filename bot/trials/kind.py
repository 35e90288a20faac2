"""The durable kind of trials."""

from bot.controller.kind import Called, Kind, Lane
from bot.controller.outbox.effects import OUTBOX
from bot.spending.reservation import SPENDING
from bot.trials.model import SCHEMA
from bot.trials.reconciler import ASK_BASE, TrialReconciler

KINDS = (
    Kind(
        schema=SCHEMA,
        build=TrialReconciler,
        called=Called("trial of a prompt", "trials of prompts"),
        wanted="the prompt tried on rows that were held out",
        done="fetch the rows, reserve the price, ask the base row by row, count, tell it",
        effects=(*OUTBOX, ASK_BASE, *SPENDING),
        when_given_up="Ask for it again when that is mended.",
        is_waited_for=True,
        lane=Lane.ANSWERS,
        shared_by=("channel",),
    ),
)
