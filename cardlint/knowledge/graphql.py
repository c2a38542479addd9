"""GraphQL servers: the arguments of a resolver about its query."""

from __future__ import annotations

from cardlint.knowledge.rows import bounded, client
from cardlint.knowledge.schema import Library

INFO = "graphql.GraphQLResolveInfo"

LIBRARY = Library(
    packages=("graphql", "strawberry", "graphene", "ariadne"),
    rows=(
        *client(
            20,
            "operation",
            "the name the client gave its operation",
            INFO + ".operation.name.value",
            INFO + ".operation.name",
            INFO + ".operation_name",
            advice='the name when it is one you know, else "other"',
        ),
        *bounded(3, "operation-type", "kind of an operation", INFO + ".operation.operation.value", INFO + ".operation.operation"),
        *bounded(50, "code-name", "a name from the schema", INFO + ".field_name", INFO + ".parent_type.name", INFO + ".python_name"),
    ),
    aliases=(
        ("graphql.type.GraphQLResolveInfo", INFO),
        ("graphql.type.definition.GraphQLResolveInfo", INFO),
        ("strawberry.Info", INFO),
        ("strawberry.types.Info", INFO),
        ("graphene.ResolveInfo", INFO),
    ),
)
