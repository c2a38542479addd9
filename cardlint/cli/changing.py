"""`--fix`, `--diff` and `--add-ignores`: changes of files, written atomically and only over the analysed content."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from cardlint.cli.show import say, write_diff
from cardlint.files.reading import MAX_FILE
from cardlint.files.regular import read_regular
from cardlint.files.writing import Bounds, replace_file

if TYPE_CHECKING:
    from cardlint.config import Config
    from cardlint.engine import Run
    from cardlint.findings import Finding, Report
    from cardlint.fix.session import Rerun, Session
    from cardlint.fix.source import FileSources


class Changed(NamedTuple):
    """The run after the changes, whether a file could not be written, and the diff where only that was wanted."""

    run: Run
    failed: bool
    differs: bool


def change(
    done: Run, config: Config, given: Mapping[str, Any], rerun: Rerun, narrowed: Callable[[Report], Report], paths: Sequence[str] = (".",)
) -> Changed:
    """Change the files of a run over some paths, or show the changes; reasons for what was not changed go to standard error."""
    from cardlint.fix.session import Session

    sources = _Checked(done, Bounds(paths, config.root if config.source else ""))
    session = Session(done, rerun, unsafe=bool(given["unsafe_fixes"]), problem=sources.problem, elsewhere=_Outside(done, config))
    if given["add_ignores"]:
        _ignores(session, narrowed(done.report).findings, given["reason"], rerun)
    else:
        refused, held = session.fix(narrowed)
        _say(refused)
        if held:
            _say([f"cardlint: {held} fix{'' if held == 1 else 'es'} would change exported series; --unsafe-fixes applies them"])
    if given["diff"]:
        _say(f"cardlint: error: {path}: {why}" for path, why in sorted(session.problems.items()))
        for path, text in sorted(session.texts.items()):
            source = session.before(path)
            write_diff(_diff(path, source.encode(source.text), source.encode(text)))
        _say(f"{where}: would be fixed: {said}" for files, where, said in session.applied if not files & session.problems.keys())
        return Changed(session.run, bool(session.problems), bool(session.texts))
    failed = _write(session, sources)
    return Changed(session.run if not failed else rerun({}), failed, False)


def with_fixes(done: Run, report: Report) -> Report:
    """Add to every finding with a fix what `--fix` would do."""
    from msgspec.structs import replace

    from cardlint.fix import alone
    from cardlint.fix.source import FileSources

    sources = FileSources(done.project.data, done.project.mentioning, paths=done.project.paths)
    fixed = [replace(f, fix=fix) if (fix := alone(f, done.program, sources)) else f for f in report.findings]
    return replace(report, findings=tuple(fixed))


class _Checked:
    """Tells why a file cannot be changed: its content must be the analysed one, and it must be one of the given files."""

    def __init__(self, done: Run, bounds: Bounds) -> None:
        from cardlint.fix.source import FileSources

        self.bounds = bounds
        self.sources: FileSources = FileSources(done.project.data)

    def problem(self, path: str) -> str:
        """Return why a file may not be changed, '' when it may."""
        if why := self.bounds.of_source(path):
            return why
        source, data = self.sources(path), self.sources.data(path)
        try:
            if read_regular(path, MAX_FILE) != data:
                return "it has changed in the meantime, so it was left unchanged"
            if not os.stat(path).st_mode & 0o222 or not os.access(path, os.W_OK):
                return "it is read-only and is left alone"
        except OSError as problem:
            return f"cannot be read: {problem.strerror}"
        try:
            whole = source.encode(source.text) == data
        except UnicodeEncodeError:
            whole = False
        return "" if whole else f"its encoding {source.encoding} does not keep every byte, so it is left alone"


class _Outside:
    """Finds files of the project outside of the run: `cardlint --fix one.py` sees the uses in that file only."""

    def __init__(self, done: Run, config: Config) -> None:
        self._known = {os.path.realpath(path) for path in done.project.paths()}
        self._config = config

    def __call__(self, name: str, module: str) -> list[str]:
        """List the files that hold both words."""
        from cardlint.files.search import holds_word

        words = [os.fsencode(word) for word in (name, module)]
        return [path for path, data in self._files.items() if all(holds_word(data, word) for word in words)]

    @cached_property
    def _files(self) -> dict[str, bytes]:
        from cardlint.engine import find
        from cardlint.project.lines import bytes_of

        files = [path for path in find((_top(self._config),), self._config) if os.path.realpath(path) not in self._known]
        return {path: bytes_of(path) for path in files}


def _top(config: Config) -> str:
    """Return the folder of the project: that of its configuration, or of its repository, or the working directory."""
    if config.source:
        return config.root
    here = os.getcwd()
    folder = here
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return "."
        folder = parent
    return os.path.relpath(folder, here)


def _ignores(session: Session, findings: Iterable[Finding], reason: str, rerun: Rerun) -> None:
    """Write `# cardlint: ignore[rules] -- reason` at the end of the logical line of every cause.

    Where no comment at the cause would do, each of its sites gets one.
    """
    from cardlint.fix.ignores import with_ignores
    from cardlint.groups import comments, groups

    by_file: dict[str, list[Finding]] = {}
    whole: dict[str, list[Finding]] = {}
    known = set(session.run.project.paths())
    for group in groups([f for f in findings if not f.code.startswith("CL9") and f.code != "CL000"]):
        wanted, whole_file = comments(group, lambda path: path in known and not session.problem(path))
        for finding in wanted:
            by_file.setdefault(finding.place.path, [])
            (whole if whole_file else by_file).setdefault(finding.place.path, []).append(finding)
    data: dict[str, bytes] = {}
    for path, inside in by_file.items():
        source = session.before(path)
        text = with_ignores(source, inside, " ".join(reason.split()), whole.get(path, ()))
        if text == source.text:
            continue
        if not _means_the_same(source.text, text):
            session.problems[path] = "no safe place for a comment was found in it, so it was left unchanged"
            continue
        try:
            data[path] = source.encode(text)
        except UnicodeEncodeError:
            session.problems[path] = f"its encoding {source.encoding} cannot hold the reason"
            continue
        session.texts[path] = text
    if data:
        session.run = rerun(data)


def _means_the_same(before: str, after: str) -> bool:
    """Tell whether two texts are the same program; grammar newer than this Python is read as the analysis reads it."""
    import ast

    from cardlint.lowering.source import Unreadable, deeply, parse

    try:
        with deeply():
            return ast.dump(parse(before)[0]) == ast.dump(parse(after)[0])
    except (Unreadable, RecursionError):  # a tree that was parsed may still be too deep to be dumped
        return False


def _write(session: Session, sources: _Checked) -> bool:
    """Write the changed files; a fix over several files is not written when one of them cannot be."""
    problems = session.problems | {path: why for path in session.texts if (why := sources.problem(path))}
    left = session.connected(problems)
    count = 0
    for path, text in sorted(session.texts.items()):
        if path in left:
            problems.setdefault(path, "it belongs to a fix of a file that cannot be changed, and is left alone")
            continue
        try:
            replace_file(path, session.before(path).encode(text), sources.bounds, source=True)
            count += 1
        except OSError as problem:
            problems[path] = f"cannot be written: {problem.strerror}"
    _say(f"{where}: fixed: {said}" for files, where, said in session.applied if not files & problems.keys())
    _say(f"cardlint: error: {path}: {why}" for path, why in sorted(problems.items()))
    _say([f"cardlint: {count} file{'' if count == 1 else 's'} changed"])
    return bool(problems)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        say(line, aside=True)


def _quoted(name: bytes) -> bytes:
    """Return a file name for the header of a diff, quoted as git does it: a line end in a name must not begin lines of the diff."""
    if not any(byte < 0x20 or byte in b'\x7f"\\' for byte in name):
        return name
    return b'"' + b"".join(b"\\%03o" % byte if byte < 0x20 or byte in b'\x7f"\\' else b"%c" % byte for byte in name) + b'"'


def _diff(path: str, before: bytes, after: bytes) -> bytes:
    """Return a unified diff of the exact bytes; only line feeds end a line, as for the programs that apply it."""
    from difflib import diff_bytes, unified_diff

    name = _quoted(os.fsencode(path))
    old, new = ([line + b"\n" for line in data.split(b"\n")] for data in (before, after))
    for lines, data in ((old, before), (new, after)):
        lines[-1:] = [] if data.endswith(b"\n") or not data else [lines[-1][:-1]]
    shown = diff_bytes(unified_diff, old, new, name, name)
    return b"".join(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in shown)
