"""Names and ranges of hyperparameters, as the service must check them: its exact refusals are not known."""

from collections.abc import Mapping

from bot.playground.bedrock.errors import invalid
from bot.playground.bedrock.foundation import Parameter, Tuning


def resolve(tuning: Tuning, given: Mapping[str, str]) -> dict[str, str]:
    """Return every hyperparameter of the base with its value. Raises ServiceFault (own wording) for a wrong one."""
    unknown = sorted(set(given) - set(tuning.parameters))
    if unknown:
        raise invalid(
            f"The hyperparameter(s) {', '.join(unknown)} are not supported for the base model {tuning.train_id}. "
            f"Supported: {', '.join(tuning.parameters)}."
        )
    for name, text in given.items():
        _check(name, text, tuning.parameters[name])
    defaults = {name: parameter.default for name, parameter in tuning.parameters.items()}
    return {**defaults, **given}


def _check(name: str, text: str, parameter: Parameter) -> None:
    try:
        value: float = int(text) if parameter.whole else float(text)
    except ValueError:
        kind = "an integer" if parameter.whole else "a number"
        raise invalid(f"The hyperparameter {name} must be {kind}, but was {text!r}.") from None
    if (
        parameter.low is not None
        and parameter.high is not None
        and not parameter.low <= value <= parameter.high
    ):
        raise invalid(
            f"The hyperparameter {name} must be between {parameter.low} and {parameter.high}, but was {text}."
        )
