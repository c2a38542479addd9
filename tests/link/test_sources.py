"""What values are that come from libraries and from Python's own: the class and kind a label gets, site by site.

A good and a bad program for each; `lint` alone would not tell a value that is fine from one that is not known.
"""

from __future__ import annotations

import pytest

from cardlint.config import Config
from cardlint.inference.domain.value_sets import Bound
from tests.conftest import Lint

HEAD = "from prometheus_client import Counter, Gauge\n\nC = Counter('c', 'C', ['x'])\n"
U, D, K, B, N = Bound.UNBOUNDED, Bound.PER_DEPLOYMENT, Bound.CLIENT_CHOSEN, Bound.BOUNDED, Bound.UNKNOWN
SQL = "from sqlalchemy import event\n\n@event.listens_for('e', 'after_cursor_execute')\ndef f(conn, cursor, statement, parameters, context, executemany):\n"
ASKED = "import re\nfrom flask import request\n\nP = re.compile(r'v([12])$')\n\ndef f():\n    v = request.args['v']\n"
SECURED = "from typing import Annotated\nfrom fastapi import Depends, FastAPI, Security\nfrom fastapi.security import HTTPAuthorizationCredentials, HTTPBasic, HTTPBearer, OAuth2PasswordBearer\nfrom fastapi.security.api_key import APIKeyHeader\n\napp = FastAPI()\noauth = OAuth2PasswordBearer('t')\nkey = APIKeyHeader(name='x')\n\n"
WORK = "import asyncio\nimport itertools\nimport multiprocessing\nfrom concurrent import futures\nfrom flask import request\n\nasync def sent():\n    return request.headers['x']\n\nasync def fixed():\n    return 'a'\n\ndef work(v):\n    return 'w' + v\n\n"
FILES = "import csv\nimport glob\nimport json\nimport os\nimport urllib.request\nfrom pathlib import Path\nfrom flask import request\n\n"

