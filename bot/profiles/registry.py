"""All profiles by name, and the words in which an unknown name is refused."""

import difflib

from bot.errors import NotFound
from bot.profiles import claude_3_haiku, llama_3_3_70b, nova_2_lite, nova_lite, nova_micro, nova_pro
from bot.profiles.model import Profile

PROFILES: dict[str, Profile] = {
    module.PROFILE.name: module.PROFILE
    for module in (claude_3_haiku, nova_micro, nova_lite, nova_pro, nova_2_lite, llama_3_3_70b)
}

DEFAULT = claude_3_haiku.PROFILE.name


def get(name: str) -> Profile:
    """Return the profile of that name.

    Raises:
        NotFound: no such base model; the hint names the nearest and lists all.
    """
    wanted = name.strip().lower()
    if wanted in PROFILES:
        return PROFILES[wanted]
    by_id = {profile.training_id: profile for profile in PROFILES.values()} | {
        profile.inference_id: profile for profile in PROFILES.values()
    }
    if wanted in by_id:
        return by_id[wanted]
    near = difflib.get_close_matches(wanted, PROFILES, n=1, cutoff=0.4)
    meant = f"Did you mean `{near[0]}`? " if near else ""
    raise NotFound(
        f"There is no base model `{name}`.",
        hint=f"{meant}I know {', '.join(f'`{each}`' for each in PROFILES)}.",
    )
