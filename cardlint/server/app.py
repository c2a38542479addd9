"""The language server: the documents of the client, and the runs after a change, debounced, one at a time."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from cardlint.cache.facts_cache import FactsCache
from cardlint.cache.folder import cache_folder
from cardlint.config import ConfigError
from cardlint.files.discovery import MissingPath
from cardlint.files.writing import checkout
from cardlint.fix.source import encoded
from cardlint.output.neutralise import plain
from cardlint.server.analysis import Result, analyse, overlapping
from cardlint.server.translate import Translator
from cardlint.version import __version__

DELAY = 0.3
"""Seconds of silence after a change before a run begins, so that no run sees half a word."""


class Server(LanguageServer):
    """A server with the last result of every folder that has an open document."""

    def __init__(self) -> None:
        super().__init__("cardlint", __version__, types.TextDocumentSyncKind.Incremental)
        self.results: dict[str, Result] = {}
        self.caches: dict[str, FactsCache] = {}
        """by the analysed folder; the key of the cache must not be in it"""
        self.one = ThreadPoolExecutor(1, "cardlint")
        """runs share the interpreter: a second one at the same time would only slow the first"""
        self.waiting: dict[str, asyncio.TimerHandle] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.complaints: dict[str, str] = {}
        """the last message about a folder's configuration"""

    def folder_of(self, path: str) -> str:
        """Return the innermost workspace folder that holds a file, or the file itself outside of all."""
        folders = [uris.to_fs_path(f.uri) or "" for f in (self.workspace.folders or {}).values()]
        if not folders and self.workspace.root_path:
            folders = [self.workspace.root_path]
        inside = [f.rstrip(os.sep) for f in folders if f and path.startswith(f.rstrip(os.sep) + os.sep)]
        return max(inside, key=len, default=path)

    def schedule(self, path: str, delay: float) -> None:
        """Schedule a run over the folder of a file after a delay; a change meanwhile restarts the delay."""
        folder = self.folder_of(path)
        if folder in self.waiting:
            self.waiting.pop(folder).cancel()
        self.waiting[folder] = asyncio.get_running_loop().call_later(delay, self._start, folder)

    def _start(self, folder: str) -> None:
        self.waiting.pop(folder, None)
        task = asyncio.get_running_loop().create_task(self._run(folder))
        self.tasks.add(task)
        task.add_done_callback(lambda done: self._finished(done, folder))

    def _finished(self, task: asyncio.Task[None], folder: str) -> None:
        self.tasks.discard(task)
        problem = None if task.cancelled() else task.exception()
        if problem is not None:  # an error message is better than a server without answers
            self._complain(folder, f"internal error: {type(problem).__name__}: {problem}")

    async def _run(self, folder: str) -> None:
        """Analyse a folder with the current texts and publish the findings in its open documents."""
        documents = [d for d in self.workspace.text_documents.values() if self.folder_of(d.path) == folder]
        unsaved = {d.path: encoded(d.source) for d in documents}
        versions = {d.path: d.version for d in documents}
        try:
            result = await asyncio.get_running_loop().run_in_executor(self.one, analyse, folder, unsaved, self.cache(folder))
        except (ConfigError, MissingPath) as problem:
            self._complain(folder, str(problem))
            return
        self.complaints.pop(folder, None)
        self.results[folder] = result
        if folder in self.waiting:  # the document has changed: the findings are about an older text
            return
        for path in unsaved:
            self._publish(result, path, versions[path])

    def cache(self, folder: str) -> FactsCache:
        """Return the cache for runs over a folder, the one that the environment names or the user's own."""
        if folder not in self.caches:
            self.caches[folder] = FactsCache(cache_folder(os.environ.get("CARDLINT_CACHE_DIR", ""), checkout((folder,))))
        return self.caches[folder]

    def _publish(self, result: Result, path: str, version: int | None) -> None:
        translator = self._translator(result)
        found = translator.diagnostics(path)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(translator.uri(path), found, version))

    def _complain(self, folder: str, message: str) -> None:
        if self.complaints.get(folder) != message:
            self.complaints[folder] = message
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, plain(f"cardlint: {message}")))

    def current(self, document: TextDocument) -> Translator | None:
        """Return the analysis of a document, unless it has changed since."""
        result = self.results.get(self.folder_of(document.path))
        if result is None or result.unsaved.get(document.path) != encoded(document.source):
            return None
        return self._translator(result)

    def _translator(self, result: Result) -> Translator:
        documents = self.workspace.text_documents.values()
        versions, names = {d.path: d.version for d in documents}, {d.path: d.uri for d in documents}
        return Translator(result, self.workspace.position_codec, versions.get, names)


def create() -> Server:
    """Build a server with its handlers; `start_io` runs it on standard input and output."""
    server = Server()

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
        ls.schedule(ls.workspace.get_text_document(params.text_document.uri).path, 0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
        ls.schedule(ls.workspace.get_text_document(params.text_document.uri).path, DELAY)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
        ls.schedule(ls.workspace.get_text_document(params.text_document.uri).path, 0)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
        ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(params.text_document.uri, []))
        path = uris.to_fs_path(params.text_document.uri) or ""
        ls.results.pop(path, None)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
        document = ls.workspace.get_text_document(params.text_document.uri)
        known = ls.current(document)
        text = known.result.hover(document.path, *known.position(document.path, params.position)) if known is not None else ""
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text)) if text else None

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions([types.CodeActionKind.QuickFix]))
    def code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
        document = ls.workspace.get_text_document(params.text_document.uri)
        known = ls.current(document)
        if known is None:
            return []
        first, last = (known.position(document.path, p) for p in (params.range.start, params.range.end))
        actions = []
        for finding in overlapping(known.result.findings(document.path), document.path, first, last):
            fix, ignore = known.result.fix(finding), known.result.ignore(finding)
            actions += [known.action(fix, finding, fix.safety == "safe")] if fix is not None else []
            actions += [known.action(ignore, finding, False)] if ignore is not None else []
        return actions

    return server
