"""Mutations of texts: bytes, tokens, lines, comments. Each takes a text and a source of chance and returns another text.

They know no grammar, so that they also work on what does not parse any more. `trees` holds those that do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

Mutation = Callable[[bytes, bytes, Random], bytes]
"""Gets the bytes, those of another seed to take from, and chance."""

TOKEN = re.compile(rb"[A-Za-z_]\w*|\d+|\"\"\"|'''|[\"']|\n[ \t]*|[ \t]+|[-+*/%@<>=!:&|]{1,3}|.", re.S)
BYTES = (
    b"\0", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\x0c", b"\x0b", b"\x1b[31m", b"\x85", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xae",
    b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xcc\x81", b"\x1a", b"\t", b"\\\n", b"\\", b"#", b"\n" * 40, b" " * 200, b"\x7f",
    b"# -*- coding: latin-1 -*-\n", b"# coding: utf-7\n", b"# coding: utf-16\n", b"# coding: rot13\n", b"# coding: cp037\n", b"# coding: undefined\n",
    b"# coding: unicode_escape\n", b"# coding: raw_unicode_escape\n", b"# coding: hex\n",
)  # fmt: skip
TOKENS = (
    b"(", b")", b"[", b"]", b"{", b"}", b":", b";", b",", b"=", b":=", b"->", b"**", b"*", b"@", b"...", b"~", b"not ", b"lambda: ", b"await ", b"yield ",
    b"async ", b"del ", b"return ", b"global C\n", b"nonlocal x\n", b"import ", b"from . import ", b" if ", b" else ", b" for x in ", b" in ", b" is ",
    b"match x:\n    case ", b"type X = ", b"except* ", b"class ", b"def ", b"f'{", b"}'", b"'", b'"', b"'''", b"rb'", b"f'''{x!r:>{x}}'''", b"t'{x}'", b"\\",
    b"0x", b"1_000", b"0o777", b"1e999", b"-1e400", b"1j", b"00", b"True", b"None", b"self", b"cls", b"super()", b"__class__", b"__name__", b"__dict__",
    b"_", b"C", b"labels", b".labels(", b"**labels", b"*args", b"Counter", b"Counter('a','b',['x'])", b"print", b"type", b"match", b"case _",
)  # fmt: skip
COMMENTS = (
    b"# cardlint: ignore[identity-label] -- known", b"# cardlint: ignore", b"# cardlint: ignore[]", b"# cardlint: ignore[nothing] -- x",
    b"# cardlint: ignore[CL101, cl102,, ] until=2020-01-01 -- old", b"# cardlint: ignore[raw-path] until=9999-99-99 -- x",
    b"# cardlint: ignore[summary] until=2999-12-31 -- later", b"# cardlint: ignore-file[unbounded-value] -- all", b"# cardlint: ignore-file",
    b"# cardlint: bounded=5 -- few", b"# cardlint: bounded=0 -- none", b"# cardlint: bounded=-3 -- x", b"# cardlint: bounded=1e9 -- x",
    "# cardlint: bounded=² -- x".encode(), "# cardlint: bounded=٣ -- x".encode(), b"# cardlint: bounded=99999999999999999999999 -- x",
    b"# cardlint: bounded=" + b"9" * 5_000 + b" -- x", b"# cardlint:", b"# cardlint: ", b"# cardlint: cardlint: ignore[summary] -- x", b"# cardlint: ignore[[[ -- ]",
    b"# cardlint: ignore[" + b"a," * 300 + b"] -- x", b"# cardlint: unknown-verb[x]", b"# type: ignore  # cardlint: ignore[CL000] -- x", b"# noqa",
    b"# cardlint: ignore[unused-ignore] -- x", b"# cardlint: ignore[bad-ignore]", "# cardlint: ignore[summary] -- \u2028\x1b[0m `|<b>".encode(),
)  # fmt: skip


NUMBERS = (
    b"0", b"-1", b"1", b"255", b"10 ** 9", b"10 ** 9 ** 9", b"2 ** 63", b"9" * 30, b"9" * 5_000, b"1e308", b"1e999", b"0.1", b"1j", b"0x" + b"f" * 40, b"0b1", b"1_0", b"(1 << 60)", b"'a' * 10 ** 9",
    b"[0] * 10 ** 9", b"range(10 ** 12)", b"10 ** 400", b"-(10 ** 400)", b"(1,) * 3000", b"'\\u0663'", b"True",
)  # fmt: skip
STRINGS = (
    b"''", b"'\\x00'", b"'\\x1b[2J'", b"'\\r\\n::error::x'", b"'##vso[task.complete]'", b"'##[error]'", b"'`' * 3", b"'```'", b"'<img src=x onerror=x>'", b"'@everyone [x](http://x)'", b"'|'", b"'{0}'", b"'%s %d'",
    b"'{a[b].c!r:>{d}}'", b"'\\ud800'", b"'\\U0010ffff'", b"'\\u202e'", b"'\\N{BULLET}'", b"f'{x!r:{x}}'", b"b'x'", b"rb'\\x'", b"'a' 'b'", "'äöü'".encode(), "'\u2028'".encode(), b"'" + b"a" * 3_000 + b"'", b"'%(a)s%%%'",
    b"'(a+)+$'", b"'(?P<x>'", b"'[' '('", b"'/users/<id>/<path:p>'", b"'x.y.z:w'", b"'no:such[type'", b"'K'", b"'le'", b"'__name__'", b"'quantile'", b"'a-b'", b"'9a'", b"'{}{}{}'",
)  # fmt: skip
LONGEST = 60_000
"""Bytes of a mutant's file."""


