// The timeline: its layers and their legend, moving through time by pointer and keys, and the findings on it.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { look } from "./lib/axe.mjs";
import { inTab, ready, until, withSite } from "./lib/browser.mjs";
import { log, suspicious } from "./lib/logs.mjs";
import { becomes, button, fragment, load, matching, query } from "./lib/page.mjs";
import { counts, files, trail } from "./lib/trail.mjs";

const ALL = trail();
const MINUTE = 60_000;
const START = Date.parse(ALL[0].eventTime);
const it = withSite();

const number = (n) => n.toLocaleString("en");
const legend = (page) =>
  page.locator("#legend .legend").evaluateAll((items) =>
    items.map((item) => [".legend-text", ".legend-count"].map((part) => item.querySelector(part).textContent)),
  );
const canvas = (page) => page.locator(".timeline .histogram-canvas");
const range = (page) => {
  const found = /from=(-?\d+)&to=(-?\d+)/.exec(page.url());
  return found && [Number(found[1]), Number(found[2])];
};
const noRange = (page) => becomes(page, async () => range(page), null);
const entries = (page) => page.evaluate(() => history.length);

// The pointer at a fraction of the width.
async function point(page, fraction) {
  const box = await canvas(page).boundingBox();
  await page.mouse.move(box.x + box.width * fraction, box.y + box.height / 2);
}

// Waits until the range is another one.
async function moved(page, before) {
  await until(page, "body", () => JSON.stringify(range(page)) !== JSON.stringify(before));
  return range(page);
}

// The layers that a field makes: the first six values, the others, and those without.
function split(events, field) {
  const found = [...counts(events, field)].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const sum = (list) => list.reduce((all, [, n]) => all + n, 0);
  const lines = found.slice(0, 6).map(([value, n]) => [value, number(n)]);
  const others = found.slice(6);
  if (others.length) lines.push([`${others.length} other value${others.length === 1 ? "" : "s"}`, number(sum(others))]);
  const missing = events.length - sum(found);
  if (missing) lines.push([`Without ${field}`, number(missing)]);
  return lines;
}

for (const count of [1, 6]) {
  describe(`layers, ${count} files`, () => {
    test("are told, split by any field, and are filters", async () => {
      await inTab(it.browser, it.site.url, async (page) => {
        await load(page, files(ALL, count));
        const failed = ALL.filter((r) => r.errorCode).length;
        await becomes(page, () => legend(page), [["With an error", number(failed)], ["Succeeded", number(600 - failed)]]);
        for (const field of ["awsRegion", "sourceIPAddress", "errorCode", "userIdentity.accessKeyId"]) {
          await page.locator("#split").selectOption(field);
          await becomes(page, () => legend(page), split(ALL, field));
          assert.equal(fragment(page), `#v2&split=${field}`);
        }
        const label = await canvas(page).getAttribute("aria-label");
        assert.match(label, /^Timeline, 600 events from .* UTC, \d+ AKIA/);
        // Into the search, and out of it.
        await page.locator("#split").selectOption("awsRegion");
        await becomes(page, () => legend(page), split(ALL, "awsRegion"));
        const [[first]] = split(ALL, "awsRegion");
        await button(page, `Exclude awsRegion ${first}`).click();
        const others = ALL.filter((r) => r.awsRegion !== first);
        await matching(page, others.length);
        await becomes(page, () => legend(page), split(others, "awsRegion"));
        const [[second, n]] = split(others, "awsRegion");
        await button(page, `Show only ${second}`).focus();
        await page.keyboard.press("Enter");
        await matching(page, Number(n));
        assert.equal(await query(page), `NOT awsRegion:${first} AND awsRegion:${second}`);
        // Back takes the steps back one by one, the split too.
        for (const _ of [1, 2, 3]) await page.goBack();
        await becomes(page, () => legend(page), split(ALL, "userIdentity.accessKeyId"));
        await page.reload();
        await ready(page);
        await load(page, files(ALL, count));
        await becomes(page, () => legend(page), split(ALL, "userIdentity.accessKeyId"));
        await page.locator("#split").selectOption("");
        await button(page, "Show only With an error").click();
        await matching(page, failed);
        assert.equal(await query(page), "errorCode:*");
      });
    });
  });
}

