import assert from "node:assert/strict";
import { test } from "node:test";
import { GROUPS, SETTINGS, type Setting } from "../../plexsync_plugin/ui/src/settings_model";
import {
  missing,
  names,
  switchInForce,
  textStored,
  toStore,
  withName,
} from "../../plexsync_plugin/ui/src/settings_values";

const setting = (name: string): Setting => {
  const found = SETTINGS.find((each) => each.name === name);
  assert.ok(found, name);
  return found;
};

test("what was never saved is the default, also where Stash shows off and 0", () => {
  const enabled = setting("enabled");
  for (const untouched of [undefined, null, 0, "", " 0 "]) {
    assert.equal(switchInForce(enabled, { enabled: untouched }), true);
    assert.equal(textStored(setting("max_retries"), { max_retries: untouched }), "");
  }
  assert.equal(switchInForce(enabled, { enabled: false }), false);
  assert.equal(switchInForce(enabled, { enabled: "off" }), false);
  assert.equal(switchInForce(setting("take_back"), { take_back: "Yes" }), true);
});

test("numbers may be typed with a comma; nothing means the default; what makes no sense is not stored", () => {
  const seconds = setting("read_timeout");
  assert.equal(toStore(seconds, "2,5"), 2.5);
  assert.equal(toStore(seconds, " "), 0);
  assert.equal(toStore(setting("index_interval"), "-1"), -1);
  assert.equal(toStore(seconds, "-2"), null);
  assert.equal(toStore(seconds, "many"), null);
  assert.equal(toStore(setting("title_format"), " {title} "), "{title}");
});

test("names hold commas in quotes, and are put in and taken out", () => {
  assert.deepEqual(names('Scenes, "Clips, old",'), ["Scenes", "Clips, old"]);
  assert.equal(withName("Scenes", "Clips, old", true), 'Scenes, "Clips, old"');
  assert.equal(withName('Scenes, "Clips, old"', "Scenes", false), '"Clips, old"');
  assert.equal(withName("Scenes", "Scenes", true), "Scenes");
});

test("address and token are what can be missing", () => {
  assert.deepEqual(
    missing({ plex_url: " " }).map((each) => each.name),
    ["plex_url", "plex_token"],
  );
  assert.deepEqual(missing({ plex_url: "x", plex_token: "y" }), []);
});

test("every setting has its group, its words and, unless it is required, its default", () => {
  for (const each of SETTINGS) {
    assert.ok(GROUPS.includes(each.group), each.name);
    assert.ok(each.label && each.meaning, each.name);
    assert.equal(each.usual === "", each.required, each.name);
  }
});
