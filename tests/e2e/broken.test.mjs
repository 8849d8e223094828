// Bad files: each gets a clear line, none loses a good record, and the sum still adds up.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { openReady, until, withSite } from "./lib/browser.mjs";
import { drop, log, range, record } from "./lib/logs.mjs";

const it = withSite();

const text = (records) => records.map((r) => JSON.stringify(r)).join(",");
// Records that hardly compress, so that a cut falls between them and not into one block.
const noisy = (from, count) =>
  range(from, count).map((r, i) => ({ ...r, noise: [...Array(400).keys()].map((k) => ((i * 7919 + k * 104729) % 94906267).toString(36)).join("") }));

// What is dropped, how many events of it stay, and what the list of sources says.
const CASES = [
  { name: "good.json", buffer: log(range(0, 10)), kept: 10, says: null },
  { name: "empty.json", buffer: Buffer.alloc(0), kept: 0, says: /empty/ },
  { name: "letter.txt", buffer: Buffer.from("Dear Sir or Madam,"), kept: 0, says: /not CloudTrail/ },
  { name: "other.json", buffer: Buffer.from('{"name":"package","version":"1.0.0"}'), kept: 0, says: /not CloudTrail/ },
  {
    name: "cut.json.gz",
    buffer: gzipSync(log(noisy(100, 200))).subarray(0, -20_000),
    kept: (n) => n > 50 && n < 200,
    says: /cut off/,
  },
  { name: "cut.json", buffer: log(range(400, 10)).subarray(0, -300), kept: 9, says: /ends/ },
  {
    name: "hole.json",
    buffer: Buffer.from(`{"Records":[${text(range(500, 3))},{"eventID":"x","broken":},${text(range(503, 3))}]}`),
    kept: 6,
    says: /broken|rejected/i,
  },
  {
    name: "latin.json",
    buffer: Buffer.concat([
      Buffer.from(`{"Records":[${text([record(600)])},{"eventName":"caf`),
      Buffer.from([0xe9]),
      Buffer.from(`"},${text([record(601)])}]}`),
    ]),
    kept: 2,
    says: /UTF-8/,
  },
  {
    name: "<b>bold</b>.json",
    buffer: log([record(700, { eventName: "<img src=x onerror=alert(1)>", userAgent: "safe\u202egnp.exe" })]),
    kept: 1,
    says: null,
  },
];

describe("bad files", () => {
  for (const { name, buffer, kept, says } of CASES) {
    test(name, async () => {
      const page = await openReady(it.browser, it.site.url);
      // Beside a good file, which must not suffer.
      await drop(page, [{ name, buffer }, { name: "beside.json", buffer: log(range(10_000, 5)) }]);
      await page.locator(".strip-sum").waitFor();
      const shown = await until(page, "#account", (t) => t.includes("2 files"));
      const [records, events, duplicates, rejected] = shown
        .replaceAll(",", "")
        .match(/(\d+) records?\s*=\s*(\d+) events?\s*\+\s*(\d+) duplicates?\s*\+\s*(\d+) rejected/)
        .slice(1)
        .map(Number);
      assert.equal(records, events + duplicates + rejected, shown);
      const ofFile = events - 5;
      assert.ok(typeof kept === "function" ? kept(ofFile) : ofFile === kept, `${ofFile} events kept`);
      await page.locator(".strip-sum").click();
      const source = page.locator(".source", { has: page.getByText(name, { exact: true }) });
      await source.waitFor();
      const problems = (await source.locator(".source-problem").allInnerTexts()).join("\n");
      if (says) assert.match(problems, says);
      else assert.equal(problems, "");
      assert.deepEqual(page.faults, []);
      await page.context().close();
    });
  }

  test("text of a log is text in the page, and tricks in it are shown", async () => {
    const page = await openReady(it.browser, it.site.url);
    const { buffer } = CASES.at(-1);
    await drop(page, [{ name: "trick.json", buffer }]);
    await until(page, ".grid-row:not(.hidden)", (t) => t.includes("<img src=x onerror=alert(1)>"));
    await page.locator(".grid-row:not(.hidden)").click();
    await until(page, ".tree", (t) => t.includes("safe\\u{202e}gnp.exe"));
    assert.equal(await page.locator("img").count(), 0);
    await page.context().close();
  });

  test("nothing but a folder without files", async () => {
    const page = await openReady(it.browser, it.site.url);
    await page.evaluate(() => {
      const folder = { isDirectory: true, fullPath: "/nothing", createReader: () => ({ readEntries: (done) => done([]) }) };
      const items = [{ kind: "file", webkitGetAsEntry: () => folder }];
      const event = new Event("drop", { bubbles: true, cancelable: true });
      Object.defineProperty(event, "dataTransfer", { value: { items, files: [] } });
      document.body.dispatchEvent(event);
    });
    await until(page, ".notice", (t) => t.includes("no files"));
    await page.context().close();
  });
});
