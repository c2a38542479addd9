"""The tables of handlers: which function evaluates which kind of term, object, test, transfer and library function.

This is the only module that knows all handlers. A table that misses a kind of object fails a test, not a run.
"""

from __future__ import annotations

from types import MappingProxyType

from cardlint.inference.core.protocol import Frameworks
from cardlint.inference.core.semantics import Semantics
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.objects import (
    AttributeBag,
    ClassObject,
    ContextVariable,
    EnumMember,
    Function,
    Instance,
    LibraryPath,
    Method,
    MetricObject,
    Module,
    OpaqueCallable,
    Package,
    Partial,
    Regex,
    Super,
    TypeExpr,
    TypeOfObject,
)
from cardlint.inference.domain.value_sets import ValueSet
from cardlint.inference.frameworks import handlers
from cardlint.inference.language import (
    attributes,
    calls,
    class_attributes,
    containers,
    definitions,
    formatting,
    intervals,
    mutations,
    names,
    narrowing,
    operators,
    parameters,
    simple_terms,
    slices,
    to_text,
    validators,
)
from cardlint.inference.language.intervals import PASSES
from cardlint.inference.models import contextvars, datetime, methods, re, transfers, urllib, validation
from cardlint.inference.models.builtins import BUILTIN_CALLS
from cardlint.inference.prometheus import constructors, user_rows
from cardlint.ir.terms import (
    Append,
    Attr,
    Call,
    Choice,
    ClassDef,
    Comp,
    Const,
    DelItem,
    Dict,
    EnterContext,
    FreeVar,
    FunctionDef,
    Import,
    Item,
    Iterate,
    Op,
    Opaque,
    Param,
    Refine,
    Seq,
    SetItem,
    Slice,
    Star,
    Text,
    Update,
)

