// What the events are made of, how one goes on from an event to what belongs to it, and the table in any order. Expected is
// what lib/trail.mjs works out from the records.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { inTab, ready, until, withSite } from "./lib/browser.mjs";
import { becomes as pageBecomes } from "./lib/page.mjs";
import { drop, log, range, suspicious } from "./lib/logs.mjs";
import { FIELDS, THEFT_AT, files, frequent, sorted, trail, unusual } from "./lib/trail.mjs";

const ALL = trail();
const NAMES = Object.keys(FIELDS);
const MINUTE = 60_000;

const it = withSite();
let page;

const matching = (n) => until(page, "#matching", (shown) => shown.startsWith(`${n.toLocaleString("en")} event`));
const loaded = () => page.locator("#cancel").waitFor({ state: "detached" });
const query = () => page.locator("#search").inputValue();
const fragment = () => decodeURIComponent(new URL(page.url()).hash);
const button = (name) => page.getByRole("button", { name, exact: true });
async function search(text) {
  await page.locator("#search").fill(text);
  await page.keyboard.press("Enter");
}

// In a fresh tab, with all events at one worker and with events at two of them.
function journey(name, steps) {
  for (const count of [1, 6]) {
    test(`${name}, ${count === 1 ? "one file" : `${count} files`}`, () =>
      inTab(it.browser, it.site.url, async (tab) => {
        page = tab;
        await load(count);
        await steps();
      }),
    );
  }
}

async function load(count) {
  await drop(page, files(ALL, count));
  await matching(ALL.length);
  await loaded();
}

const becomes = (ask, expected) => pageBecomes(page, ask, expected);

// What the panel says of each field.
const shown = () =>
  page.locator(".values-field").evaluateAll((sections) =>
    sections.map((section) => {
      const text = (part, within = section) => within.querySelector(part)?.textContent ?? "";
      return {
        field: section.dataset.field,
        distinct: text(".values-distinct"),
        missing: Number(text(".values-missing").replace(/\D/g, "")),
        values: [...section.querySelectorAll(".value-line")].map((line) =>
          [".value-text", ".value-count", ".value-measure"].map((part) => text(part, line)),
        ),
      };
    }),
  );
const says = (events, fields = NAMES) => becomes(shown, fields.map((field) => frequent(events, field)));
const measured = async () => Object.fromEntries((await shown()).map(({ field, values }) => [field, values]));

async function openPanel() {
  await page.keyboard.press("v");
  await page.locator("#values").waitFor();
}

// When the event in a row happened, which says what event it is: the trail has one event a minute.
async function timeOf(row) {
  const cell = page.locator(`.grid-row[aria-rowindex="${row + 2}"]:not(.hidden) [role="gridcell"]`).first();
  return `${(await cell.innerText({ timeout: 30_000 })).replace(" ", "T")}Z`;
}

const isBucket = (name) => (r) => r.eventName === name;

