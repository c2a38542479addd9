"""Kubernetes: objects of a cluster, which change with deployments, and events of a watch."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library

EVENT, OBJECT = "kubernetes.watch.Watch.stream()[*]", "kubernetes.client.KubernetesObject"
LISTED = (
    *("pod", "service", "deployment", "job", "event", "endpoints", "config_map", "secret"),
    *("daemon_set", "stateful_set", "replica_set", "cron_job", "ingress", "persistent_volume_claim"),
)
CLUSTER = ("node", "namespace", "persistent_volume")
APIS = ("CoreV1Api", "AppsV1Api", "BatchV1Api", "NetworkingV1Api")
LISTS = (
    *(f"list_{verb}" for verb in CLUSTER),
    *(f"list_{scope}" for what in LISTED for scope in (f"namespaced_{what}", f"{what}_for_all_namespaces")),
)

LIBRARY = Library(
    packages=("kubernetes", "kubernetes_asyncio"),
    rows=(
        *leads(
            (f"{EVENT}[object]", OBJECT),
            *((f"kubernetes.client.{api}.{name}().items[*]", OBJECT) for api in APIS for name in LISTS),
            *((f"kubernetes.client.{api}.read_namespaced_{what}()", OBJECT) for api in APIS for what in LISTED),
        ),
        *bounded(5, "message-type", "the kind of change of an object", f"{EVENT}[type]"),
        *deployment(
            "inventory",
            "an object of the cluster",
            *below(OBJECT, ".metadata.name", ".metadata.namespace", ".metadata.labels[]", ".spec.node_name", ".involved_object.name"),
        ),
        *unbounded("uuid", "the id of one object", *below(OBJECT, ".metadata.uid"), advice=LOG),
        *unbounded("identity", "the version of one object", *below(OBJECT, ".metadata.resource_version"), advice=LOG),
        *unbounded("time", "a point in time", *below(OBJECT, ".metadata.creation_timestamp", ".status.start_time"), advice=LOG),
        *unbounded("free-text", "the text of an event", *below(OBJECT, ".message", ".status.message"), advice="the reason of the event"),
        *unbounded("address", "an address in the cluster", *below(OBJECT, ".status.pod_ip", ".status.host_ip"), advice=LOG),
        *bounded(10, "state", "the phase of an object", OBJECT + ".status.phase"),
        *bounded(30, "code-name", "the kind of an object", OBJECT + ".kind", OBJECT + ".involved_object.kind"),
        *bounded(62, "status", "HTTP status", "kubernetes.client.exceptions.ApiException.status"),
        *unbounded(
            "exception-text",
            "the text of an exception",
            *below("kubernetes.client.exceptions.ApiException", "", ".body"),
            advice="its `status`",
        ),
    ),
    aliases=(
        ("kubernetes_asyncio.watch.Watch", "kubernetes.watch.Watch"),
        ("kubernetes.watch.watch.Watch", "kubernetes.watch.Watch"),
        ("kubernetes.client.ApiException", "kubernetes.client.exceptions.ApiException"),
        ("kubernetes.client.rest.ApiException", "kubernetes.client.exceptions.ApiException"),
        *((f"kubernetes_asyncio.client.{api}", f"kubernetes.client.{api}") for api in APIS),
        *((f"kubernetes.client.{name}", OBJECT) for name in ("V1Pod", "V1Node", "V1Job", "V1Deployment", "CoreV1Event")),
    ),
)
"""Kubernetes Python client 33, `watch.Watch` and `client`; Kubernetes API Concepts: Efficient detection of changes; Pod Lifecycle."""
