"""All teachers by name, and the words in which an unknown name or a region without it is refused."""

import difflib

from bot.distillations.teachers import (
    claude_haiku_4_5,
    claude_sonnet_4_5,
    claude_sonnet_4_6,
    llama_3_3_70b,
    nova_2_lite,
    nova_pro,
)
from bot.distillations.teachers.model import Teacher
from bot.errors import NotFound, Refused
from bot.wording import quoted

TEACHERS: dict[str, Teacher] = {
    module.TEACHER.name: module.TEACHER
    for module in (
        claude_sonnet_4_6,
        claude_sonnet_4_5,
        claude_haiku_4_5,
        nova_pro,
        nova_2_lite,
        llama_3_3_70b,
    )
}


def get(name: str) -> Teacher:
    """Return the teacher of that name (spaces for hyphens will do), label or model ID.

    Raises:
        NotFound: there is none; the hint names the nearest and lists all.
    """
    wanted = "-".join(name.lower().split())
    for teacher in TEACHERS.values():
        known = {teacher.name, "-".join(teacher.label.lower().split()), teacher.foundation_id}
        if wanted in known | set(teacher.regions.values()):
            return teacher
    near = difflib.get_close_matches(wanted, TEACHERS, n=1, cutoff=0.4)
    meant = f"Did you mean {quoted(near[0])}? " if near else ""
    raise NotFound(
        f"There is no teacher {quoted(name[:60])}.",
        hint=f"{meant}I know {', '.join(quoted(each) for each in TEACHERS)}.",
    )


def model_id(teacher: Teacher, region: str) -> str:
    """Return the ID that a batch job in the region is given.

    Raises:
        Refused: the teacher takes no batch jobs there; the hint has those that do.
    """
    if region in teacher.regions:
        return teacher.regions[region]
    there = [quoted(each.name) for each in TEACHERS.values() if region in each.regions]
    raise Refused(
        f"{teacher.label} takes no batch jobs in {region}, where the base model is trained.",
        hint=f"Take another teacher there: {', '.join(there) or 'I know none'}.",
    )