describe("values", () => {
  journey("of all events are counted, and of those that are searched for", async () => {
    await openPanel();
    await says(ALL);
    assert.equal(await page.locator("#show-values").getAttribute("aria-expanded"), "true");
    const errors = ALL.filter((r) => r.errorCode).length;
    await until(page, "#values-sum", (text) => text.replace(/\s+/g, " ") === `600 events ${errors} errors`);
    await until(page, "#values-span", (text) => text === "2024-03-01 00:00:00 – 2024-03-01 09:59:00 UTC");
    await search("eventName:Decrypt");
    await says(ALL.filter(isBucket("Decrypt")));
    await search("eventName:NoSuchEvent");
    await says([]);
    await page.keyboard.press("v");
    await page.locator("#values").waitFor({ state: "detached" });
    await page.locator("#show-values").click();
    await says([]);
  });

  journey("come into the search and out of it, by mouse and keys", async () => {
    await openPanel();
    await button("Only eventName Decrypt").click();
    await becomes(query, "eventName:Decrypt");
    const decrypt = ALL.filter(isBucket("Decrypt"));
    await says(decrypt);
    await button("Exclude principal alice").focus();
    await page.keyboard.press("Enter");
    await becomes(query, "eventName:Decrypt AND NOT principal:alice");
    const others = decrypt.filter((r) => r.userIdentity.userName !== "alice");
    await matching(others.length);
    await says(others);
    await page.getByRole("button", { name: /without errorCode, only these$/ }).press("Space");
    await says(others.filter((r) => !r.errorCode));
    // What must all hold stays so when the search has alternatives, and quotes are quoted.
    await search("name:Decrypt OR name:Invoke");
    await says(ALL.filter((r) => ["Decrypt", "Invoke"].includes(r.eventName)));
    const agent = 'Boto3/1.34 (Linux; "quoted")';
    await button(`Exclude userAgent ${agent}`).click();
    await says(ALL.filter((r) => ["Decrypt", "Invoke"].includes(r.eventName) && r.userAgent !== agent));
    assert.equal(await query(), '(name:Decrypt OR name:Invoke) AND NOT userAgent:"Boto3/1.34 (Linux; \\"quoted\\")"');
  });

  journey("stay where they are while new ones come", async () => {
    await openPanel();
    await says(ALL);
    const pick = await button("Only eventName Decrypt").elementHandle();
    await pick.focus();
    await page.evaluate(() => {
      self.emptied = 0;
      new MutationObserver(() => (self.emptied += !document.querySelector(".value-line"))).observe(
        document.getElementById("values"),
        { childList: true, subtree: true, characterData: true },
      );
    });
    await page.keyboard.press("Enter");
    await says(ALL.filter(isBucket("Decrypt")));
    await drop(page, [{ name: "more.json", buffer: log(range(5000, 9)) }]);
    await page.keyboard.press("x");
    await says([...ALL, ...range(5000, 9)]);
    assert.equal(await page.evaluate(() => self.emptied), 0);
    assert.ok(await pick.evaluate((element) => element === document.activeElement), "the focus stays on its value");
  });

  journey("are shown as far as they were asked for", async () => {
    await openPanel();
    await says(ALL);
    const field = page.locator('[data-field="sourceIPAddress"]');
    const expected = frequent(ALL, "sourceIPAddress", 200).values;
    await field.getByRole("button", { name: `Show ${expected.length - 8} more` }).click();
    await becomes(async () => (await measured()).sourceIPAddress, expected);
    await field.getByRole("button", { name: "Show fewer" }).click();
    await says(ALL);
  });

  journey("of a field are looked for by what they have in them", async () => {
    await openPanel();
    await says(ALL);
    await button("Look within userAgent").click();
    assert.equal(await page.locator("#within-userAgent").evaluate((box) => box === document.activeElement), true);
    const agents = async () => (await measured()).userAgent;
    const having = (events, text) =>
      frequent(events, "userAgent", 200).values.filter(([value]) => value.toLowerCase().includes(text)).slice(0, 8);
    await page.keyboard.type("CLI/2.");
    await becomes(agents, having(ALL, "cli/2."));
    assert.equal((await measured()).eventName.length, 8);
    // The search narrows what is looked through.
    await search("eventName:Decrypt");
    const decrypt = ALL.filter(isBucket("Decrypt"));
    await becomes(agents, having(decrypt, "cli/2."));
    await page.locator("#within-userAgent").fill("quoted");
    await becomes(agents, having(decrypt, "quoted"));
    await page.locator("#within-userAgent").fill("nothing like it");
    await becomes(agents, []);
    await page.locator("#within-userAgent").press("Escape");
    await says(decrypt);
    assert.equal(await page.locator("#within-userAgent").count(), 0);
  });

  journey("stay open in a column of their own, where there is room", async () => {
    await openPanel();
    await button("Keep at the left").click();
    await page.locator(".values-column #values").waitFor();
    await says(ALL);
    // Findings and events stand at the other side.
    await page.locator(".side-column .findings").waitFor();
    await page.locator(".grid-row:not(.hidden)").first().click();
    await page.locator(".side-column #detail").waitFor();
    await button("Only eventName Decrypt").click();
    await says(ALL.filter(isBucket("Decrypt")));
    // What an event leads to shows there, too.
    await page.locator(".grid-row:not(.hidden)").first().click();
    await page.locator("#around").click();
    await page.locator(".side-column #detail").waitFor();
    await page.keyboard.press("x");
    await button("Most frequent").click();
    await says(ALL);
    await page.keyboard.press("v");
    await page.locator("#values").waitFor({ state: "detached" });
    assert.equal(await page.locator("#show-values").getAttribute("aria-expanded"), "false");
    await page.reload();
    await ready(page);
    await load(2);
    assert.equal(await page.locator("#values").count(), 0);
    await page.keyboard.press("v");
    await page.locator(".values-column #values").waitFor();
    await page.reload();
    await ready(page);
    await load(2);
    await page.locator(".values-column #values").waitFor();
    await says(ALL);
    // Without room they are a drawer.
    await page.setViewportSize({ width: 1000, height: 800 });
    await page.locator("#values").waitFor({ state: "detached" });
    await page.keyboard.press("v");
    await page.locator(".side-column #values").waitFor();
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.locator(".values-column #values").waitFor();
    await page.locator(".side-column #values").waitFor({ state: "detached" });
    await button("Move to the right").click();
    await page.locator(".side-column #values").waitFor();
    await says(ALL);
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
    assert.deepEqual(JSON.parse(kept), { "trailglass-values-stand": "side" });
  });

  journey("that are unusual stand first", async () => {
    const theft = ALL.filter((r) => r.sourceIPAddress === "198.51.100.77");
    await openPanel();
    await search("sourceIPAddress:198.51.100.77");
    await says(theft);
    await button("Most unusual").click();
    assert.equal(await button("Most unusual").getAttribute("aria-pressed"), "true");
    const expected = Object.fromEntries(NAMES.map((field) => [field, unusual(theft, ALL, field)]));
    assert.deepEqual(expected.userAgent, [["curl/8.0", "6", "only here"]]);
    assert.ok(expected.eventSource[0][2].startsWith("×"), "some are not only here");
    await becomes(measured, expected);
    // Of all events nothing stands out.
    await search("");
    await becomes(measured, Object.fromEntries(NAMES.map((field) => [field, []])));
    await button("Most frequent").click();
    await says(ALL);
  });

  journey("of other fields are added, removed, and remembered", async () => {
    await openPanel();
    await says(ALL);
    const offered = await page.locator("#add-field option").allInnerTexts();
    assert.ok(!offered.includes("eventName") && !offered.includes("eventID") && offered.includes("readOnly"), offered.join());
    await page.locator("#add-field").selectOption("readOnly");
    const readOnly = { field: "readOnly", distinct: "1 value", missing: 0, values: [["true", "600", "100.0%"]] };
    const after = (fields) => [...fields.map((field) => frequent(ALL, field)), readOnly];
    await becomes(shown, after(NAMES));
    await button("Remove eventName").click();
    const left = NAMES.filter((name) => name !== "eventName");
    await becomes(shown, after(left));
    assert.ok((await page.locator("#add-field option").allInnerTexts()).includes("eventName"));
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
    assert.deepEqual(JSON.parse(kept), { "trailglass-values": [...left, "readOnly"].join() });
    await page.reload();
    await ready(page);
    await load(2);
    await openPanel();
    await becomes(shown, after(left));
    for (const field of [...left, "readOnly"]) await button(`Remove ${field}`).click();
    await becomes(shown, []);
    await search("eventName:Decrypt");
    await until(page, "#values-sum", (text) => text.startsWith(`${ALL.filter(isBucket("Decrypt")).length} event`));
  });
});

