"""Custom-model deployments and quotas in memory."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.clock import Clock
from bot.deployments.ports import DeploymentObservation
from bot.deployments.quotas import Quota
from bot.errors import NotFound, QuotaReached, Refused, Throttled, TunesmithError
from bot.models.versions import UpdateState
from tests.doubles.bedrock import ACCOUNT, Orders


@dataclass
class FakeDeployment:
    """A deployment as Bedrock keeps it."""

    region: str
    name: str
    arn: str
    model_arn: str
    token: str
    tags: dict[str, str]
    created: datetime
    state: str = "Creating"
    update: UpdateState | None = None
    update_to: str = ""
    failure: str = ""


class InMemoryDeployments(Orders):
    """A ``Deployments`` in memory. ``active``, ``fail``, ``updated`` move one; ``deleted`` keeps what was removed."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._numbers = itertools.count(1)
        self.there: dict[str, FakeDeployment] = {}
        self.made: list[str] = []
        """The names of all that were ever made, and ``updates`` the models of all changes."""
        self.updates: list[str] = []
        self.deleted: list[str] = []
        self.at_once = 2

    # What tests do to it

    def only(self) -> FakeDeployment:
        """Return the one deployment there is."""
        [found] = self.there.values()
        return found

    def active(self) -> None:
        """All can be asked now."""
        for each in self.there.values():
            each.state = "Active"

    def fail(self, message: str) -> None:
        """The one that there is could not be made."""
        self.only().state, self.only().failure = "Failed", message

    def updated(self, *, fails: bool = False) -> None:
        """The change of the one that there is comes to its end."""
        one = self.only()
        assert one.update is UpdateState.UPDATING
        one.update = UpdateState.FAILED if fails else UpdateState.DONE
        one.model_arn = one.model_arn if fails else one.update_to

    # What the port says

    def create(self, region: str, name: str, model_arn: str, token: str, tags: Mapping[str, str]) -> str:
        return self._call("create", lambda: self._create(region, name, model_arn, token, tags))

    def get(self, region: str, name_or_arn: str) -> DeploymentObservation | None:
        def act() -> DeploymentObservation | None:
            found = (each for each in self._in(region) if name_or_arn in (each.name, each.arn))
            one = next(found, None)
            return _seen(one) if one else None

        return self._call("get", act)

    def list_all(self, region: str) -> list[DeploymentObservation]:
        def act() -> list[DeploymentObservation]:
            return [replace(_seen(each), update=None, update_to="") for each in self._in(region)]

        return self._call("list_all", act)

    def update(self, region: str, arn: str, model_arn: str) -> None:
        def act() -> None:
            one = self._by_arn(arn)
            if one.state != "Active" or one.update is UpdateState.UPDATING:
                raise Refused("Its state does not allow this.", detail="ValidationException: not Active")
            one.update, one.update_to = UpdateState.UPDATING, model_arn
            self.updates.append(model_arn)

        self._call("update", act)

    def delete(self, region: str, arn: str) -> None:
        def act() -> None:
            one = self.there.get(arn)
            if one and (one.state == "Creating" or one.update is UpdateState.UPDATING):
                raise Throttled("It is still being created.", retry_after=30.0)
            if self.there.pop(arn, None):
                self.deleted.append(arn)

        self._call("delete", act)

    def tags(self, region: str, arn: str) -> Mapping[str, str]:
        return self._call("tags", lambda: dict(self._by_arn(arn).tags))

    def tag(self, region: str, arn: str, tags: Mapping[str, str]) -> None:
        self._call("tag", lambda: self._by_arn(arn).tags.update(tags))

    # How

    def _create(self, region: str, name: str, model_arn: str, token: str, tags: Mapping[str, str]) -> str:
        same = next((each for each in self.there.values() if each.token == token), None)
        if same:
            return same.arn
        if any(each.name == name for each in self._in(region)):
            raise Refused("The name is in use.", detail="ValidationException: name in use")
        if sum(each.state == "Creating" for each in self._in(region)) >= self.at_once:
            raise QuotaReached("Too many deployments are in progress.")
        arn = f"arn:aws:bedrock:{region}:{ACCOUNT}:custom-model-deployment/{next(self._numbers):012d}"
        now = self._clock.now()
        self.there[arn] = FakeDeployment(region, name, arn, model_arn, token, dict(tags), now)
        self.made.append(name)
        return arn

    def _in(self, region: str) -> list[FakeDeployment]:
        return [each for each in self.there.values() if each.region == region]

    def _by_arn(self, arn: str) -> FakeDeployment:
        if arn not in self.there:
            raise NotFound("There is no such resource.")
        return self.there[arn]


def _seen(one: FakeDeployment) -> DeploymentObservation:
    return DeploymentObservation(
        one.name, one.arn, one.state, one.created, one.model_arn, one.update, one.update_to, one.failure
    )


class FakeQuotas:
    """An ``AccountQuotas`` and ``ThroughputQuotas``: what a test says."""

    def __init__(self, *quotas: Quota) -> None:
        self.quotas: Sequence[Quota] = quotas
        self.units: int | None = None
        self.error: TunesmithError | None = None

    def of_deployments(self, region: str) -> Sequence[Quota]:
        return self.quotas

    def model_units(self, region: str, *, anew: bool = False) -> int | None:
        if self.error is not None:
            raise self.error
        return self.units
