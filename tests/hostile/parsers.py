"""Hostile text, and what each reader of our output makes of it: the terminal, the log of a build, Markdown, SARIF."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

TERMINAL = [
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x1b]52;c;aGk=\x1b\\",
    "\x9b31m",
    "\x9d0;title\x9c",
    "\x1b",
    "\x7f",
    "\b",
    "\0",
    "\r",
    "\f",
    "\v",
]
INVISIBLE = [
    "\u202e", "\u2066", "\u2069", "\u200e", "\u061c", "\u200b", "\u200d", "\u2060", "\u00ad", "\u034f", "\ufeff", "\ufe0f", "\u3164",
    "\U000e0041", "\U000e0100", "\u2028", "\u2029", "\x85", "\ud800", "\udcff", "\ufffe", "\uffff",
]  # fmt: skip
COMMANDS = [
    "::add-mask::x", "::error file=a,line=1::x", "::set-output name=a::b", "::stop-commands::t", "\n::add-mask::y", " ::debug::z", "::", ":",
    "##vso[task.setvariable variable=X]y", "##[error]", "##[set-output name=a]b", "##teamcity[message]", "#", "##", "vso[x]",
]  # fmt: skip
MARKDOWN = [
    "`", "``", "```", "````", " ` ", "|", "\\", "\\|", "\\\\|", "\\`", "<img src=x onerror=alert(1)>", "<!-- ", "-->", "<b>", "</td>", "&lt;", "&#64;who",
    "@org/team", "@who", "#12", "GH-12", "org/repo#1", "!7", "%8", "~label", "https://evil.example", "www.evil.example", "a@evil.example",
    "mailto:a@b.example", "[x](http://evil.example)", "![x](y)", "[x]: http://e.example", "[^1]", "<http://e.example>", "*b*", "_i_", "~~s~~",
    "$x$", ":tada:", "command:run", "- ", "1. ", "+ ", "    ", "# ", "> ", "---", "===", "\n\n", "0123456789abcdef0",
]  # fmt: skip
OTHERS = [
    "{0}", "{", "}", "{{", "%0A", "%25", "%", ",", "=", "]]>", "&amp;", "&", '"', "'", "<", ">", "](", "[", "]", "(", ")", "\t", " ", "word", "two words",
    "`code`", "`a` `b`", "日本", "\U0001f600",
]  # fmt: skip

texts = st.one_of(
    st.lists(st.sampled_from([*TERMINAL, *INVISIBLE, *COMMANDS, *MARKDOWN, *OTHERS]), min_size=1, max_size=8).map("".join),
    st.text(st.characters(min_codepoint=0, max_codepoint=0x10FFFF), min_size=1, max_size=30),
    st.text("`|\\: #[]{}()<>@*_!&~$x\n", min_size=1, max_size=30),
)
"""Text as somebody writes it who wants our output to do something."""

OURS = re.compile(r"\x1b\[[0-9;]*m")
"""The only sequences we write: colours."""


def steers(text: str) -> list[str]:
    """List what is in a text that a terminal does not simply show; colours of our own are none of it."""
    return [
        repr(c)
        for c in OURS.sub("", text)
        if (unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in "\n\t") or "\ufe00" <= c <= "\ufe0f" or c == "\u3164"
    ]


REGISTERED = (
    "set-env", "set-output", "add-path", "save-state", "add-mask", "add-matcher", "remove-matcher", "warning", "error", "notice", "debug", "group",
    "endgroup", "echo", "stop-commands", "t",
)  # fmt: skip


def workflow_command(line: str) -> tuple[str, dict[str, str], str] | None:
    """Read a line of a log as the runner of GitHub does: name, properties and data of a command, None for text."""
    line = line.lstrip()
    if not line.startswith("::"):
        return None
    end = line.find("::", 2)
    if end < 0:
        return None
    name, _, given = line[2:end].partition(" ")
    if name not in REGISTERED:
        return None
    properties = dict(part.split("=", 1) for part in given.strip().split(",") if "=" in part)
    return name, {key: _decoded(value, ":,") for key, value in properties.items()}, _decoded(line[end + 2 :], "")


def _decoded(text: str, more: str) -> str:
    for character in "\r\n" + more:
        text = text.replace(f"%{ord(character):02X}", character)
    return text.replace("%25", "%")


def commands(text: str) -> list[str]:
    """List the lines that the log of a build would obey: GitHub's, old and new, Azure's, TeamCity's."""
    lines = OURS.sub("", text).split("\n")
    return [line for line in lines if workflow_command(line) or line.lstrip().startswith("::") or re.search(r"##[A-Za-z]*\[", line)]


CALLS = re.compile(
    r"(?<![\w`])@\w|\w@\w|#\w|!\d|%\d|~\w|\$|:[\w+-]+:|://|\bwww\.|\bGH-\d|\[|\]|<|>|&\w|\b(?=[a-f]*[0-9])[0-9a-f]{7,}\b", re.IGNORECASE
)


def markup(text: str) -> list[str]:
    """List what Markdown makes of a text beyond a table, a heading, plain words and code."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    allowed = {"heading", "table", "thead", "tbody", "tr", "th", "td", "paragraph"}
    found = [t.type for t in tokens if t.type != "inline" and t.type.rsplit("_", 1)[0] not in allowed]
    for inline in tokens:
        children = inline.children or []
        found += [t.type for t in children if t.type not in ("text", "code_inline")]
        found += CALLS.findall(_words(children))
    return found


def _words(children: list[Token]) -> str:
    return "".join(t.content if t.type == "text" else "`" for t in children)


def links(text: str) -> list[str]:
    """List links and placeholders of a SARIF message, as the specification and as simpler viewers read it."""
    simple = re.findall(r"\[[^\]]*\]\([^)]+\)", text)
    by_the_book = re.findall(r"(?<!\\)(?:\\\\)*\[(?:\\[\[\]\\]|[^\[\]\\])*\]\([^)]*\)", text)
    return simple + by_the_book + re.findall(r"[{}]", text.replace("{{", "").replace("}}", ""))


def said(text: str) -> str:
    """Return what a SARIF message says once its escapes are read."""
    if "]\\(" in text:
        text = re.sub(r"\\([\[\]\\(])", r"\1", text)
    return text.replace("{{", "{").replace("}}", "}")
