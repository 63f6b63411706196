"""Answers of the plugin for the tests and pictures of its page, in the shapes of plexsync_plugin/answers/page/shapes.py."""

from typing import Any

from tests.pictures import drawn, encoded

NOW = 1_780_000_000.0  # epoch seconds; what the tests' clock of the browser is set to
HTML = "<img src=x onerror=alert(1)><b>Bold</b> & Co"
NO_ACTION = {"name": "", "stash": "", "plex": "", "task": ""}
PLEX_PAGE = "https://plex.example/web/index.html#!/server/abc/details?key="


def link(key: int, title: str) -> dict[str, Any]:
    return {"key": key, "title": title, "url": f"{PLEX_PAGE}{key}" if key else ""}


def change(field: str, before: str, after: str) -> dict[str, str]:
    return {"field": field, "before": before, "after": after}


OVERVIEW: dict[str, Any] = {
    "worker": {"alive": True, "since": NOW - 4 * 3600, "version": "0.1.0"},
    "plex": {
        "state": "reachable",
        "since": NOW - 3 * 86400,
        "server": "Den",
        "version": "1.43.0",
        "nextProbe": None,
    },
    "setUp": "ready",
    "counts": {
        "synced": 12340, "waiting": 3, "running": 1, "failed": 7, "missing": 2, "absent": 0, "undone": 0, "discarded": 0,
    },
    "inbox": 0,
    "orders": [
        {"ticket": "a1", "name": "sync_all", "state": "running", "done": 4200, "total": 12400, "text": ""}
    ],
    "hours": [
        {"t": NOW - 3600 * (24 - n), "ok": (n * 7) % 40, "failed": 2 if n == 9 else 0} for n in range(24)
    ],
    "notices": [
        {
            "key": "learned_rule",
            "text": "The folder /data2 seems to be /media2 in Plex: 12 files have the same name and size there.",
            "blocking": False,
            "action": {"name": "rule", "stash": "/data2", "plex": "/media2", "task": ""},
        }
    ],
    "index": {"at": NOW - 8 * 3600, "items": 23456, "running": False},
}  # fmt: skip
CHANGES = [
    change("title", "a.mp4", "Harbour Lights"),
    change("genre", "Drama", "Drama, Outdoor"),
    change("posters", "", ""),
]
ACTIVITY: dict[str, Any] = {
    "rows": [
        {
            "id": 40 - n,
            "at": NOW - 60 - n * 700,
            "sceneId": 1 + n % 5,
            "title": HTML if n == 1 else f"Harbour Lights, part {n + 1}",
            "outcome": "failed" if n == 3 else "undone" if n == 4 else "written",
            "text": "Plex refuses the date 0000-00-00." if n == 3 else "",
            "changes": [] if n in (3, 4) else CHANGES[: 1 + n % 3],
            "item": link(500 + n, f"Harbour Lights, part {n + 1}"),
            "ms": 120,
            "requests": 2,
        }
        for n in range(6)
    ],
    "next": 30,
}


def candidate(key: int, path: str, why: str) -> dict[str, Any]:
    return {
        "key": key,
        "title": f"Night Train {key}",
        "section": "Scenes",
        "path": path,
        "size": 1_288_490_189,
        "why": why,
        "stashPath": "/data/videos/night train.mp4",
        "url": f"{PLEX_PAGE}{key}",
    }


