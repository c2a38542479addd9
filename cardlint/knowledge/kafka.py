"""Kafka, AMQP and MQTT clients: messages."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Shape

QUEUE, DELIVERED = "aio_pika.Queue", "aio_pika.IncomingMessage"
PUBLISHED, PROPERTIES, BODY = "pika.spec.Basic.Deliver", "pika.BasicProperties", "pika.body"
SENT = (PUBLISHED, DELIVERED)
TOPIC = "paho.mqtt.client.MQTTMessage"

LIBRARY = Library(
    packages=("confluent_kafka", "aiokafka", "kafka", "pika", "aio_pika", "paho", "aiomqtt"),
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
            "aiomqtt.Message.payload",
            BODY,
            *below(DELIVERED, ".body", ".headers"),
            advice=LOG,
        ),
        *unbounded(
            "identity",
            "the id of one message",
            f"{PUBLISHED}.delivery_tag",
            f"{PROPERTIES}.reply_to",
            *below(DELIVERED, ".message_id", ".correlation_id", ".delivery_tag", ".reply_to"),
            advice=LOG,
        ),
        *unbounded("payload", "content of a message", f"{PROPERTIES}.headers", advice=LOG),
        *deployment("inventory", "an exchange", *(f"{of}.exchange" for of in SENT)),
        *bounded(2, "boolean", "whether a message was delivered before", *(f"{of}.redelivered" for of in SENT)),
        *deployment("process", "a consumer of this process", *(f"{of}.consumer_tag" for of in SENT)),
        *deployment("inventory", "a topic", *below("aiomqtt.Message.topic", "", ".value")),
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
            *(
                (f"aiokafka.AIOKafkaConsumer.getmany().{part}", "aiokafka.ConsumerRecord")
                for part in ("items()[*][1][*]", "values()[*][*]")
            ),
            ("aiokafka.AIOKafkaConsumer.getmany().items()[*][0]", "confluent_kafka.TopicPartition"),
            ("aiomqtt.Client.messages[*]", "aiomqtt.Message"),
            *((f"aio_pika.{name}()", "aio_pika.Connection") for name in ("connect", "connect_robust")),
            ("aio_pika.Connection.channel()", "aio_pika.Channel"),
            *((f"aio_pika.Channel.{name}()", QUEUE) for name in ("declare_queue", "get_queue")),
            *((f"{QUEUE}{part}", DELIVERED) for part in (".iterator()[*]", "[*]", ".get()")),
            ("pika.BlockingConnection.channel()", "pika.Channel"),
            *((f"pika.Channel.consume()[*][{index}]", given) for index, given in enumerate((PUBLISHED, PROPERTIES, BODY))),
            *((f"pika.Channel.basic_get()[{index}]", given) for index, given in enumerate((PUBLISHED, PROPERTIES, BODY))),
        ),
    ),
    shapes=(
        Shape("kafka", (("err", "confluent_kafka.KafkaError"), ("msg", "confluent_kafka.Message")), signature=("err", "msg")),
        Shape("mqtt", (("#2", "paho.mqtt.client.MQTTMessage"),), attribute="paho.mqtt.client.Client.on_message"),
        Shape("mqtt", (("#2", TOPIC),), decorator="paho.mqtt.client.Client.topic_callback()"),
        Shape("mqtt", (("#2", TOPIC),), passed=".message_callback_add()", places=("#1", "callback")),
        Shape(
            "pika",
            (("#1", PUBLISHED), ("#2", PROPERTIES), ("#3", BODY)),
            passed=".basic_consume()",
            places=("#1", "on_message_callback"),
        ),
        Shape("aio_pika", (("#0", DELIVERED),), passed=f"{QUEUE}.consume()", places=("#0", "callback")),
    ),
    aliases=(
        ("aiomqtt.client.Message", "aiomqtt.Message"),
        ("aio_pika.abc.AbstractIncomingMessage", DELIVERED),
        ("aio_pika.message.IncomingMessage", DELIVERED),
        ("aiokafka.structs.ConsumerRecord", "aiokafka.ConsumerRecord"),
        ("confluent_kafka.cimpl.Message", "confluent_kafka.Message"),
    ),
)
