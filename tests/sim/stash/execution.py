"""Runs a checked query: compiles its selections into closures once, then walks the records with them.

graphql-core parses, validates and coerces; its own executor is ten times slower than a page of 1 000 scenes allows.
A failure anywhere below a field of the root makes that field null (all of `data`, where the field may not be null).
"""

from collections.abc import Callable
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLIncludeDirective,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLSkipDirective,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    execute_sync,
    get_directive_values,
    is_abstract_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    print_ast,
)
from graphql.execution.values import get_argument_values, get_variable_values

from tests.sim.stash.gojson import normalise
from tests.sim.stash.schema import QueryRefused

Resolver = Callable[[Any, Any, dict[str, Any]], Any]
Complete = Callable[[Any], Any]
Resolvers = dict[str, dict[str, Resolver]]
_introspections: dict[str, Any] = {}


class QueryFailed(Exception):
    """A resolver's answer is an error; the text is what Stash's GraphQL answer says."""


def select_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """Raises QueryRefused."""
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    for operation in operations:
        if not name or (operation.name and operation.name.value == name):
            return operation
    raise QueryRefused([{"message": f"operation {name} not found"}])


def coerce_variables(
    schema: GraphQLSchema, operation: OperationDefinitionNode, given: dict[str, Any]
) -> dict[str, Any]:
    """Raises QueryRefused in the form of gqlparser: no place in the query, but the variable as the path."""
    values = get_variable_values(schema, list(operation.variable_definitions), given)
    if isinstance(values, dict):
        return values
    raise QueryRefused([_variable_error(error, given) for error in values])


def _variable_error(error: GraphQLError, given: dict[str, Any]) -> dict[str, Any]:
    name = error.message.partition("'$")[2].partition("'")[0].partition(".")[0]
    message = error.message if name in given else "must be defined"
    return {
        "message": message,
        "path": ["variable", name],
        "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
    }