CANDIDATES = [
    candidate(601, "/media/videos/night train.mp4", "same name, size differs"),
    candidate(602, "/archive/night train.mp4", "same name and size"),
]
PROBLEM: dict[str, Any] = {
    "id": 1, "sceneId": 2, "orderId": None, "state": "failed", "title": "Night Train to Lisbon", "reason": "Ambiguous",
    "message": "Two items of Plex could be this scene's file, and nothing tells which.",
    "advice": "Choose one, or write a rule for the folder.",
    "attempts": 3, "firstAt": NOW - 2 * 86400, "lastAt": NOW - 3600, "dueAt": None, "candidates": CANDIDATES,
    "choices": [],
}  # fmt: skip
MISSING: dict[str, Any] = {
    "id": 2, "sceneId": 3, "orderId": None, "state": "waiting", "title": HTML, "reason": "ItemMissing",
    "message": "Plex has no item for /data/videos/new.mp4 yet.",
    "advice": "Let Plex scan the folder; it is found by itself.",
    "attempts": 1, "firstAt": NOW - 600, "lastAt": NOW - 300, "dueAt": NOW + 1500, "candidates": [],
    "choices": [],
}  # fmt: skip
ORDER_ROW: dict[str, Any] = {
    "id": 9, "sceneId": None, "orderId": 4, "state": "failed", "title": "Undo of 3 scenes", "reason": "StashRejected",
    "message": "Stash refused the question for these scenes.", "advice": "See Stash's log, then retry.",
    "attempts": 5, "firstAt": NOW - 7200, "lastAt": NOW - 3600, "dueAt": None, "candidates": [], "choices": [],
}  # fmt: skip
KIND_COUNTS = [
    {"kind": "ambiguous", "count": 4},
    {"kind": "missing", "count": 31},
    {"kind": "refused", "count": 2},
    {"kind": "orders", "count": 1},
]


def problems(args: dict[str, Any]) -> dict[str, Any]:
    rows = {"ambiguous": [PROBLEM], "missing": [MISSING], "refused": [], "orders": [ORDER_ROW]}
    kind = args.get("kind")
    shown = rows[kind] if kind else [PROBLEM, MISSING, ORDER_ROW]
    reasons = [{"reason": row["reason"], "count": 4, "advice": row["advice"]} for row in shown]
    return {"kinds": KIND_COUNTS, "reasons": reasons, "rows": shown, "next": None}


def chosen(scene: int, key: int = 602) -> dict[str, Any]:
    return {
        "sceneId": scene, "key": key, "title": f"Night Train {key}", "path": "/archive/night train.mp4",
        "stashPath": "/data/videos/night train.mp4", "url": f"{PLEX_PAGE}{key}",
    }  # fmt: skip


def field(name: str, stash: str | None, plex: str | None, **more: Any) -> dict[str, Any]:
    return {
        "itemKey": 501, "name": name, "stash": stash, "plex": plex, "before": None, "ours": True,
        "differs": stash != plex, "locked": True, "kept": False, **more,
    }  # fmt: skip


SCENE: dict[str, Any] = {
    "state": "synced",
    "reason": "",
    "message": "",
    "advice": "",
    "dueAt": None,
    "items": [
        {
            "key": 501, "title": "Harbour Lights", "section": "Scenes", "url": f"{PLEX_PAGE}501",
            "matchedBy": "the same place by the rule /data => /media", "certain": True,
            "path": "/media/videos/scene 1.mp4", "stashPath": "/data/videos/scene 1.mp4",
        }
    ],
    "candidates": [],
    "choices": [],
    "fields": [
        field("title", "Harbour Lights", "Harbour Lights"),
        field("genre", "Drama, Outdoor", "Drama, Outdoor"),
        field("userRating", "8", "9", kept=True),
    ],
    "lastAt": NOW - 1800,
    "comparedAt": None,
    "plays": {"count": 2, "lastAt": NOW - 86400, "rating": 9.0},
}  # fmt: skip
TRIAL = {
    "stash": "/data/videos",
    "plex": "/media/videos",
    "rule": "/data/videos => /media/videos",
    "matched": 12,
    "lookedAt": 31,
    "examples": [["/data/videos/night train.mp4", "/media/videos/night train.mp4"]],
}


def order(args: dict[str, Any]) -> dict[str, Any]:
    if args["name"] == "rule" and args["args"].get("dry"):
        return {"ticket": "", "rule": TRIAL}
    return {"ticket": f"t-{args['name']}", "rule": None}


def ticket(args: dict[str, Any]) -> dict[str, Any]:
    lines: list[dict[str, str]] = []
    if args["ticket"] == "t-check":
        lines = [
            {"level": "good", "text": "Plex 1.43.0 answers; its name is Den."},
            {"level": "good", "text": "The token is the owner's."},
            {"level": "note", "text": "Of ten sample scenes, 9 are found in Plex."},
        ]
    return {"state": "done", "done": 1, "total": 1, "text": "Done: 1 scene is in sync.", "lines": lines}


