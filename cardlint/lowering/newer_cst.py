"""The libcst transformer behind `newer`: drops type parameters, rewrites `type X = ...` and nested quotes.

It is a module of its own so that libcst is imported only for the few files that need it.
"""

from __future__ import annotations

import libcst as cst


class Older(cst.CSTTransformer):
    """Rewrites the grammar of Python 3.12 and later; `version` is the newest one whose syntax occurs."""

    def __init__(self) -> None:
        super().__init__()
        self.version = ""
        self.depth = 0

    def _met(self, version: str) -> None:
        self.version = max(self.version, version)

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
        """Drop `[T]` of a generic function: type parameters carry no values."""
        if updated_node.type_parameters is None:
            return updated_node
        self._met("3.12")
        return updated_node.with_changes(type_parameters=None)

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> cst.ClassDef:
        """Drop `[T]` of a generic class."""
        if updated_node.type_parameters is None:
            return updated_node
        self._met("3.12")
        return updated_node.with_changes(type_parameters=None)

    def leave_TypeAlias(self, original_node: cst.TypeAlias, updated_node: cst.TypeAlias) -> cst.Assign:
        """Turn `type X = T` into the assignment `X = T`."""
        self._met("3.12")
        return cst.Assign(targets=[cst.AssignTarget(updated_node.name)], value=updated_node.value)

    def visit_FormattedStringExpression(self, node: cst.FormattedStringExpression) -> None:
        """Remember that the children are inside of an f-string."""
        self.depth += 1

    def leave_FormattedStringExpression(
        self, original_node: cst.FormattedStringExpression, updated_node: cst.FormattedStringExpression
    ) -> cst.FormattedStringExpression:
        """Leave the f-string's expression."""
        self.depth -= 1
        return updated_node

    def leave_FormattedString(self, original_node: cst.FormattedString, updated_node: cst.FormattedString) -> cst.BaseExpression:
        """Give an f-string with reused quotes triple quotes, which older grammar accepts around the others."""
        quote = updated_node.end
        if self.depth or len(quote) == 3:
            return updated_node
        holder = cst.Module([])
        inner = "".join(
            holder.code_for_node(part.expression) for part in updated_node.parts if isinstance(part, cst.FormattedStringExpression)
        )
        if quote not in inner and "\\" not in inner:
            return updated_node
        self._met("3.12")
        for triple in ('"""', "'''"):
            if triple not in inner and "\\" not in inner and not _ends_with(updated_node, triple[0]):
                return updated_node.with_changes(start=updated_node.start[: -len(quote)] + triple, end=triple)
        return updated_node


def _ends_with(node: cst.FormattedString, quote: str) -> bool:
    last = node.parts[-1] if node.parts else None
    return isinstance(last, cst.FormattedStringText) and last.value.endswith(quote)
