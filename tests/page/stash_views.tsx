// The views of the page in place of Stash's: navigation, a list of scenes, one scene with its tabs, Settings, plugins' routes.
import { gql, useQuery } from "@apollo/client";
import * as React from "react";
import { Nav, Tab } from "react-bootstrap";
import { Link, Route, Switch, useLocation, useParams } from "react-router-dom";
import type { ReactNode } from "react";
import { children, patchable, routes } from "./patching";
import { CONFIGURATION, Settings } from "./stash_settings";

const SCENES = gql`
  query Scenes {
    findScenes(filter: { per_page: 40 }) {
      scenes {
        id
        title
      }
    }
  }
`;
const SCENE = gql`
  query Scene($id: ID!) {
    findScene(id: $id) {
      id
      title
    }
  }
`;

interface Scene {
  id: string;
  title: string | null;
}

/** Stash's own: what throws takes the page's area until the browser reloads. */
class PageBoundary extends React.Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    return this.state.failed ? <p>Something went wrong.</p> : this.props.children;
  }
}

const MenuItems = patchable("MainNavBar.MenuItems", children);
const UtilityItems = patchable("MainNavBar.UtilityItems", children);
const utilities = (
  <UtilityItems>
    <Link className="nav-utility btn minimal" to="/settings" aria-label="Settings">
      ⚙
    </Link>
  </UtilityItems>
);

function NavigationBar() {
  return (
    <nav className="top-nav" aria-label="Stash">
      <MenuItems>
        <Link to="/scenes">Scenes</Link>
      </MenuItems>
      <span className="wide ml-auto">{utilities}</span>
      <span className="narrow ml-auto">{utilities}</span>
    </nav>
  );
}

function Scenes() {
  const { data } = useQuery<{ findScenes: { scenes: Scene[] } }>(SCENES);
  return (
    <ul id="scenes">
      {data?.findScenes.scenes.map((scene) => (
        <li key={scene.id}>
          <Link to={`/scenes/${scene.id}`}>{scene.title ?? scene.id}</Link>
        </li>
      ))}
    </ul>
  );
}

const Tabs = patchable("ScenePage.Tabs", children);
const TabContent = patchable("ScenePage.TabContent", children);

function ScenePage({ old }: { old: boolean }) {
  const { id } = useParams<{ id: string }>();
  const { data, previousData } = useQuery<{ findScene: Scene | null }>(SCENE, { variables: { id } });
  const scene = (data ?? previousData)?.findScene; // "Next in queue" keeps the page, and its open tab
  if (!scene) return null;
  const own = (
    <Nav.Item>
      <Nav.Link eventKey="details">Details</Nav.Link>
    </Nav.Item>
  );
  const ownContent = (
    <Tab.Pane eventKey="details">
      <p>Details of {scene.title}</p>
    </Tab.Pane>
  );
  return (
    <>
      <Link id="next" to={`/scenes/${Number(id) + 1}`}>
        Next in queue
      </Link>
      <Tab.Container defaultActiveKey="details" id="scene-tabs">
        <Nav variant="tabs">{old ? own : <Tabs scene={scene}>{own}</Tabs>}</Nav>
        <Tab.Content>{old ? ownContent : <TabContent scene={scene}>{ownContent}</TabContent>}</Tab.Content>
      </Tab.Container>
    </>
  );
}

function PluginRoutes() {
  return (
    <>
      {routes.map(({ path, component }) => (
        <Route key={path} path={path} component={component} />
      ))}
    </>
  );
}

export function App({ old }: { old: boolean }) {
  useQuery(CONFIGURATION); // Stash's own page always has it in use
  useLocation(); // as Stash's, which is drawn anew when the address is told of again, and with it the routes of plugins
  React.useEffect(() => {
    // As Stash's Helmet does, after the effects of the page.
    const frame = requestAnimationFrame(() => {
      document.title = "Stash";
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <>
      <NavigationBar />
      <div className="main container-fluid">
        <PageBoundary>
          <Switch>
            <Route path="/scenes/:id">
              <ScenePage old={old} />
            </Route>
            <Route path="/scenes">
              <Scenes />
            </Route>
            <Route path="/settings">
              <Settings />
            </Route>
          </Switch>
          <PluginRoutes />
        </PageBoundary>
      </div>
    </>
  );
}
