"""A client of the Plex simulator over plain HTTP, and the small library that its rules are tried on."""

from typing import Any

import requests

from tests.sim.process import SimProcess

LIBRARY: dict[str, Any] = {
    "sections": [
        {
            "key": 1,
            "type": "movie",
            "title": "Films",
            "locations": ["/media/films"],
            "items": [
                {
                    "ratingKey": number,
                    "title": f"Film {number}",
                    "year": 2000 + number,
                    "file": f"/media/films/Film {number}, part.mkv",
                    "Genre": ["One", "Two", "Three"],
                }
                for number in range(1, 6)
            ],
        },
        {"key": 2, "type": "show", "title": "Series", "items": [{"ratingKey": 50, "title": "Saga"}]},
        {
            "key": 3,
            "type": "artist",
            "title": "Music",
            "items": [
                {
                    "ratingKey": 60,
                    "title": "Band",
                    "children": [
                        {
                            "ratingKey": 61,
                            "title": "Disc",
                            "children": [{"ratingKey": 62, "title": "Song", "file": "/m/s.mp3"}],
                        }
                    ],
                },
                {"ratingKey": 70, "title": "Group", "children": [{"ratingKey": 71, "title": "Other"}]},
            ],
        },
    ]
}


class Client:
    """Plain requests to one simulator with the owner's token."""

    def __init__(self, sim: SimProcess) -> None:
        self.sim = sim
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["X-Plex-Token"] = "T"

    def send(self, method: str, target: str, **headers: str) -> requests.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.session.request(method, self.sim.url + target, headers=named, timeout=10)

    def listing(self, target: str, **headers: str) -> dict[str, Any]:
        response = self.send("GET", target, Accept="application/json", **headers)
        assert response.status_code == 200
        container: dict[str, Any] = response.json()["MediaContainer"]
        return container

    def titles(self, query: str) -> list[str]:
        return [each["title"] for each in self.listing(f"/library/sections/1/all?type=1&{query}")["Metadata"]]

    def item(self, key: int) -> dict[str, Any]:
        found: dict[str, Any] = self.sim.control("item", {"ratingKey": key})
        return found

    def content_counter(self) -> int:
        return int(self.sim.control("sections")[0]["contentChangedAt"])


def genres(item: dict[str, Any]) -> list[str]:
    return [each["tag"] for each in item.get("Genre", [])]
