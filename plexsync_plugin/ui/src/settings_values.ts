// What the stored settings mean: the same rules as plexsync_plugin/base/settings.py has. Pure.
import { SETTINGS, type Setting } from "./settings_model";
import type { Stored } from "./stash";

const ON = new Set(["true", "yes", "on", "1"]);

/** Stash shows an untouched switch as off and an untouched number as 0: all of these mean the default. */
export function isUntouched(value: unknown): boolean {
  if (typeof value === "string") return ["", "0"].includes(value.trim());
  return value === undefined || value === null || value === 0;
}

export function switchInForce(setting: Setting, stored: Stored): boolean {
  const value = stored[setting.name];
  if (isUntouched(value)) return setting.default === true;
  return typeof value === "boolean" ? value : ON.has(asText(value).toLowerCase());
}

/** As it is typed: "" for the default. */
export function textStored(setting: Setting, stored: Stored): string {
  const value = stored[setting.name];
  return isUntouched(value) ? "" : asText(value);
}

function asText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
}

/** What to store for what was typed. null: it makes no sense. */
export function toStore(setting: Setting, typed: string): string | number | null {
  const text = typed.trim();
  if (setting.kind !== "number") return text;
  if (!text) return 0;
  const value = Number(text.replace(",", "."));
  return Number.isFinite(value) && (value > 0 || value === -1) ? value : null;
}

export function missing(stored: Stored): Setting[] {
  return SETTINGS.filter((setting) => setting.required && isUntouched(stored[setting.name]));
}

/** "Scenes, "Clips, old"" as its names. */
export function names(text: string): string[] {
  const found = text.match(/\s*"[^"]*"|[^,]+/g) ?? [];
  return found
    .map((each) =>
      each
        .trim()
        .replace(/^"(.*)"$/, "$1")
        .trim(),
    )
    .filter(Boolean);
}

export function withName(text: string, name: string, wanted: boolean): string {
  const others = names(text).filter((each) => each !== name);
  const all = wanted ? [...others, name] : others;
  return all.map((each) => (each.includes(",") ? `"${each}"` : each)).join(", ");
}