PREVIEW: dict[str, Any] = {
    "madeAt": NOW - 3600,
    "total": 212,
    "sentence": "Of 12 340 scenes, 212 would change, 4 cannot be synced.",
    "byField": {"title": 40, "genre": 180, "posters": 12},
    "rows": [
        {
            "sceneId": 1,
            "title": "Harbour Lights",
            "item": link(501, "a.mp4"),
            "problem": "",
            "changes": CHANGES,
        },
        {
            "sceneId": 2,
            "title": HTML,
            "item": link(0, ""),
            "problem": "Two items could be meant.",
            "changes": [],
        },
    ],
    "next": None,
}
LIBRARY: dict[str, Any] = {
    "at": NOW - 8 * 3600,
    "tiles": [
        {"name": "movies", "value": 12043, "unit": "number"},
        {"name": "bytes", "value": 9_123_456_789_012, "unit": "bytes"},
        {"name": "seconds", "value": 4_000_000, "unit": "seconds"},
        {"name": "duplicates", "value": 14, "unit": "number"},
        {"name": "without poster", "value": 3, "unit": "number"},
    ],
    "shares": {
        "library": [
            ["Scenes", 9000, 7_000_000_000_000],
            ["Clips", 3000, 2_000_000_000_000],
            [HTML, 43, 123_456_789_012],
        ],
        "resolution": [
            ["1080", 8000, 6_000_000_000_000],
            ["4k", 900, 2_500_000_000_000],
            ["720", 3143, 623_456_789_012],
        ],
        "videoCodec": [["h264", 9000, 6_500_000_000_000], ["hevc", 3043, 2_623_456_789_012]],
    },
    "growth": [[f"2025-{n:02d}", 30 * n, n * 20_000_000_000] for n in range(1, 13)],
}

PLAYS: dict[str, Any] = {
    "rows": [
        {
            "at": NOW - 600 - n * 90_000,
            "account": 1 if n < 2 else 7,
            "user": HTML if n == 2 else "Mary" if n < 2 else "",
            "sceneId": None if state == "waiting" else n + 1,
            "title": "" if state == "waiting" else f"Harbour Lights, part {n + 1}",
            "item": link(501 + n, f"Harbour Lights {n + 1}"),
            "state": state,
        }
        for n, state in enumerate(["counted", "planned", "waiting", "undone"])
    ],
    "next": None,
    "users": [
        {"account": 1, "user": "Mary", "counted": 31, "waiting": 0, "undone": 0, "lastAt": NOW - 600},
        {"account": 7, "user": "", "counted": 2, "waiting": 1, "undone": 1, "lastAt": NOW - 180_600},
    ],
    "waiting": 1,
    "rated": 12,
    "counting": True,
}  # fmt: skip


def search(args: dict[str, Any]) -> dict[str, Any]:
    if args.get("q") == "nothing":
        return {"rows": [], "next": None}
    rows = [
        {
            "key": 501 + n,
            "kind": "movie" if n != 2 else "episode",
            "title": HTML if n == 1 else f"Harbour Lights {n + 1}",
            "partOf": "A Show" if n == 2 else "",
            "section": "Scenes",
            "year": 2021,
            "size": 1_400_000_000 + n,
            "resolution": "1080",
            "codec": "h264",
            "url": f"{PLEX_PAGE}{501 + n}",
            "poster": n < 3,
            "sceneId": n + 1 if n < 2 else None,
        }
        for n in range(4)
    ]
    return {"rows": rows, "next": None}


def posters(args: dict[str, Any]) -> dict[str, Any]:
    """Each of another colour; of one that is no picture nothing."""
    drawings = {
        key: drawn(80, 120, (37 * key % 256, 91 * key % 256, 60), "WEBP")
        for key in args["keys"]
        if key != 502
    }
    return {
        "pictures": {str(key): f"data:image/webp;base64,{encoded(data)}" for key, data in drawings.items()}
    }


ANSWERS: dict[str, Any] = {
    "wake": {"started": False},
    "overview": OVERVIEW,
    "activity": ACTIVITY,
    "problems": problems,
    "scene": SCENE,
    "preview": PREVIEW,
    "library": LIBRARY,
    "libraries": {"titles": ["Scenes", "Clips", HTML], "at": NOW - 60},
    "search": search,
    "posters": posters,
    "plays": PLAYS,
    "order": order,
    "ticket": ticket,
    "findJob": {"status": "FINISHED", "progress": 1},
}
