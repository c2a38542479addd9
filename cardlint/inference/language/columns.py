"""Columns of tables: what an attribute of a row holds, as the class of its table declares it.

`Column(Boolean)` is one of two, `Column(Enum(Kind))` a member, and `ForeignKey(Owner)` a row of another table. A text is open where
the table has a row for each person, or for what persons make: it has a column for an owner. The table of plans or roles has not.

A query such as `session.query(Repo).filter(...).first()` is one path of a library, and the table goes along with it. Where the path
says that the result is a row, it is an instance of the class.
"""

from __future__ import annotations

from msgspec.structs import replace

from cardlint.findings import Confidence
from cardlint.inference.codebase import terms
from cardlint.inference.codebase.render import render_expr
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import BOTTOM, ClassObject, EnumMember, Instance, LibraryPath, Objects
from cardlint.inference.domain.text_methods import WHOLE
from cardlint.inference.domain.trace import append_step
from cardlint.inference.domain.value_sets import Bound, ValueSet, bounded, exactly, unbounded, unknown
from cardlint.inference.heuristics.guesses import held, of_source
from cardlint.inference.heuristics.label_names import normalise
from cardlint.inference.heuristics.source_names import judged
from cardlint.inference.language import declared_data, field_declarations, field_validation
from cardlint.inference.primitives import class_graph
from cardlint.ir.terms import AnyTerm, At, Call, Const
from cardlint.knowledge.tables import (
    COLUMNS,
    CONSTRUCTORS,
    FREE_TEXTS,
    KEYS,
    MAKES_TABLE,
    MODELS,
    OF_PERSONS,
    PERSONS,
    ROWS,
    RUNS,
    SETTINGS,
    TAKES_TABLE,
    WRITERS,
    Holds,
)


def is_table(ev: Evaluator, cls: ClassObject) -> bool:
    """Tell whether a class is a table of a database."""
    made = any(
        terms.last_name(terms.decorator_of(d, frame)[0], frame) in MAKES_TABLE
        for base in _chain(ev, cls)
        for frame in (base.file.frame(base.ir.parent),)
        for d in base.ir.decorators
    )
    return made or any(ev.library.canonical(base) in MODELS for base in class_graph.external_bases(ev, cls))


def read(ev: Evaluator, inst: Instance, name: str, frame: Frame, at: At) -> Objects:
    """Return what a column of a row holds, NOTHING where the attribute is none, or nothing is known of its type."""
    if inst.site is not None or name.startswith("__") or not is_table(ev, inst.cls):
        return BOTTOM
    found = _column(ev, inst.cls, name)
    if name in KEYS and _is_setting(inst.cls):
        return found or (unknown(f"the primary key of `{inst.cls.ir.name}`"),)
    if any(isinstance(o, ValueSet) and (o.kind == "database" or o.bound is Bound.UNKNOWN) for o in found):
        named = judged(name, frame, at)
        if named is not None:
            return (named,)
    return ev.stepped(found, frame, at, f"column `{name}` of `{inst.cls.ir.name}` is read here") if found else BOTTOM


@query(initial=BOTTOM)
def _column(ev: Evaluator, cls: ClassObject, name: str) -> Objects:
    """Return what the declaration of a column lets it hold."""
    term, where = _declaration(_chain(ev, cls), name)
    if where is None:
        return BOTTOM
    if not isinstance(term, Call):
        typed = field_declarations.annotated(ev, cls, name)
        if field_validation.is_closed(typed):
            return typed
        return _text(ev, cls, name) if _is_annotated_text(ev, cls, name) else BOTTOM
    holds: Holds | None
    holds, made = _type(ev, term, where)
    given = dict(term.kwargs)
    if _is_set(given, "primary_key"):
        key = f"the primary key of `{cls.ir.name}`"
        return (unknown(key, guess=of_source(name, cls.ir.name)) if _is_setting(cls) else unbounded("database", key),)
    empty: Objects = (exactly((None,)),) if _may_be_empty(ev, term, given, where) else BOTTOM
    if "choices" in given and (listed := declared_data.choices(ev, given["choices"], where)):
        blank: Objects = (exactly(("",)),) if _is_set(given, "blank") else BOTTOM
        return tuple(replace(o, named=True) if isinstance(o, ValueSet) else o for o in join_objects([listed, blank, empty]))
    if holds == "flag":
        return join_objects([(bounded(2, "a column that is true or false"),), empty])
    if holds == "enum":
        return join_objects([_members(ev, made, where), empty]) if made is not None else BOTTOM
    if holds == "link":
        return _linked(ev, made, cls, where)
    if holds == "time":
        return (unbounded("time", "a point in time from a database"),)
    if holds == "text" or (not holds and _is_annotated_text(ev, cls, name)):
        return _text(ev, cls, name)
    return BOTTOM


