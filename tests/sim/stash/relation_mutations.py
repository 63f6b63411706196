"""The fields of Mutation that change performers, studios, tags and groups, with their hooks. Groups fire Movie hooks as well."""

from typing import Any

from tests.sim.stash.criteria import to_id
from tests.sim.stash.edits import Editor, combine
from tests.sim.stash.execution import QueryFailed, Resolver
from tests.sim.stash.installation import Context
from tests.sim.stash.records import Record
from tests.sim.stash.runner import Event
from tests.sim.stash.scene_mutations import stop_when_gone

Arguments = dict[str, Any]


class Relation:
    """The mutations of one kind under one name; `name` is "Movie" for the old mutations of groups."""

    def __init__(self, kind: str, name: str) -> None:
        self._kind = kind
        self._name = name
        self._events = ("Group", "Movie") if kind == "group" else (name,)

    def resolvers(self) -> dict[str, Resolver]:
        low = self._name.lower()
        return {
            f"{low}Create": self._create,
            f"{low}Update": self._update,
            f"bulk{self._name}Update": self._bulk_update,
            f"{low}Destroy": self._destroy,
            f"{low}sDestroy": self._destroy_many,
        }

    def _fire(
        self, context: Context, action: str, number: int, given: Any, fields: tuple[str, ...] = ()
    ) -> None:
        for name in self._events:
            context.fire(Event(type=f"{name}.{action}.Post", id=number, given=given, fields=fields))

    def _find(self, context: Context, value: Any) -> Record:
        number = to_id(value)
        record = context.library.get(self._kind, number)
        if record is None:
            raise QueryFailed(f"{self._kind} with id {number} not found")
        return record

    def _check_name(self, context: Context, given: dict[str, Any], number: int | None) -> None:
        name = given.get("name")
        if self._kind not in {"tag", "studio"} or name is None:
            return
        for row in context.library.rows(self._kind):
            if row["name"] == name and row["id"] != number:
                raise QueryFailed(f"{self._kind} with name '{name}' already exists")

    def _create(self, context: Context, _root: None, arguments: Arguments) -> Record:
        given = arguments["input"]
        editor = Editor(context.library, context.stash.version)
        self._check_name(context, given, None)
        changes = editor.prepare(self._kind, given)
        with context.library.lock:
            record = context.library.add(self._kind, {})
            editor.apply(self._kind, record, changes)
            record["updated_at"] = record["created_at"]
        written = context.stash.forms.write(f"{self._name}CreateInput", given)
        self._fire(context, "Create", record["id"], written)
        return record

    def _update(self, context: Context, _root: None, arguments: Arguments) -> Record:
        given = arguments["input"]
        record = self._find(context, given["id"])
        self._check_name(context, given, record["id"])
        editor = Editor(context.library, context.stash.version)
        editor.apply(self._kind, record, editor.prepare(self._kind, given))
        written = context.stash.forms.write(f"{self._name}UpdateInput", given)
        self._fire(context, "Update", record["id"], written, tuple(given))
        stop_when_gone(context)
        return record

    def _bulk_update(self, context: Context, _root: None, arguments: Arguments) -> list[Record]:
        given = arguments["input"]
        records = [self._find(context, number) for number in given.get("ids") or []]
        editor = Editor(context.library, context.stash.version)
        prepared = [(record, editor.prepare_bulk(self._kind, record, given)) for record in records]
        for record, changes in prepared:
            editor.apply(self._kind, record, changes)
        written = context.stash.forms.write(f"Bulk{self._name}UpdateInput", given)
        for record in records:
            self._fire(context, "Update", record["id"], written, tuple(given))
            stop_when_gone(context)
        return records

    def _destroy(self, context: Context, _root: None, arguments: Arguments) -> bool:
        given = arguments["input"]
        number = self._find(context, given["id"])["id"]
        context.library.remove(self._kind, number)
        written = context.stash.forms.write(f"{self._name}DestroyInput", given)
        self._fire(context, "Destroy", number, written)
        return True

    def _destroy_many(self, context: Context, _root: None, arguments: Arguments) -> bool:
        """The input of each hook is the bare list of ids."""
        numbers = [self._find(context, value)["id"] for value in arguments["ids"]]
        for number in numbers:
            context.library.remove(self._kind, number)
        for number in numbers:
            self._fire(context, "Destroy", number, arguments["ids"])
            stop_when_gone(context)
        return True


def _tags_merge(context: Context, _root: None, arguments: Arguments) -> Record:
    """One hook, with the destination's id; none for the tags that are gone."""
    given = arguments["input"]
    library = context.library
    destination = library.get("tag", to_id(given["destination"]))
    if destination is None:
        raise QueryFailed(f"tag with id {given['destination']} not found")
    with library.lock:
        for number in [to_id(value) for value in given["source"]]:
            for kind in ("scene", "performer", "studio", "group", "marker"):
                for row in library.rows(kind):
                    if number in row["tag_ids"]:
                        row["tag_ids"] = combine(row["tag_ids"], [destination["id"]], "ADD")
            library.remove("tag", number)
    written = context.stash.forms.write("TagsMergeInput", given)
    context.fire(Event(type="Tag.Merge.Post", id=destination["id"], given=written))
    return destination


RELATION_MUTATIONS: dict[str, Resolver] = {
    **Relation("performer", "Performer").resolvers(),
    **Relation("studio", "Studio").resolvers(),
    **Relation("tag", "Tag").resolvers(),
    **Relation("group", "Group").resolvers(),
    **Relation("group", "Movie").resolvers(),
    "tagsMerge": _tags_merge,
}
