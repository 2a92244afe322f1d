"""Webhook: one POST a notification, signed as Standard Webhooks 1.0 has it (webhook-id, -timestamp, -signature).

Redirects are not followed, private addresses refused, answers not read: nothing an endpoint answers can keep us.
"""

import asyncio
import base64
import binascii
import hashlib
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, ClassVar, Self

import aiohttp
from pydantic import Field, SecretStr, StringConstraints, field_validator, model_validator
from standardwebhooks import Webhook as Signer
from yarl import URL

from ....infra.addresses import Addresses, AddressRefused, CheckedResolver, literal
from ....infra.retry_after import retry_after_seconds
from ..message import Message, safe
from .base import DELIVERED, ChannelSettings, Doubt, Result, Target

CONNECTIONS_MAX = 512
CONNECTIONS_PER_HOST_MAX = 16
SECRET_BYTES_MIN, SECRET_BYTES_MAX = 24, 64
RETRY_AFTER_SECONDS_MAX = 3_600.0
_THIS_MESSAGE = (400, 409, 411, 413, 415, 422, 431)
"""Answers that are about what was sent, and not about the endpoint."""


class WebhookTarget(Target):
    """Where to, and the secret both sides know: itself, or the name of the environment variable that holds it."""

    url: Annotated[str, StringConstraints(max_length=2_000, pattern=r"^https?://[^\s/?#]+\S*$")]
    secret: SecretStr | None = None
    secret_env: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = Field(
        None, description="An environment variable of the notifier."
    )

    @field_validator("url")
    @classmethod
    def _without_password(cls, value: str) -> str:
        try:
            url = URL(value)
        except ValueError as error:
            raise ValueError(f"is no address ({error})") from None
        if not url.host:
            raise ValueError("names no host")
        if url.user is not None or url.password is not None:
            raise ValueError("holds a user or password; the signature says who we are")
        return value

    @field_validator("secret")
    @classmethod
    def _is_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            check_secret(value.get_secret_value())
        return value

    @model_validator(mode="after")
    def _one_secret(self) -> Self:
        if (self.secret is None) == (self.secret_env is None):
            raise ValueError("secret: give either secret or secret_env; `storyline deliveries secret` makes one")
        return self


def check_secret(secret: str) -> None:
    """Raises ValueError unless it is `whsec_` and base64 of 24 to 64 bytes, as the standard has it."""
    try:
        size = len(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
    except (binascii.Error, ValueError):
        size = 0
    if not secret.startswith("whsec_") or not SECRET_BYTES_MIN <= size <= SECRET_BYTES_MAX:
        raise ValueError(
            f"is not whsec_ and base64 of {SECRET_BYTES_MIN} to {SECRET_BYTES_MAX} bytes; "
            "`storyline deliveries secret` makes one"
        )


def new_secret() -> str:
    """A fresh secret."""
    return "whsec_" + base64.b64encode(os.urandom(32)).decode()


class Webhook:
    """Posts. Receivers drop repeats by webhook-id, so after a crash what was on its way is sent again."""

    name: ClassVar[str] = "webhook"
    on_doubt: ClassVar[Doubt] = "repeat"
    batch_max: ClassVar[int] = 1
    target: ClassVar[type[Target]] = WebhookTarget

    def __init__(self, settings: ChannelSettings) -> None:
        self._settings = settings
        # Clear text may go only where the operator has allowed it.
        self._rules = {scheme: Addresses(settings.networks_allowed, scheme == "https") for scheme in ("http", "https")}
        self._sessions: dict[str, aiohttp.ClientSession] = {}

    def check(self, target: WebhookTarget) -> None:
        """Raises ValueError if the secret's variable isn't there, or the address is one that is refused."""
        self._secret(target)
        url = URL(target.url)
        host = url.host or ""
        if literal(host):
            try:
                self._rules[url.scheme].check(host, host)
            except AddressRefused as refused:
                raise ValueError(f"url: {refused}") from None

    def endpoint(self, target: WebhookTarget) -> str:
        # The path often is a secret; the host says enough to whom a delivery log is shown.
        url = URL(target.url)
        return f"{url.scheme}://{url.host}:{url.port}#{_digest(target.url)}"

    async def send(self, target: WebhookTarget, messages: Sequence[Message]) -> Result:
        (message,) = messages
        body = message.body()
        try:
            async with asyncio.timeout(self._settings.timeout_seconds):
                return await self._post(target, body, self._headers(target, message.id, body))
        except AddressRefused as refused:
            return Result("failed", str(refused))
        except TimeoutError:
            return Result("failed", f"no answer in {self._settings.timeout_seconds:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Result("failed", _why(error))

    async def _post(self, target: WebhookTarget, body: bytes, headers: dict[str, str]) -> Result:
        url = URL(target.url)
        if literal(url.host or ""):
            self._rules[url.scheme].check(url.host or "", url.host or "")
        session = self._session(url.scheme)
        async with session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            return _result(answer.status, answer.headers.get("retry-after"), answer.headers.get("location"))

    def _headers(self, target: WebhookTarget, id: str, body: bytes) -> dict[str, str]:
        now = datetime.now(UTC)
        return {
            "content-type": "application/json",
            "user-agent": "storyline-notifier",
            "webhook-id": id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Signer(self._secret(target)).sign(id, now, body.decode()),
        }

    def _secret(self, target: WebhookTarget) -> str:
        if target.secret is not None:
            return target.secret.get_secret_value()
        name = target.secret_env or ""
        secret = self._settings.environment.get(name)
        if not secret:
            raise ValueError(f"secret_env: the notifier's environment has no variable {name}")
        try:
            check_secret(secret)
        except ValueError as wrong:
            raise ValueError(f"secret_env: {name} {wrong}") from None
        return secret

    def _session(self, scheme: str) -> aiohttp.ClientSession:
        if scheme not in self._sessions:
            connector = aiohttp.TCPConnector(
                resolver=CheckedResolver(self._rules[scheme]), limit=CONNECTIONS_MAX,
                limit_per_host=CONNECTIONS_PER_HOST_MAX,
            )  # fmt: skip
            # The attempt's own limit counts; cookies would tie deliveries together.
            self._sessions[scheme] = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=None)
            )
        return self._sessions[scheme]

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()


def _digest(url: str) -> str:
    return hashlib.blake2b(url.encode(), digest_size=4).hexdigest()


def _result(status: int, retry_after: str | None, location: str | None) -> Result:
    if 200 <= status < 300:
        return DELIVERED
    if status == 410:
        return Result("gone", "410: it wants no more")
    if 300 <= status < 400:
        return Result("failed", f"{status}: it redirects, and redirects are not followed; subscribe the final address")
    kind = "refused" if status in _THIS_MESSAGE else "failed"
    return Result(kind, f"status {status}", retry_after_seconds(retry_after, RETRY_AFTER_SECONDS_MAX))  # type: ignore[arg-type]


def _why(error: Exception) -> str:
    refused = getattr(error, "os_error", None)
    if isinstance(refused, AddressRefused):
        return str(refused)
    # As a whole it names the address, whose path often is a secret.
    said = error.message if isinstance(error, aiohttp.ClientResponseError) else str(error)
    return safe(" ".join(said.split()))[:200] or type(error).__name__
