"""GraphQL servers: the arguments of a resolver about its query."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, client, leads, unbounded
from cardlint.knowledge.schema import Library, Route, Shape

INFO = "graphql.GraphQLResolveInfo"
EXTENSION = "strawberry.extensions.SchemaExtension"
CONTEXT = f"{EXTENSION}.execution_context"
"""What an extension of Strawberry knows of the operation (Strawberry, Custom extensions: Execution Context)."""
RESOLVER, FIELDS = "strawberry.", tuple(kind + called for kind in ("field", "mutation", "subscription") for called in ("()", ""))
"""Decorators of resolvers, whose parameters are the arguments of the field (Strawberry, Resolvers: Defining arguments)."""
DEFINITION = "graphql.OperationDefinitionNode"
ARIADNE = ("ariadne.QueryType", "ariadne.MutationType", "ariadne.SubscriptionType", "ariadne.ObjectType")
EXTENSIONS = ("ariadne.types.Extension", "ariadne.types.ExtensionSync", "ariadne.types.ExtensionAsync")
MIDDLEWARE = ("next", "root", "info")
"""The parameters of middleware (Graphene, Middleware; GraphQL-core, MiddlewareManager)."""

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
            DEFINITION + ".name.value",
            advice='the name when it is one you know, else "other"',
        ),
        *unbounded("identity", "an id that the client sends", "strawberry.ID", advice=LOG),
        *unbounded("body", "the query of the client", *below(CONTEXT, ".query", ".variables"), advice=LOG),
        *bounded(
            3,
            "operation-type",
            "kind of an operation",
            *below(CONTEXT, ".operation_type", ".operation_type.value", ".operation_type.name"),
        ),
        *bounded(3, "operation-type", "kind of an operation", INFO + ".operation.operation.value", INFO + ".operation.operation"),
        *bounded(3, "operation-type", "kind of an operation", DEFINITION + ".operation.value", DEFINITION + ".operation"),
        *leads(
            ("graphql.parse().definitions[*]", DEFINITION),
            ("graphql.parse().definitions[0]", DEFINITION),
            ("graphql.get_operation_ast()", DEFINITION),
        ),
        *bounded(50, "code-name", "a name from the schema", INFO + ".field_name", INFO + ".parent_type.name", INFO + ".python_name"),
    ),
    shapes=(
        Shape("graphql", (("info", INFO),), base="graphene.ObjectType", method="resolve_*"),
        Shape("graphql", (("info", INFO),), base="graphene.Mutation", method="mutate"),
        *(Shape("graphql", (("info", INFO),), decorator=f"{RESOLVER}{kind}") for kind in FIELDS),
        Shape("graphql", (("info", INFO),), signature=MIDDLEWARE),
        *(Shape("graphql", (("info", INFO),), base=base, method="resolve") for base in EXTENSIONS),
        *(Shape("graphql", (("info", INFO), ("#1", INFO)), decorator=f"{made}.field()") for made in ARIADNE),
    ),
    routes=tuple(Route("strawberry", f"{RESOLVER}{kind}", validates="annotations", others="query") for kind in FIELDS),
    aliases=(
        ("strawberry.types.ExecutionContext", CONTEXT),
        ("graphql.language.OperationDefinitionNode", DEFINITION),
        ("graphql.language.parse()", "graphql.parse()"),
        ("graphene.types.ResolveInfo", INFO),
        ("strawberry.extensions.Extension", EXTENSION),
        ("strawberry.extensions.base_extension.SchemaExtension", EXTENSION),
        ("graphql.type.GraphQLResolveInfo", INFO),
        ("graphql.type.definition.GraphQLResolveInfo", INFO),
        ("strawberry.Info", INFO),
        ("strawberry.types.Info", INFO),
        ("graphene.ResolveInfo", INFO),
    ),
)
"""GraphQL-core 3, `type/definition.py` and `language/ast.py`; Strawberry 0.3, Custom extensions; Graphene, Resolvers; Ariadne 1, Resolvers
and Extension."""
