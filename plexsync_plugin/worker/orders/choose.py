"""The order *choose*: a person says which Plex item a scene's file is, or takes that back.

It is remembered as the best of all grounds for a match, about the item's file, and holds until a person takes it back or the file is
no more. The scene is due at once, and gives its other item back what it had; so does the scene that had the chosen item, which then
looks for another.
"""

from collections.abc import Sequence

from plexsync_plugin.base.errors import ItemMissing
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.core.choices import Choice
from plexsync_plugin.core.match import Candidate, grade
from plexsync_plugin.core.model import SCALARS, File, Item, Kind, Scene
from plexsync_plugin.core.options import scope
from plexsync_plugin.core.pathmap import file_name, same_path
from plexsync_plugin.core.scene import out_of_scope
from plexsync_plugin.jobs.orders import Order
from plexsync_plugin.jobs.store import BULK, PERSON
from plexsync_plugin.jobs.ticket import CHOSEN_FILE, CHOSEN_ITEM
from plexsync_plugin.jobs.undone import UndoneScenes
from plexsync_plugin.plex import elements
from plexsync_plugin.worker.orders.orders import Step, StepContext

WITH_VIDEO = (Kind.MOVIE, Kind.EPISODE)


class _Refused(Exception):
    """Not what the person can have meant; the text says why."""


def choose_item(order: Order, context: StepContext) -> Step:
    """`order.ids` is the scene, `args` are those of `jobs.ticket.give_choice`."""
    number = order.ids[0] if order.ids else 0
    rating_key = int(order.args.get(CHOSEN_ITEM) or 0)
    wanted = str(order.args.get(CHOSEN_FILE) or "")
    try:
        if not rating_key:
            return _take_back(order, context, number, wanted)
        scene = _scene(context, number)
        return _choose(order, context, scene, _file_of(scene, wanted, context), _item(context, rating_key))
    except _Refused as refusal:
        return Step(ended=True, refused=True, message=str(refusal))


def _choose(order: Order, context: StepContext, scene: Scene, file: File, item: Item) -> Step:
    records = context.plex.current().records
    context.plex.learn_rules()
    held = _held_file(context, item, file)
    choice = Choice(
        path=file.path, place=held.path, scene_id=scene.id, size=file.size, rating_key=item.rating_key
    )
    found = Candidate.of(item, held)
    with transaction(context.connection):
        others = records.put_choice(choice, context.clock.now())
        records.add_match(scene.id, found)
        _look_again(context, [each.scene_id for each in others], order.id)
        records.forget_synced(scene.id)
        UndoneScenes(context.connection).drop([scene.id])
        context.store.bump([scene.id], priority=PERSON, now=context.clock.now(), order_id=order.id)
    message = f"{file_name(file.path)!r} of scene {scene.id} is the Plex item {item.title!r} ({item.rating_key}) from now on."
    reason = out_of_scope(scene, scope(context.settings))
    if reason:
        message += f" It is not synced, for {reason}."
    return Step(ended=True, added=1, message=message)


def _take_back(order: Order, context: StepContext, number: int, wanted: str) -> Step:
    records = context.plex.current().records
    taken = [
        each
        for each in records.choices()
        if each.scene_id == number and (not wanted or same_path(each.path, wanted))
    ]
    if not taken:
        raise _Refused(
            f"No item was chosen by hand for scene {number}{f' and {wanted!r}' if wanted else ''}."
        )
    # Those whose file it is without the choice.
    heirs = {scene_id for each in taken for scene_id in context.stash.files_like(file_name(each.place))} - {
        number
    }
    with transaction(context.connection):
        records.drop_choices(taken)
        _look_again(context, sorted(heirs), order.id)
        records.forget_synced(number)
        context.store.bump([number], priority=PERSON, now=context.clock.now(), order_id=order.id)
    keys = ", ".join(str(each.rating_key) for each in taken)
    return Step(
        ended=True,
        added=1,
        message=f"Scene {number} is matched by its file again; the item chosen by hand was {keys}.",
    )


def _look_again(context: StepContext, scenes: Sequence[int], order_id: int) -> None:
    """Behind the scene that was chosen for: it gives up the item first."""
    undone = UndoneScenes(context.connection)
    counting = [number for number in scenes if undone.undone_at(number) is None]
    records = context.plex.current().records
    for number in counting:
        records.forget_synced(number)
    context.make_due(counting, priority=BULK, order_id=order_id)


def _scene(context: StepContext, number: int) -> Scene:
    scene = context.stash.scenes([number]).get(number)
    if scene is None:
        raise _Refused(f"Stash has no scene {number}.")
    return scene


def _file_of(scene: Scene, wanted: str, context: StepContext) -> File:
    """The file that is meant: the one that was named, the only one, or the only one without an item."""
    if wanted:
        found = [file for file in scene.files if same_path(file.path, wanted)]
        if found:
            return found[0]
        raise _Refused(f"Scene {scene.id} has no file {wanted!r}. It has: {_paths(scene.files)}.")
    matched = {each.path for each in context.plex.current().records.file_matches(scene.id) if each.found}
    lacking = [file for file in scene.files if file.path not in matched]
    for files in (scene.files, lacking):
        if len(files) == 1:
            return files[0]
    if not scene.files:
        raise _Refused(f"Scene {scene.id} has no file.")
    raise _Refused(
        f"Scene {scene.id} has {len(scene.files)} files; name the one that is meant (--file): {_paths(scene.files)}."
    )


def _paths(files: Sequence[File]) -> str:
    return ", ".join(file.path for file in files) or "none"


def _item(context: StepContext, rating_key: int) -> Item:
    try:
        (element,) = context.plex.gateway.details([rating_key])
    except ItemMissing as error:
        raise _Refused(f"Plex has no item {rating_key}.") from error
    item = elements.item(element, SCALARS)
    if item.kind not in WITH_VIDEO or not item.files:
        raise _Refused(f"The Plex item {item.title!r} ({rating_key}) holds no video file.")
    if not context.plex.current().finder.allows(item.section):
        raise _Refused(
            f"The Plex item {item.title!r} ({rating_key}) is in a library that the setting plex_library does not name."
        )
    return item


def _held_file(context: StepContext, item: Item, file: File) -> File:
    """Of several files of the item the one that looks most like the scene's."""
    wanted = context.plex.current().finder.wanted(file)
    return max(item.files, key=lambda held: grade(held, wanted))
