"""TLS, users and least rights on Apache Kafka and redis-server: enough for every service, no more; nothing leaks."""

import json
import re
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storyline.edges.ingest.outgoing import outgoing
from storyline.errors import Fatal, Transient
from storyline.infra.kafka import KafkaAdmin, KafkaConnection, KafkaPublisher, KafkaReader
from storyline.infra.redis.client import Client, RedisOptions
from storyline.infra.redis.servers import Tls
from storyline.record import Output
from storyline.rights import RIGHTS
from storyline_schemas import PartitionCounts
from tests.conftest import running
from tests.secure_servers import Certificates, SecureKafka, SecureRedis
from tests.servers import free_port

from .harness import Cluster, articles_of

pytestmark = [pytest.mark.kafka, pytest.mark.redis]

KAFKA_SECRETS = {name: f"kafka-secret-of-{name}" for name in RIGHTS}
REDIS_SECRETS = {name: f"redis-secret-of-{name}" for name, rights in RIGHTS.items() if rights.commands}
PLAIN = ("ingest",)
BY_CERTIFICATE = "updater"
SECRET = re.compile(r"(kafka|redis)-secret-of-\w+|topsecret\w*")
FATAL_SECONDS = 20.0


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def secure_kafka(certificates: Certificates) -> Iterator[SecureKafka]:
    plain = {name: KAFKA_SECRETS[name] for name in PLAIN}
    yield from running(SecureKafka(certificates, scram={**KAFKA_SECRETS, "nobody": "n"}, plain=plain))


@pytest.fixture(scope="module")
def secure_redis(certificates: Certificates) -> Iterator[SecureRedis]:
    yield from running(SecureRedis(certificates, [(name, word, RIGHTS[name]) for name, word in REDIS_SECRETS.items()]))


def tls(certificates: Certificates, name: str = "client") -> Tls:
    path = str(certificates.client_file(name))
    return Tls(str(certificates.ca_file), path, path)


def settings_of(
    name: str, kafka: SecureKafka, store: SecureRedis, certificates: Certificates, directory: Path
) -> dict[str, str]:
    """A service's own: secrets in files, SCRAM for all but two of them."""
    found = {
        "KAFKA_BOOTSTRAP_SERVERS": kafka.sasl_address, "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "KAFKA_SASL_USERNAME": name, "KAFKA_SSL_CA_FILE": str(certificates.ca_file),
        "KAFKA_SASL_PASSWORD_FILE": held(directory / f"{name}.kafka", KAFKA_SECRETS[name]),
        "KAFKA_SASL_MECHANISM": "PLAIN" if name in PLAIN else "SCRAM-SHA-512",
    }  # fmt: skip
    if name == BY_CERTIFICATE:
        found = {
            "KAFKA_BOOTSTRAP_SERVERS": kafka.ssl_address, "KAFKA_SECURITY_PROTOCOL": "SSL",
            "KAFKA_SSL_CA_FILE": str(certificates.ca_file),
            "KAFKA_SSL_CERT_FILE": str(certificates.client_file(name)),
        }  # fmt: skip
    if name in REDIS_SECRETS:
        certificate = str(certificates.client_file(f"{name}-of-redis"))
        found |= {
            "REDIS_URL": "",
            "REDIS_URL_FILE": held(directory / f"{name}.redis", store.url_of(name, REDIS_SECRETS[name])),
            "REDIS_SSL_CA_FILE": str(certificates.ca_file), "REDIS_SSL_CERT_FILE": certificate,
            "REDIS_SSL_KEY_FILE": certificate,
        }  # fmt: skip
    return found


def held(path: Path, secret: str) -> str:
    path.write_text(f"{secret}\n")
    path.chmod(0o600)
    return str(path)