describe("from an event", () => {
  journey("one follows what it names, and comes back", async () => {
    await search("eventName:CreateAccessKey");
    await matching(1);
    await page.locator(".grid-row:not(.hidden)").first().click();
    const kinds = await page.locator("#follow .follow-kind").allInnerTexts();
    assert.deepEqual(kinds, ["Identity", "Session", "Access key", "Address", "Account", "Parameter", "Time"]);
    await button("Follow Access key AKIAERIN").click();
    await becomes(query, "userIdentity.accessKeyId=AKIAERIN");
    const hers = ALL.filter((r) => r.userIdentity.accessKeyId === "AKIAERIN");
    await matching(hers.length);
    await says(hers);
    assert.equal(fragment(), "#v1&q=userIdentity.accessKeyId=AKIAERIN");
    // On from there, and back the whole way.
    const [name, n] = frequent(hers, "eventName").values[0];
    await button(`Only eventName ${name}`).click();
    await matching(Number(n));
    await page.goBack();
    await matching(hers.length);
    await says(hers);
    await page.goBack();
    await matching(1);
    assert.equal(await query(), "eventName:CreateAccessKey");
    await page.goForward();
    await matching(hers.length);
    assert.equal(await query(), "userIdentity.accessKeyId=AKIAERIN");
  });

  journey("one sees the minutes around it", async () => {
    const at = Date.parse(ALL[THEFT_AT].eventTime);
    const around = ALL.filter((r) => Math.abs(Date.parse(r.eventTime) - at) <= 5 * MINUTE);
    assert.equal(around.length, 11);
    await search("eventName:CreateAccessKey");
    await matching(1);
    await page.locator(".grid-row:not(.hidden)").first().click();
    await button("Five minutes around it").click();
    await matching(11);
    assert.equal(await query(), "");
    assert.equal(fragment(), `#v1&from=${at - 5 * MINUTE}&to=${at + 5 * MINUTE + 1000}`);
    await becomes(measured, Object.fromEntries(NAMES.map((field) => [field, unusual(around, ALL, field)])));
    await page.goBack();
    await matching(1);
  });

  journey("one is told why it matches", async () => {
    await search("name:CreateAccessKey AND NOT region:eu-* AND (errorCode:* OR requestParameters.userName:erin)");
    await matching(1);
    await page.locator(".grid-row:not(.hidden)").first().click();
    const tests = () =>
      page.locator("#why .why-test").evaluateAll((items) =>
        items.map((item) => [".why-text", ".why-found", ".why-verdict"].map((part) => item.querySelector(part).textContent)),
      );
    await becomes(tests, [
      ["eventName:CreateAccessKey", "CreateAccessKey", "holds, and decides"],
      ["awsRegion:eu-*", "us-east-1", "does not hold, and decides"],
      ["errorCode:*", "no value", "does not hold"],
      ["requestParameters.userName:erin", "erin", "holds, and decides"],
    ]);
    assert.equal(await page.locator("#why .decided").count(), 3);
    // What is closed stays closed, whichever event it is.
    await page.locator("#follow summary").press("Enter");
    await button("Follow Identity erin").waitFor({ state: "hidden" });
    assert.ok(await page.locator("#why ul").isVisible());
    // Of another search it is not said.
    await search("name:CreateAccessKey");
    await page.locator("#why").waitFor({ state: "detached" });
    await search("");
    await matching(600);
    await page.locator(".grid-row:not(.hidden)").first().click();
    await until(page, "#detail", (text) => text.includes(ALL[0].eventID));
    assert.equal(await page.locator("#why").count(), 0);
    assert.ok(!(await page.locator("#follow ul").isVisible()));
  });
});

