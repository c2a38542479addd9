"""multiprocess-env-late: an environment variable is set after the import that reads it."""

from __future__ import annotations

from collections.abc import Iterator

from cardlint.findings import Finding, Severity, Step
from cardlint.inference.program import Program
from cardlint.rules._misuse import finding
from cardlint.rules.base import Example, Rule, Thresholds
from cardlint.rules.sentences import usage as say


def check(program: Program, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield every assignment to a variable after prometheus_client has read it."""
    in_time = {write.name for write in program.environment if write.after is None and not write.in_test}
    outside = any(not step.place.path.endswith(".py") for step in program.multiprocess_evidence)
    for write in program.environment:
        if write.after is None or write.in_test or write.name in in_time or (write.in_function and outside):
            continue  # what is set in time and set again is another folder, which counts for metrics that are built later
        yield finding(
            "multiprocess-env-late", "CL401", Severity.ERROR, write.place, say.SET_LATE(variable=write.name),
            why=say.SET_LATE_WHY(),
            help=say.SET_LATE_HELP(),
            related=(Step(write.after, say.IMPORTED_HERE()),),
        )  # fmt: skip


RULE = Rule(
    name="multiprocess-env-late",
    code="CL401",
    title="an environment variable is set after the import that reads it",
    severity=Severity.ERROR,
    default=True,
    what="Reports assignments to PROMETHEUS_MULTIPROC_DIR and PROMETHEUS_DISABLE_CREATED_SERIES that run after the import of prometheus_client: below it, or in a function of a module that imports it. The import may be direct, through a module of the program, or through a package such as prometheus_flask_exporter. "
    "An assignment before a process is started is fine.",
    why="The library reads both variables when it is imported. If the directory is set later, every worker keeps its own numbers, and each scrape shows those of a different worker.",
    fix="Set it before the process starts, or above the first import of prometheus_client.",
    bad=(
        Example(
            'import os\n\nfrom prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs")\n\n\ndef main():\n    «os.environ["PROMETHEUS_MULTIPROC_DIR"]» = "/tmp/metrics"\n',
            title="in a function",
        ),
        Example(
            'import os\n\nfrom fastapi import FastAPI\nfrom prometheus_fastapi_instrumentator import Instrumentator\n\napp = FastAPI()\n«os.environ["PROMETHEUS_MULTIPROC_DIR"]» = "/tmp/metrics"\nInstrumentator().instrument(app)\n',
            title="below a package that imports it",
        ),
        Example(
            'import os\n\nfrom prometheus_client import Counter\n\n«os.environ["PROMETHEUS_MULTIPROC_DIR"]» = "/tmp/metrics"\nJOBS = Counter("jobs_total", "Jobs")\n'
        ),
    ),
    good=(
        Example(
            '# file: app/__init__.py\n# file: app/setup.py\nimport os\n\n\ndef prepare():\n    os.environ["PROMETHEUS_MULTIPROC_DIR"] = "/tmp/metrics"\n# file: app/export.py\nimport os\n\n'
            "from prometheus_client import CollectorRegistry, generate_latest, multiprocess\n\n\ndef metrics(folder):\n    folder.mkdir(exist_ok=True)\n"
            '    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)\n    registry = CollectorRegistry()\n    multiprocess.MultiProcessCollector(registry)\n    return generate_latest(registry)\n',
            title="set in time elsewhere",
        ),
        Example(
            'import os\nimport subprocess\n\nfrom prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs")\n\n\ndef main():\n    os.environ["PROMETHEUS_MULTIPROC_DIR"] = "/tmp/metrics"\n    subprocess.run(["gunicorn", "app:app"])\n',
            title="for a process that is started then",
        ),
        Example(
            'import os\n\nos.environ["PROMETHEUS_MULTIPROC_DIR"] = "/tmp/metrics"\n\nfrom prometheus_client import Counter\n\nJOBS = Counter("jobs_total", "Jobs")\n'
        ),
    ),
    check=check,
)
