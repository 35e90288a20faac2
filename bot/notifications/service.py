"""What people want to be told, and when: following a job, muting it, quiet hours."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.clock import Clock
from bot.controller.documents import dump, load
from bot.controller.model import Document, Key
from bot.controller.ports import Wishes
from bot.errors import Refused
from bot.jobs.cards import JobView
from bot.jobs.record import KIND, JobSpec
from bot.jobs.service import JobDesk
from bot.jobs.transitions import ENDED
from bot.notifications.model import Quiet, Reader
from bot.notifications.ports import Readers

Change = Callable[[JobSpec], JobSpec]

MOST_FOLLOWERS = 50
"""People who may follow one job: each is written to when it ends."""


class ReaderDesk:
    """Writes wishes down. Every method may raise ``Unavailable`` when the store does not answer."""

    def __init__(self, store: Wishes, jobs: JobDesk, readers: Readers, clock: Clock) -> None:
        self._store = store
        self._jobs = jobs
        self._readers = readers
        self._clock = clock

    def follow(self, name_or_id: str, user: str) -> JobView:
        """Have the person told directly how the job ends. Repeating it changes nothing; it takes a mute back.

        Raises:
            NotFound: there is no such job; the hint has the nearest name.
            Refused: it is over, or too many follow it.
        """
        view = self._running(name_or_id)

        def change(spec: JobSpec) -> JobSpec:
            others = tuple(each for each in spec.followers if each != user)
            if len(others) >= MOST_FOLLOWERS:
                raise Refused(
                    f"{MOST_FOLLOWERS} people follow this job already.", hint="Its channel is told, too."
                )
            muted = tuple(each for each in spec.muted if each != user)
            return replace(spec, followers=(*others, user), muted=muted)

        self._amend(view, change)
        return view

    def mute(self, name_or_id: str, user: str) -> JobView:
        """Have the person pinged by the job no more; the channel is told all the same.

        Raises:
            NotFound: there is no such job; the hint has the nearest name.
            Refused: it is over.
        """
        view = self._running(name_or_id)

        def change(spec: JobSpec) -> JobSpec:
            followers = tuple(each for each in spec.followers if each != user)
            others = tuple(each for each in spec.muted if each != user)
            return replace(spec, followers=followers, muted=(*others, user))

        self._amend(view, change)
        return view

    def quiet(self, user: str) -> Quiet | None:
        """Return the person's quiet hours, or None when they have none."""
        reader = self._readers.get(user)
        return reader.quiet if reader else None

    def set_quiet(self, user: str, quiet: Quiet | None) -> None:
        """Keep the person's quiet hours, in their own time zone; None takes them away.

        Raises:
            Refused: these are no hours of a day.
        """
        if quiet and (quiet.begins == quiet.ends or not {quiet.begins, quiet.ends} <= set(range(24))):
            raise Refused(
                "Quiet hours begin and end at two different hours of the day.",
                hint="Write them as `22-7`, in whole hours from 0 to 23.",
            )
        self._readers.save(Reader(user, quiet, self._clock.now()))

    def _running(self, name_or_id: str) -> JobView:
        view = self._jobs.find(name_or_id)
        if view.phase in ENDED:
            raise Refused(
                f"`{view.name}` is {view.phase.value} already.", hint="`/tune status` shows how it ended."
            )
        return view

    def _amend(self, view: JobView, change: Change) -> None:
        def amended(document: dict[str, Any]) -> Document:
            return dump(change(load(JobSpec, document)))

        self._store.amend(Key(KIND, view.id), amended)