def reached(ev: Evaluator, obj: LibraryPath) -> Objects:
    """Return an instance of the table's class where a path of a library says that it is a row of it."""
    return (Instance(obj.table, None),) if obj.table is not None and ev.library.onward(obj.path) in ROWS else (obj,)


def _chain(ev: Evaluator, cls: ClassObject) -> list[ClassObject]:
    """List a class and its bases in the analysed files."""
    return [base for base in class_graph.mro(ev, cls) if isinstance(base, ClassObject)]


def _declaration(chain: list[ClassObject], name: str) -> tuple[AnyTerm | None, Frame | None]:
    """Find the assignment, or else the annotation, that declares a column, with the frame of the class body."""
    for base in chain:
        where = base.file.frame(base.ir.body)
        index = where.ir.exits.get(name)
        if index is not None:
            return field_declarations.assigned_term(where.ir.defs[index].term, where), where
        if name in where.ir.annotations:
            return None, where
    return None, None


def _is_set(given: dict[str, AnyTerm], *names: str) -> bool:
    """Tell whether one of some keywords is written as True."""
    return any(isinstance(value, Const) and value.value is True for value in map(given.get, names))


def _may_be_empty(ev: Evaluator, term: Call, given: dict[str, AnyTerm], where: Frame) -> bool:
    """Tell whether a column may hold NULL. Django, peewee and tortoise say that it may; SQLAlchemy says that it may not."""
    names = _names(ev, term.func, where)
    if any(name in CONSTRUCTORS for name in names):
        said = given.get("nullable")
        return not (isinstance(said, Const) and said.value is False)
    return _is_set(given, "null") or "NullBooleanField" in names


def _type(ev: Evaluator, term: Call, where: Frame) -> tuple[Holds | None, Call | None]:
    """Return what a column's type holds, and the call with the arguments of the type."""
    for name in _names(ev, term.func, where):
        if name in CONSTRUCTORS:
            for argument in (*term.args, *(value for key, value in term.kwargs if key == "type_")):
                inner = field_declarations.assigned_term(argument, where)
                called = inner.func if isinstance(inner, Call) else inner
                for held_by in _names(ev, called, where):
                    if held_by in COLUMNS:
                        return COLUMNS[held_by], inner if isinstance(inner, Call) else None
            return None, None
        if name in COLUMNS:
            return COLUMNS[name], term
    return None, None


def _names(ev: Evaluator, term: AnyTerm, where: Frame) -> list[str]:
    """Return the names of what makes a column: a class of a library, or one that the program derives from it."""
    out: list[str] = []
    for obj in ev.eval(term, where):
        if isinstance(obj, LibraryPath):
            out.append(obj.path.removesuffix("()").rpartition(".")[2])
        elif isinstance(obj, ClassObject):
            out.extend(path.rpartition(".")[2] for path in class_graph.external_bases(ev, obj))
    return out


def _members(ev: Evaluator, made: Call, where: Frame) -> Objects:
    """Return the values of a column that is an Enum: `Enum(Kind)`, `Enum("a", "b")`."""
    groups: list[Objects] = []
    for argument in made.args:
        for obj in ev.eval(argument, where):
            if isinstance(obj, ClassObject) and class_graph.is_enum(ev, obj):
                groups.append((EnumMember(obj, None),))
            elif isinstance(obj, ValueSet) and obj.bound is Bound.EXACTLY:
                groups.append((obj,))
            else:
                return BOTTOM
    return join_objects(groups) if groups else BOTTOM


