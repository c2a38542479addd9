"""The parts of a URL, as `urllib.parse` takes it apart.

The host, the scheme and the port of a URL are other sets than the URL: they do not inherit the verdict of the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cardlint.facts.terms import AnyTerm
from cardlint.link import calls
from cardlint.link.frames import Frame
from cardlint.link.objects import NOTHING, Alts, Sequence, Thunk
from cardlint.link.protocol import TransferArgs
from cardlint.link.values import Cls as Class
from cardlint.link.values import Value, bounded, exactly

if TYPE_CHECKING:
    from cardlint.link.protocol import Evaluator

SPLIT = ("scheme", "netloc", "path", "query", "fragment")
PARSED = ("scheme", "netloc", "path", "params", "query", "fragment")
OF_HOST = ("hostname", "port", "username", "password")
"""Attributes that take the host apart further; none of them is an item of its own."""
WHOLE = ("geturl()", "_replace()")
SCHEMES = 4
HOSTS = 20
"""Hosts that a program is called by, or calls, when their number is not known."""


def parts(ev: Evaluator, url: AnyTerm, frame: Frame, names: tuple[str, ...]) -> Alts:
    """Take a URL apart into the named tuple of its parts."""
    whole = ev.value(url, frame)
    attributes = {name: Thunk(None, None, (_part(whole, name),)) for name in (*names, *OF_HOST)}
    attributes |= {name: Thunk(None, None, (whole,)) for name in WHOLE}
    return (Sequence("tuple", tuple(attributes[name] for name in names), attributes=attributes),)


def split(ev: Evaluator, args: TransferArgs) -> Alts:
    """Take a URL apart, as `urlsplit` does, or with an option as `urlparse` does."""
    first = calls.argument(args.term, 0)
    return parts(ev, first, args.frame, PARSED if args.option else SPLIT) if first is not None else NOTHING


def _part(whole: Value, name: str) -> Value:
    if whole.cls is Class.EXACTLY:
        return exactly(_constant(v, name) for v in whole.exact if isinstance(v, (str, bytes)))
    sent = whole.cls is Class.UNBOUNDED and whole.kind != "raw-path"  # whoever sends a whole URL sends any host and scheme
    if name == "scheme":
        if sent:
            return Value(Class.CLIENT_CHOSEN, "the scheme of a URL somebody sent", SCHEMES, kind="scheme", trail=whole.trail)
        return bounded(SCHEMES, "scheme of a URL")
    if name in ("netloc", "hostname", "port") and whole.cls is Class.UNBOUNDED and not sent:
        return Value(Class.CLIENT_CHOSEN, "the host of a URL", HOSTS, kind="http-host", trail=whole.trail)
    return whole


def _constant(text: str | bytes, name: str) -> str | int | None:
    try:
        found = getattr(urlsplit(text), name, "")
    except ValueError:
        return ""
    return found.decode("ascii", "replace") if isinstance(found, bytes) else found
