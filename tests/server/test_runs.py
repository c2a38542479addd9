"""The runs of the server: how many there are, over which text, and what ends them. No test looks at a clock."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from cardlint.common.stopping import Stopped, Wanted
from cardlint.server.analysis import analyse
from cardlint.server.runs import LONGEST, SHORTEST, Runs, Work


class Editor:
    """Texts that change, and runs over them that wait until they are let go or told to stop."""

    def __init__(self) -> None:
        self.text = 0
        self.begun: list[int] = []
        self.stopped: list[int] = []
        self.said: list[int] = []
        self.failed: list[BaseException] = []
        self.go = threading.Event()
        self.runs = Runs(self._begin, lambda _folder, text: self.said.append(text), lambda _folder, problem: self.failed.append(problem))

    def _begin(self, _folder: str) -> Work:
        text = self.text

        def work(wanted: Wanted) -> int:
            self.begun.append(text)
            while not self.go.wait(0.001):
                if not wanted():
                    self.stopped.append(text)
                    raise Stopped
            if text < 0:
                raise ValueError(text)
            return text

        return work

    def type(self, text: int, delay: float = 0) -> None:
        self.text = text
        self.runs.change("folder", delay)

    async def until(self, condition: Callable[[], object]) -> None:
        for _ in range(20_000):
            if condition():
                return
            await asyncio.sleep(0.001)
        raise AssertionError((self.begun, self.stopped, self.said, self.failed))


def play(story: Callable[[Editor], Awaitable[None]]) -> Editor:
    async def run() -> Editor:
        editor = Editor()
        await story(editor)
        await asyncio.sleep(0.02)  # what would come too much comes now
        return editor

    return asyncio.run(run())


def test_a_change_ends_the_run_that_it_makes_worthless() -> None:
    async def story(editor: Editor) -> None:
        editor.type(1)
        await editor.until(lambda: editor.begun == [1])
        editor.type(2)
        await editor.until(lambda: editor.begun == [1, 2])
        editor.go.set()
        await editor.until(lambda: editor.said)

    editor = play(story)
    assert (editor.begun, editor.stopped, editor.said) == ([1, 2], [1], [2])


def test_many_changes_during_a_run_are_one_run_over_the_last_text() -> None:
    async def story(editor: Editor) -> None:
        editor.type(1)
        await editor.until(lambda: editor.begun == [1])
        for text in range(2, 50):
            editor.type(text)
        await editor.until(lambda: len(editor.begun) == 2)
        editor.go.set()
        await editor.until(lambda: editor.said)

    editor = play(story)
    assert (editor.begun, editor.said) == ([1, 49], [49])


def test_a_change_that_comes_as_the_run_ends_drops_its_result() -> None:
    async def story(editor: Editor) -> None:
        editor.type(1)
        await editor.until(lambda: editor.begun == [1])
        editor.go.set()
        editor.type(2)  # the result of the first run is on its way
        await editor.until(lambda: editor.said)

    assert play(story).said == [2]


def test_a_delayed_change_begins_nothing_before_a_later_one() -> None:
    async def story(editor: Editor) -> None:
        editor.go.set()
        editor.type(1, delay=60)
        editor.type(2)
        await editor.until(lambda: editor.said)

    assert play(story).begun == [2]


def test_an_error_is_told_and_the_next_run_comes() -> None:
    async def story(editor: Editor) -> None:
        editor.go.set()
        editor.type(-1)
        await editor.until(lambda: editor.failed)
        editor.type(2)
        await editor.until(lambda: editor.said)

    editor = play(story)
    assert [type(problem) for problem in editor.failed] == [ValueError]


def test_the_delay_is_a_small_share_of_a_run() -> None:
    async def story(editor: Editor) -> None:
        assert editor.runs.delay("folder") == LONGEST
        editor.go.set()
        editor.type(1)
        await editor.until(lambda: editor.said)
        assert editor.runs.delay("folder") == SHORTEST, "this run took no time"

    play(story)


@pytest.mark.parametrize("questions", [1, 10, 60])
def test_a_run_ends_in_its_middle_when_it_is_not_wanted(questions: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for number in range(40):
        (tmp_path / f"m{number}.py").write_text(
            f"from prometheus_client import Counter\nC = Counter('c{number}', 'C', ['a'])\ndef f(x):\n    C.labels(str(x)).inc()\n"
        )
    asked = 0

    def wanted() -> bool:
        nonlocal asked
        asked += 1
        return asked < questions

    with pytest.raises(Stopped):
        analyse(str(tmp_path), {}, None, wanted)
    assert asked == questions, "it ends at once"
    asked = -(10**9)
    assert analyse(str(tmp_path), {}, None, wanted).done.report.summary.metrics == 40
