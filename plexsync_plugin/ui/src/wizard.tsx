// The first run: address and token, a test, the library, the paths, a preview, and everything synced. It ends with a scene that a
// person sees in Plex.
import * as React from "react";
import { Link } from "react-router-dom";
import { useAnswer, useOrders } from "./answers";
import { Changes } from "./changes";
import { Button, PlexLink, WorkLine } from "./pieces";
import { RuleTrialBox } from "./rule";
import { Picks, Row, useStore, type Save } from "./settings";
import { SETTINGS, type Setting } from "./settings_model";
import { missing, textStored } from "./settings_values";
import { ADDRESS, type Stored } from "./stash";

const STEPS = ["Server", "Library", "Paths", "Preview", "Sync"] as const;
const SCENES = 10; // of the preview

interface Given {
  stored: Stored;
  save: Save;
  begin: () => void; // what is missing is filled in step by step, and the wizard is to stay meanwhile
  close: () => void;
}

export function Wizard({ stored, save, begin, close }: Given) {
  const [step, setStep] = React.useState(0);
  const heading = React.useRef<HTMLHeadingElement>(null);
  const started = React.useRef(begin);
  React.useEffect(() => started.current(), []);
  const go = (to: number) => {
    setStep(to);
    window.setTimeout(() => heading.current?.focus(), 0);
  };
  const views = [
    <Server key="server" stored={stored} save={save} next={() => go(1)} />,
    <Library key="library" stored={stored} save={save} next={() => go(2)} />,
    <Paths key="paths" next={() => go(3)} />,
    <Preview key="preview" next={() => go(4)} />,
    <Sync key="sync" close={close} />,
  ];
  return (
    <section aria-labelledby="plexsync-wizard">
      <ol className="plexsync-steps" aria-label="Steps">
        {STEPS.map((name, place) => (
          <li key={name} aria-current={place === step ? "step" : undefined}>
            {place + 1}. {name}
          </li>
        ))}
      </ol>
      <h2 className="h5" id="plexsync-wizard" ref={heading} tabIndex={-1}>
        Step {step + 1} of {STEPS.length}: {STEPS[step]}
      </h2>
      {views[step]}
      <div className="plexsync-buttons">
        {step > 0 && <Button onClick={() => go(step - 1)}>Back</Button>}
        <Button onClick={close}>All settings</Button>
      </div>
    </section>
  );
}

function setting(name: string): Setting {
  const found = SETTINGS.find((each) => each.name === name);
  if (!found) throw new Error(`there is no setting ${name}`);
  return found;
}

function Server({ stored, save, next }: { stored: Stored; save: Save; next: () => void }) {
  const { work, give } = useOrders();
  const lacking = missing(stored);
  const fine = work.state === "done" && !work.lines.some((line) => line.level === "problem");
  return (
    <>
      <p>Where is your Plex server, and what is the token of its owner?</p>
      <Row setting={setting("plex_url")} stored={stored} save={save} />
      <Row setting={setting("plex_token")} stored={stored} save={save} />
      <div className="plexsync-buttons">
        <Button
          kind={fine ? "secondary" : "primary"}
          onClick={() => give("check")}
          busy={lacking.length > 0 || work.state === "busy"}
        >
          Test
        </Button>
        {lacking.length > 0 && (
          <span className="text-muted">
            First give the {lacking.map((each) => each.label.toLowerCase()).join(" and the ")}.
          </span>
        )}
        {work.state !== "idle" && work.state !== "busy" && (
          <Button kind={fine ? "primary" : "secondary"} onClick={next}>
            {fine ? "Next" : "Go on all the same"}
          </Button>
        )}
      </div>
      <WorkLine work={work} />
    </>
  );
}

