"""Whatever an operation in use may answer has a cause, a mend, and somebody who can act, by botocore's own model."""

import re
from pathlib import Path

import botocore.session

from bot import adapters
from bot.adapters.aws_errors import CHANGES
from bot.spending.failures import Who, explain_error
from tests.adapters.test_aws_errors import USED, answered, shapes
from tests.tables import table

SERVICES_OWN = {
    "InternalServerException",
    "ServiceUnavailableException",
    "ThrottlingException",
    "ModelNotReadyException",
    "ModelTimeoutException",
    "ModelErrorException",
    "ModelStreamErrorException",
    "ServiceException",
    "TooManyRequestsException",
    "ServiceFailure",
    "PolicyEvaluation",
    "DependencyTimeoutException",
    "KMSInternalException",
    "InternalServiceError",
    "RequestThrottled",
    "OverLimit",
    "KmsThrottled",
}
"""Nobody here can act on these: the service failed, or is busy, and trying again usually works."""


def test_the_list_of_operations_is_what_the_adapters_call() -> None:
    called: set[str] = set()
    for path in Path(str(adapters.__file__)).parent.glob("*.py"):
        source = path.read_text()
        called |= set(re.findall(r'(?:translated|_asking)\(\s*"(\w+)"', source))
        called |= set(re.findall(r'^OPERATION\b.*= "(\w+)"', source, re.MULTILINE))
    session = botocore.session.get_session()
    for service, used in USED.items():
        assert set(used) <= set(session.get_service_model(service).operation_names), service
    assert called == {each for used in USED.values() for each in used}
    assert called >= CHANGES


def test_each_error_of_each_operation_has_cause_mend_and_who_can_act() -> None:
    with table() as row:
        for operation, shape in shapes():
            with row(operation, shape):
                found = explain_error(answered(shape, "the very words", operation=operation))

                assert found.cause.endswith(".")
                assert found.mend.endswith(".")
                waits = shape in SERVICES_OWN or (
                    shape == "ConflictException"
                    and operation.startswith("Delete")
                    and operation != "DeleteCustomModel"
                )
                assert (found.who is Who.SERVICE) is waits
                assert "do not know" not in found.cause


def test_an_internal_error_is_never_blamed_on_anybody() -> None:
    with table() as row:
        for operation in sorted(CHANGES):
            for code, status in (("InternalServerException", 500), ("502", 502), ("Whatever", 503)):
                with row(operation, code):
                    text = (
                        "Could not validate GetObject permissions"  # words that would point at the operator
                    )

                    assert explain_error(answered(code, text, status, operation)).who is Who.SERVICE


def test_the_words_of_a_refusal_win_over_its_kind() -> None:
    legacy = "Access denied. This Model is marked by provider as Legacy and you have not been actively using the model"
    quota = "Your account does not currently have any no commitment model units reserved for amazon.nova-pro-v1:0:300k."

    assert explain_error(answered("ResourceNotFoundException", legacy)).who is Who.TRAINER
    found = explain_error(answered("ServiceQuotaExceededException", quota))
    assert "model units" in found.cause
    assert found.who is Who.OPERATOR


def test_a_value_that_aws_does_not_take_is_for_the_person_who_gave_it() -> None:
    found = explain_error(answered("ValidationException", "Member must have length less than 63"))

    assert (found.who, found.cause) == (Who.TRAINER, "AWS does not take a value of this request.")
