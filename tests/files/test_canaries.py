"""No program of the analysed tree ever runs: a canary behind every setting of git that can start one, and every command run.

All canaries of a place are planted at once, and git itself is run last, to show that they are alive.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from cardlint.cli.app import COMMANDS, group
from tests.files.git_settings import BESIDES, STARTING, Key, unknown
from tests.life.test_adoption import git

pytestmark = pytest.mark.once

APP = (
    'from flask import request\nfrom prometheus_client import Counter\n\nC = Counter("{0}_total", "C", ["path"])\n\n\n'
    "def {0}():\n    C.labels(request.path).inc()\n"
)
HOOKS = [
    "applypatch-msg",
    "pre-applypatch",
    "post-applypatch",
    "pre-commit",
    "pre-merge-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "pre-rebase",
    "post-checkout",
    "post-merge",
    "pre-push",
    "pre-receive",
    "update",
    "proc-receive",
    "post-receive",
    "post-update",
    "reference-transaction",
    "push-to-checkout",
    "pre-auto-gc",
    "post-rewrite",
    "sendemail-validate",
    "fsmonitor-watchman",
    "post-index-change",
]
KEYS = (*STARTING, *BESIDES)
MISSING = "1234567890123456789012345678901234567890"
RUNS = (
    "check .",
    "check src",
    "check src/a.py --verbose --timings --statistics --fail-on error --exit-zero",
    "check . --format json --output-file {out}/report.json",
    "check . --format sarif --format gitlab={out}/gitlab.json",
    "check . --pedantic --select raw-path --extend-select CL204 --ignore CL103 --jobs 1",
    "check . --since HEAD",
    "check . --since HEAD~1",
    "check src --since HEAD~1 --format github",
    f"check . --since {MISSING}",
    "check . --since @{{upstream}}",
    "check . --since canary/main",
    "check . --since ext::canary",
    "check --stdin-filename src/a.py",
    "check . --show-files",
    "check . --show-settings --isolated",
    "inventory .",
    "inventory src --format json --jobs 1",
    "trace src/a.py:8",
    "trace src/a.py:8 --root src",
    "baseline . --output {out}/baseline.json --select raw-path --extend-select CL204 --ignore CL103 --pedantic",
    "check . --baseline {out}/baseline.json",
    "check . --output-format concise --exclude vendor --quiet --color never --min-confidence low --no-group --no-baseline --show-fixes",
    "baseline . --output {out}/baseline.json --prune",
    "baseline . --output {out}/baseline.json --accept-new",
    "check @{out}/list --config {out}/cardlint.toml",
    "rules --format json",
    "explain raw-path --markdown",
    "cache dir",
    "debug eval src/a.py:8:5 src",
    "cache clean",
    "check . --diff --unsafe-fixes",
    "check . --diff --since HEAD~1",
    "check . --add-ignores --reason canary",
    "check . --fix --unsafe-fixes",
    "check . --cache-dir {out}/cache",
    "cache clean --cache-dir {out}/cache",
    "check . --no-cache --fix",
)
"""Every command and every option, those that change files last."""
REFUSED = [line.replace("{{", "{").replace("}}", "}") for line in RUNS if re.search(r"--since (?!HEAD)", line)]
DRIVER = """
import json, os, sys, traceback
from cardlint.cli.app import run
codes = {}
for line in json.load(open(sys.argv[1])):
    sys.stdin = open(os.path.join("src", "a.py"))
    codes[line] = run(line.split())
import cardlint
from cardlint.testing import assert_no_findings
cardlint.check(["."])
cardlint.check("src")
codes["the helper for tests"] = 0
try:
    assert_no_findings("src", pedantic=True)
except AssertionError:
    codes["the helper for tests"] = 1
