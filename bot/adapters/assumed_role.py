"""Credentials of a role that the bot takes, as when Bedrock is in another AWS account than the bot.

All of it is botocore's: who we are is found as everywhere (variables, profiles, the machine's role), its fetcher calls
AssumeRole, and its credentials fetch new ones some minutes before they end, however many threads ask. Nothing is asked
until something is called, and what goes wrong then is an error of that call.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

import boto3
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import NoCredentialsError
from botocore.session import Session

from bot.adapters.aws_clients import INTERACTIVE, refuse_open_way

SHORTEST_NAME, LONGEST_NAME = 2, 64
"""Characters of a session's name (botocore's model of STS, roleSessionNameType)."""
_METHOD = "assume-role"

Fetch = Callable[[], Mapping[str, Any]]


def session_of(
    role_arn: str, external_id: str, name: str, region: str, *, https: bool = True
) -> boto3.Session:
    """Return a session that acts as the role.

    Args:
        role_arn: the role.
        external_id: what its trust policy asks for; empty when it does not.
        name: what the session is called in CloudTrail.
        region: where STS is asked.
        https: whether STS on another machine must be at `https://`.
    """
    named = name[:LONGEST_NAME].ljust(SHORTEST_NAME, "-")
    extra = {"RoleSessionName": named} | ({"ExternalId": external_id} if external_id else {})
    ourselves = Session()
    acting = Session()
    resolver = CredentialResolver([_Provider(partial(_fetched, ourselves, role_arn, extra, region, https))])
    acting.register_component("credential_provider", resolver)
    return boto3.Session(botocore_session=cast(Any, acting))


def _fetched(
    ourselves: Session, role_arn: str, extra: Mapping[str, str], region: str, https: bool
) -> Mapping[str, Any]:
    source = ourselves.get_credentials()
    if source is None:
        raise NoCredentialsError

    def create(service: str, **credentials: str) -> Any:
        make = cast("Callable[..., Any]", ourselves.create_client)
        made = make(service, **credentials, region_name=region, config=INTERACTIVE)
        if https:
            refuse_open_way(made)
        return made

    fetcher = AssumeRoleCredentialFetcher(create, source, role_arn, extra_args=dict(extra))
    return cast("Mapping[str, Any]", fetcher.fetch_credentials())


class _Provider(CredentialProvider):
    METHOD = _METHOD

    def __init__(self, fetch: Fetch) -> None:
        super().__init__()
        self._fetch = fetch

    def load(self) -> Any:
        """Return credentials that are fetched when they are first needed."""
        return DeferredRefreshableCredentials(self._fetch, self.METHOD)
