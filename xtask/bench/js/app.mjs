// Measures the page in Chromium: see README.md. Question on stdin, answer on stdout, both JSON.
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { look } from "../../../tests/e2e/lib/axe.mjs";
import { launch, open, ready, until } from "../../../tests/e2e/lib/browser.mjs";
import { dropPaths } from "../../../tests/e2e/lib/logs.mjs";
import { dist, serveSite } from "../../../tests/e2e/lib/server.mjs";

const { folder, events, rounds } = JSON.parse(await text(process.stdin));

// What is typed, key by key.
const QUERY = "eventName:Get* AND NOT errorCode:*";
const KEY_EVERY_MS = 80;
const SCROLLED_MS = 5000;
const FRAME_MS = 1000 / 60;

// For `addInitScript`: what the interface thread does for longer than 50 ms, and when the drop zone opens.
function watch() {
  globalThis.longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: "longtask",
    buffered: true,
  });
  const look = () => {
    if (document.querySelector("#choose-files:enabled")) globalThis.sealedAt = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

const site = await serveSite();

// A browser that has never seen the page.
async function fresh() {
  const browser = await launch();
  const page = await open(browser, "about:blank");
  await page.addInitScript(watch);
  await page.goto(site.url);
  await ready(page);
  const requests = site.log.paths.length;
  return { browser, page, requests };
}

// Long tasks since this was asked last. What was observed a moment ago is told in a later turn of the page.
async function longTasks(page) {
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
  return page.evaluate(() => globalThis.longTasks.splice(0));
}

// Milliseconds of the processor that tasks of the interface thread took while something is done: unlike the time that
// passed, other programs do not lengthen them.
async function processorTime(page, work) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ["toplevel"] });
  await work();
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const [thread] = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const isTask = ({ pid, tid, name, tdur }) => pid === thread.pid && tid === thread.tid && name.endsWith("::RunTask") && tdur;
  return traceEvents.filter(isTask).map(({ tdur }) => tdur / 1000);
}

const middle = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function boot() {
  const { browser, page } = await fresh();
  const times = await page.evaluate(() => ({
    fcp: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    sealed: globalThis.sealedAt,
  }));
  const tasks = await longTasks(page);
  await browser.close();
  return { ...times, tasks };
}

// Frames that did not come in time, in per cent of all that should have, while the grid scrolls so far in each.
async function dropped(page, pixels) {
  return page.evaluate(
    async ({ pixels, milliseconds, frame }) => {
      const next = () => new Promise(requestAnimationFrame);
      const grid = document.querySelector("#grid");
      let [before, missed, due] = [await next(), 0, 0];
      for (const end = before + milliseconds; before < end; ) {
        grid.scrollTop += pixels;
        if (grid.scrollTop + grid.clientHeight >= grid.scrollHeight - 1) grid.scrollTop = 0;
        const now = await next();
        const frames = Math.max(1, Math.round((now - before) / frame));
        due += frames;
        missed += frames - 1;
        before = now;
      }
      return (missed / due) * 100;
    },
    { pixels, milliseconds: SCROLLED_MS, frame: FRAME_MS },
  );
}

// Everything that is done with a trail, once `load` has handed it to the page.
async function work(page, load) {
  await longTasks(page);
  let load_s, loading;
  const loadingCpu = await processorTime(page, async () => {
    const begin = performance.now();
    await load();
    await page.locator("#cancel").waitFor();
    await page.locator("#cancel").waitFor({ state: "detached", timeout: 600_000 });
    await until(page, "#matching", (shown) => /^[1-9]/.test(shown));
    load_s = (performance.now() - begin) / 1000;
    loading = await longTasks(page);
  });
  const idle = await dropped(page, 0);
  // Three rows in each frame.
  const scrolling = await dropped(page, 84);
  await longTasks(page);
  let typing;
  const typingCpu = await processorTime(page, async () => {
    await page.locator("#search").click();
    await page.keyboard.type(QUERY, { delay: KEY_EVERY_MS });
    await page.keyboard.press("Enter");
    typing = await longTasks(page);
  });
  return { load_s, loading, loadingCpu, typing, typingCpu, idle, scrolling };
}

