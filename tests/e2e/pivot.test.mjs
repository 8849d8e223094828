// The page of somebody or something: what it tells, how one goes on from it, and the way back. Expected is what is worked out
// from the records.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { look } from "./lib/axe.mjs";
import { inTab, open, ready, until, withSite } from "./lib/browser.mjs";
import { log, record, suspicious } from "./lib/logs.mjs";
import { becomes, button, fragment, load, matching, query, search } from "./lib/page.mjs";
import { THEFT_AT, files, trail } from "./lib/trail.mjs";

const TRAIL = trail();
const ALL = [...TRAIL, ...suspicious(9000)];
const it = withSite();

const READ = {
  eventSource: (r) => r.eventSource,
  eventName: (r) => r.eventName,
  errorCode: (r) => r.errorCode,
  awsRegion: (r) => r.awsRegion,
  sourceIPAddress: (r) => r.sourceIPAddress,
  userAgent: (r) => r.userAgent,
  principal: (r) => r.userIdentity.userName ?? "root",
  "userIdentity.accessKeyId": (r) => r.userIdentity.accessKeyId || undefined,
  "userIdentity.arn": (r) => r.userIdentity.arn,
  recipientAccountId: (r) => r.recipientAccountId,
};

const number = (n) => n.toLocaleString("en");
const tally = (events, read) =>
  events.map(read).filter((v) => v !== undefined).reduce((all, v) => all.set(v, (all.get(v) ?? 0) + 1), new Map());

// The lists of a page: for each field the first six values, with "only here" where no other event has the value.
function lists(events, about) {
  const told = {};
  for (const [field, read] of Object.entries(READ).filter(([field]) => field !== about)) {
    const [mine, others] = [tally(events, read), tally(ALL, read)];
    const sorted = [...mine].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 6);
    if (sorted.length) told[field] = sorted.map(([v, n]) => [v, others.get(v) === n ? "only here" : "", number(n)]);
  }
  return told;
}

const shown = (page) =>
  page.locator(".subject-list[data-field]:not(.hidden)").evaluateAll((sections) =>
    Object.fromEntries(
      sections.map((section) => [
        section.dataset.field,
        [...section.querySelectorAll(".subject-line")].map((line) =>
          [".value-text", ".subject-only", ".subject-events"].map((part) => line.querySelector(part).textContent),
        ),
      ]),
    ),
  );

const time = (r) => `${r.eventTime.replace("T", " ").replace("Z", "")} UTC`;
const facts = (page) =>
  page.evaluate(() => ["first", "last", "count", "errors"].map((id) => document.getElementById(`subject-${id}`)?.textContent));
function factsOf(events) {
  const errors = events.filter((r) => r.errorCode).length;
  const part = `${((errors * 100) / events.length).toFixed(1)}%`;
  return [
    time(events[0]),
    time(events.at(-1)),
    `${number(events.length)} of ${number(ALL.length)} events`,
    errors ? `${number(errors)}, ${part}` : "none",
  ];
}

async function tells(page, events, about) {
  await becomes(page, () => facts(page), factsOf(events));
  await becomes(page, () => shown(page), lists(events, about));
}

const crumbs = (page) => page.locator(".crumb").allInnerTexts();
const ERIN = ALL.filter((r) => r.userIdentity.userName === "erin");
const INTRUDER = ALL.filter((r) => r.sourceIPAddress === "198.51.100.77");

