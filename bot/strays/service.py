"""Strays, as those who answer for the account ask for them: a look, a deletion that can be taken back, an adoption."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from bot.access import Access
from bot.clock import Clock, duration
from bot.controller.ports import SpecWriter
from bot.deployments.model import KIND as DEPLOYMENT
from bot.deployments.model import Foreign as ForeignDeployment
from bot.deployments.service import DeploymentService
from bot.directory.directory import Directory
from bot.errors import NotFound, Refused
from bot.leases.adoption import Foreign
from bot.leases.model import LEASE, RELEASE
from bot.leases.service import LeaseService
from bot.models.model import CustomModel
from bot.pricing.book import PriceBook
from bot.profiles.model import Serving
from bot.spending import undo
from bot.strays.cards import StrayList, StrayRow
from bot.strays.looking import arns_of
from bot.strays.model import (
    FRESH,
    KIND,
    SCHEMA,
    Removal,
    Stray,
    StraySpec,
    StrayStatus,
    id_of,
    registration,
    removal_of,
    settled_as,
    wishes_of,
)
from bot.strays.views import dearest_first, row_of
from bot.wording import Person, quoted, wording


@dataclass(frozen=True, slots=True)
class ToBeDeleted:
    """What is deleted in a moment: seconds for which that can be taken back."""

    row: StrayRow
    ends_in: float


class StrayService:
    """What is wanted of strays, by a viewer who answers for the account. Writes it down; never waits for AWS."""

    def __init__(
        self,
        store: SpecWriter,
        directory: Directory,
        access: Access,
        clock: Clock,
        prices: PriceBook,
        regions: Collection[str],
        leases: LeaseService,
        deployments: DeploymentService,
    ) -> None:
        self._store = store
        self._directory = directory
        self._access = access
        self._clock = clock
        self._prices = prices
        self._regions = tuple(regions)
        self._leases = leases
        self._deployments = deployments

    # Looking

    def look(self) -> bool:
        """Have every region looked at, unless that was done just now; return whether anything is newly looked at.

        Raises:
            NotAllowed: the viewer does not answer for the account.
        """
        self._check()
        now, begun = self._clock.now(), False
        for region in self._regions:
            at = self._status(region).at
            if at is None or now - at > FRESH:
                self._amend(region, lambda spec: replace(spec, asked_at=now))
                begun = True
        return begun

    def found(self) -> StrayList:
        """Return what the last look saw, the dearest first.

        Raises:
            NotAllowed: the viewer does not answer for the account.
        """
        self._check()
        held, rows, looked, trouble = self._held(), [], [], ""
        for region in self._regions:
            status = self._status(region)
            rows += [self._row(region, each) for each in status.strays if each.arn not in held]
            looked += [status.at] if status.at else []
            trouble = trouble or status.trouble
        rows.sort(key=dearest_first)
        return StrayList(tuple(rows), min(looked) if len(looked) == len(self._regions) else None, trouble)

    def find(self, region: str, stray_id: str) -> StrayRow:
        """Return one that the last look saw.

        Raises:
            NotAllowed: the viewer does not answer for the account.
            NotFound: it is not there any more, or looked after by now.
        """
        self._check()
        strays = self._status(region).strays if region in self._regions else ()
        stray = next((each for each in strays if each.id == stray_id and each.arn not in self._held()), None)
        if stray is None:
            raise NotFound(
                "That is not there any more, or it is a lease or a deployment by now.",
                hint="`/tune models elsewhere` shows what there is.",
            )
        return self._row(region, stray)

    # Deleting

    def delete(self, region: str, stray_id: str) -> ToBeDeleted:
        """Have one deleted in a moment, which can be taken back until then. Repeating it is harmless.

        Raises:
            NotAllowed: the viewer does not answer for the account.
            NotFound: it is not there any more, or looked after by now.
            Refused: it was bought for a term, or somebody else asked for it before.
        """
        row = self.find(region, stray_id)
        stray, arn = row.stray, row.stray.arn
        if stray.committed_until and stray.committed_until > self._clock.now():
            raise Refused(
                f"{quoted(stray.name)} was bought for a term, before whose end AWS lets nobody delete it.",
                hint=f"The term ends in {duration(stray.committed_until - (stray.seen_at or self._clock.now()))}.",
            )
        by, at = self._directory.viewer.user, self._store.now()
        wish = undo.wished(by, self._clock.now(), at)
        removal = Removal(arn, stray.name, stray.serving)
        settled = self._status(region).settled

        def change(spec: StraySpec) -> StraySpec:
            there = removal_of(spec, arn)
            if there and there.wish and settled_as(there) in settled:  # one before it came to nothing
                spec = wishes_of(removal).put(spec, None)
            return undo.ask(spec, wishes_of(removal), wish, lambda now: _wanted_before(now, arn))

        changed = self._amend(region, change)
        wanted = removal_of(changed, arn)
        return ToBeDeleted(row, undo.left(wanted.wish if wanted else None, at))

    def keep(self, region: str, stray_id: str) -> str:
        """Take back that one is to be deleted, as long as that can be; return its name.

        Raises:
            NotAllowed: the viewer does not answer for the account.
            NotFound: nobody has wanted it deleted.
            Refused: that came too late, or somebody kept it before.
        """
        self._check()
        resource = self._directory.unmanaged(KIND, region)
        wanted = SCHEMA.spec_of(resource).removals if resource else ()
        removal = next((each for each in wanted if id_of(each.arn) == stray_id), None)
        if removal is None:
            raise NotFound("Nobody has wanted that deleted.", hint="There is nothing to take back.")
        by, at, now = self._directory.viewer.user, self._clock.now(), self._store.now()
        self._amend(region, lambda spec: undo.keep(spec, wishes_of(removal), by, at, now))
        return removal.name

    # Adopting

    def adopt(self, region: str, stray_id: str, *, minutes: int, channel: str, request: str) -> StrayRow:
        """Have throughput offered as a lease of so many minutes, or a deployment looked after as one of ours.

        A lease is agreed to as any other, by its card; a deployment costs nothing while idle, and is taken over at
        once. ``minutes`` say nothing of one.

        Raises:
            NotAllowed: the viewer does not answer for the account, or may not spend here.
            NotFound: it is not there any more, or looked after by now.
            Refused: it cannot be adopted, not here, or not for so long; or somebody has it deleted.
        """
        row, user = self.find(region, stray_id), self._directory.viewer.user
        stray, arn = row.stray, row.stray.arn
        if not row.may_be_adopted:
            raise _not_adopted(stray)
        self._check_stays(region, arn)
        known = self._model_of(stray)
        if known:
            self._directory.check_answers(known, channel)
        if stray.serving is Serving.PROVISIONED_THROUGHPUT:
            self._leases.adopt(
                Foreign(arn, stray.name, region, stray.model_arn, stray.units),
                minutes=minutes,
                owner=user,
                channel=channel,
                request=request,
                model_name=known.name if known else "",
            )
        else:
            self._deployments.adopt(
                ForeignDeployment(arn, stray.name, region, stray.model_arn),
                owner=user,
                channel=channel,
                request=request,
                model_name=known.name if known else "",
            )
        return row

    # How

    def _check(self) -> None:
        self._access.check_answers_for_account(self._directory.viewer.user)

    def _row(self, region: str, stray: Stray) -> StrayRow:
        resource = self._directory.unmanaged(KIND, region)
        removal = removal_of(SCHEMA.spec_of(resource), stray.arn) if resource else None
        wish = removal.wish if removal else None
        known = self._model_of(stray)
        return replace(
            row_of(stray, self._prices),
            model=known.name if known else "",
            is_undoable=undo.left(wish, self._store.now()) > 0,
            remover=wish.by if wish else "",
        )

    def _check_stays(self, region: str, arn: str) -> None:
        """Return when nobody has it deleted: what is offered for a lease would be gone by then.

        One that is asked for right after this is settled by whoever deletes, who looks what it is by then.
        """
        resource = self._directory.unmanaged(KIND, region)
        there = removal_of(SCHEMA.spec_of(resource), arn) if resource else None
        if there is None or there.wish is None or settled_as(there) in self._status(region).settled:
            return
        can_be_kept = undo.left(there.wish, self._store.now()) > 0
        raise Refused(
            wording(Person(there.wish.by), " has it deleted."),
            hint="Press *Keep* first, as long as that is there; then adopt it." if can_be_kept else "",
        )

    def _model_of(self, stray: Stray) -> CustomModel | None:
        """Return its model, if that is known here and the viewer sees it. An unseen one is called as the stray is."""
        return next((each for each in self._directory.models() if each.arn == stray.model_arn), None)

    def _held(self) -> set[str]:
        """Return the ARNs of what is looked after by now: a look may be of before that."""
        see = self._directory
        return set(arns_of(see.for_rules(LEASE), see.for_rules(RELEASE), see.for_rules(DEPLOYMENT)))

    def _status(self, region: str) -> StrayStatus:
        resource = self._directory.unmanaged(KIND, region)
        return SCHEMA.status_of(resource) if resource else StrayStatus()

    def _amend(self, region: str, change: Callable[[StraySpec], StraySpec]) -> StraySpec:
        wanted = registration(region)
        self._store.register(wanted)
        changed = self._store.amend(wanted.key, SCHEMA.on_documents(change))
        assert changed is not None, "it stands"
        return SCHEMA.spec_of(changed)


def _wanted_before(spec: StraySpec, arn: str) -> Refused:
    there = removal_of(spec, arn)
    assert there is not None, "somebody wanted it deleted"
    assert there.wish is not None, "somebody wanted it deleted"
    return Refused(wording(Person(there.wish.by), " has it deleted already."))


def _not_adopted(stray: Stray) -> Refused:
    name = quoted(stray.name)
    if stray.bot:
        return Refused(
            f"{name} belongs to another Tunesmith bot.",
            hint="Its people can release it there; it can be deleted here.",
        )
    if stray.committed_until:
        return Refused(f"{name} was bought for a term, which a lease cannot end.")
    if not stray.is_ready:
        return Refused(f"{name} cannot be asked now.", hint="Look again later, or delete it.")
    return Refused(f"{name} serves a base model that I have no profile of.", hint="It can be deleted.")
