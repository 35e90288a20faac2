"""The button of a verdict whose errors can all be repaired."""

from handlers.core import Front, Invocation, Reply, Who, say
from handlers.presses import Action, Body


def _repair(invocation: Invocation, _body: Body, front: Front) -> Reply:
    began = front.services.uploads.repair(
        invocation.value,
        channel=invocation.channel,
        thread_ts=invocation.thread_ts or invocation.message_ts,
        user=invocation.user,
    )
    if began:
        return say("I am repairing it; the corrected copy and its verdict follow in the thread.")
    return say("That was pressed before: the corrected copy is in the thread, or comes there in a moment.")


ACTIONS = (Action("dataset.repair", Who.TRAINER, _repair),)
