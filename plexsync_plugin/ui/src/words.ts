// The sentences and names that the views have in common, for the words that the answers use. Pure.
import { count, number, span, until } from "./format";
import type { Action, Change, ItemKind, Outcome, Plex, ProblemKind, SceneState, Worker } from "./shapes";

const FIELDS: Record<string, string> = {
  title: "title",
  titleSort: "sort title",
  originalTitle: "original title",
  studio: "studio",
  summary: "summary",
  originallyAvailableAt: "date",
  userRating: "rating",
  contentRating: "content rating",
  genre: "genres",
  actor: "cast",
  collection: "collections",
  director: "directors",
  posters: "poster",
  arts: "background",
};

/** The name of a field as a person knows it from Plex. */
export function fieldName(field: string): string {
  return FIELDS[field] ?? field;
}

const PICTURES = new Set(["posters", "arts"]);

export function isPicture(change: Change): boolean {
  return PICTURES.has(change.field);
}

/** "title, genres and 2 more" */
export function fieldsOf(changes: readonly Change[]): string {
  const names = [...new Set(changes.map((change) => fieldName(change.field)))];
  return names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}

const OUTCOMES: Record<Outcome, string> = {
  written: "Synced",
  failed: "Failed",
  absent: "Not in Plex",
  undone: "Undone",
};

export function outcomeName(outcome: Outcome): string {
  return OUTCOMES[outcome];
}

const SCENE_STATES: Record<SceneState, string> = {
  unknown: "PlexSync has not looked at this scene yet",
  waiting: "Waiting to be synced",
  running: "Being synced",
  synced: "In sync",
  failed: "Failed",
  missing: "Not in Plex yet",
  absent: "Not in Plex",
  discarded: "Taken off the list of failed scenes",
  undone: "Undone, and left alone until it is edited",
};

export function sceneState(state: SceneState): string {
  return SCENE_STATES[state];
}

const KINDS: Record<ProblemKind, string> = {
  ambiguous: "Ambiguous",
  missing: "Not in Plex",
  refused: "Refused",
  orders: "Orders",
};

export function kindName(kind: ProblemKind): string {
  return KINDS[kind];
}

/** A reason is the name of a class of failures: "ItemMissing". */
export function reasonName(reason: string): string {
  const words = reason.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Of the tile; `now` in epoch seconds. */
export function plexSentence(plex: Plex, now: number): { short: string; long: string; good: boolean } {
  const since = plex.since === null ? "" : ` for ${span(Math.max(0, now - plex.since))}`;
  const server = [plex.server, plex.version].filter(Boolean).join(" ");
  switch (plex.state) {
    case "reachable":
      return {
        short: "Reachable",
        long: [server, since && `reachable${since}`].filter(Boolean).join(", "),
        good: true,
      };
    case "doubtful":
      return {
        short: "Answers badly",
        long: "Some requests fail. PlexSync goes on, and looks whether it gets worse.",
        good: false,
      };
    case "away": {
      const next = plex.nextProbe === null ? "" : ` The next look is ${until(plex.nextProbe, now)}.`;
      return {
        short: `Away${since}`,
        long: `Edits are kept and carried over when Plex is back.${next}`,
        good: false,
      };
    }
    case "unknown":
      return {
        short: "Not asked yet",
        long: "PlexSync asks Plex as soon as there is something to do.",
        good: true,
      };
  }
}

export function workerSentence(worker: Worker, now: number): { short: string; long: string; good: boolean } {
  if (worker.alive) {
    const since = worker.since === null ? "" : ` for ${span(Math.max(0, now - worker.since))}`;
    return { short: "Running", long: `Version ${worker.version}${since}`, good: true };
  }
  return {
    short: "Not running",
    long: "It starts with the next edit. What waits stays in the queue.",
    good: false,
  };
}

const ACTIONS: Record<Action["name"], string> = {
  "": "",
  settings: "Open the settings",
  check: "Check the setup",
  index: "Index Plex now",
  wake: "Start the worker",
  rule: "Use this rule",
  retry: "Retry",
  reload: "Try again",
  preview: "Make a preview",
  task: "Run it",
};

export function actionName(action: Action): string {
  return action.name === "task" && action.task ? `Run ${action.task}` : ACTIONS[action.name];
}

const ORDERS: Record<string, string> = {
  sync: "Sync",
  sync_all: "Sync All Scenes",
  sync_recent: "Sync Recent Scenes",
  reconcile: "Reconcile",
  undo: "Undo",
  retry: "Retry",
  discard: "Discard",
  choose: "Choice",
  rule: "Path rule",
  check: "Check Setup",
  preview: "Preview",
  compare: "Comparison",
  libraries: "Libraries",
};

export function orderName(name: string): string {
  return ORDERS[name] ?? name.replace(/_/g, " ");
}

export function ruleSentence(matched: number, lookedAt: number): string {
  if (lookedAt === 0)
    return "No scene waits for a match at the moment; the rule would hold for those to come.";
  if (matched === 0)
    return `None of the ${count(lookedAt, "scene")} without a match would be found by this rule.`;
  return `${number(matched)} of ${count(lookedAt, "scene")} without a match would be found by this rule.`;
}

const SHARES: Record<string, string> = {
  library: "Space by library",
  resolution: "Space by resolution",
  videoCodec: "Space by video codec",
  audioCodec: "Space by audio codec",
  container: "Space by container",
};

export function shareName(name: string): string {
  return SHARES[name] ?? `Space by ${name}`;
}

const TILES: Record<string, string> = {
  bytes: "Space",
  seconds: "Playing time",
  withoutFile: "Without a file",
  withoutPoster: "Without a poster",
  noLongerInPlex: "No longer in Plex",
};

export function tileName(name: string): string {
  return TILES[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
}

const ITEM_KINDS: Record<ItemKind, string> = {
  movie: "films",
  show: "shows",
  season: "seasons",
  episode: "episodes",
  artist: "artists",
  album: "albums",
  track: "tracks",
};

export function kindOfItem(kind: ItemKind): string {
  return ITEM_KINDS[kind];
}
