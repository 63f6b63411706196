// What Sync All Scenes would change, as the last preview saw it: by field, scene by scene, each of them to be synced alone.
import * as React from "react";
import { useAnswer, useMore, useNow, useOrders } from "./answers";
import { Changes } from "./changes";
import { ago, count, number } from "./format";
import { Answered, Button, Empty, More, PlexLink, SceneLink, Table, WorkLine } from "./pieces";
import type { Preview as PreviewData, PreviewRow } from "./shapes";
import { fieldName } from "./words";

export function Preview() {
  const [field, setField] = React.useState("");
  const shown = useAnswer("preview", { field });
  const { work, give } = useOrders();
  return (
    <>
      <div className="plexsync-buttons">
        <Button onClick={() => give("preview")} busy={work.state === "busy"}>
          Make anew
        </Button>
        <span className="text-muted">Looks at every scene and writes nothing.</span>
      </div>
      <WorkLine work={work} />
      <Answered shown={shown} what="the preview">
        {(data) =>
          data.madeAt === null ? (
            <Empty>
              There is no preview yet. It shows what PlexSync would change in Plex, before it does.
            </Empty>
          ) : (
            <Made data={data} madeAt={data.madeAt} field={field} setField={setField} />
          )
        }
      </Answered>
    </>
  );
}

interface MadeGiven {
  data: PreviewData;
  madeAt: number;
  field: string;
  setField: (field: string) => void;
}

function Made({ data, madeAt, field, setField }: MadeGiven) {
  const now = useNow();
  const { rows, more } = useMore(
    "preview",
    data,
    (after) => ({ field, after }),
    (row) => row.sceneId,
  );
  const fields = Object.entries(data.byField).sort(([, one], [, other]) => other - one);
  return (
    <>
      <p>
        Made {ago(madeAt, now)}: {count(data.total, "scene")} would change.{" "}
        <span className="text-muted">{data.sentence}</span>
      </p>
      <div
        className="plexsync-buttons"
        role="group"
        aria-label="Only the scenes in which this field would change"
      >
        <Pick name="All" value="" chosen={field} choose={setField} />
        {fields.map(([name, of]) => (
          <Pick
            key={name}
            name={`${fieldName(name)} ${number(of)}`}
            value={name}
            chosen={field}
            choose={setField}
          />
        ))}
      </div>
      {rows.length === 0 ? (
        <Empty>Nothing would change: Plex shows everything as Stash has it.</Empty>
      ) : (
        <Table heads={["Scene", "What would change"]} toDo>
          {rows.map((row) => (
            <Line key={row.sceneId} row={row} />
          ))}
        </Table>
      )}
      <More more={more} />
    </>
  );
}

function Pick({
  name,
  value,
  chosen,
  choose,
}: {
  name: string;
  value: string;
  chosen: string;
  choose: (value: string) => void;
}) {
  return (
    <button
      type="button"
      className={`btn btn-sm ${chosen === value ? "btn-primary" : "btn-secondary"}`}
      aria-pressed={chosen === value}
      onClick={() => choose(value)}
    >
      {name}
    </button>
  );
}

function Line({ row }: { row: PreviewRow }) {
  const { work, give } = useOrders();
  return (
    <tr>
      <td>
        <SceneLink id={row.sceneId} title={row.title} />
      </td>
      <td>
        {row.problem || <Changes changes={row.changes} />}
        <WorkLine work={work} />
      </td>
      <td className="plexsync-actions">
        <PlexLink url={row.item.url} title={row.item.title}>
          {row.item.url && "Plex"}
        </PlexLink>
        {!row.problem && (
          <Button
            onClick={() => give("sync", [row.sceneId])}
            busy={work.state === "busy"}
            label={`Sync this one: ${row.title || `scene ${row.sceneId}`}`}
          >
            Sync this one
          </Button>
        )}
      </td>
    </tr>
  );
}
