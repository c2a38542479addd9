"""The outline of a file: the places of its functions' bodies, found in the text without parsing it.

Most functions of a large program are never needed. Their bodies are left out of the first parse and parsed one by one on
demand. This is exact because a body is a block of lines: only strings, brackets and continued lines can hide its end, and
these are scanned. If the scan is wrong, the result does not parse, and then the whole file is parsed.
"""

from __future__ import annotations

from msgspec import Struct

from cardlint.common.textscan import COMMENT_OR_STRING, FUNCTION, HEADER_TOKEN, PLAIN_HEADER, REST_OF_LINE, dedent

MIN_LINES = 40
"""Lines of a file below which no body is left out: parsing the whole file is as fast."""
MAX_TOKENS = 1_000_000
"""Brackets, strings and colons in the headers of one file that are scanned one by one; a header that never ends has very many."""
MAX_INDENT = 1_000
"""Letters before a header; a `def` that is further from the start of its line is no header."""
MAX_QUOTES = 4_000
"""Triple quotes of a file beyond which it is parsed whole: some of them are strings that never end."""
OPENING, CLOSING = "([{", ")]}"


class Body(Struct, frozen=True):
    """The body of a function whose header starts at `start`: the text from `inner`, after the colon, up to `end`.

    `line` is the first line of the header, `indent` the width of its indentation.
    """

    start: int
    inner: int
    end: int
    line: int
    indent: int


def bodies(text: str) -> list[Body]:
    """Find the bodies that can be left out: those of functions that are in no other function, in order.

    The list is empty where the text is short, or so unusual that the whole file is parsed.
    """
    if text.count("\n") < MIN_LINES or "\f" in text or _has_other_spellings(text):
        return []
    if text.count('"""') + text.count("'''") > MAX_QUOTES:
        return []
    plain = _one_line_strings(text)
    out: list[Body] = []
    position, line, counted, left = 0, 1, 0, MAX_TOKENS
    while True:
        header = FUNCTION.regex.search(plain, position)
        if header is None:
            return out
        start = plain.rfind("\n", max(0, header.start() - MAX_INDENT), header.start()) + 1
        if not start and header.start() > MAX_INDENT:
            position = header.end()
            continue
        before = plain[start : header.start()]
        inner, tokens = _behind_colon(plain, header.end()) if before.strip() in ("", "async") else (None, 0)
        left -= tokens
        if left < 0:
            return []
        if inner is None:
            position = header.end()
            continue
        indent = before.removesuffix(before.lstrip())
        end = _end_of_block(plain, inner, indent)
        line += text.count("\n", counted, start)
        lines = text.count("\n", start, end)
        counted = start
        if lines > 2:
            out.append(Body(start, inner, end, line, len(indent)))
        position = end - 1  # the line break before the next line, which may be a header


def skeleton(text: str, found: list[Body]) -> str:
    """Return the text with `...` in the place of bodies; every other line keeps its number."""
    parts: list[str] = []
    position = 0
    for body in found:
        parts.append(text[position : body.inner])
        parts.append(" ...")
        parts.append("\n" * text.count("\n", body.inner, body.end))
        position = body.end
    parts.append(text[position:])
    return "".join(parts)


ASCII = bytes(range(128))


def _has_other_spellings(text: str) -> bool:
    """Tell whether Python may read a name differently than it is written: then a text search cannot find bodies by names.

    True if an identifier character may change under NFKC, alone or with its neighbour.
    """
    if text.isascii():
        return False
    from unicodedata import combining, is_normalized

    raw = text.encode("utf-8", "surrogatepass").translate(None, ASCII)
    wide = [c for c in set(raw.decode("utf-8", "surrogatepass")) if f"a{c}".isidentifier()]
    return any(not is_normalized("NFKC", c) or combining(c) or "\u1100" <= c <= "\u11ff" for c in wide)


def _one_line_strings(text: str) -> str:
    """Return the text with line breaks inside of strings, and continued ones, replaced.

    Lengths stay, so every offset is the same in both texts.
    """
    plain = text
    tripled = '"""' in text or "'''" in text
    continued = "\\\n" in text
    if tripled or continued:
        plain = "" if continued and _comment_continued(text) else _by_quotes(text) if tripled else text
        plain = plain or _by_tokens(text)
    return plain.replace("\\\n", "\\\0") if continued else plain


def _comment_continued(text: str) -> bool:
    """Tell whether a possible comment ends in a backslash, which continues nothing."""
    at = text.find("\\\n")
    while at >= 0:
        if "#" in text[text.rfind("\n", 0, at) + 1 : at]:
            return True
        at = text.find("\\\n", at + 2)
    return False


def _by_quotes(text: str) -> str:
    """Pair triple quotes in their order; empty where something before them may change their meaning.

    That is a comment or a string on their line, or one that continues there from the line above.
    """
    if "'''" in text:
        return ""
    parts = text.split('"""')
    if len(parts) % 2 == 0:
        return ""
    for position in range(0, len(parts) - 1, 2):
        before = parts[position]
        start = before.rfind("\n") + 1
        line = before[start:]
        if "#" in line or "'" in line or '"' in line or before.endswith("\\", 0, max(0, start - 1)):
            return ""
    for position in range(1, len(parts), 2):
        inside = parts[position]
        if inside.endswith("\\"):
            return ""
        if "\n" in inside:
            parts[position] = inside.replace("\n", "\0")
    return '"""'.join(parts)


def _by_tokens(text: str) -> str:
    """Scan every comment and string: exact, and slower. No comment is left that seems to continue on the next line."""
    parts: list[str] = []
    position = 0
    for token in COMMENT_OR_STRING.regex.finditer(text):
        start, end = token.span()
        if text[start] == "#":
            if text[end - 1] == "\\":
                parts.append(text[position : end - 1])
                parts.append("#")
                position = end
        elif text.find("\n", start, end) >= 0:
            parts.append(text[position:start])
            parts.append(text[start:end].replace("\n", "\0"))
            position = end
    parts.append(text[position:])
    return "".join(parts)


def _behind_colon(plain: str, position: int) -> tuple[int | None, int]:
    """Return the offset after the colon of a header that ends its line there, None for one with its body on the same line.

    The second result is the number of scanned tokens.
    """
    plainly = PLAIN_HEADER.regex.match(plain, position)
    if plainly is not None:
        return plainly.end(), 0
    depth = count = 0
    for count, token in enumerate(HEADER_TOKEN.regex.finditer(plain, position), 1):
        mark = token.group()
        if mark in OPENING:
            depth += 1
        elif mark in CLOSING:
            depth -= 1
            if depth < 0:
                return None, count
        elif depth == 0 and mark == ":":
            return (token.end() if REST_OF_LINE.regex.match(plain, token.end()) else None), count
        elif (depth == 0 and mark == "\n") or mark in ('"""', "'''") or count > MAX_TOKENS:
            return None, count
    return None, count


def _end_of_block(plain: str, inner: int, indent: str) -> int:
    """Return the offset of the first line after a block: it is indented no deeper than the block's header."""
    found = dedent(len(indent)).regex.search(plain, plain.index("\n", inner))
    return len(plain) if found is None else found.start() + 1
