"""Work on stored datasets, as handlers ask for it: a validation set, another base's format, two versions compared."""

from dataclasses import replace

from bot.controller.model import Registration
from bot.datasets.model import Dataset, Role
from bot.derivations.conversion import check_convertible
from bot.derivations.model import (
    SCHEMA,
    ConversionParameters,
    DerivationSpec,
    NoParameters,
    Operation,
    Parameters,
    SplitParameters,
    dump,
    key_of,
)
from bot.derivations.splitting.split import DEFAULT_SEED, DEFAULT_SHARE, check_share
from bot.directory.service import Service
from bot.errors import Refused
from bot.profiles import registry
from bot.wording import quoted


class DerivationService(Service):
    """Takes requests; the result comes in Slack. Nothing is waited for here.

    What is asked for in one place (a thread, or with ``asked_in`` a command) is done once, so that a repeated delivery
    or a second press changes nothing; again only when the attempt before has failed. Every method returns whether this
    request began it, and may raise ``Unavailable``: nothing was written down then, or ``Refused``: what comes of it
    would be read by people who may not see the dataset. Whether the person may see its content is asked again when it
    is fetched.
    """

    def split(
        self,
        dataset: Dataset,
        *,
        channel: str,
        thread_ts: str | None,
        user: str,
        share: float = DEFAULT_SHARE,
        seed: int = DEFAULT_SEED,
        near: bool = True,
        asked_in: str = "",
    ) -> bool:
        """Have the dataset split into training and validation; both are kept and shared.

        Raises:
            Refused: it is no training set, the share is none that can be used, or its base takes no validation set.
        """
        if dataset.report.role is not Role.TRAINING:
            raise Refused(
                f"{quoted(dataset.name)} is a validation set already.",
                hint="Split the training set that it belongs to.",
            )
        check_share(share, registry.get(dataset.report.profile))
        params = SplitParameters(share, seed, near=near)
        return self._asked(Operation.SPLIT, (dataset,), params, channel, thread_ts, user, asked_in)[0]

    def convert(
        self,
        dataset: Dataset,
        profile: str,
        *,
        channel: str,
        thread_ts: str | None,
        user: str,
        asked_in: str = "",
    ) -> bool:
        """Have the dataset converted to the format of another base model, and judged for that one.

        Raises:
            NotFound: there is no such base model.
            Refused: the dataset is in that base's format already.
        """
        began, _ = self.conversion(
            dataset, profile, channel=channel, thread_ts=thread_ts, user=user, asked_in=asked_in
        )
        return began

    def conversion(
        self,
        dataset: Dataset,
        profile: str,
        *,
        channel: str,
        thread_ts: str | None,
        user: str,
        asked_in: str = "",
    ) -> tuple[bool, str]:
        """Do as ``convert``, and return beside it the ID of what does it, for what is to follow."""
        target = registry.get(profile)
        check_convertible(target, dataset.report.format, dataset.report.profile)
        params = ConversionParameters(target.name)
        return self._asked(Operation.CONVERT, (dataset,), params, channel, thread_ts, user, asked_in)

    def compare(
        self,
        before: Dataset,
        after: Dataset,
        *,
        channel: str,
        thread_ts: str | None,
        user: str,
        asked_in: str = "",
    ) -> bool:
        """Have two versions compared: what the later one has added, removed and changed.

        Raises:
            Refused: they are one and the same.
        """
        if before.id == after.id:
            raise Refused(
                f"Both are version {quoted(before.id)} of {quoted(before.name)}.",
                hint="`/tune dataset NAME` lists the versions of a name.",
            )
        return self._asked(
            Operation.COMPARE, (before, after), NoParameters(), channel, thread_ts, user, asked_in
        )[0]

    def _asked(
        self,
        operation: Operation,
        datasets: tuple[Dataset, ...],
        params: Parameters,
        channel: str,
        thread_ts: str | None,
        user: str,
        asked_in: str,
    ) -> tuple[bool, str]:
        """Return whether this request began it, and the ID of the attempt that counts."""
        for each in datasets:
            self._directory.check_dataset(each, channel)
        ids, names = tuple(each.id for each in datasets), tuple(each.name for each in datasets)
        wanted = DerivationSpec(
            operation, ids, params, channel, thread_ts, user, asked_in, self._clock.now(), names
        )

        tried = ""

        def attempt(number: int) -> Registration:
            nonlocal tried
            spec = replace(wanted, asked_in=f"{asked_in} attempt {number}".strip())
            tried = key_of(spec).id
            return Registration(key_of(spec), dump(spec))

        began = self._begin(attempt, SCHEMA, hint="Send the file again, or ask the operator.")
        return began, tried