json.dump(codes, open(sys.argv[2], "w"))
"""


class Yard:
    """A folder outside of the analysed tree: the canaries, and what is left of those that ran."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("bin", "ran", "out", "path"):
            (folder / name).mkdir(parents=True)
        (folder / "out" / "list").write_text("src\n")
        (folder / "out" / "cardlint.toml").write_text('fail-on = "error"\n')
        self.planted = 0

    def canary(self, name: str, folder: str = "bin") -> str:
        """Make a program that leaves a mark when it runs."""
        name = re.sub(r"[^\w.-]", "_", name)
        path = self.folder / folder / name
        if not path.exists():
            code = 0 if name.startswith("diff") else 1  # a driver that fails ends the diff, and those behind it never run
            path.write_text(f"#!/bin/sh\necho ran >> {self.folder}/ran/{name}\nexit {code}\n")
            path.chmod(0o755)
        return str(path)

    def ran(self) -> list[str]:
        """List the canaries that ran, and forget them."""
        found = sorted(path.name for path in (self.folder / "ran").iterdir())
        for name in found:
            (self.folder / "ran" / name).unlink()
        return found

    def value(self, key: Key) -> str:
        """Return what is written behind a setting."""
        program = self.canary(key.name)
        if key.kind.startswith("="):
            return key.kind[1:]
        if key.kind == "hooks":
            folder = self.folder / "bin" / f"hooks-{key.name}"
            folder.mkdir(exist_ok=True)
            (folder / "hooks").mkdir(exist_ok=True)
            for place in (folder, folder / "hooks"):
                for name in HOOKS:
                    self.canary(f"{key.name}-{name}")
                    (place / name).write_text(f"#!/bin/sh\nexec {self.canary(f'{key.name}-{name}')}\n")
                    (place / name).chmod(0o755)
            return str(folder)
        if key.kind == "include":
            file = self.folder / "bin" / f"{re.sub(r'[^a-zA-Z.]', '_', key.name)}.config"
            file.write_text(f'[core]\n\tfsmonitor = {program}\n\tpager = {program}\n[diff "canary1"]\n\tcommand = {program}\n')
            return str(file)
        if key.kind == "attributes":
            file = self.folder / "bin" / "attributes"
            file.write_text("*.py filter=canary1 diff=canary1 merge=canary1\n")
            return str(file)
        return {"!": "!" + program, "ext": "ext::" + program}.get(key.kind, program)

    def plant(self, config: Path, *leaving: str) -> None:
        """Write every setting, each with its canary, into a file of configuration."""
        lines = [config.read_text() if config.exists() else ""]
        for key in sorted(KEYS, key=lambda key: key.kind != "include"):  # what comes later counts
            if key.name in leaving:
                continue
            section, _, rest = key.planted.partition(".")
            between, _, name = rest.rpartition(".")
            head = f'[{section} "{between}"]' if between else f"[{section}]"
            lines.append(f'{head}\n\t{name} = "{self.value(key)}"\n')
            self.planted += 1
        config.write_text("".join(lines))

    def hook(self, folder: Path) -> None:
        """Put a canary behind every hook of a repository."""
        folder.mkdir(exist_ok=True)
        for name in HOOKS:
            (folder / name).write_text(f"#!/bin/sh\nexec {self.canary(f'hook-{name}')}\n")
            (folder / name).chmod(0o755)


ATTRIBUTES = "a.py filter=canary1 diff=canary1 merge=canary1\nb.py diff=canary2 merge=canary1\nc.py filter=canary3\n"
Place = Callable[[Yard, Path], Path]


def project(folder: Path) -> Path:
    """Make a repository with two commits and a change."""
    (folder / "src").mkdir(parents=True)
    for name in ("a", "b", "c"):
        (folder / "src" / f"{name}.py").write_text(APP.format(name))
    git("init", "-q", cwd=folder)
    git("add", "-A", cwd=folder)
    git("commit", "-qm", "first", cwd=folder)
    (folder / "src" / "a.py").write_text(APP.format("a") + "\n\n# more\n")
    git("commit", "-qam", "second", cwd=folder)
    change(folder)
    return folder


def change(folder: Path) -> None:
    for name in ("a", "b", "c"):
        (folder / "src" / f"{name}.py").write_text(APP.format(name) + "    C.labels(request.url).inc()\n")
    (folder / "src" / "new.py").write_text(APP.format("n"))


def in_config(yard: Yard, folder: Path) -> Path:
    project(folder)
    (folder / ".gitattributes").write_text(ATTRIBUTES)
    (folder / ".git" / "info").mkdir(exist_ok=True)
    (folder / ".git" / "info" / "attributes").write_text(ATTRIBUTES)
    git("config", "core.repositoryFormatVersion", "1", cwd=folder)
    yard.plant(folder / ".git" / "config", "core.worktree", "diff.external")
    yard.hook(folder / ".git" / "hooks")
    return folder


def in_included_file(yard: Yard, folder: Path) -> Path:
    project(folder)
    (folder / ".gitattributes").write_text(ATTRIBUTES)
    yard.plant(folder / "shared.config", "core.worktree", "diff.external", "include.path", "includeIf.<condition>.path")
    with (folder / ".git" / "config").open("a") as config:
        config.write(f'[include]\n\tpath = ../shared.config\n[includeIf "gitdir:{folder}/"]\n\tpath = {folder}/shared.config\n')
    return folder


