"""The language server: the documents of the client, the runs over their folders, and the answers to its questions."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Callable
from typing import TypeVar

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from cardlint.cache.facts_cache import FactsCache
from cardlint.cache.folder import cache_folder
from cardlint.common.stopping import Wanted
from cardlint.config import ConfigError
from cardlint.files.discovery import MissingPath
from cardlint.files.writing import checkout
from cardlint.fix.source import encoded
from cardlint.output.neutralise import plain
from cardlint.server.analysis import FIX_ALL, Result, analyse, enter
from cardlint.server.runs import Runs, Work
from cardlint.server.translate import Translator
from cardlint.version import __version__

T = TypeVar("T")
FIX_ALL_KIND = f"{types.CodeActionKind.SourceFixAll.value}.cardlint"
KINDS = [types.CodeActionKind.QuickFix, FIX_ALL_KIND]
Said = list[types.PublishDiagnosticsParams]


class Server(LanguageServer):
    """A server with the last result of every folder that has an open document.

    Results are read in the thread of the runs only: the working directory is that of the folder there.
    """

    def __init__(self) -> None:
        super().__init__("cardlint", __version__, types.TextDocumentSyncKind.Incremental)
        self.results: dict[str, Result] = {}
        self.caches: dict[str, FactsCache] = {}
        """by the analysed folder; the key of the cache must not be in it"""
        self.runs = Runs(self._work, self._end, self._failed)
        self.besides: dict[str, frozenset[str]] = {}
        """by folder, the files that are not open and have diagnostics, because a cause is in them"""
        self.complaints: dict[str, str] = {}
        """the last message about a folder's configuration"""

    def folder_of(self, path: str) -> str:
        """Return the innermost workspace folder that holds a file, or the file itself outside of all."""
        return max(self.folders_of(path), key=len, default=path)

    def folders_of(self, path: str) -> list[str]:
        """List the workspace folders that hold a file, also where a link is in the path of either."""
        if "\0" in path:
            return []  # no file has such a name
        given = [uris.to_fs_path(f.uri) or "" for f in (self.workspace.folders or {}).values()]
        if not given and self.workspace.root_path:
            given = [self.workspace.root_path]
        folders = [os.path.abspath(folder) for folder in given if folder]
        real = os.path.realpath(path)
        return [f for f in folders if _is_below(path, f) or _is_below(real, os.path.realpath(f))]

    def changed(self, path: str, delayed: bool = False) -> None:
        """Begin new runs over the folders of a file that have an open document: it may be imported in an outer folder."""
        if "\0" in path:
            return
        for folder in self.shown_folders().intersection((self.folder_of(path), *self.folders_of(path))):
            self.runs.change(folder, self.runs.delay(folder) if delayed else 0)

    def _work(self, folder: str) -> Work:
        """Collect the current texts of a folder, and return the run over them."""
        documents = [d for d in self.workspace.text_documents.values() if folder == d.path or folder in self.folders_of(d.path)]
        unsaved = {d.path: encoded(d.source) for d in documents}
        own = [d for d in documents if self.folder_of(d.path) == folder]
        translator = self._translators(documents)

        def work(wanted: Wanted) -> tuple[Result, Said, Said]:
            result = analyse(folder, unsaved, self.cache(folder), wanted)
            known = translator(result)
            said = []
            for document in own:
                name = result.names.get(document.path)
                found = known.diagnostics(name) if name is not None else []
                said.append(types.PublishDiagnosticsParams(document.uri, found, known.versions(name) if name is not None else None))
            names = {name for document in own if (name := result.names.get(document.path)) is not None}
            beside = known.beside(names) if names else {}
            return result, said, [types.PublishDiagnosticsParams(uri, found) for uri, found in beside.items()]

        return work

    def _end(self, folder: str, ended: tuple[Result, Said, Said]) -> None:
        result, said, beside = ended
        self.complaints.pop(folder, None)
        self.results[folder] = result
        still_open = {d.uri for d in self.workspace.text_documents.values()}
        for params in said:
            if params.uri in still_open:
                self.text_document_publish_diagnostics(params)
        own = [p for p in beside if p.uri not in still_open and self.folder_of(uris.to_fs_path(p.uri) or "") == folder]
        self._beside(folder, own if folder in self.shown_folders() else [])

    def _beside(self, folder: str, said: Said) -> None:
        """Publish what concerns files of a folder that are not open, and take back what was said about others."""
        still_open = {d.uri for d in self.workspace.text_documents.values()}
        now = {params.uri for params in said}
        for uri in self.besides.pop(folder, frozenset()) - now - still_open:
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        for params in said:
            self.text_document_publish_diagnostics(params)
        if now:
            self.besides[folder] = frozenset(now)

    def closed(self, path: str) -> None:
        """Take back what was said for the sake of a document, and begin new runs over its folders."""
        shown = self.shown_folders()
        for folder in [folder for folder in self.besides if folder not in shown]:
            self._beside(folder, [])
        self.results.pop(path, None)
        self.changed(path)  # for the other documents, its text is that of the disk again

    def shown_folders(self) -> set[str]:
        """Return the folders that have an open document."""
        return {self.folder_of(d.path) for d in self.workspace.text_documents.values()}

    def _failed(self, folder: str, problem: BaseException) -> None:
        if isinstance(problem, (ConfigError, MissingPath)):
            self._complain(folder, str(problem))
        else:
            self._complain(folder, f"internal error: {type(problem).__name__}: {problem}")

    def cache(self, folder: str) -> FactsCache:
        """Return the cache for runs over a folder, the one that the environment names or the user's own."""
        if folder not in self.caches:
            self.caches[folder] = FactsCache(cache_folder(os.environ.get("CARDLINT_CACHE_DIR", ""), checkout((folder,))))
        return self.caches[folder]

    def _complain(self, folder: str, message: str) -> None:
        if self.complaints.get(folder) != message:
            self.complaints[folder] = message
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, plain(f"cardlint: {message}")))

    async def ask(self, document: TextDocument, question: Callable[[Translator, str], T]) -> T | None:
        """Answer a question about a document from the last result; None where the document has changed since."""
        folder = self.folder_of(document.path)
        result, text = self.results.get(folder), encoded(document.source)
        name = result.names.get(document.path) if result is not None else None
        if result is None or name is None or result.unsaved.get(name) != text:
            return None
        translator = self._translators(list(self.workspace.text_documents.values()))

        def answer() -> T:
            enter(result.home)
            return question(translator(result), name)

        return await asyncio.get_running_loop().run_in_executor(self.runs.thread, answer)

    def _translators(self, documents: list[TextDocument]) -> Callable[[Result], Translator]:
        """Return what makes the translator of a result, for the documents as they are now."""
        codec = self.workspace.position_codec
        known = {d.path: (d.version, d.uri) for d in documents}

        def translator(result: Result) -> Translator:
            by_name = {name: known[path] for path, name in result.names.items() if path in known}
            return Translator(
                result, codec, {name: v for name, (v, _) in by_name.items()}.get, {name: uri for name, (_, uri) in by_name.items()}
            )

        return translator


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)


