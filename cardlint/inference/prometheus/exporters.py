"""Exporters: library calls with options that decide whether raw paths become labels."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from cardlint.common.textscan import IMPORTED
from cardlint.findings import Confidence
from cardlint.inference.codebase.render import render_expr
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.objects import LibraryPath
from cardlint.inference.domain.value_sets import Bound, ValueSet, exactly, unbounded, unknown
from cardlint.inference.program import LabelArg, LabelSite
from cardlint.ir.terms import Call
from cardlint.knowledge.schema import Exporter


def exporter_sites(ev: Evaluator, states: list[FileState]) -> list[LabelSite]:
    """List the exporter calls of the seed files as label sites: the option is the label's value."""
    out: list[LabelSite] = []
    for state in states:
        if not ev.library.exporters:
            continue
        names = {e.path.removesuffix("()").rpartition(".")[2] for e in ev.library.exporters}
        for name in sorted(names):
            for function, definition in state.ir.calls_named(name):
                term = state.ir.functions[function].defs[definition].term
                assert isinstance(term, Call)
                frame = state.frame(function)
                for obj in ev.eval(term.func, frame):
                    if isinstance(obj, LibraryPath):
                        out.extend(_sites(ev, obj.path, term, frame))
    return out


def load(ev: Evaluator, state: FileState) -> None:
    """Load the rows of a file's imports: an exporter is often imported by one file and made in another."""
    for package in dict.fromkeys(imported(state.ir.text)):
        ev.library.need(package)


def imported(text: str) -> Iterator[str]:
    """Yield the top-level packages that a text imports, and maybe more names."""
    for package, behind in IMPORTED.regex.findall(text):
        yield package
        for part in behind.split(","):
            yield part.strip(" \t\f\\\n").partition(".")[0].partition(" ")[0]


def _sites(ev: Evaluator, path: str, term: Call, frame: Frame) -> list[LabelSite]:
    out = []
    for exporter in ev.library.exporters:
        if exporter.path.removesuffix("()") != path:
            continue
        off = _is_off(ev, exporter, term, frame)
        if off:
            continue
        given = next((v for k, v in term.kwargs if k == exporter.keyword), None)
        opened = any(k == "" for k, _ in term.kwargs)
        place = frame.place(term.at)
        if given is None:
            if opened and (not exporter.unsafe_default or ev.modules.mentioning(frame.file, exporter.keyword)):
                value = unknown("the options of the exporter come from a dictionary")
            elif opened:  # the dictionary may come from outside, but no file of the program names the option
                value = replace(_unsafe(exporter), confidence=Confidence.MEDIUM)
                value = value.step(place, f"no file of the program names `{exporter.keyword}`")
            else:
                value = (
                    _unsafe(exporter).step(place, f"`{exporter.keyword}` is not given")
                    if exporter.unsafe_default
                    else exactly((f"{exporter.keyword} is safe by default",))
                )
            arg = LabelArg(exporter.label, place, value, render_expr(term, frame))
        else:
            got = ev.value(given, frame)
            if got.bound is Bound.EXACTLY:
                unsafe = any(v in exporter.unsafe for v in got.exact)
                value = _unsafe(exporter).step(frame.place(given.at), f"given as `{exporter.keyword}`") if unsafe else got
            else:
                value = got if got.bound is not Bound.UNBOUNDED else unknown("an option that is computed")
            arg = LabelArg(exporter.label, frame.place(given.at), value, render_expr(term, frame))
        if off is None and arg.value.bound is Bound.UNBOUNDED:
            arg = replace(arg, value=unknown("another option of the exporter, which is computed, may leave such requests out"))
        out.append(LabelSite("exporter", place, (), (arg,), frame.file.is_test))
    return out


def _is_off(ev: Evaluator, exporter: Exporter, term: Call, frame: Frame) -> bool | None:
    """Tell whether a call makes no metrics of such requests: a later call makes them, none does, or another option leaves them out.

    None where such an option is computed.
    """
    computed = False
    for keyword, off in ((exporter.switch, False), (exporter.instead, True)):
        given = next((v for k, v in term.kwargs if k == keyword), None) if keyword else None
        if given is None:
            continue
        value = ev.value(given, frame)
        if value.bound is Bound.EXACTLY and value.exact == (off,):
            return True
        computed = computed or value.bound is not Bound.EXACTLY or off in value.exact
    return None if computed else False


def _unsafe(exporter: Exporter) -> ValueSet:
    return unbounded("raw-path" if exporter.rule == "raw-path" else "header", exporter.why, advice=exporter.advice)
