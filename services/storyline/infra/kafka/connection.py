"""How to reach Kafka, and what its errors mean to us."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka import errors as kafka_errors
from aiokafka.conn import create_conn

from ...errors import Fatal, Fenced, Invalid, Transient

_REFUSED = (
    kafka_errors.AuthenticationFailedError, kafka_errors.SaslAuthenticationFailed,
    kafka_errors.AuthenticationMethodNotSupported, kafka_errors.UnsupportedSaslMechanismError,
    kafka_errors.IllegalSaslStateError, kafka_errors.TopicAuthorizationFailedError,
    kafka_errors.GroupAuthorizationFailedError, kafka_errors.ClusterAuthorizationFailedError,
    kafka_errors.TransactionalIdAuthorizationFailed, kafka_errors.SecurityDisabled,
)  # fmt: skip
_TOO_LARGE = (
    kafka_errors.MessageSizeTooLargeError, kafka_errors.RecordTooLargeError, kafka_errors.RecordListTooLargeError,
)  # fmt: skip
_FENCED = (kafka_errors.ProducerFenced, kafka_errors.InvalidProducerEpoch, kafka_errors.TransactionCoordinatorFenced)
_WRONG = (
    kafka_errors.UnsupportedVersionError, kafka_errors.IncompatibleBrokerVersion,
    kafka_errors.UnrecognizedBrokerVersion, kafka_errors.KafkaConfigurationError, kafka_errors.PolicyViolationError,
    kafka_errors.InvalidConfigurationError, kafka_errors.InvalidReplicationFactorError,
    kafka_errors.OutOfOrderSequenceNumber, kafka_errors.UnknownProducerId, kafka_errors.UnsupportedCodecError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KafkaConnection:
    """Where Kafka is and who we are there. The password is shown by nothing, `repr` included."""

    bootstrap_servers: str
    """Host:port, with commas between."""
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str = "SCRAM-SHA-512"
    sasl_username: str | None = None
    sasl_password: Any = None
    """Text, or anything with `get_secret_value()`."""
    ssl_ca_file: str | None = None
    ssl_cert_file: str | None = None
    """Our own certificate, for mutual TLS."""
    ssl_key_file: str | None = None
    ssl_key_password: Any = None
    """As `sasl_password`."""
    timeout_seconds: float = 15.0
    """For each request."""

    def __repr__(self) -> str:
        return f"KafkaConnection({self.bootstrap_servers})"

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments for any aiokafka client. Raises Fatal if the file of certificates can't be read."""
        arguments: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap_servers,
            "security_protocol": self.security_protocol,
            "request_timeout_ms": int(self.timeout_seconds * 1000),
        }
        if self.security_protocol.endswith("SSL"):
            arguments["ssl_context"] = self._ssl_context()
        if self.security_protocol.startswith("SASL"):
            arguments |= {
                "sasl_mechanism": self.sasl_mechanism,
                "sasl_plain_username": self.sasl_username,
                "sasl_plain_password": _revealed(self.sasl_password),
            }
        return arguments

    def _ssl_context(self) -> ssl.SSLContext:
        """The chain and the host's name are checked; nothing can turn that off."""
        try:
            context = ssl.create_default_context(cafile=self.ssl_ca_file)
        except OSError as error:
            raise Fatal(f"the certificates in {self.ssl_ca_file} can't be read: {error}") from None
        if self.ssl_cert_file:
            try:
                # Without a password OpenSSL would ask the terminal for it.
                context.load_cert_chain(
                    self.ssl_cert_file, self.ssl_key_file, lambda: _revealed(self.ssl_key_password) or ""
                )
            except (OSError, ValueError) as error:
                raise Fatal(
                    f"our certificate {self.ssl_cert_file} can't be read: {error}; "
                    "check STORYLINE_KAFKA_SSL_CERT_FILE, …_KEY_FILE and …_KEY_PASSWORD"
                ) from None
        return context

    async def why_unreachable(self) -> Exception:
        """What stands in the way of the brokers, asked once more: aiokafka only logs it when it starts."""
        arguments = self.arguments()
        failed: Exception | None = None
        for server in arguments.pop("bootstrap_servers").split(","):
            host, _, port = server.rpartition(":")
            try:
                connection = await create_conn(host.strip("[]"), int(port), **arguments)
            except (kafka_errors.KafkaError, OSError, TimeoutError) as error:
                failed = as_ours(error, self)
                continue
            connection.close()
            failed = None
            break
        return failed or Transient(f"Kafka at {self.bootstrap_servers} did not answer; it does now")


def _revealed(secret: Any) -> Any:
    reveal = getattr(secret, "get_secret_value", None)
    return reveal() if reveal else secret


def as_ours(error: BaseException, connection: KafkaConnection) -> Exception:
    """The one place that says what a Kafka error means."""
    where = f"Kafka at {connection.bootstrap_servers}"
    text = " ".join(str(error).split())[:300] or type(error).__name__
    if isinstance(error, _REFUSED):
        return Fatal(f"{where} refuses us: {text}; check STORYLINE_KAFKA_SASL_* and its rights")
    if isinstance(error, ssl.SSLError):
        return Fatal(f"{where}: TLS fails: {text}; check STORYLINE_KAFKA_SSL_CA_FILE and the port")
    if isinstance(error, kafka_errors.UnknownTopicOrPartitionError):
        return Fatal(f"{where} lacks a topic: {text}; run `storyline topics create`")
    if isinstance(error, _TOO_LARGE):
        return Invalid("value", f"is larger than {where} takes: {text}")
    if isinstance(error, _FENCED):
        return Fenced(f"{where}: another producer has taken over: {text}")
    if isinstance(error, _WRONG):
        return Fatal(f"{where} can't do what we ask: {text}")
    if "closed" in text and connection.security_protocol == "SSL" and not connection.ssl_cert_file:
        # With TLS 1.3 a broker that misses our certificate says so by closing, and no more.
        text += " (does it ask for a certificate, STORYLINE_KAFKA_SSL_CERT_FILE?)"
    return Transient(
        f"{where} doesn't answer: {text.rstrip('.')}; is it running, is STORYLINE_KAFKA_BOOTSTRAP_SERVERS right?"
    )


@contextmanager
def translated(connection: KafkaConnection) -> Iterator[None]:
    """Kafka errors from inside come out as Transient, Fatal, Fenced or Invalid, in one line."""
    try:
        yield
    except (kafka_errors.KafkaError, OSError, TimeoutError) as error:
        raise as_ours(error, connection) from None


async def start(client: Any, connection: KafkaConnection, close: str = "stop") -> None:
    """Start an aiokafka client; one that can't is closed again. Raises Transient or Fatal."""
    try:
        async with asyncio.timeout(connection.timeout_seconds):
            await client.start()
            await asyncio.sleep(0)  # its tasks begin: aiokafka's `stop` can't end one that hasn't
    except (kafka_errors.KafkaError, OSError, TimeoutError) as error:
        await stop(client, close)
        if isinstance(error, kafka_errors.KafkaConnectionError | TimeoutError):
            raise await connection.why_unreachable() from None
        raise as_ours(error, connection) from None
    except BaseException:
        await stop(client, close)
        raise


async def stop(client: Any, close: str = "stop") -> None:
    """Stop an aiokafka client, its connections in any case.

    A consumer awaits the tasks that it cancels. Of a fetch that waits for its next try, since its broker has gone, it
    raises the CancelledError, as if we were cancelled, and stops half-way.
    """
    try:
        await getattr(client, close)()
    except asyncio.CancelledError:
        if isinstance(client, AIOKafkaConsumer):
            await client._client.close()
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
