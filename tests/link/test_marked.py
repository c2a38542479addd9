"""Small programs: the lines marked `# unbounded` are reported, and no others; what is not marked `# undecided` is decided."""

from __future__ import annotations

import pytest

from tests.conftest import Lint

PROGRAMS = {
    "constraints of fields": """
from enum import Enum
from typing import Annotated, Literal

from fastapi import FastAPI
from prometheus_client import Counter
from pydantic import BaseModel, Field, conint, constr, field_validator, validator

app = FastAPI()
C = Counter("c_total", "C", ["x"])


class Kind(str, Enum):
    A = "a"
    B = "b"


class Job(BaseModel):
    a: int = Field(3, ge=1, le=5)
    b: Annotated[int, Field(ge=1, le=5)]
    c: conint(ge=1, le=3)
    code: str = Field(pattern=r"^(x|y)$")
    other: constr(pattern=r"^(x|y)$")
    flags: list[Literal["a", "b"]] = []
    kinds: list[Kind] = []
    color: str
    size: str
    text: str
    least: int = Field(ge=1)

    @field_validator("color")
    @classmethod
    def known(cls, v):
        if v not in ("red", "green"):
            raise ValueError
        return v

    @validator("size")
    def sized(cls, v):
        return v if v in {"s", "m"} else "other"

    @field_validator("text")
    def stripped(cls, v):
        return v.strip()


@app.post("/jobs")
async def add(job: Job):
    C.labels(job.a).inc()
    C.labels(job.b).inc()
    C.labels(job.c).inc()
    C.labels(job.code).inc()
    C.labels(job.other).inc()
    for flag in job.flags:
        C.labels(flag).inc()
    C.labels(job.flags[0]).inc()
    for kind in job.kinds:
        C.labels(kind.value).inc()
    C.labels(job.color).inc()
    C.labels(job.size).inc()
    C.labels(job.text).inc()  # unbounded
    C.labels(job.least).inc()  # unbounded
""",
    "containers that inner functions change": """
from flask import request
from prometheus_client import Counter

C = Counter("c_total", "C", ["q"])


def by_key():
    seen = {"q": ""}

    def callback():
        seen["q"] = request.path

    callback()
    C.labels(q=seen["q"]).inc()  # unbounded


def by_position():
    seen = [""]

    def callback():
        seen[0] = request.path

    callback()
    C.labels(q=seen[0]).inc()  # unbounded


def appended():
    seen = []

    def callback():
        seen.append(request.path)

    callback()
    for q in seen:
        C.labels(q).inc()  # unbounded


def updated():
    seen = {"q": ""}

    def callback():
        def deeper():
            seen.update(q=request.path)

        deeper()

    callback()
    C.labels(**seen).inc()  # unbounded


def of_its_own():
    seen = {"q": ""}

    def callback():
        seen = {}
        seen["q"] = request.path

    callback()
    C.labels(q=seen["q"]).inc()


async def asgi(app, scope, receive, send):
    seen = {"status": 500}

    async def wrapped(message):
        if message["type"] == "http.response.start":
            seen["status"] = message["status"]
        await send(message)

    await app(scope, receive, wrapped)
    C.labels(q=seen["status"]).inc()
""",
    "dictionaries that a client fills": """
from flask import request
from prometheus_client import Counter

C = Counter("c_total", "C", ["q"])


def make(q="none"):
    return q


class Q:
    def __init__(self, q="none"):
        self.q = q


def updated():
    d = {"q": "none"}
    d.update(request.args)
    C.labels(**d).inc()  # unbounded


def updated_later():
    d = {"q": "none"}
    d |= request.args
    C.labels(q=d["q"]).inc()  # unbounded


def display():
    C.labels(**{"q": "none", **request.args}).inc()  # unbounded


def display_that_wins():
    C.labels(**{**request.args, "q": "none"}).inc()


def called():
    C.labels(**dict({"q": "none"}, **request.args)).inc()  # unbounded


def joined():
    d = {"q": "none"} | request.args
    C.labels(**d).inc()  # unbounded


def pairs():
    d = {"q": "none"}
    d.update((k, v) for k, v in request.args.items())
    C.labels(q=d["q"]).inc()  # unbounded


def given():
    C.labels(q=make(**request.args)).inc()  # unbounded


def constructed():
    C.labels(q=Q(**request.args).q).inc()  # unbounded


def given_first():
    C.labels(q=make("fixed", **request.args)).inc()


def unknown(given):
    C.labels(q=make(**given)).inc()  # undecided


def handed_on(**kwargs):
    C.labels(q=make(**kwargs)).inc()
""",
    "handlers in a table": """
from flask import request
from prometheus_client import Counter

C = Counter("c_total", "C", ["x"])


def created(event, kind):
    C.labels(event["what"]).inc()  # unbounded
    C.labels(kind).inc()


def deleted(event, kind):
    C.labels(event["what"]).inc()  # unbounded


def fixed(event, kind):
    C.labels(kind).inc()


HANDLERS = {"created": created, "deleted": deleted}
OTHERS = {"fixed": fixed}


def handle():
    event = request.json
    HANDLERS[event["type"]](event, "direct")


def handle_found():
    event = request.json
    handler = HANDLERS.get(event["type"])
    if handler is not None:
        handler(event, "found")


def handle_fixed():
    OTHERS["fixed"](request.json, "fixed")
""",
    "keys that are copied": """
from typing import Optional, TypedDict

from flask import request
from prometheus_client import Counter

C = Counter("c_total", "C", ["x"])


def copied(given):
    clean = {"status": None, "user_id": None}
    for key in given.keys() & KEYS:
        clean[key] = given[key]
    C.labels(clean["user_id"]).inc()  # unbounded
    C.labels(clean["status"]).inc()


def filled():
    clean = {"status": None}
    for key in request.args:
        clean[key] = request.args[key]
    C.labels(clean["status"]).inc()  # unbounded




class Clean(TypedDict):
    status: Optional[str]
    user_id: Optional[str]


def copied_into_a_typed_dictionary(given):
    clean = Clean(status=None, user_id=None)
    for key in given.keys() & KEYS:
        clean[key] = given[key]
    C.labels(clean["user_id"]).inc()  # unbounded
    C.labels(clean["status"]).inc()
""",
    "labels that a decorator is given": """
from prometheus_client import Counter
from flask import request
from functools import wraps
C = Counter("d_total", "C", ["a","b"])
D = Counter("e_total", "C", ["a","b"])
def mon(metric=None, labels=None):
    def deco(f):
        @wraps(f)
        def w(*a, **k):
            got = labels or []
            vals = [l(f, *a, **k) if callable(l) else l for l in got]
            metric.labels(*vals).inc()  # unbounded
            return f(*a, **k)
        return w
    return deco
def name(f, *a, **k):
    return f.__name__
def path(f, *a, **k):
    return request.path
@mon(metric=C, labels=["x", name])
def one(): ...
@mon(metric=D, labels=["x", path])
def two(): ...
""",
    "names that say little": """
import discord
from aiohttp import TraceConfig, TraceRequestEndParams
from discord.ext import commands
from prometheus_client import Counter

C = Counter("c_total", "C", ["x"])
S = Counter("s_total", "S", ["size"])


def use(row, call, context, size: int = 8):
    C.labels(row.promo_code).inc()  # undecided
    C.labels(row.status_code).inc()
    C.labels(call["function"]["tool_name"]).inc()  # undecided
    C.labels(str(context.exception)).inc()  # undecided
    C.labels(row.requested_model).inc()  # undecided
    S.labels(size).inc()  # undecided


async def failed(ctx: commands.Context):
    C.labels(ctx.invoked_with).inc()  # unbounded
    C.labels(ctx.command.name).inc()


async def ended(session, trace_config_ctx, params: TraceRequestEndParams):
    C.labels(params.url.path).inc()  # unbounded
""",
    "places that are not known": """
from flask import request
from prometheus_client import Counter
from prometheus_client.core import GaugeMetricFamily

C = Counter("c_total", "C", ["one", "two", "user_id"])
D = Counter("d_total", "D", ["one", "two"])


def values():
    given = []
    for name in request.args:
        given.append(request.args[name])
    return given


def use():
    C.labels(*values()).inc()  # unbounded
    D.labels(*values()).inc()  # unbounded


class Listed:
    def collect(self):
        for dimension in ("kind", "user_id"):
            family = GaugeMetricFamily("by_" + dimension, "D", labels=[dimension, "status"])
            family.add_metric([self.held[dimension], "ok"], 1)  # undecided
            yield family
""",
    "regular expressions": r"""
import re, unicodedata
from urllib.parse import urljoin, parse_qs, urlsplit
from flask import request
from prometheus_client import Counter
C = Counter("d_total", "C", ["a"])
ID = re.compile(r"/\d+")
P2 = re.compile(r"^/(\w+)", re.I)
def f(key):
    C.labels(re.sub(r"\d+", ":id", request.path)).inc()  # unbounded
    C.labels(re.sub("[^a-z0-9]", "_", request.headers["X-User"])).inc()  # unbounded
    C.labels(unicodedata.normalize("NFKD", request.args["q"])).inc()  # unbounded
    C.labels(urljoin("https://api/", request.path)).inc()  # unbounded
    C.labels(re.sub(r"\W", lambda m: "_", key)).inc()  # undecided
    C.labels(ID.sub("/:id", request.path)).inc()  # unbounded
    C.labels(re.match(r"/(\w+)", request.path).group(1)).inc()  # unbounded
    C.labels(re.match(r"/(\w+)", request.path)[1]).inc()  # unbounded
    C.labels(re.match(r"/(\w+)", request.path).groups()[0]).inc()  # unbounded
    C.labels(re.match(r"/(?P<x>\w+)", request.path).groupdict()["x"]).inc()  # unbounded
    C.labels(re.match(r"/(?P<x>a|b)", request.path).groupdict()["x"]).inc()
    C.labels(re.split(r"/", request.path)[1]).inc()  # unbounded
    C.labels(re.findall(r"\w+", request.path)[1]).inc()  # unbounded
    C.labels(re.findall(r"a|b", request.path)[1]).inc()
    C.labels(P2.match(request.path).group(1)).inc()  # unbounded
    for m in ID.finditer(request.path):
        C.labels(m.group(0)).inc()  # unbounded
    C.labels(re.sub(r"a", "b", "fixed")).inc()
""",
    "subclasses": """
from typing import Protocol

from flask import Flask, request
from prometheus_client import Counter

C = Counter("c_total", "C", ["x"])
D = Counter("d_total", "D", ["x"])


class Hook:
    def __init__(self, app):
        app.after_request(self.count)

    def label(self):
        return "all"

    def count(self, response):
        C.labels(self.label()).inc()  # unbounded
        return response


class PathHook(Hook):
    def label(self):
        return request.path


PathHook(Flask(__name__))


class Kind:
    kind = "none"

    def count(self):
        C.labels(self.kind).inc()  # unbounded


class SentKind(Kind):
    def __init__(self):
        self.kind = request.args["kind"]


class Fixed:
    name = "one"

    def count(self):
        C.labels(self.name).inc()


class FixedToo(Fixed):
    name = "two"


class Provider(Protocol):
    def get(self, req): ...


class Impl(Provider):
    def get(self, req):
        return req.url


def use(p: Provider):
    C.labels(p.get(request)).inc()  # unbounded


class Stub:
    def get(self, req):
        pass


class Done(Stub):
    def get(self, req):
        return req.url


def use_stub(p: Stub):
    C.labels(p.get(request)).inc()  # unbounded


def main():
    use(Impl())
    use_stub(Done())


class Base:
    counter = C

    def value(self):
        return "fixed"

    def count(self):
        self.counter.labels(self.value()).inc()  # unbounded


class Sub(Base):
    counter = D

    def value(self):
        return request.path


Base().count()
Sub().count()
""",
    "what is asked of texts": """
import re, uuid, hashlib, ipaddress
from urllib.parse import parse_qs, parse_qsl, urlsplit
from flask import request
from pydantic import ValidationError
from prometheus_client import Counter
C = Counter("d_total", "C", ["a"])
def f(key):
    C.labels(request.path.startswith("/api")).inc()
    v = request.path.startswith("/api")
    C.labels(str(v)).inc()
    C.labels(str(v).lower()).inc()
    C.labels(request.path.count("/")).inc()  # undecided
    C.labels(request.args["x"].isdigit()).inc()
    C.labels(ipaddress.ip_address(request.remote_addr).version).inc()
    C.labels(ipaddress.ip_address(request.remote_addr).is_private).inc()
    C.labels(ipaddress.ip_address(request.remote_addr)).inc()  # unbounded
    C.labels(request.args.get("n", 1, type=bool)).inc()
    C.labels(hashlib.md5(request.path.encode()).hexdigest()[0]).inc()
    C.labels(hashlib.md5(request.path.encode()).hexdigest()[:2]).inc()
    C.labels(hashlib.md5(request.path.encode()).hexdigest()[:8]).inc()  # unbounded
    C.labels(uuid.uuid5(uuid.NAMESPACE_OID, "x")).inc()
    C.labels(str(uuid.uuid5(uuid.NAMESPACE_OID, key))).inc()  # undecided
    C.labels(str(uuid.uuid5(uuid.NAMESPACE_OID, request.path))).inc()  # unbounded
    C.labels(parse_qs(urlsplit(request.url).query)["t"][0]).inc()  # unbounded
    for k, v in parse_qsl(request.query_string):
        C.labels(v).inc()  # unbounded
    try:
        f()
    except OSError as e:
        C.labels(e.strerror).inc()
    except ValidationError as e:
        for err in e.errors():
            C.labels(err["type"]).inc()
            C.labels(err["msg"]).inc()  # unbounded
""",
    "what is known of the library": """
import errno
import hmac
import os
from datetime import date, datetime
from http import HTTPStatus
from pathlib import Path

from flask import request
from prometheus_client import Counter

C = Counter("c_total", "C", ["x"])


def use(n, fn):
    C.labels(HTTPStatus(n).phrase).inc()
    C.labels(HTTPStatus(n).name).inc()
    for status in HTTPStatus:
        C.labels(status.value).inc()
    C.labels(hmac.compare_digest(request.args["a"], "b")).inc()
    C.labels(os.path.exists(request.path)).inc()
    C.labels(Path(request.path).exists()).inc()
    C.labels(errno.errorcode.get(n, "unknown")).inc()
    C.labels(os.strerror(n)).inc()
    C.labels(date.today()).inc()  # unbounded
    C.labels(date.today().isoformat()).inc()  # unbounded
    C.labels(f"{datetime.now():%Y%m%d}").inc()  # unbounded
    C.labels(use.__module__).inc()
    C.labels(use.__qualname__).inc()
""",
    "what is reached from a user": """
import discord
from django.http import HttpRequest
from flask_login import current_user
from prometheus_client import Counter

C = Counter("c_total", "C", ["x"])


def view(request: HttpRequest):
    C.labels(request.user).inc()  # unbounded
    C.labels(str(request.user.id)).inc()  # unbounded
    C.labels(request.user.email.lower()).inc()  # unbounded
    C.labels(request.user.username).inc()  # unbounded
    C.labels(request.user.get_username()).inc()  # unbounded
    C.labels(request.user.is_staff).inc()
    C.labels(request.user.is_authenticated).inc()
    C.labels(request.user.has_perm("x.y")).inc()
    C.labels(request.user.groups.filter(name="x").exists()).inc()
    C.labels(request.user.quota).inc()  # undecided
    C.labels(current_user.is_active).inc()
    C.labels(current_user.has_role("admin")).inc()
    C.labels(current_user.id).inc()  # unbounded


async def on_message(message: discord.Message):
    C.labels(message.author.bot).inc()
    C.labels(message.author.guild_permissions.administrator).inc()
    C.labels(message.author.name).inc()  # unbounded
""",
    "what two sets share": """
from flask import request
from prometheus_client import Counter

C = Counter("c_total", "C", ["x"])
KNOWN = ["read", "write"]


def use():
    for s in set(request.args.get("scope", "").split()) & set(KNOWN):
        C.labels(s).inc()
    for s in {"read", "write"} & set(request.args["scope"].split()):
        C.labels(s).inc()
    for s in set(request.args["scope"].split()).intersection(KNOWN):
        C.labels(s).inc()
    for s in set(KNOWN).intersection(request.args["scope"].split()):
        C.labels(s).inc()
    granted = set(request.args["scope"].split())
    granted &= set(KNOWN)
    for s in granted:
        C.labels(s).inc()
    for s in set(request.args["scope"].split()) | set(KNOWN):
        C.labels(s).inc()  # unbounded
""",
}


def lines_with(code: str, mark: str) -> list[int]:
    return [number for number, line in enumerate(code.split("\n"), 1) if line.endswith(f"# {mark}")]


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_marked_is_reported(name: str, lint: Lint) -> None:
    code = PROGRAMS[name].lstrip("\n")
    done = lint({"app.py": code})
    found = [f for f in done.report.findings if f.rule in ("raw-path", "identity-label", "unbounded-value")]
    assert sorted({f.site.line for f in found}) == lines_with(code, "unbounded")
    undecided = {s.place.line for s in done.program.sites for a in s.args if a.value.cls.name == "UNKNOWN"}
    assert sorted(undecided) == lines_with(code, "undecided")
