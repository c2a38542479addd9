"""Every regular expression that finds names in the bytes of a tree: the second table, after `common/textscan.py`.

These forms have a table of their own for two reasons. Each of the first kind is written three times - what is before a name, what is
behind it, and both around any name - and the three must agree. And their keys are more than names of expressions: questions to
the search, its answers and the records of runs carry them.

They are looked for in bytes, because a tree is searched before it is decoded: every byte above 127 counts as part of a name. A comment
between a name and what makes the form is not looked through: names in too many files are not followed, so that a form that finds much
more than there is would lose what it finds.
"""

from __future__ import annotations

from msgspec import Struct

from cardlint.common.expressions import Expression
from cardlint.common.textscan import Form

_HANDING = rb"[\s\\)]*+\.[\s\\]*+(?:delay|apply_async|s|si|send|send_with_options|kiq|defer)[\s\\)]*+\("
_TYPE_PARAMETERS = rb"(?:\[(?:[^\[\]]|\[[^\[\]]*+\])*+\])?"
_ENDING = rb"[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)"


class Around(Struct, frozen=True):
    """A form of writing a name, told by what is around it. It is looked for in the files that hold the name."""

    behind: Expression[bytes]
    before: Expression[bytes] | None
    """None where the name must begin there, and nothing more is asked"""
    any_name: Form[bytes]
    """the same, of whatever name"""


AROUND = {
    "call": Around(
        Expression(rb"[\s\\)]*+\("),
        None,
        Form("at least", "a call", rb"(?<![\w\x80-\xff])([\w\x80-\xff]++)[\s\\)]*+\(", "callgraph: callers of a function"),
    ),
    "method": Around(
        Expression(rb"[\s\\)]*+\("),
        Expression(rb"\.$"),
        Form(
            "at least",
            "a call of a method, its name right behind the dot",
            rb"\.([\w\x80-\xff]++)[\s\\)]*+\(",
            "callgraph: callers of a method",
        ),
    ),
    "alias": Around(
        Expression(_ENDING),
        Expression(rb" = (?:[\w.\x80-\xff]+\.)?$"),
        Form(
            "at least",
            "a name that is given to another one, at the end of a line",
            rb" = (?:[\w.\x80-\xff]+\.)?([\w\x80-\xff]++)" + _ENDING,
            "callgraph: functions with a second name",
        ),
    ),
    "task": Around(
        Expression(_HANDING),
        None,
        Form("at least", "a task that is given to a queue", rb"(?<![\w\x80-\xff])([\w\x80-\xff]++)" + _HANDING, "callgraph: task queues"),
    ),
    "argument": Around(
        Expression(rb"[\s\\]*+[,)]"),
        Expression(rb"[(,=][\s\\]*+\*{0,2}(?:[\w.\x80-\xff]*\.)?$"),
        Form(
            "at least",
            "a name that is an argument of a call",
            rb"[(,=][\s\\]*+\*{0,2}(?:[\w.\x80-\xff]*\.)?([\w\x80-\xff]++)(?=[\s\\]*+[,)])",
            "callgraph: callbacks",
        ),
    ),
}
BEFORE_BYTES = 100
"""Bytes before a name that are scanned."""
ONE_PASS = {
    "base": Form(
        "at least",
        "the bases of a class, with one level of brackets in them",
        rb"class[\s\\]++[\w\x80-\xff]++[\s\\]*+" + _TYPE_PARAMETERS + rb"[\s\\]*+\(([^():]*(?:\([^()]*\)[^():]*)*)\)[\s\\]*+:",
        "primitives.class_graph: subclasses",
    ),
    "decorator": Form(
        "at least", "the name of a decorator", rb"@[ \t]*+([\w.\x80-\xff]+)", "callgraph, frameworks: what a decorator hands on"
    ),
    "partial": Form(
        "at least", "what `partial` is given", rb"partial[\s\\]*+\([\s\\]*+([\w.\x80-\xff]+)", "callgraph: calls of partial functions"
    ),
    "store": Form(
        "at least",
        "an attribute that is assigned to alone or as one of several, by any but `self` and `cls`. Nearly all dots are no stores, so that"
        " a name is not taken back letter by letter when nothing follows it",
        rb"\.(?<!\bself\.)(?<!\bcls\.)([\w\x80-\xff]++)(?:[ \t]|\\\r?\n)*+"
        rb"(?:(?::[^=\n]{1,400}+)?(?:(?://|\*\*|<<|>>|[-+*/%@&|^])?=|\s*+\)[ \t]*+=)(?!=)|,(?=[^\n=#(]{0,200}+=(?!=)))",
        "language.external_stores; language.module_stores; names that are set by a literal count as well",
    ),
    "def": Form("at least", "a function of this name", rb"def[\s\\]++([\w\x80-\xff]+)", "callgraph: whether a name is defined once"),
    "import": Form(
        "at least",
        "the names behind `import`, up to the end of the line or of the parentheses",
        rb"import(?:_module|__)?[ \t]*+(\([^()]{1,2000}+\)?|[^\n(]{1,300}+)",
        "language.module_stores: which files have a module",
    ),
    "module": Form(
        "at least",
        "what is behind `from` on the line, and dotted names at the start of a text in quotes",
        rb"(?:(?<![\w\x80-\xff])from(?=[ \t.])|[\"'](?=[\w\x80-\xff]++[.:]))([\w. \t\x80-\xff]++)",
        "project.importers: which files load a module",
    ),
    "deleted": Form(
        "at least",
        "what is behind `del` and `delattr` on the line",
        rb"del(?:attr)?[\s(\\]([^\n]{1,200}+)",
        "language.names: whether `__getattr__` is called for a name that is bound",
    ),
    "patch": Form(
        "at least",
        "an object whose attributes are set by `setattr` or through `vars`",
        rb"(?:setattr(?:__)?|vars)\s*\(\s*+([^,\n]{1,200}+)",
        "language.module_stores: names that are computed",
    ),
}
"""Forms of writing that are indexed in one pass when one of them is first asked for. They may find more than they should."""
NAME = Expression(rb"[\w\x80-\xff]+")

# parts of these forms, which `written_names` puts together

LOADED = Expression(rb"sys\.modules([^\n]{1,100}+)")
TARGETS = (
    Expression(rb"for[ \t]++([\w\x80-\xff.,*()\[\] \t]{1,200}?)[ \t]in\b"),
    Expression(rb"with[ \t(]([^\n]{1,300}+)"),
)
"""Where an attribute is given a value without an equals sign: in a loop, by `with`."""
BY_LITERAL = Expression(rb"(?:setattr(?:__)?\s*\([^\n]{0,100}?,|__dict__\[|vars\([\w\x80-\xff.]++\)\[)\s*[\"']([\w\x80-\xff]++)")
"""A name that is set by its text."""
DOTTED = Expression(rb"\.([\w\x80-\xff]++)(?!\s*[.(\[])")
