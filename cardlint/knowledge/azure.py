"""Azure: messages of Service Bus, Event Hubs and Storage Queues, and the names of blobs."""

from __future__ import annotations

from cardlint.knowledge.rows import FIXED_SET, LOG, below, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Shape

BUS, RECEIVER, MESSAGE = (
    "azure.servicebus.ServiceBusClient",
    "azure.servicebus.ServiceBusReceiver",
    "azure.servicebus.ServiceBusReceivedMessage",
)
HUB, EVENT, PLACE = "azure.eventhub.EventHubConsumerClient", "azure.eventhub.EventData", "azure.eventhub.PartitionContext"
QUEUE, QUEUED = "azure.storage.queue.QueueClient", "azure.storage.queue.QueueMessage"
BLOBS, CONTAINER, BLOB = (f"azure.storage.blob.{name}" for name in ("BlobServiceClient", "ContainerClient", "BlobProperties"))

LIBRARY = Library(
    packages=("azure",),
    rows=(
        *leads(
            *((f"{owner}.from_connection_string()", owner) for owner in (BUS, HUB, QUEUE, BLOBS, CONTAINER)),
            *((f"{BUS}.{name}()", RECEIVER) for name in ("get_queue_receiver", "get_subscription_receiver")),
            *((f"{RECEIVER}{part}", MESSAGE) for part in ("[*]", ".receive_messages()[*]", ".peek_messages()[*]")),
            *((f"{QUEUE}.{name}()[*]", QUEUED) for name in ("receive_messages", "peek_messages")),
            (f"{QUEUE}.receive_message()", QUEUED),
            (f"{BLOBS}.get_container_client()", CONTAINER),
            *((f"{CONTAINER}.{name}()[*]", BLOB) for name in ("list_blobs", "walk_blobs")),
        ),
        *unbounded(
            "payload",
            "content of a message",
            *below(MESSAGE, ".body", ".application_properties"),
            *below(EVENT, ".body", ".body_as_str()", ".body_as_json()", ".properties"),
            f"{QUEUED}.content",
            advice=FIXED_SET,
        ),
        *unbounded(
            "identity",
            "the id of one message",
            *below(MESSAGE, ".message_id", ".correlation_id", ".session_id", ".sequence_number", ".lock_token", ".partition_key"),
            *below(EVENT, ".message_id", ".sequence_number", ".offset", ".partition_key"),
            *below(QUEUED, ".id", ".pop_receipt"),
            advice=LOG,
        ),
        *unbounded(
            "file-path",
            "the name of a blob in a container",
            f"{BLOB}.name",
            f"{CONTAINER}.list_blob_names()[*]",
            advice="the name of the container, or the first part of the name when it is one you know",
        ),
        *unbounded("identity", "one state of a blob", f"{BLOB}.etag", advice=LOG),
        *deployment("inventory", "a partition of the hub", f"{PLACE}.partition_id"),
        *deployment("inventory", "a hub", *below(PLACE, ".eventhub_name", ".consumer_group")),
    ),
    shapes=(Shape("azure", (("#0", PLACE), ("#1", EVENT)), passed=f"{HUB}.receive()", places=("#0", "on_event")),),
    aliases=(
        ("azure.servicebus.aio.ServiceBusClient", BUS),
        ("azure.servicebus.aio.ServiceBusReceiver", RECEIVER),
        ("azure.eventhub.aio.EventHubConsumerClient", HUB),
        ("azure.storage.queue.aio.QueueClient", QUEUE),
        ("azure.storage.blob.aio.BlobServiceClient", BLOBS),
        ("azure.storage.blob.aio.ContainerClient", CONTAINER),
    ),
)
"""azure-servicebus 7.15, azure-eventhub 5.15, azure-storage-queue 12.18, azure-storage-blob 12.31: their classes and properties."""
