"""Meilisearch: what a search finds, indexes, and tasks."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library
from cardlint.knowledge.tables import FREE_TEXTS

CLIENT, INDEX, HIT = "meilisearch.Client", "meilisearch.index.Index", "meilisearch.hit"
TASK, SENT = "meilisearch.models.task.Task", "meilisearch.models.task.TaskInfo"
ADDING = ("add_documents", "update_documents", "delete_document", "delete_documents", "delete_all_documents", "update_settings")

LIBRARY = Library(
    packages=("meilisearch",),
    rows=(
        *leads(
            *((f"{CLIENT}.{call}()", INDEX) for call in ("index", "get_index")),
            (f"{CLIENT}.get_indexes()[results][*]", INDEX),
            *((f"{INDEX}.search()[hits][{index}]", HIT) for index in ("*", "0")),
            *((f"{INDEX}.{call}()", SENT) for call in ADDING),
            *((f"{CLIENT}.{call}()", SENT) for call in ("create_index", "delete_index")),
            *((f"{owner}.{call}()", TASK) for owner in (CLIENT, INDEX) for call in ("get_task", "wait_for_task")),
            *((f"{owner}.get_tasks().results[*]", TASK) for owner in (CLIENT, INDEX)),
        ),
        *unbounded("database", "the id of a document", f"{HIT}[id]", advice=LOG),
        *unbounded("free-text", "text from a database", *(f"{HIT}[{name}]" for name in sorted(FREE_TEXTS)), advice=LOG),
        *unbounded("body", "what a user searches for", f"{INDEX}.search()[query]", advice=LOG),
        *deployment(
            "inventory", "an index of the search engine", *below(INDEX, ".uid", ".primary_key"), f"{TASK}.index_uid", f"{SENT}.index_uid"
        ),
        *unbounded("identity", "the number of one task", f"{TASK}.uid", f"{SENT}.task_uid", advice=LOG),
        *bounded(5, "state", "the state of a task", *(f"{task}.status" for task in (TASK, SENT))),
        *bounded(20, "message-type", "the type of a task", *(f"{task}.type" for task in (TASK, SENT))),
        *unbounded("measurement", "how long one task took", f"{TASK}.duration"),
        *unbounded("time", "the time of one task", *below(TASK, ".enqueued_at", ".started_at", ".finished_at"), advice=LOG),
    ),
    aliases=(("meilisearch.client.Client", CLIENT),),
)
"""meilisearch 0.43, `client.py`, `index.py` and `models/task.py`; Meilisearch API reference: Search, Tasks, Task status and Task type."""
