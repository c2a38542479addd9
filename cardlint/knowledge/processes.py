"""Names that say how the processes of a program are configured and started, each with its source."""

from __future__ import annotations

from msgspec import Struct

from cardlint.knowledge.conventions import Name


class WorkerStart(Struct, frozen=True):
    """A name that starts processes in a file that imports its module."""

    name: str
    modules: tuple[str, ...]
    source: str
    not_of: tuple[str, ...] = ()
    """modules that have another thing of this name"""


FORGETTING: tuple[Name, ...] = (
    Name("pop", "Python, os: environ"),
    Name("unsetenv", "Python, os: unsetenv"),
    Name("delenv", "pytest, How to monkeypatch: delenv"),
)
"""Calls that take an environment variable away."""
OUTPUTS: tuple[Name, ...] = (
    Name("stdout", "Python, subprocess: CompletedProcess.stdout"),
    Name("stderr", "Python, subprocess: CompletedProcess.stderr"),
)
"""Attributes that hold the output of a program, whatever object they are read from."""
MANIFESTS: tuple[Name, ...] = (
    Name("pyproject.toml", "PyPA, pyproject.toml specification"),
    Name("setup.py", "setuptools, Quickstart: setup.py"),
    Name("setup.cfg", "setuptools, Quickstart: setup.cfg"),
    Name("requirements.txt", "pip, Requirements File Format"),
    Name("Pipfile", "Pipenv, Pipfile & Pipfile.lock"),
)
"""Files that declare what a Python project is, or what it needs: each is the top of one program of a checkout."""
WORKER_SERVERS: tuple[Name, ...] = (
    Name("gunicorn", "Gunicorn, Settings: workers"),
    Name("uwsgi", "uWSGI, Options: workers"),
    Name("celery", "Celery, Workers Guide: concurrency"),
    Name("dramatiq", "Dramatiq, User Guide: processes"),
    Name("hypercorn", "Hypercorn, Configuring: workers"),
    Name("granian", "Granian, Options: workers"),
)
"""Programs that run an application in several processes."""
WORKER_STARTS: tuple[WorkerStart, ...] = (
    WorkerStart("Process", ("multiprocessing", "billiard"), "Python, multiprocessing: Process", not_of=("psutil",)),
    WorkerStart("Pool", ("multiprocessing", "billiard"), "Python, multiprocessing: Pool"),
    WorkerStart("ProcessPoolExecutor", ("concurrent",), "Python, concurrent.futures: ProcessPoolExecutor"),
    WorkerStart("fork", ("os",), "Python, os: fork"),
)
"""Classes and functions that start a process for a function of the program."""
OF_THREADS = ("multiprocessing.dummy", "ThreadPool")
"""Pools of the same module that run threads (Python, multiprocessing: The multiprocessing.dummy module)."""
WORKER_OPTION = WorkerStart("workers", ("uvicorn", "hypercorn", "granian", "gunicorn", "sanic"), "Uvicorn, Settings: workers")
"""The keyword for the number of processes where a program starts its server itself."""

PROCESS_STARTS: tuple[Name, ...] = (
    *(Name(name, "Python, subprocess") for name in ("Popen", "call", "check_call", "check_output")),
    *(Name(name, "Python, os: Process Management") for name in ("execl", "execle", "execlp", "execv", "execve", "execvp", "execvpe")),
    *(Name(name, "Python, os: Process Management") for name in ("spawnl", "spawnv", "spawnve", "posix_spawn", "system", "popen")),
    Name("run", "Python, subprocess: run; Uvicorn, Settings: uvicorn.run with workers"),
    Name("Process", "Python, multiprocessing: Process"),
    Name("Pool", "Python, multiprocessing: Pool"),
    Name("ProcessPoolExecutor", "Python, concurrent.futures: ProcessPoolExecutor"),
    Name("create_subprocess_exec", "Python, asyncio, Subprocesses"),
    Name("create_subprocess_shell", "Python, asyncio, Subprocesses"),
)
"""Functions and classes of libraries that start processes, which get the environment as it is then."""

COMMANDS: tuple[Name, ...] = (
    Name("subprocess", "Python, subprocess"),
    *(
        Name(name, "Python, os: Process Management")
        for name in ("execl", "execle", "execlp", "execlpe", "execv", "execve", "execvp", "execvpe")
    ),
    *(Name(name, "Python, os: Process Management") for name in ("spawnl", "spawnv", "spawnve", "posix_spawn", "system", "popen")),
    Name("create_subprocess_exec", "Python, asyncio, Subprocesses"),
    Name("create_subprocess_shell", "Python, asyncio, Subprocesses"),
)
"""Modules and functions that start another program by a command."""
LOADS_BY_NAME: tuple[Name, ...] = (
    Name("import_module", "Python, importlib: import_module"),
    Name("exec_module", "Python, importlib: Loader.exec_module"),
    Name("__import__", "Python, Built-in Functions: __import__"),
    Name("iter_modules", "Python, pkgutil: iter_modules"),
    Name("walk_packages", "Python, pkgutil: walk_packages"),
    Name("runpy", "Python, runpy"),
    Name("entry_points", "Python, importlib.metadata: Entry points"),
    Name("iter_entry_points", "setuptools, pkg_resources: iter_entry_points"),
    Name("autodiscover_tasks", "Celery, Application: autodiscover_tasks"),
    Name("INSTALLED_APPS", "Django, Settings: INSTALLED_APPS"),
)
"""Names of what loads modules that no import names."""