describe("going back", () => {
  journey("takes back what was typed as one step, and a chosen finding", async () => {
    const before = await page.evaluate(() => history.length);
    await page.locator("#search").focus();
    for (const text of ["eventName:D", "ecrypt", " AND region:us-east-1"]) {
      await page.keyboard.type(text);
      await until(page, "body", () => fragment().endsWith(text));
    }
    assert.equal(await page.evaluate(() => history.length), before + 1);
    await page.keyboard.press("Enter");
    await page.keyboard.press("/");
    await page.keyboard.type(" AND principal:bob");
    await until(page, "body", () => fragment().endsWith("bob"));
    assert.equal(await page.evaluate(() => history.length), before + 2);
    await page.goBack();
    await becomes(query, "eventName:Decrypt AND region:us-east-1");
    await page.goBack();
    await becomes(query, "");
    await matching(600);
    await page.keyboard.press("Escape");
    await drop(page, [{ name: "sign-ins.json", buffer: log(suspicious(9000)) }]);
    await matching(614);
    await loaded();
    const failures = page.locator(".finding", { hasText: "198.51.100.9" });
    await failures.click();
    await matching(12);
    assert.match(fragment(), /^#v1&finding=\w+$/);
    await page.locator(".grid-row:not(.hidden)").first().click();
    await button("Five minutes around it").click();
    await matching(8);
    await page.goBack();
    await matching(12);
    await page.keyboard.press("Escape");
    assert.equal(await failures.getAttribute("aria-pressed"), "true");
    await page.goBack();
    await matching(614);
    assert.equal(await failures.getAttribute("aria-pressed"), "false");
  });
});

// The order of each column by its heading, and how far down rows are looked at.
const COLUMNS = {
  Event: "eventName",
  Service: "eventSource",
  Who: "principal",
  From: "sourceIPAddress",
  Region: "awsRegion",
  Error: "errorCode",
  "User agent": "userAgent",
};
const ROWS = [0, 1, 5, 99, 256, 431, 599];

describe("the table", () => {
  const heading = (label) => page.getByRole("columnheader", { name: label, exact: true });

  async function rowsAre(expected) {
    for (const row of ROWS) {
      await page.locator("#grid").evaluate((grid, top) => grid.scrollTo(0, top), Math.max(0, row - 3) * 28);
      await becomes(() => timeOf(row), expected[row].eventTime);
    }
    // The first change must be seen from the top.
    await page.locator("#grid").evaluate((grid) => grid.scrollTo(0, 0));
    await becomes(() => timeOf(0), expected[0].eventTime);
  }

  for (const [label, field] of Object.entries(COLUMNS)) {
    journey(`is in the order of ${label}`, async () => {
      const click = () => heading(label).getByRole("button").click();
      await click();
      await rowsAre(sorted(ALL, field, false));
      assert.equal(await heading(label).getAttribute("aria-sort"), "ascending");
      assert.equal(await heading("Time (UTC)").getAttribute("aria-sort"), "none");
      assert.equal(fragment(), `#v1&sort=${field}`);
      await click();
      await rowsAre(sorted(ALL, field, true));
      assert.equal(await heading(label).getAttribute("aria-sort"), "descending");
      await click();
      await rowsAre(ALL);
      assert.equal(await heading(label).getAttribute("aria-sort"), "none");
      assert.equal(fragment(), "");
    });
  }

  journey("is in the order of time both ways, by the keys", async () => {
    assert.equal(await heading("Time (UTC)").getAttribute("aria-sort"), "ascending");
    await heading("Time (UTC)").getByRole("button").focus();
    await page.keyboard.press("Enter");
    await rowsAre(ALL.toReversed());
    assert.equal(await heading("Time (UTC)").getAttribute("aria-sort"), "descending");
    await page.keyboard.press("Space");
    await rowsAre(ALL);
  });

  journey("keeps its order with another search, opens the right event, and after a reload", async () => {
    await heading("From").getByRole("button").click();
    await heading("From").getByRole("button").click();
    await search("eventName:Decrypt");
    const expected = sorted(ALL.filter(isBucket("Decrypt")), "sourceIPAddress", true);
    await matching(expected.length);
    await becomes(() => timeOf(3), expected[3].eventTime);
    await page.locator("#grid").focus();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: "Raw" }).click();
    await until(page, "#raw", (text) => text.includes(expected.at(-1).eventID));
    await page.keyboard.press("x");
    await matching(600);
    await becomes(() => timeOf(0), sorted(ALL, "sourceIPAddress", true)[0].eventTime);
    await page.reload();
    await ready(page);
    await load(3);
    await becomes(() => timeOf(0), sorted(ALL, "sourceIPAddress", true)[0].eventTime);
    await page.goBack();
    await matching(expected.length);
  });
});
