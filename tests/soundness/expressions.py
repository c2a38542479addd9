"""Expressions for the label of one metric, by what they do when a program runs: stay within a fixed set, or grow.

Each is a body that sets `v`, with what stands at the head of the module. `request.a` is a fresh text, `request.n` a fresh number from
1, `request.f` a fresh fraction, `request.b` a boolean, `request.s` a word of seven, `request.data` a dictionary of what was sent.
"""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """One expression: its body, and the lines at the head of the module that it needs."""

    body: str
    head: str = ""


IMPORTS = """\
import base64, bisect, calendar, collections, colorsys, datetime, functools, hashlib, heapq, itertools, json, math, operator, os
import os.path, random, re, statistics, string, sys, textwrap, time, uuid, zlib
from contextvars import ContextVar
from pathlib import Path
from types import SimpleNamespace
from prometheus_client import Counter
"""

FIXED: dict[str, Case] = {
    # identifiers made of constants, and digits of those that are not
    "a UUID of a constant": Case("v = uuid.UUID('12345678123456781234567812345678')"),
    "the text of a UUID of a constant": Case("v = str(ID)", "ID = uuid.UUID('12345678-1234-5678-1234-567812345678')"),
    "hexadecimal digits of a UUID of a constant": Case("v = uuid.UUID('12345678-1234-5678-1234-567812345678').hex"),
    "a UUID of a namespace and a constant": Case("v = uuid.uuid5(uuid.NAMESPACE_DNS, 'example.org')"),
    "the first digit of a UUID": Case("v = uuid.uuid4().hex[0]"),
    "the first digit of the text of a UUID": Case("v = str(uuid.uuid4())[0]"),
    "two digits of a UUID": Case("v = uuid.uuid4().hex[:2]"),
    "the last digit of a UUID": Case("v = uuid.uuid4().hex[-1]"),
    "the version of a UUID": Case("v = uuid.uuid4().version"),
    "a UUID by remainder": Case("v = uuid.uuid4().int % 4"),
    "a digit of a hash": Case("v = hashlib.sha256(request.a.encode()).hexdigest()[0]"),
    "a hash of a constant": Case("v = hashlib.sha256(b'salt').hexdigest()"),
    "a short hash of a constant": Case("v = hashlib.md5('tenant'.encode()).hexdigest()[:8]"),
    "a checksum of a constant": Case("v = zlib.crc32(b'abc')"),
    "base64 of a constant": Case("v = base64.b64encode(b'abc').decode()"),
    "a byte of a UUID": Case("v = uuid.uuid4().bytes[0]"),
    # arithmetic with numbers that grow
    "bits of a number": Case("v = request.n & 3"),
    "bits of a number, mask first": Case("v = 7 & request.n"),
    "a remainder": Case("v = request.n % 5"),
    "a remainder by a named constant": Case("v = request.n % SHARDS", "SHARDS = 8"),
    "divmod by a constant": Case("v = divmod(request.n, 6)[1]"),
    "a remainder of a hash": Case("v = hash(request.a) % 8"),
    "a remainder of a checksum": Case("v = zlib.crc32(request.a.encode()) % 16"),
    "a remainder of an integer of digits": Case("v = int(hashlib.md5(request.a.encode()).hexdigest(), 16) % 10"),
    "a sum of bytes by remainder": Case("v = sum(request.a.encode()) % 7"),
    "operator.mod": Case("v = operator.mod(request.n, 5)"),
    "a parity": Case("v = request.n % 2 == 0"),
    "a number kept between two ends": Case("v = max(0, min(request.n, 10))"),
    "a number capped": Case("v = min(len(request.a), 3)"),
    "a remainder of time": Case("v = int(time.time()) % 60"),
    "a bit": Case("v = (request.n >> 2) & 1"),
    "a sign": Case("v = (request.n > 50) - (request.n < 50)"),
    "a remainder and a sum": Case("v = request.n % 4 + 1"),
    "a remainder as text": Case("v = f'shard-{request.n % 4:02d}'"),
    "a remainder multiplied": Case("v = (request.n % 4) * 100"),
    "a status class": Case("v = int(STATUS[request.n % 3]) // 100", "STATUS = ('200', '404', '500')"),
    "a negated remainder": Case("v = -(request.n % 3)"),
    "bool of anything": Case("v = bool(request.a)"),
    "not of anything": Case("v = not request.a"),
    "a comparison": Case("v = request.n > 100"),
    "a membership": Case("v = request.a in ('a', 'b')"),
    "an identity test": Case("v = request.a is None"),
    "any of a comprehension": Case("v = any(c.isdigit() for c in request.a)"),
    "isinstance": Case("v = isinstance(request.a, str)"),
    "str.startswith": Case("v = request.a.startswith('x')"),
    "a boolean as a number": Case("v = int(request.a == 'x')"),
    "a boolean in a table": Case("v = {True: 'yes', False: 'no'}[request.n > 5]"),
    "a tuple by a comparison": Case("v = ('low', 'high')[request.n > 5]"),
    "the type of a value": Case("v = type(request.a).__name__"),
    # dates that repeat
    "the hour of an ISO text": Case("v = datetime.datetime.now().isoformat()[11:13]"),
    "the month of an ISO text": Case("v = datetime.datetime.now().isoformat()[5:7]"),
    "the minute of an ISO date": Case("v = str(datetime.datetime.now())[14:16]"),
    "the name of the time zone": Case("v = time.strftime('%Z')"),
    "the name of the zone of a date": Case("v = datetime.datetime.now().strftime('%Z')"),
    "the offset of the zone": Case("v = datetime.datetime.now(datetime.timezone.utc).strftime('%z')"),
    "the day of the week": Case("v = datetime.date.today().weekday()"),
    "the name of the day": Case("v = calendar.day_name[datetime.date.today().weekday()]"),
    "the hour": Case("v = datetime.datetime.now().hour"),
    "the month": Case("v = datetime.date.today().month"),
    "the hour by time": Case("v = time.localtime().tm_hour"),
    "the hour by strftime": Case("v = time.strftime('%H')"),
    "a constant date": Case("v = datetime.date(2024, 1, 1).isoformat()"),
    "a constant date, formatted": Case("v = datetime.datetime(2024, 1, 1, 12).strftime('%Y-%m-%d')"),
    "time.tzname": Case("v = time.tzname[0]"),
    "a constant duration": Case("v = datetime.timedelta(seconds=90)"),
    # texts of constants
    "replace on constants": Case("v = 'a-b'.replace('-', '_')"),
    "replace on one of several": Case("v = WORDS[request.n % 2].replace('-', '_')", "WORDS = ('a-b', 'c-d')"),
    "replace with a named constant": Case("v = NAME.replace(OLD, NEW)", "NAME, OLD, NEW = 'a.b', '.', '_'"),
    "translate on constants": Case("v = 'abc'.translate(str.maketrans('a', 'b'))"),
    "centre of constants": Case("v = 'a'.center(9, '*')"),
    "justified constants": Case("v = 'a'.ljust(4) + 'b'.rjust(4) + '7'.zfill(3)"),
    "a repeated constant": Case("v = 'ab' * 3"),
    "joined constants": Case("v = '-'.join(['a', 'b'])"),
    "a template of constants": Case("v = '{}-{}'.format('a', 1)"),
    "a template by name": Case("v = TEMPLATE.format(a='x')", "TEMPLATE = '{a}-y'"),
    "a template by percent": Case("v = TEMPLATE % ('x', 7)", "TEMPLATE = '%s-%d'"),
    "a width of a constant": Case("v = f\"{'a':>{5}}\""),
    "a letter of an alphabet": Case("v = string.ascii_lowercase[request.n % 26]"),
    "a letter of a constant": Case("v = 'abcdef'[request.n % 6]"),
    "a slice of a constant": Case("v = 'abcdef'[:request.n % 6]"),
    "part of a constant": Case("v = 'a.b.c'.split('.')[request.n % 3]"),
    "the last part of a constant": Case("v = 'a.b.c'.rpartition('.')[2]"),
    "a character of a number": Case("v = chr(65 + request.n % 4)"),
    "ord of a constant": Case("v = ord('a')"),
    "hex of a remainder": Case("v = hex(request.n % 16)"),
    "string.Template of constants": Case("v = string.Template('$a-b').substitute(a='x')"),
    "swapcase": Case("v = 'aB'.swapcase()"),
    "encode and decode": Case("v = 'abc'.encode().decode()"),
    "json of constants": Case("v = json.dumps({'a': 1})"),
    "json of a constant list": Case("v = json.dumps(['a', 'b'])"),
    "repr of constants": Case("v = repr(('a', 1))"),
    "a sum of constants": Case("v = sum([1, 2, 3])"),
    "a rounded constant": Case("v = round(2.567, 1)"),
    "abs of a constant": Case("v = abs(-3)"),
    "math of a constant": Case("v = math.floor(2.5)"),
    "the length of a constant": Case("v = len('abc')"),
    "the length of a tuple": Case("v = len(WORDS)", "WORDS = ('a', 'b', 'c')"),
    # collections that stay as they are
    "the index of a range": Case("v = [i for i in range(4)][request.n % 4]"),
    "a loop over a range": Case("for i in range(10):\n    v = i\n    M.labels(v).inc()"),
    "a loop over a range, from": Case("for i in range(2, 12, 3):\n    v = i\n    M.labels(v).inc()"),
    "the index of an enumeration": Case("for i, _ in enumerate(WORDS):\n    v = i\n    M.labels(v).inc()", "WORDS = ('a', 'b', 'c')"),
    "the index of an enumeration from one": Case(
        "for i, w in enumerate(WORDS, 1):\n    v = i\n    M.labels(v).inc()", "WORDS = ('a', 'b', 'c')"
    ),
    "the index of an enumeration of a set": Case("for i, w in enumerate(sorted({'a', 'b'})):\n    v = i\n    M.labels(v).inc()"),
    "a choice of a constant list": Case("v = random.choice(['a', 'b', 'c'])"),
    "a random number of a few": Case("v = random.randint(1, 6)"),
    "a random number below": Case("v = random.randrange(5)"),
    "one of a sample": Case("v = random.sample(['a', 'b', 'c'], 1)[0]"),
    "a random choice with weights": Case("v = random.choices(['a', 'b'], k=1)[0]"),
    "bits at random": Case("v = random.getrandbits(2)"),
    "the least of constants": Case("v = min('a', 'b')"),
    "the greatest of a tuple": Case("v = max(WORDS)", "WORDS = ('a', 'b')"),
    "a bin": Case("v = bisect.bisect([10, 20, 50], request.n)"),
    "a position in a tuple": Case("v = WORDS.index(WORDS[request.n % 2])", "WORDS = ('a', 'b')"),
    "a position of a constant": Case("v = 'abc'.find('b')"),
    "a counted constant": Case("v = WORDS.count('a')", "WORDS = ('a', 'b')"),
    "the next of a cycle": Case("v = next(TURNS)", "TURNS = itertools.cycle(['a', 'b'])"),
    "a sorted set": Case("v = sorted({'b', 'a'})[0]"),
    "reversed constants": Case("v = list(reversed(('a', 'b')))[0]"),
    "a key of a constant table": Case("v = next(iter(TABLE))", "TABLE = {'a': 1, 'b': 2}"),
    "a difference of constants": Case("for v in {'a', 'b'} - {'a'}:\n    M.labels(v).inc()"),
    "a symmetric difference of constants": Case("for v in {'a', 'b'} ^ {'a', 'c'}:\n    M.labels(v).inc()"),
    "an intersection of constants": Case("for v in sorted({'a', 'b'} & {'a', 'c'}):\n    M.labels(v).inc()"),
    "what is known of what was sent": Case("for v in {'a', 'b'} & set(request.data):\n    M.labels(v).inc()\nv = 'none'"),
    "joined letters of few": Case("v = ''.join(sorted({'a', 'b'}))"),
    "filtered constants": Case("for v in [w for w in WORDS if w != 'a']:\n    M.labels(v).inc()", "WORDS = ('a', 'b', 'c')"),
    "filtered constants by a request": Case("v = next((w for w in WORDS if w in request.a), 'none')", "WORDS = ('1', '2', '3')"),
    "a joined selection": Case("v = ','.join(w for w in WORDS if w in request.a)", "WORDS = ('1', '2', '3')"),
    "a counted selection": Case("v = len([w for w in WORDS if w in request.a])", "WORDS = ('1', '2', '3')"),
    "a sum of a selection": Case("v = sum(1 for w in WORDS if w in request.a)", "WORDS = ('1', '2', '3')"),
    "a text of booleans": Case("v = ''.join('1' if request.n >> i & 1 else '0' for i in range(3))"),
    # names of the program
    "the module": Case("v = __name__"),
    "the folder of the program": Case("v = Path(__file__).parent.name"),
    "the name of the file": Case("v = os.path.basename(__file__)"),
    "the stem of the file": Case("v = Path(__file__).stem"),
    "the stem by os.path": Case("v = os.path.splitext(os.path.basename(__file__))[0]"),
    "the folder by os.path": Case("v = os.path.basename(os.path.dirname(os.path.abspath(__file__)))"),
    "the name of a function": Case("v = handle.__name__"),
    "the name of a class": Case("v = Thing.__name__", "class Thing: pass"),
    "the module of a class": Case("v = Thing.__module__", "class Thing: pass"),
    "the version of Python": Case("v = f'{sys.version_info.major}.{sys.version_info.minor}'"),
    "the platform": Case("v = sys.platform"),
    "the separator": Case("v = os.sep"),
    "a setting": Case("v = os.environ.get('REGION', 'local')"),
    "the working directory": Case("v = os.path.basename(os.getcwd())"),
    # objects
    "a context variable that keeps its default": Case("v = LEVEL.get()", "LEVEL = ContextVar('level', default='low')"),
    "a named tuple": Case("v = Point('a', 'b').x", "Point = collections.namedtuple('Point', 'x y')"),
    "a namespace": Case("v = SimpleNamespace(a='x').a"),
    "a partial": Case("v = functools.partial(str.upper, 'a')()"),
    "an attribute by operator": Case("v = operator.itemgetter('a')({'a': 'x'})"),
    "reduce of constants": Case("v = functools.reduce(operator.add, ['a', 'b'])"),
    "a chain": Case("for v in itertools.chain('ab', ['c']):\n    M.labels(v).inc()"),
    "what a map gives": Case("for v in map(str.upper, ('a', 'b')):\n    M.labels(v).inc()"),
    "what a filter leaves": Case("for v in filter(None, ('a', '', 'b')):\n    M.labels(v).inc()"),
}
