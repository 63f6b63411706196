"""What a person and Stash itself do in Stash, each drawn by hypothesis. Two of a name are twice as likely."""

import base64
import contextlib
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests.pictures import drawn
from tests.property.sync_drawing import NAMES, SIZES, Drawn

COVERS = [drawn(32, 18, (number, 40, 90), "PNG") for number in (10, 90, 170)]
S_TEXT = st.sampled_from(["", "s one", "s two", "s three"])
S_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "title": S_TEXT,
    "details": S_TEXT,
    "director": st.sampled_from(["", "s dir", "s dir, s other"]),
    "date": st.sampled_from([None, "2021-05-14", "2022"]),
    "rating100": st.sampled_from([None, 20, 50]),
    "studio_id": st.sampled_from([None, 1, 2]),
    "performer_ids": st.lists(st.sampled_from([1, 2, 3]), unique=True, max_size=3),
    "tag_ids": st.lists(st.sampled_from([1, 2, 3]), unique=True, max_size=3),
    "cover_image": st.sampled_from([None, *range(3)]),
    "groups": st.lists(st.sampled_from([1, 2]), unique=True, max_size=2),
    "organized": st.booleans(),
}
KINDS = {"studio": "Studio", "tag": "Tag", "performer": "Performer", "group": "Group"}


def stash_document() -> dict[str, Any]:
    scenes = [
        {"id": number, "title": f"s {name}", "files": [{"path": f"/data/{name}", "size": SIZES[name]}]}
        for number, name in enumerate(NAMES[:3], start=1)
    ]
    return {
        "scenes": scenes,
        "studios": [{"id": 1, "name": "s Studio"}, {"id": 2, "name": "s Child", "parent_id": 1}],
        "performers": [{"id": number, "name": f"s Performer {number}"} for number in (1, 2, 3)],
        "tags": [{"id": number, "name": f"s Tag {number}"} for number in (1, 2, 3)],
        "groups": [{"id": number, "name": f"s Group {number}"} for number in (1, 2)],
    }


