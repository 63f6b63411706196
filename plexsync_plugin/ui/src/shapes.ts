// Made by `python -m tools.page_types` from plexsync_plugin/answers/page/. Not to be edited.
// Times are epoch seconds, sizes are bytes, null is "not known".

export type ActionName =
  | ""
  | "settings"
  | "check"
  | "index"
  | "wake"
  | "rule"
  | "retry"
  | "reload"
  | "preview"
  | "task";

export type PlexState = "unknown" | "reachable" | "doubtful" | "away";

export type SetUp = "unknown" | "missing" | "ready";

export type Outcome = "written" | "failed" | "absent" | "undone";

export type ProblemState = "failed" | "waiting" | "absent";

export type ProblemKind = "ambiguous" | "missing" | "refused" | "orders";

export type SceneState =
  | "unknown"
  | "waiting"
  | "running"
  | "synced"
  | "failed"
  | "missing"
  | "absent"
  | "discarded"
  | "undone";

export type TicketState = "unknown" | "waiting" | "running" | "done" | "failed";

export type ItemKind = "movie" | "show" | "season" | "episode" | "artist" | "album" | "track";

export type Unit = "number" | "bytes" | "seconds";

export type LineLevel = "good" | "note" | "problem";

export type PlayState = "counted" | "planned" | "waiting" | "undone";

export type OrderName =
  | "sync"
  | "retry"
  | "discard"
  | "undo"
  | "choose"
  | "rule"
  | "check"
  | "preview"
  | "compare"
  | "libraries";

export type SearchSort = "best" | "title" | "size" | "added";

// Why there is no answer, and what to do, as sentences for a person.
export interface Problem {
  text: string;
  action: Action;
}

// Nothing.
export type NoArguments = Record<string, never>;

// `since` and `version` are those of the last worker when `alive` is false.
export interface Worker {
  alive: boolean;
  since: number | null;
  version: string;
}

// `since`: when the state began. `server` is the name it gives itself. `nextProbe` only while it is away.
export interface Plex {
  state: PlexState;
  since: number | null;
  server: string;
  version: string;
  nextProbe: number | null;
}

// Scenes by state. `missing` of those that wait have no item in Plex yet; `failed` also counts orders.
export interface Counts {
  synced: number;
  waiting: number;
  running: number;
  failed: number;
  missing: number;
  absent: number;
  undone: number;
  discarded: number;
}

// An order that is not carried out yet. `total` 0: nobody knows yet. `text`: why it is put off, or "".
export interface OrderRow {
  ticket: string;
  name: string;
  state: TicketState;
  done: number;
  total: number;
  text: string;
}

// `t` is the hour's begin; `ok` and `failed` are scenes settled in it.
export interface Hour {
  t: number;
  ok: number;
  failed: number;
}

// What the page can offer against a problem. `stash` and `plex` are the folders of a rule (name "rule"),
// `task` is the name of a task of Stash's task page (name "task"); both are "" otherwise.
export interface Action {
  name: ActionName;
  stash: string;
  plex: string;
  task: string;
}

// What a person was told and is still true; the same `key`, the same cause.
export interface Notice {
  key: string;
  text: string;
  blocking: boolean;
  action: Action;
}

// `at` of the last complete run; `items` are those that Plex lists. `running`: a run is at work.
export interface Index {
  at: number | null;
  items: number;
  running: boolean;
}

// `setUp` missing: address or token are not given, or make no sense. `hours` are the last 24, the oldest
// first, none left out. `inbox` are rows that no worker has taken.
export interface Overview {
  worker: Worker;
  plex: Plex;
  setUp: SetUp;
  counts: Counts;
  inbox: number;
  orders: readonly OrderRow[];
  hours: readonly Hour[];
  notices: readonly Notice[];
  index: Index;
}

// `before` as `next` of an answer gives it; at most 50 rows.
export interface ActivityArguments {
  before?: number | null;
  limit?: number;
}

// One field of one item; lists are joined by ", ". A picture's field is posters or arts, without values.
export interface Change {
  field: string;
  before: string;
  after: string;
}

// An item of Plex. `key` 0: none.
export interface ItemLink {
  key: number;
  title: string;
  url: string;
}

// What became of a scene once. `text` tells why, where it failed. `ms` are milliseconds, `requests` those
// that wrote.
export interface ActivityRow {
  id: number;
  at: number;
  sceneId: number;
  title: string;
  outcome: Outcome;
  text: string;
  changes: readonly Change[];
  item: ItemLink;
  ms: number;
  requests: number;
}

// The newest first.
export interface Activity {
  rows: readonly ActivityRow[];
  next: number | null;
}

