// Searches to come back to: those of the tab, saved ones, ready-made ones.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { look } from "./lib/axe.mjs";
import { inTab, until, withSite } from "./lib/browser.mjs";
import { log, suspicious } from "./lib/logs.mjs";
import { becomes, button, load, matching, query, search } from "./lib/page.mjs";
import { files, trail } from "./lib/trail.mjs";

const ALL = [...trail(), ...suspicious(9000)];
const it = withSite();

function journey(name, steps) {
  for (const count of [1, 6]) {
    test(`${name}, ${count} files`, () =>
      inTab(it.browser, it.site.url, async (page) => {
        await load(page, [...files(trail(), count), { name: "signs.json", buffer: log(suspicious(9000)) }]);
        await matching(page, ALL.length);
        await steps(page);
      }),
    );
  }
}

const lines = (page, list) => page.locator(`#${list} .query-text`).allInnerTexts();
const pick = (page, list, text) => page.locator(`#${list} .query-pick`, { hasText: text }).click();

describe("searches", () => {
  journey("of the tab are gone through in the empty box", async (page) => {
    const asked = ["eventName:Decrypt", "principal:alice", "errorCode:*"];
    for (const text of asked) {
      await search(page, text);
      await until(page, "body", () => decodeURIComponent(page.url()).endsWith(text));
    }
    await page.keyboard.press("/");
    await page.locator("#search").fill("");
    await matching(page, ALL.length);
    await page.locator("#grid").focus();
    await page.keyboard.press("/");
    for (const text of asked.toReversed()) {
      await page.keyboard.press("ArrowUp");
      await becomes(page, () => query(page), text);
    }
    // Behind the oldest there is none.
    await page.keyboard.press("ArrowUp");
    await becomes(page, () => query(page), asked[0]);
    await page.keyboard.press("ArrowDown");
    await becomes(page, () => query(page), asked[1]);
    await page.keyboard.press("Enter");
    await matching(page, ALL.filter((r) => r.userIdentity.userName === "alice").length);
    // What is typed is no step of the history: the arrows are those of the choices.
    await page.keyboard.press("/");
    await page.locator("#search").fill("eventN");
    await page.locator(".completion").first().waitFor();
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.locator("#search").getAttribute("aria-activedescendant"), "completion-0");
    await page.keyboard.press("Escape");
    await page.locator("#search").fill("");
    await page.locator("#grid").focus();
    // The list has each once, the newest first.
    await page.keyboard.press("q");
    await becomes(page, () => lines(page, "recent-queries"), ["principal:alice", "errorCode:*", "eventName:Decrypt"]);
    await pick(page, "recent-queries", "errorCode");
    await matching(page, ALL.filter((r) => r.errorCode).length);
  });

  journey("are saved under a name, in memory only", async (page) => {
    await search(page, "eventName:Decrypt");
    await matching(page, ALL.filter((r) => r.eventName === "Decrypt").length);
    await page.keyboard.press("Shift+S");
    assert.equal(await page.locator("#save-name").evaluate((box) => box === document.activeElement), true);
    await page.keyboard.type("Keys at work");
    await page.keyboard.press("Enter");
    await becomes(page, () => page.locator("#saved-queries .query-title").allInnerTexts(), ["Keys at work"]);
    // Without a name it is called as it reads, and one name is for one search.
    await page.locator("#search").fill("principal:bob");
    await page.keyboard.press("Enter");
    await until(page, "body", () => page.url().endsWith("bob"));
    await page.locator("#save-query").click();
    await becomes(page, () => page.locator("#saved-queries .query-title").allInnerTexts(), ["Keys at work", "principal:bob"]);
    await page.locator("#save-name").fill("Keys at work");
    await page.locator("#save-query").click();
    await becomes(page, () => lines(page, "saved-queries"), ["principal:bob", "principal:bob"]);
    await button(page, "Forget principal:bob").click();
    await becomes(page, () => page.locator("#saved-queries .query-title").allInnerTexts(), ["Keys at work"]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("x");
    await matching(page, ALL.length);
    await pick(page, "saved-queries", "Keys at work");
    await matching(page, ALL.filter((r) => r.userIdentity.userName === "bob").length);
    assert.equal(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage })), "{}");
  });

  test("are there ready-made, and each can be run", async () => {
    await inTab(it.browser, it.site.url, async (page) => {
      await load(page, [{ name: "a.json", buffer: log(ALL) }]);
      await page.keyboard.press("q");
      const ready = await lines(page, "ready-made");
      assert.ok(ready.length >= 12);
      for (const text of ready) {
        await page.locator("#ready-made .query-pick").nth(ready.indexOf(text)).click();
        await becomes(page, () => query(page), text);
        assert.equal(await page.locator(".search-problem").count(), 0, text);
      }
      const count = async (title, n) => {
        await pick(page, "ready-made", title);
        await matching(page, n);
      };
      await count("Calls that were denied", ALL.filter((r) => /AccessDenied/.test(r.errorCode)).length);
      await count("Console sign-ins without MFA", 13);
      await count("Console sign-ins that failed", 12);
      await count("The root user at work", 1);
      await count("New users, keys and passwords", 4);
      assert.deepEqual(await look(page, "searches"), []);
    });
  });
});
