"""Which model answers, over all ways in which models are served."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.access import Access, allowed
from bot.directory.directory import Directory
from bot.errors import NotFound, Refused
from bot.jobs.namesakes import model_of
from bot.models.model import Alias, CustomModel
from bot.models.ports import AnswerSettingsRepository
from bot.models.serving import Served, ServedState
from bot.names import bare
from bot.profiles import registry
from bot.questions.answerer import Answerer, Asleep, SeveralAwake, base_answerer
from bot.serving.ports import WayOfServing
from bot.visibility import is_direct
from bot.wording import Person, quoted, wording


class Resolver:
    """What answers, for one viewer.

    Args:
        directory: what the viewer may see.
        access: who may wake what sleeps.
        ways: how models are served.
        longest: the longest answer, in tokens.
        settings: how models answer, where somebody has set it.
    """

    def __init__(
        self,
        directory: Directory,
        access: Access,
        ways: Sequence[WayOfServing],
        longest: int,
        settings: AnswerSettingsRepository,
    ) -> None:
        self._directory = directory
        self._access = access
        self._ways = ways
        self._longest = longest
        self._settings = settings

    @property
    def is_unclear(self) -> bool:
        """Whether Slack did not say what the viewer may see, or says nothing of the kind just now."""
        return self._directory.sight.may_be_unclear

    def answerer(self, model: str | None, channel: str) -> Answerer:
        """Return what answers: the model named, or the channel's own.

        Without a name it is the model that was served last in the channel and is in service; else the only one in
        service that answers there. While none is, the one that is waking is meant, which is paid for already. What is
        raised is told in the channel: it names no model that does not answer there.

        Raises:
            NotFound: there is no such model, or none at all.
            Refused: it does not answer there; it is asleep, with how to wake it and what that costs; or a name has to
                be given.
        """
        every = (each for way in self._ways for each in way.served())
        served = sorted(every, key=lambda each: each.asked_at, reverse=True)
        if model:
            return self._named(model, channel, served)
        able = [
            (each, found)
            for each in served
            if each.state is ServedState.IN_SERVICE and (found := self._answering(each, channel))
        ]
        here = [each for each in able if each[0].channel == channel]
        chosen = here[:1] or (able if len({found.arn for _, found in able}) == 1 else [])
        if chosen:
            return self._answers(*chosen[0])
        raise self._nothing_awake(channel, [found.name for _, found in able], served)

    def base_of(self, model: str | None, channel: str) -> Answerer:
        """Return the base of the model named, or of the channel's own, with that model's system prompt.

        A base is asked on demand, whether the model is awake or not.

        Raises:
            NotFound, Refused: as ``answerer`` does, except for a model that is asleep.
        """
        found, _ = self._found(model or self._meant(channel), channel)
        base = registry.get(found.profile)
        asked = base_answerer(base, found.system_prompt, self._longest, called=found.name)
        return self._as_set(asked, found)

    def _meant(self, channel: str) -> str:
        """Return the channel's own model, awake or not."""
        try:
            return self.answerer(None, channel).model_name
        except Asleep as asleep:
            return asleep.model

    def _found(self, model: str, channel: str) -> tuple[CustomModel, Alias | None]:
        found, alias = self._directory.asked_model(bare(model))
        if found is None:
            found = self._directory.known_model(model, self._instead(channel), told_in=channel)
        if not self._directory.answers(found, channel):
            raise Refused(
                "The model that was meant does not answer here.",
                hint="Its owner can share it with this channel: `/tune share`.",
            )
        return found, alias

    def _instead(self, channel: str) -> Callable[[str], str]:
        """Return what says which job was meant by a name that is no model's; in a channel nothing does."""
        return (lambda wanted: model_of(wanted, self._directory)) if is_direct(channel) else lambda _: ""

    def _named(self, model: str, channel: str, served: Sequence[Served]) -> Answerer:
        found, alias = self._found(model, channel)
        own = [each for each in served if each.model_arn == found.arn]
        if awake := _in_service(own):
            answers = self._answers(awake, found)
            return replace(answers, alias=alias.name) if alias else answers
        if alias and (before := self._before(alias, channel, served)):
            return replace(before, alias=alias.name, awaits=found.name)
        raise self._asleep(found, own)

    def _before(self, alias: Alias, channel: str, served: Sequence[Served]) -> Answerer | None:
        """Return what an alias stood for before, when that is in service: it answers until the new one is."""
        for model in self._directory.aliases.stands_for(alias)[1:2]:
            awake = _in_service(each for each in served if each.model_arn == model.arn)
            if awake and self._directory.answers(model, channel):
                return self._answers(awake, model)
        return None

    def _answering(self, served: Served, channel: str) -> CustomModel | None:
        """Return the model of what is served when it answers in the channel."""
        found = self._directory.stored_model(served.model_name, served.model_arn)
        return found if found and self._directory.answers(found, channel) else None

    def _answers(self, served: Served, model: CustomModel) -> Answerer:
        assert served.endpoint_arn is not None, "what is in service was seen"
        dataset, dataset_id = self._directory.data_shown_in(model, self._directory.viewer.here)
        asked = Answerer(
            model_name=model.name,
            profile=model.profile,
            region=model.region,
            endpoint_arn=served.endpoint_arn,
            system_prompt=model.system_prompt,
            max_tokens=min(registry.get(model.profile).max_answer_tokens, self._longest),
            by_token=served.by_token,
            a_minute=served.a_minute,
            tokens_a_minute=served.tokens_a_minute,
            version=model.at_bedrock,
            made=model.created,
            dataset=dataset,
            dataset_id=dataset_id,
        )
        return self._as_set(asked, model)

    def _as_set(self, answerer: Answerer, model: CustomModel) -> Answerer:
        """Return what answers, as whoever owns the model has set it; its base answers the same way."""
        found = self._settings.of(model.arn)
        if found is None:
            return answerer
        prompt = model.system_prompt if found.system_prompt is None else found.system_prompt
        return replace(
            answerer,
            system_prompt=prompt,
            other_prompt=prompt != model.system_prompt,
            max_tokens=min(answerer.max_tokens, found.max_tokens or answerer.max_tokens),
            set_length=found.max_tokens is not None,
            temperature=found.temperature,
            stop=found.stop,
        )

    def _asleep(self, model: CustomModel, served: Sequence[Served]) -> Asleep:
        if any(each.model_arn == model.arn and each.state is ServedState.WAKING for each in served):
            return Asleep(
                f"{quoted(model.name)} is waking up.",
                hint="Ask again once it is in service: `/tune models` shows when it is.",
                model=model.name,
                base=model.profile,
                arn=model.arn,
            )
        waking = next(way for way in self._ways if way.is_for(model)).waking(model)
        command, waker = f"`{waking.command}`", self._waker(model)
        return Asleep(
            f"{quoted(model.name)} is asleep.",
            hint=wording("Ask ", waker, f" to wake it with {command}.")
            if waker
            else f"Wake it with {command}: {waking.price}.",
            model=model.name,
            base=model.profile,
            arn=model.arn,
            may_wake=not waker,
            waker=waker,
        )

    def _waker(self, model: CustomModel) -> Person | str:
        """Return who is to be asked to wake a model; empty where the viewer may do it."""
        if allowed(lambda: self._access.check_trainer(self._directory.viewer.user)):
            return ""
        return self._access.trainer_for(model.owner)

    def _nothing_awake(self, channel: str, awake: Sequence[str], served: Sequence[Served]) -> Refused:
        if awake:
            names = dict.fromkeys(awake)
            said = ", ".join(map(quoted, names))
            return SeveralAwake("Several models are in service.", names, hint=f"Say which: {said}.")
        known = [each for each in self._directory.models() if self._directory.answers(each, channel)]
        if not known:
            return NotFound(
                "There is no tuned model yet that answers here.",
                hint="`/tune start` makes one; the owner of another can share it: `/tune share`.",
            )
        waking = [
            (each.channel == channel, found)
            for each in served
            if each.state is ServedState.WAKING and (found := self._answering(each, channel))
        ]
        if waking:
            return self._asleep(max(waking, key=lambda each: each[0])[1], served)
        return self._asleep(next((each for each in known if each.channel == channel), known[0]), served)


def _in_service(served: Iterable[Served]) -> Served | None:
    """Return the first that is in service, or None."""
    return next((each for each in served if each.state is ServedState.IN_SERVICE), None)
