// Made by `python -m tools.page_settings` from the settings' model, tools/setting_texts.py and PlexSync.yml. Not to be edited.

export interface Setting {
  name: string;
  label: string;
  group: string;
  kind: "switch" | "number" | "text" | "secret";
  required: boolean;
  default: boolean | number | string; // "" for every text: `usual` says what that means
  usual: string; // the default in words
  meaning: string; // with `code` between backticks, and [links](https://…)
  example: string;
}

export const GROUPS: readonly string[] = ["Connection", "What is synced", "Matching", "Which scenes", "Pictures", "From Plex to Stash", "Schedule and log"];

export const SETTINGS: readonly Setting[] = [
  { name: "plex_url", label: "Address", group: "Connection", kind: "text", required: true, default: "", usual: "", meaning: "Address of the server. A missing `http://` or port, spaces, a slash at the end or `/web/index.html` are forgiven.", example: "`http://192.168.1.5:32400`" },
  { name: "plex_token", label: "Token", group: "Connection", kind: "secret", required: true, default: "", usual: "", meaning: "Token of the server's owner ([how to find it](https://support.plex.tv/articles/204059436-finding-an-authentication-token-x-plex-token/)). Stash keeps it in its configuration in plain text; PlexSync puts it nowhere else.", example: "`x1Yz…`, 20 characters" },
  { name: "plex_library", label: "Libraries", group: "Connection", kind: "text", required: false, default: "", usual: "every video library", meaning: "Titles of the libraries that PlexSync may write to, films and shows alike. The index covers all libraries in any case.", example: "`Scenes, Clips`" },
  { name: "connect_timeout", label: "Connect timeout", group: "Connection", kind: "number", required: false, default: 5.0, usual: "5", meaning: "Seconds to wait for a connection.", example: "`10`" },
  { name: "read_timeout", label: "Read timeout", group: "Connection", kind: "number", required: false, default: 30.0, usual: "30", meaning: "Seconds to wait for an answer, and for the next piece of it. A whole answer has four times as long, however it trickles in.", example: "`90`" },
  { name: "enabled", label: "Enabled", group: "What is synced", kind: "switch", required: false, default: true, usual: "on", meaning: "Sync what is edited.", example: "off" },
  { name: "preserve_plex_edits", label: "Preserve Plex edits", group: "What is synced", kind: "switch", required: false, default: false, usual: "off", meaning: "What a person has set in Plex, and so locked, stays, field by field.", example: "on" },
  { name: "title_format", label: "Title format", group: "What is synced", kind: "text", required: false, default: "", usual: "the scene's own title", meaning: "How the title is made, of `{title} {studio} {performers} {date} {year} {code}`. Signs round what is empty go. A format with `{title}` leaves scenes without a title alone.", example: "`{studio} - {title} ({year})`" },
  { name: "sort_title", label: "Sort title", group: "What is synced", kind: "text", required: false, default: "", usual: "Plex makes its own", meaning: "What Plex sorts by, of the same words as `title_format`; `{title}` stands for the title without a leading article.", example: "`{title}`" },
  { name: "ignore_tags", label: "Tags left out", group: "What is synced", kind: "text", required: false, default: "", usual: "every tag becomes a genre", meaning: "Tags that do not become genres. A name that holds a comma stands in quotes.", example: "`\"Private, Family\", To do`" },
  { name: "collections", label: "Collections", group: "What is synced", kind: "text", required: false, default: "", usual: "no collections", meaning: "What becomes a collection: any of `studio`, `parent` (the studio's parent), `groups`, `tag:NAME`, `filter:NAME` (the scenes of a saved filter of Stash), each with a prefix after `=`, if you like. A filter follows edits of its scenes at once, and its own edits with the next Reconcile. Only collections that PlexSync put an item into are ever left again.", example: "`studio, parent=Network - , tag:VR, filter:To watch`" },
  { name: "content_rating", label: "Content rating", group: "What is synced", kind: "text", required: false, default: "", usual: "Plex's own stays", meaning: "One content rating for all synced items, as it stands.", example: "`XXX`" },
  { name: "skip_title", label: "Leave title alone", group: "What is synced", kind: "switch", required: false, default: false, usual: "off, they are written", meaning: "Leave alone: the title.", example: "on" },
  { name: "skip_studio", label: "Leave studio alone", group: "What is synced", kind: "switch", required: false, default: false, usual: "off, they are written", meaning: "Leave alone: the studio.", example: "on" },
  { name: "skip_details", label: "Leave summary alone", group: "What is synced", kind: "switch", required: false, default: false, usual: "off, they are written", meaning: "Leave alone: the summary.", example: "on" },
  { name: "skip_date", label: "Leave date alone", group: "What is synced", kind: "switch", required: false, default: false, usual: "off, they are written", meaning: "Leave alone: the release date.", example: "on" },
  { name: "skip_performers", label: "Leave cast alone", group: "What is synced", kind: "switch", required: false, default: false, usual: "off, they are written", meaning: "Leave alone: the cast.", example: "on" },
  { name: "skip_tags", label: "Leave genres alone", group: "What is synced", kind: "switch", required: false, default: false, usual: "off, they are written", meaning: "Leave alone: the genres.", example: "on" },
  { name: "skip_rating", label: "Leave rating alone", group: "What is synced", kind: "switch", required: false, default: false, usual: "off, they are written", meaning: "Leave alone: the owner's star rating.", example: "on" },
  { name: "skip_director", label: "Leave director alone", group: "What is synced", kind: "switch", required: false, default: false, usual: "off, they are written", meaning: "Leave alone: the director.", example: "on" },
  { name: "skip_code", label: "Leave studio code alone", group: "What is synced", kind: "switch", required: false, default: false, usual: "off, they are written", meaning: "Leave alone: the original title.", example: "on" },
  { name: "strict_matching", label: "Strict", group: "Matching", kind: "switch", required: false, default: true, usual: "on", meaning: "Several items could be meant: the scene goes on the list of failed scenes with the candidates.", example: "off" },
  { name: "path_map", label: "Path rules", group: "Matching", kind: "text", required: false, default: "", usual: "rules are learned", meaning: "Where Stash and Plex see one folder under two names, Stash's first; several rules are separated by `;`.", example: "`/data => /media/videos; /data/old => D:\\Archive`" },
  { name: "scan_plex", label: "Ask Plex to scan", group: "Matching", kind: "switch", required: false, default: false, usual: "off", meaning: "When Plex shows no item for a file, ask it to scan that one folder, not the library; at most once a day per folder, and only below the library's own folders.", example: "on" },
  { name: "skip_unmatched", label: "Skip what Plex lacks", group: "Matching", kind: "switch", required: false, default: false, usual: "off", meaning: "For a Plex that holds only part of your files: a scene without an item is noted as absent and not looked for again, until an index or a listing shows its file, the scene is edited, or the setting is switched off. Status counts these scenes.", example: "on" },
  { name: "only_organized", label: "Organized only", group: "Which scenes", kind: "switch", required: false, default: false, usual: "off", meaning: "Only scenes that are marked as organized.", example: "on" },
  { name: "require_tags", label: "Required tags", group: "Which scenes", kind: "text", required: false, default: "", usual: "no tag is required", meaning: "Only scenes with all of these tags.", example: "`Plex`" },
  { name: "exclude_tags", label: "Excluding tags", group: "Which scenes", kind: "text", required: false, default: "", usual: "no scene is left out", meaning: "Not those with any of these tags.", example: "`Private, Draft`" },
  { name: "include_paths", label: "Folders", group: "Which scenes", kind: "text", required: false, default: "", usual: "every folder", meaning: "Only scenes with a file below one of these folders, as Stash names them, separated by `;`.", example: "`/data/videos; /data/clips`" },
  { name: "exclude_paths", label: "Folders left out", group: "Which scenes", kind: "text", required: false, default: "", usual: "no folder", meaning: "Not those with a file below one of these folders.", example: "`/data/private`" },
  { name: "take_back", label: "Take back", group: "Which scenes", kind: "switch", required: false, default: false, usual: "off, it stays there", meaning: "A scene that comes to be left out by these settings, or is destroyed in Stash, is undone in Plex: at once where an event tells of it, else with the next Reconcile or Sync All Scenes, which also takes back what lies in a library that `plex_library` does not name any more. Off: the log says what is left there.", example: "on" },
  { name: "performer_photos", label: "Performer photos", group: "Pictures", kind: "switch", required: false, default: false, usual: "off", meaning: "Give photos of performers with the cast, where Stash hands them out without a key.", example: "on" },
  { name: "portrait_posters", label: "Portrait posters", group: "Pictures", kind: "switch", required: false, default: false, usual: "off, the cover is given as it is", meaning: "Make an upright poster (2:3) of a landscape cover. Needs Pillow.", example: "on" },
  { name: "skip_poster", label: "Leave poster alone", group: "Pictures", kind: "switch", required: false, default: false, usual: "off, they are given", meaning: "Leave alone: the poster.", example: "on" },
  { name: "skip_background", label: "Leave background alone", group: "Pictures", kind: "switch", required: false, default: false, usual: "off, they are given", meaning: "Leave alone: the background.", example: "on" },
  { name: "watch_back", label: "Plays", group: "From Plex to Stash", kind: "switch", required: false, default: false, usual: "off", meaning: "Plays in Plex count in Stash, each once, with the resume point.", example: "on" },
  { name: "watch_users", label: "Whose plays", group: "From Plex to Stash", kind: "text", required: false, default: "", usual: "owner", meaning: "Whose plays count: `owner`, names separated by commas, or `all`.", example: "`owner, Ann`" },
  { name: "ratings_back", label: "Stars", group: "From Plex to Stash", kind: "switch", required: false, default: false, usual: "off", meaning: "A star given in Plex becomes Stash's rating.", example: "on" },
  { name: "max_retries", label: "Attempts", group: "Schedule and log", kind: "number", required: false, default: 5, usual: "5", meaning: "How often a failing scene is tried before it goes on the list of failed scenes. While Plex is away no attempt is used up.", example: "`10`" },
  { name: "poll_interval", label: "Poll interval", group: "Schedule and log", kind: "number", required: false, default: 30.0, usual: "30", meaning: "Seconds between looks at the queue where nothing wakes the worker, as on some network file systems. Otherwise an edit is seen at once.", example: "`5`" },
  { name: "reconcile_interval", label: "Reconcile every so many hours", group: "Schedule and log", kind: "number", required: false, default: 24.0, usual: "24", meaning: "Hours between two comparisons of everything.", example: "`-1`" },
  { name: "index_interval", label: "Index every", group: "Schedule and log", kind: "number", required: false, default: 24.0, usual: "24", meaning: "Hours between two runs of the index that start by themselves.", example: "`168`" },
  { name: "obfuscate_paths", label: "Log without paths", group: "Schedule and log", kind: "switch", required: false, default: false, usual: "off", meaning: "Write marks instead of paths into the worker's log and messages; equal paths have equal marks.", example: "on" },
];
