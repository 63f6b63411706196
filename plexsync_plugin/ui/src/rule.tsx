// A path rule from a pair of paths: how many scenes it would match is shown before it is saved.
import * as React from "react";
import { useOrders } from "./answers";
import { Button, WorkLine } from "./pieces";
import type { RuleTrial } from "./shapes";
import { ruleSentence } from "./words";

interface Given {
  stashPath: string;
  plexPath: string;
  close: () => void;
  saved?: () => void; // called when the rule stands in the settings
}

export function RuleTrialBox({ stashPath, plexPath, close, saved }: Given) {
  const { work, give, tryRule } = useOrders();
  const [trial, setTrial] = React.useState<RuleTrial | null>(null);
  const trying = React.useRef(tryRule);
  React.useEffect(() => {
    let gone = false;
    trying.current(stashPath, plexPath).then(
      (found) => {
        if (!gone) setTrial(found);
      },
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [stashPath, plexPath]);
  const [given, setGiven] = React.useState(false);
  const told = React.useRef(saved);
  React.useEffect(() => {
    if (given && work.state === "done") told.current?.();
  }, [given, work.state]);
  const save = () => {
    setGiven(true);
    give("rule", [], { stashPath, plexPath });
  };
  return (
    <div className="plexsync-note" role="group" aria-label="Path rule">
      {trial && (
        <>
          <div>
            <code>{trial.rule}</code>
          </div>
          <div>{ruleSentence(trial.matched, trial.lookedAt)}</div>
          {trial.examples.length > 0 && (
            <ul className="small mb-1">
              {trial.examples.map(([stash, plex]) => (
                <li key={stash} className="text-break">
                  {stash} → {plex}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
      <WorkLine work={work} />
      <div className="plexsync-buttons">
        {trial && work.state !== "done" && (
          <Button kind="primary" onClick={save} busy={work.state === "busy"}>
            Save this rule
          </Button>
        )}
        <Button onClick={close}>{work.state === "done" ? "Close" : "Leave it"}</Button>
      </div>
    </div>
  );
}
