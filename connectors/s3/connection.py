"""The connection: one account at Amazon S3 or at another store that speaks its language."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from connector_sdk import Check, ConfigError, Connection, Runtime, Secret, Settings, setting

if TYPE_CHECKING:
    from connectors.s3.service.client import S3Client

Wait = Annotated[float, setting("Seconds.", ge=0)]
DYNAMIC_BUCKET = "dynamic-bucket"


class Retry(Settings):
    """When requests that failed through no fault of their own are sent again."""

    waits: tuple[Wait, ...] = setting(
        "Seconds before each retry of a 5xx answer or a communication error; as many retries as there are waits.",
        (0, 10, 30, 60, 120, 300),
    )


class S3Connection(Connection["S3Client"]):
    """One account, not tied to a bucket."""

    permissions: ClassVar[tuple[str, ...]] = ("s3:ListAllMyBuckets", "s3:ListBucket")
    """What testing and browsing need."""

    authentication: Literal["access_keys", "roles_anywhere", "default", "assume_role", "web_identity", "anonymous"] = (
        setting(
            "How the account is proven: by access keys, a certificate (IAM Roles Anywhere), the SDK's default chain "
            "(environment, profile, SSO, container, instance), a role, a web identity token, or not at all.",
            "access_keys",
        )
    )
    access_key: Secret | None = setting("Access key id, for access_keys and as the source of assume_role.", None)
    secret_key: Secret | None = setting("Secret access key that belongs to access_key.", None)
    session_token: Secret | None = setting("Session token of temporary access keys.", None)
    profile: str | None = setting("Named profile of the SDK's files, for default and as source of assume_role.", None)

    role_arn: str | None = setting("Role to take on, for roles_anywhere, assume_role and web_identity.", None)
    session_name: str | None = setting("Name of the role's session, as the account's audit log shows it.", None)
    duration: int = setting("Seconds that the role's credentials stay valid.", 3600, ge=900, le=3600)
    external_id: str | None = setting("External id that the role demands, for assume_role.", None)
    sts_endpoint_url: str | None = setting("Another address of the token service, for roles and web identities.", None)
    sts_region: str = setting("Region of the token service.", "us-east-1")
    web_identity_token_file: str | None = setting("File with the token, read again at each renewal.", None)

    profile_arn: str | None = setting("Roles Anywhere: ARN of the profile.", None)
    trust_anchor_arn: str | None = setting(
        "Roles Anywhere: ARN of the trust anchor that vouches for certificate.", None
    )
    roles_anywhere_region: str = setting("Roles Anywhere: region of the service.", "us-east-1")
    roles_anywhere_custom_region: str | None = setting("Roles Anywhere: wins over roles_anywhere_region.", None)
    roles_anywhere_endpoint_url: str | None = setting("Roles Anywhere: another address of the service.", None)
    certificate: Secret | None = setting("Roles Anywhere: X.509 certificate as PEM, its chain after it.", None)
    private_key: Secret | None = setting("Roles Anywhere: private key of certificate as PEM, RSA or EC.", None)

    endpoint_url: str | None = setting(
        "Address of another store; Amazon S3 when left out.", None, pattern=r"^https?://[^/?#\s]+/?$"
    )
    addressing: Literal["auto", "path", "virtual"] = setting(
        "Where a request names the bucket: in the path or in the host (virtual); auto is virtual for Amazon, path for "
        "others, and the other of the two once an endpoint takes no other.",
        "auto",
    )
    proxy: Secret | None = setting("URL of a proxy; secret, as it may carry a password.", None)
    connect_timeout: float = setting("Seconds to wait for a connection.", 10.0, gt=0)
    read_timeout: float = setting("Seconds to wait for the next bytes of an answer.", 60.0, gt=0)
    max_connections: int = setting("Connections kept open at once for each region.", 32, ge=1, le=1000)
    verify_tls: bool | str = setting(
        "Whether certificates are verified, or a file with the authorities to trust.", True
    )
    use_fips: bool = setting("Use Amazon's FIPS endpoints.", False)
    use_dualstack: bool = setting("Use Amazon's endpoints that also speak IPv6.", False)
    accelerate: bool = setting("Use S3 Transfer Acceleration.", False)
    checksums: Literal["auto", "when_required", "always"] = setting(
        "When requests carry checksums of their own: auto is always for Amazon, and for another store until it "
        "refuses one.",
        "auto",
    )
    requests: Literal["direct", "botocore"] = setting(
        "How the most frequent requests are sent: direct spends a tenth of the processor time; botocore sends all of "
        "them through Amazon's library, as it does the others and those through a proxy.",
        "direct",
    )
    retry: Retry = setting("The retry ladder.", Retry())

    def validate(self) -> None:
        for name in _needed(self.authentication):
            if getattr(self, name) is None:
                raise ValueError(f"authentication {self.authentication} needs the setting {name}")
        if self.authentication == "assume_role" and (self.access_key is None) != (self.secret_key is None):
            raise ValueError("access_key and secret_key belong together: set both or neither")
        if self.endpoint_url:
            for name in ("use_fips", "use_dualstack", "accelerate"):
                if getattr(self, name):
                    raise ValueError(f"{name} chooses an endpoint of Amazon's and cannot go with endpoint_url")
        if self.accelerate and self.addressing == "path":
            raise ValueError("accelerate needs the bucket in the host: addressing auto or virtual")

    def open(self, runtime: Runtime) -> S3Client:
        from connectors.s3.service.client import S3Client

        if isinstance(self.verify_tls, str) and not Path(self.verify_tls).exists():
            raise ConfigError(f"verify_tls names {self.verify_tls}, which is not there", ("verify_tls",))
        return S3Client(self, runtime)

    def close(self, client: S3Client) -> None:
        client.close()

    def checks(self, client: S3Client) -> Iterable[Check]:
        from connectors.s3.account import checks

        return checks(client)

    def browse(self, client: S3Client) -> Iterable[str]:
        from connectors.s3.account import bucket_names

        yield DYNAMIC_BUCKET
        yield from bucket_names(client, client.runtime)


def _needed(authentication: str) -> tuple[str, ...]:
    """The settings that a kind of authentication cannot do without."""
    return {
        "access_keys": ("access_key", "secret_key"),
        "roles_anywhere": ("profile_arn", "role_arn", "trust_anchor_arn", "certificate", "private_key"),
        "assume_role": ("role_arn",),
        "web_identity": ("role_arn", "web_identity_token_file"),
    }.get(authentication, ())
