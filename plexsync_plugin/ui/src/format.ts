// Numbers, sizes and times as the browser's language writes them. Pure: the time of now is given.

const LANGUAGE: string | undefined = typeof navigator === "undefined" ? undefined : navigator.language;
const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

export function number(value: number, language = LANGUAGE): string {
  return new Intl.NumberFormat(language).format(value);
}

/** Bytes, in powers of 1024, as Stash shows them. */
export function size(bytes: number | null, language = LANGUAGE): string {
  if (bytes === null) return "–";
  let value = bytes;
  let place = 0;
  while (value >= 1024 && place < UNITS.length - 1) {
    value /= 1024;
    place += 1;
  }
  const digits = place === 0 || value >= 100 ? 0 : 1;
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: UNITS[place] ?? "byte",
    maximumFractionDigits: digits,
  }).format(value);
}

/** "3 days": how long, in the largest unit that has passed whole. Seconds. */
export function span(seconds: number, language = LANGUAGE): string {
  const [value, unit] = largest(seconds);
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(value);
}

/** "5 minutes ago"; "now" of what is newer than a `now` that is some seconds old. Epoch seconds. */
export function ago(at: number, now: number, language = LANGUAGE): string {
  const [value, unit] = largest(Math.max(0, now - at));
  return relative(-value, unit, language);
}

/** "in 2 hours"; "now" of what is due. */
export function until(at: number, now: number, language = LANGUAGE): string {
  const [value, unit] = largest(Math.max(0, at - now));
  return relative(value, unit, language);
}

function relative(value: number, unit: Intl.RelativeTimeFormatUnit, language?: string): string {
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(value, unit);
}

function largest(seconds: number): [number, "second" | "minute" | "hour" | "day"] {
  if (seconds < MINUTE) return [Math.floor(seconds), "second"];
  if (seconds < HOUR) return [Math.floor(seconds / MINUTE), "minute"];
  if (seconds < DAY) return [Math.floor(seconds / HOUR), "hour"];
  return [Math.floor(seconds / DAY), "day"];
}

/** The time alone for today, the day too for what is older. Epoch seconds. */
export function moment(at: number, now: number, language = LANGUAGE): string {
  const then = new Date(at * 1000);
  const today = then.toDateString() === new Date(now * 1000).toDateString();
  const options: Intl.DateTimeFormatOptions = today
    ? { hour: "2-digit", minute: "2-digit" }
    : { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat(language, options).format(then);
}

export function hour(at: number, language = LANGUAGE): string {
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }).format(
    new Date(at * 1000),
  );
}

/** "2024-03" as a month with its year. */
export function month(text: string, language = LANGUAGE): string {
  const [year, index] = text.split("-").map(Number);
  if (!year || !index) return text;
  return new Intl.DateTimeFormat(language, { month: "short", year: "numeric" }).format(
    new Date(year, index - 1, 1),
  );
}

/** "1 scene", "2 scenes". */
export function count(value: number, one: string, many = `${one}s`, language = LANGUAGE): string {
  return `${number(value, language)} ${value === 1 ? one : many}`;
}
