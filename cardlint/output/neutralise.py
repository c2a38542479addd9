"""Neutralisers: untrusted text made harmless, one function for each destination.

The author of the analysed code chooses file names, source lines, labels and settings, and is not trusted. A terminal, a
build log, a Markdown page or a viewer of SARIF interprets some texts: here they are rewritten so that they are only shown.

A format returns a `Safe`, which only these functions make or which consists of their results, so the type checker finds a
missing call. Each function is cheap for clean text and idempotent.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NewType

from cardlint.common.expressions import Expression

Safe = NewType("Safe", str)
"""Text without a meaning for its destination except what it shows."""

UNSAFE = (
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Control characters, what reorders, hides or varies text, invisible letters, lone surrogates, and what XML forbids."""
SURROGATE = Expression("[\ud800-\udfff]")
LINE_COMMAND = Expression(r"^(\s*:):")
"""GitHub treats a line with this prefix as a workflow command, also after blanks."""
WRAPPED_COMMAND = r":(:)(?=[A-Za-z][\w-]*(?:::|\s.*?::))"
"""A whole command inside of a line: it starts one where a narrow terminal folds the line."""
HASH_COMMAND = Expression(r"#(#)(?=[A-Za-z]*\[)")
"""`##[error]`, `##vso[task.setvariable]`, `##teamcity[...]`: commands of build logs, at any place in a line."""


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern, compiled on demand: clean text needs none of the large ones."""
    return re.compile(pattern)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def plain(text: str) -> Safe:
    """Return text on one line without control, direction and invisible characters; tabs stay for the caller to expand.

    A character that controls a terminal or hides text is written as an escape.
    """
    return Safe(text if text.isascii() and text.isprintable() else compiled(UNSAFE).sub(_escape, text))


def log(text: str) -> Safe:
    """Return one line for a terminal or the log of a build: plain, and without the commands that such logs execute.

    A second colon or hash is written as an escape, so that the command is readable and not executed.
    """
    text = plain(text)
    if "::" in text:
        text = compiled(WRAPPED_COMMAND).sub(r":\\x3a", LINE_COMMAND.regex.sub(r"\1\\x3a", text))
    return Safe(HASH_COMMAND.regex.sub(r"#\\x23", text) if "##" in text else text)


def lines(parts: Iterable[Safe]) -> Safe:
    """Return texts as lines, each with its end."""
    return Safe("".join(f"{part}\n" for part in parts))


def patch(data: bytes) -> bytes:
    """Return a diff without commands of build logs, and otherwise byte for byte: it can still be applied.

    A hunk with lines that were changed here does not fit its file any more: it is refused, not applied wrongly.
    """
    if b"##" not in data and b"::" not in data:
        return data
    rows = data.decode("utf-8", "surrogateescape").split("\n")
    return "\n".join(_unheard(row) for row in rows).encode("utf-8", "surrogateescape")


def _unheard(row: str) -> str:
    row = HASH_COMMAND.regex.sub(r"#\\x23", row)
    start = min(1, len(row)) if row[:1] == " " else 0  # the mark of a line that stays is a blank, and blanks do not count
    return row[:start] + LINE_COMMAND.regex.sub(r"\1\\x3a", row[start:])


# GitHub's workflow commands


def command(name: str, properties: dict[str, str], message: Iterable[str]) -> Safe:
    """Return one workflow command of GitHub, its values percent-encoded as the runner decodes them.

    `message` are lines; their text cannot begin another one.
    """
    given = ",".join(f"{key}={_percent(plain(value)).replace(':', '%3A').replace(',', '%2C')}" for key, value in properties.items())
    return Safe(f"::{name} {given}::{_percent(chr(10).join(plain(line) for line in message))}")


def _percent(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


# Markdown

OPEN, CLOSE = Expression(r"(?<![\w`])`"), Expression(r"`(?![\w`])")
"""Delimiters of a code span in cardlint's own messages; the code inside may hold backticks."""
MARKUP = (
    r"(?i)[\\`*_\[\]<>#@|~^${}!&]"
    r"|:/|\bwww\.|\bmailto:|\bxmpp:"  # addresses that become links by themselves
    r"|:[\w+-]+:|%\w|\b[A-Za-z][A-Za-z0-9]*-[0-9]"  # emoji, milestones, issues such as GH-12
    r"|\b(?=[a-f]*[0-9])[0-9a-f]{7,}\b"  # commits
)
"""Texts that Markdown or a code host interprets outside of code."""
BLOCK = Expression(r"[-+=]|[0-9]+[.)]")
"""The first word of a list or a line below a heading."""
WORD = Expression(r"\s+|\S+")
RUN = Expression(r"`+")


