"""Measure: the depth and length of the expressions of a text, by its tokens, before a parser reads it.

Parsers recurse: brackets in brackets, chains of operators and chains of `elif` use the stack of the process, and a native
parser without stack ends the run. Some take a time that grows with the square of a chain. One pass over the tokens finds
such texts first, in linear time. It need not read strings exactly as Python does: the native parser runs in its own process.
"""

from __future__ import annotations

from cardlint.common.textscan import FORMATTED_REST, IMPORTED_PATH, LEXEME, STRING_REST

MAX_DEPTH = 60
"""Nesting of brackets and of expressions in f-strings: Python's own limit is 200, and 20 are rare."""
MAX_CHAIN = 400
"""Operators, calls and adjacent texts that make one expression."""
MAX_INDENT = 60
"""Nesting of blocks."""
MAX_LADDER = 200
"""Branches of one `if`."""
MAX_LETTERS = 1_500_000
"""Characters of a text that the native parser may read: it takes some hundred times as many bytes."""

PREFIXES = frozenset(["r", "b", "u", "f", "t", "rb", "br", "fr", "rf", "tr", "rt"])
OPERATORS = frozenset(["not", "and", "or", "in", "is", "if", "else", "for", "lambda", "await", "yield", "async"])
"""Words that join expressions, or come before one."""


MAX_PARTS = 1_000
"""Parts of one imported name. The time that Python's own parser takes for an import grows with the square of them."""
MAX_MARKS = 1_000_000
"""Brackets, operators and ends of lines of one file: of each, a syntax tree takes about a kilobyte."""
MANY_DOTS = 10_000
"""Dots of a file below which no dotted name is long enough to matter."""


def too_much_for_python(text: str) -> str:
    """Say why a text is too much for Python's own parser, which bounds its stack itself; '' where it is not.

    A count of letters shows that nearly all files are below the limits.
    """
    if text.count(".") > MANY_DOTS and any(name[0].count(".") > MAX_PARTS for name in IMPORTED_PATH.regex.finditer(text)):
        return f"an imported name of more than {MAX_PARTS:,} parts"
    if len(text) > MAX_MARKS and sum(map(text.count, "()[]{},;:.=+-*/%&|^~<>@\n")) > MAX_MARKS:
        return f"it holds more than {MAX_MARKS:,} brackets, operators and lines"
    return ""


def too_much(text: str) -> str:
    """Say why a text is too deep or too long for a parser that recurses; '' where it is not."""
    if len(text) > MAX_LETTERS:
        return f"it holds more than {MAX_LETTERS:,} characters"
    return _Measure(text).run()


class _Measure:
    """One pass over the tokens of a text. `open` holds, for each bracket, f-string and expression in one, the chain around it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.open: list[tuple[str, int]] = []
        self.chain = 0
        self.indents = [0]
        self.ladders: dict[int, int] = {}
        self.starts = True
        """whether the next token begins a line"""

    def run(self) -> str:
        text, at, end = self.text, 0, len(self.text)
        while at < end:
            found = LEXEME.regex.match(text, at)
            if found is None:  # a character that is not valid in Python
                at += 1
                continue
            at = found.end()
            kind = found.lastgroup
            if kind == "blank":
                continue
            if kind == "line":
                self._line(found[0])
                continue
            if self.starts and (why := self._begins(found[0])):
                return why
            if kind == "quote":
                self.chain += 1
                at = self._string(at, found[0], "")
            elif kind == "word" and text[at : at + 1] in ("'", '"') and found[0].lower() in PREFIXES:
                self.chain += 1
                quote = text[at] * 3 if text.startswith(text[at] * 3, at) else text[at]
                at = self._string(at + len(quote), quote, found[0].lower())
            elif kind == "open":
                self.open.append((found[0], self.chain + 1))
                self.chain = 0
            elif kind == "close":
                at = self._close(at, found[0])
            elif kind == "part":
                self.chain = 0
            elif kind == "operator":
                at = self._operator(at, found[0])
            elif kind == "word" and found[0] in OPERATORS:
                self.chain += 1
            if self.chain > MAX_CHAIN:
                return f"an expression of more than {MAX_CHAIN} parts"
            if len(self.open) > MAX_DEPTH:
                return f"more than {MAX_DEPTH} brackets or texts one within the other"
        return ""

    def _line(self, blank: str) -> None:
        """End a line: outside of brackets it ends the statement, and also a string that is not closed."""
        while self.open and self.open[-1][0] in ("'", '"'):
            self.chain = self.open.pop()[1]
        if not self.open:
            self.chain = 0
            self.starts = True
            self.width = len(blank) - blank.rfind("\n") - 1

    width = 0

    def _begins(self, word: str) -> str:
        """Read the first token of a line: its indentation, and whether it continues a chain of branches."""
        self.starts = False
        while self.indents[-1] > self.width:
            self.ladders.pop(self.indents.pop(), None)
        if self.indents[-1] < self.width:
            self.indents.append(self.width)
        if word == "elif":
            self.ladders[self.width] = self.ladders.get(self.width, 0) + 1
            if self.ladders[self.width] > MAX_LADDER:
                return f"an `if` of more than {MAX_LADDER} branches"
        elif word != "else":
            self.ladders.pop(self.width, None)
        return f"more than {MAX_INDENT} blocks one within the other" if len(self.indents) > MAX_INDENT else ""

    def _operator(self, at: int, sign: str) -> int:
        """Count an operator; in an f-string, a colon outside of brackets begins the format of an expression."""
        if sign in ":!" and self.open and self.open[-1][0] == "field":
            quote = self._quote()
            return self._formatted(at, quote) if sign == ":" else at
        self.chain += 1
        return at

    def _close(self, at: int, bracket: str) -> int:
        if not self.open:
            return at
        kind, self.chain = self.open.pop()
        if kind == "field" and bracket == "}":
            return self._formatted(at, self._quote())
        return at

    def _quote(self) -> str:
        """Return the quotes of the innermost f-string."""
        return next((kind for kind, _ in reversed(self.open) if kind in FORMATTED_REST), '"')

    def _string(self, at: int, quote: str, prefix: str) -> int:
        """Skip a string; in one with expressions, only the text before the first of them."""
        if "f" not in prefix and "t" not in prefix:
            found = STRING_REST[quote].regex.match(self.text, at)
            return found.end() if found is not None else at
        self.open.append((quote, self.chain))
        self.chain = 0
        return self._formatted(at, quote)

    def _formatted(self, at: int, quote: str) -> int:
        """Skip the text of an f-string, up to its end or to the next expression."""
        found = FORMATTED_REST[quote].regex.match(self.text, at)
        at = found.end() if found is not None else at
        if self.text.startswith("{", at):
            self.open.append(("field", self.chain))
            self.chain = 0
            return at + 1
        if self.text.startswith("}", at):  # the end of the format of an expression, or a brace too many
            if self.open and self.open[-1][0] == "field":
                self.chain = self.open.pop()[1]
            return self._again(at + 1, quote)
        if self.text.startswith(quote, at):
            if (self.open and self.open[-1][0] == quote) or self.open:
                self.chain = self.open.pop()[1]
            return at + len(quote)
        return at

    def _again(self, at: int, quote: str) -> int:
        """Continue the text of an f-string after an expression. It is a loop because a format may hold very many expressions."""
        text = self.text
        while True:
            found = FORMATTED_REST[quote].regex.match(text, at)
            at = found.end() if found is not None else at
            if not text.startswith("}", at):
                break
            if self.open and self.open[-1][0] == "field":
                self.chain = self.open.pop()[1]
            at += 1
        return self._formatted(at, quote)
