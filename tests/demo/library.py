"""The small believable library of the demo: the same videos as Stash and as Plex know them."""

from typing import Any

_SCENES = [
    ("harbour_lights_final.mp4", 1_840, 3_120_554_112),
    ("night-train-to-lisbon.mkv", 2_915, 4_893_112_009),
    ("DSC_0042.mp4", 612, 702_118_400),
    ("studio7_ep12.mp4", 1_511, 1_910_224_333),
    ("Ünterwegs – Teil 1.mp4", 1_299, 1_544_002_871),
    ("beach.cut3.mov", 845, 988_122_311),
    ("kitchen_stories_s02.mp4", 1_702, 2_200_341_990),
    ("the-long-walk.mkv", 3_304, 5_501_778_120),
]


def stash_library() -> dict[str, Any]:
    return {
        "scenes": [
            {"id": number, "files": [{"path": f"/data/videos/{name}", "size": size, "duration": seconds}]}
            for number, (name, seconds, size) in enumerate(_SCENES, 1)
        ],
        "studios": [{"id": 1, "name": "Harbour Pictures"}, {"id": 2, "name": "Studio 7"}],
        "performers": [
            {"id": 1, "name": "Maria Costa"},
            {"id": 2, "name": "João Prado"},
            {"id": 3, "name": "Li Wei"},
        ],
        "tags": [
            {"id": 1, "name": "Travel"},
            {"id": 2, "name": "Night, by the sea"},
            {"id": 3, "name": "Cooking"},
        ],
    }


def plex_library() -> dict[str, Any]:
    scenes = [
        {
            "ratingKey": 500 + number,
            "title": name.rpartition(".")[0],
            "file": f"/media/videos/{name}",
            "size": size,
            "duration": seconds * 1_000,
            "Genre": ["Uncategorised"],
        }
        for number, (name, seconds, size) in enumerate(_SCENES, 1)
    ]
    return {
        "server": {"friendlyName": "Living room"},
        "sections": [
            {"key": 1, "type": "movie", "title": "Scenes", "locations": ["/media/videos"], "items": scenes},
            {"key": 2, "type": "show", "title": "Series", "locations": ["/media/series"], "items": [_show()]},
            {
                "key": 3,
                "type": "artist",
                "title": "Records",
                "locations": ["/media/music"],
                "items": [_artist()],
            },
        ],
    }


def _show() -> dict[str, Any]:
    def episode(season: int, index: int) -> dict[str, Any]:
        file = f"/media/series/Tidewater/S{season:02}E{index:02}.mkv"
        return {"index": index, "title": f"Chapter {index}", "file": file, "size": 910_000_000 + index}

    seasons = [
        {"index": number, "title": f"Season {number}", "children": [episode(number, n) for n in range(1, 4)]}
        for number in (1, 2)
    ]
    return {"title": "Tidewater", "year": 2019, "Genre": ["Drama", "Mystery"], "children": seasons}


def _artist() -> dict[str, Any]:
    def track(index: int) -> dict[str, Any]:
        return {
            "index": index,
            "title": f"Movement {index}",
            "file": f"/media/music/q/{index}.flac",
            "size": 31_000_000,
        }

    albums = [{"title": "Low Water", "year": 2003, "children": [track(n) for n in range(1, 5)]}]
    return {"title": "The Quay Quartet", "children": albums}
