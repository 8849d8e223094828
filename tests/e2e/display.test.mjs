// Times as the user wants them on the page: in UTC, in this computer's zone or in any other, as dates or by how long before the
// last event they were. What leaves the page stays as it is.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { look } from "./lib/axe.mjs";
import { inTab, ready, until, withSite } from "./lib/browser.mjs";
import { allowClipboard, copyFromMenu } from "./lib/clipboard.mjs";
import { drop, log, range, record, suspicious } from "./lib/logs.mjs";

const it = withSite();
const NEW_YORK = { timezoneId: "America/New_York" };
// 290 events from 2024-03-01 00:00 UTC, one a minute, and what rules find behind them.
const LOGS = [...range(0, 290), ...suspicious(300)];
let page;

function journey(name, steps, { records = LOGS, ...options } = {}) {
  test(name, () =>
    inTab(
      it.browser,
      it.site.url,
      async (tab) => {
        page = tab;
        await load(records);
        return steps();
      },
      { ...NEW_YORK, ...options },
    ),
  );
}

async function load(records = LOGS) {
  await drop(page, [{ name: "a.json", buffer: log(records) }]);
  await page.locator("#cancel").waitFor({ state: "detached" });
  await until(page, "#matching", (text) => text.startsWith(String(records.length)));
}

const said = (selector, expected) => until(page, selector, (text) => text === expected);
const heading = (label) => page.getByRole("columnheader", { name: label, exact: true });
const row = (number) => page.locator(`.grid-row[aria-rowindex="${number + 2}"]:not(.hidden)`);
const time = async (number) => {
  await row(number).waitFor();
  return row(number).locator('[role="gridcell"]').first().innerText();
};
const focused = (id) => page.locator(`#${id}:focus`).waitFor();

async function open() {
  await page.keyboard.press("d");
  await page.locator("#display").waitFor();
}

async function zone(name) {
  if ((await page.locator("#display").count()) === 0) await open();
  await page.locator("#zone").fill(name);
  await page.locator("#zone").press("Enter");
}

// What is written below the bars: whatever the canvas is told to write.
async function ticks() {
  return page.evaluate(async () => {
    const written = [];
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
      written.push(text);
      return fillText.call(this, text, ...place);
    };
    const canvas = document.querySelector(".histogram-canvas");
    const { width } = canvas.getBoundingClientRect();
    canvas.style.width = `${width - 2}px`;
    while (written.length === 0) await new Promise(requestAnimationFrame);
    canvas.style.width = "";
    CanvasRenderingContext2D.prototype.fillText = fillText;
    return written.filter((text) => /[:-]/.test(text));
  });
}

