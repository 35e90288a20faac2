"""What the stand-in answers when it refuses, and what it raises when it is itself at fault.

Texts that AWS is known to use are quoted as they are. Where no text is known (the facts say "unconfirmed"), the
wording is the stand-in's own and the factory says so: nothing may match on such a text.
"""


class ServiceFault(Exception):
    """An error of the service model, answered to the client: ``code`` is the error shape's name."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class StandInDefect(Exception):
    """The stand-in broke its own promise, for instance a response that the service model does not allow."""


def invalid(message: str) -> ServiceFault:
    """Return a ValidationException."""
    return ServiceFault("ValidationException", message)


def not_found(message: str) -> ServiceFault:
    """Return a ResourceNotFoundException."""
    return ServiceFault("ResourceNotFoundException", message)


def conflict(message: str) -> ServiceFault:
    """Return a ConflictException."""
    return ServiceFault("ConflictException", message)


def over_quota(message: str) -> ServiceFault:
    """Return a ServiceQuotaExceededException."""
    return ServiceFault("ServiceQuotaExceededException", message)


def unknown_model() -> ServiceFault:
    """Return AWS's answer to a model identifier that means nothing in this region."""
    return invalid("The provided model identifier is invalid.")


def legacy_model() -> ServiceFault:
    """Return AWS's answer for a model that its provider has marked Legacy; it reads like a permission and is none."""
    return not_found(
        "Access denied. This Model is marked by provider as Legacy and you have not been actively using the model "
        "in the last 30 days. Please upgrade to an active model on Amazon Bedrock"
    )
