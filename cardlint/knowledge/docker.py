"""Docker: the containers of a host, which change with deployments."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library

CLIENT, CONTAINER, SUMMARY = "docker.DockerClient", "docker.models.containers.Container", "docker.APIClient.containers()[*]"

EVENT = f"{CLIENT}.events()[*]"
"""What happened to an object of the host. What it is called is no fixed set: `exec_create` and `exec_start` have the command behind a
colon, and `health_status` its result (Moby, API types: events; daemon/exec.go)."""

LIBRARY = Library(
    packages=("docker",),
    rows=(
        *leads(
            ("docker.from_env()", CLIENT),
            (CLIENT + ".containers.list()[*]", CONTAINER),
            (CLIENT + ".containers.get()", CONTAINER),
            (CLIENT + ".containers.run()", CONTAINER),
        ),
        *deployment("inventory", "the id of a container, new with every deployment", *below(CONTAINER, ".id", ".short_id")),
        *deployment(
            "inventory",
            "a container of the host",
            *below(CONTAINER, ".name", ".image.tags[]", ".image.tags[*]", ".image.id", ".labels[]"),
        ),
        *deployment(
            "inventory",
            "the id of a container, new with every deployment",
            *(EVENT + part for part in ("[Actor][ID]", "[id]")),
        ),
        *deployment("inventory", "a container of the host", *below(EVENT, "[Actor][Attributes][name]", "[from]")),
        *bounded(15, "message-type", "the kind of object that an event is about", EVENT + "[Type]"),
        *unbounded("time", "a point in time", *below(EVENT, "[time]", "[timeNano]"), advice=LOG),
        *deployment("inventory", "the id of a container, new with every deployment", SUMMARY + "[Id]", CONTAINER + ".attrs[Id]"),
        *deployment(
            "inventory",
            "a container of the host",
            *below(CONTAINER, ".image.short_id", ".attrs[Name]", ".attrs[Config][Image]", ".attrs[Image]"),
            *below(SUMMARY, "[Names][0]", "[Names][*]", "[Image]", "[ImageID]"),
        ),
        *deployment(
            "inventory",
            "an image, a network or a volume of the host",
            *(f"{CLIENT}.{kind}.list()[*].name" for kind in ("networks", "volumes", "services")),
            *(f"{CLIENT}.{kind}.list()[*].id" for kind in ("networks", "volumes", "services", "images", "nodes")),
            *below(f"{CLIENT}.images.list()[*]", ".tags[*]", ".tags[0]", ".short_id"),
        ),
        *unbounded("program-output", "what a container printed", *below(CONTAINER, ".logs()", ".exec_run()[1]"), advice=LOG),
        *unbounded("free-text", "how long a container is in its state", SUMMARY + "[Status]", advice="its `State`"),
        *bounded(7, "state", "state of a container", SUMMARY + "[State]", CONTAINER + ".attrs[State][Status]"),
        *bounded(7, "state", "state of a container", CONTAINER + ".status", CONTAINER + ".health"),
    ),
    aliases=(("docker.client.DockerClient", CLIENT), ("docker.client.from_env()", CLIENT)),
)
