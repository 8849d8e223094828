// The page on a small screen and at 200 % zoom: nothing sticks out at the side, and every control can be reached and seen.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { inTab, withSite } from "./lib/browser.mjs";
import { drop, log, range, suspicious } from "./lib/logs.mjs";

const it = withSite();

// A browser lays a page out at 200 % zoom as on a screen half as wide and high, of twice the resolution.
const SCREENS = {
  "360 px wide": { viewport: { width: 360, height: 740 } },
  "200 % zoom of 1280 × 800": { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
};

// What is wrong with the page as it is: it scrolls sideways, or a control cannot be brought to where it is seen. Lists and
// the grid scroll by themselves, also sideways.
const wrong = (page, state) =>
  page.evaluate((state) => {
    const root = document.documentElement;
    const found = root.scrollWidth > root.clientWidth ? [`${state}: ${root.scrollWidth} px in ${root.clientWidth}`] : [];
    // Behind a dialog nothing is to be reached.
    const scope = document.querySelector("dialog[open]") ?? document;
    const controls = [...scope.querySelectorAll("button, a[href], input, select, summary, [role=tab]")];
    for (const control of controls) {
      const isSeen = control.checkVisibility({ visibilityProperty: true, opacityProperty: true });
      // A picker of files is asked for by its button.
      if (!isSeen || control.type === "file" || control.disabled) continue;
      control.scrollIntoView({ block: "nearest", inline: "nearest" });
      const box = control.getBoundingClientRect();
      const isInside = box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
      const name = control.id || control.className || control.innerText;
      if (box.width === 0 || !isInside) found.push(`${state}: ${name} is at ${[box.left, box.top, box.width, box.height]}`);
    }
    scrollTo(0, 0);
    return found;
  }, state);

describe("small screens", () => {
  for (const [name, options] of Object.entries(SCREENS)) {
    test(name, async () => {
      const context = await it.browser.newContext({ ...options, reducedMotion: "reduce" });
      const page = await context.newPage();
      const faults = [];
      page.on("pageerror", (error) => faults.push(error.message));
      await page.goto(it.site.url);
      await page.locator("#choose-files:enabled").waitFor();
      const all = [];
      const check = async (state) => all.push(...(await wrong(page, state)));
      await check("empty");
      await page.locator(".seal-badge").click();
      await page.locator(".prose").waitFor();
      await check("privacy");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+k");
      await check("palette");
      await page.keyboard.press("Escape");
      await drop(page, [{ name: "a.json", buffer: log([...range(0, 400), ...suspicious(900)]) }]);
      await page.locator("#cancel").waitFor({ state: "detached" });
      await page.locator(".finding").first().waitFor();
      await check("findings");
      await page.locator(".grid-row:not(.hidden)").first().click();
      await page.locator(".tree").waitFor();
      await check("an event");
      await page.keyboard.press("v");
      await page.locator(".value-line").first().waitFor();
      await check("values");
      await page.keyboard.press("a");
      await page.locator(".source").first().waitFor();
      await check("account");
      await page.keyboard.press("p");
      await page.locator("#choose-plugin").waitFor();
      await check("plugins");
      assert.deepEqual(all, []);
      assert.deepEqual(faults, []);
      await context.close();
    });
  }

  test("with reduced motion nothing moves", () =>
    inTab(
      it.browser,
      it.site.url,
      async (page) => {
        await drop(page, [{ name: "a.json", buffer: log([...range(0, 400), ...suspicious(900)]) }]);
        await page.locator(".finding").first().waitFor();
        await page.locator(".finding").first().click();
        await page.locator(".seal-badge").click();
        await page.locator(".prose").waitFor();
        const moving = await page.evaluate(() => {
          const seconds = (text) => Math.max(...text.split(",").map(parseFloat));
          return [...document.querySelectorAll("*")]
            .map((element) => [element, getComputedStyle(element)])
            .filter(([, style]) => seconds(style.transitionDuration) > 0.01 || (style.animationName !== "none" && seconds(style.animationDuration) > 0.01))
            .map(([element]) => `${element.tagName}.${element.className}`);
        });
        assert.deepEqual(moving, []);
      },
      { reducedMotion: "reduce" },
    ));
});
