// What PlexSync could not do by itself, with what a person can decide about each.
import * as React from "react";
import { NavLink, useParams } from "react-router-dom";
import { useAnswer, useMore, useNow, useOrders } from "./answers";
import { Choices, TakeBackButton } from "./choices";
import { ago, count, number, size, until } from "./format";
import { Answered, AskFirst, Button, Empty, More, PlexLink, SceneLink, WorkLine } from "./pieces";
import { RuleTrialBox } from "./rule";
import { ADDRESS } from "./stash";
import type { ItemCandidate, ProblemKind, ProblemRow, Problems as ProblemsData } from "./shapes";
import { kindName, reasonName } from "./words";

const KINDS: readonly ProblemKind[] = ["ambiguous", "missing", "refused", "orders"];
const NONE: Record<ProblemKind, string> = {
  ambiguous: "Every scene has exactly one place in Plex.",
  missing: "Plex has every scene that it was looked for in.",
  refused: "Plex and Stash refused nothing.",
  orders: "Every order was carried out.",
};
const EVERY = 20; // seconds

export function Problems() {
  const asked = useParams<{ kind?: string }>().kind;
  const chosen = KINDS.find((kind) => kind === asked) ?? null;
  const [reason, setReason] = React.useState("");
  const shown = useAnswer("problems", { kind: chosen, reason }, EVERY);
  React.useEffect(() => setReason(""), [chosen]);
  return (
    <Answered shown={shown} what="the problems">
      {(data) => (
        <>
          <Tabs data={data} />
          <Listed key={chosen} data={data} kind={chosen} reason={reason} setReason={setReason} />
        </>
      )}
    </Answered>
  );
}

