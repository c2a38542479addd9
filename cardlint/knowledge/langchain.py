"""LangChain: what a callback gets of a run, and the answers of models."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, client, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Shape

RUN, SERIALIZED, SENT = "langchain_core.run_id", "langchain_core.serialized", "langchain_core.sent"
RESULT, ACTION, FINISH = "langchain_core.outputs.LLMResult", "langchain_core.agents.AgentAction", "langchain_core.agents.AgentFinish"
MESSAGE, DOCUMENT, CONFIG = (
    "langchain_core.messages.AIMessage",
    "langchain_core.documents.Document",
    "langchain_core.runnables.RunnableConfig",
)
CHECKED = "a value from a fixed set: test the answer against the values you know"
TOOL = 'the name when it is one of your tools, else "other"'
OF_A_RUN = (("run_id", RUN), ("parent_run_id", RUN), ("serialized", SERIALIZED), ("error", "builtins.BaseException"))
HOOKS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("on_llm_start", (("prompts", SENT),)),
    ("on_chat_model_start", (("messages", SENT),)),
    ("on_llm_new_token", (("token", SENT),)),
    ("on_llm_end", (("response", RESULT),)),
    ("on_llm_error", ()),
    ("on_chain_start", ()),
    ("on_chain_end", ()),
    ("on_chain_error", ()),
    ("on_tool_start", (("input_str", SENT),)),
    ("on_tool_end", (("output", SENT),)),
    ("on_tool_error", ()),
    ("on_agent_action", (("action", ACTION),)),
    ("on_agent_finish", (("finish", FINISH),)),
    ("on_retriever_start", (("query", SENT),)),
    ("on_retriever_end", (("documents", f"{DOCUMENT}s"),)),
    ("on_retriever_error", ()),
    ("on_text", (("text", SENT),)),
)
"""Methods of a handler and their own parameters (langchain_core 1.8, `callbacks/base.py`)."""
HANDLERS = tuple(
    f"{module}.{name}"
    for module in ("langchain_core.callbacks", "langchain_core.callbacks.base", "langchain.callbacks.base", "langchain.callbacks")
    for name in ("BaseCallbackHandler", "AsyncCallbackHandler")
)
CHATS = (
    *("langchain_openai.ChatOpenAI", "langchain_openai.AzureChatOpenAI", "langchain_anthropic.ChatAnthropic", "langchain_groq.ChatGroq"),
    *("langchain_ollama.ChatOllama", "langchain_google_genai.ChatGoogleGenerativeAI", "langchain_aws.ChatBedrock"),
    *("langchain_mistralai.ChatMistralAI", "langchain_community.chat_models.ChatOpenAI", "langchain.chat_models.ChatOpenAI"),
)

LIBRARY = Library(
    packages=(
        *("langchain_core", "langchain", "langchain_community", "langchain_openai", "langchain_anthropic", "langchain_groq"),
        *("langchain_ollama", "langchain_google_genai", "langchain_aws", "langchain_mistralai"),
    ),
    rows=(
        *unbounded("identity", "the id of one run", RUN, advice=LOG),
        *unbounded(
            "identity", "a thread or a user", *below(f"{CONFIG}[configurable]", "[thread_id]", "[user_id]", "[checkpoint_id]"), advice=LOG
        ),
        *unbounded("identity", "the id of one run", f"{CONFIG}[run_id]", advice=LOG),
        *bounded(50, "code-name", "the name of a part of the chain", f"{SERIALIZED}[name]", *below(f"{SERIALIZED}[id]", "[]", "[*]")),
        *unbounded("free-text", "what is given to a model or a tool", SENT, advice=CHECKED),
        *unbounded(
            "free-text",
            "an answer of a language model",
            *(f"{RESULT}.generations[{a}][{b}].text" for a in ("0", "*") for b in ("0", "*")),
            *below(ACTION, ".tool_input", ".log"),
            *below(FINISH, ".return_values", ".log"),
            f"{MESSAGE}.content",
            advice=CHECKED,
        ),
        *client(20, "code-name", "the tool that a language model named", f"{ACTION}.tool", advice=TOOL),
        *(
            row
            for index in ("0", "*")
            for row in (
                *client(20, "code-name", "the tool that a language model named", f"{MESSAGE}.tool_calls[{index}][name]", advice=TOOL),
                *unbounded("free-text", "what a language model gives a tool", f"{MESSAGE}.tool_calls[{index}][args]", advice=CHECKED),
                *unbounded("identity", "the id of one call of a tool", f"{MESSAGE}.tool_calls[{index}][id]", advice=LOG),
            )
        ),
        *unbounded("identity", "the id of one answer", f"{MESSAGE}.id", f"{MESSAGE}.response_metadata[id]", advice=LOG),
        *bounded(8, "reason", "why a language model stopped", f"{MESSAGE}.response_metadata[finish_reason]"),
        *bounded(8, "message-type", "the kind of a message", f"{MESSAGE}.type"),
        *deployment("config", "the model that is used", f"{MESSAGE}.response_metadata[model_name]", f"{RESULT}.llm_output[model_name]"),
        *unbounded("free-text", "the text of a document", f"{DOCUMENT}.page_content", advice=LOG),
        *unbounded("identity", "the id of a document", f"{DOCUMENT}.id", advice=LOG),
        *leads(
            *((f"{DOCUMENT}s[{index}]", DOCUMENT) for index in ("0", "*")),
            *((f"{RESULT}.generations[{a}][{b}].message", MESSAGE) for a in ("0", "*") for b in ("0", "*")),
            *((f"{chat}.{call}()", MESSAGE) for chat in CHATS for call in ("invoke", "ainvoke")),
        ),
    ),
    shapes=tuple(Shape("langchain", (*OF_A_RUN, *own), base=base, method=method) for base in HANDLERS for method, own in HOOKS),
    aliases=(
        ("langchain_core.runnables.config.RunnableConfig", CONFIG),
        ("langchain.schema.LLMResult", RESULT),
        ("langchain.schema.AgentAction", ACTION),
        ("langchain.schema.AgentFinish", FINISH),
        ("langchain.schema.Document", DOCUMENT),
        ("langchain_core.documents.base.Document", DOCUMENT),
        ("langchain_core.messages.ai.AIMessage", MESSAGE),
    ),
)
"""langchain_core 1.8, `callbacks/base.py`, `outputs/llm_result.py`, `agents.py`, `messages/ai.py` and `documents/base.py`; LangGraph,
Persistence: the `configurable` part of a configuration. The inputs and outputs of a chain and the metadata of a document are what the
program puts there: no row has them."""
