"""The language server, spoken to by a real client over standard input and output."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from tests.cli.test_command_line import cardlint
from tests.life.test_fixes import BUCKETS, wide

APP = """\
from prometheus_client import Counter

HITS = Counter("hits_total", "Hits", ["kind", "user_id"])


def hit(user_id):
    HITS.labels("a", user_id).inc()
"""
CLEAN = APP.replace(', "user_id"]', "]").replace(", user_id)", ")")


class Editor(LanguageClient):
    """A client that remembers what the server says."""

    def __init__(self) -> None:
        super().__init__("editor", "1")
        self.said: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.shown: asyncio.Queue[str] = asyncio.Queue()

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(_: Editor, params: types.PublishDiagnosticsParams) -> None:
            self.said.put_nowait(params)

        @self.feature(types.WINDOW_SHOW_MESSAGE)
        def shown(_: Editor, params: types.ShowMessageParams) -> None:
            self.shown.put_nowait(params.message)

    async def begin(
        self, folder: Path | None, encodings: list[str] | None = None, cwd: Path | None = None, more: Sequence[Path] = ()
    ) -> None:
        env = {**os.environ, "XDG_CACHE_HOME": str((folder or Path.cwd()).parent / "cache")}
        await self.start_io(sys.executable, "-m", "cardlint", "server", "--stdio", env=env, cwd=cwd)
        resolves = types.ClientCodeActionResolveOptions(["edit"])
        capabilities = types.ClientCapabilities(
            general=types.GeneralClientCapabilities(position_encodings=encodings),
            text_document=types.TextDocumentClientCapabilities(code_action=types.CodeActionClientCapabilities(resolve_support=resolves)),
        )
        folders = [types.WorkspaceFolder(f.as_uri(), f.name) for f in (folder, *more)] if folder is not None else None
        await self.initialize_async(types.InitializeParams(capabilities=capabilities, process_id=os.getpid(), workspace_folders=folders))
        self.initialized(types.InitializedParams())

    def open(self, file: Path, text: str | None = None) -> None:
        item = types.TextDocumentItem(file.as_uri(), "python", 1, file.read_text() if text is None else text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, file: Path, version: int, text: str) -> None:
        document = types.VersionedTextDocumentIdentifier(version, file.as_uri())
        self.text_document_did_change(types.DidChangeTextDocumentParams(document, [types.TextDocumentContentChangeWholeDocument(text)]))

    async def diagnostics(self, file: Path, version: int | None = None) -> list[types.Diagnostic]:
        while True:
            params = await asyncio.wait_for(self.said.get(), 60)
            if params.uri == file.as_uri() and version in (None, params.version):
                return list(params.diagnostics)

    async def end(self) -> None:
        await self.shutdown_async(None)
        self.exit(None)
        await self.stop()


def talk(
    folder: Path | None,
    story: Callable[[Editor], Awaitable[None]],
    encodings: list[str] | None = None,
    cwd: Path | None = None,
    more: Sequence[Path] = (),
) -> None:
    async def run() -> None:
        editor = Editor()
        await editor.begin(folder, encodings, cwd, more)
        try:
            await story(editor)
        finally:
            await editor.end()

    asyncio.run(asyncio.wait_for(run(), 120))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "app.py").write_text(APP)
    return folder


def test_open_change_and_close(tree: Path) -> None:
    async def story(editor: Editor) -> None:
        file = tree / "app.py"
        editor.open(file)
        (found,) = await editor.diagnostics(file, 1)
        assert (found.code, found.source, found.severity) == ("CL101", "cardlint", types.DiagnosticSeverity.Warning)
        assert (found.range.start.line, found.range.start.character, found.range.end.character) == (6, 21, 28)
        assert found.related_information, "the way of the value is shown"
        assert all(r.location.uri == file.as_uri() for r in found.related_information)
        editor.change(file, 2, CLEAN)
        assert await editor.diagnostics(file, 2) == []
        editor.change(file, 3, APP)
        assert len(await editor.diagnostics(file, 3)) == 1
        assert file.read_text() == APP
        editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(file.as_uri())))
        assert await editor.diagnostics(file) == []

    talk(tree, story)


def test_a_change_in_one_file_is_seen_in_the_other(tree: Path) -> None:
    (tree / "metrics.py").write_text("from prometheus_client import Counter\nHITS = Counter('hits_total', 'Hits', ['who'])\n")
    (tree / "app.py").write_text("from metrics import HITS\nfrom people import name\n\n\ndef hit():\n    HITS.labels(name()).inc()\n")
    (tree / "people.py").write_text("import uuid\n\n\ndef name():\n    return 'fixed'\n")

    async def story(editor: Editor) -> None:
        app, people = tree / "app.py", tree / "people.py"
        editor.open(app)
        assert await editor.diagnostics(app) == []
        editor.open(people)
        await editor.diagnostics(people, 1)
        editor.change(people, 2, people.read_text().replace("'fixed'", "str(uuid.uuid4())"))
        while not (found := await editor.diagnostics(app)):
            pass
        assert any(r.location.uri == people.as_uri() for r in found[0].related_information or ())

    talk(tree, story)


def test_many_quick_changes_make_one_run(tree: Path) -> None:
    async def story(editor: Editor) -> None:
        file = tree / "app.py"
        editor.open(file, "")
        await editor.diagnostics(file, 1)
        for version in range(2, 12):
            editor.change(file, version, APP[: version * 10])
        editor.change(file, 12, APP)
        assert len(await editor.diagnostics(file)) == 1, "the first thing said is about the last text"

    talk(tree, story)


def test_hover_shows_labels_classes_and_series(tree: Path) -> None:
    async def story(editor: Editor) -> None:
        file = tree / "app.py"
        editor.open(file)
        await editor.diagnostics(file)
        document = types.TextDocumentIdentifier(file.as_uri())
        for line, character in ((2, 10), (6, 12)):
            hover = await editor.text_document_hover_async(types.HoverParams(document, types.Position(line, character)))
            assert hover is not None
            assert isinstance(hover.contents, types.MarkupContent)
            text = hover.contents.value
            assert "**hits_total** · counter" in text
            assert "| `kind` | exactly | 1 |" in text
            assert "| `user_id` |" in text
            assert "series: " in text
        assert await editor.text_document_hover_async(types.HoverParams(document, types.Position(0, 3))) is None

    talk(tree, story)


def applied(text: str, edit: types.WorkspaceEdit, uri: str) -> str:
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:i])) for i in range(len(lines) + 1)]
    for change in edit.document_changes or ():
        assert isinstance(change, types.TextDocumentEdit)
        assert (change.text_document.uri, change.text_document.version) == (uri, 1)
        for e in sorted(change.edits, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True):
            assert isinstance(e, types.TextEdit)
            start = starts[e.range.start.line] + e.range.start.character
            end = starts[e.range.end.line] + e.range.end.character
            text = text[:start] + e.new_text + text[end:]
    return text


def test_quick_fixes_do_what_fix_does(tree: Path) -> None:
    async def story(editor: Editor) -> None:
        file = tree / "app.py"
        editor.open(file)
        (found,) = await editor.diagnostics(file)
        wanted = types.CodeActionParams(types.TextDocumentIdentifier(file.as_uri()), found.range, types.CodeActionContext([found]))
        fix, ignore = await editor.text_document_code_action_async(wanted) or ()
        assert isinstance(fix, types.CodeAction)
        assert isinstance(ignore, types.CodeAction)
        assert fix.title.startswith("Remove the label `user_id` everywhere")
        assert fix.edit is not None
        assert ignore.edit is not None
        assert applied(APP, fix.edit, file.as_uri()) == CLEAN
        commented = applied(APP, ignore.edit, file.as_uri())
        assert "inc()  # cardlint: ignore[identity-label] -- " in commented
        editor.change(file, 2, commented)
        assert await editor.diagnostics(file, 2) == []

    talk(tree, story)
    assert cardlint("--fix", "--unsafe-fixes", ".", cwd=tree).returncode == 0
    assert (tree / "app.py").read_text() == CLEAN


def test_one_quick_fix_stands_without_the_others(tree: Path) -> None:
    """Two summaries share an import: who fixes one of them in an editor still needs it for the other."""
    text = "from prometheus_client import Summary\nA = Summary('a_seconds', 'A')\nB = Summary('b_seconds', 'B')\n"
    text = wide(text)

    async def story(editor: Editor) -> None:
        file = tree / "app.py"
        editor.open(file, text)
        first, _ = await editor.diagnostics(file)
        wanted = types.CodeActionParams(types.TextDocumentIdentifier(file.as_uri()), first.range, types.CodeActionContext([first]))
        fix, _ = await editor.text_document_code_action_async(wanted) or ()
        assert isinstance(fix, types.CodeAction)
        assert fix.edit is not None
        assert not fix.is_preferred, "what changes series is for people to choose"
        assert applied(text, fix.edit, file.as_uri()) == text.replace("import Summary", "import Histogram, Summary").replace(
            "A = Summary('a_seconds', 'A'", f"A = Histogram('a_seconds', 'A'{BUCKETS}"
        )

    talk(tree, story)
    (tree / "app.py").write_text(text)
    log = json.loads(cardlint("--format", "sarif", ".", cwd=tree).stdout)
    inserted = [r["insertedContent"]["text"] for r in log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"]]
    assert inserted == ["Histogram", "Histogram, Summary", BUCKETS], "the same holds for code scanning"


def test_a_quick_fix_changes_every_file_it_has_to(tree: Path) -> None:
    (tree / "metrics.py").write_text("from prometheus_client import Counter\nHITS = Counter('hits_total', 'Hits', ['kind', 'user_id'])\n")
    text = "from metrics import HITS\n\n\ndef hit(user_id):\n    HITS.labels('a', user_id).inc()\n"

    async def story(editor: Editor) -> None:
        file = tree / "app.py"
        editor.open(file, text)
        (found,) = await editor.diagnostics(file)
        assert {r.location.uri for r in found.related_information or ()} >= {(tree / "metrics.py").as_uri()}
        wanted = types.CodeActionParams(types.TextDocumentIdentifier(file.as_uri()), found.range, types.CodeActionContext([found]))
        fix, _ = await editor.text_document_code_action_async(wanted) or ()
        assert isinstance(fix, types.CodeAction)
        assert fix.edit is not None
        changes = {c.text_document.uri: c for c in fix.edit.document_changes or () if isinstance(c, types.TextDocumentEdit)}
        assert set(changes) == {file.as_uri(), (tree / "metrics.py").as_uri()}
        assert changes[file.as_uri()].text_document.version == 1
        assert changes[(tree / "metrics.py").as_uri()].text_document.version is None, "it is not open"

    talk(tree, story)


def test_a_document_in_another_encoding(tree: Path) -> None:
    text = "# -*- coding: latin-1 -*-\n" + APP.replace('"a", user_id', '"\xe9\xe9\xe9", user_id')

    async def story(editor: Editor) -> None:
        file = tree / "app.py"
        editor.open(file, text)
        (found,) = await editor.diagnostics(file)
        assert (found.range.start.line, found.range.start.character) == (7, 23)

    talk(tree, story)


@pytest.mark.parametrize(("encoding", "before"), [("utf-16", 12), ("utf-8", 14), ("utf-32", 11)])
def test_columns_are_counted_as_the_client_counts(tree: Path, encoding: str, before: int) -> None:
    text = APP.replace('HITS.labels("a", user_id)', 'HITS.labels("\N{PILE OF POO}", user_id)')

    async def story(editor: Editor) -> None:
        file = tree / "app.py"
        editor.open(file, text)
        (found,) = await editor.diagnostics(file)
        assert found.range.start.character == before + 10

    talk(tree, story, [encoding])


def test_a_wrong_configuration_is_said_once_and_a_right_one_holds(tree: Path) -> None:
    settings = tree / "pyproject.toml"
    settings.write_text("[tool.cardlint]\nselekt = ['all']\n")

    async def story(editor: Editor) -> None:
        file = tree / "app.py"
        editor.open(file)
        assert "selekt" in await asyncio.wait_for(editor.shown.get(), 60)
        settings.write_text('[tool.cardlint]\nbounded-labels = ["user_id"]\n')
        editor.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(file.as_uri())))
        assert await editor.diagnostics(file) == []
        assert editor.shown.empty()

    talk(tree, story)


def test_a_file_outside_of_every_folder(tree: Path) -> None:
    async def story(editor: Editor) -> None:
        file = tree / "app.py"
        editor.open(file)
        assert [d.code for d in await editor.diagnostics(file)] == ["CL101"]

    talk(None, story)


def test_code_that_does_not_parse_yet_is_no_crash(tree: Path) -> None:
    async def story(editor: Editor) -> None:
        file = tree / "app.py"
        editor.open(file, APP + "def half(")
        assert [d.code for d in await editor.diagnostics(file)] == ["CL000"]
        editor.change(file, 2, APP)
        assert [d.code for d in await editor.diagnostics(file, 2)] == ["CL101"]

    talk(tree, story)


def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "pygls.py").write_text("raise ModuleNotFoundError('no pygls', name='pygls')\n")
    done = cardlint("server", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "pip install 'cardlint[lsp]'" in done.stderr


@pytest.mark.parametrize("spelling", ["untitled:Untitled-1", "file://{folder}/a%20b%23/x%2Dy.py"])
def test_a_document_keeps_the_name_that_the_client_gave_it(spelling: str, tree: Path) -> None:
    """Editors match diagnostics by the very URI they sent, whatever a server would have written."""

    async def story(editor: Editor) -> None:
        name = spelling.format(folder=tree)
        editor.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(name, "python", 1, APP)))
        said = await asyncio.wait_for(editor.said.get(), 60)
        assert (said.uri, [d.code for d in said.diagnostics]) == (name, ["CL101"])
        wanted = types.CodeActionParams(types.TextDocumentIdentifier(name), said.diagnostics[0].range, types.CodeActionContext([]))
        fix, _ = await editor.text_document_code_action_async(wanted) or ()
        assert isinstance(fix, types.CodeAction)
        assert fix.edit is not None
        assert applied(APP, fix.edit, name) == CLEAN

    talk(tree, story)


def test_a_document_whose_name_no_file_can_have_is_left_alone(tree: Path) -> None:
    async def story(editor: Editor) -> None:
        document = types.TextDocumentItem(f"{tree.as_uri()}/a%00b.py", "python", 1, APP)
        editor.text_document_did_open(types.DidOpenTextDocumentParams(document))
        editor.open(tree / "app.py")
        assert [d.code for d in await editor.diagnostics(tree / "app.py")] == ["CL101"]
        nowhere = types.HoverParams(types.TextDocumentIdentifier(document.uri), types.Position(4, 0))
        assert await editor.text_document_hover_async(nowhere) is None
        assert editor.shown.empty()

    talk(tree, story)


def test_a_position_behind_the_end_is_no_crash(tree: Path) -> None:
    async def story(editor: Editor) -> None:
        file = tree / "app.py"
        editor.open(file)
        await editor.diagnostics(file)
        document = types.TextDocumentIdentifier(file.as_uri())
        assert await editor.text_document_hover_async(types.HoverParams(document, types.Position(999, 5))) is None
        nowhere = types.Range(types.Position(999, 0), types.Position(1000, 0))
        assert not await editor.text_document_code_action_async(types.CodeActionParams(document, nowhere, types.CodeActionContext([])))

    talk(tree, story)


@pytest.mark.parametrize("place", ["inside", "outside"])
def test_a_file_has_one_name_wherever_the_server_is_started(place: str, tree: Path, tmp_path: Path) -> None:
    """Editors start servers in the workspace: the analysed file and the open document are one, for every answer."""
    (tree / "tests").mkdir()
    (tree / "tests" / "lib.py").write_text("from prometheus_client import Counter\nT = Counter('t_total', 'T', ['user_id'])\n")

    async def story(editor: Editor) -> None:
        file = tree / "app.py"
        editor.open(file, CLEAN)
        assert await editor.diagnostics(file, 1) == [], "the text on the disk is not read beside the unsaved one"
        editor.change(file, 2, APP)
        (found,) = await editor.diagnostics(file, 2)
        document = types.TextDocumentIdentifier(file.as_uri())
        assert await editor.text_document_hover_async(types.HoverParams(document, types.Position(2, 10))) is not None
        wanted = types.CodeActionParams(document, found.range, types.CodeActionContext([found]))
        fix, _ = await editor.text_document_code_action_async(wanted) or ()
        assert isinstance(fix, types.CodeAction)
        assert fix.edit is not None
        (change,) = fix.edit.document_changes or ()
        assert isinstance(change, types.TextDocumentEdit)
        assert (change.text_document.uri, change.text_document.version) == (file.as_uri(), 2)

    talk(tree, story, cwd=tree if place == "inside" else tmp_path)


@pytest.mark.parametrize("linked", ["workspace", "document", "file"])
def test_links_do_not_make_two_files_of_one(linked: str, tree: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tree)
    (tree / "second.py").symlink_to("app.py")
    folder, file = {
        "workspace": (link, tree / "app.py"),
        "document": (tree, link / "app.py"),
        "file": (tree, tree / "second.py"),
    }[linked]

    async def story(editor: Editor) -> None:
        editor.open(file, CLEAN)
        assert await editor.diagnostics(file, 1) == []
        editor.change(file, 2, APP)
        assert [d.code for d in await editor.diagnostics(file, 2)] == ["CL101"]

    talk(folder, story, cwd=folder)


def test_what_is_excluded_is_not_reported_when_it_is_opened(tree: Path) -> None:
    (tree / "cardlint.toml").write_text('extend-exclude = ["old"]\n')
    (tree / "old").mkdir()
    (tree / "old" / "app.py").write_text(APP)

    async def story(editor: Editor) -> None:
        editor.open(tree / "old" / "app.py")
        assert await editor.diagnostics(tree / "old" / "app.py") == []
        editor.open(tree / "new.py", APP.replace("hits", "new"))
        assert [d.code for d in await editor.diagnostics(tree / "new.py")] == ["CL101"], "a file that is not saved yet"

    talk(tree, story, cwd=tree)


def test_unsaved_text_of_an_imported_file_counts_in_every_folder_that_holds_it(tree: Path) -> None:
    """The workspace has a folder and a folder inside of it; the inner one is imported by the outer one."""
    inner = tree / "people"
    inner.mkdir()
    (inner / "__init__.py").write_text("def name():\n    return 'fixed'\n")
    (tree / "app.py").write_text(
        "from prometheus_client import Counter\nfrom people import name\nHITS = Counter('hits_total', 'Hits', ['who'])\nHITS.labels(name()).inc()\n"
    )

    async def story(editor: Editor) -> None:
        app, people = tree / "app.py", inner / "__init__.py"
        editor.open(app)
        assert await editor.diagnostics(app) == []
        editor.open(people, "import uuid\n\n\ndef name():\n    return str(uuid.uuid4())\n")
        while not await editor.diagnostics(app):
            pass
        editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(people.as_uri())))
        while await editor.diagnostics(app):
            pass

    talk(tree, story, cwd=tree, more=[inner])


def test_a_message_is_sentences_on_lines_of_their_own_with_a_link_to_the_rule(tree: Path) -> None:
    async def story(editor: Editor) -> None:
        file = tree / "app.py"
        editor.open(file)
        (found,) = await editor.diagnostics(file)
        said = found.message.split("\n")
        assert len(said) >= 3
        assert all(line[0].isupper() and line.endswith(".") for line in said), said
        assert [line.partition(":")[0] for line in said[-2:]] == ["Cost", "Help"]
        assert found.code_description is not None
        assert found.code_description.href.endswith("/rules/identity-label/")

    talk(tree, story)


def test_one_action_fixes_the_whole_file_as_fix_does(tree: Path) -> None:
    text = "x = 1  # cardlint: ignore[summary] -- was one\ny = 2  # cardlint: ignore[raw-path] -- was one\n"
    (tree / "app.py").write_text(text)
    (tree / "other.py").write_text(text)

    async def story(editor: Editor) -> None:
        file = tree / "app.py"
        editor.open(file)
        assert len(await editor.diagnostics(file)) == 2
        document, nowhere = types.TextDocumentIdentifier(file.as_uri()), types.Range(types.Position(0, 0), types.Position(0, 0))
        only = types.CodeActionContext([], only=[types.CodeActionKind.SourceFixAll])
        (action,) = await editor.text_document_code_action_async(types.CodeActionParams(document, nowhere, only)) or ()
        assert isinstance(action, types.CodeAction)
        assert action.kind == "source.fixAll.cardlint"
        assert action.edit is None, "the program is analysed again for it, so it is made when the user chooses it"
        edit = (await editor.code_action_resolve_async(action)).edit
        assert edit is not None
        assert applied(text, edit, file.as_uri()) == "x = 1\ny = 2\n"
        editor.change(file, 2, applied(text, edit, file.as_uri()))
        assert await editor.diagnostics(file, 2) == []

    talk(tree, story)
    assert (tree / "other.py").read_text() == text
