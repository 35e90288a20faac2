"""How much the account may have: model units, deployments, questions a minute, jobs."""

from collections.abc import Iterator

from bot.adapters.service_quotas import MODEL_UNITS, ServiceQuotas
from bot.checkup import Line, Look, good, warning
from bot.deployments.quotas import quotas_of
from bot.doctor.surroundings import AWS, Surroundings
from bot.profiles.model import Serving

ABOUT = "Quotas"


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask Service Quotas of each region."""
    quotas = ServiceQuotas(surroundings.aws, surroundings.clock)
    for region in surroundings.buckets:
        about = f"{ABOUT} in {region}"
        found = quotas.every(region)
        if found is None:
            said = "They may not be read, so cards do not show them and nothing is paced by them."
            yield warning(about, said, "Allow servicequotas:ListServiceQuotas: `tunesmith iam bot` has it.")
            continue
        here = [each for each in surroundings.profiles if each.region == region]
        yield from _units(
            about,
            quotas.model_units(region),
            [Serving.PROVISIONED_THROUGHPUT in each.serving for each in here],
        )
        deployed = [
            (each.label, quotas_of(each.label, found))
            for each in here
            if Serving.ON_DEMAND_DEPLOYMENT in each.serving
        ]
        said = "; ".join(
            f"{label} {each.requests} a minute" for label, each in deployed if each.requests is not None
        )
        yield good(f"Questions in {region}", said or "No quota is listed for questions to deployments here.")
        jobs = [
            f"{each.name.rpartition(') ')[2]}: {each.value:.0f}"
            for each in found
            if "customization job" in each.name.lower()
        ]
        yield good(f"Jobs in {region}", "; ".join(jobs) or "No quota is listed for customization jobs here.")


def _units(about: str, units: int | None, by_the_hour: list[bool]) -> Iterator[Line]:
    if not any(by_the_hour):
        return
    about = about.replace(ABOUT, "Model units")
    if units:
        yield good(about, f"{units} without a commitment.")
        return
    yield warning(
        about,
        "There are none without a commitment, so nothing can be served by the hour." if units == 0
        else "No quota is listed for them, so it is not known whether anything can be served by the hour.",
        f"Ask AWS Support for model units without a commitment ({MODEL_UNITS} and the one of the base); "
        "it can take days.",
    )  # fmt: skip


LOOK = Look(ABOUT, at, seconds=20, of=AWS)
