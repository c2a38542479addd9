"""Advice follows the kind of the value, and is written in the variables of the line where the value comes from."""

from __future__ import annotations

import pytest

from cardlint.fix.subjects import argument_of
from tests.conftest import Lint

HEAD = """\
from fastapi import FastAPI, Request
from prometheus_client import Counter, Gauge

C = Counter("c_total", "C", ["value"])
app = FastAPI()

"""
TEXTS = {
    "str(exc)": "try:\n    run()\nexcept ValueError as exc:\n    C.labels(str(exc)).inc()\n",
    "an f-string": 'try:\n    run()\nexcept ValueError as exc:\n    C.labels(f"failed: {exc}").inc()\n',
    "in a variable": 'try:\n    run()\nexcept ValueError as exc:\n    text = f"failed: {exc}"\n    C.labels(text).inc()\n',
    "a parameter of a function": "def count(exc: Exception):\n    C.labels(str(exc)).inc()\n\ntry:\n    run()\nexcept ValueError as problem:\n    count(problem)\n",
}


def the_help(lint: Lint, code: str) -> str:
    """Return the advice of the only finding."""
    [finding] = lint(HEAD + code).report.findings
    return finding.help


@pytest.mark.parametrize("code", TEXTS.values(), ids=TEXTS)
def test_an_exception_has_the_name_of_its_handler(lint: Lint, code: str) -> None:
    assert "`type(exc).__name__`" in the_help(lint, code)


def test_an_exception_without_a_name_keeps_the_usual_one(lint: Lint) -> None:
    code = "import sys\n\ndef hook(kind, *args):\n    try:\n        run()\n    except ValueError:\n        C.labels(str(sys.exception())).inc()\n"
    assert "exc" not in the_help(lint, code).replace("exception", "")


def test_a_request_has_its_own_name(lint: Lint) -> None:
    code = '@app.middleware("http")\nasync def count(req: Request, call_next):\n    C.labels(req.url.path).inc()\n    return await call_next(req)\n'
    assert the_help(lint, code) == 'write `route.path if (route := req.scope.get("route")) else "unmatched"`'


def test_a_scope_needs_no_request(lint: Lint) -> None:
    code = (
        "class Count:\n    def __init__(self, app):\n        self.app = app\n\n    async def __call__(self, scope, receive, send):\n"
        '        C.labels(scope["path"]).inc()\n        await self.app(scope, receive, send)\n\n\napp.add_middleware(Count)\n'
    )
    assert the_help(lint, code) == 'write `route.path if (route := scope.get("route")) else "unmatched"`'


def test_a_secret_is_removed_and_goes_nowhere(lint: Lint) -> None:
    code = 'K = Counter("k_total", "K", ["api_key"])\n\ndef count(api_key):\n    K.labels(api_key=api_key).inc()\n'
    assert the_help(lint, code) == "remove the label `api_key`; a secret belongs neither in a metric nor in a log line"


def test_a_gauge_has_no_exemplar(lint: Lint) -> None:
    code = 'import uuid\n\nG = Gauge("g", "G", ["run"])\nG.labels(uuid.uuid4().hex).set(1)\n'
    assert the_help(lint, code) == "remove the label `run`; put it in a log line"


def test_the_rest_of_a_path_is_no_identity(lint: Lint) -> None:
    code = '@app.get("/files/{path:path}")\ndef read(path: str):\n    C.labels(path).inc()\n'
    [finding] = lint(HEAD + code).report.findings
    assert finding.rule == "raw-path"
    code = code.replace("{path:path}", "{key}").replace("path", "key")
    [finding] = lint(HEAD + code).report.findings
    assert finding.rule == "identity-label"


def test_the_part_of_an_expression_that_has_the_name_is_named(lint: Lint) -> None:
    code = 'M = Counter("m_total", "M", ["message"])\n\ndef count(data, message):\n    M.labels(message=data.get("kind", message)).inc()\n'
    [finding] = lint(HEAD + code).report.findings
    assert finding.message == "label `message` of `m_total` is filled from `message`, which looks like free text"


def test_a_version_is_no_identity(lint: Lint) -> None:
    code = 'V = Counter("v_total", "V", ["version"])\n\ndef count(build):\n    V.labels(version=build.version).inc()\n'
    assert not lint(HEAD + code).report.findings


READ = {
    "an attribute": ("exc.message", "exc"),
    "an element of its arguments": ("exc.args[0]", "exc"),
    "by name": ('getattr(exc, "detail", "none")', "exc"),
    "of an argument": ("str(exc.args)", "exc"),
    "beside another value": ('f"{exc}: {HEAD}"', "exc"),
}


@pytest.mark.parametrize(("read", "name"), READ.values(), ids=READ)
def test_an_exception_that_is_read_has_its_own_name(read: str, name: str, lint: Lint) -> None:
    code = f"try:\n    run()\nexcept ValueError as exc:\n    C.labels({read}).inc()\n"
    assert f"`type({name}).__name__`" in the_help(lint, code)


def test_a_text_of_an_exception_is_no_exception(lint: Lint) -> None:
    """The variable at the label holds a text already, so its class is `str`."""
    code = 'def count(text):\n    C.labels(f"failed: {text}").inc()\n\ntry:\n    run()\nexcept ValueError as exc:\n    count(str(exc))\n'
    assert "`type(exc).__name__`" in the_help(lint, code)


