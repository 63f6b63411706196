"""A synthetic library: deterministic, believable in its proportions, as large as asked for.

--generate movies=5000,shows=20,artists=10 and, all optional: sections=2 (sections of films, over which the films are spread),
seasons=2 (per show), episodes=8 (per season), albums=2 (per artist), tracks=10 (per album), cast=0 (of every film and episode, at
least; with pictures), versions=0 (of every film and episode, at least), seed=1. The shape: some items
without updatedAt, summary, year or studio, one in 40 with two media, one in 60 with two parts, one in 200 without any, names
beyond ASCII, a tag with a comma.
"""

import random
from typing import Any

from tests.sim.plex.library import Library
from tests.sim.plex.loading import AUDIO, AUDIO_PART, EPOCH, VIDEO, VIDEO_PART, load_section
from tests.sim.plex.model import Item, Link, Media, Part, Section

DEFAULTS = {
    "movies": 0,
    "shows": 0,
    "artists": 0,
    "sections": 1,
    "seasons": 2,
    "episodes": 8,
    "albums": 2,
    "tracks": 10,
    "cast": 0,
    "versions": 0,
    "seed": 1,
}
_FIRST = (
    "Quiet",
    "Red",
    "Last",
    "Hidden",
    "Broken",
    "Golden",
    "Winter",
    "Árbol",
    "Über",
    "Lost",
    "Paper",
    "Électrique",
)
_SECOND = (
    "River",
    "House",
    "Night",
    "Letter",
    "Garden",
    "Road",
    "夜",
    "Signal",
    "Harbour",
    "Mirror",
    "Café",
    "Storm",
)
_PEOPLE = ("Ana", "Bo", "Chloé", "Dmitri", "Elena", "Farid", "Grace", "Hiro", "Inès", "João", "Kim", "Łukasz")
_FAMILIES = (
    "Abel",
    "Brandt",
    "Castro",
    "Diaz",
    "Eklund",
    "Fischer",
    "García",
    "Hughes",
    "Ito",
    "Jensen",
    "Kaya",
)
_GENRES = (
    "Action",
    "Comedy",
    "Drama",
    "Crime",
    "Documentary",
    "Science Fiction",
    "Thriller",
    "Sci-Fi, Fantasy",
)
_STUDIOS = ("Northlight", "Blue Door", "Estúdio Sul", "Lantern & Sons", "Kinema")
_COUNTRIES = ("United States of America", "France", "Japan", "Brazil", "Germany")
_RATINGS = ("PG-13", "R", "TV-MA", "G")
_HD = VIDEO | {"bitrate": 8000, "width": 1920, "height": 1080, "videoResolution": "1080"}
_MP4 = VIDEO | {"container": "mp4", "audioCodec": "ac3", "audioChannels": 6}
_SHAPES = ((VIDEO, VIDEO_PART, "mkv"), (_HD, VIDEO_PART, "mkv"), (_MP4, {"container": "mp4"}, "mp4"))


def parse_numbers(text: str) -> dict[str, int]:
    """movies=5000,shows=20; raises ValueError for a word it does not know."""
    given = dict(pair.split("=", 1) for pair in text.split(",") if pair)
    unknown = set(given) - set(DEFAULTS)
    if unknown:
        raise ValueError(f"cannot generate {sorted(unknown)}; known are {sorted(DEFAULTS)}")
    return DEFAULTS | {name: int(number) for name, number in given.items()}


def generate(library: Library, text: str) -> None:
    numbers = parse_numbers(text)
    maker = _Maker(
        library, random.Random(numbers["seed"]), cast=numbers["cast"], versions=numbers["versions"]
    )
    if numbers["movies"]:
        sections = [
            maker.section("movie", f"Movies {n}" if n > 1 else "Movies")
            for n in range(1, numbers["sections"] + 1)
        ]
        for n in range(numbers["movies"]):
            maker.make_movie(sections[n % len(sections)], n)
    if numbers["shows"]:
        section = maker.section("show", "TV Shows")
        for n in range(numbers["shows"]):
            maker.make_show(section, n, numbers["seasons"], numbers["episodes"])
    if numbers["artists"]:
        section = maker.section("artist", "Music")
        for n in range(numbers["artists"]):
            maker.make_artist(section, n, numbers["albums"], numbers["tracks"])


