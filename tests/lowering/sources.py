"""Sources that make it hard to see where a function ends: generated from a seed, every one of them for the parser to judge."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

BROKEN_BRACKET = re.compile(r"[(\[{][^'\")\]}]*\n")
LONG = '"""'
EXPRESSIONS = (
    "1", "x", "self.a", "f(x)", "(yield)", "'a#b'", "\"it's\"", "'say \"hi\"'", "f'{x}'", 'f"{x!r:>{y}}#"', "f'''{\nx}\n#'''", "lambda: 3",
    LONG + "a\nb" + LONG, "'''a\n\"\"\"\nb'''", LONG + "'''\ndef z():\n  pass\n" + LONG, "r'\\''", "rb'\\\\'", "'a\\\nb'", "r'\\\n#'",
    "'a \\\n\"\"\" \\\n b'", "(\n1, # )\n 2)", "[\n#x\\\n]", "{\n'a': 1,\n\n  }", "lambda x=':': x", "x if y else z", "b'\\x00'", "(z := 3)",
    "not x", "a\\\n+ b", "x[1:2]", "foo(a, b=1)(c)", "(foo)(1)", "(foo # (\n)(2)", "obj.metric.labels('x').inc()", "имя", "'é' + x", "'\\\\'",
    "''", '""', LONG + LONG, "''''a'''", "'\\'#'", "x['a']['b']", "foo\\\n(3)",
)  # fmt: skip
STATEMENTS = (
    "x = {e}", "x.y = {e}", "x[{e}] = {e}", "x += {e}", "return {e}", "{e}", "pass", "x: int = {e}", "x: 'List[int]' = {e}", "# c", "# don't",
    '# """', "# '''", "# c \\", "#def f():", "x = {e}; y = {e}", "foo({e})  # c", "foo({e})  # it's \"\"\"", "foo({e})  # \\", "del x", "import os",
    "assert x, {e}", "self.d.append({e})", "T.u.update({e})", "x = {e}  # type: int", "   # odd", "...", "print({e});", "x = 1 \\\n  ; y = 2",
    "global g; g = {e}",
)  # fmt: skip
BETWEEN = ("", "   ", "\t", "# zero \\", "#", " # one '")
DECORATORS = ("@dec", "@dec(\n1,\n)", "@a.b('''\n''')", "@(lambda f: f)")
PARAMETERS = (
    "", "x", "x=1", "x: int = {e}, *a, **k", "\n  x,\n\n  y=(1,\n2),\n", "self, x={e}", "x=lambda: 1, *, y", "x: 'a:b' = \"c:d\"",
    "# c ) :\n x", "x='#'",
)  # fmt: skip
RETURNS = ("", "", " -> int", " -> 'a:b'", " -> Dict[\n1:2]", " -> lambda: 3", " -> (\nint)")
BEHIND = ("", "", "  # c", '  # """', "  # c \\", "  ")
DOCUMENTATION = (
    LONG + "doc" + LONG, "'''doc\n# x\ndef y():\n  z\n'''", LONG + 'do\\"""c\n' + LONG, "'d \"\"\" '", "r'''\n" + LONG + "\\'''\n'''",
)  # fmt: skip
BLOCKS = ("if x:", "for x in z:", "while x:", "with a as b:", "try:", "match x:", "class A:", "class B(\n  X, m=1,\n):  # c")
ENDINGS = ("\n", "\n", "\n", "", "\n# c \\", "\n\n   ")


class Generator:
    """One source after the other, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.lines: list[str] = []
        self.unit = ""
        self.calm = True

    def _one_of(self, options: Sequence[str]) -> str:
        chosen = self.chance.choice(options)
        while self.calm and BROKEN_BRACKET.search(chosen):
            chosen = self.chance.choice(options)
        return chosen

    def source(self) -> bytes:
        """Return the next source. In most of them no bracket closes at the left, which would have them parsed whole."""
        self.calm = self.chance.random() < 0.8
        self.lines = [""] * 45
        self.unit = self.chance.choice(["    ", "  ", "\t", "        "])
        for _ in range(self.chance.choice([2, 3, 5])):
            self._block("", 0)
        text = "\n".join(self.lines) + self.chance.choice(ENDINGS)
        end = self.chance.choice(["\n", "\n", "\n", "\n", "\r\n", "\r"])
        mark = "\ufeff" if self.chance.random() < 0.1 else ""
        return (mark + text.replace("\n", end)).encode()

    def _filled(self, text: str) -> str:
        while "{e}" in text:
            text = text.replace("{e}", self._one_of(EXPRESSIONS), 1)
        return text

    def _block(self, indent: str, depth: int) -> None:
        pick, often = self._one_of, self.chance.random
        for _ in range(self.chance.choice([1, 2, 3, 4])):
            kind = often()
            if kind < 0.55 or depth > 3:
                self.lines.append(indent + self._filled(pick(STATEMENTS)))
                if often() < 0.15:
                    self.lines.append(pick(BETWEEN))
            elif kind < 0.85:
                if often() < 0.3:
                    self.lines.append(indent + pick(DECORATORS))
                head = f"{pick(['', '', '', 'async '])}def{pick([' ', ' ', ' ', '  '])}{pick('fghkm')}({pick(PARAMETERS)}){pick(RETURNS)}:"
                if often() < 0.15:
                    self.lines.append(indent + self._filled(head + pick([" return {e}", " pass", " x = {e}; return x"])))
                else:
                    self._headed(indent, self._filled(head) + pick(BEHIND), depth)
            else:
                self._compound(indent, pick(BLOCKS), depth)

    def _compound(self, indent: str, head: str, depth: int) -> None:
        if head == "match x:":
            self.lines.append(indent + head)
            self._headed(indent + self.unit, "case {'a': q, **w}:", depth)
            return
        self._headed(indent, head, depth)
        if head == "try:":
            self._headed(indent, "except E as e:", depth)

    def _headed(self, indent: str, head: str, depth: int) -> None:
        self.lines.append(indent + head)
        inner = indent + self.chance.choice([self.unit, self.unit, self.unit + self.unit])
        if self.chance.random() < 0.3:
            self.lines.append(inner + self.chance.choice(DOCUMENTATION))
        self.lines.append(inner + self.chance.choice(["pass", "x = y", "x.z = 1"]))
        self._block(inner, depth + 1)
