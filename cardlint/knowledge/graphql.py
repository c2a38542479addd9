"""GraphQL servers: the arguments of a resolver about its query."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, client, unbounded
from cardlint.knowledge.schema import Library

INFO = "graphql.GraphQLResolveInfo"
EXTENSION = "strawberry.extensions.SchemaExtension"
CONTEXT = f"{EXTENSION}.execution_context"
"""What an extension of Strawberry knows of the operation (Strawberry, Custom extensions: Execution Context)."""

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
            CONTEXT + ".operation_name",
            advice='the name when it is one you know, else "other"',
        ),
        *unbounded("body", "the query of the client", *below(CONTEXT, ".query", ".variables"), advice=LOG),
        *bounded(
            3,
            "operation-type",
            "kind of an operation",
            *below(CONTEXT, ".operation_type", ".operation_type.value", ".operation_type.name"),
        ),
        *bounded(3, "operation-type", "kind of an operation", INFO + ".operation.operation.value", INFO + ".operation.operation"),
        *bounded(50, "code-name", "a name from the schema", INFO + ".field_name", INFO + ".parent_type.name", INFO + ".python_name"),
    ),
    aliases=(
        ("strawberry.extensions.Extension", EXTENSION),
        ("strawberry.extensions.base_extension.SchemaExtension", EXTENSION),
        ("graphql.type.GraphQLResolveInfo", INFO),
        ("graphql.type.definition.GraphQLResolveInfo", INFO),
        ("strawberry.Info", INFO),
        ("strawberry.types.Info", INFO),
        ("graphene.ResolveInfo", INFO),
    ),
)
