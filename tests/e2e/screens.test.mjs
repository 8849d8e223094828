// The page as it looks: every panel, wide and narrow, in every theme. Written to target/screenshots/, where README's pictures
// come from too.
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { launch, openReady, until } from "./lib/browser.mjs";
import { root, serveSite } from "./lib/server.mjs";
import { drop, dropPaths, inFolder, log, range, suspicious } from "./lib/logs.mjs";
import { guessed, item, limit, logged, loopHere, offer, plugin, run } from "./lib/plugins.mjs";

const folder = path.join(root, "target/screenshots");
const THEMES = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  contrast: { colorScheme: "dark", theme: "contrast" },
};
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
    for (const [look, { theme, ...options }] of Object.entries(THEMES)) {
      test(`${size}, ${look}`, async () => {
        const name = (state) => `${state}-${size}-${look}`;
        const opened = async () => {
          const page = await openReady(browser, site.url, { viewport, ...options });
          if (theme) await page.locator("#theme").selectOption(theme);
          return page;
        };
        let page = await opened();
        await picture(page, name("empty"));
        await page.locator(".seal-badge").click();
        await page.locator(".prose").waitFor();
        await picture(page, name("privacy"));
        await page.keyboard.press("Escape");

        await dropPaths(page, [many.folder]);
        await until(page, "#matching", (text) => /^[1-9]/.test(text));
        await picture(page, name("loading"));
        await page.context().close();

        page = await opened();
        await page.locator("#demo").click();
        await page.locator(".finding").first().waitFor();
        await until(page, ".grid-row:not(.hidden)", (text) => text.length > 20);
        await picture(page, name("loaded"));
        await page.locator("#findings-groups").selectOption("entity");
        await page.locator(".finding").nth(1).click();
        await until(page, ".finding-body", (text) => text.includes("A bundled rule"));
        await page.locator(".evidence-line").first().waitFor();
        await page.keyboard.press("s");
        await page.locator(".mark-tags").fill("to ask, night");
        await page.locator(".mark-tags").press("Enter");
        await page.locator(".mark-note").fill("Nobody of the team was at work.");
        await picture(page, name("finding"));
        await page.locator(".mark-note").scrollIntoViewIfNeeded();
        await picture(page, name("finding-end"));
        await page.keyboard.press("Escape");
        await page.keyboard.press("Shift+T");
        await picture(page, name("matrix"));
        await page.keyboard.press("Escape");
        await page.keyboard.press("b");
        await page.locator(".noted").first().waitFor();
        await picture(page, name("notes"));
        await page.keyboard.press("Escape");
        await page.locator("#findings-groups").selectOption("nothing");
        await page.keyboard.press("x");
        await page.locator(".grid-row:not(.hidden)").nth(4).click();
        await page.locator(".tree").waitFor();
        await picture(page, name("event"));
        await page.keyboard.press("y");
        await page.locator("#menu-0:focus").waitFor();
        await picture(page, name("copy"));
        await page.keyboard.press("Escape");
        await page.keyboard.press("Shift+F10");
        await page.locator("#menu-0:focus").waitFor();
        await picture(page, name("menu"));
        await page.keyboard.press("Escape");
        await page.keyboard.press("ControlOrMeta+k");
        await page.keyboard.type("theme");
        await page.locator("#palette [role=option]").first().waitFor();
        await picture(page, name("palette"));
        await page.keyboard.press("Escape");
        await page.keyboard.press("?");
        await page.locator(".key-line").first().waitFor();
        await picture(page, name("keys"));
        await page.keyboard.press("t");
        await page.locator(".column-line").first().waitFor();
        await picture(page, name("columns"));
        await page.keyboard.press("Shift+E");
        await page.locator("#export-redact").check();
        await picture(page, name("export"));
        await page.keyboard.press("Escape");
        await page.keyboard.press("d");
        await page.locator("#zone").fill("Asia/Kolkata");
        await page.locator("#zone").press("Enter");
        await page.locator("#search-is-utc").waitFor();
        await page.locator("#telling-before").click();
        await page.getByText("The timeline keeps dates.").waitFor();
        await picture(page, name("display"));
        await page.locator("#telling-dates").click();
        await picture(page, name("zone"));
        await page.locator("#zone-utc").click();
        await page.getByRole("columnheader", { name: "Time (UTC)" }).waitFor();
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

// One that judges ten thousand events, some of which it finds, and does not come back from the next.
const LOOPING = [{ name: "a.json", buffer: log([...guessed(0, 30), ...range(100, 10_400), loopHere(20_000)]) }];
const LATER = "loops-later";

describe("pictures of plugins", () => {
  for (const [size, viewport] of Object.entries({ ...SIZES, phone: { width: 360, height: 740 } })) {
    for (const [name, { theme, ...options }] of Object.entries(THEMES)) {
      test(`${size}, ${name}`, async () => {
        const page = await openReady(browser, site.url, { viewport, ...options });
        if (theme) await page.locator("#theme").selectOption(theme);
        const look = async (state, of) => {
          if (of) await of.scrollIntoViewIfNeeded();
          await picture(page, `plugins-${state}-${size}-${name}`);
        };
        await drop(page, LOOPING);
        await until(page, "#account", (text) => text.includes("1 file"));
        await page.locator("#cancel").waitFor({ state: "detached" });
        const fine = await offer(page, await plugin("console-login-after-failures"));
        await look("loaded");
        await fine.locator(".plugin-limits summary").click();
        await limit(page, "console-login-after-failures", "memory-bytes", "much");
        await look("limits", fine.locator(".plugin-limits"));
        await limit(page, "console-login-after-failures", "memory-bytes", "");
        await run(page, "console-login-after-failures");
        await look("done", fine.locator(".plugin-buttons"));
        const looping = await offer(page, await plugin(LATER, "hostile"));
        await looping.locator(".plugin-run").click();
        await looping.locator('[role="progressbar"]').waitFor();
        await logged(page, LATER);
        await look("judging", looping.locator(".plugin-log"));
        await limit(page, LATER, "time-ms", "1");
        await limit(page, LATER, "time-ms-per-event", "0");
        await item(page, LATER).locator(".plugin-trouble").waitFor();
        await looping.locator(".plugin-limits summary").click();
        await look("faulted", looping.locator(".plugin-buttons"));
        await page.keyboard.press("Escape");
        await page.locator(".finding", { hasText: "succeeded after failures" }).waitFor();
        await look("findings");
        assert.deepEqual(page.faults, []);
        await page.context().close();
      });
    }
  }
});