function Tabs({ data }: { data: ProblemsData }) {
  const counts = new Map(data.kinds.map(({ kind, count: of }) => [kind, of]));
  const all = data.kinds.reduce((sum, each) => sum + each.count, 0);
  return (
    <nav aria-label="Kinds of problems">
      <ul className="nav nav-pills plexsync-pills">
        <li className="nav-item">
          <NavLink exact className="nav-link" to={`${ADDRESS}/problems`}>
            All {number(all)}
          </NavLink>
        </li>
        {KINDS.map((kind) => (
          <li className="nav-item" key={kind}>
            <NavLink className="nav-link" to={`${ADDRESS}/problems/${kind}`}>
              {kindName(kind)} {number(counts.get(kind) ?? 0)}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface ListedGiven {
  data: ProblemsData;
  kind: ProblemKind | null;
  reason: string;
  setReason: (reason: string) => void;
}

function Listed({ data, kind, reason, setReason }: ListedGiven) {
  const now = useNow();
  const { rows, more } = useMore(
    "problems",
    data,
    (after) => ({ kind, reason, after }),
    (row) => row.id,
  );
  const [result, setResult] = React.useState<Result | null>(null);
  const gone = result && !rows.some((row) => row.id === result.row.id) && (
    <ResultBox key={result.row.id} result={result} />
  );
  if (rows.length === 0 && !reason) {
    return (
      <>
        {gone}
        <Empty>
          {kind
            ? NONE[kind]
            : "There are no problems. Whatever comes up stands here, with what to do about it."}
        </Empty>
      </>
    );
  }
  return (
    <>
      {gone}
      <Reasons data={data} reason={reason} setReason={setReason} />
      <All key={reason} reason={reason} data={data} />
      <ul className="list-unstyled">
        {rows.map((row) => (
          <Line key={row.id} row={row} now={now} tell={setResult} />
        ))}
      </ul>
      <More more={more} />
    </>
  );
}

/** What became of a decision, told also when its row has left the list. `stashPath`: a choice was made for this file. */
interface Result {
  row: ProblemRow;
  text: string;
  stashPath: string | null;
}

function ResultBox({ result: { row, text, stashPath } }: { result: Result }) {
  const { work, give } = useOrders();
  return (
    <div className="plexsync-note">
      <div role="status">
        <b>{nameOf(row)}</b>: {text}
      </div>
      {stashPath !== null && work.state !== "done" && (
        <TakeBackButton
          onYes={() => give("choose", [row.sceneId as number], { key: 0, stashPath })}
          busy={work.state === "busy"}
        />
      )}
      <WorkLine work={work} />
    </div>
  );
}

function nameOf(row: ProblemRow): string {
  return row.title || (row.sceneId ? `Scene ${row.sceneId}` : "An entry of the queue");
}

function Reasons({ data, reason, setReason }: Omit<ListedGiven, "kind">) {
  const chosen = data.reasons.find((each) => each.reason === reason);
  return (
    <div className="plexsync-buttons">
      {data.reasons.length > 1 && (
        <>
          <label htmlFor="plexsync-reason" className="mb-0">
            Reason
          </label>
          <select
            id="plexsync-reason"
            className="form-control input-control text-input w-auto"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          >
            <option value="">All</option>
            {data.reasons.map((each) => (
              <option key={each.reason} value={each.reason}>
                {reasonName(each.reason)} ({number(each.count)})
              </option>
            ))}
          </select>
        </>
      )}
      {chosen && <span className="text-muted">{chosen.advice}</span>}
    </div>
  );
}

/** Retry and discard for everything, or for one reason. */
function All({ reason, data }: { reason: string; data: ProblemsData }) {
  const { work, give } = useOrders();
  const busy = work.state === "busy";
  const chosen = data.reasons.filter((each) => !reason || each.reason === reason);
  const all = chosen.reduce((sum, each) => sum + each.count, 0);
  const args = reason ? { reason } : {};
  return (
    <>
      <div className="plexsync-buttons">
        <Button onClick={() => give("retry", [], args)} busy={busy}>
          {reason ? "Retry these" : "Retry all"}
        </Button>
        <AskFirst
          question={`Take ${count(all, "entry", "entries")} off the list? They are left alone until they are edited or everything is synced; Plex stays as it is.`}
          yes="Discard"
          onYes={() => give("discard", [], args)}
          busy={busy}
        >
          {reason ? "Discard these" : "Discard all"}
        </AskFirst>
      </div>
      <WorkLine work={work} />
    </>
  );
}

interface LineGiven {
  row: ProblemRow;
  now: number;
  tell: (result: Result) => void;
}

function Line({ row, now, tell }: LineGiven) {
  const { work, give } = useOrders();
  const [stashPath, setStashPath] = React.useState<string | null>(null);
  const busy = work.state === "busy";
  const name = nameOf(row);
  const result = React.useRef({ row, stashPath });
  result.current = { row, stashPath };
  React.useEffect(() => {
    if (work.state === "done") tell({ ...result.current, text: work.text || "Done." });
  }, [work, tell]);
  const order = (which: "retry" | "discard") =>
    row.sceneId ? give(which, [row.sceneId]) : give(which, [], { letters: [row.id] });
  return (
    <li className="plexsync-problem">
      <div className="plexsync-problem-head">
        <h2 className="h6 mb-0">{row.sceneId ? <SceneLink id={row.sceneId} title={row.title} /> : name}</h2>
        <span className="text-muted small">{when(row, now)}</span>
      </div>
      <div className="text-break">{row.message}</div>
      {row.advice && <div className="text-muted small">{row.advice}</div>}
      <Choices
        choices={row.choices}
        sceneId={row.sceneId}
        takeBack={(chosenFor, path) => give("choose", [chosenFor], { key: 0, stashPath: path })}
        busy={busy}
      />
      {row.candidates.length > 0 && row.sceneId !== null && (
        <Candidates
          name={name}
          candidates={row.candidates}
          choose={(key, path) => {
            setStashPath(path);
            give("choose", [row.sceneId as number], { key, stashPath: path });
          }}
          busy={busy}
          again={() => order("retry")}
        />
      )}
      <div className="plexsync-buttons">
        <Button onClick={() => order("retry")} busy={busy} label={`Retry ${name}`}>
          Retry
        </Button>
        {row.state !== "waiting" && (
          <AskFirst
            question="Leave it alone until it is edited?"
            yes="Discard"
            onYes={() => order("discard")}
            busy={busy}
          >
            Discard
          </AskFirst>
        )}
      </div>
      <WorkLine work={work} />
    </li>
  );
}

function when(row: ProblemRow, now: number): string {
  const tried = row.attempts > 1 ? `, tried ${count(row.attempts, "time")}` : "";
  const next = row.dueAt === null ? "" : `, next ${until(row.dueAt, now)}`;
  return `since ${ago(row.firstAt, now)}${tried}${next}`.replace("since now", "just now");
}

interface CandidatesGiven {
  name: string;
  candidates: readonly ItemCandidate[];
  choose: (key: number, stashPath: string) => void;
  busy: boolean;
  again: () => void; // looks for the scene's item again, by a new rule
}

/** The items that may hold the scene's file: one is chosen, or its folder becomes a rule. */
export function Candidates({ name, candidates, choose, busy, again }: CandidatesGiven) {
  const [chosen, setChosen] = React.useState<ItemCandidate | null>(null);
  const [rule, setRule] = React.useState<ItemCandidate | null>(null);
  const group = React.useRef(`plexsync-${Math.random().toString(36).slice(2)}`).current;
  const same = (one: ItemCandidate, other: ItemCandidate | null) =>
    one.key === other?.key && one.path === other.path && one.stashPath === other.stashPath;
  const picked = candidates.find((each) => same(each, chosen)); // as the newest answer has it
  if (candidates.every((each) => each.key === 0)) return <Sentences candidates={candidates} />;
  return (
    <fieldset className="plexsync-candidates">
      <legend className="h6">Which of these is {name} in Plex?</legend>
      {candidates.map((each, place) => (
        <div key={place} className="plexsync-candidate">
          <input
            type="radio"
            name={group}
            id={`${group}-${place}`}
            checked={same(each, chosen)}
            onChange={() => setChosen(each)}
          />
          <label htmlFor={`${group}-${place}`} className="mb-0">
            <span className="text-break">{each.path || each.title}</span>{" "}
            <span className="text-muted">
              {[each.size === null ? "" : size(each.size), each.why].filter(Boolean).join(", ")}
            </span>
          </label>
          <span className="small">
            {each.section}:{" "}
            <PlexLink url={each.url} title={each.title}>
              {each.title}
            </PlexLink>
          </span>
        </div>
      ))}
      <div className="plexsync-buttons">
        <Button
          kind="primary"
          onClick={() => picked && choose(picked.key, picked.stashPath)}
          busy={busy || !picked}
        >
          Choose
        </Button>
        {picked?.path && picked.stashPath && (
          <Button onClick={() => setRule(picked)}>Make a rule from this pair</Button>
        )}
      </div>
      {rule && (
        <RuleTrialBox
          stashPath={rule.stashPath}
          plexPath={rule.path}
          close={() => setRule(null)}
          saved={again}
        />
      )}
    </fieldset>
  );
}

/** Without an index only the failure's own sentences are known. */
function Sentences({ candidates }: { candidates: readonly ItemCandidate[] }) {
  return (
    <>
      <ul className="mb-1">
        {candidates.map((each, place) => (
          <li key={place} className="text-break">
            {each.title}
          </li>
        ))}
      </ul>
      <p className="text-muted small">With an index of Plex one of them can be chosen here.</p>
    </>
  );
}
