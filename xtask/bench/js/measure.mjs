// Measures reading in Chromium: see README.md. Question on stdin, answer on stdout, both JSON.
import { readFile, readdir } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { launch, open, ready } from "../../../tests/e2e/lib/browser.mjs";
import { serveSite } from "../../../tests/e2e/lib/server.mjs";
import { startAppWorker } from "./app_worker.js";

const { paths, records, kept, rounds } = JSON.parse(await text(process.stdin));
const handWritten = await readFile(new URL("by_hand.js", import.meta.url), "utf8");
const site = await serveSite();
const browser = await launch();
const devtools = await browser.newBrowserCDPSession();

// Linux counts a thread's time in hundredths of a second, whatever the kernel counts in.
const TICK = 0.01;

// What the workers of all tabs have taken of the processor, in seconds; null where the system does not tell.
async function workersCpu() {
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  let ticks = 0;
  for (const { id } of processInfo.filter(({ type }) => type === "renderer")) {
    const threads = await readdir(`/proc/${id}/task`).catch(() => null);
    if (!threads) return null;
    for (const thread of threads) {
      const stat = await readFile(`/proc/${id}/task/${thread}/stat`, "utf8").catch(() => "");
      // "1 (name) S 2 3 …": the name may hold anything, and the 14th and 15th fields are what is looked for.
      const after = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (stat.includes("(DedicatedWorker")) ticks += Number(after[11]) + Number(after[12]);
    }
  }
  return ticks * TICK;
}

function check(who, counts) {
  if (counts.records === records && counts.kept === kept) return;
  const found = `${counts.records} records and ${counts.kept} events`;
  throw new Error(`the measurement is void: ${who} found ${found} in place of ${records} and ${kept}`);
}

// Runs in a page: starts the worker that is written by hand.
function startByHand(script) {
  const worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  const read = (files) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(`the worker written by hand failed: ${event.message}`));
      worker.postMessage(files);
    });
  return { read };
}

// A worker in a page that does nothing else.
async function alone(who, start, argument) {
  const page = await open(browser, `${site.origin}/barrier`);
  await page.setContent('<input type="file" multiple>');
  await page.locator("input").setInputFiles(paths);
  const reader = await page.evaluateHandle(start, argument);
  const before = await workersCpu();
  const { counts, wall } = await reader.evaluate(async (reader) => {
    const files = [...document.querySelector("input").files];
    const start = performance.now();
    const counts = await reader.read(files);
    return { counts, wall: (performance.now() - start) / 1000 };
  });
  const after = await workersCpu();
  await page.context().close();
  check(who, counts);
  return { wall, cpu: before === null || after === null ? null : after - before };
}

// The app's page with so many workers.
async function whole(workers) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addInitScript((count) => {
    Object.defineProperty(Navigator.prototype, "hardwareConcurrency", { get: () => count });
  }, workers);
  const page = await context.newPage();
  await page.goto(site.url);
  await ready(page);
  if (page.workers().length !== workers) throw new Error(`the page has ${page.workers().length} workers, not ${workers}`);
  const done = await page.evaluateHandle(() => {
    // While the page reads, it can be cancelled.
    const isReading = () => document.querySelector("#cancel") !== null;
    const done = new Promise((resolve) => {
      const chosen = () => {
        const start = performance.now();
        let begun = false;
        const observer = new MutationObserver(() => {
          begun ||= isReading();
          if (!begun || isReading()) return;
          observer.disconnect();
          resolve((performance.now() - start) / 1000);
        });
        observer.observe(document.body, { childList: true, subtree: true });
      };
      document.addEventListener("change", chosen, { capture: true, once: true });
    });
    return { done };
  });
  await page.locator("#choose-files-input").setInputFiles(paths);
  const wall = await done.evaluate(({ done }) => done);
  const sum = (await page.locator("#account").innerText()).replaceAll(",", "");
  const number = (word) => Number(sum.match(new RegExp(`(\\d+)\\s+${word}`))?.[1]);
  await context.close();
  check(`the page with ${workers} workers`, { records: number("record"), kept: number("event") });
  return { wall, cpu: null };
}

const best = {};
function keep(name, { wall, cpu }) {
  const old = best[name] ?? { wall: Infinity, cpu: Infinity };
  best[name] = { wall: Math.min(old.wall, wall), cpu: cpu === null ? null : Math.min(old.cpu, cpu) };
}

try {
  for (let round = 1; round <= rounds; round++) {
    console.error(`bench: in the browser, round ${round} of ${rounds}`);
    keep("worker", await alone("the app's worker", startAppWorker, site.url));
    keep("js", await alone("the worker written by hand", startByHand, handWritten));
    keep("one", await whole(1));
    keep("two", await whole(2));
  }
} finally {
  await browser.close();
  await site.close();
}
const { worker, js, one, two } = best;
console.log(
  JSON.stringify({
    worker_wall_s: worker.wall,
    worker_cpu_s: worker.cpu,
    js_wall_s: js.wall,
    js_cpu_s: js.cpu,
    page_one_worker_wall_s: one.wall,
    page_two_workers_wall_s: two.wall,
  }),
);
