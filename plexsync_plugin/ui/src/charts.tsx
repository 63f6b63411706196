// Columns as SVG, with their numbers as text for who does not see them; bars as rows of a table with a width.
import * as React from "react";
import { number } from "./format";

export interface Column {
  label: string;
  value: number;
  worse: number; // the part of it on top, in another colour
}

const HEIGHT = 48;

/** Heights in units of the drawing: what is not nothing is seen. Pure. */
export function heights(columns: readonly Column[], height = HEIGHT): { value: number; worse: number }[] {
  const most = Math.max(1, ...columns.map((column) => column.value + column.worse));
  const scaled = (value: number) => (value > 0 ? Math.max(2, Math.round((height * value) / most)) : 0);
  return columns.map((column) => ({ value: scaled(column.value), worse: scaled(column.worse) }));
}

export function Columns({ columns, name }: { columns: readonly Column[]; name: string }) {
  const drawn = heights(columns);
  const told = columns.filter((column) => column.value + column.worse > 0);
  return (
    <svg
      className="plexsync-columns"
      role="img"
      aria-label={`${name}: ${told.map(spoken).join("; ") || "nothing"}`}
      viewBox={`0 0 ${columns.length * 10} ${HEIGHT}`}
      preserveAspectRatio="none"
    >
      {columns.map((column, place) => {
        const { value, worse } = drawn[place] ?? { value: 0, worse: 0 };
        return (
          <g key={place}>
            <title>{spoken(column)}</title>
            <rect x={place * 10} y={0} width={10} height={HEIGHT} className="plexsync-column-back" />
            <rect
              x={place * 10 + 1}
              y={HEIGHT - value}
              width={8}
              height={value}
              className="plexsync-column"
            />
            <rect
              x={place * 10 + 1}
              y={Math.max(0, HEIGHT - value - worse)}
              width={8}
              height={worse}
              className="plexsync-column-worse"
            />
          </g>
        );
      })}
    </svg>
  );
}

function spoken({ label, value, worse }: Column): string {
  return worse > 0 ? `${label} ${number(value)}, failed ${number(worse)}` : `${label} ${number(value)}`;
}

/** A row of a table of shares: the bar lies below its name. `part` from 0 to 1. */
export function Bar({ part }: { part: number }) {
  return (
    <div className="plexsync-bar" aria-hidden="true">
      <div style={{ width: `${Math.max(1, Math.round(part * 100))}%` }} />
    </div>
  );
}