def markdown(text: str) -> Safe:
    """Return text as Markdown of one line, for a table cell as for a paragraph, in which only code spans are markup.

    Spans that the text has already stay; every other word that would be markup, a link or a mention becomes one. Only code
    is left alone by every renderer and code host: entities do not stop a mention.
    """
    text = log(text).replace("\t", " ").lstrip()
    found: list[tuple[bool, str]] = []
    position = 0
    if (first := WORD.regex.match(text)) and BLOCK.regex.match(text) and not compiled(MARKUP).search(first[0]):
        _add(True, first[0], found)
        position = first.end()
    for start, end in _spans(text, position):
        _words(text[position:start], found)
        _add(True, text[start + 1 : end], found)
        position = end + 1
    _words(text[position:], found)
    return Safe("".join(code(part) if is_code else part for is_code, part in found).lstrip(" "))  # blanks would make a block of code


def _spans(text: str, position: int) -> Iterator[tuple[int, int]]:
    """Return the places of the backticks around every span, each one found once however many there are."""
    ends = deque(match.start() for match in CLOSE.regex.finditer(text, position))
    for match in OPEN.regex.finditer(text, position):
        start = match.start()
        if start < position:
            continue
        while ends and ends[0] < start + 2:
            ends.popleft()
        if not ends:
            return
        yield start, ends[0]
        position = ends[0] + 1


def _words(text: str, found: list[tuple[bool, str]]) -> None:
    markup = compiled(MARKUP)
    for word in WORD.regex.findall(text):
        _add(markup.search(word) is not None, word, found)


def _add(is_code: bool, text: str, found: list[tuple[bool, str]]) -> None:
    """Append a part; a blank separates two spans, because their backticks would form one run."""
    if found and found[-1][0] is is_code:
        found[-1] = (is_code, found[-1][1] + text)
    else:
        found.append((is_code, text))


def code(text: str) -> Safe:
    """Return text as a code span of Markdown, with more backticks around it than any run inside; a bar does not end a table cell."""
    text = log(text).replace("|", "\\|")
    if not text.strip():
        return Safe(text)
    fence = "`" * (max(map(len, RUN.regex.findall(text)), default=0) + 1)
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return Safe(f"{fence}{pad}{text}{pad}{fence}")


# SARIF


def sarif(text: str) -> Safe:
    """Return the text of a SARIF message: its braces are no placeholders and its brackets no links.

    The specification doubles braces and writes a backslash before brackets. Viewers without support for the backslash search
    for `](`, so the parenthesis gets one as well.
    """
    text = plain(text)
    if "](" in text:
        text = re.sub(r"[\\\[\]]", r"\\\g<0>", text).replace("](", "]\\(")
    return Safe(text.replace("{", "{{").replace("}", "}}"))


# Documents


def json_text(document: object) -> Safe:
    """Return a document as JSON in ASCII with a final line end: the same for a reader, and harmless in a log.

    A lone surrogate - a file name that is no UTF-8 - is written as a readable escape, because strict readers refuse it.
    """
    import json

    text = json.dumps(document, indent=1)
    if "\\ud" in text and SURROGATE.regex.search("".join(_strings(document))):
        text = json.dumps(_whole(document), indent=1)
    return Safe(text.replace("##", "#\\u0023") + "\n")


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _strings(inner)


def _whole(value: object) -> object:
    if isinstance(value, str):
        return SURROGATE.regex.sub(_escape, value)
    if isinstance(value, dict):
        return {SURROGATE.regex.sub(_escape, key): _whole(inner) for key, inner in value.items()}
    return [_whole(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def toml_text(value: object) -> Safe:
    """Return a value as TOML; its strings, numbers and lists are those of JSON, and invisible characters are escaped."""
    import json

    text = json.dumps(value, ensure_ascii=False).replace("##", "#\\u0023")
    escaped = compiled(UNSAFE).sub(lambda match: f"\\U{ord(match[0]):08x}" if ord(match[0]) > 0xFFFF else f"\\u{ord(match[0]):04x}", text)
    return Safe(escaped)


XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
MEANING = Expression('[&<>"]|#(?=#)|:(?=:)')


def xml(text: str) -> Safe:
    """Return text for the content or an attribute of XML; hashes and colons of commands are references, which a log does not interpret."""
    return Safe(MEANING.regex.sub(lambda match: XML.get(match[0]) or f"&#{ord(match[0])};", plain(text)))
