"""The parts of a URL, as `urllib.parse` splits it.

The host, the scheme and the port of a URL are other sets than the URL: they do not inherit its class.
"""

from __future__ import annotations

from msgspec.structs import replace

from cardlint.findings import Confidence
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator, TransferArgs
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, LibraryPath, Objects
from cardlint.inference.domain.trace import append_step
from cardlint.inference.domain.value_sets import Bound, ValueSet, bounded, exactly, named_guess, product, unbounded, unknown
from cardlint.inference.heuristics.label_names import normalise
from cardlint.ir.terms import AnyTerm, Star
from cardlint.knowledge.vocabulary import CALLED_URLS

SPLIT = ("scheme", "netloc", "path", "query", "fragment")
PARSED = ("scheme", "netloc", "path", "params", "query", "fragment")
OF_HOST = ("hostname", "port", "username", "password")
"""Attributes that split the host further; none of them is an item of the tuple."""
WHOLE = ("geturl()", "_replace()")
URL_NAMES = frozenset(CALLED_URLS.split())
HOST_KEYWORDS = frozenset({"_external", "_scheme", "_host", "_app_url"})
"""Keywords that put the host into the URL of a route."""
SCHEMES = 4
HOSTS = 20
"""Size of the set of hosts of a program, or of those it calls, when it is not known."""


def of_route(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the URL of a route, which is made of its name and of the values of its parameters.

    It is open as soon as one of them is. The option is the path of the object that some frameworks return instead of a text.
    """
    values = [value for term in (*args.term.args, *(value for _, value in args.term.kwargs)) for value in _inside(ev, term, args.frame)]
    whole = product(values)
    if whole.bound is Bound.UNBOUNDED:
        whole = replace(
            whole, kind="raw-path", why=f"the URL of a route with {whole.why} in it", advice="the name or the pattern of the route"
        )
        return (whole.step(args.frame.place(args.term.at), "made the URL of a route here"),)
    if any(name in HOST_KEYWORDS for name, _ in args.term.kwargs) or whole.bound is Bound.UNKNOWN:
        return (unknown("the URL of a route with unknown parameters"),)
    if args.option:
        return (LibraryPath(args.option, append_step(None, args.frame.place(args.term.at), "")),)
    return (bounded(whole.size or 1, args.why) if whole.bound <= Bound.BOUNDED else whole,)


def _inside(ev: Evaluator, term: AnyTerm, frame: Frame) -> list[ValueSet]:
    """List what an argument puts into a URL: itself, or the elements of a list or a dictionary."""
    if isinstance(term, Star):
        return [unknown("arguments that are not written out")]
    out: list[ValueSet] = []
    for obj in ev.eval(term, frame):
        if isinstance(obj, Mapping):
            held = [ev.scalar(ev.force(value), frame, term.at) for _, value in obj.entries]
            out += [*held, *([unknown("further parameters")] if obj.open else [])]
        elif isinstance(obj, Sequence):
            out += [ev.scalar(ev.force(value), frame, term.at) for value in (*obj.items, *obj.rest)]
        else:
            out.append(ev.scalar((obj,), frame, term.at))
    return out or [unknown("an unknown parameter")]


def parts(ev: Evaluator, url: AnyTerm, frame: Frame, names: tuple[str, ...]) -> Objects:
    """Split a URL into the named tuple of its parts."""
    whole = ev.value(url, frame)
    attributes = {name: Lazy(None, None, (_part(whole, name),)) for name in (*names, *OF_HOST)}
    if (
        whole.bound is Bound.UNKNOWN
        and named_guess(whole) is None
        and (spoken := terms.last_name(url, frame))
        and normalise(spoken) in URL_NAMES
    ):
        path = unbounded("raw-path", f"the path of `{spoken}`, which looks like a URL", confidence=Confidence.MEDIUM)
        attributes |= {"path": Lazy(None, None, (path.step(frame.place(url.at), f"`{spoken}` is split here"),))}
    attributes |= {name: Lazy(None, None, (whole,)) for name in WHOLE}
    changed = Sequence("tuple", tuple(attributes[name] for name in names), attributes=dict(attributes))
    attributes["_replace()"] = Lazy(None, None, (changed,))
    return (Sequence("tuple", tuple(attributes[name] for name in names), attributes=attributes),)


def split(ev: Evaluator, args: TransferArgs) -> Objects:
    """Split a URL, as `urlsplit` does, or with an option as `urlparse` does."""
    first = terms.argument(args.term, 0)
    return parts(ev, first, args.frame, PARSED if args.option else SPLIT) if first is not None else BOTTOM


def _part(whole: ValueSet, name: str) -> ValueSet:
    if whole.bound is Bound.EXACTLY:
        return exactly(_constant(v, name) for v in whole.exact if isinstance(v, (str, bytes)))
    sent = whole.bound is Bound.UNBOUNDED and whole.kind != "raw-path"  # a client that sends a whole URL chooses host and scheme
    if name == "scheme":
        if sent:
            return ValueSet(Bound.CLIENT_CHOSEN, "the scheme of a URL from a client", SCHEMES, kind="scheme", trace=whole.trace)
        return bounded(SCHEMES, "scheme of a URL")
    if name in ("netloc", "hostname", "port") and whole.bound is Bound.UNBOUNDED and not sent:
        return ValueSet(Bound.CLIENT_CHOSEN, "the host of a URL", HOSTS, kind="http-host", trace=whole.trace)
    return whole


def _constant(text: str | bytes, name: str) -> str | int | None:
    from urllib.parse import urlsplit  # noqa: PLC0415 - few programs need it, and every start would pay for it

    try:
        found = getattr(urlsplit(text), name, "")
    except ValueError:
        return ""
    return found.decode("ascii", "replace") if isinstance(found, bytes) else found
