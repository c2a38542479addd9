"""LlamaIndex: events of callbacks, and what a query finds."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, leads, unbounded
from cardlint.knowledge.schema import Library, Row, Shape

HANDLER, TYPE = "llama_index.core.callbacks.base_handler.BaseCallbackHandler", "llama_index.core.callbacks.CBEventType"
EVENT, PAYLOAD = "llama_index.event_id", "llama_index.payload"
ANSWER, FOUND = "llama_index.core.Response", "llama_index.core.schema.NodeWithScore"
ENGINES = ("llama_index.core.VectorStoreIndex.as_query_engine()", "llama_index.core.VectorStoreIndex.as_chat_engine()")
CHECKED = "a value from a fixed set: test the answer against the values you know"
OF_AN_EVENT = (("event_type", TYPE), ("payload", PAYLOAD), ("event_id", EVENT), ("parent_id", EVENT))

LIBRARY = Library(
    packages=("llama_index",),
    rows=(
        Row(TYPE, "bounded", 14, "message-type", "the kind of an event", how="enum", deep=True),
        *bounded(14, "message-type", "the kind of an event", *below(TYPE, ".value", ".name")),
        *unbounded("identity", "the id of one event", EVENT, advice=LOG),
        *unbounded("payload", "what an event is about", PAYLOAD, advice=CHECKED),
        *unbounded("free-text", "an answer of a language model", f"{ANSWER}.response", advice=CHECKED),
        *unbounded("free-text", "the text of a document", *below(FOUND, ".text", ".node.text", ".get_content()"), advice=LOG),
        *unbounded(
            "identity", "the id of a part of a document", *below(FOUND, ".node_id", ".id_", ".node.node_id", ".node.id_"), advice=LOG
        ),
        *unbounded("measurement", "how near a part of a document is", f"{FOUND}.score"),
        *leads(
            *((f"{engine}.{call}()", ANSWER) for engine in ENGINES for call in ("query", "aquery", "chat", "achat")),
            *((f"{ANSWER}.source_nodes[{index}]", FOUND) for index in ("0", "*")),
        ),
    ),
    shapes=(
        *(Shape("llama_index", OF_AN_EVENT, base=HANDLER, method=method) for method in ("on_event_start", "on_event_end")),
        *(Shape("llama_index", (("trace_id", EVENT),), base=HANDLER, method=method) for method in ("start_trace", "end_trace")),
    ),
    aliases=(
        *(
            (f"llama_index.core.VectorStoreIndex.{made}()", "llama_index.core.VectorStoreIndex")
            for made in ("from_documents", "from_vector_store")
        ),
        ("llama_index.core.callbacks.base.BaseCallbackHandler", HANDLER),
        ("llama_index.core.callbacks.BaseCallbackHandler", HANDLER),
        ("llama_index.callbacks.base.BaseCallbackHandler", HANDLER),
        ("llama_index.core.callbacks.schema.CBEventType", TYPE),
        ("llama_index.core.base.response.schema.Response", ANSWER),
    ),
)
"""llama_index_core 0.14, `callbacks/base_handler.py`, `callbacks/schema.py`, `base/response/schema.py` and `schema.py`."""
