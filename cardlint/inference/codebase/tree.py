"""How the inference asks for files: a protocol that the engine implements.

The inference is pure: the implementation of the protocol reads, parses and caches files.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from cardlint.inference.codebase.layout import Layout
from cardlint.ir.model import ModuleIR
from cardlint.knowledge.schema import Row, Sink, Wrapper


class Tree(Protocol):
    """The files of one run. Paths are the ones findings show: posix, relative to the working directory."""

    def paths(self) -> Sequence[str]:
        """List every Python file of the program in sorted order, read or not."""
        ...

    def seeds(self) -> Sequence[str]:
        """List the files that pass the byte prefilter: those that may declare or use metrics."""
        ...

    def facts(self, path: str) -> ModuleIR | None:
        """Return the IR of a file, reading it if needed; None when it is not part of the program."""
        ...

    @property
    def layout(self) -> Layout:
        """The modules and packages of the files."""
        ...

    def mentioning(self, name: str, form: str = "", top: str = "", tests: bool = True) -> Sequence[str]:
        """List the files whose text holds `name`, in sorted order, `top` being the top-level package it belongs to.

        Files of other packages that never name that one are left out, and tests without `tests`. '' asks all files.

        `form` narrows it to a form of writing the name: `call`, `method` (`.name(`), `base` (in the head of a class),
        `store` (`.name =` on another object than self), `def`, `decorator` (`@name`), `partial` (`partial(name`),
        `alias` (`other = name`).
        """
        ...

    def is_test(self, path: str) -> bool:
        """Tell whether the file belongs to the tests of the analysed project."""
        ...


class LinkSettings(Struct, frozen=True):
    """The part of the configuration that changes the inference itself."""

    sources: tuple[Row, ...] = ()
    bounders: tuple[Row, ...] = ()
    sinks: tuple[Sink, ...] = ()
    wrappers: tuple[Wrapper, ...] = ()
    src: tuple[str, ...] = ()
    """folders that are import roots, relative to the working directory"""
    suspects: bool = False
    """also follow values into calls that are not known; only the findings of pedantic runs show the result"""
    measured: bool = False
    """also count the cost of each query and handler, for `--timings`"""
    bounded_claims: tuple[tuple[str, int, int, int], ...] = ()
    """`# cardlint: bounded=N` comments: path, first line, last line, N"""
