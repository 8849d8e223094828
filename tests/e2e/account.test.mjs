// The account of an archive: each file in it is named and adds up, and its events open.
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { launch, openReady, until } from "./lib/browser.mjs";
import { root, serveSite } from "./lib/server.mjs";
import { consoleCsv, drop, log, range, record, zip } from "./lib/logs.mjs";

const LACKS =
  "event history CSV without userIdentity.type, userIdentity.arn, requestParameters: detections that read them find nothing here";

const FILES = [
  {
    name: "evidence.zip",
    buffer: zip([
      { name: "good.json", buffer: log([...range(0, 4), record(4, { eventName: "PutObject" })]) },
      { name: "broken.json", buffer: log(range(100, 10)).subarray(0, -300) },
      { name: "history.csv", buffer: consoleCsv([record(200, { eventName: "DeleteTrail" }), ...range(201, 2)]) },
    ]),
  },
  { name: "beside.json", buffer: log([...range(300, 5), record(0)]) },
];

// What the list says of each file, in its order: the archive with the broken file first, and that file first in it.
const SOURCES = [
  ["evidence.zip", "zip archive", /^3 files in it, /],
  ["evidence.zip › broken.json", "trail file", "10 seen = 9 kept + 0 duplicate + 1 rejected"],
  ["evidence.zip › good.json", "trail file", "5 seen = 5 kept + 0 duplicate + 0 rejected"],
  ["evidence.zip › history.csv", "event history CSV", "3 seen = 3 kept + 0 duplicate + 0 rejected"],
  ["beside.json", "trail file", "6 seen = 5 kept + 1 duplicate + 0 rejected"],
];

let browser, site, page;
before(async () => {
  browser = await launch();
  site = await serveSite();
  page = await openReady(browser, site.url);
  await drop(page, FILES);
  await page.locator("#cancel").waitFor({ state: "detached" });
  await until(page, "#account", (text) => text.includes("5 files"));
});
after(async () => {
  await browser?.close();
  await site?.close();
});

const texts = (within, selector) => within.locator(selector).allInnerTexts();

describe("the account of an archive", () => {
  test("each file in it is named and adds up", async () => {
    const strip = (await page.locator("#account").innerText()).replace(/\s+/g, " ");
    assert.ok(strip.includes("24 records = 22 events + 1 duplicate + 1 rejected"), strip);
    await page.locator(".strip-sum").click();
    const list = page.locator("#sources .source");
    await list.first().waitFor();
    assert.equal(await list.count(), SOURCES.length);
    for (const [at, [name, what, counts]] of SOURCES.entries()) {
      const source = list.nth(at);
      assert.deepEqual(await texts(source, ".source-name"), [name]);
      assert.deepEqual(await texts(source, ".source-what"), [what]);
      const [said] = await texts(source, ".source-counts");
      assert.ok(counts instanceof RegExp ? counts.test(said) : said.startsWith(counts), said);
      const problems = (await texts(source, ".source-problem")).join("\n");
      if (name.includes("broken")) assert.match(problems, /ends before it is closed[^]*ends inside this record/);
      else assert.equal(problems, "");
      assert.deepEqual(await texts(source, ".source-note"), name.includes("csv") ? [LACKS] : []);
    }
    const folder = path.join(root, "target/screenshots");
    await mkdir(folder, { recursive: true });
    await page.screenshot({ path: path.join(folder, "account-archive-wide-light.png"), animations: "disabled" });
  });

  // Name of the event, the file that it is in, and what only its own record says.
  for (const [name, file, says] of [
    ["PutObject", "evidence.zip › good.json", '"bucketName":"bucket-4"'],
    ["DeleteTrail", "evidence.zip › history.csv", '"resourceName":"b"'],
  ]) {
    test(`an event of ${file} opens`, async () => {
      await page.locator("#search").fill(`eventName:${name}`);
      await until(page, ".grid-row:not(.hidden)", (text) => text.includes(name));
      await page.locator(".grid-row:not(.hidden)").first().click();
      await until(page, "#detail", (text) => text.includes(file));
      await page.getByRole("tab", { name: "Raw" }).click();
      await until(page, "#raw", (text) => text.includes(says) && text.includes(`"eventName":"${name}"`));
      assert.deepEqual(page.faults, []);
    });
  }
});
