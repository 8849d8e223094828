// WCAG 2.2 AA, as far as axe-core can tell: every panel in every theme.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { look } from "./lib/axe.mjs";
import { openReady, until, withSite } from "./lib/browser.mjs";
import { drop, log, range, suspicious } from "./lib/logs.mjs";
import { limit, logged, loopHere, offer, plugin, run } from "./lib/plugins.mjs";

const BROKEN = { name: "broken.json", buffer: Buffer.from('{"Records":[{"eventName":') };

// Ten thousand events are judged before the plugin does not come back.
const LOOPING = { name: "b.json", buffer: log([...range(1_000, 10_000), loopHere(20_000)]) };

const it = withSite();

// A plugin in each of its states.
async function plugins(page, check) {
  const name = "loops-later";
  const shown = await offer(page, await plugin(name, "hostile"));
  await limit(page, name, "memory-bytes", "much");
  await check("a wrong limit");
  await limit(page, name, "memory-bytes", "");
  await shown.locator(".plugin-run").click();
  await shown.locator('[role="progressbar"]').waitFor();
  await logged(page, name);
  await check("a plugin that judges");
  await limit(page, name, "time-ms", "1");
  await limit(page, name, "time-ms-per-event", "0");
  await shown.locator(".plugin-trouble").waitFor();
  await check("a plugin that was stopped");
  await offer(page, { name: "half.wasm", buffer: Buffer.from("half") });
  await check("a plugin that was refused");
  await run(page, "console-login-after-failures");
  await check("a plugin that found something");
}

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
      await page.keyboard.press("y");
      await page.locator("#menu-0:focus").waitFor();
      await check("the menu");
      await page.keyboard.press("Escape");
      await page.getByRole("tab", { name: "Raw" }).click();
      await page.locator("#raw").waitFor();
      await check("a record's text");
      await page.keyboard.press("t");
      await page.locator(".column-line").first().waitFor();
      await check("columns");
      await page.keyboard.press("Shift+E");
      await page.locator("#export-redact").check();
      await check("an export");
      await page.locator("#export-start").click();
      await page.locator("#export-save").waitFor();
      await check("an export that was made");
      await page.keyboard.press("Escape");
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
      // All events again, which come from many addresses.
      await page.keyboard.press("x");
      await page.locator("#split").selectOption("sourceIPAddress");
      await page.locator("#legend .value-exclude").first().waitFor();
      await check("a split timeline");
      await page.keyboard.press("a");
      await page.locator(".source").first().waitFor();
      await check("account");
      await offer(page, await plugin("console-login-after-failures"));
      await check("plugins");
      await drop(page, [LOOPING]);
      await until(page, "#account", (text) => text.includes("3 files"));
      await page.locator("#cancel").waitFor({ state: "detached" });
      await plugins(page, check);
      await page.locator("#search").fill("eventNam:x AND (");
      await until(page, "#search-problems", (text) => text.length > 0);
      await check("a wrong query");
      assert.deepEqual(wrong, []);
      assert.deepEqual(page.faults, []);
      await page.context().close();
    });
  }
});
