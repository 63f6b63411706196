// What every view is made of: its states, tiles, what an order says of itself, links into Stash and Plex.
import * as React from "react";
import { Link } from "react-router-dom";
import type { ReactNode } from "react";
import { tellChange, useOrders, type Orders, type Shown, type Work } from "./answers";
import { number } from "./format";
import { RuleTrialBox } from "./rule";
import { ADDRESS } from "./stash";
import type { Action, Problem } from "./shapes";
import { actionName } from "./words";

export function Loading({ what }: { what: string }) {
  return (
    <p className="text-muted py-3" role="status">
      Loading {what}…
    </p>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return <p className="text-muted py-3">{children}</p>;
}

/** A problem in words, with what can be done about it. */
export function ProblemBox({ problem, refresh }: { problem: Problem; refresh?: () => void }) {
  return (
    <div className="plexsync-note plexsync-note-warning" role="alert">
      <div>{problem.text}</div>
      <ActionButton action={problem.action} {...(refresh ? { refresh } : {})} />
    </div>
  );
}

/** What is shown of an answer: the last one stays while a newer question has a problem. */
export function Answered<T>({
  shown,
  what,
  children,
}: {
  shown: Shown<T>;
  what: string;
  children: (data: T) => ReactNode;
}) {
  return (
    <>
      {shown.problem && <ProblemBox problem={shown.problem} refresh={shown.refresh} />}
      {shown.data !== null ? children(shown.data) : !shown.problem && <Loading what={what} />}
    </>
  );
}

export function ActionButton({ action, refresh }: { action: Action; refresh?: () => void }) {
  const orders = useOrders();
  const [rule, setRule] = React.useState(false);
  const name = actionName(action);
  if (!name) return null;
  if (action.name === "settings" || action.name === "preview") {
    return (
      <Link className="btn btn-secondary btn-sm" to={`${ADDRESS}/${action.name}`}>
        {name}
      </Link>
    );
  }
  const act = () => {
    if (action.name === "rule") setRule(true);
    else if (action.name === "reload") (refresh ?? tellChange)();
    else if (action.name === "wake") orders.wake();
    else if (action.name === "task") orders.run(action.task);
    else if (action.name === "index") orders.run("Index Plex Library");
    else orders.give(action.name === "check" ? "check" : "retry");
  };
  return (
    <>
      <Button onClick={act} busy={orders.work.state === "busy"}>
        {name}
      </Button>
      <WorkLine work={orders.work} />
      {rule && <RuleTrialBox stashPath={action.stash} plexPath={action.plex} close={() => setRule(false)} />}
    </>
  );
}

interface ButtonGiven {
  onClick: () => void;
  children: ReactNode;
  kind?: "primary" | "secondary" | "danger";
  busy?: boolean;
  label?: string; // where the text alone does not say which of many is meant
  expanded?: boolean;
}

export function Button({ onClick, children, kind = "secondary", busy, label, expanded }: ButtonGiven) {
  return (
    <button
      type="button"
      className={`btn btn-${kind} btn-sm`}
      onClick={onClick}
      disabled={busy}
      aria-label={label}
      aria-expanded={expanded}
    >
      {children}
    </button>
  );
}

/** Asks once more before it does what cannot be taken back by the same button. */
export function AskFirst({
  children,
  question,
  yes,
  onYes,
  busy,
}: {
  children: ReactNode;
  question: string;
  yes: string;
  onYes: () => void;
  busy?: boolean;
}) {
  const [asked, setAsked] = React.useState(false);
  if (!asked) {
    return (
      <Button onClick={() => setAsked(true)} busy={busy ?? false}>
        {children}
      </Button>
    );
  }
  const answer = (meant: boolean) => {
    setAsked(false);
    if (meant) onYes();
  };
  return (
    <span className="plexsync-ask" role="group" aria-label={question}>
      <span>{question}</span>
      <Button kind="danger" onClick={() => answer(true)}>
        {yes}
      </Button>
      <Button onClick={() => answer(false)}>No</Button>
    </span>
  );
}

/** What an order says of itself while the worker does it, and after. */
export function WorkLine({ work }: { work: Work }) {
  const text =
    work.text || (work.state === "busy" ? "Given to the worker." : work.state === "done" ? "Done." : "");
  return (
    <div role="status" className={`plexsync-work plexsync-work-${work.state}`}>
      {work.state !== "idle" && (
        <>
          <span>{text}</span>
          {work.state === "busy" && work.total > 0 && (
            <Progress done={work.done} total={work.total} label={text} />
          )}
          {work.lines.length > 0 && (
            <ul className="list-unstyled mb-0">
              {work.lines.map((line, place) => (
                <li key={place} className={`plexsync-line-${line.level}`}>
                  <LevelMark level={line.level} /> {line.text.replace(/^(Good|Note|Problem): /, "")}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </div>
  );
}

function LevelMark({ level }: { level: "good" | "note" | "problem" }) {
  const [mark, name] = { good: ["✓", "Good:"], note: ["•", "Note:"], problem: ["✗", "Problem:"] }[level] as [
    string,
    string,
  ];
  return (
    <>
      <span aria-hidden="true">{mark}</span>
      <span className="sr-only">{name}</span>
    </>
  );
}

export function Progress({ done, total, label }: { done: number; total: number; label: string }) {
  const percent = total > 0 ? Math.min(100, Math.round((100 * done) / total)) : 0;
  return (
    <div className="plexsync-progress">
      <div
        role="progressbar"
        aria-label={label}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        style={{ width: `${percent}%` }}
      />
    </div>
  );
}

export function Tile({
  name,
  value,
  text,
  to,
  good = true,
}: {
  name: string;
  value: string;
  text?: string;
  to?: string;
  good?: boolean;
}) {
  const shown = to ? <Link to={`${ADDRESS}/${to}`}>{value}</Link> : value;
  return (
    <div className={`plexsync-tile${good ? "" : " plexsync-tile-warning"}`}>
      <dt>{name}</dt>
      <dd className="plexsync-value">{shown}</dd>
      {text && <dd className="text-muted small">{text}</dd>}
    </div>
  );
}

export function SceneLink({ id, title }: { id: number; title: string }) {
  return <Link to={`/scenes/${id}`}>{title || `Scene ${number(id)}`}</Link>;
}

/** Only to web pages: an address is what a server said. */
export function PlexLink({ url, title, children }: { url: string; title: string; children: ReactNode }) {
  if (!/^https?:\/\//.test(url)) return <>{children}</>;
  return (
    <a href={url} target="_blank" rel="noreferrer noopener" title={`Open ${title} in Plex`}>
      {children}
      <span className="sr-only"> (opens in Plex)</span>
    </a>
  );
}

/** A table whose rows stand below each other on a phone. `toDo`: a last column has buttons and links, and no name that is shown. */
export function Table({
  heads,
  toDo = false,
  children,
}: {
  heads: readonly string[];
  toDo?: boolean;
  children: ReactNode;
}) {
  return (
    <table className="table table-sm plexsync-table plexsync-stack">
      <thead>
        <tr>
          {heads.map((head) => (
            <th scope="col" key={head}>
              {head}
            </th>
          ))}
          {toDo && (
            <th scope="col">
              <span className="sr-only">To do</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

export function More({ more }: { more: (() => void) | null }) {
  return more && <Button onClick={more}>Show more</Button>;
}

export type { Orders };
