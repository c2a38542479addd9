"""From findings to messages of the protocol: ranges in the client's units, severities, edits."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping

from lsprotocol import types
from pygls import uris
from pygls.workspace import PositionCodec

from cardlint.common.site import rule_address
from cardlint.findings import Edit, Fix, Place, Severity
from cardlint.fix.source import Source
from cardlint.groups import Group
from cardlint.output.neutralise import plain
from cardlint.output.wording import advised, costs, reached, told
from cardlint.server.analysis import Result
from cardlint.server.causes import places, related

SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}
Versions = Callable[[str], int | None]
"""Gives the version of an open document by its path, None for a file that is not open."""


class Translator:
    """Turns the findings of one run into messages for one client."""

    def __init__(self, result: Result, codec: PositionCodec, versions: Versions, names: Mapping[str, str]) -> None:
        self.names = names
        """URIs of open documents by path, as the client writes them: its spelling may differ from the one made from the path"""
        self.result = result
        self.codec = codec
        self.versions = versions

    def diagnostics(self, path: str) -> list[types.Diagnostic]:
        """Return the diagnostics of one file."""
        return [self.diagnostic(group, place) for group, place in self.result.shown(path)]

    def beside(self, opened: Collection[str]) -> dict[str, list[types.Diagnostic]]:
        """Return the diagnostics of files that are not open, and hold the cause of what is shown in an open one."""
        out: dict[str, list[types.Diagnostic]] = {}
        for group in self.result.groups:
            cause, *others = places(group)
            if cause.path not in opened and any(other.path in opened for other in others):
                out.setdefault(self.uri(cause.path), []).append(self.diagnostic(group, cause))
        return out

    def diagnostic(self, group: Group, place: Place) -> types.Diagnostic:
        """Return one group with its sentences at a place of it; its other places are related locations."""
        lead = group.lead
        return types.Diagnostic(
            range=self.range(place),
            message=sentences(group),
            severity=SEVERITIES[Severity(lead.severity)],
            code=lead.code,
            code_description=types.CodeDescription(rule_address(lead.rule)),
            source="cardlint",
            tags=[types.DiagnosticTag.Unnecessary] if lead.rule == "unused-ignore" else None,
            related_information=[
                types.DiagnosticRelatedInformation(types.Location(self.uri(s.place.path), self.range(s.place)), plain(s.message))
                for s in related(group, place)
            ],
            data=lead.fingerprint,
        )

    def range(self, place: Place) -> types.Range:
        """Return a place in the client's units: lines and characters from 0."""
        lines = self._source(place).lines
        start = types.Position(place.line - 1, place.column - 1)
        end = types.Position(place.end_line - 1, place.end_column - 1)
        return self.codec.range_to_client_units(lines, types.Range(start, end))

    def uri(self, path: str) -> str:
        """Return the URI of a file as the client knows it."""
        return self.names.get(path) or uri(os.path.abspath(path))

    def _source(self, place: Place) -> Source:
        return self.result.source(place.path)

    def position(self, path: str, position: types.Position) -> tuple[int, int]:
        """Return the line and column, from 1, of a position in the client's units."""
        found = self.codec.position_from_client_units(self.result.source(path).lines, position)
        return found.line + 1, found.character + 1

    def edit(self, fix: Fix) -> types.WorkspaceEdit:
        """Return the edits of a fix, for the versions of the documents that the run has read."""
        return types.WorkspaceEdit(document_changes=list(self._changes(fix.edits)))

    def action(self, fix: Fix, group: Group, place: Place, preferred: bool) -> types.CodeAction:
        """Return a fix as a quick fix for the diagnostic of a group."""
        return types.CodeAction(
            title=plain(_capital(fix.description)),
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[self.diagnostic(group, place)],
            is_preferred=preferred,
            edit=self.edit(fix),
        )

    def _changes(self, edits: Iterable[Edit]) -> Iterable[types.TextDocumentEdit]:
        by_file: dict[str, list[Edit]] = {}
        for edit in edits:
            by_file.setdefault(edit.place.path, []).append(edit)
        for path, inside in by_file.items():
            document = types.OptionalVersionedTextDocumentIdentifier(self.uri(path), self.versions(path))
            yield types.TextDocumentEdit(document, [types.TextEdit(self.range(e.place), e.replacement) for e in inside])


def sentences(group: Group) -> str:
    """Return the text of a group as sentences, one a line: what is wrong, why it matters, what it costs, what to do."""
    lead, cost = group.lead, costs(group)
    several = f" ({reached(group)})" if len(group.sites) > 1 and lead.metric is not None else ""
    parts = (told(group) + several, lead.why, cost and f"Cost: {cost}", (help := advised(group)) and f"Help: {help}")
    return "\n".join(plain(line) for part in parts if part for line in _sentence(part).split("\n"))


def _sentence(text: str) -> str:
    text = text.rstrip()
    return _capital(text if text.endswith((".", "!", "?", ":")) else f"{text}.")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def uri(path: str) -> str:
    """Return the URI of a file."""
    return uris.from_fs_path(path) or path
