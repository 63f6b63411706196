// Asks the plugin: one operation after another, at most two at a time, because a browser has six connections to a server and
// Stash's own page needs them (docs/facts/stash-ui.md section 9). Whatever goes wrong becomes a Problem, words for a person.
import type { Operations, Problem } from "./shapes";

export const AT_ONCE = 2;

export type Args = Record<string, unknown>;
export type Told<T> = { data: T; problem: null } | { data: null; problem: Problem };
export type Send = (args: Args, signal: AbortSignal) => Promise<unknown>;
export type Name = keyof Operations;

const NO_ACTION = { name: "", stash: "", plex: "", task: "" } as const;

export function problem(text: string, action: Problem["action"]["name"] = ""): Problem {
  return { text, action: { ...NO_ACTION, name: action } };
}

/** Lets at most `places` pieces of work run; the others wait in the order in which they came. */
export class Turnstile {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(places: number) {
    this.free = places;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}

export class Plugin {
  private readonly turnstile = new Turnstile(AT_ONCE);

  constructor(private readonly send: Send) {}

  /** The answer of an operation. Rejects only when `signal` was aborted. */
  ask<O extends Name>(
    operation: O,
    args: Operations[O]["args"],
    signal: AbortSignal,
  ): Promise<Told<Operations[O]["data"]>> {
    return this.call({ ...args, operation }, signal, understood<Operations[O]["data"]>);
  }

  /** Starts a worker where none runs; what it answers says nothing more. */
  wake(signal: AbortSignal): Promise<Told<true>> {
    return this.call({ operation: "wake" }, signal, () => ({ data: true, problem: null }));
  }

  private call<T>(args: Args, signal: AbortSignal, read: (output: unknown) => Told<T>): Promise<Told<T>> {
    return this.turnstile.run(async () => {
      stopIfAborted(signal);
      try {
        return read(await this.send(args, signal));
      } catch (error) {
        stopIfAborted(signal);
        return { data: null, problem: problem(sentence(error), "reload") };
      }
    });
  }
}

function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new DOMException("The question is not asked any more", "AbortError");
}

export function understood<T>(output: unknown): Told<T> {
  if (typeof output === "object" && output !== null) {
    const { v, data, problem: told } = output as { v?: unknown; data?: T; problem?: Problem };
    if (v !== undefined && v !== 1) {
      const text =
        "The plugin is newer than this page. Reload the page; if it stays, reload the plugins in Stash.";
      return { data: null, problem: problem(text, "reload") };
    }
    if (told) return { data: null, problem: told };
    if (data !== undefined) return { data, problem: null };
  }
  const text =
    "The plugin answered with something that this page does not know. Reload the plugins in Stash, then this page.";
  return { data: null, problem: problem(text, "reload") };
}

interface Failure {
  message?: string;
  networkError?: { message?: string } | null;
}

function sentence(error: unknown): string {
  const { message, networkError } = error as Failure;
  if (networkError) return "Stash does not answer. When it is there again, this page goes on by itself.";
  if (message && /no operation/.test(message)) {
    return "The plugin is older than this page. Reload the plugins in Stash, then this page.";
  }
  return `The plugin could not answer: ${message ?? String(error)}`;
}
