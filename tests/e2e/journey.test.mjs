// What a user does, from the empty page to one event.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { execFile } from "node:child_process";
import path from "node:path";
import { inTab, until, withSite } from "./lib/browser.mjs";
import { root } from "./lib/server.mjs";
import { drop, dropPaths, inFolder, log, range, record, sampleFiles, suspicious } from "./lib/logs.mjs";

const SAMPLE = "3 files 300 records = 290 events + 10 duplicates + 0 rejected";

const it = withSite();
let page;

// A fresh tab for each test.
function journey(name, steps) {
  test(name, () =>
    inTab(it.browser, it.site.url, (tab) => {
      page = tab;
      return steps();
    }),
  );
}

const words = (text) => text.replace(/\s+/g, " ").trim();
const accountSays = (text) => until(page, "#account", (shown) => words(shown).includes(text));
const matching = (n) => until(page, "#matching", (shown) => shown.startsWith(n));
const loaded = () => page.locator("#cancel").waitFor({ state: "detached" });
const cells = (row) =>
  page.locator(`.grid-row[aria-rowindex="${row + 2}"]:not(.hidden) [role="gridcell"]`).allInnerTexts();

async function dropSamples() {
  await drop(page, sampleFiles());
  await accountSays(SAMPLE);
  await loaded();
}

describe("files come in", () => {
  journey("dropped", async () => {
    await dropSamples();
    await matching("290");
  });

  journey("a tree of folders, dropped", async () => {
    // More entries than one call of readEntries gives, four levels down.
    const many = [...Array(230).keys()].map((i) => ({
      name: `AWSLogs/111122223333/CloudTrail/eu-central-1/2024/03/${String(i % 28).padStart(2, "0")}/${i}.json`,
      buffer: log(range(i * 2, 2)),
    }));
    const { folder, remove } = await inFolder(many);
    await dropPaths(page, [path.join(folder, "AWSLogs")]);
    await accountSays("230 files 460 records = 460 events");
    await loaded();
    await remove();
  });

  journey("chosen, and more of them later", async () => {
    const [first, ...others] = sampleFiles().map((file) => ({ ...file, mimeType: "application/json" }));
    await page.locator("#choose-files-input").setInputFiles([first]);
    await accountSays("1 file 100 records = 100 events");
    await loaded();
    await page.locator("#add-files-input").setInputFiles(others);
    await accountSays(SAMPLE);
  });

  journey("a chosen folder", async () => {
    const { folder, remove } = await inFolder(sampleFiles().map((f) => ({ ...f, name: `a/b/${f.name}` })));
    await page.locator("#choose-folder-input").setInputFiles(folder);
    await accountSays(SAMPLE);
    await page.locator(".strip-sum").click();
    await until(page, "#sources", (text) => text.includes("a/b/plain.json"));
    await remove();
  });

  journey("the demo trail", async () => {
    await page.locator("#demo").click();
    await until(page, "#matching", (text) => /^[1-9]/.test(text));
    await loaded();
    assert.match(words(await page.locator("#account").innerText()), /^[\d,]+ files [\d,]+ records = [\d,]+ events/);
  });
});

describe("events", () => {
  journey("stand in time order and are counted by the timeline", async () => {
    await dropSamples();
    assert.deepEqual((await cells(0)).slice(0, 4), ["2024-03-01 00:00:00", "ListBuckets", "s3", "alice"]);
    assert.equal((await cells(1))[0], "2024-03-01 00:01:00");
    const label = await page.locator(".histogram-canvas").getAttribute("aria-label");
    assert.match(label, /^Timeline, 290 events from 2024-03-01 00:00:00/);
    const inked = await page.locator(".histogram-canvas").evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value) => value > 0);
    });
    assert.ok(inked, "bars are drawn");
  });

  journey("are walked through by keys, opened, and shown as tree and raw text", async () => {
    await dropSamples();
    await page.locator("#grid").focus();
    for (const key of ["ArrowDown", "j", "j", "k"]) await page.keyboard.press(key);
    await page.locator('.grid-row[aria-selected="true"][aria-rowindex="3"]').waitFor();
    await page.keyboard.press("Enter");
    await until(page, ".tree", (text) => text.includes("bucket-1"));
    await page.getByRole("tab", { name: "Raw" }).click();
    assert.deepEqual(JSON.parse(await page.locator("#raw").innerText()), record(1));
    await page.keyboard.press("j");
    await until(page, "#raw", (text) => text.includes("bucket-2"));
    await page.keyboard.press("End");
    await until(page, "#raw", (text) => text.includes(record(389).eventID));
    await page.keyboard.press("Escape");
    await page.locator("#detail").waitFor({ state: "detached" });
    await page.locator("#findings-count").waitFor();
  });

  journey("of a compressed file are inflated again", async () => {
    await dropSamples();
    await page.locator("#search").fill("userIdentity.type:Root AND eventName:CreateAccessKey");
    await matching("1 ");
    await page.locator(".grid-row:not(.hidden)").first().click();
    await page.getByRole("tab", { name: "Raw" }).click();
    assert.deepEqual(JSON.parse(await page.locator("#raw").innerText()), suspicious(186)[1]);
  });

  journey("scroll over many rows", async () => {
    const { folder, remove } = await inFolder(
      [...Array(10).keys()].map((i) => ({ name: `${i}.json`, buffer: log(range(i * 2000, 2000)) })),
    );
    await dropPaths(page, [folder]);
    await matching("20,000");
    await loaded();
    const grid = page.locator("#grid");
    assert.equal(await grid.getAttribute("aria-rowcount"), "20001");
    await grid.evaluate((element) => element.scrollTo(0, 28 * 12_345));
    await until(page, '.grid-row[aria-rowindex="12349"]', (text) => text.includes("2024-03-09 13:47:00"));
    assert.ok((await page.locator(".grid-row").count()) < 80, "only what can be seen is in the page");
    await remove();
  });
});

