"""The lifecycle gate: may anything new be started on a base model, and if not, since when and what else is open.

Claude 3 Haiku has reached its end of life for most accounts, so this is what many teams meet first: it is kind.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.errors import TunesmithError
from bot.models.model import Lifecycle
from bot.models.ports import Lifecycles
from bot.profiles.model import Profile
from bot.profiles.registry import PROFILES
from bot.spending.model import Check

NAME = "base model"


def check(lifecycles: Lifecycles, profile: Profile, lifecycle: Lifecycle) -> Check:
    """Return whether a job can be started on the base, with the dates, what still works, and what is open.

    Asks Bedrock for open bases only when this one is not.
    """
    if is_open(lifecycle):
        return judged(profile, lifecycle, ())
    return judged(profile, lifecycle, open_profiles(lifecycles, profile))


def is_open(lifecycle: Lifecycle) -> bool:
    """Return whether anything new may be started on the base, as far as its dates tell."""
    return lifecycle.status == "ACTIVE"


def judged(profile: Profile, lifecycle: Lifecycle, others: Iterable[Profile] | None) -> Check:
    """Return what the base's life means for a new job; ``others`` are bases that are open, None when unknown."""
    if is_open(lifecycle) and not lifecycle.customizable:
        # The listing has been seen to lag behind the service, which alone decides.
        return Check(
            NAME,
            True,
            f"Bedrock's list does not name fine-tuning for {profile.label} in {profile.region} just now, and its guide "
            f"does ({profile.source}). It may refuse the start; nothing is billed then.",
            notice=True,
        )
    if is_open(lifecycle):
        return Check(NAME, True, f"{profile.label} is open for fine-tuning in {profile.region}.")
    found = None if others is None else list(others)
    nearest = found[0] if found else None
    # Only a base of another shape is converted for: what takes the same records is chosen in the form.
    instead = nearest.name if nearest and nearest.record_format != profile.record_format else ""
    return Check(NAME, False, _why(profile, lifecycle), _what_now(profile, found), instead=instead)


def open_profiles(lifecycles: Lifecycles, wanted: Profile) -> list[Profile]:
    """Return the other bases that can be tuned now, those that take the same records first.

    A region that does not answer is left out: this is advice, not a condition.
    """
    others = [each for each in PROFILES.values() if each.name != wanted.name]
    open_ids = {region: _open_ids(lifecycles, region) for region in {each.region for each in others}}
    found = [each for each in others if each.training_id in open_ids[each.region]]
    return sorted(found, key=lambda each: each.record_format != wanted.record_format)


def _open_ids(lifecycles: Lifecycles, region: str) -> frozenset[str]:
    try:
        return frozenset(lifecycles.open_bases(region))
    except TunesmithError:
        return frozenset()


def _why(profile: Profile, lifecycle: Lifecycle) -> str:
    if lifecycle.status == "ENDED":
        return (
            f"{profile.label} has been closed to most accounts{_since(lifecycle.end_of_life)}, the end of its life on "
            "Bedrock: no new job and no new throughput starts on it, unless yours has a private arrangement with its "
            "provider."
        )
    if lifecycle.status == "LEGACY":
        end = f"; its life ends{_on(lifecycle.end_of_life)}" if lifecycle.end_of_life else ""
        return (
            f"{profile.label} has been Legacy{_since(lifecycle.legacy_from)}{end}. Bedrock starts no new "
            "fine-tuning job and no new throughput on a Legacy base; throughput bought before that keeps working."
        )
    return f"Bedrock does not know {profile.label} in {profile.region}."


def _what_now(profile: Profile, found: Sequence[Profile] | None) -> str:
    if found is None:
        return "Which other bases are open could not be looked up just now."
    if not found:
        return "No other base that I know can be tuned in your account right now; your dataset stays stored here."
    names = ", ".join(f"`{each.name}` ({each.region})" for each in found)
    nearest = found[0]
    same = nearest.record_format == profile.record_format
    if same:
        next_step = (
            f"It takes the same records: `/tune validate FILE for {nearest.name}` looks at them for it."
        )
    else:
        next_step = (
            f"Its records have another shape: `/tune convert DATASET for {nearest.name}` writes them so."
        )
    return f"Open now: {names}. {next_step}"


def _day(day: datetime) -> str:
    return f"{day.day} {day:%B %Y}"


def _on(day: datetime | None) -> str:
    return f" on {_day(day)}" if day else ""


def _since(day: datetime | None) -> str:
    return f" since {_day(day)}" if day else ""
