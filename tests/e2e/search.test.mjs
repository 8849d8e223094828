// Searches that only the records themselves can answer: their files are read again, and hits show as they are found.
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { appendFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { inTab, launch, until } from "./lib/browser.mjs";
import { serveSite } from "./lib/server.mjs";
import { drop, dropPaths, inFolder, log, range, record, sampleFiles, zip } from "./lib/logs.mjs";

// Remembers how far each worker says that it is: the number of its filter for every report.
const LISTEN = `
self.reports = [];
self.Worker = class extends Worker {
  constructor(url) {
    super(url);
    const own = [];
    reports.push(own);
    this.addEventListener("message", ({ data }) => data.Checking && own.push(data.Checking[0]));
  }
};
`;

let browser, site, page;
before(async () => {
  browser = await launch();
  site = await serveSite({ patch: { "boot.js": (text) => LISTEN + text } });
});
after(async () => {
  await browser?.close();
  await site?.close();
});

// A fresh tab for each test.
function journey(name, steps) {
  test(name, () =>
    inTab(browser, site.url, (tab) => {
      page = tab;
      return steps();
    }),
  );
}

const loaded = () => page.locator("#cancel").waitFor({ state: "detached" });
const matching = (n) => until(page, "#matching", (shown) => shown.startsWith(`${n} `));
const checking = (condition) => until(page, "#checking", condition);
const search = (query) => page.locator("#search").fill(query);

async function load(files, events) {
  await drop(page, files);
  await matching(events);
  await loaded();
}

// What a query finds, once it is known of every event.
async function finds(query, n) {
  await search(query);
  await matching(n);
  await checking((text) => text === "");
}

// Remembers everything that an element says from now on.
const listen = (id) =>
  page.evaluate((id) => {
    const element = document.getElementById(id);
    window.said = [element.innerText];
    new MutationObserver(() => window.said.push(element.innerText)).observe(element, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  }, id);
const said = () => page.evaluate(() => window.said);
const isSaid = (pattern) => page.waitForFunction((pattern) => window.said.some((text) => text.match(pattern)), pattern);

describe("what only the records say", () => {
  journey("is found by a word, by a path, and by what is not so", async () => {
    await load(sampleFiles(), "290");
    // Of 0 to 185 and 300 to 389 every seventh, from 4 on.
    const inBucket4 = [...range(0, 186), ...range(300, 90)].filter((r) => r.requestParameters.bucketName === "bucket-4").length;
    await finds("bucket-4", inBucket4);
    await until(page, ".grid-row:not(.hidden)", (text) => text.includes("00:04:00"));
    assert.match(await page.locator(".histogram-canvas").getAttribute("aria-label"), new RegExp(`^Timeline, ${inBucket4} `));
    await finds("requestParameters.bucketName:bucket-4", inBucket4);
    await finds("NOT requestParameters.bucketName:bucket-4", 290 - inBucket4);
    await finds("responseElements.ConsoleLogin:Failure AND NOT sourceIPAddress:203.0.113.7", 12);
    await finds('"MobileVersion" OR CreateAccessKey', 14);
    await finds("nothing-says-this", 0);
    await finds("", 290);
    assert.equal(await page.locator(".search-problem").count(), 0);
  });

  journey("is found in large files, in archives, and in files that come later", async () => {
    const large = log([...range(0, 4000), record(9000, { requestParameters: { note: "needle" } })]);
    assert.ok(large.length > 2 << 20, "of many slices");
    const inner = { name: "inner.json", buffer: log([...range(5000, 5), record(9001, { apiVersion: "needle" })]) };
    await load([{ name: "large.json", buffer: large }, { name: "a.zip", buffer: zip([inner]) }], "4,007");
    await finds("needle", 2);
    await drop(page, [{ name: "late.json.gz", buffer: gzipSync(log([...range(6000, 5), record(9002, { note: "needle" })])) }]);
    await matching(3);
    await loaded();
    await finds("needle AND requestParameters.note:*", 1);
  });

  journey("is said to be looked for, and the newest search wins", async () => {
    const files = [...Array(40).keys()].map((i) => ({ name: `${i}.json`, buffer: log(range(i * 2000, 2000)) }));
    const { folder, remove } = await inFolder(files);
    await dropPaths(page, [folder]);
    await matching("80,000");
    await loaded();
    await listen("checking");
    await search("bucket-3");
    await isSaid("^checking [0-9,]+ of 80,000 events$");
    await search("bucket-5 AND eventName:ListBuckets");
    const expected = range(0, 80_000).filter((r) => r.eventName === "ListBuckets" && r.requestParameters.bucketName === "bucket-5");
    await matching(expected.length.toLocaleString("en"));
    await checking((text) => text === "");
    const texts = await said();
    assert.ok(texts.some((text) => /^checking [\d,]+ of 26,667 events$/.test(text)), texts.join("\n"));
    const last = texts.findLastIndex((text) => text.includes("80,000"));
    assert.ok(texts.findIndex((text) => text.includes("26,667")) > last, texts.join("\n"));
    // A worker that has heard of a new search does not go on with the old one.
    const reports = await page.evaluate(() => self.reports);
    assert.ok(reports.flat().length > 2, JSON.stringify(reports));
    for (const own of reports) assert.deepEqual(own, own.toSorted((a, b) => a - b));
    // Asked while a search is under way, columns answer at once.
    await listen("checking");
    await search("bucket-2");
    await isSaid("^checking");
    await finds("eventName:ListBuckets", "26,667");
    await remove();
  });

  journey("is asked of the files that are read while it is searched for", async () => {
    const files = [...Array(40).keys()].map((i) => ({ name: `${i}.json`, buffer: log(range(i * 2000, 2000)) }));
    const { folder, remove } = await inFolder(files);
    await dropPaths(page, [folder]);
    await until(page, "#matching", (text) => /^[1-9]/.test(text));
    await search("bucket-6");
    await loaded();
    await finds("bucket-6", range(0, 80_000).filter((r) => r.requestParameters.bucketName === "bucket-6").length.toLocaleString("en"));
    await remove();
  });

  journey("cannot be told of a file that has changed", async () => {
    const files = [
      { name: "kept.json", buffer: log(range(0, 10)) },
      { name: "changed.json", buffer: log(range(10, 20)) },
    ];
    const { folder, remove } = await inFolder(files);
    await dropPaths(page, [folder]);
    await matching(30);
    await loaded();
    await appendFile(path.join(folder, "changed.json"), " ");
    await search("bucket-4");
    await matching(1);
    await checking((text) => text === "20 events could not be checked: their files have changed or cannot be read");
    await finds("eventName:ListBuckets", 10);
    await remove();
  });
});
