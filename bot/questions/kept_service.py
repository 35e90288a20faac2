"""Kept questions, as handlers ask for them."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.clock import Clock
from bot.controller.model import Resource
from bot.controller.ports import Renderer, SpecWriter
from bot.directory.directory import Directory
from bot.errors import NotAllowed, NotFound, Refused
from bot.notifications.reconciler import notification
from bot.questions.cards import WakeWanted
from bot.questions.kept import KEPT_FOR, KIND, SCHEMA, KeptEnd, KeptSpec, ModelState
from bot.questions.ports import Wakes
from bot.visibility import Origin
from bot.wording import Person, wording


@dataclass(frozen=True, slots=True)
class KeptView:
    """A question that is kept, as its asker sees it. ``thread_ts`` is where it was asked and is answered."""

    id: str
    text: str
    model: str
    until: datetime
    channel: str
    thread_ts: str
    is_over: bool


class KeptService:
    """What people want of their kept questions. Every method may raise ``Unavailable``."""

    def __init__(
        self, store: SpecWriter, directory: Directory, wakes: Wakes, renderer: Renderer, clock: Clock
    ) -> None:
        self._store = store
        self._directory = directory
        self._wakes = wakes
        self._renderer = renderer
        self._clock = clock

    def own(self) -> list[KeptView]:
        """Return the viewer's own that wait, the oldest first."""
        mine = [
            _view(each)
            for each in self._directory.resources(KIND, unfinished=True)
            if SCHEMA.spec_of(each).question.user == self._directory.viewer.user
        ]
        return [each for each in reversed(mine) if not each.is_over]

    def ask_to_wake(self, kept_id: str, by: str, link: str = "") -> str:
        """Have whoever may wake the model asked to, directly; return who that is. Repeating it asks nobody twice.

        ``link`` leads to the thread that it was asked in, which they see.

        Raises:
            NotFound: there is no such question.
            Refused: it is not kept any more, its model is on its way already, or nobody who may wake that sees the
                channel that it was asked in.
        """
        resource = self._resource(kept_id)
        spec = SCHEMA.spec_of(resource)
        if spec.forgotten or SCHEMA.status_of(resource).end is not None:
            raise Refused("I keep this question no longer.", hint="Ask it anew.")
        self._check_asleep(resource)
        if not spec.waker or not self._directory.is_seen_by(resource.key, spec.waker):
            raise Refused(
                "Nobody whom I know to wake it can read this.", hint="Ask your operator to have it woken."
            )
        price = self._wakes.price(spec.base)
        wanted = WakeWanted(kept_id, by, spec.model, spec.question.channel, price, link)
        message, now = self._renderer.render(wanted), self._clock.now()
        about, source = f"{KIND}:{kept_id}", Origin(spec.question.channel, spec.question.user)
        self._store.register(notification(about, "wake", spec.waker, message, now, seen_in=source))
        return spec.waker

    def place_of(self, kept_id: str, here: str) -> tuple[str, str | None]:
        """Return where the waking of a kept question's model is told: in its thread, where the viewer reads that.

        Raises:
            NotFound: there is no such question.
        """
        asked = SCHEMA.spec_of(self._resource(kept_id)).question
        sees = self._directory.sight.sees_channel(asked.channel, asked.user)
        return (asked.channel, asked.thread_ts) if sees else (here, None)

    def model_of(self, kept_id: str) -> str:
        """Return what the model of a kept question is called now, for whoever would have it woken.

        Raises:
            NotFound: there is no such question, or the viewer sees no such model.
            Refused: it is not kept any more.
        """
        resource = self._resource(kept_id)
        spec, end = SCHEMA.spec_of(resource), SCHEMA.status_of(resource).end
        if end is KeptEnd.ANSWERED:
            raise Refused(
                "That model is in service by now.",
                hint="Its answer is in the question's thread, or on its way there.",
            )
        if end is not None or spec.forgotten:  # nobody pays for a question that nobody waits for
            raise Refused(
                "I keep this question no longer, so nothing was woken for it.",
                hint=f"`/tune serve {spec.model}` wakes the model all the same.",
            )
        found = self._directory.stored_model(spec.model, spec.arn)
        if found is None:
            raise NotFound("That model is there no more.", hint="`/tune models` lists them.")
        return found.name

    def woken(self, kept_id: str, attempt: str) -> None:
        """Note that the model of a kept question is being woken by that attempt: whoever asked hears if it is lost."""
        resource = self._resource(kept_id)
        self._store.amend(resource.key, SCHEMA.on_documents(lambda spec: replace(spec, woken=attempt)))

    def base_answers_in(self, thread_ts: str) -> bool:
        """Return whether the base answers meanwhile in that thread, of the channel that the viewer acts in.

        Only what may still be kept is read, and not all that was kept within a week.
        """
        place, since = (self._directory.viewer.here, thread_ts), self._clock.now() - KEPT_FOR
        there = (SCHEMA.spec_of(each) for each in self._directory.resources(KIND, since=since.timestamp()))
        return any(each.based and (each.question.channel, each.question.thread_ts) == place for each in there)

    def forget(self, kept_id: str, by: str) -> KeptView:
        """Have a question not kept any more. Repeating it is harmless.

        Raises:
            NotFound: there is no such question.
            NotAllowed: somebody else asked it.
            Refused: it is being answered, or not kept any more.
        """
        resource = self._resource(kept_id)
        asker = SCHEMA.spec_of(resource).question.user
        if asker != by:
            raise NotAllowed(
                "Somebody else asked this.", hint=wording(Person(asker), " can have me forget it.")
            )
        if SCHEMA.status_of(resource).end not in (None, KeptEnd.FORGOTTEN):
            raise Refused("I keep it no longer.", hint="How it ended stands in its thread.")

        def change(spec: KeptSpec) -> KeptSpec:
            if spec.begun:
                raise Refused("The model is awake, and answers it just now.", hint="*Stop* ends its answer.")
            return replace(spec, forgotten=True)

        changed = self._store.amend(resource.key, SCHEMA.on_documents(change))
        if changed is None:
            raise _unknown()
        return _view(changed)

    def _check_asleep(self, resource: Resource) -> None:
        """Return when nothing wakes the model yet: its card is drawn anew once a minute, and may offer it till then.

        Raises:
            Refused: it is on its way, or an approver is asked.
        """
        wake = self._wakes.look(SCHEMA.spec_of(resource).arn, SCHEMA.status_of(resource).wake)
        if wake.state is ModelState.ASLEEP:
            return
        self._store.enqueue_now(resource.key)
        if wake.state is ModelState.ASKED:
            raise Refused("An approver is asked to have it woken.", hint="I answer here once it is awake.")
        if wake.state is ModelState.WAKING:
            raise Refused("It is being woken already.", hint="I answer here once it is awake.")
        raise Refused("It is awake by now.", hint="I answer here in a moment.")

    def _resource(self, kept_id: str) -> Resource:
        found = self._directory.resource(KIND, kept_id)
        if found is None:
            raise _unknown()
        return found


def _unknown() -> NotFound:
    return NotFound("I no longer have that question.", hint="Ask it anew: a question is kept for a day.")


def _view(resource: Resource) -> KeptView:
    spec, status = SCHEMA.spec_of(resource), SCHEMA.status_of(resource)
    return KeptView(
        id=resource.key.id,
        text=spec.question.text,
        model=spec.model,
        until=spec.until,
        channel=spec.question.channel,
        thread_ts=spec.question.thread_ts or "",
        is_over=spec.forgotten or status.end is not None,
    )
