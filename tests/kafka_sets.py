"""Three Apache Kafka nodes that belong together."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self

from .servers import KafkaBroker, cluster_id_of_its_own, free_ports


class KafkaCluster:
    """Three brokers on loopback, each also a controller; internal topics with three copies, two in step."""

    def __init__(self) -> None:
        cluster = cluster_id_of_its_own()
        ports, controllers = free_ports(3), free_ports(3)
        self.brokers = [
            KafkaBroker(port, cluster_id=cluster, properties=_properties(number, port, controllers))
            for number, port in enumerate(ports, start=1)
        ]

    @property
    def address(self) -> str:
        return ",".join(broker.address for broker in self.brokers)

    def start(self) -> Self:
        """All at once: it takes a while. Raises Missing."""
        KafkaBroker.fetch()
        with ThreadPoolExecutor(len(self.brokers)) as pool:
            for started in [pool.submit(broker.start) for broker in self.brokers]:
                started.result()
        return self

    def close(self) -> None:
        for broker in self.brokers:
            broker.kill()  # nothing of it is needed again, and an orderly end waits for the others
            broker.close()


def _properties(number: int, port: int, controllers: Sequence[int]) -> dict[str, str]:
    copies = ("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")
    in_step = ("transaction.state.log", "share.coordinator.state.topic")
    return {
        "process.roles": "broker,controller",
        "node.id": str(number),
        "controller.quorum.voters": ",".join(f"{n}@127.0.0.1:{at}" for n, at in enumerate(controllers, start=1)),
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controllers[number - 1]}",
        # A busy machine is no dead one.
        "broker.session.timeout.ms": "6000",
        "broker.heartbeat.interval.ms": "1000",
        **{f"{name}.replication.factor": "3" for name in copies},
        **{f"{name}.min.isr": "2" for name in in_step},
    }
