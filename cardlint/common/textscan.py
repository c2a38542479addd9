"""Every regular expression over source text: what it finds, the expression, and what relies on it.

Much is asked of a text before it is parsed: where functions begin, which bodies may call a method, which names may be assigned to.
A parser would answer exactly and take a hundred times as long. The claim of most forms is therefore one-sided: they find at
least what the syntax tree holds, and what they find beyond that costs time and no verdict. `tests/common/test_textscan.py`
holds each claim against the tree of every program of the tests, and `tests/hostile` that each takes a time that grows with its text.

How a name is written in the bytes of a whole tree is in `files/name_forms.py`: those forms come in groups of three expressions that
must agree with each other, and their names are part of what the cache keeps.
"""

from __future__ import annotations

import re
from functools import cache
from typing import AnyStr, Literal

from cardlint.common.expressions import Expression, Template

Claim = Literal["at least", "exactly", "part"]
"""`at least`: it finds all that the syntax tree holds of its kind, and maybe more. `exactly`: what it matches is so, and what it passes
over is asked of something else. `part`: a step of a function that is tested as a whole."""


class Form(Expression[AnyStr]):
    """One form of writing: what it finds, the expression, what relies on it."""

    def __init__(self, claim: Claim, finds: str, pattern: AnyStr, used_by: str, flags: int = 0) -> None:
        self.pattern, self.flags = pattern, flags
        self.claim, self.finds, self.used_by = claim, finds, used_by


class NameForm(Template):
    """One form of writing names that are known while running only."""

    def __init__(self, claim: Claim, finds: str, pattern: str, used_by: str, flags: int = 0) -> None:
        super().__init__(pattern, flags)
        self.claim, self.finds, self.used_by = claim, finds, used_by


# how a file begins -----------------------------------------------------------------------------------------------------------

SHEBANG = Form("at least", "the first line of a script that Python runs", rb"#![^\n]*\bpython", "files.discovery", re.I)
CODING = Form(
    "exactly", "a comment that names the encoding, in a line of its own", rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", "lowering.source"
)
BLANK_OR_COMMENT = Form("exactly", "a line that holds no code", rb"[ \t\f]*(?:[#\r]|$)", "lowering.source: whether the second line counts")

# A blank, a continued line or a closing bracket may come between the parts of an expression. A comment may come there as well: forms
# that meet one take it for what they look for.

# tokens ------------------------------------------------------------------------------------------------------------------------

COMMENT_OR_STRING = Form(
    "at least",
    "every comment and string that begins outside of another. Prefixes do not matter: a quote behind a backslash ends no raw string"
    " either. A string that never ends takes what is left of its line or of the file, and has a group",
    r"""(?s)\#[^\n]*+|(?:\"{3}(?:[^\\"]++|\\.|"(?!""))*+(?:\"{3}|\\?\Z())|'{3}(?:[^\\']++|\\.|'(?!''))*+(?:'{3}|\\?\Z())"""
    r"""|"(?:[^\\"\n]++|\\.)*+(?:"|())|'(?:[^\\'\n]++|\\.)*+(?:'|()))""",
    "lowering.outline: line breaks in strings; cache.dependencies: comments; project.importers: words of commands",
    re.VERBOSE,
)
FORMATTED = Form("at least", "the start of a formatted string", r"[fFtT][rR]?[\"']|[rR][fFtT][\"']", "cache.dependencies")
FORMATTED_LONG = Form(
    "at least", "the start of a formatted string in triple quotes", r"(?:[fFtT][rR]?|[rR][fFtT])(?:\"{3}|'{3})", "cache.dependencies"
)
BLANKS_KEPT = 100
"""Blanks of a run that are kept: its beginning, so that a deeper indentation stays deeper."""
LONG_BLANKS = Form(
    "exactly",
    "a run of more blanks than are kept, and those that are not kept behind it",
    rf"(?<![ \t\f])[ \t\f]{{{BLANKS_KEPT}}}[ \t\f]++",
    "lowering.tokens",
)

# the lexer of lowering.measure: it counts what makes a parser recurse, and may read strings less exactly than Python

