// What a person has chosen by hand, with the button that takes it back.
import * as React from "react";
import { number } from "./format";
import { AskFirst, PlexLink, SceneLink } from "./pieces";
import type { ChosenItem } from "./shapes";

interface Given {
  choices: readonly ChosenItem[];
  sceneId: number | null; // for which they are shown
  takeBack: TakeBack;
  busy: boolean;
}

/** `stashPath`: the file that was meant. */
export type TakeBack = (sceneId: number, stashPath: string) => void;

export function Choices({ choices, sceneId, takeBack, busy }: Given) {
  return (
    <>
      {choices.map((each) => {
        const title = each.title || `Item ${number(each.key)}`;
        return (
          <div key={`${each.sceneId} ${each.stashPath}`} className="plexsync-note plexsync-rich">
            <PlexLink url={each.url} title={title}>
              {title}
            </PlexLink>{" "}
            was chosen by hand for{" "}
            {each.sceneId === sceneId ? "this scene" : <SceneLink id={each.sceneId} title="" />}.{" "}
            <div className="small text-muted text-break">
              Stash: {each.stashPath}
              <br />
              Plex: {each.path}
            </div>
            <TakeBackButton onYes={() => takeBack(each.sceneId, each.stashPath)} busy={busy} />
          </div>
        );
      })}
    </>
  );
}

export function TakeBackButton({ onYes, busy }: { onYes: () => void; busy: boolean }) {
  return (
    <AskFirst
      question="The file alone decides again, as before the choice. Take it back?"
      yes="Take back"
      onYes={onYes}
      busy={busy}
    >
      Take the choice back
    </AskFirst>
  );
}
