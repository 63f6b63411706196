// The tab of one scene: whether it is in sync, with which item and why, what differs, and what can be done about it.
import * as React from "react";
import { useAnswer, useNow, useOrders } from "./answers";
import { Choices } from "./choices";
import { ago, count, number, until } from "./format";
import { Answered, AskFirst, Button, Empty, PlexLink, WorkLine } from "./pieces";
import { Candidates } from "./problems";
import type { Scene, SceneField, SceneItem } from "./shapes";
import { fieldName, sceneState } from "./words";

const EVERY = 15; // seconds

export function ScenePanel({ sceneId }: { sceneId: number }) {
  const shown = useAnswer("scene", { id: sceneId }, EVERY);
  return (
    <div className="plexsync plexsync-panel">
      <Answered shown={shown} what="this scene">
        {(data) => <Panel scene={data} id={sceneId} />}
      </Answered>
    </div>
  );
}

function Panel({ scene, id }: { scene: Scene; id: number }) {
  const now = useNow();
  const { work, give } = useOrders();
  const [why, setWhy] = React.useState(false);
  const [another, setAnother] = React.useState(false);
  const busy = work.state === "busy";
  return (
    <>
      <h2 className="h5">
        {sceneState(scene.state)}
        {scene.lastAt !== null && <small className="text-muted"> {ago(scene.lastAt, now)}</small>}
      </h2>
      {scene.message && <p className="text-break mb-1">{scene.message}</p>}
      {scene.advice && <p className="text-muted">{scene.advice}</p>}
      {scene.dueAt !== null && <p className="text-muted">Next try {until(scene.dueAt, now)}.</p>}
      <Items items={scene.items} />
      <Choices
        choices={scene.choices}
        sceneId={id}
        takeBack={(chosenFor, stashPath) => give("choose", [chosenFor], { key: 0, stashPath })}
        busy={busy}
      />
      {scene.candidates.length > 0 && (another || scene.items.length === 0) && (
        <Candidates
          name="this scene"
          candidates={scene.candidates}
          choose={(key, stashPath) => give("choose", [id], { key, stashPath })}
          busy={busy}
          again={() => give("sync", [id])}
        />
      )}
      <div className="plexsync-buttons">
        <Button kind="primary" onClick={() => give("sync", [id])} busy={busy}>
          Sync now
        </Button>
        <Button onClick={() => give("compare", [id])} busy={busy}>
          Compare with Plex now
        </Button>
        {scene.items.length > 0 && (
          <Button onClick={() => setWhy(!why)} expanded={why}>
            Why this match
          </Button>
        )}
        {scene.items.length > 0 && scene.candidates.length > 0 && (
          <Button onClick={() => setAnother(!another)} expanded={another}>
            It is another item
          </Button>
        )}
        {scene.fields.some((field) => field.ours) && (
          <AskFirst
            question="Put back what stood in Plex before? The scene is then left alone until it is edited."
            yes="Undo"
            onYes={() => give("undo", [id])}
            busy={busy}
          >
            Undo this scene
          </AskFirst>
        )}
      </div>
      <WorkLine work={work} />
      {why && <Why items={scene.items} />}
      <Fields scene={scene} />
      {scene.plays.count > 0 && (
        <p className="text-muted">
          Played in Plex {count(scene.plays.count, "time")}
          {scene.plays.lastAt !== null && `, last ${ago(scene.plays.lastAt, now)}`}
          {scene.plays.rating !== null && `; rated ${number(scene.plays.rating)} of 10 there`}.
        </p>
      )}
    </>
  );
}

function Items({ items }: { items: readonly SceneItem[] }) {
  if (items.length === 0) return <Empty>No item of Plex is known to hold this scene&rsquo;s file.</Empty>;
  return (
    <ul className="list-unstyled">
      {items.map((item) => (
        <li key={`${item.key} ${item.stashPath}`}>
          {item.section} &gt;{" "}
          <PlexLink url={item.url} title={item.title}>
            {item.title}
          </PlexLink>
        </li>
      ))}
    </ul>
  );
}

function Why({ items }: { items: readonly SceneItem[] }) {
  return (
    <ul className="list-unstyled plexsync-note">
      {items.map((item) => (
        <li key={`${item.key} ${item.stashPath}`} className="text-break">
          <b>{item.title}</b>: {item.matchedBy}
          {item.certain
            ? ", certain."
            : ", the best that was found; a path rule or a choice would make it certain."}
          <div className="small text-muted">
            Stash: {item.stashPath || "–"}
            <br />
            Plex: {item.path || "–"}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Fields({ scene }: { scene: Scene }) {
  const now = useNow();
  const differs = scene.fields.filter((field) => field.differs);
  if (scene.fields.length === 0) return null;
  const seen =
    scene.comparedAt === null
      ? "as the index saw it, or as PlexSync wrote it since"
      : `as seen ${ago(scene.comparedAt, now)}`;
  return (
    <>
      <h3 className="h6">
        {differs.length === 0
          ? "Nothing differs"
          : `Differs: ${differs.map((each) => fieldName(each.name)).join(", ")}`}{" "}
        <small className="text-muted">{seen}</small>
      </h3>
      <table className="table table-sm plexsync-table plexsync-fields">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Stash</th>
            <th scope="col">Plex</th>
          </tr>
        </thead>
        <tbody>
          {scene.fields.map((field) => (
            <FieldLine key={`${field.itemKey} ${field.name}`} field={field} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function FieldLine({ field }: { field: SceneField }) {
  const notes = [
    field.differs && "differs",
    field.kept && "a person's value in Plex stays",
    field.locked && "locked",
    field.ours && "written by PlexSync",
  ].filter(Boolean);
  return (
    <tr className={field.differs ? "plexsync-differs" : ""}>
      <th scope="row">
        {fieldName(field.name)}
        {notes.length > 0 && <div className="small text-muted font-weight-normal">{notes.join(", ")}</div>}
      </th>
      <td className="text-break">{field.stash ?? "–"}</td>
      <td className="text-break">{field.plex ?? "–"}</td>
    </tr>
  );
}