def _span(data: bytes, random: Random, most: int = 60) -> tuple[int, int]:
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + random.randint(0, most))


def flip(data: bytes, other: bytes, random: Random) -> bytes:
    """Change bits of one to three bytes."""
    out = bytearray(data)
    for _ in range(random.randint(1, 3) if out else 0):
        out[random.randrange(len(out))] ^= 1 << random.randrange(8)
    return bytes(out)


def cut(data: bytes, other: bytes, random: Random) -> bytes:
    """Delete a span."""
    start, end = _span(data, random)
    return data[:start] + data[end:]


def truncate(data: bytes, other: bytes, random: Random) -> bytes:
    """Keep the beginning."""
    return data[: random.randrange(len(data) + 1)]


def double(data: bytes, other: bytes, random: Random) -> bytes:
    """Repeat a span, sometimes many times."""
    start, end = _span(data, random)
    return data[:end] + data[start:end] * random.choice((1, 1, 2, 30)) + data[end:]


def insert_bytes(data: bytes, other: bytes, random: Random) -> bytes:
    """Insert bytes that readers stumble over."""
    start = random.choice((0, random.randrange(len(data) + 1)))
    return data[:start] + random.choice(BYTES) + data[start:]


def take(data: bytes, other: bytes, random: Random) -> bytes:
    """Insert a span of another seed."""
    at = random.randrange(len(data) + 1)
    start, end = _span(other, random, 200)
    return data[:at] + other[start:end] + data[at:]


def swap_tokens(data: bytes, other: bytes, random: Random) -> bytes:
    """Exchange two tokens."""
    parts = TOKEN.findall(data)
    if len(parts) > 1:
        first, second = random.randrange(len(parts)), random.randrange(len(parts))
        parts[first], parts[second] = parts[second], parts[first]
    return b"".join(parts)


def drop_tokens(data: bytes, other: bytes, random: Random) -> bytes:
    """Leave out one to four tokens."""
    parts = TOKEN.findall(data)
    start = random.randrange(len(parts) + 1)
    del parts[start : start + random.randint(1, 4)]
    return b"".join(parts)


def insert_token(data: bytes, other: bytes, random: Random) -> bytes:
    """Insert a token, now and then so often that it nests deeply."""
    parts = TOKEN.findall(data)
    token = random.choice((random.choice(TOKENS), random.choice(TOKEN.findall(other) or [b"x"])))
    parts.insert(random.randrange(len(parts) + 1), token * random.choice((1, 1, 1, 1, 2, 60)))
    return b"".join(parts)


def replace_token(data: bytes, other: bytes, random: Random) -> bytes:
    """Put another token in place of one."""
    parts = TOKEN.findall(data)
    if parts:
        parts[random.randrange(len(parts))] = random.choice((random.choice(TOKENS), random.choice(TOKEN.findall(other) or [b"x"])))
    return b"".join(parts)


