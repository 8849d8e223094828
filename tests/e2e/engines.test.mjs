// Other browsers than Chromium: Firefox, and WebKit as WebKitGTK has it. The way of a user through the page, once, and the
// privacy claim. A machine that has not got one of them says so and leaves its tests out.
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import path from "node:path";
import * as firefox from "./lib/firefox.mjs";
import * as webkit from "./lib/webkit.mjs";
import { attack, attempts, pageAttacks, workerAttacks } from "./lib/attacks.mjs";
import { drop, inFolder, log, range, record, sampleFiles, suspicious } from "./lib/logs.mjs";
import { guessed, plugin } from "./lib/plugins.mjs";
import { withoutCheck, withoutPolicy, withoutSeal } from "./lib/unsealed.mjs";
import { serveCanary, serveSite } from "./lib/server.mjs";

// What gets out of no page in this browser, sealed or not: it starts no worker from another origin, fetches nothing in
// advance or knows no fonts in workers.
const IMPOSSIBLE = {
  Firefox: ["page/worker", "page/service-worker", "page/prefetch", "page/ping"],
  WebKit: ["page/worker", "page/service-worker", "page/prefetch", "worker/font", "plugin/font"],
};

const everything = [
  ...Object.keys(pageAttacks).map((name) => `page/${name}`),
  ...Object.keys(workerAttacks).flatMap((name) => [`worker/${name}`, `plugin/${name}`]),
];

// What a page shows.
const says = (page, selector, text) =>
  page.waitFor(
    (selector, text) => document.querySelector(selector)?.innerText.replace(/\s+/g, " ").includes(text),
    selector,
    text,
  );
const there = (page, selector) => page.waitFor((selector) => Boolean(document.querySelector(selector)), selector);
const gone = (page, selector) => page.waitFor((selector) => !document.querySelector(selector), selector);
const texts = (page, selector) =>
  page.evaluate((selector) => [...document.querySelectorAll(selector)].map((found) => found.innerText.trim()), selector);

