"""Findings with one cause in an editor: one diagnostic where the edit goes, and one in each other file that has a site."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from tests.life.test_server import Editor, applied, talk
from tests.output.test_groups import IDENTITY, LISTS, PATHS, PRIVATE

METRICS = "from prometheus_client import Counter\n\nHITS = Counter('hits', 'Hits', ['kind', 'user_id'])\n"
ONE = "from metrics import HITS\n\n\ndef f(user_id):\n    HITS.labels('one', user_id).inc()\n\n\ndef g(user_id):\n    HITS.labels('two', user_id).inc()\n"


def tree(tmp_path: Path, files: dict[str, str]) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def at(found: types.Diagnostic) -> tuple[int, int]:
    """Return the place of a diagnostic, from 1."""
    return found.range.start.line + 1, found.range.start.character + 1


def others(found: types.Diagnostic, folder: Path) -> list[tuple[str, int, str]]:
    """Return the related places of a diagnostic: file, line, message."""
    return [
        (r.location.uri.removeprefix(f"{folder.as_uri()}/"), r.location.range.start.line + 1, r.message)
        for r in found.related_information or ()
    ]


async def actions(editor: Editor, file: Path, where: types.Range) -> list[types.CodeAction]:
    wanted = types.CodeActionParams(types.TextDocumentIdentifier(file.as_uri()), where, types.CodeActionContext([]))
    found = await editor.text_document_code_action_async(wanted) or ()
    assert all(isinstance(one, types.CodeAction) for one in found)
    return [one for one in found if isinstance(one, types.CodeAction) and one.kind == types.CodeActionKind.QuickFix]


def test_one_origin_is_one_diagnostic_with_its_sites(tmp_path: Path) -> None:
    folder = tree(tmp_path, {"app.py": PATHS})

    async def story(editor: Editor) -> None:
        file = folder / "app.py"
        editor.open(file)
        (found,) = await editor.diagnostics(file)
        assert at(found) == (14, 13)
        said = found.message.split("\n")
        assert said[0] == "Label `path` of 2 metrics is filled with the raw request path (3 sites, 2 metrics, one edit)."
        assert any(line.startswith("Cost: every new value adds at least ") and line.endswith("in seconds.") for line in said), said
        places = others(found, folder)
        assert places[:3] == [
            ("app.py", 9, "label `path` of `hits`"),
            ("app.py", 10, "label `path` of `seconds`"),
            ("app.py", 16, "label `path` of `hits`"),
        ]
        lines = [line for _, line, _ in places]
        assert len(lines) == len(set(lines)), "a place, or a line of the way, is named once"
        assert 14 not in lines, "the cause is the diagnostic itself"
        ignores = [one for one in await actions(editor, file, found.range) if one.title.startswith("Ignore")]
        assert [one.title for one in ignores] == ["Ignore raw-path here"]
        assert ignores[0].edit is not None
        editor.change(file, 2, applied(PATHS, ignores[0].edit, file.as_uri()))
        assert await editor.diagnostics(file, 2) == []

    talk(folder, story)


def test_a_factory_is_told_at_its_constructor_and_once_in_each_file_that_calls_it(tmp_path: Path) -> None:
    folder = tree(tmp_path, LISTS)

    async def story(editor: Editor) -> None:
        editor.open(folder / "b.py")
        found = await editor.diagnostics(folder / "b.py")
        assert [(d.code, *at(d)) for d in found if d.code == "CL201"] == [("CL201", 10, 12)]
        lists = [d for d in found if d.code == "CL202"]
        assert len(lists) == 1
        assert others(lists[0], folder)[0] == ("bounds.py", 2, "the cause of 4 findings")

    talk(folder, story)


def test_a_cause_in_a_file_that_is_not_open_is_told_there_and_taken_back(tmp_path: Path) -> None:
    folder = tree(tmp_path, {"metrics.py": METRICS, "one.py": ONE})

    async def until(editor: Editor, file: Path, count: int) -> list[types.Diagnostic]:
        while len(found := await editor.diagnostics(file)) != count:
            pass
        return found

    async def story(editor: Editor) -> None:
        metrics, one = folder / "metrics.py", folder / "one.py"
        editor.open(one)
        (site,) = await editor.diagnostics(one)
        (cause,) = await until(editor, metrics, 1)
        assert (at(site), at(cause)) == ((5, 24), (3, 8))
        assert site.message == cause.message
        assert others(site, folder)[:2] == [("metrics.py", 3, "the cause of 2 findings"), ("one.py", 9, "label `user_id` of `hits`")]
        assert others(cause, folder)[:2] == [("one.py", 5, "label `user_id` of `hits`"), ("one.py", 9, "label `user_id` of `hits`")]
        editor.change(one, 2, ONE.replace("user_id)", "'x')"))
        assert await until(editor, metrics, 0) == []
        editor.change(one, 3, ONE)
        await until(editor, metrics, 1)
        editor.open(metrics)
        assert len(await editor.diagnostics(metrics, 1)) == 1, "an open file has its own"
        editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(metrics.as_uri())))
        await until(editor, metrics, 1)
        editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(one.as_uri())))
        await until(editor, metrics, 0)

    talk(folder, story)


def test_the_fix_of_a_cause_is_offered_at_each_of_its_diagnostics(tmp_path: Path) -> None:
    folder = tree(tmp_path, {"metrics.py": METRICS, "one.py": ONE})

    async def story(editor: Editor) -> None:
        for file in (folder / "metrics.py", folder / "one.py"):
            editor.open(file)
            (found,) = await editor.diagnostics(file, 1)
            fix, ignore = await actions(editor, file, found.range)
            assert fix.title.startswith("Remove the label `user_id` everywhere")
            assert fix.edit is not None
            changed = [c for c in fix.edit.document_changes or () if isinstance(c, types.TextDocumentEdit)]
            assert {c.text_document.uri for c in changed} == {(folder / name).as_uri() for name in ("metrics.py", "one.py")}
            assert ignore.title == (
                "Ignore identity-label here" if file.stem == "metrics" else "Ignore identity-label at its cause, metrics.py:3"
            )

    talk(folder, story)


def test_one_action_changes_all_places_of_one_file(tmp_path: Path) -> None:
    folder = tree(tmp_path, {"test_a.py": PRIVATE})

    async def story(editor: Editor) -> None:
        file = folder / "test_a.py"
        editor.open(file)
        (found,) = await editor.diagnostics(file)
        assert found.message.split("\n")[0].endswith("2 times in this file.")
        fix, ignore = await actions(editor, file, found.range)
        assert fix.edit is not None
        assert "._value" not in applied(PRIVATE, fix.edit, file.as_uri())
        assert ignore.title == "Ignore private-value in the whole file"
        second = types.Range(types.Position(8, 12), types.Position(8, 12))
        fix, ignore = await actions(editor, file, second)
        assert fix.edit is not None
        assert applied(PRIVATE, fix.edit, file.as_uri()).count("._value.get()") == 1, "at another place it is that place alone"
        assert ignore.title == "Ignore private-value here"

    talk(folder, story)


def test_a_label_by_its_name_is_told_once(tmp_path: Path) -> None:
    folder = tree(tmp_path, {"app.py": IDENTITY})

    async def story(editor: Editor) -> None:
        editor.open(folder / "app.py")
        (found,) = await editor.diagnostics(folder / "app.py")
        assert at(found) == (3, 5)
        assert [line for _, line, _ in others(found, folder)][:2] == [7, 11]

    talk(folder, story)
