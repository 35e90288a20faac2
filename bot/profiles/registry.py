"""All profiles by name, and the words in which an unknown name is refused."""

import difflib
from collections.abc import Collection
from datetime import date

from bot.errors import NotFound
from bot.profiles import claude_3_haiku, llama_3_3_70b, not_open, nova_2_lite, nova_lite, nova_micro, nova_pro
from bot.profiles.model import Profile
from bot.wording import quoted

PROFILES: dict[str, Profile] = {
    module.PROFILE.name: module.PROFILE
    for module in (claude_3_haiku, nova_micro, nova_lite, nova_pro, nova_2_lite, llama_3_3_70b)
}


def profile_of(base_model: str) -> Profile | None:
    """Return the profile of what a job trains, or None when it is none that we know.

    A custom model's ARN has the base's ID before its last part. What was sent without the ID's last parts, which name
    a size of context, is the same base: the service takes both (the Terraform provider's acceptance tests).
    """
    candidates = [each for each in base_model.split("/") if "." in each]
    return next((each for each in PROFILES.values() if _is_of(each, candidates)), None)


def _is_of(profile: Profile, candidates: Collection[str]) -> bool:
    return any(
        each == profile.training_id or profile.training_id.startswith(f"{each}:") for each in candidates
    )


DEFAULT = claude_3_haiku.PROFILE.name

_LONGEST = 60
"""Characters of a name that are compared and shown."""


def get(name: str) -> Profile:
    """Return the profile of that name.

    Raises:
        NotFound: no such base model; the hint names the nearest and lists all. Of a model that is known and not open
            to fine-tuning it says that, and what is done instead.
    """
    wanted = name.strip().lower()
    if wanted in PROFILES:
        return PROFILES[wanted]
    by_id = {profile.training_id: profile for profile in PROFILES.values()} | {
        profile.inference_id: profile for profile in PROFILES.values()
    }
    if wanted in by_id:
        return by_id[wanted]
    check_open(name)
    near = difflib.get_close_matches(wanted[:_LONGEST], PROFILES, n=1, cutoff=0.4)
    meant = f"Did you mean {quoted(near[0])}? " if near else ""
    raise NotFound(
        f"There is no base model {quoted(name.strip()[:_LONGEST])}.",
        hint=f"{meant}I know {', '.join(quoted(each) for each in PROFILES)}.",
    )


def check_open(name: str) -> None:
    """Return unless the name is that of a model which is known not to be open to fine-tuning.

    Raises:
        NotFound: it is; the hint has what people do instead, and the bases that are open.
    """
    family = not_open.family_of(name)
    if family is not None:
        raise NotFound(
            not_open.what_is_so(name, family),
            hint=f"{not_open.instead(name, family)} Bases that I tune: {_open_bases()}.",
        )


def _open_bases() -> str:
    """Return the bases with the dates on which they end; those that end last, or never, first."""
    ends = {each.name: each.lifecycle.end_of_life if each.lifecycle else None for each in PROFILES.values()}
    ordered = sorted(ends.items(), key=lambda pair: pair[1] or date.max, reverse=True)
    return ", ".join(f"{quoted(name)}{f' (end of life {end})' if end else ''}" for name, end in ordered)
