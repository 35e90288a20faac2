"""From what a person typed to what the API takes, or to words that say why not."""

import difflib
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from bot.errors import Refused
from bot.figures import is_plain
from bot.profiles.model import Hyperparameter, Profile
from bot.profiles.registry import PROFILES
from bot.wording import quoted

LABELS = {
    "epochCount": "Epochs",
    "batchSize": "Batch size",
    "learningRate": "Learning rate",
    "learningRateMultiplier": "Learning rate multiplier",
    "learningRateWarmupSteps": "Warm-up steps",
    "earlyStoppingThreshold": "Early stopping threshold",
    "earlyStoppingPatience": "Early stopping patience",
}
"""What people call them, by the service's name; every one of every base has its own."""
_WORDS = {
    "epochCount": "epochs",
    "batchSize": "batch",
    "learningRate": "rate",
    "learningRateMultiplier": "rate",
    "learningRateWarmupSteps": "warm-up",
    "earlyStoppingThreshold": "gain",
    "earlyStoppingPatience": "patience",
}
LONGEST_VALUE = 40
"""Characters of a value that are read: no service takes as many digits."""
SMALLEST_PLACE = 12
"""Digits after the point that a value may begin at: ``1e-999999`` is in many a range, and a million digits long."""

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")

# A name of another family, and what a person who typed it wanted. Spelling alone does not find these.
_MEANT = {
    "learningrate": ("learningRateMultiplier", "learningRate"),
    "learningratemultiplier": ("learningRate", "learningRateMultiplier"),
    "epoch": ("epochCount",),
    "epochs": ("epochCount",),
    "nepochs": ("epochCount",),
    "numepochs": ("epochCount",),
    "batch": ("batchSize",),
    "patience": ("earlyStoppingPatience",),
    "threshold": ("earlyStoppingThreshold",),
    "warmup": ("learningRateWarmupSteps",),
    "warmupsteps": ("learningRateWarmupSteps",),
}

# Names that another family really has: what is meant is asked, not guessed.
_OTHERS = frozenset({"learningrate", "learningratemultiplier"})


def label_of(name: str) -> str:
    """Return the hyperparameter as people call it; one that is not known, of a job made elsewhere, in words."""
    return LABELS.get(name) or _HUMP.sub(" ", name).capitalize()


def word_of(name: str) -> str:
    """Return the hyperparameter as it stands in names of jobs and models: short, and no base has two of one word."""
    return _WORDS.get(name, name)


def resolve(profile: Profile, given: Mapping[str, str]) -> dict[str, str]:
    """Return every hyperparameter of ``profile`` as the strings that the API takes; defaults fill the gaps.

    Raises:
        Refused: a name that this base does not have (with the one that was probably meant), or a value that
            is no number or out of range.
    """
    values = {each.name: each.text(each.default) for each in profile.hyperparameters}
    for name, text in given.items():
        hyperparameter = profile.hyperparameter(name)
        if hyperparameter is None:
            raise _unknown(profile, name)
        values[name] = parse(hyperparameter, text)
    return values


def named(profile: Profile, said: str) -> str:
    """Return the API's name for what a person calls a hyperparameter: in any case, or by a usual other name.

    Raises:
        Refused: this base has none like it; the hint has the nearest and all that there are.
    """
    own = {each.name.lower(): each.name for each in profile.hyperparameters}
    folded = "".join(character for character in said.lower() if character.isalnum())
    usual = [each for each in _MEANT.get(folded, ()) if each in own.values()]
    if folded in own:
        return own[folded]
    if usual and folded not in _OTHERS:
        return usual[0]
    raise _unknown(profile, said, _typed)


def under_api_names(profile: Profile, said: Mapping[str, str]) -> dict[str, str]:
    """Return values under the API's names instead of those that a person used.

    Raises:
        Refused: two names mean the same hyperparameter, or this base has none like one of them.
    """
    found: dict[str, str] = {}
    for name, text in said.items():
        meant = named(profile, name)
        if meant in found:
            raise Refused(f"{quoted(meant)} is there twice.", hint="Give each hyperparameter one value.")
        found[meant] = text
    return found


def parse(hyperparameter: Hyperparameter, text: str) -> str:
    """Return ``text`` as the API takes it.

    Raises:
        Refused: not a number, not whole where it must be, out of range or too small; the hint names the range.
    """
    label = label_of(hyperparameter.name)
    try:
        value = Decimal(text.strip() if len(text) <= LONGEST_VALUE and is_plain(text) else "")
    except InvalidOperation:
        raise Refused(
            f"{label} must be a number, not {quoted(text[:LONGEST_VALUE])}.",
            hint=_range(hyperparameter),
        ) from None
    if not value.is_finite():
        raise Refused(f"{label} must be a finite number.", hint=_range(hyperparameter))
    if hyperparameter.integer and value != value.to_integral_value():
        raise Refused(f"{label} must be a whole number, not {text}.", hint=_range(hyperparameter))
    if not hyperparameter.minimum <= value <= hyperparameter.maximum:
        raise Refused(f"{label} = {text} is out of range.", hint=_range(hyperparameter))
    if value and value.adjusted() < -SMALLEST_PLACE:
        raise Refused(f"{label} = {text} is smaller than the service counts.", hint=_range(hyperparameter))
    return hyperparameter.text(value or Decimal(0))  # minus nothing is nothing


def _range(hyperparameter: Hyperparameter) -> str:
    return (
        f"It takes {hyperparameter.text(hyperparameter.minimum)} to {hyperparameter.text(hyperparameter.maximum)}; "
        f"the default is {hyperparameter.text(hyperparameter.default)}."
    )


def _unknown(profile: Profile, name: str, called: Callable[[str], str] = str) -> Refused:
    """Return the refusal; ``called`` says how what there is instead is written where this was."""
    own = [each.name for each in profile.hyperparameters]
    meant = _meant(own, name)
    owners = [each.label for each in PROFILES.values() if each.hyperparameter(name)]
    whose = f" That is a name of {', '.join(owners)}." if owners else ""
    suggestion = f"Did you mean {quoted(called(meant))}? " if meant else ""
    known = f"It has {', '.join(quoted(called(each)) for each in own)}." if own else "It takes none."
    return Refused(
        f"{profile.label} has no hyperparameter {quoted(name)}.{whose}", hint=f"{suggestion}{known}"
    )


def _typed(name: str) -> str:
    """Return the hyperparameter as our own examples write it."""
    return "epochs" if name == "epochCount" else name


def _meant(own: list[str], name: str) -> str | None:
    folded = "".join(character for character in name.lower() if character.isalnum())
    for candidate in _MEANT.get(folded, ()):
        if candidate in own:
            return candidate
    by_fold = {each.lower(): each for each in own}
    near = difflib.get_close_matches(folded, by_fold, n=1, cutoff=0.5)
    return by_fold[near[0]] if near else None
