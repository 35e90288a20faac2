"""A bot with a defect put into it on purpose, as proof that a journey and its checker see it: one of these at a time.

``python -m benchmarks.chaos --planted`` has each of them go through the journey of what is served by the hour.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.controller.context import Context
from bot.controller.model import Registration
from bot.directory.aliasing import AliasService
from bot.leases.model import LEASE, LEASE_SCHEMA
from bot.leases.reconciler import swapping
from bot.questions.kept import KeptSpec
from bot.questions.reconciler.keeping import KeptReconciler
from bot.schedules.context import ScheduleContext
from bot.schedules.reconciler import ScheduleReconciler
from bot.strays.reconciler import StrayReconciler
from tests.chaos.harness import zygote

PLANTED = "PLANTED_DEFECT"
"""The variable that names the defect."""


def _alias_stays() -> None:
    """*Back* is answered as if it had been done, and is not."""

    def back(self: AliasService, name: str, *_: object, **__: object) -> object:
        return self.find(name)

    AliasService.back = back  # type: ignore[assignment,method-assign]


def _hours_go_on() -> None:
    """Once they are stopped, office hours buy one lease more."""
    real = ScheduleReconciler._over

    def over(self: ScheduleReconciler, it: ScheduleContext, end: Any) -> None:
        store = self._dependencies.store
        for each in store.of_kind(LEASE):
            spec = LEASE_SCHEMA.spec_of(each)
            if each.key.id in it.status.leases:
                plan = replace(spec.plan, request="once more", endpoint_name="once-more")
                store.register(LEASE_SCHEMA.wanted(plan.id, replace(spec, plan=plan)))
        real(self, it, end)

    ScheduleReconciler._over = over  # type: ignore[method-assign]


def _kept_is_asked_twice() -> None:
    """What was kept is asked twice once the model is awake."""
    real = KeptReconciler._again

    def again(self: KeptReconciler, spec: KeptSpec, end: Any, at: Any) -> list[Registration]:
        more = replace(spec, question=replace(spec.question, id=f"{spec.question.id}x"))
        found = real(self, spec, end, at)
        return found + (real(self, more, end, at) if found else [])

    KeptReconciler._again = again  # type: ignore[method-assign]


def _deletes_another() -> None:
    """Whoever has one thing deleted that others made has all of them deleted."""
    real = StrayReconciler._delete

    def delete(self: StrayReconciler, context: Context[Any, Any], removal: Any) -> float | None:
        for each in context.status.strays:
            self._dependencies.endpoints.delete(each.region, each.serving, each.arn)
        return real(self, context, removal)

    StrayReconciler._delete = delete  # type: ignore[method-assign]


def _swap_is_never_asked() -> None:
    """A newer model is said to be on its way, and AWS is never told."""

    def reconcile(*_: object) -> None:
        return None

    swapping.SwappingLease.reconcile = reconcile  # type: ignore[assignment, method-assign]


DEFECTS: Mapping[str, Callable[[], None]] = {
    "an alias that is rolled back stays": _alias_stays,
    "office hours that are stopped go on": _hours_go_on,
    "a kept question is asked twice": _kept_is_asked_twice,
    "a stray is deleted that nobody wanted deleted": _deletes_another,
    "a newer model never takes its place": _swap_is_never_asked,
}

if __name__ == "__main__":
    DEFECTS[os.environ[PLANTED]]()
    zygote.serve()
