// What Plex holds, as the index last saw it: space, growth, and a search in everything.
import * as React from "react";
import { useAnswer, useNow } from "./answers";
import { Bar, Columns } from "./charts";
import { ago, count, month, number, size, span } from "./format";
import { ActionButton, Answered, Empty, Tile } from "./pieces";
import { Search } from "./search";
import type { Library as LibraryData, Tile as TileData } from "./shapes";
import { shareName, tileName } from "./words";

const INDEX = { name: "index", stash: "", plex: "", task: "" } as const;

export function Library() {
  const shown = useAnswer("library", {});
  return (
    <Answered shown={shown} what="the library">
      {(data) => (data.at === null ? <NoIndex /> : <Indexed data={data} at={data.at} />)}
    </Answered>
  );
}

function NoIndex() {
  return (
    <div className="plexsync-note">
      <div>
        There is no index of Plex yet. It is one file with everything that Plex holds; this view and the
        search read it. Making it takes a minute for some 10 000 items, and writes nothing to Plex.
      </div>
      <ActionButton action={INDEX} />
    </div>
  );
}

function Indexed({ data, at }: { data: LibraryData; at: number }) {
  const now = useNow();
  const growth = data.growth.map(([label, items]) => ({ label: month(label), value: items, worse: 0 }));
  return (
    <>
      <Search />
      <section aria-labelledby="plexsync-space">
        <h2 className="h5" id="plexsync-space">
          What there is <small className="text-muted">as of {ago(at, now)}</small>
        </h2>
        <dl className="plexsync-tiles">
          {data.tiles.map((tile) => (
            <Tile key={tile.name} name={tileName(tile.name)} value={tileValue(tile)} />
          ))}
        </dl>
      </section>
      <div className="plexsync-columns-two">
        {Object.entries(data.shares).map(([name, rows]) => (
          <Shares key={name} name={shareName(name)} rows={rows} />
        ))}
      </div>
      {growth.length > 0 && (
        <section aria-labelledby="plexsync-growth">
          <h2 className="h5" id="plexsync-growth">
            Added by month <small className="text-muted">{range(data.growth)}</small>
          </h2>
          <Columns columns={growth} name="Items added by month" />
        </section>
      )}
    </>
  );
}

function tileValue({ value, unit }: TileData): string {
  if (unit === "bytes") return size(value);
  return unit === "seconds" ? span(value) : number(value);
}

function range(growth: LibraryData["growth"]): string {
  const [first, last] = [growth[0], growth[growth.length - 1]];
  return first && last ? `${month(first[0])} to ${month(last[0])}` : "";
}

function Shares({ name, rows }: { name: string; rows: LibraryData["shares"][string] }) {
  const most = Math.max(1, ...rows.map(([, , bytes]) => bytes));
  return (
    <section>
      <table className="table table-sm plexsync-table plexsync-shares">
        <caption className="h5">{name}</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">{name}</th>
            <th scope="col">Items</th>
            <th scope="col">Size</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, items, bytes]) => (
            <tr key={label}>
              <td>
                {label || "unknown"}
                <Bar part={bytes / most} />
              </td>
              <td className="plexsync-figure">{count(items, "item")}</td>
              <td className="plexsync-figure">{size(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <Empty>Nothing is indexed of this.</Empty>}
    </section>
  );
}