class _Maker:
    def __init__(self, library: Library, rng: random.Random, *, cast: int, versions: int) -> None:
        self._library = library
        self._rng = rng
        self._cast = cast
        self._versions = versions

    def section(self, kind: str, title: str) -> Section:
        number = max(self._library.sections, default=0) + 1
        folder = "/media/" + title.lower().replace(" ", "-")
        return load_section(
            self._library, {"key": number, "type": kind, "title": title, "locations": [folder]}, number
        )

    def make_movie(self, section: Section, n: int) -> None:
        title = f"{self._title()} {n}"
        item = self._item(section, "movie", title)
        self._describe(item, year=1950 + self._rng.randrange(75))
        folder = f"{section.locations[0][1]}/{title} ({item.fields.get('year', 'undated')})"
        self._add_files(item, f"{folder}/{title}", n)

    def make_show(self, section: Section, n: int, seasons: int, episodes: int) -> None:
        show = self._item(section, "show", f"{self._title()} {n}")
        self._describe(show, year=1990 + self._rng.randrange(35))
        show.fields["index"] = 1
        folder = f"{section.locations[0][1]}/{show.fields['title']}"
        show.extras["Location"] = [{"path": folder}]
        for s in range(1, seasons + 1):
            season = self._item(section, "season", f"Season {s}", show)
            season.fields["index"] = s
            for e in range(1, episodes + 1):
                episode = self._item(section, "episode", f"{self._title()}", season)
                episode.fields |= {"index": e, "year": show.fields.get("year", 2000) + s - 1}
                self._credit(episode, "director", 1)
                self._add_cast(episode)
                self._add_files(
                    episode, f"{folder}/Season {s:02}/{show.fields['title']} - S{s:02}E{e:02}", n + e
                )

    def make_artist(self, section: Section, n: int, albums: int, tracks: int) -> None:
        artist = self._item(section, "artist", f"{self._title()} {n}")
        artist.fields["index"] = 1
        self._credit(artist, "genre", 2)
        for a in range(1, albums + 1):
            album = self._item(section, "album", self._title(), artist)
            album.fields |= {
                "index": 1,
                "year": 1970 + self._rng.randrange(55),
                "studio": self._rng.choice(_STUDIOS),
            }
            self._credit(album, "genre", 1)
            folder = f"{section.locations[0][1]}/{artist.fields['title']}/{a} {album.fields['title']}"
            for t in range(1, tracks + 1):
                track = self._item(section, "track", self._title(), album)
                track.fields["index"] = t
                self._add_files(track, f"{folder}/{t:02} {track.fields['title']}", t, audio=True)

    def _title(self) -> str:
        article = "The " if self._rng.random() < 0.2 else ""
        return f"{article}{self._rng.choice(_FIRST)} {self._rng.choice(_SECOND)}"

    def _item(self, section: Section, kind: str, title: str, parent: Item | None = None) -> Item:
        key = self._library.take_id("item")
        added = EPOCH + self._rng.randrange(50_000_000)
        fields: dict[str, Any] = {
            "guid": f"plex://{kind}/{key:024x}",
            "title": title,
            "summary": "",
            "addedAt": added,
        }
        if self._rng.random() > 0.1:
            fields["updatedAt"] = added + self._rng.randrange(1_000_000)
        if kind != "track":
            fields["thumb"] = fields.get("updatedAt", added)
        if kind in {"movie", "show", "artist"}:
            fields["art"] = fields["thumb"]
        item = Item(key, kind, section.key, parent.key if parent else None, fields)
        self._library.add_item(item)
        return item

    def _describe(self, item: Item, *, year: int) -> None:
        rng, fields = self._rng, item.fields
        if rng.random() > 0.05:
            fields |= {
                "year": year,
                "originallyAvailableAt": f"{year}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
            }
        if rng.random() > 0.1:
            fields["studio"] = rng.choice(_STUDIOS)
            fields["summary"] = (
                f"{self._person()} finds {self._title()}; nothing is as it was. " * rng.randrange(1, 4)
            )
        if rng.random() > 0.3:
            fields |= {"contentRating": rng.choice(_RATINGS), "audienceRating": rng.randrange(20, 99) / 10}
        self._credit(item, "genre", rng.randrange(0, 5))
        self._credit(item, "country", rng.randrange(0, 2))
        self._credit(item, "director", 1)
        self._credit(item, "actor", rng.randrange(0, 9))
        self._add_cast(item)
        if rng.random() < 0.2:
            self._credit(item, "collection", 1)
        item.guids = [f"imdb://tt{item.key:07}", f"tmdb://{item.key}"]

    def _add_cast(self, item: Item) -> None:
        """The long casts of an agent: everybody with a key and a picture, most of them in many items."""
        links = item.tags.setdefault("actor", []) if self._cast else []
        while len(links) < self._cast:
            number = self._rng.randrange(40_000)
            tag = self._library.tag("actor", f"{self._person()} {number}")
            tag.key = tag.key or f"{number:024x}"
            tag.thumb = (
                tag.thumb or f"https://metadata-static.plex.tv/{number % 16:x}/people/{number:032x}.jpg"
            )
            if all(tag is not known for known, _ in links):
                links.append((tag, f"Role {len(links) + 1}"))

    def _person(self) -> str:
        return f"{self._rng.choice(_PEOPLE)} {self._rng.choice(_FAMILIES)}"

    def _credit(self, item: Item, kind: str, count: int) -> None:
        pool = {
            "genre": _GENRES,
            "country": _COUNTRIES,
            "collection": ("Favourites", "Holiday", "Award Winners"),
        }
        links: list[Link] = []
        for _ in range(count):
            name = self._rng.choice(pool[kind]) if kind in pool else self._person()
            tag = self._library.tag(kind, name)
            if all(tag is not known for known, _ in links):
                links.append((tag, f"Role {len(links) + 1}" if kind == "actor" else None))
        if links:
            item.tags[kind] = links

    def _add_files(self, item: Item, stem: str, n: int, *, audio: bool = False) -> None:
        if n % 200 == 199:
            return
        media = max(2 if n % 40 == 39 else 1, 0 if audio else self._versions)
        parts = 2 if n % 60 == 59 else 1
        for m in range(media):
            shape, part, extension = (AUDIO, AUDIO_PART, "mp3") if audio else self._rng.choice(_SHAPES)
            duration = self._rng.randrange(120_000, 400_000 if audio else 9_000_000)
            names = [
                f"{stem}{f' v{m + 1}' if m else ''}{f' - pt{p + 1}' if parts > 1 else ''}.{extension}"
                for p in range(parts)
            ]
            made = [
                Part(self._library.take_id("part"), name, duration * 400 + p, item.fields["addedAt"], part)
                for p, name in enumerate(names)
            ]
            item.media.append(Media(self._library.take_id("media"), duration, shape, made))
            item.fields.setdefault("duration", duration)
