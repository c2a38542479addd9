"""Environment: variables that a client reads when it is imported, where a program sets them, and signs of multiprocess mode."""

from __future__ import annotations

from collections.abc import Iterable

from cardlint.common.textscan import TESTED_IN
from cardlint.findings import Place, Step
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.frames import FileState, Frame
from cardlint.inference.domain.objects import BOTTOM, Function, LibraryPath, Objects
from cardlint.inference.limits import MAX_IMPORT_DEPTH, MAX_NAMES, MAX_START_CALLS, RECEIVER_STEPS
from cardlint.inference.program import EnvironmentWrite
from cardlint.ir.model import FunctionIR
from cardlint.ir.terms import AnyTerm, Attr, Call, Const, Dict, Import, Item, Refine, SetItem, Update, Use
from cardlint.knowledge import conventions, processes

STARTING = conventions.names(processes.PROCESS_STARTS)
FORGETTING = conventions.names(processes.FORGETTING)


LAST_LINE = 1 << 31
"""A line behind all lines of a file."""


class EnvironmentCollector:
    """Collects the writes of these variables, and the signs of multiprocess mode, in all files that name one of them."""

    def __init__(self, ev: Evaluator) -> None:
        self.ev = ev
        self.clients = ev.library.clients
        self.writes: list[EnvironmentWrite] = []
        self.evidence: list[Step] = []
        self.loads_client: dict[str, bool] = {}
        self._imports: dict[tuple[str, int], list[Import]] = {}
        """the imports of each function, by its file"""
        self._last_start: dict[tuple[Frame, int], int] = {}
        """the last line of each function that starts a process, by the depth of the question; -1 for none"""

    def file(self, state: FileState) -> None:
        """Collect all records of one file."""
        for name in sorted(self.clients.variables):
            state.ir.reveal(name)
        for ir in list(state.ir.functions):
            if ir.reveal is not None:
                continue
            for store in ir.stores:
                if store.how == "item" and isinstance(store.key, Const) and store.key.value in self.clients.variables:
                    self._write(state, ir, str(store.key.value), store.at, store.base, store.value)
            for definition in ir.defs:
                if isinstance(definition.term, Call):
                    for name in self._written(definition.term, ir):
                        assert isinstance(definition.term.func, Attr)
                        self._write(state, ir, name, definition.term.at, definition.term.func.base)
            if not state.is_test:
                self._signs(state, ir)
        if not state.is_test:
            self._tests(state)

    def _written(self, term: Call, ir: FunctionIR) -> Iterable[str]:
        """List the variables that a call sets: `os.putenv(name, ...)`, `os.environ.update({name: ...})`."""
        if not isinstance(term.func, Attr) or term.func.name not in ("putenv", "update"):
            return
        keys = [name for name, _ in term.kwargs]
        for argument in term.args[:1]:
            given = ir.defs[argument.index].term if isinstance(argument, Use) else argument
            terms = [key for key, _ in given.entries] if isinstance(given, Dict) else [given]
            keys.extend(key.value for key in terms if isinstance(key, Const) and isinstance(key.value, str))
        yield from (name for name in keys if name in self.clients.variables)

    # signs of multiprocess mode -----------------------------------------------------------------------------------

    def _signs(self, state: FileState, ir: FunctionIR) -> None:
        """Collect what a function or class says: a call or an item with the name of the variable, a name for it, a field of settings."""
        for definition in ir.defs:
            term = definition.term
            if isinstance(term, (Call, Item)):
                key = term.key if isinstance(term, Item) else term.args[0] if term.args else None
                forgets = isinstance(term, Call) and getattr(term.func, "name", "") in FORGETTING
                if isinstance(key, Const) and not forgets:
                    self._sign(state.place(term.at), key.value, "is read here")
            elif isinstance(term, Const) and definition.name and ir.kind in ("module", "class"):
                self._sign(state.place(term.at), term.value, "is named here")
        if ir.kind == "class":
            for name, annotation in ir.annotations.items():
                self._sign(state.place(annotation.at), name, "is a setting here")

    def _tests(self, state: FileState) -> None:
        """Collect `"NAME" in os.environ`, unless the file takes the variable away."""
        text = state.ir.text
        for name in self.clients.multiprocess_variables:
            if f'del os.environ["{name}"]' in text:
                continue
            line = counted = 0
            for found in TESTED_IN.of(names=[name]).finditer(text):
                line, counted = line + text.count("\n", counted, found.start(1)), found.start(1)
                column = counted - (text.rfind("\n", 0, counted) + 1) + 1
                self._sign(state.place((line + 1, column, line + 1, column + len(found[1]))), name, "is read here")

    def _sign(self, place: Place, name: object, what: str) -> None:
        variable = self.clients.multiprocess_variables.get(name) if isinstance(name, str) else None
        if variable is not None:
            self.evidence.append(Step(place, f"{variable} {what}"))

    # writes -------------------------------------------------------------------------------------------------------

    def _eval(self, term: AnyTerm, frame: Frame) -> Objects:
        return self.ev.ask(lambda: self.ev.eval(term, frame), BOTTOM, frame, term.at, RECEIVER_STEPS)

    def _write(
        self, state: FileState, ir: FunctionIR, name: str, at: tuple[int, int, int, int], base: AnyTerm, value: AnyTerm | None = None
    ) -> None:
        frame = state.frame(ir.index)
        if not any(isinstance(o, LibraryPath) and o.path.startswith("os") and not _is_copy(base, ir) for o in self._eval(base, frame)):
            return
        read = self._read_before(state, ir, at[0])
        late = read is not None and not self._is_spelling(value, ir) and not self._starts_process(frame, at[0], 0)
        after = state.place(read.at) if read is not None and late else None
        self.writes.append(EnvironmentWrite(name, state.place(at), after, state.is_test, ir.kind == "function"))
        if name in self.clients.multiprocess_variables and not state.is_test:
            self.evidence.append(Step(state.place(at), f"{name} is set here"))

    def _is_spelling(self, value: AnyTerm | None, ir: FunctionIR) -> bool:
        """Tell whether a value is that of another spelling of the variable, which the client has read: `os.environ["name"]`."""
        while isinstance(value, Use):
            value = ir.defs[value.index].term
        key = value.key if isinstance(value, Item) else value.args[0] if isinstance(value, Call) and value.args else None
        return isinstance(key, Const) and key.value in self.clients.multiprocess_variables

    def _read_before(self, state: FileState, ir: FunctionIR, line: int) -> Import | None:
        """Return the import that loads the client before a line runs.

        A function runs after the imports around it, unless code of its module calls it above them.
        """
        found = self._loading(state, ir, line)
        outer = ir
        while found is None and outer.parent >= 0:
            inner, outer = outer, state.ir.functions[outer.parent]
            line = self._first_run(inner, outer) if inner.kind == "function" else line
            found = self._loading(state, outer, line)
        return found

    def _first_run(self, ir: FunctionIR, around: FunctionIR) -> int:
        """Return the line of the first call of a function in the body around it; it runs after all of them where there is none."""
        if around.kind == "class":
            return ir.at[0]
        calls = (d.term for d in around.defs if isinstance(d.term, Call))
        return min((call.at[0] for call in calls if _named(call.func, around) == ir.name), default=LAST_LINE)

    def _loading(self, state: FileState, ir: FunctionIR, line: int) -> Import | None:
        key = (state.path, ir.index)
        if key not in self._imports:
            self._imports[key] = [d.term for d in ir.defs if isinstance(d.term, Import)]
        return next((term for term in self._imports[key] if term.at[0] < line and self._imports_client(state, term)), None)

    def _starts_process(self, frame: Frame, line: int, depth: int) -> bool:
        """Tell whether a function starts a process after a line: the process gets the environment as it is then."""
        key = (frame, depth)
        if key not in self._last_start:
            self._last_start[key] = -1  # a function that calls itself
            calls = [d.term for d in frame.ir.defs if isinstance(d.term, Call)]
            calls.sort(key=lambda call: -call.at[0])
            self._last_start[key] = next((call.at[0] for call in calls if self._is_start(call, frame, depth)), -1)
        return line <= self._last_start[key]

    def _is_start(self, call: Call, frame: Frame, depth: int) -> bool:
        """Tell whether a call starts a process, itself or in the function that it calls."""
        return any(
            (isinstance(obj, LibraryPath) and obj.path.rpartition(".")[2] in STARTING)
            or (isinstance(obj, Function) and depth < MAX_START_CALLS and self._starts_process(obj.file.frame(obj.ir.index), 0, depth + 1))
            for obj in self._eval(call.func, frame)
        )

    def _imports_client(self, state: FileState, term: Import, depth: int = 0) -> bool:
        """Tell whether an import loads a client: itself, through a package that imports one, or through an analysed module."""
        package = term.module.partition(".")[0]
        if package in self.clients.packages or package in self.clients.importing or term.module in self.clients.importing:
            return True
        path = self.ev.modules.find(term.module, state).path
        if path is None or depth > MAX_IMPORT_DEPTH:
            return False
        known = self.loads_client.get(path)
        if known is None:
            self.loads_client[path] = False
            other = self.ev.modules.state(path)
            imports = [d.term for d in other.ir.functions[0].defs if isinstance(d.term, Import)] if other is not None else []
            known = self.loads_client[path] = other is not None and any(self._imports_client(other, i, depth + 1) for i in imports)
        return known


def _is_copy(base: AnyTerm, ir: FunctionIR) -> bool:
    """Tell whether what a variable is set in is the result of a call: `os.environ.copy()`, `dict(os.environ)`."""
    for _ in range(MAX_NAMES):
        if isinstance(base, Use):
            base = ir.defs[base.index].term
        elif isinstance(base, (SetItem, Update, Refine)):
            base = base.base
        else:
            break
    return isinstance(base, (Call, Dict))


def _named(term: AnyTerm, ir: FunctionIR) -> str:
    """Return the name that a term is written with, '' for none."""
    return ir.defs[term.index].name if isinstance(term, Use) else getattr(term, "name", "")