LEXEME = Form(
    "part",
    "the next token, by its kind",
    r"(?P<blank>(?:[ \t\f]|\\\n)++|\#[^\n]*+)"
    r"|(?P<line>\n[ \t\f\n]*+)"
    r"|(?P<word>[^\W\d]\w*+)"
    r"|(?P<number>\d[\w.]*+)"
    r"|(?P<quote>\"{3}|'{3}|[\"'])"
    r"|(?P<open>[(\[{])"
    r"|(?P<close>[)\]}])"
    r"|(?P<part>[,;])"
    r"|(?P<operator>[^\w\s\"'()\[\]{},;\#])",
    "lowering.measure",
    re.DOTALL,
)
STRING_REST = {
    quote: Form("part", f"the rest of a string behind its opening {quote}", pattern, "lowering.measure", re.DOTALL)
    for quote, pattern in (
        ("'", r"[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'?"),
        ('"', r'[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"?'),
        ("'''", r"[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+(?:''')?"),
        ('"""', r'[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+(?:""")?'),
    )
}
FORMATTED_REST = {
    quote: Form(
        "part", f"the text of a formatted string in {quote} up to its end or to an expression", pattern, "lowering.measure", re.DOTALL
    )
    for quote, pattern in (
        ("'", r"[^'\\\n{}]*+(?:(?:\\[^{}]|\\(?=[{}])|\{\{|\}\})[^'\\\n{}]*+)*+"),
        ('"', r'[^"\\\n{}]*+(?:(?:\\[^{}]|\\(?=[{}])|\{\{|\}\})[^"\\\n{}]*+)*+'),
        ("'''", r"[^'\\{}]*+(?:(?:\\[^{}]|\\(?=[{}])|\{\{|\}\}|'(?!''))[^'\\{}]*+)*+"),
        ('"""', r'[^"\\{}]*+(?:(?:\\[^{}]|\\(?=[{}])|\{\{|\}\}|"(?!""))[^"\\{}]*+)*+'),
    )
}

# functions and their bodies ----------------------------------------------------------------------------------------------------

DEFINES = Form("at least", "the word before the name of a function", r"def\s", "cache.dependencies: a comment that holds it counts")
FUNCTION = Form("at least", "the head of a function, its name in the line of `def`", r"def[ \t]+\w+", "lowering.outline")
PLAIN_HEADER = Form(
    "exactly",
    "what follows the name of most functions: parameters without strings, comments and inner brackets, a type, the end of the line",
    r"""[ \t]*+\([^()'"\#]*+\)[ \t]*+(?:->(?:[^:()\[\]{}'"\#\n]|\[(?:[^:()\[\]{}'"\#\n]|\[[^:()\[\]{}'"\#\n]*+\])*+\])*+)?:"""
    r"""(?=[ \t]*+(?:\#[^\n]*+)?\n)""",
    "lowering.outline",
)
HEADER_TOKEN = Form(
    "at least",
    "brackets, colons, ends of lines, comments and strings of one line, in a text without strings of several",
    r"[()\[\]{}:\n]|\#[^\n]*+|\"{3}|'{3}|\"(?:[^\\\"\n]++|\\.)*+\"?|'(?:[^\\'\n]++|\\.)*+'?",
    "lowering.outline: the colon of a header",
)
REST_OF_LINE = Form("exactly", "blanks and a comment up to the end of the line", r"[ \t]*(?:\#[^\n]*)?\n", "lowering.outline")


@cache
def dedent(width: int) -> Form[str]:
    """Return the form of the first line that is indented no deeper than this: it is behind the block."""
    return Form("at least", "the first line behind a block", rf"\n[ \t]{{0,{width}}}+(?![ \t\n#\r]|\Z)", "lowering.outline")


DEFINED = NameForm(
    "at least",
    "a function of this name is defined",
    r"(?<!\w)def[\s\\]++(?:«name»)(?!\w)",
    "callgraph.candidates: whether it is once; fix.reach: the same",
)
INNER_CLASS = Form(
    "at least",
    "a class with bases in a block",
    r"\n[ \t]+class[\s\\]++\w++[\s\\]*+[(\[]",
    "primitives.class_graph: subclasses in functions",
)

# imports -----------------------------------------------------------------------------------------------------------------------

IMPORTED = Form(
    "at least",
    "an import statement: the top-level package behind `from`, or all that is behind `import`",
    r"(?<!\w)(?:from[ \t\f\\\n]++(\w*+)(?:[\w. \t\f]|\\\n)*+|import[ \t\f\\\n]++((?:\\\n|[^\n;#])++))",
    "prometheus.exporters: which rows are loaded; project.importers",
)
IMPORTED_PATH = Form(
    "at least",
    "a dotted name where an import may name it",
    r"(?:(?<!\w)(?:from|import)(?!\w)|,)(?:[ \t\f]|\\\n)*+[^\W\d]\w*+(?:(?:[ \t\f]|\\\n)*+\.(?:[ \t\f]|\\\n)*+[^\W\d]\w*+)*+",
    "lowering.measure: names that Python's own parser takes too long for",
)

