"""Rows whose value takes more than one step: results of queries, hooks that are stored, calls that depend on their arguments."""

from __future__ import annotations

import pytest

from tests.conftest import Lint

HEAD = "from prometheus_client import Counter as Metric\n\nC = Metric('c', 'C', ['x'])\n\n"
TABLES = "from sqlalchemy.orm import Session\n\ndef f(session: Session):\n"
MODEL = "from django.db import models\n\nclass U(models.Model):\n    email = models.TextField()\n\ndef f():\n"
HANDLER = "import logging\n\nclass H(logging.Handler):\n    def emit(self, record):\n"
MQTT = "import paho.mqtt.client as mqtt\n\ndef got(c, u, m):\n    C.labels(%s).inc()\n\nclient = mqtt.Client()\nclient.on_message = got\n"
STREAMS = "import redis\n\nr = redis.Redis()\n\ndef f():\n    for stream, entries in r.xreadgroup('g', 'c', {'s': '>'}):\n"
LISTED = "import psutil\n\nfor p in psutil.process_iter():\n"
COUNTS = "import collections\nimport uuid\n\ndef f():\n"

CASES = {
    "a key of a row": (TABLES + "    for row in session.execute(q).all():\n        C.labels(row.id).inc()\n", "UNBOUNDED"),
    "text of a row": (TABLES + "    C.labels(session.execute(q).first().message).inc()\n", "UNBOUNDED"),
    "an identity of a mapped row": (
        TABLES + "    for u in session.query(q).filter(a).all():\n        C.labels(u.email).inc()\n",
        "UNBOUNDED",
    ),
    "any other column": (TABLES + "    for row in session.execute(q).fetchall():\n        C.labels(row.colour).inc()\n", "UNKNOWN"),
    "a column by position": (TABLES + "    for row in session.execute(q):\n        C.labels(row[0]).inc()\n", "UNKNOWN"),
    "one flat column": (
        MODEL + "    for v in U.objects.filter(a=1).values_list('email', flat=True):\n        C.labels(v).inc()\n",
        "UNBOUNDED",
    ),
    "the second of two columns": (
        MODEL + "    for a, b in U.objects.values_list('colour', 'email'):\n        C.labels(b).inc()\n",
        "UNBOUNDED",
    ),
    "the first of two columns": (
        MODEL + "    for a, b in U.objects.values_list('colour', 'email'):\n        C.labels(a).inc()\n",
        "UNKNOWN",
    ),
    "a column by name": (MODEL + "    for d in U.objects.values('pk', 'colour'):\n        C.labels(d['pk']).inc()\n", "UNBOUNDED"),
    "columns that are not known": (MODEL + "    for d in U.objects.values(*names):\n        C.labels(d['a']).inc()\n", "UNKNOWN"),
    "the name of an operation": (
        "from graphql import GraphQLResolveInfo\n\ndef f(root, info: GraphQLResolveInfo):\n    C.labels(info.operation.name.value).inc()\n",
        "CLIENT_CHOSEN",
    ),
    "the keys of a hash": ("import redis\n\nfor k, v in redis.Redis().hgetall('h').items():\n    C.labels(k).inc()\n", "UNBOUNDED"),
    "a field of an entry of a stream": (
        STREAMS + "        for i, fields in entries:\n            C.labels(fields[b'colour']).inc()\n",
        "UNBOUNDED",
    ),
    "a field that may be missing": (STREAMS + "        C.labels(entries[0][1].get('colour', '')).inc()\n", "UNBOUNDED"),
    "the name of a stream": (STREAMS + "        C.labels(stream).inc()\n", "UNKNOWN"),
    "an entry that was claimed": (
        "import redis.asyncio as redis\n\nasync def f(r: redis.Redis):\n    a, b, c = await r.xautoclaim('s', 'g', 'c', 9)\n    for i, x in b:\n        C.labels(i).inc()\n",
        "UNBOUNDED",
    ),
    "where the next scan begins": (
        "import redis\n\nr = redis.Redis()\nplace, names = r.scan(0)\nC.labels(place).inc()\n",
        "UNKNOWN",
    ),
    "the list that an element was taken from": ("import redis\n\nname, x = redis.Redis().blpop('a')\nC.labels(name).inc()\n", "UNKNOWN"),
    "the section of information about a server": (
        "import redis\n\nfor k, v in redis.Redis().info().items():\n    C.labels(k).inc()\n",
        "UNKNOWN",
    ),
    "the most common of what is open": (
        COUNTS + "    for k, n in collections.Counter(uuid.uuid4().hex for _ in x).most_common(5):\n        C.labels(k).inc()\n",
        "UNBOUNDED",
    ),
    "the most common of a few": (
        COUNTS + "    for k, n in collections.Counter(['a', 'b']).most_common():\n        C.labels(k).inc()\n",
        "EXACTLY",
    ),
    "counted one by one": (
        "import collections\nimport uuid\n\nN = collections.Counter()\n\ndef g():\n    N[uuid.uuid4().hex] += 1\n\ndef f():\n    for k, n in N.items():\n        C.labels(k).inc()\n",
        "UNBOUNDED",
    ),
    "the payload of a message": (MQTT % "m.payload", "UNBOUNDED"),
    "the topic of a message": (MQTT % "m.topic", "PER_DEPLOYMENT"),
    "a function that is stored elsewhere": (MQTT.replace("client.on_message", "other.on_message") % "m.payload", "UNKNOWN"),
    "the name of a worker": ("from rq import Worker\n\nfor w in Worker.all():\n    C.labels(w.name).inc()\n", "PER_DEPLOYMENT"),
    "the id of a container": (
        "import docker\n\nfor c in docker.from_env().containers.list():\n    C.labels(c.id).inc()\n",
        "PER_DEPLOYMENT",
    ),
    "the text of a record": (HANDLER + "        C.labels(record.getMessage()).inc()\n", "UNBOUNDED"),
    "the level of a record": (HANDLER + "        C.labels(record.levelname).inc()\n", "BOUNDED"),
    "the logger of a record": (HANDLER + "        C.labels(record.name).inc()\n", "BOUNDED"),
    "the media type of a response": (
        "from flask import Flask\n\napp = Flask('a')\n\n@app.after_request\ndef f(response):\n    C.labels(response.mimetype).inc()\n    return response\n",
        "BOUNDED",
    ),
    "the reason of a response": ("import requests\n\nC.labels(requests.get('http://a').reason).inc()\n", "CLIENT_CHOSEN"),
    "the process itself": ("import psutil\n\nC.labels(psutil.Process().pid).inc()\n", "PER_DEPLOYMENT"),
    "the process itself by its id": ("import psutil\nimport os\n\nC.labels(psutil.Process(os.getpid()).pid).inc()\n", "PER_DEPLOYMENT"),
    "another process": ("import psutil\n\ndef f(conn):\n    C.labels(psutil.Process(conn.pid).pid).inc()\n", "UNBOUNDED"),
    "the child of a process": (LISTED + "    for c in p.children():\n        C.labels(c.name()).inc()\n", "UNBOUNDED"),
    "the command line of a process": (LISTED + "    C.labels(' '.join(p.info['cmdline'])).inc()\n", "UNBOUNDED"),
    "the state of a process": (LISTED + "    C.labels(p.info['status']).inc()\n", "BOUNDED"),
    "the account of a process": (LISTED + "    C.labels(p.username()).inc()\n", "UNKNOWN"),
    "the other end of a connection": (
        "import psutil\n\nfor c in psutil.net_connections():\n    C.labels(c.raddr.ip).inc()\n",
        "UNBOUNDED",
    ),
    "a disk": ("import psutil\n\nfor d, n in psutil.disk_io_counters(perdisk=True).items():\n    C.labels(d).inc()\n", "PER_DEPLOYMENT"),
    "all processes": ("import psutil\n\nfor p in psutil.process_iter():\n    C.labels(p.pid).inc()\n", "UNBOUNDED"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_value_that_takes_several_steps(name: str, lint: Lint) -> None:
    code, cls = CASES[name]
    [site] = lint(HEAD + code).program.sites
    assert site.args[0].value.bound.name == cls, site.args[0].value.why
