"""What docs/config.md says of each setting beside its default: its group on the page, meaning, an example, and the effect of it."""

from dataclasses import dataclass

PLEX, WORK, MATCHING, BACK, SCENES, FIELDS = (
    "Plex",
    "The work",
    "Matching",
    "From Plex",
    "Which scenes",
    "Which fields, and how",
)


@dataclass(frozen=True, slots=True)
class SettingText:
    group: str
    meaning: str
    example: str
    effect: str


def _left_alone(field: str) -> SettingText:
    return SettingText(FIELDS, f"Leave alone: {field}.", "on", f"PlexSync does not write {field}.")


TEXTS: dict[str, SettingText] = {
    "plex_url": SettingText(
        PLEX,
        "Address of the server. A missing `http://` or port, spaces, a slash at the end or `/web/index.html` are forgiven.",
        "`http://192.168.1.5:32400`",
        "This server is written to.",
    ),
    "plex_token": SettingText(
        PLEX,
        "Token of the server's **owner** ([how to find it]"
        "(https://support.plex.tv/articles/204059436-finding-an-authentication-token-x-plex-token/)). Stash keeps it in its "
        "configuration in plain text; PlexSync puts it nowhere else.",
        "`x1Yz…`, 20 characters",
        "Plex accepts what PlexSync writes.",
    ),
    "plex_library": SettingText(
        PLEX,
        "Titles of the libraries that PlexSync may write to, films and shows alike. The index covers all libraries in any case.",
        "`Scenes, Clips`",
        "Nothing outside these two is written, even if it was matched before.",
    ),
    "connect_timeout": SettingText(PLEX, "Seconds to wait for a connection.", "`10`", "A far server has more time."),
    "read_timeout": SettingText(
        PLEX,
        "Seconds to wait for an answer, and for the next piece of it. A whole answer has four times as long, however it trickles in.",
        "`90`",
        "A server that is often busy has more time before its work is tried again.",
    ),
    "enabled": SettingText(WORK, "Sync what is edited.", "off", "Edits are remembered and wait."),
    "max_retries": SettingText(
        WORK,
        "How often a failing scene is tried before it goes on the list of failed scenes. While Plex is away no attempt is used up.",
        "`10`",
        "A scene that Plex fails on is tried for longer.",
    ),
    "poll_interval": SettingText(
        WORK,
        "Seconds between looks at the queue where nothing wakes the worker, as on some network file systems. Otherwise an edit is "
        "seen at once.",
        "`5`",
        "An edit is seen within five seconds there.",
    ),
    "reconcile_interval": SettingText(
        WORK, "Hours between two comparisons of everything.", "`-1`", "It never runs by itself; the task does."
    ),
    "index_interval": SettingText(
        WORK, "Hours between two runs of the index that start by themselves.", "`168`", "Once a week. `-1`: never."
    ),
    "obfuscate_paths": SettingText(
        WORK,
        "Write marks instead of paths into the worker's log and messages; equal paths have equal marks.",
        "on",
        "`<file 1f0c77ab.mp4>` instead of the file's path.",
    ),
    "preserve_plex_edits": SettingText(
        WORK,
        "What a person has set in Plex, and so locked, stays, field by field.",
        "on",
        "Off: where Stash has a value, Stash wins. On: the person in Plex does.",
    ),
    "strict_matching": SettingText(
        MATCHING,
        "Several items could be meant: the scene goes on the list of failed scenes with the candidates.",
        "off",
        "The item with the most similar path is taken.",
    ),
    "path_map": SettingText(
        MATCHING,
        "Where Stash and Plex see one folder under two names, Stash's first; several rules are separated by `;`.",
        "`/data => /media/videos; /data/old => D:\\Archive`",
        "A file below `/data` is the one below `/media/videos` in Plex, whatever its size.",
    ),
    "scan_plex": SettingText(
        MATCHING,
        "When Plex shows no item for a file, ask it to scan that one folder, not the library; at most once a day per folder, and only "
        "below the library's own folders.",
        "on",
        "New files are found in Plex sooner.",
    ),
    "skip_unmatched": SettingText(
        MATCHING,
        "For a Plex that holds only part of your files: a scene without an item is noted as absent and not looked for again, until an "
        "index or a listing shows its file, the scene is edited, or the setting is switched off. *Status* counts these scenes.",
        "on",
        "Such scenes are not listed as failed. With `scan_plex`, the folder is scanned first.",
    ),
    "watch_back": SettingText(
        BACK, "Plays in Plex count in Stash, each once, with the resume point.", "on", "A play that ends in Plex is counted in Stash."
    ),
    "watch_users": SettingText(
        BACK, "Whose plays count: `owner`, names separated by commas, or `all`.", "`owner, Ann`", "Ann's plays count too."
    ),
    "ratings_back": SettingText(
        BACK, "A star given in Plex becomes Stash's rating.", "on", "Four stars in Plex are 80 in Stash."
    ),
    "only_organized": SettingText(
        SCENES, "Only scenes that are marked as organized.", "on", "A scene is first written when it is marked."
    ),
    "require_tags": SettingText(SCENES, "Only scenes with **all** of these tags.", "`Plex`", "Scenes without the tag are left out."),
    "exclude_tags": SettingText(SCENES, "Not those with **any** of these tags.", "`Private, Draft`", "Both are left out."),
    "include_paths": SettingText(
        SCENES,
        "Only scenes with a file below one of these folders, as Stash names them, separated by `;`.",
        "`/data/videos; /data/clips`",
        "Scenes elsewhere are left out.",
    ),
    "exclude_paths": SettingText(
        SCENES, "Not those with a file below one of these folders.", "`/data/private`", "Scenes there are left out."
    ),
    "take_back": SettingText(
        SCENES,
        "A scene that comes to be left out by these settings, or is destroyed in Stash, is undone in Plex: at once where an event tells "
        "of it, else with the next *Reconcile* or *Sync All Scenes*, which also takes back what lies in a library that `plex_library` does "
        "not name any more. Off: the log says what is left there.",
        "on",
        "Plex shows again what it showed before PlexSync.",
    ),
    "title_format": SettingText(
        FIELDS,
        "How the title is made, of `{title} {studio} {performers} {date} {year} {code}`. Signs round what is empty go. A format with "
        "`{title}` leaves scenes without a title alone.",
        "`{studio} - {title} ({year})`",
        "“Studio One - Beach (2024)”.",
    ),
    "sort_title": SettingText(
        FIELDS,
        "What Plex sorts by, of the same words as `title_format`; `{title}` stands for the title without a leading article.",
        "`{title}`",
        "*The Zoo* stands under Z.",
    ),
    "ignore_tags": SettingText(
        FIELDS,
        "Tags that do not become genres. A name that holds a comma stands in quotes.",
        "`\"Private, Family\", To do`",
        "Neither appears in Plex.",
    ),
    "collections": SettingText(
        FIELDS,
        "What becomes a collection: any of `studio`, `parent` (the studio's parent), `groups`, `tag:NAME`, `filter:NAME` (the scenes of a "
        "saved filter of Stash), each with a prefix after `=`, if you like. A filter follows edits of its scenes at once, and its own edits "
        "with the next *Reconcile*. Only collections that PlexSync put an item into are ever left again.",
        "`studio, parent=Network - , tag:VR, filter:To watch`",
        "The collections “Studio One”, “Network - Big”, for scenes tagged so “VR”, and “To watch” with the scenes of that filter.",
    ),
    "collection_posters": SettingText(
        FIELDS,
        "Give the picture of a studio or group in Stash, where it has one, as poster to the collection that `collections` makes of it.",
        "on",
        "Collections show logos and box covers.",
    ),
    "content_rating": SettingText(FIELDS, "One content rating for all synced items, as it stands.", "`XXX`", "Every item gets it."),
    "performer_photos": SettingText(
        FIELDS, "Give photos of performers with the cast, where Stash hands them out without a key.", "on", "The cast has faces."
    ),
    "portrait_posters": SettingText(
        FIELDS, "Make an upright poster (2:3) of a landscape cover. Needs Pillow.", "on", "Posters fill their place in Plex."
    ),
    "skip_title": _left_alone("the title"),
    "skip_studio": _left_alone("the studio"),
    "skip_details": _left_alone("the summary"),
    "skip_date": _left_alone("the release date"),
    "skip_performers": _left_alone("the cast"),
    "skip_tags": _left_alone("the genres"),
    "skip_rating": _left_alone("the owner's star rating"),
    "skip_director": _left_alone("the director"),
    "skip_code": _left_alone("the original title"),
    "skip_poster": _left_alone("the poster"),
    "skip_background": _left_alone("the background"),
}  # fmt: skip
