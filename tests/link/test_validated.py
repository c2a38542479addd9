"""Objects made of data: a field holds what was sent, unless its type lets only few values through."""

from __future__ import annotations

import pytest

from tests.conftest import Lint

HEAD = """\
import json
from dataclasses import dataclass
from enum import Enum
from typing import Literal, Optional

import cattrs
import dacite
import msgspec
import yaml
from flask import request
from prometheus_client import Counter
from pydantic import BaseModel, TypeAdapter

C = Counter("c_total", "C", ["x"])


class Kind(str, Enum):
    A = "a"
    B = "b"


class Part(BaseModel):
    name: str
    kind: Kind


class Event(BaseModel):
    user: str
    kind: Kind
    mode: Literal["x", "y"]
    done: bool
    part: Optional["Part"] = None
    parts: list["Part"] = []


class Packed(msgspec.Struct):
    user: str
    kind: Kind
    mode: Literal["x", "y"]


@dataclass
class Plain:
    user: str
    kind: Kind
    mode: Literal["x", "y"]
"""

MADE = {
    "a dictionary": "Event.model_validate(request.json)",
    "a dictionary, as it was": "Event.parse_obj(request.json)",
    "text": "Event.model_validate_json(request.data)",
    "text, as it was": "Event.parse_raw(request.data)",
    "text of anybody": "Event.model_validate_json(anything)",
    "keywords": "Event(**request.json)",
    "keywords of text": "Event(**json.loads(request.data))",
    "an adapter": "TypeAdapter(Event).validate_python(request.json)",
    "an adapter of text": "TypeAdapter(Event).validate_json(request.data)",
    "a decoder": "msgspec.json.Decoder(Packed).decode(request.data)",
    "msgspec": "msgspec.json.decode(request.data, type=Packed)",
    "msgspec, of a dictionary": "msgspec.convert(request.json, Packed)",
    "cattrs": "cattrs.structure(request.json, Plain)",
    "dacite": "dacite.from_dict(data_class=Plain, data=request.json)",
    "a dataclass": "Plain(**request.json)",
    "an entry": "Event.model_validate({'user': request.json['user'], 'kind': 'a', 'mode': 'x'})",
}


@pytest.mark.parametrize("name", MADE)
def test_a_field_holds_what_was_sent(name: str, lint: Lint) -> None:
    done = lint({"app.py": f"{HEAD}\n\ndef use(anything):\n    made = {MADE[name]}\n    C.labels(made.user).inc()\n"})
    assert [f.rule for f in done.report.findings] == ["unbounded-value"]


@pytest.mark.parametrize("field", ["kind", "kind.value", "mode"])
@pytest.mark.parametrize("name", MADE)
def test_a_type_bounds_what_it_lets_through(name: str, field: str, lint: Lint) -> None:
    done = lint({"app.py": f"{HEAD}\n\ndef use(anything):\n    made = {MADE[name]}\n    C.labels(made.{field}).inc()\n"})
    assert done.report.findings == ()
    assert done.report.summary.decided == 1


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("C.labels(made.part.name).inc()", 1),
        ("C.labels(made.part.kind).inc()", 0),
        ("C.labels(made.done).inc()", 0),
        ("for part in made.parts:\n        C.labels(part.name).inc()", 1),
        ("for part in made.parts:\n        C.labels(part.kind.value).inc()", 0),
        ("C.labels(made.parts[0].kind).inc()", 0),
    ],
)
def test_what_stands_inside_is_made_of_it_too(code: str, found: int, lint: Lint) -> None:
    done = lint({"app.py": f"{HEAD}\n\ndef use():\n    made = Event.model_validate(request.json)\n    {code}\n"})
    assert len(done.report.findings) == found
    assert done.report.summary.decided == 1


def test_settings_stay_settings(lint: Lint) -> None:
    code = "\n\ndef use():\n    made = Event.model_validate(yaml.safe_load(open('service.yaml')))\n    C.labels(made.user).inc()\n"
    done = lint({"app.py": HEAD + code})
    assert done.report.findings == ()
    assert done.report.summary.decided == 1


def test_an_object_is_made_of_another_one(lint: Lint) -> None:
    code = "\n\ndef use():\n    made = Part.model_validate(Plain('fixed', Kind.A, 'x'))\n    C.labels(made.kind).inc()\n"
    done = lint({"app.py": HEAD + code})
    assert done.report.findings == ()


def test_a_class_method_of_the_tree_is_its_own(lint: Lint) -> None:
    code = "\n\nclass Own(Part):\n    @classmethod\n    def from_dict(cls, data):\n        return 'fixed'\n\n\nC.labels(Own.from_dict(request.json)).inc()\n"
    done = lint({"app.py": HEAD + code})
    assert done.report.findings == ()
    assert done.report.summary.decided == 1


def test_of_a_type_that_is_not_known_nothing_is_known(lint: Lint) -> None:
    code = "\n\ndef parse(kind, text):\n    return TypeAdapter(kind).validate_json(text)\n\n\ndef use(made):\n    C.labels(parse(made, request.data).what).inc()\n"
    done = lint({"app.py": HEAD + code})
    assert done.report.findings == ()
    assert done.report.summary.decided == 0


def test_a_list_of_objects(lint: Lint) -> None:
    code = "\n\ndef use():\n    for made in msgspec.json.decode(request.data, type=list[Packed]):\n        C.labels(made.user).inc()\n        C.labels(made.mode).inc()\n"
    done = lint({"app.py": HEAD + code})
    assert [f.rule for f in done.report.findings] == ["unbounded-value"]
    assert done.report.summary.decided == 2
