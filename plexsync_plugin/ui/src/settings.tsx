// The settings in their groups: what is in force, what the default is, and what is still missing. In a view of the page, and in
// place of the panel that Stash draws.
import * as React from "react";
import { Link } from "react-router-dom";
import { tellChange, useAnswer, useOrders } from "./answers";
import { Button, Loading, ProblemBox, WorkLine } from "./pieces";
import { problem } from "./asking";
import { GROUPS, SETTINGS, type Setting } from "./settings_model";
import { isUntouched, missing, names, switchInForce, textStored, toStore, withName } from "./settings_values";
import { ADDRESS, ID, saveSettings, storedSettings, useStashSettings, type Stored } from "./stash";
import { Wizard } from "./wizard";

export type Save = (changed: Stored) => Promise<void>;

/** The view of the page. */
export function Settings() {
  const { stored, save, failed, reload } = useOwnSettings();
  const [wizard, setWizard] = React.useState<boolean | null>(null);
  if (failed) return <ProblemBox problem={problem(failed, "reload")} refresh={reload} />;
  if (!stored) return <Loading what="the settings" />;
  if (wizard ?? missing(stored).length > 0) {
    return (
      <Wizard stored={stored} save={save} begin={() => setWizard(true)} close={() => setWizard(false)} />
    );
  }
  return (
    <>
      <CheckSetup />
      <p>
        <Button onClick={() => setWizard(true)}>Set up step by step</Button>
      </p>
      <Groups stored={stored} save={save} />
    </>
  );
}

function CheckSetup() {
  const { work, give } = useOrders();
  return (
    <>
      <div className="plexsync-buttons">
        <Button kind="primary" onClick={() => give("check")} busy={work.state === "busy"}>
          Check setup
        </Button>
        <span className="text-muted">
          Looks at everything that must fit together, and says how to mend what does not.
        </span>
      </div>
      <WorkLine work={work} />
    </>
  );
}

/** In place of the panel that Stash draws in its own Settings. */
export function SettingsPanel() {
  const { plugins, savePluginSettings } = useStashSettings();
  const stored = plugins[ID] ?? {};
  const save: Save = (changed) => {
    savePluginSettings(ID, { ...stored, ...changed });
    return Promise.resolve();
  };
  return (
    <div className="plugin-settings plexsync plexsync-panel">
      <p>
        <Link to={`${ADDRESS}/settings`}>Set up step by step, and check it, on PlexSync&rsquo;s page</Link>
      </p>
      <Groups stored={stored} save={save} />
    </div>
  );
}

function useOwnSettings() {
  const [stored, setStored] = React.useState<Stored | null>(null);
  const [failed, setFailed] = React.useState("");
  const [round, setRound] = React.useState(0);
  React.useEffect(() => {
    let gone = false;
    storedSettings().then(
      (found) => {
        if (gone) return;
        setFailed("");
        setStored(found);
      },
      () => {
        if (!gone) setFailed("Stash does not hand out the settings. Try again.");
      },
    );
    return () => {
      gone = true;
    };
  }, [round]);
  const save: Save = async (changed) => {
    setStored((before) => ({ ...before, ...changed })); // seen at once; Stash says afterwards what it keeps
    try {
      const kept = await saveSettings(changed);
      setStored((before) => ({ ...before, ...kept }));
    } catch (error) {
      setRound((before) => before + 1); // what Stash has is read anew
      throw error;
    }
    tellChange();
  };
  return { stored, save, failed, reload: () => setRound(round + 1) };
}

function Groups({ stored, save }: { stored: Stored; save: Save }) {
  const lacking = missing(stored);
  return (
    <>
      {lacking.length > 0 && (
        <p className="plexsync-note plexsync-note-warning" role="status">
          Still missing: {lacking.map((each) => each.label.toLowerCase()).join(" and ")} of the Plex server.
          Until then edits wait.
        </p>
      )}
      {GROUPS.map((group) => {
        const settings = SETTINGS.filter((each) => each.group === group);
        if (settings.length === 0) return null;
        return (
          <section key={group} aria-label={group}>
            <h2 className="h5">{group}</h2>
            {settings.map((each) => (
              <Row key={each.name} setting={each} stored={stored} save={save} />
            ))}
          </section>
        );
      })}
    </>
  );
}

interface RowGiven {
  setting: Setting;
  stored: Stored;
  save: Save;
}

/** Saves one setting, and says how that went. */
export function useStore(setting: Setting, save: Save) {
  const [told, setTold] = React.useState("");
  const store = (value: unknown) => {
    setTold("Saving…");
    save({ [setting.name]: value }).then(
      () => setTold("Saved."),
      (error: unknown) => setTold(`Not saved: ${(error as Error).message}`),
    );
  };
  return { told, setTold, store };
}

