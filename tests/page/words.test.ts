import assert from "node:assert/strict";
import { test } from "node:test";
import { heights } from "../../plexsync_plugin/ui/src/charts";
import {
  fieldsOf,
  plexSentence,
  reasonName,
  ruleSentence,
  tileName,
  workerSentence,
} from "../../plexsync_plugin/ui/src/words";

const NOW = 1_780_000_000;
const plex = {
  state: "reachable",
  since: NOW - 3 * 86400,
  server: "Den",
  version: "1.43",
  nextProbe: null,
} as const;
const change = (field: string) => ({ field, before: "", after: "x" });

test("the state of Plex says what it means for a person", () => {
  assert.equal(plexSentence(plex, NOW).long, "Den 1.43, reachable for 3 days");
  const away = plexSentence({ ...plex, state: "away", nextProbe: NOW + 30 }, NOW);
  assert.equal(away.good, false);
  assert.match(away.long, /Edits are kept.*in 30 seconds/);
  assert.match(
    plexSentence({ ...plex, state: "away", nextProbe: NOW - 60 }, NOW).long,
    /now/,
    "never in the past",
  );
});

test("a worker that does not run is no fault, but is told", () => {
  assert.equal(workerSentence({ alive: false, since: null, version: "" }, NOW).short, "Not running");
});

test("fields have the names that Plex's page gives them, each once", () => {
  assert.equal(fieldsOf([change("actor"), change("genre"), change("genre")]), "cast, genres");
  assert.equal(
    fieldsOf(["title", "summary", "genre", "actor", "studio"].map(change)),
    "title, summary, genres and 2 more",
  );
  assert.equal(fieldsOf([change("somethingNew")]), "somethingNew");
});

test("a rule says what it would do", () => {
  assert.match(ruleSentence(12, 31), /^12 of 31 scenes/);
  assert.match(ruleSentence(0, 31), /^None of/);
  assert.match(ruleSentence(0, 0), /^No scene waits/);
});

test("a reason is told in words", () => {
  assert.equal(reasonName("ItemMissing"), "Item missing");
});

test("columns: what is not nothing is seen, and nothing is higher than the drawing", () => {
  const drawn = heights([
    { label: "a", value: 10_000, worse: 0 },
    { label: "b", value: 1, worse: 1 },
    { label: "c", value: 0, worse: 0 },
  ]);
  assert.deepEqual(drawn, [
    { value: 48, worse: 0 },
    { value: 2, worse: 2 },
    { value: 0, worse: 0 },
  ]);
});

test("no number of the library is shown by the name that a program gives it", () => {
  const names = ["movies", "withoutFile", "withoutPoster", "noLongerInPlex"].map(tileName);
  assert.deepEqual(names, ["Movies", "Without a file", "Without a poster", "No longer in Plex"]);
});
