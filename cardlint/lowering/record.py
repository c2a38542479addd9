"""Records: the lowered outline of a file as plain data, which a cache keeps so that the file is not parsed again.

Unlowered bodies stay so: the reader of a record has the text and lowers them from it. So a record does not depend on the
bodies that a run has lowered.
"""

from __future__ import annotations

from msgspec import Struct

from cardlint.ir.model import BodyIR, ClassIR, Comment, FunctionIR, ModuleIR, ParameterIR
from cardlint.ir.terms import AnyTerm, At


class Header(Struct, frozen=True, array_like=True, gc=False):
    """A function as `FunctionIR` has it; `body` is None for one that is not lowered."""

    kind: str
    name: str
    qualname: str
    parent: int
    owner: int
    params: tuple[ParameterIR, ...]
    decorators: tuple[AnyTerm, ...]
    annotation: AnyTerm | None
    is_async: bool
    at: At
    seen: dict[str, int] | None
    body: BodyIR | None


class Record(Struct, frozen=True, array_like=True, gc=False):
    """The lowered outline of one file, as it is right after reading."""

    path: str
    functions: list[Header]
    classes: list[ClassIR]
    calls: dict[str, list[tuple[int, int]]]
    comments: tuple[Comment, ...]
    hidden: list[tuple[int, int, int, int, int, int]]
    """(function, start, inner, end, line, indent) of each unlowered body"""
    rewritten: str


def record(facts: ModuleIR) -> Record | None:
    """Return the module of a file as plain data; None for a file that cannot be read."""
    from cardlint.lowering.module_lowering import FileLowering

    if facts.error:
        return None
    source = facts.source
    hidden = (
        sorted((index, b.start, b.inner, b.end, b.line, b.indent) for index, b in source.hidden.items())
        if isinstance(source, FileLowering)
        else []
    )
    return Record(
        facts.path,
        [_header(f) for f in facts.functions],
        facts.classes,
        facts.calls,
        facts.comments,
        hidden,
        facts.rewritten,
    )


def _header(ir: FunctionIR) -> Header:
    body = None if ir.reveal is not None else BodyIR(*(getattr(ir, name) for name in BodyIR.__struct_fields__))
    return Header(
        ir.kind,
        ir.name,
        ir.qualname,
        ir.parent,
        ir.owner,
        ir.params,
        ir.decorators,
        ir.annotation,
        ir.is_async,
        ir.at,
        ir.seen,
        body,
    )


def restored(kept: Record, text: str, data: bytes = b"") -> ModuleIR | None:
    """Return the module of a record of this very text; None where the record does not fit the text."""
    from cardlint.lowering.module_lowering import FileLowering
    from cardlint.lowering.outline import Body

    source = FileLowering(kept.path, text, [], data)
    functions, count = source.functions, len(kept.functions)
    for index, header in enumerate(kept.functions):
        ir = FunctionIR(index, *(getattr(header, name) for name in Header.__struct_fields__[:-1]))
        if header.body is not None:
            ir.fill(header.body)
        functions.append(ir)
    for index, *places in kept.hidden:
        body = Body(*places)
        if not (0 <= index < count and 0 <= body.start <= body.inner <= body.end <= len(text)) or kept.functions[index].body is not None:
            return None
        source.hide(functions[index], body)
    if any(f.reveal is None and kept.functions[f.index].body is None for f in functions) or not functions:
        return None
    source.classes.extend(kept.classes)
    source.calls.update(kept.calls)
    source.places.sort()
    return ModuleIR(
        kept.path, functions, source.classes, source.calls, kept.comments, source.written,
        source if source.places else None, rewritten=kept.rewritten,
    )  # fmt: skip