describe("searching", () => {
  journey("narrows events and timeline, by / and typing", async () => {
    await dropSamples();
    await page.keyboard.press("/");
    await page.keyboard.type("eventName:ListBuckets AND sourceIPAddress:192.0.2.0/28");
    // Of the first 16 addresses every third, and of 200 to 215 nothing: those numbers are sign-ins.
    const shown = await until(page, "#matching", (text) => !text.startsWith("290"));
    assert.ok(Number(shown.split(" ")[0]) < 20, shown);
    assert.deepEqual((await cells(0))[1], "ListBuckets");
    await page.keyboard.press("Escape");
    await page.keyboard.press("x");
    await matching("290");
  });

  journey("names what it cannot read, with its place", async () => {
    await dropSamples();
    await page.locator("#search").fill("eventName:");
    await page.locator(".search-problem").waitFor();
    assert.equal(await page.locator("#search").getAttribute("aria-invalid"), "true");
    await page.locator("#search").fill("eventName:GetObject");
    await page.locator(".search-problem").waitFor({ state: "detached" });
  });

  journey("is kept in the address", async () => {
    await dropSamples();
    await page.locator("#search").fill("eventName:ConsoleLogin");
    await matching("13 ");
    await until(page, "body", () => page.url().endsWith("#v1&q=eventName:ConsoleLogin"));
    await page.reload();
    await page.locator("#choose-files:enabled").waitFor();
    await drop(page, sampleFiles());
    await accountSays(SAMPLE);
    await matching("13 ");
    assert.equal(await page.locator("#search").inputValue(), "eventName:ConsoleLogin");
  });

  journey("by time, with the brush", async () => {
    await dropSamples();
    const box = await page.locator(".histogram-canvas").boundingBox();
    await page.mouse.move(box.x + 1, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 40, { steps: 4 });
    await page.mouse.up();
    const shown = await until(page, "#matching", (text) => !text.startsWith("290"));
    const count = Number(shown.split(" ")[0]);
    assert.ok(count > 100 && count < 290, shown);
    await page.locator(".chip").click();
    await matching("290");
  });

  journey("from a value in the tree", async () => {
    await dropSamples();
    await page.locator(".grid-row:not(.hidden)").first().click();
    await page.locator(".tree-value", { hasText: "ListBuckets" }).click();
    assert.equal(await page.locator("#search").inputValue(), "eventName:ListBuckets");
  });
});

describe("findings", () => {
  journey("are listed worst first and show their events", async () => {
    await dropSamples();
    await until(page, "#findings-count", (text) => text === "5");
    assert.deepEqual(await page.locator(".finding-title").allInnerTexts(), [
      "Access key was made for root",
      "Root user was used",
      "Console sign-in without MFA",
      "Repeated failed console sign-ins",
      "Access key was made",
    ]);
    const failures = page.locator(".finding", { hasText: "198.51.100.9" });
    await failures.click();
    await matching("12 ");
    await failures.click();
    await matching("290");
  });

  journey("are those of the command line", async () => {
    // The one that was built for the tests: another may be older than the page.
    const built = ["debug", "release"].map((p) => path.join(root, "target", p, "trailglass"));
    const binary = [process.env.TRAILGLASS_CLI, ...built].find((file) => file && existsSync(file));
    assert.ok(binary, "target/debug/trailglass is missing; run cargo xtask test");
    const { folder, remove } = await inFolder(sampleFiles());
    const scan = await new Promise((resolve, reject) =>
      execFile(binary, ["scan", folder, "--format", "json"], (error, stdout) =>
        error && error.code !== 1 ? reject(error) : resolve(JSON.parse(stdout)),
      ),
    );
    await drop(page, sampleFiles());
    await until(page, "#findings-count", (text) => Number(text) > 0);
    await loaded();
    const shown = await page
      .locator(".finding")
      .evaluateAll((items) => items.map((item) => [item.dataset.id, item.querySelector(".finding-title").textContent]));
    assert.deepEqual(
      shown,
      scan.findings.map((finding) => [finding.id, finding.title]),
    );
    await remove();
  });
});

describe("reading", () => {
  journey("can be cancelled: what was read stays, the rest is named", async () => {
    const files = [...Array(60).keys()].map((i) => ({ name: `${i}.json`, buffer: log(range(i * 4000, 4000)) }));
    const { folder, remove } = await inFolder(files);
    await dropPaths(page, [folder]);
    // The first rows are there before the last file is read. The page itself looks: it can be done before a test hears of it.
    await page.evaluate(async () => {
      const isThere = () => document.querySelector('.grid-row:not(.hidden) [role="gridcell"]')?.textContent;
      while (!isThere()) await new Promise(requestAnimationFrame);
      document.querySelector("#cancel").click();
    });
    assert.equal((await cells(0)).length, 8);
    await loaded();
    const events = Number((await page.locator("#matching").innerText()).split(" ")[0].replaceAll(",", ""));
    assert.ok(events > 0 && events < 240_000, `${events} events`);
    await page.locator(".strip-sum").click();
    await until(page, "#sources", (text) => text.includes("cancelled"));
    await remove();
  });
});
