// The search box offers fields, values with their counts, and operators, as they are typed.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { inTab, until, withSite } from "./lib/browser.mjs";
import { drop, log, record, sampleFiles } from "./lib/logs.mjs";

const it = withSite();
let page;

// A fresh tab with these files.
function journey(name, files, steps) {
  test(name, () =>
    inTab(it.browser, it.site.url, async (tab) => {
      page = tab;
      await drop(page, files);
      await page.locator("#grid").waitFor();
      await page.locator("#cancel").waitFor({ state: "detached" });
      await page.locator("#search").focus();
      await steps();
    }),
  );
}

const type = (text) => page.keyboard.type(text);
const press = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
const query = () => page.locator("#search").inputValue();
const matching = (n) => until(page, "#matching", (shown) => shown.startsWith(`${n} `));
const closed = () => page.locator("#completions").waitFor({ state: "hidden" });

// What is offered: labels, and the counts of values.
const choices = () =>
  page.locator(".completion").evaluateAll((items) =>
    items.map((item) =>
      [".completion-label", ".completion-count"].map((part) => item.querySelector(part).textContent).join(" ").trim(),
    ),
  );
const offered = async (expected) => {
  const wanted = JSON.stringify(expected);
  const deadline = Date.now() + 30_000;
  let found = await choices();
  while (JSON.stringify(found) !== wanted && Date.now() < deadline) {
    await page.evaluate(() => new Promise(requestAnimationFrame));
    found = await choices();
  }
  assert.deepEqual(found, expected);
};

describe("completion", () => {
  journey("of a field, then of its value, by the keys", sampleFiles(), async () => {
    await type("eventN");
    await until(page, "#completions", (text) => text.includes("eventName"));
    const search = page.locator("#search");
    assert.equal(await search.getAttribute("aria-expanded"), "true");
    assert.equal(await search.getAttribute("aria-activedescendant"), null);
    await press("ArrowDown");
    assert.equal(await search.getAttribute("aria-activedescendant"), "completion-0");
    assert.equal(await page.locator("#completion-0").getAttribute("aria-selected"), "true");
    await press("Enter");
    assert.equal(await query(), "eventName:");
    await offered(["GetObject 184", "ListBuckets 92", "ConsoleLogin 13", "CreateAccessKey 1"]);
    await type("c");
    await offered(["ConsoleLogin 13", "CreateAccessKey 1"]);
    await press("Backspace");
    await type("Con");
    await offered(["ConsoleLogin 13"]);
    await press("Tab");
    assert.equal(await query(), "eventName:ConsoleLogin");
    await closed();
    await matching(13);
    await press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "grid");
  });

  journey("of what the rest of the query leaves, and of all behind NOT", sampleFiles(), async () => {
    await type("userIdentity.type:Root AND eventName:");
    await offered(["CreateAccessKey 1"]);
    await page.locator("#search").fill("NOT eventName:Li");
    await offered(["ListBuckets 92"]);
    await page.locator("#search").fill("eventName:(ListBuckets OR Cr");
    await offered(["CreateAccessKey 1"]);
    await page.locator("#search").fill("requestParameters.bucketName:");
    await closed();
  });

  journey("of operators, with the mouse, in the middle of a query", sampleFiles(), async () => {
    await type("eventName:ConsoleLogin ");
    await offered(["AND", "OR", "AND NOT"]);
    await page.locator(".completion", { hasText: "AND NOT" }).click();
    assert.equal(await query(), "eventName:ConsoleLogin AND NOT ");
    await type("sourceIPAddress:198");
    await offered(["198.51.100.9 12"]);
    await page.locator(".completion").first().click();
    await matching(1);
    await press("Home", "Delete");
    await type("E");
    await until(page, "#completions", (text) => text.includes("eventName"));
    await page.locator(".completion", { hasText: "eventName" }).first().click();
    assert.equal(await query(), "eventName:ConsoleLogin AND NOT sourceIPAddress:198.51.100.9");
    assert.equal(await page.evaluate(() => document.activeElement.selectionStart), "eventName".length);
  });

  journey("is left by Esc, before the search is", sampleFiles(), async () => {
    await press("ArrowDown");
    await until(page, "#completions", (text) => text.includes("eventTime"));
    await press("ArrowUp", "Escape");
    await closed();
    assert.equal(await page.evaluate(() => document.activeElement.id), "search");
    await press("Escape");
    assert.equal(await page.evaluate(() => document.activeElement.id), "grid");
    await press("/");
    await type("bucket-4");
    await press("Enter");
    assert.equal(await query(), "bucket-4");
    assert.equal(await page.evaluate(() => document.activeElement.id), "grid");
  });

  const tricky = [
    record(0, { userAgent: '<img src=x onerror=alert(1)> "quoted" \\ and spaces' }),
    record(1, { userAgent: "safe\u202egnp.exe" }),
  ];
  journey("writes a value so that it is found, and shows its tricks", [{ name: "a.json", buffer: log(tricky) }], async () => {
    await type("userAgent:");
    await offered(['<img src=x onerror=alert(1)> "quoted" \\ and spaces 1', "safe\\u{202e}gnp.exe 1"]);
    assert.equal(await page.locator("img").count(), 0);
    await press("Tab");
    await matching(1);
    await page.locator("#search").fill("userAgent:s");
    await offered(["safe\\u{202e}gnp.exe 1"]);
    await press("ArrowDown", "Enter");
    assert.equal(await query(), 'userAgent:"safe\u202egnp.exe"');
    await until(page, ".grid-row:not(.hidden)", (text) => text.includes("safe\\u{202e}gnp.exe"));
    await matching(1);
  });
});