CASES: dict[str, tuple[str, list[object]]] = {
    "a key of parsed text": (
        "import json\n\ndef f(raw):\n    doc = json.loads(raw)\n    C.labels(doc['k']).inc()\n    C.labels(doc.get('k')).inc()\n    C.labels(doc.get('k', 'none')).inc()\n    for i in doc.get('items', []):\n        C.labels(i['name']).inc()\n",
        [U, U, U, U],
    ),
    "a key of a setting": (
        "import json\nimport os\n\ndef f():\n    doc = json.loads(os.environ['LIMITS'])\n    C.labels(doc['k']).inc()\n    C.labels(doc.get('k')).inc()\n",
        [D, D],
    ),
    "the parts of a URL that is called": (
        "import requests\nfrom urllib.parse import urlparse, urlsplit\n\ndef f():\n    url = urlparse(requests.get('http://x').url)\n    C.labels(url.netloc).inc()\n    C.labels(url.hostname).inc()\n    C.labels(url.scheme).inc()\n    C.labels(url.path).inc()\n    C.labels(url[1]).inc()\n    C.labels(url.geturl()).inc()\n    scheme, host, *_ = urlsplit(requests.get('http://x').url)\n    C.labels(scheme).inc()\n    C.labels(host).inc()\n",
        [K, K, B, U, K, U, B, K],
    ),
    "the parts of a URL that somebody sends": (
        "from flask import request\nfrom urllib.parse import urlparse\n\ndef f():\n    url = urlparse(request.args['url'])\n    C.labels(url.netloc).inc()\n    C.labels(url.scheme).inc()\n",
        [U, K],
    ),
    "the parts of a URL that is set": (
        "import os\nfrom urllib.parse import urlparse\n\nC.labels(urlparse('https://a.example:80/b').hostname).inc()\nC.labels(urlparse(os.environ['URL']).netloc).inc()\nC.labels(urlparse(os.environ['URL']).scheme).inc()\n",
        [{"a.example"}, D, B],
    ),
    "the parts of a URL that is not known": (
        "from urllib.parse import urlparse\n\ndef f(url):\n    C.labels(urlparse(url).netloc).inc()\n    C.labels(urlparse(url).scheme).inc()\n",
        [N, B],
    ),
    "the verb of a statement": (
        SQL
        + "    C.labels(statement.split()[0].upper()).inc()\n    C.labels(statement.strip().split(' ', 1)[0]).inc()\n    C.labels(statement.split(None, 1)[0]).inc()\n    C.labels(statement.lstrip().partition(' ')[0]).inc()\n",
        [B, B, B, B],
    ),
    "no verb of a statement": (
        SQL
        + "    C.labels(statement.split()[1]).inc()\n    C.labels(statement.split(',')[0]).inc()\n    C.labels(statement.split()[-1]).inc()\n    C.labels(statement.rsplit(' ', 1)[0]).inc()\n    C.labels(statement.upper()).inc()\n",
        [U, U, U, U, U],
    ),
    "the first word of another text": (
        "from flask import request\n\ndef f():\n    C.labels(request.headers['X-A'].split()[0]).inc()\n    C.labels(request.path.split('/')[1]).inc()\n",
        [U, U],
    ),
    "a number that is cut off": (
        ASKED
        + "    C.labels(str(min(len(v), 10))).inc()\n    C.labels(min(10, len(v))).inc()\n    C.labels(max(len(v), 10)).inc()\n    C.labels(str(min(float(v), 10))).inc()\n",
        [B, B, U, U],
    ),
    "a test against each of a few": (
        ASKED
        + "    if any(v == m for m in ('a', 'b')):\n        C.labels(v).inc()\n    else:\n        C.labels(v).inc()\n    if any(m == v for m in ('a', 'b')):\n        C.labels(v).inc()\n",
        [{"a", "b"}, U, {"a", "b"}],
    ),
    "a test against each that bounds nothing": (
        ASKED
        + "    if any(v != m for m in ('a', 'b')):\n        C.labels(v).inc()\n    if any(m in v for m in ('a', 'b')):\n        C.labels(v).inc()\n    if any(m == v.x for m in ('a', 'b')):\n        C.labels(v).inc()\n",
        [U, U, U],
    ),
    "a pattern of a few texts": (
        ASKED
        + "    if re.fullmatch(r'(asc|desc)', v):\n        C.labels(v).inc()\n    if re.match(r'(asc|desc)$', v):\n        C.labels(v).inc()\n    if re.search(r'^(?:asc|desc)\\Z', v):\n        C.labels(v).inc()\n"
        "    C.labels(v if P.fullmatch(v) else 'other').inc()\n    m = P.match(v)\n    if m is None:\n        return\n    C.labels(v).inc()\n    C.labels(m[1]).inc()\n",
        [{"asc", "desc"}, {"asc", "desc"}, {"asc", "desc"}, {"v1", "v2", "other"}, {"v1", "v2"}, {"1", "2"}],
    ),
    "a pattern that lets others through": (
        ASKED
        + "    if re.match(r'(asc|desc)', v):\n        C.labels(v).inc()\n    if re.search(r'^asc|desc$', v):\n        C.labels(v).inc()\n    if re.fullmatch(r'\\w+', v):\n        C.labels(v).inc()\n    if re.fullmatch(r'(asc|desc)', v, re.I):\n        C.labels(v).inc()\n    if v.fullmatch(v):\n        C.labels(v).inc()\n",
        [U, U, U, U, U],
    ),
    "what a group matched": (
        ASKED
        + "    m = re.search(r'(Chrome|Firefox)(?:/(\\d+))?', v)\n    C.labels(m.group(1) if m else 'other').inc()\n    C.labels(m.group(2) if m else 'other').inc()\n    C.labels(m.groups()[0] if m else 'other').inc()\n    for n in re.finditer('(?P<k>a|b)', v):\n        C.labels(n['k']).inc()\n        C.labels(n.groupdict()['k']).inc()\n        C.labels(n.group()).inc()\n",
        [{"Chrome", "Firefox", "other"}, U, {"Chrome", "Firefox", "other"}, {"a", "b"}, {"a", "b"}, {"a", "b"}],
    ),
    "a validated pattern": (
        "from fastapi import FastAPI, Query\n\napp = FastAPI()\n\n@app.get('/')\ndef f(a: str = Query(pattern='^(x|y)$'), b: str = Query(pattern='^v[12]$'), c: str = Query(pattern='x|y')):\n    C.labels(a).inc()\n    C.labels(b).inc()\n    C.labels(c).inc()\n",
        [{"x", "y"}, {"v1", "v2"}, U],
    ),
    "combinations in order": (
        "import itertools\n\nfor a, b in itertools.product(['a', 'b'], ('x',)):\n    C.labels(f'{a}{b}').inc()\nfor a, b in itertools.product('ab', repeat=2):\n    C.labels(a + b).inc()\nfor v in itertools.chain(['a'], ('b', 'c')):\n    C.labels(v).inc()\nfor v in itertools.chain.from_iterable([['a'], ['b']]):\n    C.labels(v).inc()\n",
        [{"ax", "bx"}, {"aa", "ab", "ba", "bb"}, {"a", "b", "c"}, {"a", "b"}],
    ),
    "combinations that are not known": (
        "import itertools\nfrom flask import request\n\ndef f(names):\n    for a, b in itertools.product(names, ['x']):\n        C.labels(a).inc()\n        C.labels(b).inc()\n    for v in itertools.chain(['a'], request.args.values()):\n        C.labels(v).inc()\n",
        [N, {"x"}, U],
    ),
    "constants of libraries": (
        "import grpc\nfrom fastapi import status\nfrom starlette.status import HTTP_404_NOT_FOUND\nfrom rest_framework.status import HTTP_201_CREATED\n\nC.labels(grpc.StatusCode.CANCELLED.name).inc()\nC.labels(grpc.StatusCode.CANCELLED.value[1]).inc()\nC.labels(status.HTTP_500_INTERNAL_SERVER_ERROR).inc()\nC.labels(HTTP_404_NOT_FOUND).inc()\nC.labels(HTTP_201_CREATED).inc()\n\ndef f(code: grpc.StatusCode):\n    C.labels(code.name).inc()\n",
        [{"CANCELLED"}, B, {500}, {404}, {201}, B],
    ),
    "a call that is tried again": (
        "from tenacity import RetryCallState\n\ndef f(state: RetryCallState):\n    C.labels(state.fn.__name__).inc()\n    C.labels(type(state.outcome.exception()).__name__).inc()\n    C.labels(str(state.outcome.exception())).inc()\n",
        [B, B, U],
    ),
    "the name of something unknown": (
        "import other\nfrom flask import request\n\nC.labels(other.thing.fn.__name__).inc()\nC.labels(other.thing.fn.name).inc()\nC.labels(__name__).inc()\nC.labels(__file__).inc()\n",
        [B, N, B, D],
    ),
    "the best of those offered": (
        "from flask import request\n\ndef f():\n    C.labels(request.accept_languages.best_match(['en', 'de']) or 'other').inc()\n    C.labels(request.accept_languages.best_match(['en', 'de'], default='x')).inc()\n    C.labels(request.accept_languages.best).inc()\n",
        [{"en", "de", "other"}, {"en", "de", "x"}, U],
    ),
    "metadata of a call": (
        "import grpc\n\nclass I(grpc.ServerInterceptor):\n    def intercept_service(self, continuation, details):\n        meta = dict(details.invocation_metadata or ())\n        C.labels(meta.get('x', 'none')).inc()\n        C.labels(details.method).inc()\n\nclass S:\n    def Hello(self, request, context):\n        meta = {k: v for k, v in context.invocation_metadata()}\n        C.labels(meta.get('x', 'none')).inc()\n        for k, v in context.invocation_metadata():\n            C.labels(k).inc()\n        C.labels(context.code().name).inc()\n",
        [U, K, U, U, B],
    ),
    "a context of something else": (
        "import grpc\n\nclass S:\n    def hello(self, context):\n        C.labels(context.peer()).inc()\n\n    def hey(self, request, context):\n        C.labels(context.peer()).inc()\n\nclass Own:\n    def peer(self):\n        return 'own'\n\nS().hey(None, Own())\n",
        [N, {"own"}],
    ),
    "a dictionary of what grows": (
        "from flask import request\n\ndef f(table):\n    C.labels(dict(request.headers).get('x')).inc()\n    C.labels(dict(table).get('x')).inc()\n    C.labels(dict(x='a').get('x')).inc()\n",
        [U, N, {"a"}],
    ),
    "a connection of websockets": (
        "import json\nimport websockets\n\nasync def f(ws):\n    C.labels(ws.request.path).inc()\n    async for raw in ws:\n        C.labels(json.loads(raw).get('op')).inc()\n    C.labels(await ws.recv()).inc()\n    C.labels(ws.request.headers['x']).inc()\n    C.labels(ws.close_code).inc()\n\nasync def g(path: str, other):\n    C.labels(other.request.path).inc()\n",
        [U, U, U, U, B, N],
    ),
    "credentials that FastAPI reads": (
        SECURED
        + "@app.get('/')\ndef f(a: str = Depends(oauth), b: str = Depends(key), c: HTTPAuthorizationCredentials = Depends(HTTPBearer()), d=Depends(HTTPBasic()), e: Annotated[str, Security(oauth)] = None):\n    C.labels(a).inc()\n    C.labels(b).inc()\n    C.labels(c.credentials).inc()\n    C.labels(d.username).inc()\n    C.labels(e).inc()\n",
        [U, U, U, U, U],
    ),
    "dependencies of FastAPI": (
        SECURED
        + "def kind():\n    return 'a'\n\ndef session():\n    yield 'b'\n\ndef who(token: str = Depends(oauth)):\n    return token\n\n@app.get('/')\ndef f(a: str = Depends(kind), b: str = Depends(session), c: str = Depends(who), d: str = Depends()):\n    C.labels(a).inc()\n    C.labels(b).inc()\n    C.labels(c).inc()\n    C.labels(d).inc()\n",
        [{"a"}, {"b"}, U, N],
    ),
    "coroutines side by side": (
        WORK
        + "async def go():\n    a, b = await asyncio.gather(sent(), fixed())\n    C.labels(a).inc()\n    C.labels(b).inc()\n    for v in await asyncio.gather(*[fixed(), fixed()]):\n        C.labels(v).inc()\n    for v in await asyncio.gather(*(sent() for _ in range(3))):\n        C.labels(v).inc()\n",
        [U, {"a"}, {"a"}, U],
    ),
    "coroutines that are run": (
        WORK
        + "async def go(loop):\n    task = asyncio.create_task(sent())\n    C.labels(await task).inc()\n    C.labels(await asyncio.wait_for(fixed(), 1)).inc()\n    C.labels(await asyncio.shield(sent())).inc()\n    loop = asyncio.get_running_loop()\n    C.labels(await loop.run_in_executor(None, work, 'x')).inc()\n    C.labels(await loop.run_in_executor(None, work, request.path)).inc()\n    C.labels(await asyncio.to_thread(work, 'y')).inc()\n\nC.labels(asyncio.run(fixed())).inc()\nC.labels(asyncio.new_event_loop().run_until_complete(sent())).inc()\n",
        [U, {"a"}, U, {"wx"}, U, {"wy"}, {"a"}, U],
    ),
    "work for a pool": (
        WORK
        + "class K:\n    def own(self, v):\n        return v\n\n    def go(self):\n        with futures.ThreadPoolExecutor() as pool:\n            for v in pool.map(self.own, ['a', 'b']):\n                C.labels(v).inc()\n            for v in pool.map(work, [request.path]):\n                C.labels(v).inc()\n            C.labels(pool.submit(work, 'z').result()).inc()\n            C.labels(pool.submit(self.own, request.path).result(timeout=5)).inc()\n            todo = {pool.submit(work, n): n for n in ('a', 'b')}\n            for f in futures.as_completed(todo):\n                C.labels(f.result()).inc()\n",
        [{"a", "b"}, U, {"wz"}, U, {"wa", "wb"}],
    ),
    "functions that are mapped": (
        WORK
        + "for v in map(work, ('a', 'b')):\n    C.labels(v).inc()\nfor v in map(lambda a, b: a + b, ('a',), ('x',)):\n    C.labels(v).inc()\nfor v in itertools.starmap(lambda a, b: a + b, [('a', 'x'), ('b', 'y')]):\n    C.labels(v).inc()\nfor v in map(str, (1, 2)):\n    C.labels(v).inc()\nfor v in multiprocessing.Pool(2).map(work, ['a'], 10):\n    C.labels(v).inc()\n",
        [{"wa", "wb"}, {"ax"}, {"ax", "by"}, {"1", "2"}, {"wa"}],
    ),
    "the response of an exception": (
        "import requests\nimport httpx\n\ndef f():\n    try:\n        requests.get('x')\n    except requests.HTTPError as e:\n        C.labels(e.response.json()['error']).inc()\n        C.labels(e.response.status_code).inc()\n        C.labels(str(e)).inc()\n    except httpx.HTTPStatusError as e:\n        C.labels(e.response.text).inc()\n        C.labels(e.response.status_code).inc()\n    except Exception as e:\n        C.labels(e.response.json()['error']).inc()\n        C.labels(e.response.status_code).inc()\n",
        [U, B, U, U, B, U, B],
    ),
    "a file in a known place": (
        FILES
        + "def f():\n    with open('/etc/machine-id') as h:\n        C.labels(h.read().strip()).inc()\n    path = Path(__file__).parent / '.git' / 'config'\n    with open(path) as h:\n        for line in h:\n            C.labels(line.split('=')[1].strip()).inc()\n    C.labels(path.read_text()).inc()\n    C.labels(Path(os.environ['D']).joinpath('x').read_text()).inc()\n    C.labels(json.loads(open(os.path.join(os.environ['D'], 'x')).read())['k']).inc()\n    for row in csv.DictReader(open('hosts.csv')):\n        C.labels(row['name']).inc()\n",
        [D, D, D, D, D, D],
    ),
    "a file in a place that is not known": (
        FILES
        + "def f(path, root):\n    with open(path) as h:\n        C.labels(h.read().strip()).inc()\n        doc = json.loads(h.read())\n        C.labels(doc.get('k')).inc()\n    C.labels((Path(root) / 'x').read_text()).inc()\n    for row in csv.reader(open(path)):\n        C.labels(row[0]).inc()\n",
        [N, N, N, N],
    ),
    "a file in a place that a client picks": (
        FILES
        + "def f():\n    with open(request.args['p']) as h:\n        C.labels(h.read().strip()).inc()\n        C.labels(json.loads(h.read()).get('k')).inc()\n    C.labels((Path('/data') / request.args['p']).read_text()).inc()\n    C.labels(Path('/data', request.args['p']).read_text()).inc()\n    C.labels(open(os.path.join('/data', request.args['p'])).read()).inc()\n    C.labels(os.path.join('/data', request.args['p'])).inc()\n",
        [U, U, U, U, U, U],
    ),
    "files that match": (
        FILES
        + "def f(root):\n    for p in sorted(glob.glob('/run/worker-*.prom')):\n        C.labels(os.path.basename(p)[7:-5]).inc()\n    for p in (Path(__file__).parent / 'models').glob('*.json'):\n        C.labels(p.name).inc()\n    for p in glob.glob(os.path.join(root, '*')):\n        C.labels(os.path.basename(p)).inc()\n    for p in glob.glob(os.path.join(request.args['d'], '*')):\n        C.labels(os.path.basename(p)).inc()\n    for p in os.listdir(root):\n        C.labels(p).inc()\n",
        [D, D, N, U, U],
    ),
    "a file that is parsed": (
        FILES
        + "def f(path):\n    C.labels(json.load(open(path))['k']).inc()\n    C.labels(json.load(request.stream).get('k')).inc()\n    C.labels(json.load(open(request.args['p']))['k']).inc()\n    with urllib.request.urlopen('http://x') as r:\n        C.labels(json.load(r)['k']).inc()\n        C.labels(r.status).inc()\n",
        [D, U, U, U, B],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_sources(name: str, lint: Lint) -> None:
    """Every label of the program, in order, has the class, or holds exactly the texts, that the case says."""
    code, expected = CASES[name]
    sites = sorted(lint(HEAD + code).program.sites, key=lambda s: s.place)
    values = [arg.value for site in sites for arg in site.args]
    assert [set(v.exact) if v.cls is Bound.EXACTLY else v.cls for v in values] == expected


QUERY = "from dataclasses import dataclass\n\n@dataclass\nclass Query:\n    name: str\n    type: str\n    text: str\n\n"

SPOKEN: dict[str, tuple[str, str, list[str]]] = {
    "the name of a query": (
        "query",
        QUERY + "def f(q: dict[str, Query]):\n    for query in q.values():\n        M.labels(query.name).inc()\n",
        [],
    ),
    "the text of a query": (
        "query",
        QUERY + "def f(q: dict[str, Query]):\n    for query in q.values():\n        M.labels(query.text).inc()\n",
        ["unbounded-value"],
    ),
    "the type of a user": ("user", "def f(user):\n    M.labels(user.type).inc()\n    M.labels(user['kind']).inc()\n", []),
    "the name of a user": ("user", "def f(user):\n    M.labels(user.name).inc()\n", ["identity-label"]),
    "a subject of a message bus": ("subject", "def f(bus, subject):\n    bus.publish(subject)\n    M.labels(subject).inc()\n", []),
    "a subject that grows": ("subject", "import uuid\n\ndef f():\n    M.labels(uuid.uuid4()).inc()\n", ["unbounded-value"]),
    "the program's own account": ("username", "def f(client):\n    me = client.who()\n    M.labels(me.username).inc()\n", []),
    "the account of a bot": ("bot_username", "def f(name):\n    M.labels(name).inc()\n", []),
    "the account of somebody": (
        "username",
        "def f(client):\n    him = client.who()\n    M.labels(him.username).inc()\n",
        ["identity-label"],
    ),
}


@pytest.mark.parametrize("name", SPOKEN)
def test_what_the_source_is_called_outweighs_the_name_of_the_label(name: str, lint: Lint) -> None:
    """Where a value is undecided its own last name is nearer to it than the label's."""
    label, code, expected = SPOKEN[name]
    head = f"from prometheus_client import Counter\n\nM = Counter('m', 'M', ['{label}'])\n\n"
    assert [f.rule for f in lint(head + code).report.findings] == expected


RELEASE: dict[str, tuple[str, str, str, list[str]]] = {
    "the commit that runs": (
        "app_build_info",
        "commit",
        "import subprocess\n\nV = subprocess.check_output(['git', 'rev-parse', 'HEAD'])\n",
        [],
    ),
    "the start of the process": ("app_info", "started_at", "import datetime\n\nV = datetime.datetime.now().isoformat()\n", []),
    "a commit that is handed in": ("app_build", "git_sha", "from other import V\n", []),
    "the user of an info": ("user_info", "user_id", "from other import V\n", ["identity-label"]),
    "a request on an info": ("app_info", "version", "import uuid\n\nV = uuid.uuid4().hex\n", ["unbounded-value"]),
    "what a client sends as version": ("app_info", "version", "from flask import request\n\nV = request.args['v']\n", ["unbounded-value"]),
    "a point in time on an info": ("app_info", "last_seen", "import time\n\nV = time.time()\n", ["unbounded-value"]),
    "a commit on another metric": ("builds_total", "commit", "import subprocess\n\nV = subprocess.getoutput('x')\n", ["identity-label"]),
}


@pytest.mark.parametrize("name", RELEASE)
def test_an_info_metric_describes_what_runs(name: str, lint: Lint) -> None:
    """Commit and start are one for each release on a metric that describes it, and open sets anywhere else."""
    metric, label, code, expected = RELEASE[name]
    head = f"from prometheus_client import Gauge\n\nM = Gauge('{metric}', 'M', ['{label}'])\n"
    assert [f.rule for f in lint(head + code + "M.labels(V).set(1)\n").report.findings] == expected


def test_what_describes_a_release_is_churn(lint: Lint) -> None:
    """A pedantic run still says that every release begins a new series."""
    code = "import subprocess\nfrom prometheus_client import Gauge\n\nM = Gauge('app_build_info', 'M', ['commit'])\nM.labels(subprocess.getoutput('git describe')).set(1)\n"
    assert [f.rule for f in lint(code, Config(pedantic=True)).report.findings] == ["deployment-churn"]


def test_the_body_of_an_error_is_no_exception_text(lint: Lint) -> None:
    """The class of the exception would be no replacement for what the server answered."""
    code = "import requests\nfrom prometheus_client import Counter\n\nM = Counter('m', 'M', ['v'])\n\ndef f():\n    try:\n        requests.get('x')\n    except requests.HTTPError as e:\n        M.labels(e.response.json()['code']).inc()\n"
    (found,) = lint(code).report.findings
    assert "text the server sent" in found.message
    assert "type(e)" not in found.help
