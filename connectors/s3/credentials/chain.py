"""The SDK's own chain: environment, profile, SSO, container, instance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from botocore.session import Session

from connector_sdk import ProcessError
from connectors.s3.credentials.renewal import Temporary

ASK_AGAIN = timedelta(minutes=2)


def credentials(session: Session, clock: Callable[[], datetime]) -> Temporary:
    """What the chain gives now; it renews by itself long before an end, so it is asked again soon instead."""
    try:
        found = session.get_credentials()
        frozen = found and found.get_frozen_credentials()
    except (BotoCoreError, ClientError) as error:
        raise ProcessError(
            f"the SDK's credentials cannot be used: {error}; check the profile, or log in again", "NoCredentials"
        ) from error
    except ResponseParserError:
        # The cause is left out: it quotes the answer of a token service, which may hold half of the credentials.
        raise ProcessError("the SDK's chain got an unreadable answer; check proxies", "UnreadableAnswer") from None
    if not frozen or not frozen.access_key or not frozen.secret_key:
        raise ProcessError(
            "no credentials in the environment, in a profile, or from the machine; set AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY, name a profile, or choose another authentication",
            "NoCredentials",
        )
    return Temporary(frozen.access_key, frozen.secret_key, frozen.token, clock() + ASK_AGAIN)
