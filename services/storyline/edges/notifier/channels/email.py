"""E-mail: a digest over SMTP, one message for all stories of a subscription that are due."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Annotated, Any, ClassVar
from urllib.parse import unquote, urlsplit

import aiosmtplib
from pydantic import Field, StringConstraints, field_validator

from ..message import Message, safe
from .base import DELIVERED, ChannelSettings, Doubt, Result, Target

PORTS = {"smtp": 587, "smtps": 465}
SUBJECT_CHARS_MAX = 120


class EmailTarget(Target):
    """Who gets the digest, and how often."""

    to: Annotated[str, StringConstraints(max_length=254, strip_whitespace=True)]
    every_minutes: Annotated[int, Field(ge=1, le=10_080)] = 60

    @field_validator("to")
    @classmethod
    def _is_address(cls, value: str) -> str:
        try:
            address = Address(addr_spec=in_ascii(value))
        except (ValueError, IndexError):
            address = Address()
        if not address.username or not address.domain or any(ord(each) <= 32 for each in value):
            raise ValueError("is no e-mail address; write name@host")
        return value


class Email:
    """Mails. Nothing at the other end drops repeats for sure, so what was on its way in a crash is left."""

    name: ClassVar[str] = "email"
    on_doubt: ClassVar[Doubt] = "leave"
    batch_max: ClassVar[int] = 50
    target: ClassVar[type[Target]] = EmailTarget

    def __init__(self, settings: ChannelSettings) -> None:
        self._settings = settings
        self._server = _server(settings.smtp_url.get_secret_value()) if settings.smtp_url else None

    def check(self, target: EmailTarget) -> None:
        """Raises ValueError if no SMTP server is set."""
        if self._server is None:
            raise ValueError("STORYLINE_NOTIFIER_SMTP_URL is not set; set it to smtp://host:port or smtps://host:port")

    def endpoint(self, target: EmailTarget) -> str:
        server = self._server or {}
        return f"smtp {server.get('hostname')}:{server.get('port')}"

    async def send(self, target: EmailTarget, messages: Sequence[Message]) -> Result:
        if self._server is None:
            return Result("failed", "no SMTP server is set")
        mail = digest(in_ascii(target.to), self._settings.mail_from, messages)
        try:
            await aiosmtplib.send(mail, timeout=self._settings.timeout_seconds, **self._server)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            return Result("refused", f"the recipient is refused: {_said(refused.recipients)}")
        except aiosmtplib.SMTPDataError as error:
            return Result("refused", f"{error.code} {safe(error.message)[:200]}")
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return Result("failed", safe(str(error))[:200] or type(error).__name__)
        return DELIVERED

    async def close(self) -> None:
        """Each mail has a connection of its own."""


def in_ascii(address: str) -> str:
    """The address with its host as every mail server takes it (IDNA): one that doesn't would be taken for in trouble,
    and all other readers wait. Raises ValueError."""
    name, _, host = address.rpartition("@")
    return address if host.isascii() else f"{name}@{host.encode('idna').decode()}"


def _said(recipients: Sequence[Any]) -> str:
    return "; ".join(safe(str(each))[:200] for each in recipients)


def _server(url: str) -> dict[str, Any]:
    """aiosmtplib's arguments for `smtp://` (STARTTLS if offered; needed once there is a password) or `smtps://`."""
    parts = urlsplit(url)
    user = {"username": unquote(parts.username), "password": unquote(parts.password or "")} if parts.username else {}
    return {
        "hostname": parts.hostname, "port": parts.port or PORTS[parts.scheme], "use_tls": parts.scheme == "smtps",
        # A password never goes in clear text.
        "start_tls": True if user and parts.scheme == "smtp" else None, **user,
    }  # fmt: skip


def digest(to: str, sender: str, messages: Sequence[Message]) -> EmailMessage:
    """One plain-text mail. Its Message-ID follows from what is in it, so that an equal mail is known as a repeat."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = _subject(messages)
    mail["Date"] = format_datetime(datetime.now(UTC))
    domain = sender.rpartition("@")[2].strip("<> ") or "localhost"
    mail["Message-ID"] = f"<{messages[0].id}.{messages[-1].id[4:]}.{len(messages)}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Id"] = f"<{messages[0].subscription}.storyline.{domain}>"
    ending = f"\n\n-- \nStoryline, subscription {messages[0].subscription}\n"
    mail.set_content("\n\n".join(message.text() for message in messages) + ending)
    return mail


def _subject(messages: Sequence[Message]) -> str:
    first = messages[0].title[:SUBJECT_CHARS_MAX]
    return first if len(messages) == 1 else f"{first}, and {len(messages) - 1} more"
