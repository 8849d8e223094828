// WCAG 2.2 AA, as far as axe-core can tell: every panel in every theme.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { look } from "./lib/axe.mjs";
import { openReady, until, withSite } from "./lib/browser.mjs";
import { drop, log, range, suspicious } from "./lib/logs.mjs";
import { offer, plugin } from "./lib/plugins.mjs";

const BROKEN = { name: "broken.json", buffer: Buffer.from('{"Records":[{"eventName":') };

const it = withSite();
describe("access", () => {
  for (const [theme, options] of Object.entries({
    light: { colorScheme: "light" },
    dark: { colorScheme: "dark" },
    "high contrast": { colorScheme: "dark", contrast: true },
    "high contrast, light": { colorScheme: "light", contrast: true },
    narrow: { colorScheme: "light", viewport: { width: 360, height: 740 } },
  })) {
    test(`every panel, ${theme}`, async () => {
      const { contrast, ...context } = options;
      const page = await openReady(it.browser, it.site.url, { reducedMotion: "reduce", ...context });
      const wrong = [];
      const check = async (state) => wrong.push(...(await look(page, state)));
      if (contrast) await page.locator("#theme").selectOption("contrast");
      await check("empty");
      await page.keyboard.press("?");
      await page.locator('.drawer[aria-label="Keys"]').waitFor();
      await check("keys");
      await page.locator(".seal-badge").click();
      await page.locator(".prose").waitFor();
      await check("privacy");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+k");
      await check("palette");
      await page.keyboard.press("Escape");
      await drop(page, [{ name: "a.json", buffer: log([...range(0, 400), ...suspicious(900)]) }, BROKEN]);
      await page.locator("#cancel").waitFor({ state: "detached" });
      await page.locator(".finding").first().waitFor();
      await check("findings");
      await page.locator(".finding").first().click();
      await page.locator('.finding[aria-pressed="true"]').waitFor();
      await check("a finding");
      await page.locator(".grid-row:not(.hidden)").first().click();
      await page.locator(".tree").waitFor();
      await check("an event");
      await page.keyboard.press("v");
      await page.locator(".value-line").first().waitFor();
      await check("values");
      await page.keyboard.press("i");
      await page.locator(".subject-line").first().waitFor();
      await check("a page");
      await page.keyboard.press("q");
      await page.locator("#queries").waitFor();
      await check("searches");
      await page.locator("#back-to-events").click();
      await page.locator("#split").selectOption("sourceIPAddress");
      await page.locator("#legend .value-exclude").first().waitFor();
      await check("a split timeline");
      await page.keyboard.press("a");
      await page.locator(".source").first().waitFor();
      await check("account");
      await offer(page, await plugin("console-login-after-failures"));
      await check("plugins");
      await page.locator("#search").fill("eventNam:x AND (");
      await until(page, "#search-problems", (text) => text.length > 0);
      await check("a wrong query");
      assert.deepEqual(wrong, []);
      assert.deepEqual(page.faults, []);
      await page.context().close();
    });
  }
});
