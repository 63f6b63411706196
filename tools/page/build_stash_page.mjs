// `node tools/page/build_stash_page.mjs FOLDER` builds the page that stands in place of Stash's own in the tests.
import { build } from "esbuild";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const tests = fileURLToPath(new URL("../../tests/page/", import.meta.url));
const folder = process.argv[2];
const assets = join(folder, "assets");
mkdirSync(assets, { recursive: true });
await build({
  entryPoints: { stash: join(tests, "stash_page.tsx"), style: join(tests, "stash.css") },
  entryNames: "[name]",
  outdir: assets,
  bundle: true,
  minify: true,
  format: "iife",
  jsx: "transform",
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".css": "css" },
});
copyFileSync(join(tests, "index.html"), join(folder, "index.html"));
copyFileSync(
  fileURLToPath(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url)),
  join(assets, "axe.js"),
);