PATH_CHANGED = Form(
    "part",
    "a change of `sys.path`, with what follows it on the line",
    r"\bsys\.path(?:\.(?:insert|append|extend)\s*\(|\[[^\]\n]{0,20}\]\s*=)([^\n]{0,300})",
    "codebase.importing",
)
QUOTED_PATH = Form("part", "a path that is written out there", r"[\"']([\w.~/-]{1,100})[\"']", "codebase.importing")
QUOTED_MODULE = Form(
    "part",
    "a dotted name at the start of a text in quotes: a module that a framework loads by its name",
    r"[\"']([^\W\d]\w*+(?:\.[^\W\d]\w*+)++)(?=[\"':])",
    "project.importers",
)
PARENT = Form("part", "a step to the folder above there", r"\.parent\b", "codebase.importing")
LOADED_PART = NameForm(
    "part",
    "a submodule of this name in an import or in a dotted name that is a text",
    r"(?:\bfrom|\bimport|[\"'])\s*+[\w.]*\.(?:«name»)(?!\w)",
    "language.names: whether a submodule may replace a name of its package",
)

# assignments -------------------------------------------------------------------------------------------------------------------

OUTER_NAMES = {
    word: Form("at least", f"the names of a `{word}` statement", rf"{word}(?=[\s\\])((?:\\\n|[^\n;#])+)", used_by)
    for word, used_by in (("global", "domain.frames"), ("nonlocal", "domain.frames; lowering.module_lowering"))
}
"""Two expressions, for those that begin with one word are found much faster than one that begins with several."""
OUTER = Form("at least", "a body declares names of an outer scope", r"(?:global|nonlocal)[\s\\]", "codebase.stores")
_ITEM_STORED = r"\](?:[\s)\]]{200}|[\s)\]]*+(?:\\\n\s*+)?(?:(?://|\*\*|<<|>>|[-+*/%@&|^])?=(?!=)|[,:#]|in(?!\w)))"
ITEM_STORED = Form(
    "at least",
    "an item is stored, alone or among several, by an assignment, a loop, a `with`. Behind very many brackets, anything counts",
    _ITEM_STORED,
    "language.mutations",
)
_CHANGING = (
    "update|setdefault|append|add|insert|extend|appendleft|put|put_nowait|pop|popleft|popitem|discard|remove|clear|sort|reverse|rotate|"
    "symmetric_difference_update|difference_update|intersection_update|__setitem__|__iadd__|__ior__"
)
CHANGED = Form(
    "at least",
    "a container is changed: by an item, by a method, by `|=` and `+=`, by `del`",
    rf"{_ITEM_STORED}|\.[\s\\]*+(?:(?:{_CHANGING})[\s\\)]*+[(#]|#)|[|+]=|shuffle[\s\\]*+[(#]|(?<!\w)del[\s\\]",
    "codebase.stores",
)
ANNOTATED_ATTRIBUTE = NameForm(
    "at least", "an attribute of this name has a type", r"\.[\s\\]*+(?:«name»)[\s\\)]*+[:#]", "language.field_declarations"
)
SETTER_PASSED_ON = NameForm(
    "at least",
    "the method `set` of a variable is read and not called: `put = VAR.set`",
    r"(?<!\w)(?:«name»)(?!\w)[\s\\)]*+(?:#|\.[\s\\]*+(?:#|set(?!\w)(?![ \t]*+\()))",
    "models.contextvars",
)
ASSIGNING = Form("part", "what follows one target of an assignment", r"(?://|\*\*|<<|>>|[-+*/%@&|^])?=(?!=)", "lowering.written")
ASSIGNS = Form(
    "part", "what follows several targets, on the line of the last one", r"(?<![=!<>])=(?!=)|(?<!\w)in(?!\w)", "lowering.written"
)
ENTERS = Form("part", "the word before the target of a `with`", r"(?<!\w)as(?!\w)", "lowering.written")
LOOPS = Form("part", "the word before the target of a loop", r"(?<!\w)for(?!\w)", "lowering.written")
CONTINUED = Form(
    "part",
    "a target that begins its line, up to its dot: it may go on from the line above",
    r"(?m)^[ \t([*]*(?:[\w.]+)?$",
    "lowering.written",
)
SECOND_NAME = NameForm(
    "exactly",
    "a line that gives a function a second name",
    r"^[ \t]*(\w+) = (?:[\w.]+\.)?(?:«name»)[ \t]*(?:#.*)?$",
    "callgraph.candidates: calls by that name",
    re.M,
)

# names, calls, arguments -------------------------------------------------------------------------------------------------------

