// The first view: how Plex, worker and scenes stand, what needs a person, what was done last.
import * as React from "react";
import { Link } from "react-router-dom";
import { useAnswer, useMore, useNow, useOrders, type Orders, type Shown } from "./answers";
import { Changes } from "./changes";
import { Columns } from "./charts";
import { ago, count, hour, moment, number } from "./format";
import {
  ActionButton,
  Answered,
  AskFirst,
  Button,
  Empty,
  More,
  PlexLink,
  Progress,
  SceneLink,
  Table,
  Tile,
  WorkLine,
} from "./pieces";
import { missing } from "./settings_values";
import { ADDRESS, storedSettings } from "./stash";
import type {
  Activity,
  ActivityRow,
  Hour,
  Index,
  Notice,
  OrderRow,
  Overview as OverviewData,
} from "./shapes";
import { fieldsOf, orderName, outcomeName, plexSentence, workerSentence } from "./words";

const EVERY = 10; // seconds between two questions while the view is shown
const ROWS = 10;

export function Overview() {
  const shown = useAnswer("overview", {}, EVERY);
  const activity = useAnswer("activity", { limit: ROWS }, EVERY); // at once, and not when the first has been answered
  const needed = useNeeded(shown.data?.setUp === "unknown");
  return (
    <Answered shown={shown} what="the overview">
      {(data) =>
        data.setUp === "missing" || needed ? <FirstRun /> : <Everything data={data} activity={activity} />
      }
    </Answered>
  );
}

/** Whether address or token are missing, by Stash's own word: before its first run the plugin knows nothing. */
function useNeeded(unknown: boolean): boolean {
  const [needed, setNeeded] = React.useState(false);
  React.useEffect(() => {
    let gone = false;
    if (!unknown) setNeeded(false);
    else {
      storedSettings().then(
        (stored) => {
          if (!gone) setNeeded(missing(stored).length > 0);
        },
        () => undefined, // then the overview stands for itself
      );
    }
    return () => {
      gone = true;
    };
  }, [unknown]);
  return needed;
}

function FirstRun() {
  return (
    <div className="plexsync-note">
      <h2 className="h5">PlexSync does not know your Plex server yet</h2>
      <p>
        It needs the server&rsquo;s address and a token. Nothing is written to Plex before you have seen a
        preview.
      </p>
      <Link className="btn btn-primary" to={`${ADDRESS}/settings`}>
        Set it up
      </Link>
    </div>
  );
}

function Everything({ data, activity }: { data: OverviewData; activity: Shown<Activity> }) {
  const orders = useOrders();
  return (
    <>
      <Tiles data={data} orders={orders} />
      {data.notices.map((notice) => (
        <NoticeBox key={notice.key} notice={notice} />
      ))}
      <Buttons orders={orders} />
      <WorkLine work={orders.work} />
      {data.orders.length > 0 && <OrderList orders={data.orders} />}
      <Day hours={data.hours} />
      <LastActivity shown={activity} />
    </>
  );
}

function Tiles({ data, orders }: { data: OverviewData; orders: Orders }) {
  const now = useNow();
  const plex = plexSentence(data.plex, now);
  const worker = workerSentence(data.worker, now);
  const { counts } = data;
  return (
    <>
      <dl className="plexsync-tiles">
        <Tile name="Plex" value={plex.short} text={plex.long} good={plex.good} />
        <Tile name="Worker" value={worker.short} text={worker.long} good={worker.good} />
        <Tile name="In sync" value={number(counts.synced)} />
        <Tile name="Waiting" value={number(counts.waiting + data.inbox)} {...waitingText(data)} />
        <Tile name="Failed" value={number(counts.failed)} to="problems" good={counts.failed === 0} />
        <Tile name="Index" {...indexTile(data.index, now)} to="library" />
      </dl>
      {!data.worker.alive && (
        <p className="plexsync-buttons">
          <Button onClick={orders.wake} busy={orders.work.state === "busy"}>
            Start the worker
          </Button>
        </p>
      )}
      {data.plex.state !== "away" && data.index.at === null && !data.index.running && (
        <p className="text-muted">
          There is no index of Plex yet. Scenes are found without it, but slower; <em>Index</em> makes one.
        </p>
      )}
    </>
  );
}

function waitingText({ counts }: OverviewData): { text?: string } {
  const parts = [
    counts.running > 0 && `${number(counts.running)} in hand`,
    counts.missing > 0 && `${number(counts.missing)} not in Plex yet`,
    counts.absent > 0 && `besides: ${count(counts.absent, "scene")} Plex does not have`,
  ].filter(Boolean);
  return parts.length > 0 ? { text: parts.join(", ") } : {};
}

