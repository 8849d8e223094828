// Sigma rules that the user drops: before logs, behind them, wrong ones, and away with them.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { inTab, until, withSite } from "./lib/browser.mjs";
import { drop, log, range, record } from "./lib/logs.mjs";

const rule = (title, selection) =>
  `title: ${title}\nlevel: high\ndetection:\n  selection:\n    ${selection}\n  condition: selection\n`;
const RULES = {
  name: "own.yml",
  buffer: Buffer.from(
    [
      rule("Bucket three was read", "requestParameters.bucketName: bucket-3"),
      rule("Nothing of the kind", "eventName: DeleteEverything"),
      rule("Wrong", "eventName|like: x"),
      // A correlation on a rule that comes with the page.
      "title: Two sign-ins failed\nlevel: medium\ncorrelation:\n  type: event_count\n  rules: [failed-console-sign-in]\n  group-by: [sourceIPAddress]\n  timespan: 1h\n  condition: {gte: 2}\n",
    ].join("---\n"),
  ),
};
const failure = (n) =>
  record(n, {
    eventSource: "signin.amazonaws.com",
    eventName: "ConsoleLogin",
    sourceIPAddress: "198.51.100.9",
    errorMessage: "Failed authentication",
    requestParameters: null,
    responseElements: { ConsoleLogin: "Failure" },
  });
// One record in seven is about bucket three. Two files, for two workers.
const LOGS = [
  { name: "a.json", buffer: log([...range(0, 70), failure(500)]) },
  { name: "b.json", buffer: log([...range(100, 70), failure(501)]) },
];
const OF_BUCKET = [...range(0, 70), ...range(100, 70)].filter(
  ({ requestParameters }) => requestParameters.bucketName === "bucket-3",
).length;

const it = withSite();

const titles = (page) => page.locator(".finding-title").allInnerTexts();
const read = (page) => page.locator("#cancel").waitFor({ state: "detached" });

async function found(page) {
  await page.locator(".finding", { hasText: "Bucket three was read" }).waitFor();
  assert.deepEqual((await titles(page)).sort(), ["Bucket three was read", "Two sign-ins failed"]);
  const finding = page.locator(".finding", { hasText: "Bucket three was read" });
  assert.match(await finding.innerText(), new RegExp(`${OF_BUCKET} events`));
  await finding.click();
  await until(page, "#matching", (text) => text.startsWith(`${OF_BUCKET} events`));
  const own = await until(page, "#own-rules", (text) => text.includes("refused"));
  assert.match(own, /3 rules of yours from 1 file/);
  assert.match(own, /own\.yml:19: no modifier of Sigma 2\.1: like \(Wrong\)/);
}

describe("rules of the user", () => {
  test("dropped before the logs they see every event", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await drop(page, [RULES]);
      await drop(page, LOGS);
      await read(page);
      await found(page);
    }));

  test("dropped behind the logs they see every event", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await drop(page, LOGS);
      await read(page);
      assert.deepEqual(await titles(page), []);
      await drop(page, [RULES]);
      await found(page);
    }));

  test("another file of the same name takes their place, and they can be removed", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await drop(page, [...LOGS, RULES]);
      await read(page);
      await page.locator(".finding", { hasText: "Bucket three was read" }).waitFor();
      await drop(page, [{ name: "own.yml", buffer: Buffer.from(rule("Lists", "eventName: ListBuckets")) }]);
      await page.locator(".finding", { hasText: "Lists" }).waitFor();
      assert.deepEqual(await titles(page), ["Lists"]);
      await page.locator("#own-rules").getByRole("button", { name: "Remove" }).click();
      await page.locator(".finding").first().waitFor({ state: "detached" });
      assert.equal(await page.locator("#own-rules").count(), 0);
    }));
});
