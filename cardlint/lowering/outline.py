"""The outline of a file: where the bodies of its functions stand, found in the text without parsing it.

Most functions of a large tree are never asked for. Their bodies are left out of what is parsed first and parsed one by
one when somebody asks, which is exact because a body is a block of lines: only strings, brackets and continued lines can
hide where it ends, and those are looked at. Whatever still goes wrong fails to parse, and then the whole file is parsed.
"""

from __future__ import annotations

from msgspec import Struct

from cardlint.common.textscan import COMMENT_OR_STRING, FUNCTION, HEADER_TOKEN, PLAIN_HEADER, REST_OF_LINE, dedent

MIN_LINES = 40
"""Lines of a file below which nothing is left out: parsing it whole is as quick."""
MAX_TOKENS = 1_000_000
"""Brackets, strings and colons of the headers of one file that are looked at one by one; a header that never ends has very many."""
MAX_INDENT = 1_000
"""Letters before a header; what stands further from the start of its line is none."""
MAX_QUOTES = 4_000
"""Triple quotes of a file beyond which it is parsed whole: some are strings that never end."""
OPENING, CLOSING = "([{", ")]}"


class Body(Struct, frozen=True):
    """The body of a function whose header starts at `start`: the text from `inner`, behind the colon, up to `end`.

    `line` is the first line of the header, `indent` the width of its indentation.
    """

    start: int
    inner: int
    end: int
    line: int
    indent: int


def bodies(text: str) -> list[Body]:
    """Find the bodies that can be left out: those of functions that stand in no other function, in order.

    The list is empty where the text is short, or so unusual that it is better parsed whole.
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
    """Return the text with `...` in place of bodies, every other line where it was."""
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
    """Tell whether Python may read a name in another way than it is written: then bodies cannot be found by names.

    A letter that stands for others by itself, or that may melt into its neighbour, is enough.
    """
    if text.isascii():
        return False
    from unicodedata import combining, is_normalized

    raw = text.encode("utf-8", "surrogatepass").translate(None, ASCII)
    wide = [c for c in set(raw.decode("utf-8", "surrogatepass")) if f"a{c}".isidentifier()]
    return any(not is_normalized("NFKC", c) or combining(c) or "\u1100" <= c <= "\u11ff" for c in wide)


def _one_line_strings(text: str) -> str:
    """Return the text with line breaks inside of strings, and continued ones, replaced.

    Lengths stay, so that every offset means the same in both texts.
    """
    plain = text
    tripled = '"""' in text or "'''" in text
    continued = "\\\n" in text
    if tripled or continued:
        plain = "" if continued and _comment_continued(text) else _by_quotes(text) if tripled else text
        plain = plain or _by_tokens(text)
    return plain.replace("\\\n", "\\\0") if continued else plain


def _comment_continued(text: str) -> bool:
    """Tell whether what may be a comment ends in a backslash, which continues nothing."""
    at = text.find("\\\n")
    while at >= 0:
        if "#" in text[text.rfind("\n", 0, at) + 1 : at]:
            return True
        at = text.find("\\\n", at + 2)
    return False


def _by_quotes(text: str) -> str:
    """Pair triple quotes as they come; empty where something before them may make them mean something else.

    That is a comment or a string on their line, or one that goes on there from the line above.
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
    """Look at every comment and string: exact, and slower. No comment is left that seems to go on in the next line."""
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
    """Return the offset behind the colon of a header that ends its line there, None for one with its body beside it.

    The second result is how many tokens were looked at.
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
    """Return the offset of the first line behind a block that is indented no deeper than its header."""
    found = dedent(len(indent)).regex.search(plain, plain.index("\n", inner))
    return len(plain) if found is None else found.start() + 1