def _linked(ev: Evaluator, made: Call | None, cls: ClassObject, where: Frame) -> Objects:
    """Return the row that a foreign key leads to, where its class is written and not its name."""
    first = made.args[0] if made is not None and made.args else None
    found = ev.eval(first, where) if first is not None else BOTTOM
    if len(found) == 1 and isinstance(found[0], ValueSet) and found[0].exact == ("self",):
        return (Instance(cls, None),)
    return tuple(Instance(o, None) for o in found if isinstance(o, ClassObject) and is_table(ev, o))


def _is_annotated_text(ev: Evaluator, cls: ClassObject, name: str) -> bool:
    """Tell whether a column is annotated as a text: `name: str`, `name: Mapped[str | None]`."""
    found = field_declarations.annotation_of(ev, cls, name)
    if found is None:
        return False
    written = render_expr(*found)
    return written.replace("Mapped[", "").replace("Optional[", "").rstrip("]").removesuffix(" | None") == "str"


def _text(ev: Evaluator, cls: ClassObject, name: str) -> Objects:
    """Return what a text column holds: it grows with the rows of its table, and a table of settings has few."""
    table = cls.ir.name
    if normalise(name) in FREE_TEXTS:
        return (unbounded("free-text", f"text from a database, column `{name}` of `{table}`", confidence=Confidence.MEDIUM),)
    guess = of_source(name, table)
    why = f"column `{name}` of `{table}` holds text"
    if guess is not None or not grows_with_persons(ev, cls):
        return (unknown(why, guess=guess),)
    return (
        unbounded(
            "database",
            f"column `{name}` of `{table}`, which has a row for each person or for each thing that people create",
            confidence=Confidence.MEDIUM,
        ),
    )


def _is_setting(cls: ClassObject) -> bool:
    """Tell by its name whether a table holds what the people who run the program set up."""
    return normalise(held(cls.ir.name)).rpartition("_")[2] in SETTINGS


@query(initial=False)
def grows_with_persons(ev: Evaluator, cls: ClassObject) -> bool:
    """Tell whether a table has rows of persons or of what they make: by its name, or by a column for a person."""
    if _is_setting(cls):
        return False
    if PERSONS.intersection(normalise(cls.ir.name).split("_")):
        return True
    names = {
        name for base in _chain(ev, cls) for body in (base.file.ir.functions[base.ir.body],) for name in (*body.exits, *body.annotations)
    }
    return any(_is_of_a_person(normalise(name).split("_")) for name in names)


def _is_of_a_person(words: list[str]) -> bool:
    """Tell whether a column holds a person or a part of one: `owner`, `created_by_user_id`, `password_hash`, and not `link_account_text`."""
    while words and words[-1] in OF_PERSONS:
        words = words[:-1]
    return bool(words) and words[-1] in PERSONS and words[0] not in WRITERS


# queries ---------------------------------------------------------------------------------------------------------------


def called(ev: Evaluator, obj: LibraryPath, path: str, term: Call, frame: Frame) -> Objects:
    """Return the result of a call of a library with a row, which is for the table of its receiver or of its first argument."""
    table = obj.table
    if term.args and (path in TAKES_TABLE or path in RUNS):
        table = _table(ev, term.args[0], frame)
    once = obj.once if obj.path.rpartition(".")[2] in WHOLE else None
    return reached(ev, LibraryPath(path, append_step(None, frame.place(term.at), ""), table=table, once=once))


def _table(ev: Evaluator, term: AnyTerm, frame: Frame) -> ClassObject | None:
    """Return the class whose rows an argument asks for: the class itself, or a statement about it."""
    found = ev.eval(term, frame)
    if len(found) != 1:
        return None
    if isinstance(found[0], ClassObject):
        return found[0] if is_table(ev, found[0]) else None
    return found[0].table if isinstance(found[0], LibraryPath) else None


def column(ev: Evaluator, table: ClassObject | None, name: str, term: AnyTerm, frame: Frame) -> Objects:
    """Return what a named column of a table holds, NOTHING where that is not known."""
    return read(ev, Instance(table, None), name, frame, term.at) if table is not None else BOTTOM
