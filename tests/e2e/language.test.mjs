// The page in another language: whatever it says itself, in every panel; what it was given, and what leaves it, stays as it is.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { look } from "./lib/axe.mjs";
import { inTab, ready, until, withSite } from "./lib/browser.mjs";
import { drop, log, range, suspicious } from "./lib/logs.mjs";
import { limit, loopHere, offer, plugin } from "./lib/plugins.mjs";
import { root } from "./lib/server.mjs";

const it = withSite();
const BROKEN = { name: "broken.json", buffer: Buffer.from('{"Records":[{"eventName":') };
const RULES = {
  name: "rules.yml",
  buffer: Buffer.from(
    "title: Lists\nid: 00000000-0000-4000-8000-000000000001\nlogsource: {product: aws, service: cloudtrail}\n" +
      "detection: {it: {eventName: ListBuckets}, condition: it}\n---\ntitle: Broken\ndetection: {condition: x}\n",
  ),
};
const EVENTS = 1_214;
const LOGS = [
  { name: "a.json", buffer: log([...range(0, 1_200), ...suspicious(1_300)]) },
  { name: "again.json", buffer: log(range(0, 10)) },
  BROKEN,
];

const dictionary = JSON.parse(await readFile(path.join(root, "web-app/words/de.json"), "utf8"));