def in_external_diff(yard: Yard, folder: Path) -> Path:
    """Plant all but the drivers, before which `diff.external` would never run."""
    project(folder)
    yard.plant(folder / ".git" / "config", "core.worktree", "core.attributesFile")
    return folder


def in_embedded_repository(yard: Yard, folder: Path) -> Path:
    project(folder)
    src = folder / "src"
    (src / "HEAD").write_text("ref: refs/heads/main\n")
    (src / "config").write_text('[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = "."\n')
    for name in ("objects", "refs"):
        (src / name).mkdir()
        (src / name / ".keep").touch()
    (src / "info").mkdir()
    (src / "info" / "attributes").write_text(ATTRIBUTES)
    yard.plant(src / "config", "core.worktree")
    yard.hook(src / "hooks")
    git("add", "-A", cwd=folder)
    git("commit", "-qm", "third", cwd=folder)
    change(folder)
    return folder


def in_submodule(yard: Yard, folder: Path) -> Path:
    project(folder)
    inner = project(folder.parent / "inner")
    git("commit", "-qam", "inner", cwd=inner)
    git("mv", "src", "code", cwd=folder)
    git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "src", cwd=folder)
    git("commit", "-qam", "third", cwd=folder)
    src = folder / "src"
    (src / ".gitattributes").write_text(ATTRIBUTES)
    yard.plant(folder / ".git" / "modules" / "src" / "config", "core.worktree", "diff.external")
    yard.hook(folder / ".git" / "modules" / "src" / "hooks")
    with (folder / ".gitmodules").open("a") as modules:
        modules.write(f"\tupdate = !{yard.canary('gitmodules')}\n")
    (src / "src" / "a.py").write_text(APP.format("a") + "    C.labels(request.url).inc()\n")
    (src / "a.py").write_text(APP.format("x"))
    return folder


def in_linked_work_tree(yard: Yard, folder: Path) -> Path:
    main = project(folder.parent / "main")
    git("worktree", "add", "-q", str(folder), cwd=main)
    git("config", "extensions.worktreeConfig", "true", cwd=main)
    (folder / ".gitattributes").write_text(ATTRIBUTES)
    yard.plant(main / ".git" / "worktrees" / folder.name / "config.worktree", "core.worktree", "diff.external")
    yard.hook(main / ".git" / "hooks")
    change(folder)
    return folder


PLACES = {
    "the configuration": (in_config, {"core.fsmonitor", "filter._driver_.clean", "diff._driver_.command", "diff._driver_.textconv"}),
    "an included file": (in_included_file, {"core.fsmonitor", "filter._driver_.clean", "diff._driver_.command"}),
    "the configuration, with an external diff": (in_external_diff, {"core.fsmonitor", "diff.external"}),
    "an embedded repository": (in_embedded_repository, {"core.fsmonitor"}),
    "a submodule": (in_submodule, {"core.fsmonitor", "filter._driver_.clean"}),
    "a linked work tree": (in_linked_work_tree, {"core.fsmonitor", "filter._driver_.clean"}),
}


@pytest.fixture
def yard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Yard]:
    yard = Yard(tmp_path / "yard")
    for name in ("git-remote-canary", "git-remote-ext", "git-remote-https", "git-remote-ssh", "ssh", "gpg", "less", "git-lfs"):
        yard.canary(name, "path")
    monkeypatch.setenv("PATH", os.pathsep.join([str(yard.folder / "path"), os.environ["PATH"]]))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    return yard


