// Stash's side of the page: operations and tasks of the plugin, its settings, and the state of Stash's jobs.
import { Plugin, type Args } from "./asking";

export const ID = "PlexSync";
export const ADDRESS = "/plugins/plexsync";

export type Stored = Record<string, unknown>;

export interface Job {
  readonly status: string;
  readonly progress: number | null;
}

function api(): StashApi {
  if (!window.PluginApi) throw new Error("Stash's PluginApi is not there");
  return window.PluginApi;
}

const gql = (text: string): unknown => api().libraries.Apollo.gql([text] as unknown as TemplateStringsArray);
const client = (): GraphClient => api().utils.StashService.getClient();

async function change(mutation: string, variables: Args, more: Args = {}): Promise<Record<string, unknown>> {
  const options = { mutation: gql(mutation), variables, fetchPolicy: "no-cache", ...more };
  return (await client().mutate(options)).data ?? {};
}

async function read(query: string, variables: Args = {}): Promise<Record<string, unknown>> {
  const options = { query: gql(query), variables, fetchPolicy: "no-cache" };
  return (await client().query(options)).data ?? {};
}

let saving: Promise<unknown> = Promise.resolve(); // what a person gave last, until Stash has it; never rejects

const RUN = "mutation PlexSync($id: ID!, $args: Map) { runPluginOperation(plugin_id: $id, args: $args) }";

/** Asked once everything is saved that a person gave before: the plugin reads its settings from Stash, and would test the old ones. */
export const plugin = new Plugin(async (args, signal) => {
  await saving;
  const context = { fetchOptions: { signal } };
  return (await change(RUN, { id: ID, args }, { context }))["runPluginOperation"];
});

/** Not by Stash's own helper, which loses the arguments of the task. The number of the job. */
export async function runTask(name: string): Promise<string> {
  await saving;
  const text = "mutation($id: ID!, $task: String) { runPluginTask(plugin_id: $id, task_name: $task) }";
  return String((await change(text, { id: ID, task: name }))["runPluginTask"]);
}

/** null: Stash does not know the job any more. */
export async function findJob(id: string): Promise<Job | null> {
  const text = "query($id: ID!) { findJob(input: {id: $id}) { status progress } }";
  return ((await read(text, { id }))["findJob"] as Job | null | undefined) ?? null;
}

export async function storedSettings(): Promise<Stored> {
  const answer = await read("query($id: [ID!]) { configuration { plugins(include: $id) } }", { id: [ID] });
  const { plugins } = answer["configuration"] as { plugins: Record<string, Stored | undefined> };
  return plugins[ID] ?? {};
}

/** One after another, or of two that are saved in the same moment the later would write over the earlier. */
export function saveSettings(changed: Stored): Promise<Stored> {
  const saved = saving.then(() => merge(changed));
  saving = saved.catch(() => undefined);
  return saved;
}

/** Read, merged and written at once: Stash keeps exactly what it is given. What Stash's own page remembers is read anew, or its
 * settings page would write back what stood there before. */
async function merge(changed: Stored): Promise<Stored> {
  const input = { ...(await storedSettings()), ...changed };
  const text = "mutation($id: ID!, $input: Map!) { configurePlugin(plugin_id: $id, input: $input) }";
  await change(text, { id: ID, input }, { refetchQueries: ["Configuration"] });
  return input;
}

interface InStash {
  plugins: Record<string, Stored | undefined>;
  savePluginSettings: (id: string, all: Stored) => void;
}

/** Only inside Stash's Settings; elsewhere it throws. */
export function useStashSettings(): InStash {
  const hook = api().hooks["useSettings"];
  if (!hook) throw new Error("this Stash gives its settings to no plugin");
  return hook() as InStash;
}