@pytest.mark.slow
async def test_every_service_does_its_work_with_its_own_rights_and_shows_no_secret(
    secure_kafka: SecureKafka, secure_redis: SecureRedis, certificates: Certificates, sample: Path,
    sample_uris: set[str], tmp_path: Path,
) -> None:  # fmt: skip
    await secure_kafka.allow({f"User:{name}": rights for name, rights in RIGHTS.items()})

    def given(name: str) -> dict[str, str]:
        return settings_of(name, secure_kafka, secure_redis, certificates, tmp_path)

    said: list[str] = []
    with Cluster(secure_kafka.address, "redis://127.0.0.1:1/0", partitions=2, LOG_LEVEL="debug") as cluster:

        def by(name: str, *arguments: str, exits: int = 0) -> str:
            done = cluster.cli(*arguments, **given(name))
            said.append(done.stdout + done.stderr)
            assert done.returncode == exits, f"{name}: {arguments}: {done.stderr}\n{cluster.logs()}"
            return done.stdout

        by("operator", "topics", "create")
        ports = {name: str(free_port()) for name in ("matcher", "updater", "page", "lag", "notifier")}
        subscriptions = tmp_path / "subscriptions.toml"
        subscriptions.write_text('[[subscription]]\nid = "desk"\n[subscription.console]\n')
        extra = {
            "notifier": {"NOTIFIER_SUBSCRIPTIONS": str(subscriptions), "NOTIFIER_START": "earliest"},
            "page": {"PAGE_PORT": "0"},
            "lag": {"LAG_PORT": ports["lag"]},
        }
        services = [
            cluster.start(name, **given(name), **extra.get(name, {}), METRICS_PORT=port if name != "lag" else "")
            for name, port in ports.items()
        ]
        by("ingest", "ingest", str(sample))
        # The matcher writes on `articles` what lies on the wrong partition, and what was under embargo.
        first, second = (a.model_copy(update={"uri": f"urn:x:{n}"}) for n, a in enumerate(articles_of(sample)[:2]))
        soon = datetime.now(UTC) + timedelta(seconds=5)
        await cluster.send_articles([second.model_copy(update={"embargoed_until": soon})])
        right = outgoing(first, PartitionCounts(2, 2))
        await cluster.send([(right.key, right.value, 1 - right.partition, right.headers)])
        await cluster.until(lambda: soon < datetime.now(UTC), "the embargo ends")
        uris = sample_uris | {first.uri, second.uri}
        deadline = time.monotonic() + 60
        while not (found := await cluster.audit(uris)).clean:
            assert time.monotonic() < deadline, (found, cluster.logs())
            await cluster.settled()
        assert found.clean and found.dead_letters == 0, found
        await cluster.until(lambda: "desk" in services[-1].said(), "the notifier tells")
        for name, port in ports.items():
            metrics = f"http://127.0.0.1:{port}/metrics"
            await cluster.until(lambda at=metrics: answers(at, said), f"{name} tells its metrics")
        rows = json.loads(by("operator", "stories", "list", "--json").splitlines()[-1])["stories"]
        by("operator", "show", rows[0]["id"])
        by("operator", "explain", sorted(sample_uris)[0])
        by("operator", "edit", "pin", rows[0]["id"], "--author", "a", "--reason", "b")
        by("operator", "dead-letters", "list")
        by("operator", "check")
        by("lag", "lag", "--json", exits=0)
        by("notifier", "deliveries", "list")
        by("operator", "settings")
        for service in services:
            assert service.running, service.said()
            service.stop()
            said.append(service.said())
        by("operator", "rebuild")
        by("operator", "check")
        # What a service has no right to, it can't do, and is told so in one line.
        denied = cluster.cli("rebuild", **given("page"))
        said.append(denied.stderr)
        assert denied.returncode == 1 and "refuses us" in denied.stderr and "Traceback" not in denied.stderr
    shown = "\n".join(said)
    assert SECRET.search(shown) is None, SECRET.search(shown)
    denials = [line for line in shown.splitlines() if "NOPERM" in line or "AuthorizationFailed" in line]
    assert len(denials) <= 1, denials


def answers(url: str, said: list[str]) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            said.append(answer.read().decode())
            return bool(answer.status == 200)
    except OSError:
        return False