// `reason` "" for any of the kind; at most 100 rows.
export interface ProblemsArguments {
  kind?: ProblemKind | null;
  reason?: string;
  after?: number | null;
  limit?: number;
}

export interface KindCount {
  kind: ProblemKind;
  count: number;
}

export interface ReasonCount {
  reason: string;
  count: number;
  advice: string;
}

// An item of Plex that may hold the scene's file `stashPath`. `why` says what speaks for it and against it.
export interface ItemCandidate {
  key: number;
  title: string;
  section: string;
  path: string;
  size: number | null;
  why: string;
  stashPath: string;
  url: string;
}

// A person's word that the item's file `path` is the file `stashPath` of the scene, until it is taken back.
// `title` "": the index does not know the item.
export interface ChosenItem {
  sceneId: number;
  key: number;
  title: string;
  path: string;
  stashPath: string;
  url: string;
}

// A scene (`sceneId`), an order (`orderId`), or with neither an entry of the inbox that nobody can read.
// `choices` are the scene's own, and those that gave one of its candidates to another scene.
export interface ProblemRow {
  id: number;
  sceneId: number | null;
  orderId: number | null;
  state: ProblemState;
  title: string;
  reason: string;
  message: string;
  advice: string;
  attempts: number;
  firstAt: number;
  lastAt: number;
  dueAt: number | null;
  candidates: readonly ItemCandidate[];
  choices: readonly ChosenItem[];
}

// `kinds` are the tabs with their numbers, `reasons` those of the chosen kind.
export interface Problems {
  kinds: readonly KindCount[];
  reasons: readonly ReasonCount[];
  rows: readonly ProblemRow[];
  next: number | null;
}

// `id` of the scene in Stash.
export interface SceneArguments {
  id: number;
}

// `matchedBy` says in words what the match rests on. `certain`: at the exact place, or chosen by a person.
// `path` is the file as Plex names it, `stashPath` as Stash does.
export interface SceneItem {
  key: number;
  title: string;
  section: string;
  url: string;
  matchedBy: string;
  certain: boolean;
  path: string;
  stashPath: string;
}

// One field of one item. `stash` is what PlexSync took from Stash last, `plex` what the index (or the last
// comparison) saw in Plex, null where nobody looked; `before` what stood there before PlexSync wrote. `ours`:
// PlexSync wrote it. `kept`: a person's value stays although Stash has another one.
export interface SceneField {
  itemKey: number;
  name: string;
  stash: string | null;
  plex: string | null;
  before: string | null;
  ours: boolean;
  differs: boolean;
  locked: boolean | null;
  kept: boolean;
}

// How often Plex played the scene's items, and the owner's rating there, 0 to 10.
export interface Plays {
  count: number;
  lastAt: number | null;
  rating: number | null;
}

// `message` and `advice` say why it is not in sync, or "". `candidates` are other items than `items`.
// `choices` as in `ProblemRow`. `comparedAt`: when *Compare with Plex now* looked last.
export interface Scene {
  state: SceneState;
  reason: string;
  message: string;
  advice: string;
  dueAt: number | null;
  items: readonly SceneItem[];
  candidates: readonly ItemCandidate[];
  choices: readonly ChosenItem[];
  fields: readonly SceneField[];
  lastAt: number | null;
  comparedAt: number | null;
  plays: Plays;
}

// `field` "" for any.
export interface PreviewArguments {
  after?: number | null;
  field?: string;
  limit?: number;
}

// `problem` says why the scene cannot be synced, "" where it can.
export interface PreviewRow {
  sceneId: number;
  title: string;
  item: ItemLink;
  problem: string;
  changes: readonly Change[];
}

// Of the last *Preview Changes* that ended; `madeAt` null: there is none. `total` are scenes that would
// change, `byField` how many of them in which field. `sentence` tells of all scenes that were looked at.
export interface Preview {
  madeAt: number | null;
  total: number;
  sentence: string;
  byField: Readonly<Record<string, number>>;
  rows: readonly PreviewRow[];
  next: number | null;
}

// One number of the library under its name (movies, episodes, bytes, duplicates, without poster ...).
export interface Tile {
  name: string;
  value: number;
  unit: Unit;
}

// `shares` by what they are shares of (library, resolution, videoCodec, container): label, items, bytes, the
// largest first. `growth` by month ("2024-03"), the oldest first: items and bytes that were added in it. `at`
// null: there is no index.
export interface Library {
  at: number | null;
  tiles: readonly Tile[];
  shares: Readonly<Record<string, readonly (readonly [string, number, number])[]>>;
  growth: readonly (readonly [string, number, number])[];
}

// Titles of Plex's video libraries. `at`: when Plex was asked for them, null where only the index tells, or
// nothing does.
export interface Libraries {
  titles: readonly string[];
  at: number | null;
}