function indexTile(index: Index, now: number): { value: string; text?: string } {
  const items = count(index.items, "item");
  if (index.running) return { value: "Being made", text: items };
  if (index.at === null) return { value: "None yet" };
  return { value: ago(index.at, now), text: items };
}

function NoticeBox({ notice }: { notice: Notice }) {
  return (
    <div className={`plexsync-note${notice.blocking ? " plexsync-note-warning" : ""}`}>
      <div>{notice.text}</div>
      <ActionButton action={notice.action} />
    </div>
  );
}

function Buttons({ orders }: { orders: Orders }) {
  const busy = orders.work.state === "busy";
  return (
    <div className="plexsync-buttons" role="group" aria-label="What PlexSync can do now">
      <AskFirst
        question="Compare every scene with Plex, and write what differs?"
        yes="Sync all"
        onYes={() => orders.run("Sync All Scenes")}
        busy={busy}
      >
        Sync all
      </AskFirst>
      <Button onClick={() => orders.run("Reconcile")} busy={busy}>
        Reconcile
      </Button>
      <Button onClick={() => orders.run("Index Plex Library")} busy={busy}>
        Index
      </Button>
      <Button onClick={() => orders.give("check")} busy={busy}>
        Check setup
      </Button>
    </div>
  );
}

function OrderList({ orders }: { orders: readonly OrderRow[] }) {
  return (
    <ul className="list-unstyled">
      {orders.map((order) => (
        <li key={order.ticket || order.name}>
          {orderName(order.name)}
          {order.total > 0 && `: ${number(order.done)} of ${number(order.total)}`}
          {order.text && ` – ${order.text}`}
          {order.total > 0 && (
            <Progress done={order.done} total={order.total} label={orderName(order.name)} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Day({ hours }: { hours: readonly Hour[] }) {
  const ok = hours.reduce((sum, each) => sum + each.ok, 0);
  const failed = hours.reduce((sum, each) => sum + each.failed, 0);
  const columns = hours.map((each) => ({ label: hour(each.t), value: each.ok, worse: each.failed }));
  return (
    <section aria-labelledby="plexsync-day">
      <h2 className="h5" id="plexsync-day">
        Last 24 hours: {number(ok)} synced, {number(failed)} failed
      </h2>
      {ok + failed > 0 && <Columns columns={columns} name="Scenes by hour" />}
    </section>
  );
}

function LastActivity({ shown }: { shown: Shown<Activity> }) {
  const { rows, more } = useMore(
    "activity",
    shown.data,
    (before) => ({ before, limit: 50 }),
    (row) => row.id,
  );
  return (
    <section aria-labelledby="plexsync-last">
      <h2 className="h5" id="plexsync-last">
        Done last
      </h2>
      <Answered shown={shown} what="what was done last">
        {() => (rows.length > 0 ? <ActivityTable rows={rows} /> : <NothingYet />)}
      </Answered>
      <More more={more} />
    </section>
  );
}

function NothingYet() {
  return <Empty>Nothing yet. Edit a scene in Stash, and it appears here when it is in Plex.</Empty>;
}

function ActivityTable({ rows }: { rows: readonly ActivityRow[] }) {
  const now = useNow();
  return (
    <Table heads={["When", "Scene", "What"]} toDo>
      {rows.map((row) => (
        <ActivityLine key={row.id} row={row} now={now} />
      ))}
    </Table>
  );
}

function ActivityLine({ row, now }: { row: ActivityRow; now: number }) {
  const orders = useOrders();
  const [open, setOpen] = React.useState(false);
  const what = row.changes.length > 0 ? fieldsOf(row.changes) : row.text;
  return (
    <tr>
      <td className="plexsync-when">{moment(row.at, now)}</td>
      <td>
        <SceneLink id={row.sceneId} title={row.title} />
      </td>
      <td>
        <b>{outcomeName(row.outcome)}</b> {what}
        {row.changes.length > 0 && (
          <>
            {" "}
            <Button
              onClick={() => setOpen(!open)}
              expanded={open}
              label={`${open ? "Less" : "More"} about ${row.title || `scene ${row.sceneId}`}`}
            >
              {open ? "Less" : "More"}
            </Button>
          </>
        )}
        {open && <Changes changes={row.changes} />}
        <WorkLine work={orders.work} />
      </td>
      <td className="plexsync-actions">
        <PlexLink url={row.item.url} title={row.item.title}>
          {row.item.url && "Plex"}
        </PlexLink>
        {row.outcome === "written" && (
          <AskFirst
            question="Put back what stood in Plex before?"
            yes="Undo"
            onYes={() => orders.give("undo", [row.sceneId])}
            busy={orders.work.state === "busy"}
          >
            Undo
          </AskFirst>
        )}
      </td>
    </tr>
  );
}