export function Row({ setting, stored, save }: RowGiven) {
  const { told, setTold, store } = useStore(setting, save);
  const id = `plexsync-setting-${setting.name}`;
  const needed = setting.required && isUntouched(stored[setting.name]);
  const Control = { switch: Switch, secret: Secret, text: Text, number: Text }[setting.kind];
  return (
    <div
      className={`plexsync-setting plexsync-setting-${setting.kind}${needed ? " plexsync-setting-needed" : ""}`}
    >
      <div>
        <label htmlFor={id}>
          {setting.label}
          {setting.required && " (required)"}
        </label>
        {!setting.meaning.startsWith("Leave alone") && <Rich text={setting.meaning} />}
        <div className="text-muted small" id={`${id}-default`}>
          {isUntouched(stored[setting.name])
            ? inForce(setting)
            : setting.usual && `Default: ${setting.usual}.`}
          {setting.kind !== "switch" && !setting.required && setting.example && (
            <>
              {" "}
              Example: <Rich text={setting.example} inline />
            </>
          )}
        </div>
      </div>
      <div>
        <Control id={id} setting={setting} stored={stored} store={store} tell={setTold} />
        {setting.name === "plex_library" && <Libraries text={textStored(setting, stored)} store={store} />}
        <span role="status" className="small">
          {told}
        </span>
      </div>
    </div>
  );
}

function inForce(setting: Setting): string {
  return setting.required ? "Not given yet." : `In force: ${setting.usual} (default).`;
}

interface ControlGiven {
  id: string;
  setting: Setting;
  stored: Stored;
  store: (value: unknown) => void;
  tell: (text: string) => void;
}

function Switch({ id, setting, stored, store }: ControlGiven) {
  const on = switchInForce(setting, stored);
  return (
    <span className="custom-control custom-switch">
      <input
        type="checkbox"
        className="custom-control-input"
        id={id}
        checked={on}
        onChange={() => store(!on)}
        aria-describedby={`${id}-default`}
      />
      <span className="custom-control-label" onClick={() => store(!on)} aria-hidden="true">
        {on ? "on" : "off"}
      </span>
    </span>
  );
}

/** Saved when the field is left, or by Enter. */
function Text({ id, setting, stored, store, tell }: ControlGiven) {
  const saved = textStored(setting, stored);
  const [typed, setTyped] = React.useState(saved);
  React.useEffect(() => setTyped(saved), [saved]);
  const leave = () => {
    if (typed.trim() === saved) return;
    const value = toStore(setting, typed);
    if (value === null) tell("This is to be a number above zero.");
    else store(value);
  };
  return (
    <input
      id={id}
      className="form-control text-input"
      value={typed}
      placeholder={setting.required ? setting.example.replace(/`/g, "") : setting.usual}
      inputMode={setting.kind === "number" ? "decimal" : "text"}
      aria-describedby={`${id}-default`}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === "Enter") leave();
      }}
    />
  );
}

/** The token is never put into the page: the field is empty, and only what is typed anew is saved. */
function Secret({ id, setting, stored, store }: ControlGiven) {
  const given = !isUntouched(stored[setting.name]);
  const [typed, setTyped] = React.useState("");
  const save = () => {
    if (!typed.trim()) return;
    store(typed.trim());
    setTyped("");
  };
  return (
    <input
      id={id}
      type="password"
      className="form-control text-input"
      value={typed}
      placeholder={given ? "••••••••  given; type a new one to change it" : "not given"}
      autoComplete="new-password"
      aria-describedby={`${id}-default`}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === "Enter") save();
      }}
    />
  );
}

/** The libraries that Plex has, to be picked; as text they can be given in any case. */
function Libraries({ text, store }: { text: string; store: (text: string) => void }) {
  const { data } = useAnswer("libraries", {});
  const { work, give } = useOrders();
  return (
    <>
      <Picks titles={data?.titles ?? []} text={text} store={store} />
      <Button onClick={() => give("libraries")} busy={work.state === "busy"}>
        Ask Plex for its libraries
      </Button>
      <WorkLine work={work} />
    </>
  );
}

interface PicksGiven {
  titles: readonly string[];
  text: string; // of the setting
  store: (text: string) => void;
}

export function Picks({ titles, text, store }: PicksGiven) {
  const chosen = new Set(names(text));
  return (
    <>
      {titles.map((title) => (
        <div key={title} className="form-check">
          <input
            type="checkbox"
            className="form-check-input"
            id={`plexsync-library-${title}`}
            checked={chosen.has(title)}
            onChange={(event) => store(withName(text, title, event.target.checked))}
          />
          <label className="form-check-label font-weight-normal" htmlFor={`plexsync-library-${title}`}>
            {title}
          </label>
        </div>
      ))}
    </>
  );
}

/** Text with `code` and [links](https://…). */
function Rich({ text, inline = false }: { text: string; inline?: boolean }) {
  const parts = text.split(/(`[^`]+`|\[[^\]]+\]\(https:[^)]+\))/);
  const shown = parts.map((part, place) => {
    const link = /^\[([^\]]+)\]\((https:[^)]+)\)$/.exec(part);
    if (link) {
      return (
        <a key={place} href={link[2]} target="_blank" rel="noreferrer noopener">
          {link[1]}
        </a>
      );
    }
    return part.startsWith("`") ? <code key={place}>{part.slice(1, -1)}</code> : part;
  });
  return inline ? <>{shown}</> : <div className="plexsync-rich">{shown}</div>;
}
