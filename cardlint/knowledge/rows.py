"""Short spellings for rows: one line of a table per fact, families of paths written once."""

from __future__ import annotations

from cardlint.knowledge.schema import Kind, Row

FIXED_SET = "a value from a fixed set: test the input against the values you know"
SERVED = '`x if x in ALLOWED else "other"`, where `ALLOWED` holds the values you serve'
LOG = "nothing: put it in a log line, or attach it as an exemplar"
USER = "the user of the request"
CHATTER = "a chat user"
NAME = "`type(e).__name__`, the class of the exception"


def unbounded(kind: Kind, why: str, *paths: str, advice: str = "", deep: bool = True) -> tuple[Row, ...]:
    """Make rows of values that grow with users, requests, time or input; what is reached from them grows, too."""
    return tuple(Row(path, "unbounded", None, kind, why, advice=advice, deep=deep) for path in paths)


def people(why: str, *paths: str) -> tuple[Row, ...]:
    """Make rows of persons: what is reached from one identifies the person, or is shared with many."""
    return tuple(Row(path, "unbounded", None, "identity", why, advice=LOG, deep=True, person=True) for path in paths)


def parameters(why: str, *paths: str) -> tuple[Row, ...]:
    """Make rows of parameters of a URL and claims of a token: identities where their names say so, and texts of a client."""
    return tuple(Row(path, "unbounded", None, "identity", why, advice=LOG, deep=True, by_name=True) for path in paths)


def bounded(size: int | None, kind: Kind, why: str, *paths: str) -> tuple[Row, ...]:
    """Make rows of finite sets; `size` None means a declared set that cannot be counted here."""
    return tuple(Row(path, "bounded", size, kind, why, deep=False) for path in paths)


def deployment(kind: Kind, why: str, *paths: str, deep: bool = False) -> tuple[Row, ...]:
    """Make rows of values that are one per process, or one per configured thing (`kind` "inventory").

    With `deep` it holds for everything reached from them: a configuration file is one tree of settings.
    """
    return tuple(Row(path, "per-deployment", None, kind, why, deep=deep) for path in paths)


def client(size: int | None, kind: Kind, why: str, *paths: str, advice: str = "") -> tuple[Row, ...]:
    """Make rows of sets that are small in practice although a client picks the bytes."""
    return tuple(Row(path, "client-chosen", size, kind, why, advice=advice, deep=False) for path in paths)


def leads(*pairs: tuple[str, str]) -> tuple[Row, ...]:
    """Make rows that only navigate: from a path to the class of its result."""
    return tuple(Row(path, returns=target) for path, target in pairs)


def transfer(how: str, why: str, *paths: str) -> tuple[Row, ...]:
    """Make rows of calls that compute their result from their operands."""
    return tuple(Row(path, how=how, why=why) for path in paths)


def below(prefix: str, *names: str) -> tuple[str, ...]:
    """Write a prefix before each name."""
    return tuple(prefix + name for name in names)