class StashChanges(Drawn):
    def _known(self, values: dict[str, Any]) -> dict[str, Any]:
        """Without references to what is gone."""
        found: dict[str, Any] = {}
        for name, value in values.items():
            if name == "studio_id":
                value = str(value) if value in self._ids("studio") else None
            elif name in ("performer_ids", "tag_ids"):
                value = [str(each) for each in value if each in self._ids(name.removesuffix("_ids"))]
            elif name == "groups":
                value = [{"group_id": str(each)} for each in value if each in self._ids("group")]
            elif name == "cover_image":
                value = None if value is None else base64.b64encode(COVERS[value]).decode()
            found[name] = value
        return found

    def _edits(self, names: Sequence[str]) -> dict[str, Any]:
        return self._known(self._values(names))

    def _values(self, names: Sequence[str]) -> dict[str, Any]:
        chosen = self._draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        values = {name: self._draw(S_VALUES[name]) for name in chosen}
        self._tell(values)
        return values

    def stash_edit(self) -> None:
        scene = self._scene()
        if scene is not None:
            self._update(scene, self._edits(sorted(S_VALUES)))

    stash_edit_again = stash_edit_more = stash_edit

    def stash_edit_meanwhile(self) -> None:
        """While the next request that writes is on its way to Plex."""
        scene = self._scene()
        if scene is not None:
            values = self._values(["title", "details", "tag_ids", "cover_image"])
            self._watch.meanwhile.append(lambda _: self._edit_if_there(scene, values))
            self.stash_edit()
            self._world.turns(3)

    def _edit_if_there(self, scene: int, values: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):  # Stash may be in trouble too
            if scene in self._ids("scene"):
                self._update(scene, self._known(values))

    def stash_performer_picture(self) -> None:
        ids = self._ids("performer")
        if ids:
            image = base64.b64encode(COVERS[self._number(0, 2)]).decode()
            given = {"id": str(self._pick(ids)), "image": image}
            self._world.gql("mutation($i:PerformerUpdateInput!){performerUpdate(input:$i){id}}", i=given)

    def _update(self, scene: int, fields: dict[str, Any]) -> None:
        self.saved.add(scene)
        self._world.clock.sleep(1.0)
        self._world.gql(
            "mutation($i:SceneUpdateInput!){sceneUpdate(input:$i){id}}", i={"id": str(scene), **fields}
        )

    def stash_cover(self) -> None:
        scene = self._scene()
        if scene is not None:
            self._update(scene, self._known({"cover_image": self._draw(S_VALUES["cover_image"])}))

    def stash_bulk_edit(self) -> None:
        ids = [str(number) for number in self._ids("scene")]
        if ids:
            fields = self._edits(["title", "details", "date", "rating100", "studio_id"])
            self.saved.update(self._ids("scene"))
            self._world.gql(
                "mutation($i:BulkSceneUpdateInput!){bulkSceneUpdate(input:$i){id}}", i={"ids": ids, **fields}
            )

    def stash_bulk_tags(self) -> None:
        ids = [str(number) for number in self._ids("scene")]
        tags = [str(number) for number in self._ids("tag")]
        if ids and tags:
            change = {"ids": [self._pick(tags)], "mode": self._pick(["SET", "ADD", "REMOVE"])}
            self._world.gql(
                "mutation($i:BulkSceneUpdateInput!){bulkSceneUpdate(input:$i){id}}",
                i={"ids": ids, "tag_ids": change},
            )

    def stash_rename_entity(self) -> None:
        kind = self._pick(sorted(KINDS))
        ids = self._ids(kind)
        if ids:
            given = {"id": str(self._pick(ids)), "name": self._fresh(kind)}
            name = KINDS[kind]
            self._world.gql(f"mutation($i:{name}UpdateInput!){{{kind}Update(input:$i){{id}}}}", i=given)

    def stash_destroy_entity(self) -> None:
        kind = self._pick(sorted(KINDS))
        ids = self._ids(kind)
        if ids:
            given = {"id": str(self._pick(ids))}
            name = KINDS[kind]
            self._world.gql(f"mutation($i:{name}DestroyInput!){{{kind}Destroy(input:$i)}}", i=given)

    def _merge(self, kind: str, operation: str) -> None:
        ids = self._ids(kind)
        if len(ids) > 1:
            target = self._pick(ids)
            source = self._pick([number for number in ids if number != target])
            given = {"source": [str(source)], "destination": str(target)}
            self._world.gql(
                f"mutation($i:{operation[0].upper()}{operation[1:]}Input!){{{operation}(input:$i){{id}}}}",
                i=given,
            )

    def stash_merge_tags(self) -> None:
        self._merge("tag", "tagsMerge")

    def stash_destroy_scene(self) -> None:
        if len(self._ids("scene")) > 1:
            scene = self._scene()
            self._world.gql("mutation($i:SceneDestroyInput!){sceneDestroy(input:$i)}", i={"id": str(scene)})

    def stash_merge_scenes(self) -> None:
        """No hook: only a reconcile finds it."""
        self._merge("scene", "sceneMerge")

    def _free_names(self) -> list[str]:
        taken = {file["basename"] for row in self._world.stash.library.rows("scene") for file in row["files"]}
        return [name for name in NAMES if name not in taken]

    def stash_new_scene(self) -> None:
        free = self._free_names()
        if free:
            name = self._pick(free)
            self._world.stash_control(
                "scan_new",
                {
                    "scenes": [
                        {
                            "path": f"/data/{name}",
                            "size": SIZES[name],
                            "files": [{"path": f"/data/{name}", "size": SIZES[name]}],
                            "title": self._fresh("new"),
                        }
                    ]
                },
            )

    def stash_second_file(self) -> None:
        scene = self._scene()
        free = self._free_names()
        if scene is not None and free:
            name = self._pick(free)
            self._world.stash_control(
                "scan_changed",
                {"scenes": [{"id": scene, "add": {"path": f"/data/{name}", "size": SIZES[name]}}]},
            )

    def stash_silent_edit(self) -> None:
        scene = self._scene()
        if scene is not None:
            values = self._edits(["title", "details", "director"])
            self._world.stash_control("change", {"kind": "scene", "id": scene, "fields": values})