// `q` as a person types it; "" lists everything of the kind. `kind` null for any.
export interface SearchArguments {
  q?: string;
  kind?: ItemKind | null;
  sort?: SearchSort;
  after?: string;
  limit?: number;
}

// `partOf` names show or artist. `poster`: *posters* has a picture that shows it. `sceneId` null: no scene of
// Stash is matched with it.
export interface SearchRow {
  key: number;
  kind: ItemKind;
  title: string;
  partOf: string;
  section: string;
  year: number | null;
  size: number | null;
  resolution: string;
  codec: string;
  url: string;
  poster: boolean;
  sceneId: number | null;
}

// At most 1 000 rows over all pages.
export interface Search {
  rows: readonly SearchRow[];
  next: string | null;
}

// `keys` of rows of a search that have a poster; of more than 12 the first are answered.
export interface PostersArguments {
  keys: readonly number[];
}

// Small pictures as addresses of the kind `data:`, by rating key; a key without one has no picture that can
// be shown.
export interface Posters {
  pictures: Readonly<Record<string, string>>;
}

// `before` as `next` of an answer gives it, "" for the newest; at most 50 rows.
export interface PlaysArguments {
  before?: string;
  limit?: number;
}

// One play in Plex, at the second that Plex noted. `user` is the name of the `account`, "" where the index
// has none; 1 is the server's owner. `state` planned: Stash is about to be told. waiting: no scene of Stash
// is matched with the item yet. undone: it was taken back. `sceneId` null: it has no scene.
export interface PlayRow {
  at: number;
  account: number;
  user: string;
  sceneId: number | null;
  title: string;
  item: ItemLink;
  state: PlayState;
}

// How many plays of one account stand how; what is planned is among `counted`.
export interface PlayUser {
  account: number;
  user: string;
  counted: number;
  waiting: number;
  undone: number;
  lastAt: number;
}

// The newest first. `rated` are items whose star Stash and Plex have agreed on. `counting`: the worker has
// seen that new plays are to count (setting watch_back), and from when on.
export interface PlaysFromPlex {
  rows: readonly PlayRow[];
  next: string | null;
  users: readonly PlayUser[];
  waiting: number;
  rated: number;
  counting: boolean;
}

// What some orders need besides scenes: `key` of the chosen item, 0 to take the choice back, and `stashPath`
// of the file that is meant (choose), the two paths and `dry` (rule), `reason` (retry and discard of all for
// one reason), `letters` of the list of failed scenes that are no scenes (retry, discard).
export interface OrderDetails {
  key?: number | null;
  stashPath?: string;
  plexPath?: string;
  dry?: boolean;
  reason?: string;
  letters?: readonly number[];
  limit?: number | null;
}

// `ids` of scenes; retry and discard without any mean the whole list, the others need some (but rule, check,
// preview, libraries).
export interface OrderArguments {
  name: OrderName;
  ids?: readonly number[];
  args?: OrderDetails;
}

// What a path rule would do: `rule` as it would be written into the setting path_map, `matched` scenes
// without an item that would have one, of `lookedAt`; `examples` are pairs of paths, as Stash and as Plex
// name the file.
export interface RuleTrial {
  stash: string;
  plex: string;
  rule: string;
  matched: number;
  lookedAt: number;
  examples: readonly (readonly [string, string])[];
}

// `ticket` is "" where nothing was put in: for a trial of a rule (argument `dry`).
export interface OrderGiven {
  ticket: string;
  rule: RuleTrial | null;
}

export interface TicketArguments {
  ticket: string;
}

// One line of *Check Setup*.
export interface ReportLine {
  level: LineLevel;
  text: string;
}

// `done` of `total` scenes; 0 of 0 where an order has none, or nobody knows yet. `text` is what it says of
// itself.
export interface Ticket {
  state: TicketState;
  done: number;
  total: number;
  text: string;
  lines: readonly ReportLine[];
}

// What each operation takes and gives.
export interface Operations {
  overview: { args: NoArguments; data: Overview };
  activity: { args: ActivityArguments; data: Activity };
  problems: { args: ProblemsArguments; data: Problems };
  scene: { args: SceneArguments; data: Scene };
  preview: { args: PreviewArguments; data: Preview };
  library: { args: NoArguments; data: Library };
  libraries: { args: NoArguments; data: Libraries };
  search: { args: SearchArguments; data: Search };
  posters: { args: PostersArguments; data: Posters };
  plays: { args: PlaysArguments; data: PlaysFromPlex };
  order: { args: OrderArguments; data: OrderGiven };
  ticket: { args: TicketArguments; data: Ticket };
}

export type Answer<T> = { v: 1; data: T } | { v: 1; problem: Problem };
