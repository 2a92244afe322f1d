"""Apache Kafka and redis-server with TLS, users and rights. Certificates are made for the occasion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import trustme
from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.admin import CreateAclsRequest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from storyline.rights import Acl, Rights

from .servers import KafkaBroker, RedisServer, free_port

RESOURCES = {"Topic": 2, "Group": 3, "Cluster": 4, "TransactionalId": 5}
OPERATIONS = {"Read": 3, "Write": 4, "Create": 5, "Describe": 8, "DescribeConfigs": 10}
LITERAL, PREFIXED, ALLOW = 3, 4, 3


class Certificates:
    """An authority of our own, a server's certificate for 127.0.0.1, and one for each client, in PEM files."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._authority = trustme.CA()
        self.ca_file = directory / "ca.pem"
        self._authority.cert_pem.write_to_path(str(self.ca_file))
        self.server_file = self._write("server", self._authority.issue_cert("127.0.0.1"))
        stranger = directory / "stranger.pem"
        trustme.CA().cert_pem.write_to_path(str(stranger))
        self.stranger_ca_file = stranger
        """An authority that has signed nothing here."""

    def client_file(self, name: str) -> Path:
        return self._write(name, self._authority.issue_cert(f"{name}.invalid", common_name=name))

    def _write(self, name: str, leaf: trustme.LeafCert) -> Path:
        """Key (PKCS #8, as Kafka wants it) and chain in one file."""
        key = load_pem_private_key(leaf.private_key_pem.bytes(), None)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        chain = b"".join(blob.bytes() for blob in leaf.cert_chain_pems)
        path = self._directory / f"{name}.pem"
        path.write_bytes(pem + chain + self.ca_file.read_bytes())
        return path


class SecureKafka(KafkaBroker):
    """PLAINTEXT for who sets up and audits (all rights), SASL_SSL with SCRAM and PLAIN, SSL with certificates."""

    name = "secure-kafka"

    def __init__(self, certificates: Certificates, scram: Mapping[str, str], plain: Mapping[str, str]) -> None:
        self.sasl_port, self.ssl_port = free_port(), free_port()
        controller, port = free_port(), free_port()
        users = " ".join(f'user_{name}="{password}"' for name, password in plain.items())
        super().__init__(
            port,
            properties={
                "controller.quorum.voters": f"1@127.0.0.1:{controller}",
                "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller},"
                f"SASL_SSL://127.0.0.1:{self.sasl_port},SSL://127.0.0.1:{self.ssl_port}",
                "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port},"
                f"SASL_SSL://127.0.0.1:{self.sasl_port},SSL://127.0.0.1:{self.ssl_port}",
                "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL",
                "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users": "User:ANONYMOUS",
                "sasl.enabled.mechanisms": "SCRAM-SHA-512,PLAIN",
                "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config":
                    "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                "listener.name.sasl_ssl.plain.sasl.jaas.config":
                    f"org.apache.kafka.common.security.plain.PlainLoginModule required {users};",
                "ssl.keystore.type": "PEM",
                "ssl.keystore.location": str(certificates.server_file),
                "ssl.truststore.type": "PEM",
                "ssl.truststore.location": str(certificates.ca_file),
                "listener.name.ssl.ssl.client.auth": "required",
                # The user is the name alone, not all of the certificate's subject.
                "ssl.principal.mapping.rules": "RULE:^.*CN=([^,]+).*$/$1/,DEFAULT",
            },
            format_options=tuple(
                word
                for name, password in scram.items()
                for word in ("--add-scram", f"SCRAM-SHA-512=[name={name},password={password}]")
            ),
        )  # fmt: skip

    @property
    def sasl_address(self) -> str:
        return f"127.0.0.1:{self.sasl_port}"

    @property
    def ssl_address(self) -> str:
        return f"127.0.0.1:{self.ssl_port}"

    async def allow(self, principals: Mapping[str, Rights]) -> None:
        """Give each principal exactly these rights."""
        client = AIOKafkaClient(bootstrap_servers=self.address)
        await client.bootstrap()
        try:
            node = client.cluster.brokers().pop().nodeId
            for principal, rights in principals.items():
                for acl in rights.kafka():
                    answer: Any = await client.send(node, _creation(principal, acl))
                    assert [code for code, _ in answer.creation_responses] == [0], answer
        finally:
            await client.close()


def _creation(principal: str, acl: Acl) -> CreateAclsRequest:
    pattern = PREFIXED if acl.prefixed else LITERAL
    return CreateAclsRequest(
        RESOURCES[acl.resource], acl.name, pattern, principal, "*", OPERATIONS[acl.operation], ALLOW
    )


class SecureRedis(RedisServer):
    """TLS alone, client certificates checked; the default user is off, each service's user has its rights."""

    name = "secure-redis"

    def __init__(self, certificates: Certificates, users: Iterable[tuple[str, str, Rights]]) -> None:
        super().__init__()
        self.users = self.directory / "users.acl"
        lines = [f"user {name} on >{password} {' '.join(rights.redis())}" for name, password, rights in users]
        self.users.write_text("\n".join(["user default off", *lines]) + "\n")
        self._options = (
            "--port", "0", "--tls-port", str(self.port), "--tls-cert-file", str(certificates.server_file),
            "--tls-key-file", str(certificates.server_file), "--tls-ca-cert-file", str(certificates.ca_file),
            "--tls-auth-clients", "yes", "--aclfile", str(self.users),
        )  # fmt: skip

    def url_of(self, user: str, password: str) -> str:
        return f"rediss://{user}:{password}@{self.address}/0"

    def ready(self) -> bool:
        return super(RedisServer, self).ready()
