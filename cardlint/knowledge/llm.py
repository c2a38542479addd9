"""Clients of language models: what a model writes is free text, and why it stopped is one of a few words."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, USER, below, bounded, client, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Row, Shape

CHOICE = "openai.choice"
FIXED = "a value from a fixed set: test the answer against the values you know"
DONE, CREATED = (".done_reason", "[done_reason]"), (".created_at", "[created_at]")
TOOL = 'the name when it is one of your tools, else "other"'
CALLS = tuple(f"{CHOICE}.message.tool_calls[{index}]" for index in ("0", "*"))


def _openai() -> tuple[Row, ...]:
    made = "openai.OpenAI.chat.completions.create()"
    return (
        *leads(*((f"{made}.choices[{index}]", CHOICE) for index in ("0", "*", "-1"))),
        *unbounded("free-text", "an answer of a language model", f"{CHOICE}.message.content", f"{CHOICE}.text", advice=FIXED),
        *unbounded("free-text", "an answer of a language model", "openai.OpenAI.responses.create().output_text", advice=FIXED),
        *unbounded("identity", "the id of one answer", f"{made}.id", "openai.OpenAI.responses.create().id", advice=LOG),
        *bounded(8, "reason", "why a language model stopped", f"{CHOICE}.finish_reason"),
        *unbounded("free-text", "what a language model gives a tool", *(f"{call}.function.arguments" for call in CALLS), advice=FIXED),
        *unbounded("identity", "the id of one call of a tool", *(f"{call}.id" for call in CALLS), advice=LOG),
        *client(20, "code-name", "the tool that a language model named", *(f"{call}.function.name" for call in CALLS), advice=TOOL),
    )


def _anthropic() -> tuple[Row, ...]:
    made = "anthropic.Anthropic.messages.create()"
    blocks = tuple(f"{made}.content[{index}]" for index in ("0", "*", "-1"))
    return (
        *unbounded("free-text", "an answer of a language model", *(f"{block}.text" for block in blocks), advice=FIXED),
        *unbounded("identity", "the id of one answer", f"{made}.id", advice=LOG),
        *bounded(8, "reason", "why a language model stopped", f"{made}.stop_reason"),
        *unbounded("free-text", "what a language model gives a tool", *(f"{block}.input" for block in blocks), advice=FIXED),
        *unbounded("identity", "the id of one call of a tool", *(f"{block}.id" for block in blocks), advice=LOG),
        *client(20, "code-name", "the tool that a language model named", *(f"{block}.name" for block in blocks), advice=TOOL),
        *bounded(15, "message-type", "the kind of a part of an answer", *(f"{block}.type" for block in blocks)),
    )


LOGGER, CALL, ANSWER = "litellm.integrations.custom_logger.CustomLogger", "litellm.call", "litellm.ModelResponse"
LOGGED = tuple(f"{word}log_{what}_event" for word in ("", "async_") for what in ("success", "failure", "stream", "pre_api", "post_api"))


def _litellm() -> tuple[Row, ...]:
    return (
        *leads(
            ("litellm.completion()", ANSWER),
            *((f"{ANSWER}.choices[{index}]", CHOICE) for index in ("0", "*", "-1")),
            (f"{CALL}[exception]", "builtins.BaseException"),
        ),
        *unbounded("identity", "the id of one answer", *below(ANSWER, ".id", "[id]"), f"{CALL}[litellm_call_id]", advice=LOG),
        *unbounded("identity", USER, f"{CALL}[user]", advice=LOG),
        *unbounded("body", "what the client asks a language model", *below(CALL, "[messages]", "[input]"), advice=LOG),
    )


CHATTED, GENERATED, GEMINI = "ollama.ChatResponse", "ollama.GenerateResponse", "google.genai.types.GenerateContentResponse"


def _ollama() -> tuple[Row, ...]:
    owners = ("ollama", "ollama.Client")
    return (
        *leads(
            *((f"{owner}.chat()", CHATTED) for owner in owners),
            *((f"{owner}.generate()", GENERATED) for owner in owners),
        ),
        *unbounded(
            "free-text",
            "an answer of a language model",
            *below(CHATTED, ".message.content", "[message][content]"),
            *below(GENERATED, ".response", "[response]"),
            advice=FIXED,
        ),
        *bounded(8, "reason", "why a language model stopped", *(f"{of}{part}" for of in (CHATTED, GENERATED) for part in DONE)),
        *deployment("config", "the model that answers", *(f"{of}{part}" for of in (CHATTED, GENERATED) for part in (".model", "[model]"))),
        *unbounded("time", "the time of one answer", *(f"{of}{part}" for of in (CHATTED, GENERATED) for part in CREATED), advice=LOG),
        *unbounded("free-text", "the text of an error", "ollama.ResponseError.error", advice="its `status_code`"),
        *bounded(15, "status", "HTTP status", "ollama.ResponseError.status_code"),
    )


def _gemini() -> tuple[Row, ...]:
    models = tuple(f"google.genai.Client.{part}models" for part in ("", "aio."))
    ends = tuple(f"{GEMINI}.candidates[{index}].finish_reason{part}" for index in ("0", "*") for part in ("", ".name", ".value"))
    return (
        *leads(
            *((f"{of}.generate_content()", GEMINI) for of in models),
            *((f"{of}.generate_content_stream()[*]", GEMINI) for of in models),
        ),
        *unbounded("free-text", "an answer of a language model", f"{GEMINI}.text", advice=FIXED),
        *unbounded("identity", "the id of one answer", f"{GEMINI}.response_id", advice=LOG),
        *bounded(20, "reason", "why a language model stopped", *ends),
        *deployment("config", "the model that answers", f"{GEMINI}.model_version"),
    )


LIBRARY = Library(
    packages=("openai", "anthropic", "litellm", "ollama", "google"),
    rows=(*_openai(), *_anthropic(), *_litellm(), *_ollama(), *_gemini()),
    shapes=tuple(Shape("litellm", (("kwargs", CALL), ("response_obj", ANSWER)), base=LOGGER, method=method) for method in LOGGED),
    aliases=(
        ("litellm.acompletion()", "litellm.completion()"),
        ("ollama.AsyncClient", "ollama.Client"),
        ("openai.AsyncOpenAI", "openai.OpenAI"),
        ("openai.AzureOpenAI", "openai.OpenAI"),
        ("openai.AsyncAzureOpenAI", "openai.OpenAI"),
        ("anthropic.AsyncAnthropic", "anthropic.Anthropic"),
        ("anthropic.AnthropicBedrock", "anthropic.Anthropic"),
    ),
)
"""OpenAI API reference: Chat completions, Responses; Anthropic API reference: Messages; litellm 1.110,
`integrations/custom_logger.py`; ollama 0.6, `_types.py`; google-genai 3.6, `types.py` and `models.py`."""
