"""How Stash writes a GraphQL input into a hook's document (docs/facts/stash.md section 2, "Input key styles").

Hand-written Go structs give every key, unset ones null, in the order of the struct; inputs that gqlgen generated leave out
what is null or an empty list and keep the order of the schema.
"""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLSchema, get_named_type, is_list_type, is_non_null_type

_SCENE = (
    "clientMutationId id title code details director url urls date rating100 o_counter organized studio_id gallery_ids "
    "performer_ids movies groups tag_ids cover_image stash_ids resume_time play_duration play_count primary_file_id"
)
_PERFORMER = (
    "name disambiguation url urls gender birthdate ethnicity country eye_color height height_cm measurements fake_tits "
    "penis_length circumcised career_length tattoos piercings aliases alias_list twitter instagram favorite tag_ids image "
    "stash_ids rating100 details death_date hair_color weight ignore_auto_tag custom_fields"
)
_STUDIO = "name url urls parent_id image stash_ids rating100 favorite details aliases tag_ids ignore_auto_tag"
# Struct keys that no longer are in the schema, and are always null.
_RETIRED = frozenset({"height", "aliases"})
STRUCTS = {
    "SceneUpdateInput": _SCENE.split(),
    "PerformerCreateInput": _PERFORMER.split(),
    "PerformerUpdateInput": ["id", *_PERFORMER.split()],
    "StudioCreateInput": _STUDIO.split(),
    "StudioUpdateInput": ["id", *_STUDIO.split()],
    "SceneGroupInput": ["group_id", "scene_index"],
    "SceneMovieInput": ["movie_id", "scene_index"],
    "StashIDInput": ["stash_id", "endpoint", "updated_at"],
    "CustomFieldsInput": ["full", "partial", "remove"],
    "BulkUpdateIds": ["ids", "mode"],
    "BulkUpdateStrings": ["values", "mode"],
}
# Structs inside structs by value: there even when the key was not sent.
_BY_VALUE = {"PerformerUpdateInput": {"custom_fields": "CustomFieldsInput"}}


class InputForm:
    """Bound to a schema: a key that the version does not know is not written."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema

    def write(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        kind = self._schema.type_map.get(name)
        if not isinstance(kind, GraphQLInputObjectType):
            return given
        form: Callable[[GraphQLInputObjectType, dict[str, Any]], dict[str, Any]]
        form = self._struct if name in STRUCTS else self._generated
        return form(kind, given)

    def _struct(self, kind: GraphQLInputObjectType, given: dict[str, Any]) -> dict[str, Any]:
        written: dict[str, Any] = {}
        for key in STRUCTS[kind.name]:
            if key not in kind.fields:
                if key in _RETIRED:
                    written[key] = None
                continue
            inner = _BY_VALUE.get(kind.name, {}).get(key)
            value = given.get(key)
            if inner is not None and value is None:
                value = {}
            written[key] = self._value(kind, key, value)
        return written

    def _generated(self, kind: GraphQLInputObjectType, given: dict[str, Any]) -> dict[str, Any]:
        written = {}
        for key, field in kind.fields.items():
            value = given.get(key)
            is_empty = value is None or (is_list_type(field.type) and not value)
            if is_non_null_type(field.type) or not is_empty:
                written[key] = self._value(kind, key, value)
        return written

    def _value(self, kind: GraphQLInputObjectType, key: str, value: Any) -> Any:
        name = get_named_type(kind.fields[key].type).name
        if isinstance(value, list):
            return [self.write(name, each) if isinstance(each, dict) else each for each in value]
        return self.write(name, value) if isinstance(value, dict) else value
