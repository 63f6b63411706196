// A page in place of Stash's own: what a plugin meets there, with the same libraries, PluginApi, points for patches and traps.
import * as Apollo from "@apollo/client";
import { FontAwesomeIcon } from "@fortawesome/react-fontawesome";
import * as Mousetrap from "mousetrap";
import * as React from "react";
import * as Bootstrap from "react-bootstrap";
import * as ReactDOM from "react-dom";
import * as Intl from "react-intl";
import * as ReactRouterDOM from "react-router-dom";
import type { IconDefinition } from "@fortawesome/fontawesome-svg-core";
import { FontAwesomeBrands, FontAwesomeRegular, FontAwesomeSolid } from "./icons";
import { components, patch, register } from "./patching";
import { App } from "./stash_views";
import { useSettings } from "./stash_settings";

const base = new URL(document.baseURI).pathname;
export const client = new Apollo.ApolloClient({
  link: new Apollo.HttpLink({ uri: new URL("graphql", document.baseURI).href }),
  cache: new Apollo.InMemoryCache(),
});
const PLUGINS = Apollo.gql`
  query Plugins {
    version {
      version
    }
    plugins {
      id
      enabled
      paths {
        javascript
      }
    }
  }
`;

components["Icon"] = ({ icon, className }: { icon: IconDefinition; className?: string }) => (
  <FontAwesomeIcon icon={icon} className={className ?? ""} />
);

interface Found {
  version: { version: string };
  plugins: { enabled: boolean; paths: { javascript: string[] | null } }[];
}

async function loadScript(address: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = script.onerror = () => resolve();
    document.head.append(script);
  });
}

async function start(): Promise<void> {
  const root = document.getElementById("root");
  const { data } = await client.query<Found>({ query: PLUGINS });
  const old = data.version.version.startsWith("v0.27");
  (window as { PluginApi?: unknown }).PluginApi = {
    React,
    ReactDOM,
    GQL: {},
    libraries: {
      ReactRouterDOM,
      Bootstrap,
      Apollo,
      Intl,
      FontAwesomeSolid,
      FontAwesomeRegular,
      ...(old ? {} : { FontAwesomeBrands }),
      Mousetrap,
    },
    components,
    hooks: { useSettings, useToast: () => ({ success: () => undefined, error: () => undefined }) },
    utils: { StashService: { getClient: () => client } },
    patch,
    register,
  };
  const show = () =>
    ReactDOM.render(
      <Apollo.ApolloProvider client={client}>
        <Intl.IntlProvider locale="en">
          <ReactRouterDOM.BrowserRouter basename={base}>
            <App old={old} />
          </ReactRouterDOM.BrowserRouter>
        </Intl.IntlProvider>
      </Apollo.ApolloProvider>,
      root,
    );
  const enabled = data.plugins.filter((each) => each.enabled);
  const scripts = enabled.flatMap((each) => each.paths.javascript ?? []).map(loadScript);
  if (!old) await Promise.all(scripts); // v0.27 does not wait: patches and routes may come after the first render
  show();
}

void start();
