// Fetches the page's own file when something of it is shown for the first time, and shows that part of it.
import * as React from "react";
import type { ComponentType, ReactNode } from "react";

export interface PageFile {
  Page: ComponentType;
  ScenePanel: ComponentType<{ sceneId: number }>;
  SettingsPanel: ComponentType;
}
type Part = keyof PageFile;

let loaded: PageFile | null = null;

async function load(): Promise<PageFile> {
  if (loaded) return loaded;
  const address = `plugin/PlexSync/assets/${VERSION}/page.mjs?v=${PAGE_MARK}`;
  loaded = (await import(new URL(address, document.baseURI).href)) as PageFile;
  return loaded;
}

interface Given {
  part: Part;
  given?: { sceneId: number };
  instead: ReactNode; // shown when the file cannot be had
}

export function OnDemand({ part, given, instead }: Given) {
  const [file, setFile] = React.useState(loaded);
  const [failed, setFailed] = React.useState(false);
  React.useEffect(() => {
    let gone = false;
    load().then(
      (found) => {
        if (!gone) setFile(found);
      },
      () => {
        if (!gone) setFailed(true);
      },
    );
    return () => {
      gone = true;
    };
  }, []);
  if (failed) return <>{instead}</>;
  if (!file) return <p className="text-muted p-3">Loading PlexSync…</p>;
  const Shown = file[part] as ComponentType<{ sceneId?: number }>;
  return <Shown {...given} />;
}