// What no German page says: English texts, as they are or with values in their places. A word that German has, too, is none;
// with a place it takes two words to know an English text.
const differs = Object.entries(dictionary).filter(([english, german]) => english !== german);
const whole = new Set(differs.map(([english]) => english));
const PLACE = /\{\d*\}/;
const patterns = differs
  .map(([english]) => english.split(PLACE))
  .filter((parts) => parts.length > 1 && parts.join(" ").match(/[A-Za-z]{2,}/g)?.length > 1)
  .map((parts) => new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".+")}$`, "s"));

// What the page says in texts and in attributes that are read. What stays English says so; logs and names are left out.
const texts = (page) =>
  page.evaluate(() => {
    const found = new Set();
    const isEnglish = (element) => element.closest("[lang]")?.lang === "en";
    for (const element of document.querySelectorAll("body *")) {
      if (isEnglish(element) || element.closest("code, pre, .tree, .grid-row, .value-text, .plugin-limits label")) continue;
      for (const name of ["aria-label", "title", "placeholder", "aria-valuetext"]) found.add(element.getAttribute(name));
      for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) found.add(node.textContent);
    }
    return [...found].filter(Boolean).flatMap((text) => text.split("\n")).map((text) => text.trim()).filter(Boolean);
  });

async function english(page, state) {
  const said = await texts(page);
  const found = said.filter((text) => whole.has(text) || patterns.some((pattern) => pattern.test(text)));
  return found.map((text) => `${state}: ${text}`);
}

async function load(page, files = LOGS) {
  await drop(page, files);
  await page.locator("#cancel").waitFor({ state: "detached" });
  await page.locator(".finding").first().waitFor();
}

// Chooses a language. The page is drawn anew by that, and the list keeps the focus.
async function choose(page, tag) {
  await page.keyboard.press("d");
  await page.locator("#language").focus();
  await page.locator("#language").selectOption(tag);
  await page.locator(`html[lang="${tag}"]`).waitFor({ state: "attached" });
  await page.locator("#language:focus").waitFor();
}

async function speak(page, tag) {
  await choose(page, tag);
  await page.locator(".drawer-head button").click();
  await page.locator("#language").waitFor({ state: "detached" });
}

const said = (page, selector, expected) => until(page, selector, (text) => text === expected);
const press = async (page, key, selector) => {
  await page.keyboard.press(key);
  await page.locator(selector).first().waitFor();
};

// Goes through all that the page can show, and stops at each place.
async function everywhere(page, stop) {
  await page.keyboard.press("Escape");
  await stop("findings");
  await page.locator(".finding").first().click();
  await page.locator(".evidence-line").first().waitFor();
  await stop("a finding");
  await press(page, "Shift+T", "#matrix[open]");
  await stop("the matrix");
  await page.keyboard.press("Escape");
  await page.locator(".grid-row:not(.hidden)").first().click();
  await page.locator(".tree").waitFor();
  await press(page, "s", ".event-mark .mark-note");
  await stop("an event");
  await press(page, "y", "#menu-0:focus");
  await stop("the menu of an event");
  await page.keyboard.press("Enter");
  await page.locator(".notice").waitFor();
  await stop("a notice");
  await page.locator(".notice button").click();
  await page.locator("#tab-raw").click();
  await page.locator("#raw").waitFor();
  await stop("a record's text");
  await page.locator(".grid").focus();
  for (const [key, selector] of [
    ["t", ".column-line"],
    ["a", ".source"],
    ["b", ".noted"],
    ["?", ".key-line"],
    ["d", "#display"],
    ["p", "#choose-plugin"],
    ["q", "#ready-made"],
    ["v", ".value-line"],
  ]) {
    await press(page, key, selector);
    await stop(`the panel of ${key}`);
  }
  await page.locator(".values-tools button", { hasText: /unusual|Ungewöhnlichste/ }).click();
  await stop("unusual values");
  await press(page, "Shift+E", "#export[open]");
  await page.locator("#export-redact").check();
  await stop("an export");
  await page.locator("#export-start").click();
  await page.locator("#export-save").waitFor();
  await stop("an export that was made");
  await page.keyboard.press("Escape");
  await press(page, "i", ".subject-line");
  await stop("a page of somebody");
  await page.locator("#back-to-events").click();
  await page.locator("#split").selectOption("sourceIPAddress");
  await page.locator("#legend .value-exclude").first().waitFor();
  await stop("a split timeline");
  await page.locator("#split").selectOption("");
  await press(page, "Control+k", "#palette[open]");
  await stop("the palette");
  await page.keyboard.press("Escape");
  await page.locator(".seal-badge").click();
  await page.locator(".prose").waitFor();
  await stop("privacy");
  await page.locator("#search").fill("event");
  await page.locator(".completion").first().waitFor();
  await stop("completions");
  await page.locator("#search").fill("noSuchThing:x");
  await page.keyboard.press("Enter");
  await until(page, "#matching", (text) => text.startsWith("0 "));
  await stop("no event");
  await page.keyboard.press("x");
}

// A plugin in some of its states.
async function plugins(page, stop) {
  const shown = await offer(page, await plugin("loops-later", "hostile"));
  await limit(page, "loops-later", "memory-bytes", "much");
  await stop("a wrong limit");
  await limit(page, "loops-later", "memory-bytes", "");
  await limit(page, "loops-later", "time-ms", "200");
  await limit(page, "loops-later", "time-ms-per-event", "0");
  await drop(page, [{ name: "loop.json", buffer: log([loopHere(20_000)]) }]);
  await page.locator("#cancel").waitFor({ state: "detached" });
  await shown.locator(".plugin-run").click();
  await shown.locator(".plugin-trouble").waitFor();
  await stop("a plugin that was stopped");
}

describe("in German", () => {
  for (const [name, options] of Object.entries({
    wide: {},
    narrow: { viewport: { width: 360, height: 740 } },
  })) {
    test(`every panel says what it says, ${name}`, async () => {
      await inTab(
        it.browser,
        it.site.url,
        async (page) => {
          const wrong = [];
          const stop = async (state) => {
            wrong.push(...(await english(page, state)), ...(await look(page, state)));
            const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
            if (over > 0) wrong.push(`${state}: ${over} px wider than the window`);
          };
          await choose(page, "de");
          await stop("settings, without logs");
          await page.locator(".drawer-head button").click();
          await stop("without logs");
          await load(page, [...LOGS, RULES]);
          await everywhere(page, stop);
          await plugins(page, stop);
          assert.deepEqual(wrong, []);
        },
        { reducedMotion: "reduce", ...options },
      );
    });
  }

  test("nothing that was loaded is lost by the change, nor by the change back", async () => {
    await inTab(it.browser, it.site.url, async (page) => {
      await load(page);
      await said(page, "#matching", "1,214 events");
      await page.locator("#search").fill("eventName:ListBuckets");
      await page.keyboard.press("Enter");
      await said(page, "#matching", "400 events");
      await page.keyboard.press("j");
      await page.keyboard.press("s");
      await speak(page, "de");
      await said(page, "#matching", "400 Ereignisse");
      assert.equal(await page.locator("#search").inputValue(), "eventName:ListBuckets");
      assert.match(await page.locator(".strip-kept").innerText(), /^1\.214 Ereignisse$/);
      await page.keyboard.press("b");
      await page.locator("#noted-events .noted").waitFor();
      await page.keyboard.press("x");
      await said(page, "#matching", "1.214 Ereignisse");
      await page.keyboard.press("v");
      assert.match(await page.locator(".value-measure").first().innerText(), /^\d+,\d\u00a0%$/);
      await speak(page, "en");
      await said(page, "#matching", "1,214 events");
      await page.keyboard.press("b");
      await page.locator("#noted-events .noted").waitFor();
    });
  });

  test("what was read is told anew: the sentence of an event, what is wrong with a file and with a search", async () => {
    await inTab(it.browser, it.site.url, async (page) => {
      const told = async ({ event, file, search }) => {
        await page.locator("#search").fill("eventNam:x eventName:(");
        await page.keyboard.press("Enter");
        assert.deepEqual(await page.locator(".search-message").allInnerTexts(), search);
        await page.locator("#search").fill("eventID:00000000-0000-4000-8000-000000000007");
        await page.keyboard.press("Enter");
        await until(page, "#matching", (text) => text.startsWith("1 "));
        await page.locator(".grid-row:not(.hidden)").first().click();
        await said(page, "#sentence", event);
        await press(page, "a", ".source-problem");
        const broken = page.locator(".source", { hasText: "broken.json" });
        assert.deepEqual(await broken.locator("li:not(.source-note)").allInnerTexts(), file);
      };
      await load(page);
      await told({
        event: "The user alice called GetObject of s3 on a/b in the bucket bucket-0 from 192.0.2.7 in eu-central-1, and it succeeded.",
        file: ["the JSON ends before it is closed", "the data ends inside this record (record at byte 12, 13 bytes)"],
        search: ["No field eventNam; did you mean eventName?", "This parenthesis is not closed"],
      });
      await speak(page, "de");
      await told({
        event: "Der Benutzer alice hat GetObject von s3 an a/b im Bucket bucket-0 von 192.0.2.7 aus in eu-central-1 erfolgreich aufgerufen.",
        file: ["das JSON endet, bevor es geschlossen ist", "die Daten enden mitten in diesem Datensatz (Datensatz bei Byte 12, 13 Bytes)"],
        search: ["Kein Feld eventNam; ist eventName gemeint?", "Diese Klammer ist nicht geschlossen"],
      });
    });
  });

  test("what leaves the page is the same, to the byte", async () => {
    await inTab(it.browser, it.site.url, async (page) => {
      await load(page);
      const forms = ["csv", "jsonl", "markdown", "timesketch", "records", "record-lines"];
      const save = async (form) => {
        await press(page, "Shift+E", "#export[open]");
        await page.locator(`#export input[value="${form}"]`).check();
        const [saved] = await Promise.all([page.waitForEvent("download"), page.locator("#export-start").click()]);
        await page.locator("#export-save").waitFor();
        await page.keyboard.press("Escape");
        return `${saved.suggestedFilename()}\n${await readFile(await saved.path(), "utf8")}`;
      };
      const all = async () => {
        const files = [];
        for (const form of forms) files.push(await save(form));
        return files;
      };
      const before = await all();
      await speak(page, "de");
      assert.deepEqual(await all(), before);
    });
  });
});