describe("a zone", () => {
  journey("is told by all that tells times, and is remembered", async () => {
    assert.equal(await time(0), "2024-03-01 00:00:00");
    await heading("Time (UTC)").waitFor();
    await open();
    await page.locator("#zone-local").click();
    await heading("Time (America/New_York)").waitFor();
    assert.equal(await time(0), "2024-02-29 19:00:00");
    const isWhole = (label) => label.scrollWidth <= label.clientWidth;
    assert.ok(await page.locator(".grid-sort-label").first().evaluate(isWhole), "the heading tells the whole zone");
    const title = await row(0).locator('[role="gridcell"]').first().getAttribute("title");
    assert.equal(title, "2024-02-29 19:00:00 America/New_York = 2024-03-01 00:00:00 UTC");
    await said(".strip-range", "2024-02-29 19:00:00 – 2024-03-01 00:13:00 America/New_York");
    await page.keyboard.press("v");
    await said("#values-span", "2024-02-29 19:00:00 – 2024-03-01 00:13:00 America/New_York");
    await row(1).click();
    await said("#detail-time", "2024-02-29 19:01:00 America/New_York");
    await page.keyboard.press("s");
    await page.keyboard.press("b");
    await said(".noted .faint", "2024-02-29 19:01:00 America/New_York, alice");
    await page.keyboard.press("Escape");
    const whens = await page.locator(".finding-when").allInnerTexts();
    assert.ok(whens.some((when) => when === "2024-03-01 00:01:00 America/New_York"), whens.join("\n"));
    assert.ok(whens.every((when) => when.endsWith(" America/New_York")), whens.join("\n"));
    const marks = page.locator("#marks button");
    assert.match(await marks.first().getAttribute("aria-label"), / America\/New_York/);
    await page.locator(".finding").first().click();
    const evidence = await page.locator(".evidence-time").first().innerText();
    assert.match(evidence, /^2024-03-01 00:\d\d:00$/);
    await page.keyboard.press("x");
    const bars = await page.locator(".timeline .histogram-canvas").getAttribute("aria-label");
    assert.match(bars, /^Timeline, .* America\/New_York/);
    await row(1).click();
    await page.keyboard.press("i");
    await said("#subject-first", "2024-02-29 19:00:00 America/New_York");
    await page.locator("#back-to-events").click();

    await page.reload();
    await ready(page);
    await load();
    await heading("Time (America/New_York)").waitFor();
    assert.equal(await time(0), "2024-02-29 19:00:00");
  });

  journey("of half hours has its midnights and full hours on the axis", async () => {
    assert.deepEqual(await ticks(), ["2024-03-01", "01:00", "02:00", "03:00", "04:00", "05:00"]);
    await zone("asia/kolkata");
    await heading(/^Time \(asia\/(kolkata)\)$/i).waitFor();
    assert.equal(await time(0), "2024-03-01 05:30:00");
    assert.deepEqual(await ticks(), ["06:00", "07:00", "08:00", "09:00", "10:00"]);
    await zone("America/New_York");
    await heading("Time (America/New_York)").waitFor();
    assert.deepEqual(await ticks(), ["19:00", "20:00", "21:00", "22:00", "23:00", "2024-03-01"]);
  });

  const spring = (n) => record(0, { eventID: `00000000-0000-4000-8000-${n}00000000000`, eventTime: `2024-03-31T0${n}:30:00Z` });
  journey(
    "whose clocks are changed has no hour that did not come",
    async () => {
      await zone("Europe/Berlin");
      await heading("Time (Europe/Berlin)").waitFor();
      assert.equal(await time(0), "2024-03-31 01:30:00");
      assert.equal(await time(1), "2024-03-31 03:30:00");
      const labels = await ticks();
      assert.ok(labels.includes("03:00") && labels.every((label) => !label.startsWith("02:")), labels.join());
    },
    { records: [spring(0), spring(1), spring(2)] },
  );

  journey("that nobody knows is said to be none, and changes nothing", async () => {
    await zone("Mars/Olympus");
    await said("#zone-problem", "This browser knows no such zone.");
    await heading("Time (UTC)").waitFor();
    assert.equal(await page.locator("#zone").getAttribute("aria-invalid"), "true");
    await page.evaluate(() => localStorage.setItem("trailglass-zone", "<img src=x>"));
    await page.reload();
    await ready(page);
    await load();
    await heading("Time (UTC)").waitFor();
  });
});

describe("what is drawn anew", () => {
  journey("stands where it stood, and listens once", async () => {
    await page.locator("#grid").focus();
    await page.keyboard.press("End");
    for (let i = 0; i < 100; i++) await page.keyboard.press("ArrowUp");
    const selected = () => page.locator('.grid-row[aria-selected="true"]').getAttribute("aria-rowindex");
    const top = () => page.locator("#grid").evaluate((grid) => grid.scrollTop);
    const before = { row: await selected(), top: await top() };
    assert.ok(before.top > 1_000, String(before.top));
    for (const zone of ["America/New_York", "UTC", "America/New_York"]) {
      await page.keyboard.press("u");
      await heading(`Time (${zone})`).waitFor();
      await focused("grid");
      assert.deepEqual({ row: await selected(), top: await top() }, before);
    }
    await page.keyboard.press("ArrowUp");
    await until(page, '.grid-row[aria-selected="true"]', (text) => text.includes("2024-02-29 22:2"));
    assert.equal(await selected(), String(Number(before.row) - 1));
    await drop(page, [{ name: "b.json", buffer: log([record(400)]) }]);
    // Read once: a file that came twice would be read twice.
    await until(page, "#account", (text) => text.startsWith("2 files") && text.includes(`=\n${LOGS.length + 1} events`));
  });

  journey("leaves nothing behind of what was there", async () => {
    const debuggers = await page.context().newCDPSession(page);
    await debuggers.send("Performance.enable");
    const held = async () => {
      await debuggers.send("HeapProfiler.collectGarbage");
      const { metrics } = await debuggers.send("Performance.getMetrics");
      const of = (name) => metrics.find((metric) => metric.name === name).value;
      return { nodes: of("Nodes"), listeners: of("JSEventListeners") };
    };
    const turn = async () => {
      for (const zone of ["America/New_York", "UTC"]) {
        await page.keyboard.press("u");
        await heading(`Time (${zone})`).waitFor();
        // The next one waits for the frame in which the focus comes back.
        await page.evaluate(() => new Promise(requestAnimationFrame));
      }
    };
    await turn();
    const before = await held();
    for (let i = 0; i < 5; i++) await turn();
    const after = await held();
    assert.equal(after.listeners, before.listeners);
    assert.ok(after.nodes < before.nodes * 1.2, `${before.nodes} and ${after.nodes} nodes`);
  });

  journey("has the focus, the search and the panel that it had", async () => {
    await page.locator("#search").fill("eventName:ListBuckets");
    await until(page, "#matching", (text) => text.startsWith("97 "));
    await page.locator("#show-display").click();
    await page.locator("#zone-local").click();
    await heading("Time (America/New_York)").waitFor();
    await focused("zone-local");
    assert.equal(await page.locator("#zone-local").getAttribute("aria-pressed"), "true");
    assert.equal(await page.locator("#search").inputValue(), "eventName:ListBuckets");
    assert.match(await page.locator("#matching").innerText(), /^97 /);
    await page.locator("#search-is-utc").waitFor();
    await zone("Europe/Berlin");
    await focused("zone");
    assert.equal(await page.locator("#zone").inputValue(), "Europe/Berlin");
    await page.locator("#zone-utc").click();
    await heading("Time (UTC)").waitFor();
    assert.equal(await page.locator("#search-is-utc").count(), 0);
    // By its name, too, and back to what was chosen last.
    await page.keyboard.press("Control+k");
    await page.locator(".palette-input").fill("in your zone");
    await page.keyboard.press("Enter");
    await heading("Time (Europe/Berlin)").waitFor();
    assert.equal(await page.locator("dialog[open]").count(), 0);
  });

  journey("before there is any data, too", async () => {
    await page.reload();
    await ready(page);
    await open();
    await page.locator("#zone-local").click();
    await focused("zone-local");
    await page.locator("#display").waitFor();
    await load();
    await heading("Time (America/New_York)").waitFor();
  });
});