class Execution:
    """One run of one operation; `caller` is handed to every resolver."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: dict[str, Any],
        resolvers: Resolvers,
        caller: Any,
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._variables = variables
        self._resolvers = resolvers
        self._caller = caller
        self._fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }

    def run(self) -> dict[str, Any]:
        """{"data"} or {"errors", "data"}, in this order."""
        root = self._schema.get_root_type(self._operation.operation)
        assert root is not None
        data: dict[str, Any] | None = {}
        errors: list[dict[str, Any]] = []
        for key, nodes in self._collect(root, [self._operation.selection_set]).items():
            try:
                value = self._root_field(root, nodes)
            except QueryFailed as error:
                errors.append({"message": str(error), "path": [key]})
                value = None
                if is_non_null_type(root.fields[nodes[0].name.value].type):
                    data = None
            if data is not None:
                data[key] = value
        return {"errors": errors, "data": data} if errors else {"data": data}

    def _root_field(self, root: GraphQLObjectType, nodes: list[FieldNode]) -> Any:
        name = nodes[0].name.value
        if name == "__typename":
            return root.name
        if name.startswith("__"):
            return self._introspect(nodes[0])
        resolver = self._resolvers[root.name].get(name)
        if resolver is None:
            raise QueryFailed(f"the simulator does not know {root.name}.{name}")
        field = root.fields[name]
        # Compiled first: a mutation must not be carried out when its answer cannot be given.
        complete = self._complete(field.type, nodes)
        return complete(resolver(self._caller, None, get_argument_values(field, nodes[0], self._variables)))

    def _introspect(self, node: FieldNode) -> Any:
        """Answered by graphql-core, once per process: the whole schema takes it a second."""
        operation = OperationDefinitionNode(
            operation=self._operation.operation,
            variable_definitions=self._operation.variable_definitions,
            directives=(),
            selection_set=SelectionSetNode(selections=(node,)),
        )
        document = DocumentNode(definitions=(operation, *self._fragments.values()))
        key = f"{id(self._schema)} {print_ast(document)} {self._variables}"
        if key not in _introspections:
            result = execute_sync(self._schema, document, variable_values=self._variables)
            _introspections[key] = result.data
        return next(iter(_introspections[key].values()))

    def _collect(
        self, kind: GraphQLObjectType, sets: list[SelectionSetNode | None]
    ) -> dict[str, list[FieldNode]]:
        found: dict[str, list[FieldNode]] = {}
        for selections in sets:
            for node in selections.selections if selections else ():
                self._collect_node(kind, node, found)
        return found

    def _collect_node(
        self, kind: GraphQLObjectType, node: SelectionNode, found: dict[str, list[FieldNode]]
    ) -> None:
        if not self._is_wanted(node):
            return
        if isinstance(node, FieldNode):
            key = node.alias.value if node.alias else node.name.value
            found.setdefault(key, []).append(node)
            return
        if isinstance(node, FragmentSpreadNode):
            fragment: FragmentDefinitionNode | InlineFragmentNode = self._fragments[node.name.value]
        else:
            assert isinstance(node, InlineFragmentNode)
            fragment = node
        if self._applies(fragment, kind):
            for inner in fragment.selection_set.selections:
                self._collect_node(kind, inner, found)

    def _is_wanted(self, node: SelectionNode) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, node, self._variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self._variables)
        return not (skip and skip["if"]) and not (include and not include["if"])

    def _applies(
        self, fragment: FragmentDefinitionNode | InlineFragmentNode, kind: GraphQLObjectType
    ) -> bool:
        if fragment.type_condition is None or fragment.type_condition.name.value == kind.name:
            return True
        condition = self._schema.type_map[fragment.type_condition.name.value]
        if not isinstance(condition, GraphQLInterfaceType | GraphQLUnionType):
            return False
        return self._schema.is_sub_type(condition, kind)

    def _complete(self, kind: GraphQLOutputType, nodes: list[FieldNode]) -> Complete:
        """A function from what a resolver gave to what the answer holds."""
        if is_non_null_type(kind):
            assert isinstance(kind, GraphQLNonNull)
            return _required(self._complete_value(kind.of_type, nodes), nodes[0].name.value)
        return _optional(self._complete_value(kind, nodes))

    def _complete_value(self, kind: Any, nodes: list[FieldNode]) -> Complete:
        if is_list_type(kind):
            one = self._complete(kind.of_type, nodes)
            return lambda values: [one(value) for value in values]
        if is_object_type(kind):
            return self._complete_object(kind, nodes)
        if is_abstract_type(kind):
            return lambda record: self._complete_object(self._schema.type_map[record["__typename"]], nodes)(
                record
            )
        return _LEAVES.get(kind.name, _same)

    def _complete_object(self, kind: Any, nodes: list[FieldNode]) -> Complete:
        fields = self._collect(kind, [node.selection_set for node in nodes])
        steps = [self._compile_field(kind, key, each) for key, each in fields.items()]
        return lambda record: {key: read(record) for key, read in steps}

    def _compile_field(
        self, kind: GraphQLObjectType, key: str, nodes: list[FieldNode]
    ) -> tuple[str, Complete]:
        name = nodes[0].name.value
        if name == "__typename":
            return key, lambda _record: kind.name
        field = kind.fields[name]
        complete = self._complete(field.type, nodes)
        resolver = self._resolvers.get(kind.name, {}).get(name)
        if resolver is None:
            return key, lambda record: complete(record.get(name))
        caller, arguments = self._caller, get_argument_values(field, nodes[0], self._variables)
        return key, lambda record: complete(resolver(caller, record, arguments))


def _required(complete: Complete, name: str) -> Complete:
    def read(value: Any) -> Any:
        if value is None:
            raise QueryFailed(f"must not be null: {name}")
        return complete(value)

    return read


def _optional(complete: Complete) -> Complete:
    return lambda value: None if value is None else complete(value)


def _same(value: Any) -> Any:
    return value


_LEAVES: dict[str, Complete] = {
    "ID": str,
    "Float": normalise,
    "Any": lambda value: normalise(value, ordered=True),
    "Map": lambda value: normalise(value, ordered=True),
    "PluginConfigMap": lambda value: normalise(value, ordered=True),
}
