// How a view gets its answers and stays current: what was shown stays until something newer is there, so nothing flickers.
import * as React from "react";
import type { Name } from "./asking";
import type { Operations, OrderDetails, OrderName, Problem, RuleTrial, Ticket } from "./shapes";
import { findJob, plugin, runTask } from "./stash";

type Data<O extends Name> = Operations[O]["data"];
type Args<O extends Name> = Operations[O]["args"];

export interface Shown<T> {
  data: T | null; // null only before the first answer
  problem: Problem | null; // of the last question
  refresh: () => void;
}

const remembered = new Map<string, unknown>(); // what each question was answered last, for a view that is opened again
const changeListeners = new Set<() => void>();

/** Something was done: every view that is shown asks anew. */
export function tellChange(): void {
  for (const listener of changeListeners) listener();
}

/** `every` in seconds: asked again while the page is visible; 0: only when something was done. */
export function useAnswer<O extends Name>(operation: O, args: Args<O>, every = 0): Shown<Data<O>> {
  const key = `${operation} ${JSON.stringify(args)}`;
  const [shown, setShown] = React.useState<{ data: Data<O> | null; problem: Problem | null }>(() => ({
    data: (remembered.get(key) as Data<O> | undefined) ?? null,
    problem: null,
  }));
  const [round, setRound] = React.useState(0);
  const refresh = React.useCallback(() => setRound((before) => before + 1), []);

  React.useEffect(() => {
    changeListeners.add(refresh);
    return () => void changeListeners.delete(refresh);
  }, [refresh]);

  React.useEffect(() => {
    const stop = new AbortController();
    let timer: number | undefined;
    const kept = remembered.get(key) as Data<O> | undefined;
    if (kept !== undefined)
      setShown((before) => (before.data === kept ? before : { data: kept, problem: null }));
    const again = () => {
      if (document.visibilityState === "hidden") timer = window.setTimeout(again, every * 1000);
      else refresh();
    };
    plugin.ask(operation, JSON.parse(key.slice(operation.length + 1)) as Args<O>, stop.signal).then(
      (told) => {
        if (stop.signal.aborted) return;
        if (told.problem) setShown((before) => ({ data: before.data, problem: told.problem }));
        else {
          remembered.set(key, told.data);
          setShown({ data: told.data, problem: null });
        }
        if (every > 0) timer = window.setTimeout(again, every * 1000);
      },
      () => undefined, // asked no more
    );
    return () => {
      stop.abort();
      window.clearTimeout(timer);
    };
  }, [operation, key, every, round, refresh]);

  return { ...shown, refresh };
}

type Paged = "activity" | "problems" | "preview" | "search" | "plays";

/** Of what is not to end when its view is left: Stash would kill the process that just stores an order. */
const LASTING = new AbortController().signal;

/** The rows of a first page, and of those that a person asked for after it. */
export function useMore<O extends Paged, R = Data<O>["rows"][number]>(
  operation: O,
  first: Data<O> | null,
  argsAfter: (after: NonNullable<Data<O>["next"]>) => Args<O>,
  id: (row: R) => number | string,
): { rows: readonly R[]; more: (() => void) | null } {
  type Rows = readonly R[];
  const reset = JSON.stringify(argsAfter(0));
  const [pages, setPages] = React.useState<{ of: string; rows: Rows; next: Data<O>["next"] } | null>(null);
  const added = pages?.of === reset ? pages : null;
  const firstRows = (first?.rows ?? []) as unknown as Rows;
  const known = new Set(firstRows.map(id));
  const rows = [...firstRows, ...(added?.rows.filter((row) => !known.has(id(row))) ?? [])];
  const next = added ? added.next : (first?.next ?? null);
  if (next === null) return { rows, more: null };
  const more = () => {
    void plugin.ask(operation, argsAfter(next as never), LASTING).then(({ data }) => {
      if (!data) return;
      const newer = data.rows as unknown as Rows;
      setPages({ of: reset, rows: [...(added?.rows ?? []), ...newer], next: data.next });
    });
  };
  return { rows, more };
}

export interface Work {
  state: "idle" | "busy" | "done" | "failed";
  text: string;
  done: number;
  total: number;
  lines: Ticket["lines"];
}

const IDLE: Work = { state: "idle", text: "", done: 0, total: 0, lines: [] };
const SOON = 700; // milliseconds between looks at a ticket, at first
const LATER = 2500;
const PATIENT = 8; // looks after which it is looked less often