describe("what leaves the page", () => {
  const exported = async (form) => {
    if ((await page.locator("#export[open]").count()) === 0) await page.locator("#export-events").click();
    await page.locator(`#export input[value="${form}"]`).check();
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#export-start").click()]);
    await until(page, "#export-status", (text) => text.includes("written,"));
    return readFile(await download.path());
  };
  const all = async () => {
    const files = [];
    for (const form of ["csv", "jsonl", "markdown", "timesketch", "records"]) files.push(await exported(form));
    await page.keyboard.press("Escape");
    await row(0).click();
    await page.locator(".tree").waitFor();
    await page.keyboard.press("y");
    files.push(Buffer.from(await copyFromMenu(page, "Copy the row")));
    return files;
  };

  journey("is the same to the byte, and what is typed in the search is UTC", async () => {
    await allowClipboard(page);
    const inUtc = await all();
    await zone("Asia/Tokyo");
    await page.locator("#telling-before").click();
    await heading("To the last event").waitFor();
    const inTokyo = await all();
    for (const [number, bytes] of inUtc.entries()) assert.ok(bytes.equals(inTokyo[number]), `file ${number}`);
    await page.locator("#search").fill("eventTime >= 2024-03-01T01:00:00");
    await until(page, "#matching", (text) => text.startsWith(`${LOGS.length - 60} `));
  });
});

describe("before the last event", () => {
  journey("is where times are told to be, with the date beside", async () => {
    await open();
    await page.locator("#telling-before").click();
    await heading("To the last event").waitFor();
    await focused("telling-before");
    assert.equal(await time(0), "5 h 13 min before");
    const title = await row(0).locator('[role="gridcell"]').first().getAttribute("title");
    assert.equal(title, "2024-03-01 00:00:00 UTC");
    await said(".strip-range", "5 h 13 min before – 0 s before the last event");
    assert.equal(await page.locator(".strip-range").getAttribute("title"), "2024-03-01 00:00:00 UTC – 2024-03-01 05:13:00 UTC");
    await row(0).click();
    await said("#detail-time", "5 h 13 min before the last event");
    // The timeline has dates.
    assert.deepEqual(await ticks(), ["2024-03-01", "01:00", "02:00", "03:00", "04:00", "05:00"]);
    // A later event is the last one, once it is read.
    await drop(page, [{ name: "b.json", buffer: log([record(400)]) }]);
    await until(page, "#detail-time", (text) => text === "6 h 40 min before the last event");
    await page.reload();
    await ready(page);
    await load();
    await heading("To the last event").waitFor();
    assert.equal(await time(0), "5 h 13 min before");
  });
});

describe("the settings", () => {
  for (const [theme, options] of Object.entries({
    light: { colorScheme: "light" },
    dark: { colorScheme: "dark" },
    contrast: { colorScheme: "dark" },
    "contrast, light": { colorScheme: "light" },
    narrow: { colorScheme: "light", viewport: { width: 360, height: 740 } },
  })) {
    journey(
      `are accessible, ${theme}`,
      async () => {
        if (theme.startsWith("contrast")) await page.locator("#theme").selectOption("contrast");
        await open();
        const wrong = await look(page, "utc");
        await page.locator("#zone-local").click();
        await page.locator("#telling-before").click();
        await zone("x");
        await page.locator(".display-problem:not(:empty)").waitFor();
        wrong.push(...(await look(page, "everything")));
        assert.deepEqual(wrong, []);
      },
      { reducedMotion: "reduce", ...options },
    );
  }
});
