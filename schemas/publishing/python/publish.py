"""Publish the articles in JSON files: python publish.py FILE…   (needs: pip install aiokafka)"""

import asyncio
import json
import os
import sys
from pathlib import Path

from aiokafka import AIOKafkaProducer


async def main(paths: list[str]) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=os.environ["STORYLINE_KAFKA_BOOTSTRAP_SERVERS"],
        acks="all",
        enable_idempotence=True,  # a retry after a lost answer doesn't become a second record
    )
    async with producer:
        for path in paths:
            value = Path(path).read_bytes()
            article = json.loads(value)
            # The key is the space; the default partitioner places it as every other client of Kafka does.
            sent = await producer.send_and_wait(
                os.environ.get("TOPIC", "articles"), value, key=(article.get("space") or "world").encode()
            )
            print(f"{article['uri']}: partition {sent.partition}, offset {sent.offset}")


asyncio.run(main(sys.argv[1:]))