for (const count of [1, 6]) {
  describe(`pages, ${count} files`, () => {
    const journey = (name, steps) =>
      test(name, () =>
        inTab(it.browser, it.site.url, async (page) => {
          await load(page, [...files(TRAIL, count), { name: "signs.json", buffer: log(suspicious(9000)) }]);
          await steps(page);
        }),
      );

    journey("tell all about somebody, and lead on and back", async (page) => {
      await search(page, "eventName:CreateAccessKey AND principal:erin");
      await matching(page, 1);
      await page.locator(".grid-row:not(.hidden)").first().click();
      await button(page, "Page of Identity erin").click();
      await tells(page, ERIN, "principal");
      assert.deepEqual(await crumbs(page), ["Events", "Identity erin"]);
      assert.equal(fragment(page), "#v2&q=eventName:CreateAccessKey AND principal:erin&about=principal=erin");
      // On to the address that only she used.
      await button(page, "Page of Address 198.51.100.77").click();
      await tells(page, INTRUDER, "sourceIPAddress");
      assert.deepEqual(await crumbs(page), ["Events", "Identity erin", "Address 198.51.100.77"]);
      // A page on the way is gone back to, not opened once more.
      await page.locator("#subject").getByRole("button", { name: "Page of Identity erin", exact: true }).click();
      await tells(page, ERIN, "principal");
      assert.deepEqual(await crumbs(page), ["Events", "Identity erin"]);
      await page.goBack();
      await tells(page, INTRUDER, "sourceIPAddress");
      // The address opens it again.
      await page.reload();
      await ready(page);
      await load(page, [...files(TRAIL, count), { name: "signs.json", buffer: log(suspicious(9000)) }]);
      await tells(page, INTRUDER, "sourceIPAddress");
      await page.locator(".crumb").nth(1).click();
      await tells(page, ERIN, "principal");
      await page.locator("#back-to-events").click();
      await matching(page, 1);
      assert.equal(await query(page), "eventName:CreateAccessKey AND principal:erin");
    });

    journey("of what only records name", async (page) => {
      await search(page, "eventName:CreateAccessKey AND principal:erin");
      await matching(page, 1);
      await page.locator(".grid-row:not(.hidden)").first().click();
      await button(page, "Page of Parameter erin").click();
      const events = ALL.filter((r) => r.requestParameters?.userName === "erin");
      assert.equal(events.length, 6);
      await tells(page, events, undefined);
      assert.match(fragment(page), /&about=requestParameters.userName=erin$/);
      await page.locator("#subject-events").click();
      await matching(page, 6);
      assert.equal(await query(page), "requestParameters.userName=erin");
    });

    journey("name the findings that rest on its events", async (page) => {
      await page.locator(".finding").first().waitFor();
      await search(page, "sourceIPAddress:198.51.100.9");
      await matching(page, 12);
      await page.keyboard.press("v");
      await button(page, "Page of Address 198.51.100.9").click();
      const finding = page.locator("#subject-findings .finding-pick", { hasText: "12 of 12 events, 100.0%" });
      await finding.waitFor();
      assert.equal(await page.locator("#subject-findings .finding-pick").count(), await finding.count());
      await finding.first().click();
      await matching(page, 12);
    });

    journey("show their events, alone and with a value of theirs", async (page) => {
      await page.keyboard.press("v");
      await button(page, "Page of Identity alice").first().click();
      const alice = ALL.filter((r) => r.userIdentity.userName === "alice");
      await tells(page, alice, "principal");
      const invoked = alice.filter((r) => r.eventName === "GetObject").length;
      await button(page, `${invoked} events with GetObject`).click();
      await matching(page, invoked);
      assert.equal(await query(page), "principal=alice AND eventName=GetObject");
      await page.goBack();
      await tells(page, alice, "principal");
      // Whoever searches sees events.
      await search(page, "errorCode:*");
      await matching(page, ALL.filter((r) => r.errorCode).length);
      await page.goBack();
      await tells(page, alice, "principal");
    });

    journey("by keys alone", async (page) => {
      await page.keyboard.press("e");
      await page.keyboard.press("j");
      await page.keyboard.press("i");
      const name = TRAIL[0].userIdentity.userName;
      const events = ALL.filter((r) => r.userIdentity.userName === name);
      await tells(page, events, "principal");
      // Keys of the table rest.
      await page.keyboard.press("j");
      await page.locator('[data-field="eventSource"] .value-pick').first().focus();
      await page.keyboard.press("Enter");
      const [source] = lists(events, "principal").eventSource[0];
      await tells(page, ALL.filter((r) => r.eventSource === source), "eventSource");
      await page.keyboard.press("Escape");
      await page.locator("#grid").waitFor();
      assert.equal(fragment(page), "");
      await page.keyboard.press("o");
      await tells(page, ALL.filter((r) => r.sourceIPAddress === TRAIL[0].sourceIPAddress), "sourceIPAddress");
      await page.keyboard.press("e");
      await page.locator("#grid:focus").waitFor();
    });
  });
}

describe("pages", () => {
  test("show nothing of names that no event has, and what names do is untrusted", async () => {
    const trick = "al\u202eice<img src=x>";
    const odd = record(1, { userIdentity: { type: "IAMUser", userName: trick, accountId: "1" } });
    const page = await open(it.browser, `${it.site.url}#v2&about=principal=nobody&about=principal=${encodeURIComponent(trick)}`);
    await ready(page);
    await load(page, [{ name: "a.json", buffer: log([record(0), odd]) }]);
    await until(page, "#subject-count", (text) => text === "1 of 2 events");
    assert.equal(await page.locator(".subject-name").innerText(), "al\\u{202e}ice<img src=x>");
    assert.deepEqual(await crumbs(page), ["Events", "Identity nobody", "Identity al\\u{202e}ice<img src=x>"]);
    await page.locator(".crumb").nth(1).click();
    await until(page, ".subject-wait", (text) => text === "No event has it.");
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test("have nothing that axe-core finds wrong", async () => {
    for (const options of [{ colorScheme: "light" }, { colorScheme: "dark", viewport: { width: 360, height: 740 } }]) {
      const page = await open(it.browser, `${it.site.url}#v2&about=principal=erin&about=sourceIPAddress=198.51.100.77`, options);
      await ready(page);
      await load(page, files(TRAIL, 1));
      await until(page, "#subject-count", (text) => text === `6 of ${TRAIL.length} events`);
      assert.deepEqual(await look(page, "a page"), []);
      await page.context().close();
    }
  });

  test("are opened by links of today, and older links are read", async () => {
    const at = Date.parse(TRAIL[THEFT_AT].eventTime);
    const page = await open(it.browser, `${it.site.url}#v1&from=${at}&to=${at + 60_000}&q=principal:erin&sort=-eventName`);
    await ready(page);
    await load(page, files(TRAIL, 2));
    await matching(page, 1);
    assert.equal(await query(page), "principal:erin");
    await page.locator('[aria-sort="descending"]', { hasText: "Event" }).waitFor();
    await page.context().close();
  });
});
