// What PlexSync adds to Stash's page: its own route, two ways to it, a tab of a scene, and the panel of its settings.
// Each stands in a boundary of its own. The rules of patching: docs/facts/stash-ui.md section 4.
import * as React from "react";
import { NavLink } from "react-router-dom";
import type { ComponentType, ReactElement, ReactNode } from "react";
import { Boundary } from "./boundary";
import { OnDemand } from "./on_demand";

export const ADDRESS = "/plugins/plexsync";
const PLUGIN = "PlexSync";
const TAB = "plexsync-panel";

const FAILED = (
  <div className="alert alert-warning m-3" role="alert">
    PlexSync&rsquo;s page could not be shown; everything else goes on. Reload this page. If that does not
    help, reload the plugins in Settings &gt; Plugins, and report it with what the browser&rsquo;s console
    says.
  </div>
);

export function addToStash(api: StashApi): void {
  api.register.route(ADDRESS, () => (
    <Boundary instead={FAILED}>
      <OnDemand part="Page" instead={FAILED} />
    </Boundary>
  ));
  append(api, "MainNavBar.UtilityItems", () => <NavigationLink api={api} />);
  append(api, "SettingsToolsSection", () => <ToolsEntry api={api} />);
  append(api, "ScenePage.Tabs", () => <SceneTab api={api} />);
  append(api, "ScenePage.TabContent", (props) => <ScenePane api={api} props={props} />);
  api.patch.instead("PluginSettings", (props, ...rest) => {
    const Next = rest[rest.length - 1] as ((props: Props) => ReactElement | null) & ComponentType<Props>;
    if (props["pluginID"] !== PLUGIN) return Next(props);
    const native = <Next {...props} />;
    return (
      <Boundary instead={native}>
        <OnDemand part="SettingsPanel" instead={native} />
      </Boundary>
    );
  });
  renderAgain();
}

/** Behind what Stash shows at this point. The last argument is the result, however many there are. */
function append(api: StashApi, point: string, show: (props: Props) => ReactNode): void {
  const Addition = ({ props }: { props: Props }) => <>{show(props)}</>;
  api.patch.after(point, (props, ...rest) => (
    <>
      {rest[rest.length - 1] as ReactNode}
      <Boundary>
        <Addition props={props} />
      </Boundary>
    </>
  ));
}

/** Stash before 0.28 does not wait for plugins: an address of ours stays blank until something renders again. */
function renderAgain(): void {
  const shown = document.getElementById("root")?.hasChildNodes() ?? false;
  if (shown && location.pathname.toLowerCase().includes(ADDRESS)) {
    window.dispatchEvent(new PopStateEvent("popstate", { state: history.state as unknown }));
  }
}

function NavigationLink({ api }: { api: StashApi }) {
  const Icon = api.components["Icon"];
  const picture = api.libraries.FontAwesomeSolid?.["faTv"];
  // One link with a button's classes: a button in a link would be two stops of the Tab key.
  return (
    <NavLink
      className="nav-utility btn btn-primary minimal d-flex align-items-center h-100"
      to={ADDRESS}
      title="PlexSync"
      aria-label="PlexSync"
    >
      {Icon && picture ? <Icon icon={picture} /> : "PlexSync"}
    </NavLink>
  );
}

let toolsEntryShown = false;

/** Stash shows this point in two sections; the entry stands in the first of them. */
function ToolsEntry({ api }: { api: StashApi }) {
  const [mine, setMine] = React.useState(false);
  React.useLayoutEffect(() => {
    if (toolsEntryShown) return undefined;
    toolsEntryShown = true;
    setMine(true);
    return () => {
      toolsEntryShown = false;
    };
  }, []);
  if (!mine) return null;
  const Setting = api.components["Setting"];
  const heading = (
    <NavLink className="btn btn-secondary" to={ADDRESS}>
      PlexSync
    </NavLink>
  );
  return Setting ? <Setting heading={heading} /> : <div className="setting">{heading}</div>;
}

function SceneTab({ api }: { api: StashApi }) {
  const { Item, Link } = api.libraries.Bootstrap.Nav;
  if (!Item || !Link) return null;
  return (
    <Item>
      <Link eventKey={TAB}>PlexSync</Link>
    </Item>
  );
}

function ScenePane({ api, props }: { api: StashApi; props: Props }) {
  const { Pane } = api.libraries.Bootstrap.Tab;
  const scene = Number((props["scene"] as { id?: string } | undefined)?.id);
  if (!Pane || !scene) return null;
  // "Next in queue" gives another scene to the same pane.
  return (
    <Pane eventKey={TAB} mountOnEnter unmountOnExit>
      <Boundary key={scene} instead={FAILED}>
        <OnDemand part="ScenePanel" given={{ sceneId: scene }} instead={FAILED} />
      </Boundary>
    </Pane>
  );
}