def number(data: bytes, other: bytes, random: Random) -> bytes:
    """Put another number in place of one: sizes that are multiplied, repeated, shifted or raised to a power."""
    found = list(re.finditer(rb"\b\d[\w.]*", data))
    if not found:
        return data
    match = random.choice(found)
    return data[: match.start()] + random.choice(NUMBERS) + data[match.end() :]


def text(data: bytes, other: bytes, random: Random) -> bytes:
    """Put another text in place of one, with what each output format has to be afraid of."""
    found = list(re.finditer(rb"'[^'\n]*'|\"[^\"\n]*\"", data))
    if not found:
        return data
    match = random.choice(found)
    return data[: match.start()] + random.choice(STRINGS) + data[match.end() :]


def swell(data: bytes, other: bytes, random: Random) -> bytes:
    """Repeat a short piece so often that what takes more than linear time shows."""
    parts = TOKEN.findall(data)
    at = random.randrange(len(parts) + 1)
    piece = random.choice(
        (
            b"".join(parts[at : at + random.randint(1, 8)]) or b"x",
            random.choice(TOKENS),
            b"\n",
            b" ",
            b'"',
            b"(",
            b"a",
            b"1",
            b"a.",
            b"a,",
            b"# cardlint: ",
        )
    )
    return b"".join(parts[:at]) + piece * min(random.choice((200, 2_000, 20_000)), LONGEST // max(1, len(piece))) + b"".join(parts[at:])


def collide(data: bytes, other: bytes, random: Random) -> bytes:
    """Give one name the place of another, everywhere: what were two things is one."""
    words = sorted(set(re.findall(rb"\b[A-Za-z_]\w*\b", data)))
    if len(words) < 2:
        return data
    old, new = random.choice(words), random.choice(words)
    return re.sub(rb"\b" + old + rb"\b", lambda match: new, data, count=random.choice((0, 0, 1, 2)))


def _lines(change: Callable[[list[bytes], Random], None]) -> Mutation:
    def mutation(data: bytes, other: bytes, random: Random) -> bytes:
        lines = data.split(b"\n")
        change(lines, random)
        return b"\n".join(lines)

    mutation.__doc__ = change.__doc__
    return mutation


def _swap_lines(lines: list[bytes], random: Random) -> None:
    """Exchange two lines."""
    first, second = random.randrange(len(lines)), random.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]


def _drop_line(lines: list[bytes], random: Random) -> None:
    """Leave out a line."""
    del lines[random.randrange(len(lines))]


def _repeat_line(lines: list[bytes], random: Random) -> None:
    """Repeat a line, sometimes many times."""
    at = random.randrange(len(lines))
    lines[at:at] = [lines[at]] * random.choice((1, 1, 3, 50))


def _indent(lines: list[bytes], random: Random) -> None:
    """Move a block of lines to the right or to the left."""
    start = random.randrange(len(lines))
    for at in range(start, min(len(lines), start + random.randint(1, 6))):
        lines[at] = random.choice((b"    ", b"\t", b" ")) + lines[at] if random.random() < 0.5 else lines[at][4:]


def _join(lines: list[bytes], random: Random) -> None:
    """Put two lines on one."""
    if len(lines) > 1:
        at = random.randrange(len(lines) - 1)
        lines[at : at + 2] = [lines[at] + random.choice((b"; ", b"", b" \\\n")) + lines[at + 1].lstrip()]


def _comment(lines: list[bytes], random: Random) -> None:
    """Write a comment for cardlint at the end of some lines."""
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(lines))
        lines[at] += b"  " + random.choice(COMMENTS)


TEXTS: Sequence[Mutation] = (
    flip, cut, truncate, double, insert_bytes, take, swap_tokens, drop_tokens, insert_token, insert_token, replace_token, replace_token, collide, collide,
    collide, number, number, text, text, text, swell, _lines(_swap_lines), _lines(_drop_line), _lines(_repeat_line), _lines(_indent), _lines(_join), _lines(_comment), _lines(_comment),
)  # fmt: skip
"""All mutations of texts; those that leave more of a program alive stand here more often."""
