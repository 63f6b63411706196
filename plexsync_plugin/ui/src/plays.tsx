// What people played and rated in Plex, as it stands in Stash: the last plays, of whom they are, and what waits for its scene.
import * as React from "react";
import { Link } from "react-router-dom";
import { useAnswer, useMore, useNow, useOrders } from "./answers";
import { ago, count, moment, number } from "./format";
import { Answered, Button, Empty, More, PlexLink, SceneLink, Table, WorkLine } from "./pieces";
import type { PlayRow, PlaysFromPlex, PlayState, PlayUser } from "./shapes";
import { SETTINGS } from "./settings_model";
import { switchInForce } from "./settings_values";
import { ADDRESS, storedSettings } from "./stash";

const EVERY = 30; // seconds between two questions while the view is shown
const OWNER = 1; // Plex's number of the server's owner

const STATES: Record<PlayState, string> = {
  counted: "Counted in Stash",
  planned: "Stash is told of it next",
  waiting: "Waits for its scene",
  undone: "Taken back",
};

interface Switches {
  plays: boolean;
  stars: boolean;
}

export function Plays() {
  const shown = useAnswer("plays", {}, EVERY);
  const switches = useSwitches();
  return (
    <>
      {switches && <Off switches={switches} />}
      <Import />
      <Answered shown={shown} what="the plays">
        {(data) => <Everything data={data} switches={switches} />}
      </Answered>
    </>
  );
}

/** What is switched on, by Stash's own word; null while it is not known. */
function useSwitches(): Switches | null {
  const [switches, setSwitches] = React.useState<Switches | null>(null);
  React.useEffect(() => {
    let gone = false;
    storedSettings().then(
      (stored) => {
        const on = (name: string) =>
          SETTINGS.some((setting) => setting.name === name && switchInForce(setting, stored));
        if (!gone) setSwitches({ plays: on("watch_back"), stars: on("ratings_back") });
      },
      () => undefined, // then the list stands for itself
    );
    return () => {
      gone = true;
    };
  }, []);
  return switches;
}

function Off({ switches }: { switches: Switches }) {
  if (switches.plays && switches.stars) return null;
  return (
    <div className="plexsync-note">
      {!switches.plays && (
        <div>
          Plays in Plex do not count in Stash: the setting <em>Plays</em> (<code>watch_back</code>) is off.
        </div>
      )}
      {!switches.stars && (
        <div>
          Stars given in Plex do not become ratings in Stash: the setting <em>Stars</em> (
          <code>ratings_back</code>) is off.
        </div>
      )}
      <Link className="btn btn-secondary btn-sm" to={`${ADDRESS}/settings`}>
        Open the settings
      </Link>
    </div>
  );
}

function Import() {
  const { work, run } = useOrders();
  return (
    <>
      <div className="plexsync-buttons">
        <Button onClick={() => run("Import Plex Plays")} busy={work.state === "busy"}>
          Import…
        </Button>
        <span className="text-muted">
          Plays from before they counted. The first run only lists them, on Stash&rsquo;s log page; a second
          run within an hour imports them.
        </span>
      </div>
      <WorkLine work={work} />
    </>
  );
}

function Everything({ data, switches }: { data: PlaysFromPlex; switches: Switches | null }) {
  const now = useNow();
  const { rows, more } = useMore(
    "plays",
    data,
    (before) => ({ before }),
    (row) => `${row.at} ${row.account} ${row.item.key}`,
  );
  return (
    <>
      {data.waiting > 0 && (
        <p>
          {count(data.waiting, "play")} of items without a scene in Stash: each counts when its scene is
          found.
        </p>
      )}
      {data.rated > 0 && <p>{count(data.rated, "item")} with the same rating in Plex and in Stash.</p>}
      {data.users.length > 0 && <Users users={data.users} now={now} />}
      {rows.length > 0 ? (
        <Rows rows={rows} now={now} />
      ) : (
        switches?.plays !== false && (
          <Empty>
            {data.counting
              ? "Nothing yet. Play something in Plex, and it appears here when it counts."
              : "Nothing yet. Plays count from the worker's first look at Plex on."}
          </Empty>
        )
      )}
      <More more={more} />
    </>
  );
}

function userName({ account, user }: { account: number; user: string }): string {
  return user || (account === OWNER ? "Owner" : `Account ${account}`);
}

function Users({ users, now }: { users: readonly PlayUser[]; now: number }) {
  return (
    <ul className="list-unstyled" aria-label="Plays by user">
      {users.map((each) => (
        <li key={each.account}>
          <b>{userName(each)}</b> {number(each.counted)} counted
          {each.waiting > 0 && `, ${number(each.waiting)} waiting`}
          {each.undone > 0 && `, ${number(each.undone)} taken back`}, last {ago(each.lastAt, now)}
        </li>
      ))}
    </ul>
  );
}

function Rows({ rows, now }: { rows: readonly PlayRow[]; now: number }) {
  return (
    <Table heads={["When", "Who", "What", "In Stash"]}>
      {rows.map((row) => (
        <tr key={`${row.at} ${row.account} ${row.item.key}`}>
          <td className="plexsync-when">{moment(row.at, now)}</td>
          <td>{userName(row)}</td>
          <td>
            {row.sceneId === null ? (
              row.item.title || `Item ${row.item.key} of Plex`
            ) : (
              <SceneLink id={row.sceneId} title={row.title || row.item.title} />
            )}{" "}
            <PlexLink url={row.item.url} title={row.item.title || `item ${row.item.key}`}>
              {row.item.url && "Plex"}
            </PlexLink>
          </td>
          <td>{STATES[row.state]}</td>
        </tr>
      ))}
    </Table>
  );
}