SEMANTICS = Semantics(
    terms=MappingProxyType(
        {
            Const: simple_terms.const,
            FreeVar: names.outer,
            Import: names.imported,
            Param: parameters.param,
            Attr: attributes.attribute,
            Item: containers.item,
            Slice: slices.sliced,
            Iterate: containers.element,
            EnterContext: containers.entered,
            Star: simple_terms.star,
            Call: calls.call,
            Text: formatting.text,
            Op: operators.operator,
            Choice: simple_terms.choice,
            Dict: containers.mapping,
            Seq: containers.sequence,
            Comp: containers.comprehension,
            SetItem: mutations.put,
            Update: mutations.merged,
            Append: mutations.grown,
            DelItem: mutations.dropped,
            Refine: narrowing.narrow,
            FunctionDef: simple_terms.function,
            ClassDef: simple_terms.class_object,
            Opaque: simple_terms.opaque,
        }
    ),
    calls=MappingProxyType(
        {
            Function: user_rows.call_function,
            ClassObject: user_rows.construct,
            LibraryPath: user_rows.call_library,
            Method: methods.call_method,
            Partial: calls.call_partial,
            Instance: calls.call_instance,
            OpaqueCallable: calls.call_declared,
            TypeOfObject: calls.call_type_of,
            ValueSet: calls.call_value,
            **dict.fromkeys(
                (AttributeBag, Regex, TypeExpr, ContextVariable, Module, Package, EnumMember, MetricObject, Mapping, Sequence, Super),
                calls.call_anything,
            ),
        }
    ),
    methods=MappingProxyType(
        {
            Mapping: methods.of_mapping,
            Sequence: methods.of_sequence,
            Instance: methods.of_instance,
            ClassObject: validation.made,
            ContextVariable: contextvars.method,
            Regex: re.method,
            EnumMember: methods.of_member,
            ValueSet: methods.of_value,
            Function: methods.of_function,
            MetricObject: constructors.method,
            **dict.fromkeys(
                (AttributeBag, TypeExpr, OpaqueCallable, Module, Package, LibraryPath, TypeOfObject, Method, Partial, Super),
                methods.of_anything,
            ),
        }
    ),
    attributes=MappingProxyType(
        {
            Instance: attributes.of_instance,
            LibraryPath: attributes.of_library,
            Module: attributes.of_module,
            Package: attributes.of_package,
            ClassObject: attributes.of_class,
            EnumMember: attributes.of_member,
            TypeOfObject: attributes.of_type_of,
            Function: attributes.of_function,
            ValueSet: attributes.of_value,
            Super: attributes.of_super,
            Sequence: attributes.of_sequence,
            Mapping: attributes.of_mapping,
            MetricObject: attributes.method_of,
            ContextVariable: attributes.method_of,
            Partial: attributes.of_partial,
            AttributeBag: attributes.of_record,
            TypeExpr: attributes.of_hint,
            Regex: re.attribute,
            Method: attributes.of_method,
            OpaqueCallable: attributes.of_anything,
        }
    ),
    items=MappingProxyType(
        {
            Mapping: containers.item_of_mapping,
            Sequence: containers.item_of_sequence,
            Regex: re.item,
            LibraryPath: containers.item_of_library,
            ClassObject: containers.item_of_class,
            Instance: containers.item_of_instance,
            ValueSet: containers.item_of_value,
            **dict.fromkeys(
                (
                    AttributeBag,
                    TypeExpr,
                    OpaqueCallable,
                    ContextVariable,
                    Module,
                    Package,
                    Function,
                    EnumMember,
                    TypeOfObject,
                    MetricObject,
                    Method,
                    Partial,
                    Super,
                ),
                containers.item_of_anything,
            ),
        }
    ),
    iteration=MappingProxyType(
        {
            Sequence: containers.element_of_sequence,
            Mapping: containers.element_of_mapping,
            LibraryPath: containers.element_of_library,
            ClassObject: containers.element_of_class,
            ValueSet: containers.element_of_value,
            Instance: containers.element_of_instance,
            **dict.fromkeys(
                (
                    AttributeBag,
                    Regex,
                    TypeExpr,
                    OpaqueCallable,
                    ContextVariable,
                    Module,
                    Package,
                    Function,
                    EnumMember,
                    TypeOfObject,
                    MetricObject,
                    Method,
                    Partial,
                    Super,
                ),
                containers.element_of_anything,
            ),
        }
    ),
    texts=MappingProxyType(
        {
            ValueSet: to_text.of_value,
            LibraryPath: to_text.of_library,
            EnumMember: to_text.of_member,
            Instance: to_text.of_instance,
            TypeOfObject: to_text.of_type,
            ClassObject: to_text.of_class,
            Module: to_text.of_module,
            Function: to_text.of_function,
            Sequence: to_text.of_sequence,
            Mapping: to_text.of_mapping,
            Method: to_text.of_method,
            **dict.fromkeys(
                (AttributeBag, Regex, TypeExpr, OpaqueCallable, ContextVariable, Package, MetricObject, Partial, Super),
                to_text.of_anything,
            ),
        }
    ),
    predicates=MappingProxyType(
        {
            "truthy": narrowing.truthy,
            "or": narrowing.truthy,
            "falsy": narrowing.falsy,
            "callable": narrowing.can_be_called,
            "not-callable": narrowing.cannot_be_called,
            "in": narrowing.is_in,
            "not-in": narrowing.not_in,
            "eq": narrowing.equal,
            "not-eq": narrowing.not_equal,
            "isinstance": narrowing.is_instance,
            "cap": narrowing.admitted,
            "room": narrowing.unchanged,
            "key": narrowing.is_key,
            "matches": re.matched,
            "checked": validators.passed,
            "paired": narrowing.paired,
            "unpaired": narrowing.paired,
            **dict.fromkeys(PASSES, intervals.narrowed),
        }
    ),
    transfers=MappingProxyType(
        {
            "fixed": transfers.fixed,
            "columns": transfers.tuples,
            "records": transfers.records,
            "typed": validation.typed,
            "same": transfers.same,
            "arg": transfers.argument,
            "rewritten": transfers.rewrite,
            "pieces": transfers.pieces,
            "query": transfers.query,
            "attribute": transfers.attribute,
            "joined": transfers.joined,
            "element": transfers.element,
            "choice": transfers.element,
            "best": transfers.best,
            "result": transfers.result,
            "call": transfers.result,
            "int-range": transfers.int_range,
            "dependency": handlers.passed,
            "url-parts": urllib.split,
            "route-url": urllib.of_route,
            "strftime": datetime.formatted,
            "bins": transfers.bins,
            "halves": transfers.halves,
            "kept": transfers.kept,
            "whole": transfers.whole,
            "length": transfers.length,
            "modulo": transfers.modulo,
            "parsed": transfers.parsed,
            "loaded": transfers.loaded,
            "parse": transfers.parse,
        }
    ),
    functions=MappingProxyType(BUILTIN_CALLS),
    frameworks=Frameworks(handlers.parameter, handlers.body_model, handlers.by_name),
    definition=definitions.define,
    class_attribute=class_attributes.class_attribute,
)
"""The handlers of every evaluator."""
