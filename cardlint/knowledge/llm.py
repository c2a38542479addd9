"""Clients of language models: what a model writes is free text, and why it stopped is one of a few words."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, bounded, leads, unbounded
from cardlint.knowledge.schema import Library, Row

CHOICE = "openai.choice"
FIXED = "a value from a fixed set: test the answer against the values you know"


def _openai() -> tuple[Row, ...]:
    made = "openai.OpenAI.chat.completions.create()"
    return (
        *leads(*((f"{made}.choices[{index}]", CHOICE) for index in ("0", "*", "-1"))),
        *unbounded("free-text", "an answer of a language model", f"{CHOICE}.message.content", f"{CHOICE}.text", advice=FIXED),
        *unbounded("free-text", "an answer of a language model", "openai.OpenAI.responses.create().output_text", advice=FIXED),
        *unbounded("identity", "the id of one answer", f"{made}.id", "openai.OpenAI.responses.create().id", advice=LOG),
        *bounded(8, "reason", "why a language model stopped", f"{CHOICE}.finish_reason"),
    )


def _anthropic() -> tuple[Row, ...]:
    made = "anthropic.Anthropic.messages.create()"
    return (
        *unbounded(
            "free-text", "an answer of a language model", *(f"{made}.content[{index}].text" for index in ("0", "*", "-1")), advice=FIXED
        ),
        *unbounded("identity", "the id of one answer", f"{made}.id", advice=LOG),
        *bounded(8, "reason", "why a language model stopped", f"{made}.stop_reason"),
    )


LIBRARY = Library(
    packages=("openai", "anthropic"),
    rows=(*_openai(), *_anthropic()),
    aliases=(
        ("openai.AsyncOpenAI", "openai.OpenAI"),
        ("openai.AzureOpenAI", "openai.OpenAI"),
        ("openai.AsyncAzureOpenAI", "openai.OpenAI"),
        ("anthropic.AsyncAnthropic", "anthropic.Anthropic"),
        ("anthropic.AnthropicBedrock", "anthropic.Anthropic"),
    ),
)
"""OpenAI API reference: Chat completions, Responses; Anthropic API reference: Messages."""
