"""Measure an editor: how long after the last keystroke the final diagnostics come, compared with one run.

    python -m tests.bench.editor REPOSITORY FILE [ROUNDS]

It opens FILE of REPOSITORY, types a line letter by letter in each round, and waits for the diagnostics of the last version. One
run is timed in this process, over the same files and with the same warm cache. The server is started in the repository, as editors
do.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types
from pygls.lsp.client import LanguageClient

PAUSE = 0.06
"""Seconds between two letters: a quick typist."""
TYPED = "# a comment that somebody types into the file while the linter runs"


class Editor(LanguageClient):
    """A client that keeps the version of the diagnostics that came last."""

    def __init__(self) -> None:
        super().__init__("bench", "1")
        self.versions: asyncio.Queue[tuple[int | None, float]] = asyncio.Queue()

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(_: Editor, params: types.PublishDiagnosticsParams) -> None:
            self.versions.put_nowait((params.version, time.perf_counter()))

    async def said(self, version: int) -> float:
        """Wait for the diagnostics of a version and return the time when they came."""
        while True:
            got, when = await asyncio.wait_for(self.versions.get(), 120)
            if got == version:
                return when


class Times(NamedTuple):
    """Seconds by round: of one run, from a single change to its diagnostics, from the last letter of a burst to its diagnostics."""

    run: list[float]
    change: list[float]
    burst: list[float]


async def measure(root: Path, file: Path, rounds: int) -> Times:
    """Measure rounds of one run, one change and one burst of letters."""
    editor = Editor()
    await editor.start_io(sys.executable, "-m", "cardlint", "server", env=dict(os.environ), cwd=root)
    await editor.initialize_async(
        types.InitializeParams(capabilities=types.ClientCapabilities(), workspace_folders=[types.WorkspaceFolder(root.as_uri(), root.name)])
    )
    editor.initialized(types.InitializedParams())
    text, version = file.read_text(), 1
    item = types.TextDocumentItem(file.as_uri(), "python", 1, text)
    editor.text_document_did_open(types.DidOpenTextDocumentParams(item))
    await editor.said(1)

    def write(more: str) -> None:
        nonlocal version
        version += 1
        document = types.VersionedTextDocumentIdentifier(version, file.as_uri())
        whole = [types.TextDocumentContentChangeWholeDocument(f"{text}\n{more}")]
        editor.text_document_did_change(types.DidChangeTextDocumentParams(document, whole))

    times = Times([], [], [])
    for number in range(rounds):  # side by side: what else the machine does meets all three alike
        times.run.append(await asyncio.to_thread(_one_run, root, file, f"{text}\n# run {number}"))
        write(f"# {number}")
        started = time.perf_counter()
        times.change.append(await editor.said(version) - started)
        for end in range(1, len(TYPED)):
            write(TYPED[:end])
            await asyncio.sleep(PAUSE)
        write(TYPED)
        started = time.perf_counter()
        times.burst.append(await editor.said(version) - started)
    await editor.shutdown_async(None)
    editor.exit(None)
    await editor.stop()
    return times


def main() -> None:
    """Print the median times, and the median of their ratios to one run."""
    root, rounds = Path(sys.argv[1]).resolve(), int(sys.argv[3]) if len(sys.argv) > 3 else 5
    file = root / sys.argv[2]
    times = asyncio.run(measure(root, file, rounds))
    for name, found in (("one run", times.run), ("one change", times.change), (f"last of {len(TYPED)} letters", times.burst)):
        seconds = statistics.median(found)
        ratio = statistics.median(a / b for a, b in zip(found, times.run, strict=True))
        print(f"{name:18} {seconds:6.2f} s  {ratio:.2f} of a run")


def _one_run(root: Path, file: Path, text: str) -> float:
    """Return the seconds of one run over the repository, with the warm cache that the server has too."""
    from cardlint.cache.facts_cache import FactsCache
    from cardlint.cache.folder import cache_folder
    from cardlint.server.analysis import analyse

    cache = FactsCache(cache_folder(os.environ.get("CARDLINT_CACHE_DIR", ""), (str(root),)))
    started = time.perf_counter()
    analyse(str(root), {str(file): text.encode()}, cache)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
