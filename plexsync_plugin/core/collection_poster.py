"""Which collections of a scene are made of a studio or a group, and what is known of the poster of each. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from plexsync_plugin.base.rules import CollectionRule
from plexsync_plugin.core.model import Entity, Scene
from plexsync_plugin.core.picture import POSTERS, Given
from plexsync_plugin.core.scene import clean_line

COLLECTION = 18  # Plex's number of the type (docs/facts/plex.md section 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionPoster:
    """What is known of the poster of one collection. The fields are the columns of the table `collection_posters`."""

    section: int
    name: str  # of the collection, in lower case
    kind: str  # of what it is made of in Stash: studio or group
    entity_id: int
    due: bool = True  # whether Stash is to be asked for its picture
    etag: str = ""  # of the picture that the collection was last settled with
    is_left: bool = False  # whether it was settled by leaving another's poster where it is
    rating_key: int = 0  # 0: not known
    sha1: str = ""  # of the bytes that Plex has from us; "" before the first
    sending: str = ""  # SHA-1s of bytes that were sent and may have arrived, joined by commas
    saved: str | None = None  # the key of what was selected before ours; "": nothing was; None: not known yet

    @property
    def entity(self) -> Entity:
        return Entity(kind=self.kind, id=self.entity_id)

    @property
    def given(self) -> Given:
        """The same as of an item's slot: whose picture is there is judged alike."""
        return Given(
            rating_key=self.rating_key,
            element=POSTERS.element,
            section=self.section,
            kind=COLLECTION,
            sha1=self.sha1,
            sending=self.sending,
            saved=self.saved,
        )


def pictured_collections(scene: Scene, rules: Iterable[CollectionRule]) -> dict[str, Entity]:
    """The collections that the rules make of the scene's studio, parent studio and groups: names in lower case -> of what.

    Of two that have one name the first counts, as it does for the collection's spelling.
    """
    found: dict[str, Entity] = {}
    for rule in rules:
        for name, entity in scene.collectable.get(rule.source, ()):
            found.setdefault(clean_line(f"{rule.prefix}{name}").casefold(), entity)
    return found
