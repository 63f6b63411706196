// The file that is fetched when something of PlexSync is shown for the first time: the page, the scene's panel, the settings.
import * as React from "react";
import { NavLink, Route, Switch, useLocation } from "react-router-dom";
import { Boundary } from "./boundary";
import { Library } from "./library";
import { Overview } from "./overview";
import { Plays } from "./plays";
import { Preview } from "./preview";
import { Problems } from "./problems";
import { ScenePanel } from "./scene_panel";
import { Settings, SettingsPanel } from "./settings";
import { ADDRESS } from "./stash";
import { addStyle } from "./style";

addStyle();

const VIEWS = [
  { path: "", name: "Overview", view: Overview },
  { path: "/problems", name: "Problems", view: Problems, more: "/:kind" },
  { path: "/preview", name: "Preview", view: Preview },
  { path: "/library", name: "Library", view: Library },
  { path: "/plays", name: "Plays", view: Plays },
  { path: "/settings", name: "Settings", view: Settings },
] as const;

const BROKEN = (
  <p className="plexsync-note plexsync-note-warning" role="alert">
    This view failed; the others and Stash go on. Reload the page. If it comes again, report it with what the
    browser&rsquo;s console says.
  </p>
);

function Page() {
  const root = React.useRef<HTMLElement>(null);
  React.useEffect(() => {
    window.scrollTo(0, 0);
    root.current?.focus({ preventScroll: true });
  }, []);
  const { pathname } = useLocation();
  React.useEffect(() => {
    // On a phone the tabs are one line that scrolls.
    root.current?.querySelector(".nav-tabs .active")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [pathname]);
  useTitle("PlexSync | Stash");
  return (
    <main className="plexsync" ref={root} tabIndex={-1}>
      <div className="plexsync-head">
        <h1>PlexSync</h1>
        <span className="text-muted">{VERSION}</span>
      </div>
      <nav aria-label="PlexSync">
        <ul className="nav nav-tabs flex-nowrap overflow-auto">
          {VIEWS.map(({ path, name }) => (
            <li className="nav-item" key={path}>
              <NavLink className="nav-link" exact={path === ""} to={ADDRESS + path}>
                {name}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <Switch>
        {VIEWS.map(({ path, view: View, ...rest }) => (
          <Route key={path} exact path={ADDRESS + path + ("more" in rest ? `${rest.more}?` : "")}>
            <Boundary key={path} instead={BROKEN}>
              <View />
            </Boundary>
          </Route>
        ))}
        <Route>
          <p>
            PlexSync has no such view. <NavLink to={ADDRESS}>To the overview</NavLink>
          </p>
        </Route>
      </Switch>
    </main>
  );
}

/** Stash writes its own title in an effect of the same moment; two frames later it is done. */
function useTitle(title: string): void {
  React.useEffect(() => {
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        document.title = title;
      });
    });
    return () => {
      cancelAnimationFrame(frame);
      document.title = "Stash";
    };
  }, [title]);
}

export { Page, ScenePanel, SettingsPanel };
