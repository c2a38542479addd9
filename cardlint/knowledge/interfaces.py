"""Chainlit, Streamlit and Gradio: what a person types into an interface."""

from __future__ import annotations

from cardlint.knowledge.rows import FIXED_SET, LOG, below, unbounded
from cardlint.knowledge.schema import Library, Shape

TYPED = "what a person typed"

LIBRARY = Library(
    packages=("chainlit", "streamlit", "gradio"),
    rows=(
        *unbounded("body", TYPED, "chainlit.Message.content", "gradio.message", advice=FIXED_SET),
        *unbounded("body", TYPED, *below("streamlit.", "text_input()", "text_area()", "chat_input()", "query_params[]"), advice=FIXED_SET),
        *unbounded("identity", "the id of one message", *below("chainlit.Message", ".id", ".thread_id", ".parent_id"), advice=LOG),
    ),
    shapes=(
        Shape("chainlit", (("#0", "chainlit.Message"),), decorator="chainlit.on_message"),
        Shape("gradio", (("#0", "gradio.message"),), passed="gradio.ChatInterface()", places=("#0", "fn")),
    ),
    aliases=(("chainlit.message.Message", "chainlit.Message"),),
)
"""Chainlit 2.12, `message.py`; Streamlit, Input widgets; Gradio, ChatInterface. Inputs that offer a choice are left out."""
