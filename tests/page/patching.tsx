// Stash's contract of patching and registering, as docs/facts/stash-ui.md section 4 has it, its traps included.
import * as React from "react";
import type { ComponentType, ReactElement } from "react";

type Values = Record<string, unknown>;
type Call = (...args: unknown[]) => unknown;
type Next = (props: Values) => ReactElement | null;

const befores: Record<string, Call[] | undefined> = {};
const insteads: Record<string, Call[] | undefined> = {};
const afters: Record<string, Call[] | undefined> = {};
export const routes: { path: string; component: ComponentType }[] = [];
export const components: Record<string, unknown> = {};

const add = (to: Record<string, Call[] | undefined>) => (point: string, call: Call) => {
  (to[point] ??= []).push(call);
};

export const patch = { before: add(befores), instead: add(insteads), after: add(afters) };

export const register = {
  route: (path: string, component: ComponentType) => routes.push({ path, component }),
  component: (name: string, component: unknown) => {
    if (name in components) throw new Error(`Component ${name} has already been registered`);
    components[name] = component;
  },
};

function run(point: string, render: Next, props: Values): ReactElement | null {
  let args: unknown[] = [props, {}];
  // The empty object in second place is lost as soon as any `before` has answered with an array of one.
  for (const before of befores[point] ?? []) args = before(...args) as unknown[];
  const nest = (rest: Call[]): Next => {
    const [first, ...others] = rest;
    if (!first) return render;
    return (given) => first(given, ...args.slice(1), nest(others)) as ReactElement | null;
  };
  let result = nest(insteads[point] ?? [])(args[0] as Values);
  for (const after of afters[point] ?? []) {
    const given = after(...args, result) as ReactElement | null | undefined;
    if (given === undefined) throw new Error("Nothing was returned from render (React error 152)");
    result = given;
  }
  return result;
}

/** The component behind one of Stash's points for patches. */
export function patchable(point: string, render: Next): ComponentType<Values> {
  const Patched = (props: Values) => run(point, render, props);
  components[point] = Patched;
  return Patched;
}

export function children(props: Values): ReactElement {
  return <>{props["children"] as React.ReactNode}</>;
}
