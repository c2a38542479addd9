"""gidgethub: events that GitHub posts to a webhook."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, people, unbounded
from cardlint.knowledge.schema import Library, Shape

EVENT = "gidgethub.sansio.Event"
DATA = f"{EVENT}.data"
PERSON = "a person on GitHub"
WRITTEN = tuple(f"{DATA}[{thing}]" for thing in ("pull_request", "issue", "comment", "review"))

LIBRARY = Library(
    packages=("gidgethub",),
    rows=(
        *bounded(75, "message-type", "the name of an event", f"{EVENT}.event"),
        *bounded(40, "message-type", "what happened", f"{DATA}[action]"),
        *unbounded("identity", "the id of one delivery", f"{EVENT}.delivery_id", advice=LOG),
        *deployment(
            "inventory",
            "a repository or an organization that is watched",
            *below(f"{DATA}[repository]", "[name]", "[full_name]", "[id]", "[owner][login]", "[default_branch]"),
            *below(DATA, "[installation][id]", "[organization][login]"),
        ),
        *people(
            PERSON,
            *below(f"{DATA}[sender]", "[login]", "[id]"),
            *(f"{thing}[user][{name}]" for thing in WRITTEN for name in ("login", "id")),
        ),
        *unbounded(
            "identity",
            "the number of an issue or a change",
            *(f"{thing}[{name}]" for thing in WRITTEN[:2] for name in ("number", "id")),
            f"{DATA}[number]",
            advice=LOG,
        ),
        *unbounded(
            "free-text", "text that a person wrote", *(f"{thing}[{name}]" for thing in WRITTEN for name in ("title", "body")), advice=LOG
        ),
        *unbounded(
            "identity",
            "the hash of a commit",
            *below(DATA, "[after]", "[before]", "[head_commit][id]", "[pull_request][head][sha]", "[workflow_run][head_sha]"),
            advice=LOG,
        ),
        *unbounded(
            "identity", "the id of one run", *below(DATA, "[workflow_run][id]", "[check_run][id]", "[workflow_job][id]"), advice=LOG
        ),
        *unbounded(
            "free-text",
            "the name of a branch",
            *below(DATA, "[ref]", "[pull_request][head][ref]", "[workflow_run][head_branch]"),
            advice="whether it is the default branch",
        ),
        *bounded(2, "state", "whether an issue is closed", *(f"{thing}[state]" for thing in WRITTEN[:2])),
    ),
    shapes=(
        Shape("gidgethub", (("#0", EVENT),), decorator="gidgethub.routing.Router.register()"),
        Shape("gidgethub", (("event", EVENT),), decorator="gidgethub.routing.Router.register()"),
    ),
    aliases=(("gidgethub.sansio.Event.from_http()", EVENT),),
)
"""gidgethub 6.0, `sansio.py` and `routing.py`; GitHub, Webhook events and payloads."""
