// Searching everything in Plex as one types. Typing asks anew and lets the question before go.
import * as React from "react";
import { useAnswer, useMore } from "./answers";
import { size } from "./format";
import { Answered, Empty, More, PlexLink, SceneLink, Table } from "./pieces";
import { Poster, usePosters } from "./posters";
import type { ItemKind, SearchRow, SearchSort } from "./shapes";
import { kindOfItem } from "./words";

const WAIT = 250; // milliseconds without a key before it is asked
const KINDS: readonly ItemKind[] = ["movie", "show", "season", "episode", "artist", "album", "track"];
const SORTS: readonly [SearchSort, string][] = [
  ["best", "best first"],
  ["title", "by title"],
  ["size", "largest first"],
  ["added", "newest first"],
];

export function Search() {
  const [typed, setTyped] = React.useState("");
  const [q, setQ] = React.useState("");
  const [kind, setKind] = React.useState<ItemKind | null>(null);
  const [sort, setSort] = React.useState<SearchSort>("best");
  React.useEffect(() => {
    const timer = window.setTimeout(() => setQ(typed.trim()), WAIT);
    return () => window.clearTimeout(timer);
  }, [typed]);
  return (
    <section aria-labelledby="plexsync-search">
      <h2 className="h5" id="plexsync-search">
        Search in Plex
      </h2>
      <div className="plexsync-search" role="search">
        <input
          type="search"
          className="form-control text-input"
          aria-label="Title, file or folder"
          placeholder="Title, file or folder"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <select
          className="form-control input-control text-input"
          aria-label="Kind"
          value={kind ?? ""}
          onChange={(event) => setKind(KINDS.find((each) => each === event.target.value) ?? null)}
        >
          <option value="">everything</option>
          {KINDS.map((each) => (
            <option key={each} value={each}>
              {kindOfItem(each)}
            </option>
          ))}
        </select>
        <select
          className="form-control input-control text-input"
          aria-label="Order"
          value={sort}
          onChange={(event) => setSort(SORTS.find(([each]) => each === event.target.value)?.[0] ?? "best")}
        >
          {SORTS.map(([each, name]) => (
            <option key={each} value={each}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {(q || kind || sort !== "best") && <Found q={q} kind={kind} sort={sort} />}
    </section>
  );
}

function Found({ q, kind, sort }: { q: string; kind: ItemKind | null; sort: SearchSort }) {
  const shown = useAnswer("search", { q, kind, sort });
  const { rows, more } = useMore(
    "search",
    shown.data,
    (after) => ({ q, kind, sort, after }),
    (row) => row.key,
  );
  return (
    <>
      <Answered shown={shown} what="what was found">
        {() => (rows.length > 0 ? <Results rows={rows} /> : <Empty>Nothing in Plex has this.</Empty>)}
      </Answered>
      <More more={more} />
    </>
  );
}

function Results({ rows }: { rows: readonly SearchRow[] }) {
  const place = usePosters<HTMLDivElement>(rows);
  return (
    <div ref={place}>
      <Table heads={["Title", "Library", "File", "Stash"]}>
        {rows.map((row) => (
          <tr key={row.key} className={row.poster ? "plexsync-with-poster" : ""}>
            <td>
              <Poster row={row} />
              <PlexLink url={row.url} title={row.title}>
                {row.title}
              </PlexLink>{" "}
              <span className="text-muted">
                {[row.partOf, row.year, row.kind === "movie" ? "" : row.kind].filter(Boolean).join(", ")}
              </span>
            </td>
            <td>{row.section}</td>
            <td>
              {[row.resolution, row.codec, row.size === null ? "" : size(row.size)]
                .filter(Boolean)
                .join(", ")}
            </td>
            <td>{row.sceneId === null ? "" : <SceneLink id={row.sceneId} title="Scene" />}</td>
          </tr>
        ))}
      </Table>
    </div>
  );
}
