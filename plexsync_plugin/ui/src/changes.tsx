// What was changed, or would be: field by field, what stood there and what stands there now.
import * as React from "react";
import type { Change } from "./shapes";
import { fieldName, isPicture } from "./words";

export function Changes({ changes }: { changes: readonly Change[] }) {
  return (
    <ul className="list-unstyled mb-0 plexsync-changes">
      {changes.map((change, place) => (
        <li key={place}>
          <b>{fieldName(change.field)}</b> {isPicture(change) ? "new picture" : <Values change={change} />}
        </li>
      ))}
    </ul>
  );
}

function Values({ change }: { change: Change }) {
  return (
    <>
      <del className="text-muted">{change.before || "empty"}</del> <span aria-label="becomes">→</span>{" "}
      <ins>{change.after || "empty"}</ins>
    </>
  );
}
