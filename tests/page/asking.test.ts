import assert from "node:assert/strict";
import { test } from "node:test";
import { Plugin, type Args, understood } from "../../plexsync_plugin/ui/src/asking";

const NEVER = new AbortController().signal;
const OK = { v: 1, data: {} };
const tick = () => new Promise((resolve) => setImmediate(resolve));

test("at most two operations are in flight, and the others follow in their order", async () => {
  const running: { args: Args; end: () => void }[] = [];
  let most = 0;
  let now = 0;
  const plugin = new Plugin(async (args) => {
    most = Math.max(most, (now += 1));
    await new Promise<void>((resolve) => running.push({ args, end: resolve }));
    now -= 1;
    return OK;
  });
  const asked = [1, 2, 3, 4, 5].map((id) => plugin.ask("scene", { id }, NEVER));
  const order: unknown[] = [];
  while (order.length < 5) {
    await tick();
    const [first] = running.splice(0, 1);
    order.push(first?.args["id"]);
    first?.end();
  }
  await Promise.all(asked);
  assert.equal(most, 2);
  assert.deepEqual(order, [1, 2, 3, 4, 5]);
});

test("a question that is asked no more is not sent, and keeps no place", async () => {
  const sent: unknown[] = [];
  let end: () => void = () => undefined;
  const plugin = new Plugin((args) => {
    sent.push(args["id"]);
    return new Promise((resolve) => (end = () => resolve(OK)));
  });
  const first = plugin.ask("scene", { id: 1 }, NEVER);
  void plugin.ask("scene", { id: 2 }, NEVER);
  const stop = new AbortController();
  const third = plugin.ask("scene", { id: 3 }, stop.signal);
  await tick();
  stop.abort();
  end();
  await assert.rejects(third, { name: "AbortError" });
  const last = plugin.ask("scene", { id: 4 }, NEVER);
  await tick();
  assert.deepEqual(sent, [1, 2, 4]);
  void first;
  void last;
});

test("whatever goes wrong becomes a sentence", async () => {
  const failing = (error: unknown) =>
    new Plugin(() => Promise.reject(error as Error)).ask("overview", {}, NEVER).then((told) => told.problem);
  const away = await failing({ message: "Failed to fetch", networkError: { message: "Failed to fetch" } });
  assert.match(away?.text ?? "", /^Stash does not answer/);
  const old = await failing(new Error("PlexSync has no operation 'overview'. It has: wake."));
  assert.match(old?.text ?? "", /older than this page/);
  const broken = await failing(new Error("exit status 3"));
  assert.equal(broken?.text, "The plugin could not answer: exit status 3");
  assert.equal(broken.action.name, "reload");
});

test("an answer is data or a problem, of the version that this page knows", () => {
  assert.deepEqual(understood({ v: 1, data: { rows: [] } }), { data: { rows: [] }, problem: null });
  const told = { text: "No.", action: { name: "", stash: "", plex: "", task: "" } };
  assert.deepEqual(understood({ v: 1, problem: told }), { data: null, problem: told });
  for (const strange of [null, "text", 7, {}, { v: 2, data: {} }, { v: 1 }]) {
    assert.match(understood(strange).problem?.text ?? "", /Reload/);
  }
});