describe("the language", () => {
  const first = (locale, lang, title) =>
    inTab(
      it.browser,
      it.site.url,
      async (page) => {
        assert.equal(await page.locator("html").getAttribute("lang"), lang);
        await said(page, ".welcome-title", title);
      },
      { locale },
    );
  const ENGLISH = "See through your CloudTrail without showing it to anyone";

  test("is the browser's at first, if the page speaks it", async () => {
    await first("de-DE", "de", dictionary[ENGLISH]);
    await first("de-AT", "de", dictionary[ENGLISH]);
    await first("fr-FR", "en", ENGLISH);
    await first("en-GB", "en", ENGLISH);
  });

  test("is the user's when the page is opened again", async () => {
    await inTab(
      it.browser,
      it.site.url,
      async (page) => {
        await speak(page, "en");
        await page.reload();
        await ready(page);
        assert.equal(await page.locator("html").getAttribute("lang"), "en");
        await said(page, ".welcome-title", ENGLISH);
        await speak(page, "de");
        await page.reload();
        await ready(page);
        await said(page, ".welcome-title", dictionary[ENGLISH]);
        await page.evaluate(() => localStorage.setItem("trailglass-language", "<img src=x>"));
        await page.reload();
        await ready(page);
        await said(page, ".welcome-title", dictionary[ENGLISH]);
      },
      { locale: "de-DE" },
    );
  });

  test("names commands in the palette, and the keys stay", async () => {
    await inTab(it.browser, it.site.url, async (page) => {
      await speak(page, "de");
      await press(page, "Control+k", "#palette[open]");
      await page.keyboard.type("datensch");
      await said(page, ".palette-label", "Datenschutz");
      await page.keyboard.press("Enter");
      await page.locator('.drawer[aria-label="Datenschutz"]').waitFor();
    });
  });
});
