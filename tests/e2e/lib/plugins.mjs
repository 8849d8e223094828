// Plugins on the page: where they are, how they get there, and what they said.
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { drop, record } from "./logs.mjs";
import { root } from "./server.mjs";

const target = process.env.TRAILGLASS_TARGET ?? path.join(root, "target");

// The file of a plugin, as `target/<folder>/<name>.wasm`.
export async function plugin(name, folder = "plugins") {
  const file = path.join(target, folder, `${name}.wasm`);
  if (!existsSync(file)) throw new Error(`${file} is missing; run cargo xtask test`);
  return { name: `${name}.wasm`, path: file, buffer: await readFile(file) };
}

// The names of all plugins of a folder of the target; none if it is not there.
export async function named(folder) {
  const place = path.join(target, folder);
  const files = existsSync(place) ? await readdir(place) : [];
  return files.filter((file) => file.endsWith(".wasm")).map((file) => file.slice(0, -5)).sort();
}

// Files are named by their base name on the page.
export const item = (page, name) => page.locator(".plugin").filter({ has: page.locator(".plugin-file", { hasText: new RegExp(`^${name}\\.wasm$`) }) });
export const status = (page, name) => item(page, name).locator(".plugin-status");

// Hands over a plugin and waits until the page knows what it is, or why it cannot run.
export async function offer(page, file) {
  await drop(page, [file]);
  const name = file.name.slice(0, -5);
  await item(page, name).last().and(page.locator('[aria-busy="false"]')).waitFor();
  return item(page, name).last();
}

// Runs one and waits until it ends; returns what the page says of it.
export async function run(page, name) {
  await item(page, name).locator(".plugin-run").click();
  await item(page, name).and(page.locator('[aria-busy="false"]')).waitFor();
  return status(page, name).innerText();
}

// Sets what one may take.
export async function limit(page, name, what, value) {
  const limits = item(page, name).locator(".plugin-limits");
  if (!(await limits.evaluate((details) => details.open))) await limits.locator("summary").click();
  const input = limits.getByLabel(what, { exact: true });
  await input.fill(value);
  await input.press("Enter");
}

// What one logged, as the page shows it.
export async function logged(page, name) {
  const shown = item(page, name).locator(".plugin-log");
  await shown.waitFor();
  if (!(await shown.evaluate((details) => details.open))) await shown.locator("summary").click();
  return shown.innerText();
}

// A record at which `loops-later` does not come back.
export const loopHere = (n) => record(n, { eventSource: "cloudtrail.amazonaws.com", eventName: "StopLogging" });

// A console sign-in of minute `n`.
export const signIn = (n, result, fields = {}) =>
  record(n, {
    eventSource: "signin.amazonaws.com",
    eventName: "ConsoleLogin",
    eventType: "AwsConsoleSignIn",
    sourceIPAddress: "198.51.100.77",
    requestParameters: null,
    responseElements: { ConsoleLogin: result },
    errorMessage: result === "Failure" ? "Failed authentication" : undefined,
    ...fields,
  });

// Some failures from one address and a success: what the first example looks for.
export const guessed = (from, failures = 6) => [
  ...[...Array(failures).keys()].map((n) => signIn(from + n, "Failure")),
  signIn(from + failures, "Success"),
];

// Remembers what workers say to the page. For `page.addInitScript`, before the page is opened.
export function listenToWorkers() {
  const heard = (globalThis.heardFromWorkers = []);
  globalThis.Worker = class extends Worker {
    constructor(...options) {
      super(...options);
      this.addEventListener("message", ({ data }) => {
        if (data?.Judged || data?.At || data?.Loaded) heard.push({ at: performance.now(), data });
      });
    }
  };
}

// What plugins found, as their workers said it, in the words of the command line's JSON.
export const foundByWorkers = (page) =>
  page.evaluate(() => {
    const time = (ms) => (ms === undefined || ms === null ? null : Number(ms));
    return globalThis.heardFromWorkers
      .flatMap(({ data }) => data.Judged?.findings ?? [])
      .map((f) => ({
        id: f.id,
        detector: f.detector,
        detectorVersion: f.version,
        title: f.title,
        severity: f.severity,
        tactics: f.tactics,
        techniques: f.techniques,
        why: f.why,
        group: Object.fromEntries(f.group.map(([name, value]) => [name, value ?? null])),
        first: time(f.first_ms),
        last: time(f.last_ms),
        count: Number(f.count),
        falsePositives: f.false_positives,
        events: JSON.parse(new TextDecoder().decode(f.event_ids)),
      }));
  });
