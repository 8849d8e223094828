// Measures a plugin in Chromium: see README.md. Question on stdin, answer on stdout, both JSON.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { launch, open, ready, until } from "../../../tests/e2e/lib/browser.mjs";
import { listenToWorkers, run } from "../../../tests/e2e/lib/plugins.mjs";
import { serveSite, siteFile } from "../../../tests/e2e/lib/server.mjs";

const { plugin, logs, rounds } = JSON.parse(await text(process.stdin));
const name = path.basename(plugin, ".wasm");
const site = await serveSite();
const browser = await launch();
const page = await open(browser, "about:blank");
await page.addInitScript(listenToWorkers);
let worker;
page.on("worker", (started) => (worker = started));
await page.goto(site.url);
await ready(page);
await page.locator('input[type="file"][multiple]').first().setInputFiles(logs);
await until(page, "#account", (shown) => shown.includes(`${logs.length} files`));
await page.locator("#cancel").waitFor({ state: "detached" });
// The panel with the plugins' own picker.
await page.locator("#show-plugins").click();

// What workers said since it was asked last.
const heard = () => page.evaluate(() => globalThis.heardFromWorkers.splice(0));

let load_ms = Infinity;
for (let round = 0; round < rounds; round += 1) {
  // Each round has a new worker.
  if (round > 0) await page.locator(".plugin-remove").click();
  await heard();
  await page.locator("#choose-plugin-input").setInputFiles(plugin);
  await page.locator('.plugin[aria-busy="false"] .plugin-run').waitFor();
  const loading = await heard();
  const loaded = loading.find(({ data }) => data.Loaded);
  load_ms = Math.min(load_ms, loaded.at - loading[0].at);
}
// When the worker says that it judged a batch, by its own clock: the page may be too busy to hear of it at once.
await worker.evaluate(() => {
  const post = globalThis.postMessage;
  const judged = (globalThis.judged = []);
  globalThis.postMessage = (message) => {
    if (message.Judged) judged.push({ at: performance.now(), events: Number(message.Judged.events) });
    post(message);
  };
});
let ns_per_event = Infinity;
let first_ns_per_event;
// In the first runs the engine compiles better and better.
for (let turn = 0; turn < 5 * rounds; turn += 1) {
  await run(page, name);
  const judged = await worker.evaluate(() => globalThis.judged.splice(0));
  // From the end of the first batch to that of the last: columns, call and findings of all between.
  const [first, last] = [judged[0], judged.at(-1)];
  const ns = ((last.at - first.at) * 1e6) / (last.events - first.events);
  first_ns_per_event ??= ns;
  ns_per_event = Math.min(ns_per_event, ns);
}
const parts = ["plugin_bg.wasm", "plugin.js"].map(siteFile);
const sizes = await Promise.all(parts.map(async (file) => gzipSync(await readFile(file), { level: 9 }).length));
console.log(JSON.stringify({ ns_per_event, first_ns_per_event, load_ms, linker_kb: sizes.reduce((sum, size) => sum + size, 0) / 1024 }));
await browser.close();
await site.close();