// What a user does.
const click = (page, selector) => page.evaluate((selector) => document.querySelector(selector).click(), selector);
const search = (page, query) =>
  page.evaluate((query) => {
    const input = document.querySelector("#search");
    input.focus();
    input.value = query;
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, query);

async function openReady(page, url) {
  await page.open(url);
  await there(page, "#choose-files:enabled");
  await page.evaluate(() => {
    globalThis.faults = [];
    for (const name of ["error", "unhandledrejection"]) {
      addEventListener(name, (event) => faults.push(String(event.message ?? event.reason)));
    }
  });
}

// A worker of the page that attacks on demand: these drivers cannot reach into one. The page itself has the same glue.
const attacker = (name, origins) => (glue) => `${glue};
if (!globalThis.document) {
  // Held for the life of the worker, and told more than once: it attacks once.
  const channel = (globalThis.attacks = new BroadcastChannel(${JSON.stringify(name)}));
  let isTold = false;
  channel.onmessage = async ({ data }) => {
    if (data !== "attack" || isTold) return;
    isTold = true;
    ${origins.map(([place, origin]) => `await ${attempts(workerAttacks, `${origin}/attack/${place}/${name}`)};`).join("\n")}
    channel.postMessage("done");
  };
}`;

// Whether the worker got to the end of its attacks.
const attackFrom = (page, name) =>
  page.evaluate(
    (name) =>
      new Promise((resolve) => {
        const channel = (globalThis.attacks = new BroadcastChannel(name));
        const again = setInterval(() => channel.postMessage("attack"), 500);
        channel.onmessage = ({ data }) => {
          if (data !== "done") return;
          clearInterval(again);
          resolve(true);
        };
        setTimeout(() => resolve(false), 20_000);
      }),
    name,
  );

// As in seal.test.mjs. Returns what arrived at the page's own server and at a foreign one, like "abroad/page/fetch".
//
// A worker of Firefox stands still for ever, one time in ten, when it starts another worker: its timers stop, too. Nothing is
// known then, so that the siege begins anew with another browser.
async function besiege(engine, isSealed) {
  for (let sieges = 1; sieges <= 6; sieges += 1) {
    const found = await besiegeOnce(engine, isSealed);
    if (found) return found;
  }
  throw new Error("a worker stood still in each of six sieges");
}

async function besiegeOnce(engine, isSealed) {
  const canary = await serveCanary();
  const origins = [["abroad", canary.origin]];
  const patch = {
    "web-app.js": attacker("worker", origins),
    "plugin.js": attacker("plugin", origins),
    ...(isSealed ? {} : { "boot.js": (text) => withoutCheck(withoutSeal(text)), "index.html": withoutPolicy }),
  };
  const site = await serveSite({ patch });
  origins.push(["home", site.origin]);
  const page = await engine.launch();
  try {
    await openReady(page, site.url);
    await drop(page, sampleFiles());
    await says(page, "#account", "3 files");
    await drop(page, [await plugin("console-login-after-failures")]);
    await there(page, '.plugin[aria-busy="false"]');
    const before = site.log.paths.length;
    for (const name of ["worker", "plugin"]) if (!(await attackFrom(page, name))) return undefined;
    for (const [place, origin] of origins) await attack(page, pageAttacks, `${origin}/attack/${place}/page`);
    const arrived = () =>
      new Set(
        [...site.log.paths.slice(before), ...canary.log.paths]
          .filter((path) => path.includes("/attack/"))
          .map((path) => path.slice("/attack/".length).replace(/\.(js|css)$/, "")),
      );
    await barrier(page, site);
    const others = site.log.paths.slice(before).filter((path) => !/\/(attack|barrier)/.test(path) && !path.endsWith("/sw.js"));
    return { arrived: arrived(), others, canary: canary.log };
  } finally {
    await page.close();
    await site.close();
    await canary.close();
  }
}

// What the browser sends later, by the same ways, has come: what was sent before has, too.
async function barrier(page, site) {
  await page.open(`${site.origin}/barrier`);
  await page.evaluate(() => {
    navigator.sendBeacon("/barrier/beacon", "x");
    return fetch("/barrier/fetch").then((response) => response.text());
  });
  while (!site.log.paths.includes("/barrier/beacon")) await page.evaluate(() => new Promise(requestAnimationFrame));
}

for (const engine of [firefox, webkit]) {
  const skip = engine.program ? false : `${engine.name} is not on this machine: ${engine.wanted}`;

  describe(engine.name, { skip }, () => {
    let page, site;
    before(async () => {
      site = await serveSite();
      page = await engine.launch();
    });
    after(async () => {
      await page?.close();
      await site?.close();
    });

    test("reads logs, searches them, shows findings and records, runs a plugin, and asks no server for anything", async () => {
      await openReady(page, site.url);
      const before = site.log.paths.length;

      await drop(page, sampleFiles());
      await says(page, "#account", "3 files 300 records = 290 events + 10 duplicates + 0 rejected");
      await gone(page, "#cancel");

      await says(page, "#findings-count", "5");
      assert.ok((await texts(page, ".finding-title")).includes("Access key was made for root"));
      const failures = '.finding[data-chosen-by-test="yes"]';
      await page.evaluate(() => {
        const finding = [...document.querySelectorAll(".finding")].find((found) => found.innerText.includes("198.51.100.9"));
        finding.dataset.chosenByTest = "yes";
      });
      await click(page, failures);
      await says(page, "#matching", "12 ");
      await click(page, failures);
      await says(page, "#matching", "290");

      await search(page, "userIdentity.type:Root AND eventName:CreateAccessKey");
      await page.waitFor(() => document.querySelector("#matching").innerText.startsWith("1 "));
      await click(page, ".grid-row:not(.hidden)");
      await says(page, ".tree", "CreateAccessKey");
      await page.evaluate(() => [...document.querySelectorAll('[role="tab"]')].find((tab) => tab.innerText === "Raw").click());
      await there(page, "#raw");
      assert.deepEqual(JSON.parse((await texts(page, "#raw"))[0]), suspicious(186)[1]);
      // What only the record says: the file is read again.
      await search(page, "requestParameters.bucketName:bucket-3");
      const among = [...range(0, 186), ...range(300, 90)].filter((r) => r.requestParameters.bucketName === "bucket-3").length;
      await page.waitFor((n) => document.querySelector("#matching").innerText.startsWith(`${n} `), among);

      await drop(page, [{ name: "guessed.json", buffer: log(guessed(1000)) }, await plugin("console-login-after-failures")]);
      await there(page, '.plugin[aria-busy="false"] .plugin-run:enabled');
      await gone(page, "#cancel");
      await click(page, ".plugin-run");
      await says(page, ".plugin-status", "It judged 20 events: 1 finding");

      assert.deepEqual(await page.evaluate(() => globalThis.faults), []);
      assert.deepEqual(site.log.paths.slice(before).filter((path) => !path.endsWith("/sw.js")), []);
    });

    test("reads files that are chosen", async () => {
      await openReady(page, site.url);
      const { folder, remove } = await inFolder(sampleFiles());
      await page.choose("#choose-files-input", sampleFiles().map(({ name }) => path.join(folder, name)));
      await says(page, "#account", "3 files 300 records = 290 events + 10 duplicates + 0 rejected");
      await remove();
    });

    test("saves an export", async () => {
      await openReady(page, site.url);
      const events = range(0, 5_000);
      await drop(page, [{ name: "log.json", buffer: log(events) }]);
      await says(page, "#matching", "5,000");
      await gone(page, "#cancel");
      await click(page, "#export-events");
      await click(page, '#export input[value="record-lines"]');
      await click(page, "#export-start");
      await says(page, "#export-status", "5,000 events are written, ");
      // Every line has its end.
      const isWhole = (text) => text.split("\n").length > events.length;
      const lines = (await page.saved("trailglass-events.records.jsonl", isWhole)).trim().split("\n");
      assert.deepEqual(lines.map((line) => JSON.parse(line)), events);
    });

    test("shows many rows", async () => {
      await openReady(page, site.url);
      await drop(page, [...Array(4).keys()].map((n) => ({ name: `${n}.json`, buffer: log(range(n * 5000, 5000)) })));
      await says(page, "#matching", "20,000");
      await gone(page, "#cancel");
      await page.evaluate(() => document.querySelector("#grid").scrollTo(0, 28 * 12_345));
      await page.waitFor(() => document.querySelector('.grid-row[aria-rowindex="12349"]')?.innerText.includes("2024-03-09 13:47:00"));
      assert.equal(record(12_347).eventTime, "2024-03-09T13:47:00Z");
    });

    test("opens without its server after a visit", async () => {
      const own = await serveSite();
      await openReady(page, own.url);
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => null));
      await own.close();
      await openReady(page, own.url);
      await drop(page, sampleFiles());
      await says(page, "#account", "3 files 300 records");
    });

    test("sends nothing from the sealed page, its workers and the worker of a plugin", async () => {
      const { arrived, others, canary } = await besiege(engine, true);
      assert.deepEqual([...arrived], []);
      assert.deepEqual(others, []);
      assert.deepEqual(canary.paths, []);
    });

    test("sends everything without the policies: the attacks are real", async () => {
      const { arrived } = await besiege(engine, false);
      const expected = everything.filter((name) => !IMPOSSIBLE[engine.name].includes(name)).map((name) => `abroad/${name}`);
      assert.deepEqual(expected.filter((name) => !arrived.has(name)), []);
    });
  });
}
