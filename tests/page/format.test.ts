import assert from "node:assert/strict";
import { test } from "node:test";
import { ago, count, moment, month, number, size, span, until } from "../../plexsync_plugin/ui/src/format";

const NOW = 1_780_000_000;

test("numbers and sizes are written as the language writes them", () => {
  assert.equal(number(12340, "en-GB"), "12,340");
  assert.equal(number(12340, "de-DE"), "12.340");
  assert.equal(size(0, "en-GB"), "0 byte");
  assert.equal(size(1_288_490_189, "en-GB"), "1.2 GB");
  assert.equal(size(1_288_490_189, "de-DE"), "1,2\u00a0GB");
  assert.equal(size(5e15, "en-GB"), "4,547 TB", "nothing is larger than the largest unit");
  assert.equal(size(null), "–");
});

test("a span is told in the largest unit that has passed whole", () => {
  assert.equal(span(59.9, "en-GB"), "59 seconds");
  assert.equal(span(60, "en-GB"), "1 minute");
  assert.equal(span(3 * 86400 + 5, "en-GB"), "3 days");
});

test("what is past and what is to come differ", () => {
  assert.equal(ago(NOW - 120, NOW, "en-GB"), "2 minutes ago");
  assert.equal(ago(NOW + 4, NOW, "en-GB"), "now");
  assert.equal(until(NOW + 7200, NOW, "en-GB"), "in 2 hours");
  assert.equal(until(NOW - 4, NOW, "en-GB"), "now");
  assert.equal(ago(NOW - 86400, NOW, "de-DE"), "gestern");
});

test("a moment of today has no date", () => {
  assert.match(moment(NOW - 60, NOW, "en-GB"), /^\d\d:\d\d$/);
  assert.match(moment(NOW - 3 * 86400, NOW, "en-GB"), /2026/);
});

test("a month is named; what is none stays", () => {
  assert.equal(month("2024-03", "en-GB"), "Mar 2024");
  assert.equal(month("", "en-GB"), "");
});

test("one is one", () => {
  assert.equal(count(1, "scene"), "1 scene");
  assert.equal(count(2, "entry", "entries"), "2 entries");
  assert.equal(count(1200, "scene", undefined, "en-GB"), "1,200 scenes");
});