describe("moving in time", () => {
  const journey = (name, steps) =>
    test(name, () =>
      inTab(it.browser, it.site.url, async (page) => {
        await load(page, files(ALL, 1));
        await matching(page, 600);
        await steps(page);
      }),
    );

  journey("the wheel zooms around the pointer, and is one step back", async (page) => {
    const before = await entries(page);
    await point(page, 0.25);
    await page.mouse.wheel(0, -300);
    const first = await moved(page, null);
    const length = ([from, to]) => to - from;
    // Half of ten hours, and what was under the pointer stays there.
    assert.ok(Math.abs(length(first) - 300 * MINUTE) < 5 * MINUTE, `${first}`);
    const at = START + 150 * MINUTE;
    assert.ok(Math.abs((at - first[0]) / length(first) - 0.25) < 0.02, `${first}`);
    await page.mouse.wheel(0, -300);
    const second = await moved(page, first);
    assert.ok(Math.abs(length(second) - 150 * MINUTE) < 5 * MINUTE, `${second}`);
    assert.equal(await entries(page), before + 1);
    await page.goBack();
    await noRange(page);
    await matching(page, 600);
    // As far out as it goes is everything.
    await page.mouse.wheel(0, -300);
    await moved(page, null);
    await page.mouse.wheel(0, 900);
    await noRange(page);
  });

  journey("a brush picks a range, Shift and the wheel along pan, a double click shows all", async (page) => {
    await point(page, 0.4);
    await page.mouse.down();
    await point(page, 0.6);
    await page.mouse.up();
    const brushed = await moved(page, null);
    assert.ok(brushed[0] > START + 230 * MINUTE && brushed[1] < START + 370 * MINUTE, `${brushed}`);
    // The bars stand from the start of the range to its end, so a drag by half of the width moves by half of it.
    await until(page, "#matching", (text) => !text.startsWith("600"));
    await page.keyboard.down("Shift");
    await point(page, 0.75);
    await page.mouse.down();
    await point(page, 0.25);
    await page.mouse.up();
    await page.keyboard.up("Shift");
    const panned = await moved(page, brushed);
    const length = brushed[1] - brushed[0];
    assert.equal(panned[1] - panned[0], length);
    assert.ok(Math.abs(panned[0] - brushed[0] - length / 2) < length / 10, `${brushed} ${panned}`);
    await page.mouse.wheel(-400, 0);
    const back = await moved(page, panned);
    assert.ok(back[0] < panned[0] && back[1] - back[0] === length, `${panned} ${back}`);
    await canvas(page).dblclick();
    await noRange(page);
    await matching(page, 600);
  });

  journey("keys zoom around the pointer or the middle, and show all", async (page) => {
    await page.locator("#grid").focus();
    await page.keyboard.press("+");
    const middle = await moved(page, null);
    const at = START + 300 * MINUTE;
    assert.ok(Math.abs((middle[0] + middle[1]) / 2 - at) < 2 * MINUTE, `${middle}`);
    await page.keyboard.press("0");
    await noRange(page);
    await matching(page, 600);
    await point(page, 0.01);
    await page.keyboard.press("+");
    const early = await moved(page, null);
    assert.ok(early[0] < START + 10 * MINUTE, `${early}`);
    await page.keyboard.press("]");
    const later = await moved(page, early);
    assert.ok(later[0] > early[0]);
    await page.keyboard.press("-");
    await moved(page, later);
  });
});

describe("findings", () => {
  test("stand on the timeline, and are gone through by keys", async () => {
    await inTab(it.browser, it.site.url, async (page) => {
      await load(page, [...files(ALL, 1), { name: "signs.json", buffer: log(suspicious(700)) }]);
      await page.locator(".finding").first().waitFor();
      const found = await page.locator(".finding").count();
      await page.locator(".mark").first().waitFor();
      const marks = page.locator(".mark");
      const labels = await marks.evaluateAll((all) => all.map((mark) => mark.title));
      const told = labels.map((label) => (/^(\d+) findings/.exec(label) ? Number(/^\d+/.exec(label)[0]) : 1));
      assert.equal(told.reduce((a, b) => a + b), found, labels.join("\n"));
      assert.ok(labels.every((label) => /(critical|high|medium|low|informational): .* UTC/.test(label)), labels.join("\n"));
      // Each stands where its first event does.
      const left = await marks.first().evaluate((mark) => parseFloat(mark.style.left));
      assert.ok(left > 0 && left < 100, `${left}`);
      await page.keyboard.press("Shift+M");
      assert.equal(await marks.first().evaluate((mark) => mark === document.activeElement), true);
      // Several at one place come apart when their time is looked at.
      const many = told.findIndex((n) => n > 1);
      assert.ok(many >= 0, `${told}`);
      for (let n = 0; n < many; n++) await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      await moved(page, null);
      // Those of all of the time stand there until the shards have answered.
      const apart = async () => {
        const titles = await marks.evaluateAll((all) => all.map((mark) => mark.title));
        return titles.every((title) => !labels.includes(title)) && titles.filter((title) => !/^\d+ findings/.test(title)).length > 1;
      };
      await becomes(page, apart, true);
      // One is chosen, and stays where it is.
      const alone = await marks.evaluateAll((all) => all.findIndex((mark) => !/^\d+ findings/.test(mark.title)));
      await page.keyboard.press("Shift+M");
      await page.keyboard.press("Home");
      for (let n = 0; n < alone; n++) await page.keyboard.press("ArrowRight");
      const last = page.locator(".mark:focus");
      const title = await last.getAttribute("title");
      await page.keyboard.press("Enter");
      await page.locator('.mark[aria-pressed="true"]').waitFor();
      assert.match(page.url(), /finding=\w+/);
      assert.equal(await last.getAttribute("title"), title);
      await page.keyboard.press("Enter");
      await page.locator('.mark[aria-pressed="true"]').waitFor({ state: "detached" });
      assert.ok(!page.url().includes("finding="));
      await page.keyboard.press("0");
      await becomes(page, () => marks.evaluateAll((all) => all.map((mark) => mark.title)), labels);
    });
  });

  test("and layers have nothing that axe-core finds wrong", async () => {
    await inTab(it.browser, it.site.url, async (page) => {
      await load(page, [...files(ALL, 1), { name: "signs.json", buffer: log(suspicious(700)) }]);
      await page.locator(".mark").first().click();
      await page.locator('.mark[aria-pressed="true"]').waitFor();
      await page.locator("#split").selectOption("sourceIPAddress");
      await page.locator("#legend .value-exclude").first().waitFor();
      for (const theme of ["light", "dark", "contrast"]) {
        await page.locator("#theme").selectOption(theme);
        assert.deepEqual(await look(page, theme), []);
      }
      // Colours that are on their way are none that it can judge.
    }, { reducedMotion: "reduce" });
  });
});