async def test_a_service_may_write_no_topic_of_another(secure_kafka: SecureKafka, certificates: Certificates) -> None:
    await secure_kafka.allow({"User:page": RIGHTS["page"]})
    connection = KafkaConnection(
        secure_kafka.sasl_address, "SASL_SSL", sasl_username="page", sasl_password=KAFKA_SECRETS["page"],
        ssl_ca_file=str(certificates.ca_file),
    )  # fmt: skip
    async with KafkaAdmin(KafkaConnection(secure_kafka.address)) as admin:
        await admin.create_topics(PartitionCounts(2, 2))
    with pytest.raises(Fatal, match="refuses us"):
        async with KafkaPublisher(connection, 10) as publisher:
            await publisher.send([Output("stories", 0, b"k", b"v", ())])
    async with KafkaReader(connection) as reader:
        assert len(await reader.partitions("stories")) == 2
        with pytest.raises(Fatal, match="articles"):
            await reader.partitions("articles")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"sasl_password": "topsecret1"}, "refuses us.*STORYLINE_KAFKA_SASL"),
        ({"sasl_mechanism": "PLAIN"}, "refuses us.*STORYLINE_KAFKA_SASL"),
        ({"ssl_ca_file": "stranger"}, "TLS fails.*STORYLINE_KAFKA_SSL_CA_FILE"),
        ({"ssl_ca_file": "/no/such/file"}, "certificates in /no/such/file can't be read"),
        ({"ssl_cert_file": "/no/such/file"}, "our certificate /no/such/file can't be read"),
    ],
)
async def test_what_kafka_or_its_certificate_refuses_is_fatal_and_named(
    secure_kafka: SecureKafka, certificates: Certificates, changed: dict[str, str], says: str
) -> None:
    right = {
        "sasl_username": "matcher", "sasl_password": KAFKA_SECRETS["matcher"],
        "ssl_ca_file": str(certificates.ca_file),
    }  # fmt: skip
    if changed.get("ssl_ca_file") == "stranger":
        changed = {"ssl_ca_file": str(certificates.stranger_ca_file)}
    connection = KafkaConnection(
        secure_kafka.sasl_address, "SASL_SSL", timeout_seconds=FATAL_SECONDS, **{**right, **changed}
    )
    with pytest.raises(Fatal, match=says) as caught:
        async with KafkaAdmin(connection):
            pass
    assert SECRET.search(str(caught.value)) is None


async def test_a_client_without_a_certificate_is_refused_where_one_is_asked_for(
    secure_kafka: SecureKafka, secure_redis: SecureRedis, certificates: Certificates
) -> None:
    ca_file = str(certificates.ca_file)
    with pytest.raises(Transient, match="does it ask for a certificate"):
        async with KafkaAdmin(KafkaConnection(secure_kafka.ssl_address, "SSL", ssl_ca_file=ca_file)):
            pass
    client = Client.from_url(
        secure_redis.url_of("page", REDIS_SECRETS["page"]), RedisOptions(tls=Tls(ca_file), timeout_seconds=2)
    )
    # Whether the server's alert or the end of its connection is read first is a race.
    with pytest.raises((Fatal, Transient), match=r"TLS fails|does it ask for STORYLINE_REDIS_SSL_CERT_FILE"):
        await client.ping()
    await client.close()


@pytest.mark.parametrize(
    ("user", "password", "authority", "says"),
    [
        ("page", "topsecret2", "ca", "refuses us.*STORYLINE_REDIS_URL"),
        ("default", "topsecret3", "ca", "refuses us.*STORYLINE_REDIS_URL"),
        ("page", REDIS_SECRETS["page"], "stranger", "TLS fails.*STORYLINE_REDIS_SSL"),
    ],
)
async def test_what_redis_or_its_certificate_refuses_is_fatal_and_named(
    secure_redis: SecureRedis, certificates: Certificates, user: str, password: str, authority: str, says: str
) -> None:
    mine = str(certificates.client_file("client"))
    ca_file = str(certificates.ca_file if authority == "ca" else certificates.stranger_ca_file)
    client = Client.from_url(secure_redis.url_of(user, password), RedisOptions(tls=Tls(ca_file, mine, mine)))
    with pytest.raises(Fatal, match=says) as caught:
        await client.ping()
    assert SECRET.search(str(caught.value)) is None
    await client.close()


async def test_a_reader_in_redis_can_write_nothing(secure_redis: SecureRedis, certificates: Certificates) -> None:
    url = secure_redis.url_of("page", REDIS_SECRETS["page"])
    client = Client.from_url(url, RedisOptions(tls=tls(certificates)))
    await client.ping()
    for words in (("HSET", "storyline:{story/x}:head", "version", "9"), ("HGETALL", "storyline:{space/world}:meta"),
                  ("FLUSHALL",), ("CONFIG", "GET", "*")):  # fmt: skip
        with pytest.raises(Fatal, match="refuses us"):
            await client.one(*words)
    await client.close()


def test_files_that_cant_be_read_are_named_before_anything_connects() -> None:
    with pytest.raises(Fatal, match=r"STORYLINE_REDIS_SSL_\*"):
        Client.from_url("rediss://127.0.0.1:1/0", RedisOptions(tls=Tls("/no/such/file")))