def test_an_exception_of_another_file_is_named_with_its_place(lint: Lint) -> None:
    """Nothing is called `oe` where the label is; only the default is underlined, as the item is fine."""
    files = {
        "app.py": 'from prometheus_client import Counter\n\nC = Counter("c_total", "C", ["kind"])\n\n\n'
        'def count(message, data):\n    C.labels(data.get("kind", message)).inc()\n',
        "queue.py": 'from app import count\n\n\ndef run(data, job):\n    try:\n        job()\n    except OSError as oe:\n        count(f"failed: {oe}", data)\n',
    }
    [finding] = lint(files).report.findings
    assert finding.help.startswith("write `type(oe).__name__` in queue.py:8, ")
    assert (finding.place.line, finding.place.column, finding.place.end_column) == (7, 31, 38)


def test_the_part_by_the_name_of_the_label_is_underlined(lint: Lint) -> None:
    code = 'M = Counter("m_total", "M", ["message"])\n\ndef count(data, message):\n    M.labels(message=data.get("größe", message)).inc()\n'
    [finding] = lint(HEAD + code).report.findings
    row = (HEAD + code).splitlines()[finding.place.line - 1]
    assert row[finding.place.column - 1 : finding.place.end_column - 1] == "message"
    assert finding.help == 'map it to a fixed set: `message if message in ALLOWED else "other"`'


def test_a_finding_about_a_part_has_its_argument(lint: Lint) -> None:
    """Recipes look for the argument of the label, of which the finding underlines a part."""
    code = (
        'E = Counter("e_total", "E", ["error"])\n\ndef count(data, message):\n    E.labels(data.get("kind", message)).inc()\n\n'
        "try:\n    run()\nexcept OSError as problem:\n    count({}, str(problem))\n"
    )
    run = lint(HEAD + code)
    [finding] = run.report.findings
    arg = argument_of(finding, run.program)
    assert arg is not None
    assert arg.place.column < finding.place.column < finding.place.end_column < arg.place.end_column
    assert "`type(problem).__name__`" in finding.help


ALLOWED = {
    "a variable": ("C.labels(value=name)", "name"),
    "an attribute": ("C.labels(name.title)", "name.title"),
    "a dictionary": ("C.labels(**name)", 'name["value"]'),
    "a call": ("C.labels(str(name)[:9])", "x"),
}


@pytest.mark.parametrize(("call", "tested"), ALLOWED.values(), ids=ALLOWED)
def test_a_set_of_allowed_values_is_asked_for_the_expression_of_the_line(call: str, tested: str, lint: Lint) -> None:
    code = f'C = Counter("c2_total", "C", ["message"])\n\ndef count(name):\n    {call}.inc()\n'.replace('"value"', '"message"')
    code = code.replace("value=", "message=")
    [finding] = lint(HEAD + code).report.findings
    tested = tested.replace('"value"', '"message"')
    assert finding.help == f'map it to a fixed set: `{tested} if {tested} in ALLOWED else "other"`'


@pytest.mark.parametrize("read", ["given[0]", "client_ip", "given.client_ip"])
def test_an_address_by_its_name_is_removed_as_a_traced_one_is(read: str, lint: Lint) -> None:
    code = f'I = Counter("i_total", "I", ["client_ip"])\n\ndef count(given, client_ip):\n    I.labels({read}).inc()\n'
    assert the_help(lint, code) == "remove the label `client_ip`; put it in a log line, or attach it as an exemplar"


def test_an_item_of_a_dictionary_is_named(lint: Lint) -> None:
    code = 'M = Counter("m_total", "M", ["message"])\n\ndef count(**tags):\n    M.labels(**tags).inc()\n'
    [finding] = lint(HEAD + code).report.findings
    assert finding.message == 'label `message` of `m_total` is filled from `tags["message"]`, which looks like free text'


def test_a_name_is_told_as_it_is_written(lint: Lint) -> None:
    code = 'def count(repository):\n    name = repository.namespace_user.username\n    C.labels(name or "none").inc()\n'
    [finding] = lint(HEAD + code).report.findings
    assert finding.message == "label `value` of `c_total` is filled from `repository.namespace_user.username`, which looks like an identity"


MIDDLEWARE = """
class Count:
    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        C.labels(environ["PATH_INFO"]).inc()
        return self.app(environ, start_response)
"""


@pytest.mark.parametrize("imported", ["", "import flask\n", "import bottle\n", "import pyramid\n"])
def test_the_environment_of_wsgi_has_no_request(imported: str, lint: Lint) -> None:
    """A middleware runs before the router, and what is inside may be any framework."""
    [finding] = lint(
        imported + 'from prometheus_client import Counter\nC = Counter("c_total", "C", ["path"])\n' + MIDDLEWARE
    ).report.findings
    assert finding.help == (
        "write the route template that the application matched, or leave the label out: the environment of WSGI has no route"
    )


@pytest.mark.parametrize("read", ['environ["PATH_INFO"]', 'environ.get("PATH_INFO")', "path"])
def test_the_environment_of_a_request_of_flask_has_its_route(read: str, lint: Lint) -> None:
    code = (
        "from flask import Flask, request\nfrom prometheus_client import Counter\n"
        f'C = Counter("c_total", "C", ["path"])\napp = Flask("a")\n\n@app.before_request\ndef count():\n    C.labels(request.{read}).inc()\n'
    )
    [finding] = lint(code).report.findings
    assert finding.help == 'write `request.url_rule.rule if request.url_rule else "unmatched"`'
