// Round everything that we add to Stash: what throws in it costs that addition, never Stash's page.
import { Component, type ReactNode } from "react";

interface Given {
  children: ReactNode;
  instead?: ReactNode; // shown when something threw; nothing by default
}

export class Boundary extends Component<Given, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? (this.props.instead ?? null) : this.props.children;
  }
}
