"""Three Apache Kafka nodes that belong together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Self

from .servers import KafkaBroker, cluster_id_of_its_own, free_port


class KafkaCluster:
    """Three brokers on loopback, the first also the controller; internal topics with three copies, two in step."""

    def __init__(self) -> None:
        cluster = cluster_id_of_its_own()
        controller = free_port()
        self.brokers = [
            KafkaBroker(port := free_port(), cluster_id=cluster, properties=_properties(number, port, controller))
            for number in (1, 2, 3)
        ]

    @property
    def address(self) -> str:
        return ",".join(broker.address for broker in self.brokers)

    def broker(self, node_id: int) -> KafkaBroker:
        return self.brokers[node_id - 1]

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


def _properties(number: int, port: int, controller: int) -> dict[str, str]:
    copies = ("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")
    in_step = ("transaction.state.log", "share.coordinator.state.topic")
    listeners = f"PLAINTEXT://127.0.0.1:{port}"
    return {
        "process.roles": "broker,controller" if number == 1 else "broker",
        "node.id": str(number),
        "controller.quorum.voters": f"1@127.0.0.1:{controller}",
        "listeners": f"{listeners},CONTROLLER://127.0.0.1:{controller}" if number == 1 else listeners,
        # A busy machine is no dead one.
        "broker.session.timeout.ms": "6000",
        "broker.heartbeat.interval.ms": "1000",
        **{f"{name}.replication.factor": "3" for name in copies},
        **{f"{name}.min.isr": "2" for name in in_step},
    }
