// What the build writes in (tools/page/build.mjs), and what Stash's page gives to plugins (docs/facts/stash-ui.md section 1).
import type * as ReactNamespace from "react";
import type * as RouterNamespace from "react-router-dom";
import type { ComponentType, ReactElement } from "react";

declare global {
  const VERSION: string;
  const PAGE_MARK: string;

  type Props = Record<string, unknown>;
  type PatchedRender = (props: Props, ...rest: unknown[]) => ReactElement | null;

  interface GraphClient {
    mutate(options: Record<string, unknown>): Promise<{ data?: Record<string, unknown> | null }>;
    query(options: Record<string, unknown>): Promise<{ data?: Record<string, unknown> | null }>;
  }

  interface StashApi {
    React: typeof ReactNamespace;
    libraries: {
      ReactRouterDOM: typeof RouterNamespace;
      Bootstrap: Record<"Nav" | "Tab", Record<string, ComponentType<Props>>>;
      Apollo: { gql: (text: TemplateStringsArray) => unknown };
      FontAwesomeSolid?: Record<string, unknown>;
    };
    components: Record<string, ComponentType<Props> | undefined>;
    hooks: Record<string, ((...args: unknown[]) => unknown) | undefined>;
    utils: { StashService: { getClient: () => GraphClient } };
    patch: {
      after: (point: string, render: PatchedRender) => void;
      instead: (point: string, render: PatchedRender) => void;
    };
    register: { route: (path: string, component: ComponentType) => void };
  }

  interface Window {
    PluginApi?: StashApi;
  }
}
