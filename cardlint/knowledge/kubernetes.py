"""Kubernetes: objects of a cluster, which change with deployments, and events of a watch."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Shape

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
DEFINED = "kubernetes.client.custom_object"
"""A custom object, or any object as a dictionary."""
KOPF = (
    ("name", "kopf.name"),
    ("namespace", "kopf.name"),
    ("uid", "kopf.uid"),
    ("reason", "kopf.reason"),
    ("type", "kopf.type"),
    ("body", DEFINED),
    ("meta", f"{DEFINED}[metadata]"),
    ("resource", "kopf.resource"),
)
CHANGES = ("create", "update", "delete", "resume", "field", "event", "validate", "mutate")
"""Arguments and decorators of handlers (kopf, Arguments and Handlers)."""
STATUS = f"{OBJECT}.status.container_statuses[*]"

LIBRARY = Library(
    packages=("kubernetes", "kubernetes_asyncio", "kopf"),
    rows=(
        *leads(
            (f"{EVENT}[object]", OBJECT),
            *((f"kubernetes.client.{api}.{name}().items[*]", OBJECT) for api in APIS for name in LISTS),
            *((f"kubernetes.client.{api}.read_namespaced_{what}()", OBJECT) for api in APIS for what in LISTED),
            *((f"kubernetes.client.CoreV1Api.read_{what}()", OBJECT) for what in CLUSTER),
            *(
                (f"kubernetes.client.CustomObjectsApi.{name}()[items][*]", DEFINED)
                for name in ("list_namespaced_custom_object", "list_cluster_custom_object", "list_custom_object_for_all_namespaces")
            ),
            *(
                (f"kubernetes.client.CustomObjectsApi.{name}()", DEFINED)
                for name in ("get_namespaced_custom_object", "get_cluster_custom_object")
            ),
        ),
        *bounded(5, "message-type", "the kind of change of an object", f"{EVENT}[type]"),
        *deployment(
            "inventory",
            "an object of the cluster",
            *below(OBJECT, ".metadata.name", ".metadata.namespace", ".metadata.labels[]", ".spec.node_name", ".involved_object.name"),
        ),
        *deployment(
            "inventory",
            "an object of the cluster",
            *below(DEFINED, "[metadata][name]", "[metadata][namespace]", "[metadata][labels][]", "[kind]", "[apiVersion]"),
            "kopf.name",
            *below("kopf.resource", ".plural", ".kind", ".group", ".version"),
            *below(OBJECT, ".involved_object.namespace", ".spec.service_account_name", ".metadata.owner_references[*].name"),
            *below(OBJECT, ".spec.containers[*].name", ".spec.containers[*].image"),
            *below(STATUS, ".name", ".image"),
            *below(OBJECT, *(f".status.node_info.{name}" for name in ("kubelet_version", "os_image", "kernel_version", "architecture"))),
        ),
        *deployment("inventory", "the id of a container, new with every start", f"{STATUS}.container_id"),
        *deployment(
            "inventory",
            "a reason that a controller gives, one of the words in its code",
            *below(OBJECT, ".reason", ".status.reason", ".status.conditions[*].reason", ".status.conditions[*].type"),
            *below(STATUS, ".state.waiting.reason", ".state.terminated.reason", ".last_state.terminated.reason"),
        ),
        *bounded(3, "state", "state of a condition", f"{OBJECT}.status.conditions[*].status"),
        *bounded(3, "code-name", "quality of service", f"{OBJECT}.status.qos_class"),
        *bounded(7, "reason", "why a handler is called", "kopf.reason"),
        *bounded(4, "message-type", "the kind of change of an object", "kopf.type"),
        *unbounded("free-text", "the text of a condition", f"{OBJECT}.status.conditions[*].message", advice="its `reason`"),
        *unbounded("uuid", "the id of one object", *below(OBJECT, ".metadata.uid"), f"{DEFINED}[metadata][uid]", "kopf.uid", advice=LOG),
        *unbounded(
            "identity",
            "the version of one object",
            *below(OBJECT, ".metadata.resource_version"),
            f"{DEFINED}[metadata][resourceVersion]",
            advice=LOG,
        ),
        *unbounded("time", "a point in time", f"{DEFINED}[metadata][creationTimestamp]", advice=LOG),
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
    shapes=(
        *(Shape("kopf", KOPF, decorator=f"kopf.on.{change}()", by_keyword=True) for change in CHANGES),
        *(Shape("kopf", KOPF, decorator=f"kopf.{kind}()", by_keyword=True) for kind in ("timer", "daemon", "index")),
    ),
    aliases=(
        ("kubernetes_asyncio.watch.Watch", "kubernetes.watch.Watch"),
        ("kubernetes.watch.watch.Watch", "kubernetes.watch.Watch"),
        ("kubernetes_asyncio.client.CustomObjectsApi", "kubernetes.client.CustomObjectsApi"),
        ("kubernetes.client.ApiException", "kubernetes.client.exceptions.ApiException"),
        ("kubernetes.client.rest.ApiException", "kubernetes.client.exceptions.ApiException"),
        *((f"kubernetes_asyncio.client.{api}", f"kubernetes.client.{api}") for api in APIS),
        *(
            (f"kubernetes.client.{name}", OBJECT)
            for name in (
                "V1Pod",
                "V1Node",
                "V1Job",
                "V1Deployment",
                "CoreV1Event",
                "V1Namespace",
                "V1Service",
                "V1ReplicaSet",
                "V1StatefulSet",
                "V1DaemonSet",
                "V1CronJob",
            )
        ),
    ),
)
"""Kopf 1.42, `_core/intents/causes.py`; Kubernetes Python client 33 and 35, `watch.Watch` and `client`; Kubernetes API Concepts: Efficient
detection of changes; Pod Lifecycle; API conventions: conditions and reasons."""
