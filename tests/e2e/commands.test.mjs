// Commands: the palette, and the keys that move the time range and go through findings.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { inTab, until, withSite } from "./lib/browser.mjs";
import { drop, log, range, suspicious } from "./lib/logs.mjs";

const it = withSite();
const read = (page) => page.locator("#cancel").waitFor({ state: "detached" });
const names = (page) => page.locator(".palette-label").allInnerTexts();
const inTime = (page) => page.locator(".timeline .chip").first().innerText();
const otherThan = (page, time) => until(page, ".timeline .chip", (text) => text && text !== time);

async function typed(page, text) {
  await page.keyboard.press("Control+k");
  await page.locator(".palette-input").fill(text);
}

describe("commands", () => {
  test("are found by name, and only those that have something to do", async () => {
    await inTab(it.browser, it.site.url, async (page) => {
      await page.keyboard.press("Control+k");
      assert.equal(await page.locator(".palette-input").evaluate((input) => input === document.activeElement), true);
      const empty = await names(page);
      assert.ok(empty.includes("Theme: dark") && !empty.includes("Next event") && !empty.includes("Search"), `${empty}`);
      await page.locator(".palette-input").fill("zzz");
      assert.deepEqual(await names(page), []);
      await until(page, ".palette-none", (text) => text === "No command has such a name.");
      await page.locator(".palette-input").fill("theme");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      const active = await page.locator(".palette-input").getAttribute("aria-activedescendant");
      assert.match(await page.locator(`#${active}`).innerText(), /^Theme: dark/);
      await page.keyboard.press("Enter");
      await page.locator('html[data-theme="dark"]').waitFor();
      assert.equal(await page.locator("#palette[open]").count(), 0);
      // What was typed is gone, and keys are the page's again.
      await page.keyboard.press("Control+k");
      assert.equal(await page.locator(".palette-input").inputValue(), "");
      await page.keyboard.press("p");
      assert.equal(await page.locator(".palette-input").inputValue(), "p");
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await page.locator('.drawer[aria-label="Keys"]').waitFor();
    });
  });

  test("go through time and findings by keys, and Back undoes", async () => {
    await inTab(it.browser, it.site.url, async (page) => {
      await drop(page, [{ name: "a.json", buffer: log([...range(0, 3600), ...suspicious(4000)]) }]);
      await read(page);
      await page.locator(".finding").first().waitFor();
      await page.locator("#grid").focus();
      await page.keyboard.press("n");
      await page.locator('.finding[aria-pressed="true"]').waitFor();
      await page.keyboard.press("x");
      await page.locator(".timeline .chip").waitFor({ state: "detached" });
      await page.keyboard.press("+");
      const middle = await inTime(page);
      await page.keyboard.press("]");
      await otherThan(page, middle);
      const later = await inTime(page);
      assert.ok(later > middle, `${middle} ${later}`);
      await page.keyboard.press("[");
      await until(page, ".timeline .chip", (text) => text === middle);
      await page.goBack();
      await until(page, ".timeline .chip", (text) => text === later);
      await page.keyboard.press("-");
      // A range that is as long as everything is no range.
      await page.locator(".timeline .chip").waitFor({ state: "detached" });
    });
  });

  test("copy a link, and say what it holds", async () => {
    await inTab(it.browser, it.site.url, async (page) => {
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await drop(page, [{ name: "a.json", buffer: log(range(0, 50)) }]);
      await read(page);
      await page.locator("#search").fill("awsRegion:*");
      await page.keyboard.press("Enter");
      await page.keyboard.press("+");
      await typed(page, "copy link");
      await page.keyboard.press("Enter");
      await until(page, ".notice", (text) => text.startsWith("The link is copied. It holds your search and the time range, and no event"));
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
      assert.match(page.url(), /#v1&from=\d+&to=\d+&q=awsRegion/);
    });
  });
});
