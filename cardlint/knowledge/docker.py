"""Docker: the containers of a host, which change with deployments."""

from __future__ import annotations

from cardlint.knowledge.rows import below, bounded, deployment, leads
from cardlint.knowledge.schema import Library

CLIENT, CONTAINER = "docker.DockerClient", "docker.models.containers.Container"

LIBRARY = Library(
    packages=("docker",),
    rows=(
        *leads(
            ("docker.from_env()", CLIENT),
            (CLIENT + ".containers.list()[*]", CONTAINER),
            (CLIENT + ".containers.get()", CONTAINER),
            (CLIENT + ".containers.run()", CONTAINER),
        ),
        *deployment("container", "the id of a container, new with every deployment", *below(CONTAINER, ".id", ".short_id")),
        *deployment(
            "inventory",
            "a container of the host",
            *below(CONTAINER, ".name", ".image.tags[]", ".image.tags[*]", ".image.id", ".labels[]"),
        ),
        *bounded(7, "state", "state of a container", CONTAINER + ".status", CONTAINER + ".health"),
    ),
    aliases=(("docker.client.DockerClient", CLIENT), ("docker.client.from_env()", CLIENT)),
)
