"""A Kafka reader and a producer as other programs have them: JSON, and no header of ours."""

import json
import time
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

POLL_MS = 200


def read(command: dict[str, Any]) -> list[dict[str, Any]]:
    """The first `count` messages of `topic`, or what there is of them after `timeoutMs`."""
    consumer = KafkaConsumer(
        bootstrap_servers=command["brokers"], auto_offset_reset="earliest", enable_auto_commit=False
    )
    until = time.monotonic() + command["timeoutMs"] / 1_000
    found: list[dict[str, Any]] = []
    try:
        partitions = consumer.partitions_for_topic(command["topic"]) or ()
        consumer.assign([TopicPartition(command["topic"], each) for each in partitions])
        while len(found) < command["count"] and time.monotonic() < until:
            for records in consumer.poll(timeout_ms=POLL_MS).values():
                found.extend(_told(record) for record in records)
    finally:
        consumer.close()
    return found


def _told(record: Any) -> dict[str, Any]:
    text = record.value.decode()
    return {
        "text": text,
        "json": json.loads(text),
        "key": None if record.key is None else record.key.decode(),
        "headers": {name: value.decode() for name, value in record.headers},
    }


def write(command: dict[str, Any]) -> None:
    """Sends `texts` to `topic`, and returns when all are acknowledged."""
    producer = KafkaProducer(bootstrap_servers=command["brokers"], acks="all")
    try:
        sent = [producer.send(command["topic"], text.encode()) for text in command["texts"]]
        for each in sent:
            each.get(timeout=command["timeoutMs"] / 1_000)
    finally:
        producer.close()
