// `node tools/page/build.mjs` builds the page inside Stash from plexsync_plugin/ui/src; `--check` only says whether what is
// in the repository is exactly that. React and what else Stash's page has itself comes from its PluginApi.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = new URL("../../", import.meta.url);
const sources = new URL("plexsync_plugin/ui/src/", root);
const built = new URL("plexsync_plugin/ui/built/", root);
const LIMITS = { "entry.js": 12 * 1024, "page.mjs": 80 * 1024 }; // bytes; Stash shows nothing before the entry has loaded
const BANNER = "/* Built by `make ui` from plexsync_plugin/ui/src; change it there. */";

const version = /^version = "(.+)"$/m.exec(readFileSync(new URL("pyproject.toml", root), "utf8"))[1];

// What the page imports by the names of npm, found in Stash's page at run time.
const fromStash = {
  name: "from-stash",
  setup({ onResolve, onLoad }) {
    const places = {
      react: "React",
      "react-router-dom": "libraries.ReactRouterDOM",
    };
    onResolve({ filter: /^(react|react-router-dom)$/ }, ({ path }) => ({ path, namespace: "stash" }));
    onLoad({ filter: /.*/, namespace: "stash" }, ({ path }) => ({
      contents: `module.exports = window.PluginApi.${places[path]}`,
    }));
  },
};

async function bundle(name, format, define) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(name, sources))],
    bundle: true,
    write: false,
    minify: true,
    format,
    target: "es2020",
    charset: "utf8",
    jsx: "transform",
    legalComments: "none",
    banner: { js: BANNER },
    define: { VERSION: JSON.stringify(version), ...define },
    plugins: [fromStash],
    logLevel: "warning",
  });
  return outputFiles[0].text;
}

const page = await bundle("page.tsx", "esm", {});
// Behind the address, because between two releases the version stays and browsers keep what they have.
const mark = createHash("sha256").update(page).digest("hex").slice(0, 8);
const entry = await bundle("entry.tsx", "iife", { PAGE_MARK: JSON.stringify(mark) });

let wrong = false;
for (const [name, text] of [
  ["entry.js", entry],
  ["page.mjs", page],
]) {
  const size = Buffer.byteLength(text);
  if (size > LIMITS[name]) {
    console.error(`${name} has ${size} bytes, more than ${LIMITS[name]}.`);
    wrong = true;
  }
  if (!process.argv.includes("--check")) {
    writeFileSync(new URL(name, built), text);
    console.log(`${name}: ${size} bytes, ${gzipSync(text).length} compressed`);
  } else if (readFileSync(new URL(name, built), "utf8") !== text) {
    console.error(`plexsync_plugin/ui/built/${name} is not what the sources give. Run: make ui`);
    wrong = true;
  }
}
process.exit(wrong ? 1 : 0);
