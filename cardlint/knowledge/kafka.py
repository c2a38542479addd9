"""Kafka, AMQP and MQTT clients: messages."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Shape

LIBRARY = Library(
    packages=("confluent_kafka", "aiokafka", "kafka", "pika", "aio_pika", "paho"),
    rows=(
        *deployment(
            "inventory",
            "a topic",
            "confluent_kafka.Message.topic()",
            "aiokafka.ConsumerRecord.topic",
            "kafka.consumer.fetcher.ConsumerRecord.topic",
            "confluent_kafka.TopicPartition.topic",
        ),
        *bounded(
            50,
            "partition",
            "partition of a topic",
            "confluent_kafka.Message.partition()",
            "aiokafka.ConsumerRecord.partition",
            "confluent_kafka.TopicPartition.partition",
        ),
        *unbounded(
            "payload",
            "content of a message",
            *below("confluent_kafka.Message", ".offset()", ".key()", ".value()", ".headers()", ".timestamp()"),
            *below("aiokafka.ConsumerRecord", ".offset", ".key", ".value", ".headers", ".timestamp"),
            "pika.BasicProperties.message_id",
            "pika.BasicProperties.correlation_id",
            "paho.mqtt.client.MQTTMessage.payload",
            advice=LOG,
        ),
        *deployment("inventory", "a topic", "paho.mqtt.client.MQTTMessage.topic"),
        *bounded(3, "quality", "quality of service", "paho.mqtt.client.MQTTMessage.qos"),
        *bounded(2, "boolean", "a flag of a message", "paho.mqtt.client.MQTTMessage.retain", "paho.mqtt.client.MQTTMessage.dup"),
        *bounded(190, "error-code", "Kafka error code", "confluent_kafka.KafkaError.code()", "confluent_kafka.KafkaError.name()"),
        *unbounded(
            "free-text", "text of an error", "confluent_kafka.KafkaError.str()", "confluent_kafka.KafkaError", advice="its `name()`"
        ),
        *leads(
            ("confluent_kafka.Consumer.poll()", "confluent_kafka.Message"),
            ("confluent_kafka.Message.error()", "confluent_kafka.KafkaError"),
            ("aiokafka.AIOKafkaConsumer[*]", "aiokafka.ConsumerRecord"),
            ("aiokafka.AIOKafkaConsumer.getone()", "aiokafka.ConsumerRecord"),
            ("kafka.KafkaConsumer[*]", "aiokafka.ConsumerRecord"),
            ("confluent_kafka.Consumer.consume()[*]", "confluent_kafka.Message"),
        ),
    ),
    shapes=(
        Shape("kafka", (("err", "confluent_kafka.KafkaError"), ("msg", "confluent_kafka.Message")), signature=("err", "msg")),
        Shape("mqtt", (("#2", "paho.mqtt.client.MQTTMessage"),), attribute="paho.mqtt.client.Client.on_message"),
    ),
    aliases=(("aiokafka.structs.ConsumerRecord", "aiokafka.ConsumerRecord"), ("confluent_kafka.cimpl.Message", "confluent_kafka.Message")),
)
