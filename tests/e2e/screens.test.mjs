// The page as it looks: empty, loading, loaded, with values, with an event open; wide and narrow, light and dark.
// Written to target/screenshots/, where README's picture comes from too.
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { launch, openReady, until } from "./lib/browser.mjs";
import { root, serveSite } from "./lib/server.mjs";
import { dropPaths, inFolder, log, range, suspicious } from "./lib/logs.mjs";

const folder = path.join(root, "target/screenshots");
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 768, height: 1024 } };

let browser, site, many;
before(async () => {
  browser = await launch();
  site = await serveSite();
  await mkdir(folder, { recursive: true });
  // Enough to be seen while it is read.
  const files = [...Array(40).keys()].map((i) => ({ name: `${i}.json`, buffer: log(range(i * 5000, 5000)) }));
  many = await inFolder([...files, { name: "sign-ins.json", buffer: log(suspicious(300_000)) }]);
});
after(async () => {
  await browser?.close();
  await site?.close();
  await many?.remove();
});

// Nothing may stick out at the side.
async function picture(page, name) {
  const { inner, outer } = await page.evaluate(() => ({
    inner: document.documentElement.scrollWidth,
    outer: document.documentElement.clientWidth,
  }));
  assert.ok(inner <= outer, `${name}: ${inner} px wide in ${outer}`);
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: "disabled" });
}

describe("pictures", () => {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"]) {
      test(`${size}, ${colorScheme}`, async () => {
        const name = (state) => `${state}-${size}-${colorScheme}`;
        let page = await openReady(browser, site.url, { viewport, colorScheme });
        await picture(page, name("empty"));
        await page.locator(".seal-badge").click();
        await page.locator(".prose").waitFor();
        await picture(page, name("privacy"));
        await page.keyboard.press("Escape");

        await dropPaths(page, [many.folder]);
        await until(page, "#matching", (text) => /^[1-9]/.test(text));
        await picture(page, name("loading"));
        await page.context().close();

        page = await openReady(browser, site.url, { viewport, colorScheme });
        await page.locator("#demo").click();
        await page.locator(".finding").first().waitFor();
        await until(page, ".grid-row:not(.hidden)", (text) => text.length > 20);
        await picture(page, name("loaded"));
        await page.locator(".grid-row:not(.hidden)").nth(4).click();
        await page.locator(".tree").waitFor();
        await picture(page, name("event"));
        await page.keyboard.press("v");
        await page.locator(".value-line").first().waitFor();
        await picture(page, name("values"));
        await page.locator("#split").selectOption("eventSource");
        await page.locator("#legend .value-exclude").first().waitFor();
        await picture(page, name("split"));
        await page.locator("#split").selectOption("");
        await page.getByRole("button", { name: /^Page of Address / }).first().click();
        await page.locator(".subject-line").first().waitFor();
        await picture(page, name("page"));
        await page.keyboard.press("q");
        await page.locator("#ready-made").waitFor();
        await picture(page, name("searches"));
        await page.locator("#back-to-events").click();
        await page.keyboard.press("v");
        await page.locator(".value-line").first().waitFor();
        if (size === "wide") {
          await page.locator("#move-values").click();
          await page.locator(".values-column .value-line").first().waitFor();
          await picture(page, name("column"));
          await page.locator("#move-values").click();
          await page.locator(".side-column .value-line").first().waitFor();
        }
        await page.locator("#search").fill("errorCode:* AND NOT principal:svc-etl");
        await page.keyboard.press("Enter");
        await until(page, "#values-sum", (text) => !text.startsWith("19,9"));
        await page.locator(".grid-row:not(.hidden)").nth(4).click();
        await page.locator("#why").waitFor();
        await picture(page, name("why"));
        await page.locator("#around").click();
        await page.getByRole("columnheader", { name: "Who" }).getByRole("button").click();
        await page.locator('[aria-sort="ascending"]', { hasText: "Who" }).waitFor();
        await until(page, "#values-sum", (text) => /^\d\d? /.test(text));
        await picture(page, name("around"));
        await page.locator("#add-field").scrollIntoViewIfNeeded();
        await picture(page, name("values-end"));
        await page.keyboard.press("x");
        await page.locator(".grid-row:not(.hidden)").nth(4).click();
        await page.locator(".tree").waitFor();
        await page.getByRole("tab", { name: "Raw" }).click();
        await page.locator(".strip-sum").click();
        await page.locator("#sources").waitFor();
        await picture(page, name("account"));
        await page.locator("#search").fill("eventName:ConsoleLogin AND (");
        await page.locator(".search-problem").first().waitFor();
        await picture(page, name("problem"));
        assert.deepEqual(page.faults, []);
        await page.context().close();
      });
    }
  }
});
