// Bundles tests/page/*.test.ts and runs them by node's own test runner.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const tests = fileURLToPath(new URL("../../tests/page/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "plexsync-page-"));
const names = readdirSync(tests).filter((name) => name.endsWith(".test.ts"));
await build({
  entryPoints: names.map((name) => join(tests, name)),
  outdir: folder,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  define: { VERSION: '"1.2.3"' },
});
const done = spawnSync(
  process.execPath,
  ["--test", "--test-reporter=dot", ...names.map((name) => join(folder, name.replace(/ts$/, "mjs")))],
  {
    stdio: "inherit",
  },
);
rmSync(folder, { recursive: true });
process.exit(done.status ?? 1);