// The figures of a page with a trail, their names ending in `of`.
function figures({ load_s, loading, loadingCpu, typing, typingCpu, idle, scrolling }, of) {
  return {
    [`long_tasks${of}`]: loading.length + typing.length,
    [`worst_task_ms${of}`]: Math.max(0, ...loading, ...typing),
    [`long_tasks_loading${of}`]: loading.length,
    [`long_tasks_typing${of}`]: typing.length,
    [`worst_task_cpu_ms_loading${of}`]: Math.max(...loadingCpu),
    [`worst_task_cpu_ms_typing${of}`]: Math.max(...typingCpu),
    [`dropped_frames_percent${of}`]: scrolling,
    [`dropped_frames_percent_idle${of}`]: idle,
    [`load_s${of}`]: load_s,
  };
}

// What a browser asks for, in parts. What hosts and people read is not among it.
async function sizes() {
  const parts = { app: 0, plugin: 0, page: 0, demo: 0 };
  let brotli = 0;
  for (const file of await readdir(dist, { recursive: true, withFileTypes: true })) {
    if (!file.isFile() || ["SHA256SUMS", "_headers"].includes(file.name)) continue;
    const place = path.join(file.parentPath ?? file.path, file.name);
    const name = path.relative(dist, place);
    const bytes = await readFile(place);
    const part = name.startsWith("demo") ? "demo" : /^(web-app|worker)/.test(name) ? "app" : /^plugin[._]/.test(name) ? "plugin" : "page";
    parts[part] += gzipSync(bytes, { level: 9 }).length / 1024;
    if (part !== "demo") brotli += brotliCompressSync(bytes).length / 1024;
  }
  return { parts, brotli };
}

const boots = [];
for (let round = 1; round <= rounds; round += 1) {
  console.error(`bench: the page in a fresh browser, round ${round} of ${rounds}`);
  boots.push(await boot());
}

console.error("bench: the demo trail");
const demo = await fresh();
const withDemo = await work(demo.page, () => demo.page.locator("#demo").click());
await demo.page.locator(".grid-row:not(.hidden)").first().click();
await demo.page.locator(".tree").waitFor();
const violations = await look(demo.page, "demo trail");
violations.forEach((violation) => console.error(violation));
// The browser itself looks whether this file has changed.
const later = (requests) => site.log.paths.slice(requests).filter((asked) => !asked.endsWith("/sw.js")).length;
let requests_after_seal = later(demo.requests);
await demo.browser.close();

console.error(`bench: ${events} events`);
const many = await fresh();
// Dropped as a folder: to choose hundreds of files, the driver sends them all in one message, which is a long task of its own.
const withMany = await work(many.page, () => dropPaths(many.page, [folder]));
requests_after_seal += later(many.requests);
await many.browser.close();
await site.close();

const { parts, brotli } = await sizes();
console.log(
  JSON.stringify({
    fcp_ms: middle(boots.map(({ fcp }) => fcp)),
    sealed_ms: middle(boots.map(({ sealed }) => sealed)),
    transfer_kb: parts.app + parts.plugin + parts.page,
    axe_violations: violations.length,
    requests_after_seal,
    transfer_brotli_kb: brotli,
    app_kb: parts.app,
    plugin_kb: parts.plugin,
    page_kb: parts.page,
    demo_kb: parts.demo,
    long_tasks_boot: middle(boots.map(({ tasks }) => tasks.length)),
    worst_task_ms_boot: middle(boots.map(({ tasks }) => Math.max(0, ...tasks))),
    ...figures(withDemo, "_demo"),
    ...figures(withMany, ""),
  }),
);