METHOD_CALLED = NameForm(
    "at least", "a method of one of these names is called", r"\.[\s\\]*+(?:(?:«names»)[\s\\)]*+[(#]|#)", "prometheus.uses"
)
ENTERED_CALL = NameForm(
    "part",
    "a method of one of these names is called in the line of a `with`",
    r"^[ \t\f]*(?:async[ \t]+)?with(?!\w)[^\n]*\.(?:«names»)\(",
    "prometheus.uses: timers of receivers that are parameters",
    re.M,
)
RECEIVER = NameForm(
    "at least", "one of these names, or a call of a class", r"(?<!\w)(?:«names»)(?!\w)|(?<!\w)[A-Z]\w*+[\s\\)]*+[(#]", "prometheus.uses"
)
MENTIONED = NameForm(
    "at least",
    "one of these words, or an attribute of one of these names",
    r"«words»|\.[\s\\]*+(?:(?:«attributes»)(?!\w)|#)",
    "prometheus.uses",
)
SPEAKING_CALL = NameForm(
    "at least",
    "a call whose callee has this word in its name; a name of any length counts",
    r"«word»(?:\w{80}|\w*+[\s\\)]*+[(#])",
    "driver: factories of metrics",
)
WORD = NameForm("at least", "this name as a whole word", r"«name»(?<!\w«name»)(?!\w)", "driver: classes of metrics; project.importers")
HANDED_ON = NameForm(
    "at least",
    "this name as an argument, or one of these methods of it is called",
    r"(?<!\w)(?:«name»)[\s\\]*+(?:[,)#]|\.[\s\\]*+(?:(?:«methods»)[\s\\)]*+[(#]|#))",
    "callgraph.callbacks",
)

TESTED_IN = NameForm(
    "exactly",
    "a test whether a text is in something, in a line without a comment before it",
    r"""(?m)^[^#\n]*?((?<!\w)["'](?:«names»)["'])\s++(?:not\s++)?in(?!\w)""",
    "prometheus.environment: `NAME in os.environ`",
)

NAMED_OF = NameForm(
    "part",
    "a name that is called, or is the base of a class, with the name before its dot, in a text without comments and strings",
    r"(?<![\w.])(?:(\w+)\.)?(?:«name»)[ \t]*[(),]",
    "project.evidence: what starts processes",
)
SEVERAL_OF = NameForm(
    "part",
    "a keyword or setting of this name that is not one, in a text without comments and strings",
    r"(?<=[(,\s])(?:«name»)=(?!1\b|None\b)",
    "project.evidence: the number of processes",
)

# newer grammar -----------------------------------------------------------------------------------------------------------------

EXCEPT_SEVERAL = Form(
    "exactly",
    "`except A, B:`, which Python 3.14 lets go without parentheses",
    r"^([ \t]*+except\*?[ \t]++)([\w.]++(?:[ \t]*+,[ \t]*+[\w.]++)++)[ \t]*+:",
    "lowering.newer",
    re.M,
)

# comments for cardlint ---------------------------------------------------------------------------------------------------------

CARDLINT_COMMENT = Form(
    "exactly",
    "a comment for cardlint, with its parts",
    r"(?s)cardlint:\s*+(?P<verb>ignore-file|ignore|bounded)(?![\w-])\s*+"
    r"(?:\[(?P<names>[^\]]*+)\])?\s*+(?:=\s*+(?P<number>[^\s-]\S*+))?\s*+(?:until\s*+=\s*+(?P<until>\S++))?\s*+"
    r"(?:--\s*+(?P<reason>.*))?(?P<rest>.*)$",
    "selection.suppress; fix.ignores",
)
CARDLINT_WORD = Form(
    "at least", "a comment that may be meant for cardlint", r"cardlint:\s*\w", "selection.suppress: what is not understood"
)
LATE_DATE = Form("at least", "a date after the reason, where it is ignored", r"\buntil\s*=", "selection.suppress")
CARDLINT_OTHER = Form(
    "exactly", "a comment that is no list of rules: it holds one sentence", r"cardlint:\s*(?:ignore-file|bounded)(?![\w-])", "fix.ignores"
)
CARDLINT_IGNORE = Form("exactly", "the part of a comment that ignores rules", r"cardlint:\s*ignore(?![\w-]).*$", "fix.ignores")
CARDLINT_FIRST = Form("exactly", "a comment that begins with what is for cardlint", r"#\s*cardlint:", "fix.removals")
COMMENT_IN_COMMENT = Form("at least", "a comment behind another one", r"\s#\s", "fix.removals: what is left alone")
RULE_LIST = Form("exactly", "the names of rules in a comment", r"\[[^\]]*(?:\]|\Z)", "fix.removals")

# files around the code ---------------------------------------------------------------------------------------------------------

ASSIGNED_NAME = Form("at least", "a setting at the start of a line", rb"^([A-Za-z_]\w*)[ \t]*=", "project.evidence: gunicorn", re.M)
