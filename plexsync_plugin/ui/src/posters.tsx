// Small pictures of the rows that are on the screen: asked for a few at a time, and kept while the page is open.
import * as React from "react";
import type { SearchRow } from "./shapes";
import { plugin } from "./stash";

const AT_ONCE = 12; // as many as the plugin answers
const MOST_KEPT = 600; // some two megabytes

const kept = new Map<number, string>(); // by key: the address of the picture, "" where there is none

/** Of a row that has none, nothing; the place of one that is still to come is as large as the picture. */
export function Poster({ row }: { row: SearchRow }) {
  const source = kept.get(row.key);
  if (!row.poster) return null;
  return (
    <span className="plexsync-poster" data-poster={row.key}>
      {source && <img src={source} alt="" />}
    </span>
  );
}

/** The element whose posters are asked for when they come into view; who uses it renders again when there are new ones. */
export function usePosters<E extends HTMLElement>(rows: readonly SearchRow[]): React.RefObject<E> {
  const place = React.useRef<E>(null);
  const [, setRound] = React.useState(0);
  const shown = rows.map((row) => row.key).join();
  React.useEffect(() => {
    const stop = new AbortController();
    const seen = new Set<number>();
    let asking = false;
    async function ask(): Promise<void> {
      if (asking) return;
      asking = true;
      for (let keys = lacking(seen); keys.length > 0; keys = lacking(seen)) {
        const { data } = await plugin.ask("posters", { keys }, stop.signal);
        if (kept.size > MOST_KEPT) kept.clear();
        for (const key of keys) kept.set(key, data?.pictures[key] ?? "");
        setRound((before) => before + 1);
      }
      asking = false;
    }
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const key = Number((target as HTMLElement).dataset["poster"]);
        if (isIntersecting) seen.add(key);
        else seen.delete(key);
      }
      ask().catch(() => undefined); // the rows are gone
    });
    place.current?.querySelectorAll("[data-poster]").forEach((each) => observer.observe(each));
    return () => {
      stop.abort();
      observer.disconnect();
    };
  }, [shown]);
  return place;
}

function lacking(seen: ReadonlySet<number>): number[] {
  return [...seen].filter((key) => !kept.has(key)).slice(0, AT_ONCE);
}
