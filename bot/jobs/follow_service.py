"""Following a job, and muting it."""

from collections.abc import Callable
from dataclasses import replace

from bot.controller.model import Key
from bot.controller.ports import SpecWriter
from bot.errors import Refused
from bot.jobs.cards import JobView
from bot.jobs.record import KIND, SCHEMA, JobSpec
from bot.jobs.service import JobService
from bot.jobs.transitions import ENDED

Change = Callable[[JobSpec], JobSpec]

MOST_FOLLOWERS = 50
"""People who may follow one job: each is written to when it ends."""


class FollowService:
    """Writes wishes down. Every method may raise ``Unavailable`` when the store does not answer."""

    def __init__(self, store: SpecWriter, jobs: JobService) -> None:
        self._store = store
        self._jobs = jobs

    def follow(self, name_or_id: str, user: str) -> JobView:
        """Have the person told directly how the job ends. Repeating it changes nothing; it takes a mute back.

        Raises:
            NotFound: there is no such job; the hint has the nearest name.
            Refused: it is over, or too many follow it.
        """
        view = self._running(name_or_id)

        def change(spec: JobSpec) -> JobSpec:
            # Counted without the one who asks: pressing again is never refused for being the fiftieth.
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

    def _running(self, name_or_id: str) -> JobView:
        view = self._jobs.find(name_or_id)
        if view.phase in ENDED:
            raise Refused(
                f"`{view.name}` is {view.phase.value} already.", hint="`/tune status` shows how it ended."
            )
        return view

    def _amend(self, view: JobView, change: Change) -> None:
        self._store.amend(Key(KIND, view.id), SCHEMA.on_documents(change))
