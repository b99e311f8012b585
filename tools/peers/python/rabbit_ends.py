"""A RabbitMQ reader and a producer as other programs have them: JSON, and no id."""

import json
from typing import Any

import pika

PERSISTENT = 2


def _open(command: dict[str, Any]) -> pika.BlockingConnection:
    return pika.BlockingConnection(pika.URLParameters(command["url"]))


def declare(command: dict[str, Any]) -> None:
    """Declares `queue` as a program does that knows it by its name alone."""
    with _open(command) as connection:
        connection.channel().queue_declare(command["queue"], durable=command["durable"])


def read(command: dict[str, Any]) -> list[dict[str, Any]]:
    """The first `count` messages of `queue`, or what came before `timeoutMs` of silence."""
    found: list[dict[str, Any]] = []
    with _open(command) as connection:
        channel = connection.channel()
        silence = command["timeoutMs"] / 1_000
        messages = channel.consume(command["queue"], inactivity_timeout=silence)
        for method, properties, body in messages:
            if method is None:
                break
            found.append(_told(properties, body.decode()))
            channel.basic_ack(method.delivery_tag)
            if len(found) == command["count"]:
                break
        channel.cancel()
    return found


def _told(properties: pika.BasicProperties, text: str) -> dict[str, Any]:
    return {
        "text": text,
        "json": json.loads(text),
        "contentType": properties.content_type,
        "persistent": properties.delivery_mode == PERSISTENT,
        "messageId": properties.message_id,
    }


def write(command: dict[str, Any]) -> None:
    """Sends `texts` to `queue` by the default exchange, and returns when all are confirmed."""
    properties = pika.BasicProperties(content_type="application/json", delivery_mode=PERSISTENT)
    with _open(command) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        for text in command["texts"]:
            channel.basic_publish("", command["queue"], text.encode(), properties, mandatory=True)