function Library({ stored, save, next }: { stored: Stored; save: Save; next: () => void }) {
  const library = setting("plex_library");
  const { data } = useAnswer("libraries", {});
  const { work, give } = useOrders();
  const { told, store } = useStore(library, save);
  const ask = React.useRef(() => give("libraries"));
  React.useEffect(() => ask.current(), []);
  const titles = data?.titles ?? [];
  return (
    <>
      <p>
        Which libraries of Plex may PlexSync write to? Given none, it writes to every video library. Other
        libraries are never touched.
      </p>
      {titles.length > 0 ? (
        <fieldset aria-label="Libraries of Plex">
          <Picks titles={titles} text={textStored(library, stored)} store={store} />
        </fieldset>
      ) : (
        (work.state === "done" || work.state === "failed") && (
          <Row setting={library} stored={stored} save={save} />
        )
      )}
      <div role="status">{told}</div>
      <WorkLine work={work} />
      <div className="plexsync-buttons">
        <Button kind="primary" onClick={next}>
          Next
        </Button>
      </div>
    </>
  );
}

function Paths({ next }: { next: () => void }) {
  const { work, give } = useOrders();
  const [pair, setPair] = React.useState({ stash: "", plex: "" });
  const [trying, setTrying] = React.useState(false);
  const field = (side: "stash" | "plex", name: string, example: string) => (
    <label className="d-block">
      {name}
      <input
        className="form-control text-input"
        value={pair[side]}
        placeholder={example}
        spellCheck={false}
        onChange={(event) => {
          setTrying(false);
          setPair({ ...pair, [side]: event.target.value });
        }}
      />
    </label>
  );
  return (
    <>
      <p>
        Stash and Plex may see the same folder under two names. PlexSync finds that out by itself where file
        names and sizes agree; the check looks at ten scenes.
      </p>
      <div className="plexsync-buttons">
        <Button onClick={() => give("check")} busy={work.state === "busy"}>
          Check ten scenes
        </Button>
        <Button kind="primary" onClick={next}>
          Next
        </Button>
      </div>
      <WorkLine work={work} />
      <details>
        <summary>Give a rule for a folder</summary>
        {field("stash", "The folder as Stash names it", "/data/videos")}
        {field("plex", "The same folder as Plex names it", "/media/videos")}
        <Button onClick={() => setTrying(true)} busy={!pair.stash || !pair.plex}>
          See what it would find
        </Button>
        {trying && (
          <RuleTrialBox stashPath={pair.stash} plexPath={pair.plex} close={() => setTrying(false)} />
        )}
      </details>
    </>
  );
}

function Preview({ next }: { next: () => void }) {
  const { work, give } = useOrders();
  const { data } = useAnswer("preview", { limit: SCENES });
  const rows = work.state === "done" ? (data?.rows ?? []) : [];
  return (
    <>
      <p>This is what PlexSync would change for {SCENES} scenes. Nothing is written yet.</p>
      <div className="plexsync-buttons">
        <Button
          kind={work.state === "done" ? "secondary" : "primary"}
          onClick={() => give("preview", [], { limit: SCENES })}
          busy={work.state === "busy"}
        >
          Preview {SCENES}
        </Button>
        <Button kind={work.state === "done" ? "primary" : "secondary"} onClick={next}>
          Next
        </Button>
      </div>
      <WorkLine work={work} />
      {rows.map((row) => (
        <div key={row.sceneId} className="plexsync-problem">
          <b>{row.title}</b>
          {row.problem ? <div>{row.problem}</div> : <Changes changes={row.changes} />}
        </div>
      ))}
    </>
  );
}

function Sync({ close }: { close: () => void }) {
  const { work, run } = useOrders();
  const { data } = useAnswer("activity", { limit: 10 }, work.state === "idle" ? 0 : 5);
  const seen =
    work.state === "idle" ? undefined : data?.rows.find((row) => row.outcome === "written" && row.item.url);
  return (
    <>
      <p>
        Now every scene is compared with Plex, and what differs is written. From then on each edit follows by
        itself.
      </p>
      <div className="plexsync-buttons">
        <Button kind="primary" onClick={() => run("Sync All Scenes")} busy={work.state === "busy"}>
          Sync all
        </Button>
        <Button onClick={close}>Later</Button>
      </div>
      <WorkLine work={work} />
      {seen && (
        <p className="plexsync-note">
          The first is there:{" "}
          <PlexLink url={seen.item.url} title={seen.item.title}>
            see {seen.title || seen.item.title} in Plex
          </PlexLink>
          . Or go <Link to={ADDRESS}>to the overview</Link>.
        </p>
      )}
    </>
  );
}