def commands(yard: Yard, folder: Path, *runs: str) -> dict[str, int]:
    """Run cardlint's commands, one after another in one process; return their exit codes."""
    lines = [line.format(out=yard.folder / "out") for line in runs]
    (yard.folder / "runs").write_text(json.dumps(lines))
    command = [sys.executable, "-c", DRIVER, str(yard.folder / "runs"), str(yard.folder / "codes")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert "internal error" not in done.stderr, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 0, done.stderr
    codes: dict[str, int] = json.loads((yard.folder / "codes").read_text())
    return codes


@pytest.mark.parametrize("place", PLACES)
def test_no_canary_runs(place: str, yard: Yard, tmp_path: Path) -> None:
    build, alive = PLACES[place]
    folder = build(yard, tmp_path / "tree")
    yard.ran()
    codes = commands(yard, folder, *RUNS)
    assert yard.ran() == []
    assert len(codes) == len(RUNS) + 1
    assert [line for line, code in codes.items() if code == 3] == []
    assert {line for line, code in codes.items() if code == 2} <= set(REFUSED)
    assert codes["check ."] == 1, "what is analysed has findings"
    assert codes["check . --since HEAD"] in (0, 1)
    assert yard.planted >= len(KEYS) - 4
    _serve(folder / "src")
    assert yard.ran() == []
    change(folder)
    inside = folder / "src" if place in ("an embedded repository", "a submodule") else folder
    for arguments in (["status"], ["diff"], ["-c", "filter.canary3.process=", "diff"], ["fetch", "canary"], ["ls-files", "-m"]):
        subprocess.run(["git", *arguments], cwd=inside, capture_output=True, timeout=60, check=False)
    ran = yard.ran()
    assert alive <= set(ran), f"the canaries are dead, and the test shows nothing: {ran}"


def _serve(folder: Path) -> None:
    """Let the language server look at a file, as an editor would."""
    from tests.life.test_server import Editor, talk

    async def story(editor: Editor) -> None:
        file = folder / "a.py"
        editor.open(file)
        await editor.diagnostics(file, 1)
        editor.change(file, 2, APP.format("z"))
        await editor.diagnostics(file, 2)

    talk(folder, story)


def test_a_missing_object_is_not_fetched(yard: Yard, tmp_path: Path) -> None:
    folder = project(tmp_path / "tree")
    blob = git("rev-parse", "HEAD:src/a.py", cwd=folder).strip()
    (folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    for name, value in (
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("protocol.ext.allow", "always"),
        ("remote.origin.url", "ext::" + yard.canary("ext")),
    ):
        git("config", name, value, cwd=folder)
    (yard.folder / "path" / "git-remote-ext").unlink()
    codes = commands(yard, folder, "check . --since HEAD", f"check . --since {MISSING}")
    assert (list(codes.values())[:2], yard.ran()) == ([2, 2], [])
    subprocess.run(["git", "cat-file", "-p", blob], cwd=folder, capture_output=True, check=False)
    assert yard.ran() == ["ext"], "git itself fetches it"


def test_the_environment_starts_nothing_either(yard: Yard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = project(tmp_path / "tree")
    other = project(tmp_path / "other")
    git("config", "core.fsmonitor", yard.canary("GIT_DIR"), cwd=other)
    for name in (
        "GIT_EXTERNAL_DIFF", "GIT_PAGER", "PAGER", "GIT_EDITOR", "EDITOR", "VISUAL", "GIT_SEQUENCE_EDITOR", "GIT_ASKPASS", "SSH_ASKPASS",
        "GIT_SSH", "GIT_SSH_COMMAND", "GIT_PROXY_COMMAND", "LESSOPEN", "BROWSER", "GIT_BROWSER",
    ):  # fmt: skip
        monkeypatch.setenv(name, yard.canary(name))
    exec_path = yard.folder / "exec"
    exec_path.mkdir()
    for name in ("git", "git-rev-parse", "git-ls-files", "git-remote-ext"):
        yard.canary(name, "exec")
    monkeypatch.setenv("GIT_EXEC_PATH", str(exec_path))
    monkeypatch.setenv("GIT_TEMPLATE_DIR", yard.value(Key("init.templateDir", "", "hooks", "")))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "2")
    for number, name in enumerate(("core.fsmonitor", "diff.external")):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", name)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", yard.canary(f"count-{name}"))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'core.fsmonitor={yard.canary('parameters')}'")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_TRACE", str(yard.folder / "ran" / "trace"))
    codes = commands(yard, folder, "check .", "check . --since HEAD", "check . --since HEAD~1", "check . --show-files")
    assert yard.ran() == []
    assert list(codes.values())[:4] == [1, 1, 1, 0]


def test_every_command_and_option_is_run() -> None:
    """A new option belongs into the list of what is run above the canaries."""
    written = " ".join(RUNS)
    for name in COMMANDS:
        if name == "server":
            continue
        command = group.get_command(click.Context(group), name)
        assert command is not None
        assert f"{name} " in written or written.endswith(name) or name in written.split()
        for parameter in command.params:
            if isinstance(parameter, click.Option) and "--watch" not in parameter.opts:  # it runs `check` until it is ended
                assert any(re.search(rf"(?:^| ){re.escape(option)}(?: |$)", written) for option in parameter.opts), parameter.opts


def test_the_table_knows_every_setting_of_this_git() -> None:
    listed = [line.strip() for line in git("help", "--config", cwd=Path.cwd()).splitlines()]
    keys = [line for line in listed if re.fullmatch(r"[a-zA-Z][\w-]*\..+", line)]
    assert len(keys) > 700
    new = unknown(keys)
    assert new == [], f"say of each in git_settings.py whether it can start a program: {', '.join(new)}"
    assert len({key.name for key in KEYS}) == len(KEYS)