def create() -> Server:
    """Build a server with its handlers; `start_io` runs it on standard input and output."""
    gc.enable()  # the command line disables the collector, because its process ends after one run
    server = Server()

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
        ls.changed(ls.workspace.get_text_document(params.text_document.uri).path)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
        ls.changed(ls.workspace.get_text_document(params.text_document.uri).path, delayed=True)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
        ls.changed(ls.workspace.get_text_document(params.text_document.uri).path)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
        ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(params.text_document.uri, []))
        ls.closed(uris.to_fs_path(params.text_document.uri) or "")

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
        document = ls.workspace.get_text_document(params.text_document.uri)
        text = await ls.ask(document, lambda known, name: known.result.hover(name, *known.position(name, params.position)))
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text)) if text else None

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(KINDS, resolve_provider=True))
    async def code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
        document = ls.workspace.get_text_document(params.text_document.uri)
        return await ls.ask(document, lambda known, name: _actions(ls, known, name, params)) or []

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(ls: Server, params: types.CodeAction) -> types.CodeAction:
        if isinstance(params.data, str):
            document = ls.workspace.get_text_document(params.data)
            params.edit = await ls.ask(document, _fix_all)
        return params

    return server


def _fix_all(known: Translator, name: str) -> types.WorkspaceEdit | None:
    fix = known.result.fix_all(name)
    return known.edit(fix) if fix is not None else None


def _actions(ls: Server, known: Translator, name: str, params: types.CodeActionParams) -> list[types.CodeAction]:
    """List the fixes for a range, and the one for the whole file, as far as the client asks for their kind."""
    only = params.context.only
    result, actions = known.result, []
    if _asked(types.CodeActionKind.QuickFix.value, only):
        first, last = (known.position(name, p) for p in (params.range.start, params.range.end))
        for changed, group, place in result.at(name, first, last):
            actions += [known.action(fix, group, place, fix.safety == "safe") for fix in result.fixes(changed)]
            ignore = result.ignore(changed, place if changed is group else changed.place)
            actions += [known.action(ignore, group, place, False)] if ignore is not None else []
    if _asked(FIX_ALL_KIND, only) and result.has_safe_fix(name):
        whole = types.CodeAction(FIX_ALL[:1].upper() + FIX_ALL[1:], FIX_ALL_KIND, data=params.text_document.uri)
        if not _resolves(ls):  # the whole program is analysed again for it, so it is not done unasked
            whole.edit = _fix_all(known, name) if only is not None else None
        if whole.edit is not None or _resolves(ls):
            actions.append(whole)
    return actions


def _asked(kind: str, only: object) -> bool:
    """Tell whether a client asks for a kind of action: for all, for this one or for one that includes it."""
    return only is None or any(kind == k or kind.startswith(f"{k}.") for k in (getattr(o, "value", o) for o in list(only)))  # type: ignore[call-overload]


def _resolves(ls: Server) -> bool:
    """Tell whether the client asks for the edit of an action when the user chooses it."""
    document = ls.client_capabilities.text_document
    support = document.code_action.resolve_support if document is not None and document.code_action is not None else None
    return support is not None and "edit" in support.properties
