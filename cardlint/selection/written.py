"""Expressions as they are written, without what a formatter may change: spaces, comments, kinds of quotes, commas at the end.

A finding is recognised by the text of its value. A formatter must not make a known finding a new one, on any version of Python,
so that no parser decides what the text is: tokens do.
"""

from __future__ import annotations

from keyword import iskeyword

from cardlint.common.expressions import Expression

TOKEN = Expression(
    r"""(?xs) (?P<string> [A-Za-z]{0,3}
          (?: \"{3} (?:[^\\"]++|\\.|"(?!""))*+ (?:\"{3}|\Z) | '{3} (?:[^\\']++|\\.|'(?!''))*+ (?:'{3}|\Z)
            | " (?:[^\\"\n]++|\\.)*+ "? | ' (?:[^\\'\n]++|\\.)*+ '? ))
      | (?P<blank> \#[^\n]*+ | [\s\\]++ )
      | (?P<word> \w++ )
      | . """
)
"""The next token: a string, what counts for nothing, a word or number, any other character."""
QUOTED = Expression(r"""\\(["'])""")
CLOSING = {")": "(", "]": "[", "}": "{"}
MAX_READ = 50_000
"""Characters of an expression that are read."""
MAX_SHOWN = 160
"""Characters that are kept; a longer expression ends with a digest of the rest."""


def written(text: str, *, call: bool = False) -> str:
    """Return an expression in a form that formatters do not change; with `call`, without what the outermost call is given.

    Brackets that only group are left out, and a comma before a closing bracket. A comment is kept when it is all there is.
    """
    if text.lstrip().startswith("#"):
        return _short(" ".join(text.split()))
    out: list[str] = []
    opened: list[tuple[str, int]] = []
    before = ""
    last_call = (-1, -1)
    for match in TOKEN.regex.finditer(text[:MAX_READ]):
        if match["blank"] is not None:
            continue
        token = _string(match[0]) if match["string"] is not None else match[0]
        if match["word"] is not None and token[0].isdigit():
            token = token.lower()
        if token in ("(", "[", "{"):
            kept = token != "(" or _is_operand(before)
            opened.append((token, len(out) if kept else -1))
            if kept:
                out.append(token)
        elif token in CLOSING:
            if out and out[-1] == ",":
                out.pop()
            opening, start = opened.pop() if opened and opened[-1][0] == CLOSING[token] else ("", len(out))
            if start >= 0:
                out.append(token)
            if opening == "(" and start >= 0:
                last_call = (start, len(out) - 1)
        else:
            out.append(token)
        before = token
    if call and last_call[1] == len(out) - 1 and last_call[0] >= 0:
        out[last_call[0] + 1 : -1] = []
    return _short(_joined(out))


def _is_operand(token: str) -> bool:
    """Tell whether a bracket after a token is a call: after a name, a string or another bracket."""
    return bool(token) and (token[-1] in ')]}"' or ((token[-1].isalnum() or token[-1] == "_") and not iskeyword(token)))


def _string(token: str) -> str:
    """Write a string in double quotes, with its prefix in small letters and without `u`, which means nothing."""
    start = min(at for at in (token.find('"'), token.find("'")) if at >= 0)
    prefix, body = token[:start].lower().replace("u", ""), token[start:]
    size = 3 if len(body) >= 6 and body[:3] in ('"""', "'''") else 1
    body = body[size:-size] if len(body) > size and body.endswith(body[0] * size) else body[size:]
    body = QUOTED.regex.sub(r"\1", body)
    return f'{prefix}"{body}"'


def _joined(tokens: list[str]) -> str:
    """Join tokens, with a space where two words would become one."""
    parts: list[str] = []
    for token in tokens:
        if parts and _is_word(parts[-1][-1:]) and _is_word(token[:1]):
            parts.append(" ")
        parts.append(token)
    return "".join(parts)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _short(text: str) -> str:
    if len(text) <= MAX_SHOWN:
        return text
    from cardlint.cache.digest import blake2b

    rest = blake2b(text[MAX_SHOWN:].encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
    return f"{text[:MAX_SHOWN]}...{rest}"