const FORGOTTEN = "The worker does not know this order any more. The views show how everything stands.";

const pause = (milliseconds: number) => new Promise((resolve) => window.setTimeout(resolve, milliseconds));

export interface Orders {
  work: Work;
  give: (name: OrderName, ids?: readonly number[], args?: OrderDetails) => void;
  run: (task: string) => void;
  wake: () => void;
  tryRule: (stashPath: string, plexPath: string) => Promise<RuleTrial | null>;
  reset: () => void;
}

/** Puts orders in, and follows each until the worker has done it. */
export function useOrders(): Orders {
  const [work, setWork] = React.useState(IDLE);
  const stop = React.useRef(new AbortController());
  React.useEffect(() => {
    const { current } = stop;
    return () => current.abort();
  }, []);

  return React.useMemo(() => {
    const { signal } = stop.current;
    const tell = (told: Partial<Work>) => {
      if (!signal.aborted) setWork({ ...IDLE, ...told });
    };
    const failed = (told: Problem) => tell({ state: "failed", text: told.text });
    const settle = (told: Partial<Work>) => {
      tell(told);
      tellChange();
    };

    async function follow(ticket: string): Promise<void> {
      for (let looks = 0; !signal.aborted; looks += 1) {
        const { data, problem } = await plugin.ask("ticket", { ticket }, signal);
        if (problem) return failed(problem);
        const { state, text, done, total, lines } = data;
        if (state === "done" || state === "failed") return settle({ state, text, done, total, lines });
        if (state === "unknown" && looks >= PATIENT) return settle({ state: "done", text: FORGOTTEN });
        tell({ state: "busy", text, done, total, lines });
        await pause(looks < PATIENT ? SOON : LATER);
      }
    }

    async function give(name: OrderName, ids: readonly number[], args: OrderDetails): Promise<void> {
      tell({ state: "busy" });
      const { data, problem } = await plugin.ask("order", { name, ids, args }, LASTING);
      if (problem) return failed(problem);
      return follow(data.ticket);
    }

    async function run(task: string): Promise<void> {
      tell({ state: "busy", text: `${task} waits in Stash's queue of tasks.` });
      const id = await runTask(task);
      for (let looks = 0; !signal.aborted; looks += 1) {
        const job = await findJob(id);
        if (!job || ["FINISHED", "CANCELLED", "FAILED"].includes(job.status)) {
          const ended = job?.status === "CANCELLED" ? "was stopped" : "has ended";
          return settle({
            state: "done",
            text: `${task} ${ended}. What it says of itself is on Stash's log page.`,
          });
        }
        const total = job.progress && job.progress > 0 ? 100 : 0;
        tell({
          state: "busy",
          text: `${task} is running.`,
          done: Math.round((job.progress ?? 0) * 100),
          total,
        });
        await pause(looks < PATIENT ? SOON : LATER);
      }
    }

    async function wake(): Promise<void> {
      tell({ state: "busy", text: "The worker is being started." });
      const { problem } = await plugin.wake(LASTING);
      if (problem) return failed(problem);
      await pause(SOON);
      settle({ state: "done", text: "The worker was started." });
    }

    async function tryRule(stashPath: string, plexPath: string): Promise<RuleTrial | null> {
      tell({ state: "busy", text: "Looking how many scenes this rule would find." });
      const args = { stashPath, plexPath, dry: true };
      const { data, problem } = await plugin.ask("order", { name: "rule", args }, signal);
      if (problem) failed(problem);
      else tell({});
      return data?.rule ?? null;
    }

    const guard = (doing: Promise<unknown>) => {
      doing.catch((error: unknown) => {
        if (!signal.aborted)
          failed({ text: `Stash refused: ${(error as Error).message}`, action: NO_ACTION });
      });
    };
    return {
      give: (name, ids = [], args = {}) => guard(give(name, ids, args)),
      run: (task) => guard(run(task)),
      wake: () => guard(wake()),
      tryRule,
      reset: () => tell({}),
      work,
    };
  }, [work]);
}

const NO_ACTION = { name: "", stash: "", plex: "", task: "" } as const;

/** The time of now in epoch seconds, anew every `every` seconds, for "5 minutes ago". */
export function useNow(every = 30): number {
  const [now, setNow] = React.useState(() => Date.now() / 1000);
  React.useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now() / 1000), every * 1000);
    return () => window.clearInterval(timer);
  }, [every]);
  return now;
}
