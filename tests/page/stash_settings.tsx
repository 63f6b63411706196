// Stash's Settings as far as a plugin's panel meets them: the context that holds everything, saved half a second after a change,
// for every plugin that has settings, from what it read when it was opened.
import { gql, useMutation, useQuery } from "@apollo/client";
import * as React from "react";
import type { ReactNode } from "react";
import { children, patchable } from "./patching";

type Stored = Record<string, unknown>;

interface Context {
  plugins: Record<string, Stored | undefined>;
  savePluginSettings: (id: string, all: Stored) => void;
}

export const CONFIGURATION = gql`
  query Configuration {
    configuration {
      plugins
    }
  }
`;
const SAVE = gql`
  mutation ConfigurePlugin($plugin_id: ID!, $input: Map!) {
    configurePlugin(plugin_id: $plugin_id, input: $input)
  }
`;
const PLUGINS = gql`
  query PluginSettings {
    plugins {
      id
      name
      settings {
        name
        display_name
        description
        type
      }
    }
  }
`;
const SettingsContext = React.createContext<Context | null>(null);

export function useSettings(): Context {
  const found = React.useContext(SettingsContext);
  if (!found) throw new Error("useSettings must be used within a SettingsProvider");
  return found;
}

interface Plugin {
  id: string;
  name: string;
  settings: { name: string; display_name: string; description: string; type: string }[];
}

function Provider({ children: shown }: { children: ReactNode }) {
  const { data } = useQuery<{ configuration: { plugins: Record<string, Stored> } }>(CONFIGURATION);
  const [save] = useMutation(SAVE);
  const [changed, setChanged] = React.useState<Record<string, Stored>>({});
  const plugins = { ...data?.configuration.plugins, ...changed };
  React.useEffect(() => {
    if (Object.keys(changed).length === 0) return undefined;
    const timer = window.setTimeout(() => {
      for (const [id, input] of Object.entries(plugins)) void save({ variables: { plugin_id: id, input } });
    }, 500);
    return () => window.clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what is saved is what stands there when the time is over
  }, [changed, save]);
  if (!data) return null;
  const savePluginSettings = (id: string, all: Stored) => setChanged((before) => ({ ...before, [id]: all }));
  return <SettingsContext.Provider value={{ plugins, savePluginSettings }}>{shown}</SettingsContext.Provider>;
}

const PluginSettings = patchable("PluginSettings", (props) => (
  <div className="plugin-settings">
    {(props["settings"] as Plugin["settings"]).map((each) => (
      <div className="setting" key={each.name} id={`plugin-${props["pluginID"] as string}-${each.name}`}>
        <b>{each.display_name}</b> {each.description}
      </div>
    ))}
  </div>
));
const ToolsSection = patchable("SettingsToolsSection", children);
patchable("Setting", (props) => <div className="setting">{props["heading"] as ReactNode}</div>);

export function Settings() {
  const { data } = useQuery<{ plugins: Plugin[] }>(PLUGINS);
  return (
    <Provider>
      <h2>Tools</h2>
      <ToolsSection>
        <div className="setting">GraphQL playground</div>
      </ToolsSection>
      <h2>Scene Tools</h2>
      <ToolsSection>
        <div className="setting">Filename parser</div>
        <div className="setting">Duplicate checker</div>
      </ToolsSection>
      <h2>Plugins</h2>
      {data?.plugins.map((plugin) => (
        <div key={plugin.id}>
          <h3>{plugin.name}</h3>
          <PluginSettings pluginID={plugin.id} settings={plugin.settings} />
        </div>
      ))}
    </Provider>
  );
}
