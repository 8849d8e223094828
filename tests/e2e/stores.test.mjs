// After a way through all panels nothing of the logs is in anything that the browser keeps. The address has the user's own
// view in it, since a link should carry that; the page says so where it is copied.
import { test } from "node:test";
import assert from "node:assert/strict";
import { inTab, until, withSite } from "./lib/browser.mjs";
import { drop, log, range, record, suspicious } from "./lib/logs.mjs";
import { offer, plugin, run } from "./lib/plugins.mjs";

const it = withSite();

// Values that no program has of its own.
const MARK = "zebrafish-7741";
const LOGS = [
  ...range(0, 300),
  ...suspicious(400),
  record(500, { eventName: `Get${MARK}`, userAgent: MARK, requestParameters: { bucketName: `bucket-${MARK}` } }),
];
const NAMES = ["alice", "bucket-1", "192.0.2.", "203.0.113.7", "198.51.100.9", "111122223333", "AKIAEXAMPLE", "AIDAEXAMPLE"];
const FILE = "file-of-zebrafish";

// Everything that is kept beyond the tab's memory, as one text for each store.
const stores = (page) =>
  page.evaluate(async () => {
    const cached = await Promise.all(
      (await caches.keys()).map(async (name) => {
        const cache = await caches.open(name);
        const kept = await Promise.all((await cache.matchAll()).map(async (response) => [response.url, await response.text()]));
        return [name, kept];
      }),
    );
    return {
      local: JSON.stringify({ ...localStorage }),
      session: JSON.stringify({ ...sessionStorage }),
      databases: JSON.stringify(await indexedDB.databases()),
      files: JSON.stringify(await Array.fromAsync((await navigator.storage.getDirectory()).keys())),
      cookies: document.cookie,
      history: JSON.stringify(history.state),
      window: globalThis.name,
      title: document.title,
      caches: JSON.stringify(cached.filter(([, kept]) => kept.some(([url]) => !url.includes("/demo/")))),
      cacheNames: JSON.stringify(await caches.keys()),
    };
  });

test("nothing of the logs is kept anywhere, and the address holds the user's own view alone", async () => {
  await inTab(it.browser, it.site.url, async (page) => {
    // What the app's own files say is no value of the logs.
    const before = await stores(page);
    await drop(page, [{ name: `${FILE}.json`, buffer: log(LOGS) }]);
    await page.locator("#cancel").waitFor({ state: "detached" });
    await page.locator(".finding").first().waitFor();
    const address = page.url();
    assert.ok(!/[#&]./.test(address), address);

    await page.locator("#theme").selectOption("dark");
    await page.keyboard.press("d");
    await page.locator("#zone").fill("Asia/Tokyo");
    await page.locator("#zone").press("Enter");
    await page.locator("#telling-before").click();
    await until(page, ".strip-range", (text) => text.endsWith(" before the last event"));
    await page.locator(".grid-row:not(.hidden)").first().click();
    await page.locator(".tree").waitFor();
    await page.getByRole("tab", { name: "Raw" }).click();
    await page.locator("#raw").waitFor();
    await page.keyboard.press("v");
    await page.locator(".value-line").first().waitFor();
    await page.keyboard.press("a");
    await page.locator(".source").first().waitFor();
    await offer(page, await plugin("console-login-after-failures"));
    await run(page, "console-login-after-failures");
    await page.locator(".seal-badge").click();
    await page.locator(".prose").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#search").fill(`requestParameters.bucketName:bucket-${MARK}`);
    await page.keyboard.press("Enter");
    await until(page, "#matching", (text) => text.startsWith("1 "));
    await page.locator(".grid-row:not(.hidden)").first().click();
    await page.locator("#raw, .tree").first().waitFor();

    const after = await stores(page);
    for (const [store, text] of Object.entries(after)) {
      for (const value of [MARK, FILE, ...NAMES]) {
        const isNew = text.includes(value) && !before[store].includes(value);
        assert.ok(!isNew, `${store} has ${value}`);
      }
    }
    assert.equal(after.caches, before.caches, "the cache is what it was");
    assert.equal(after.databases, "[]");
    assert.equal(after.files, "[]");
    assert.equal(after.cookies, "");
    assert.equal(after.history, "null");
    // What the user set, and no more.
    const { "trailglass-theme": theme, "trailglass-zone": zone, "trailglass-times": times } = JSON.parse(after.local);
    assert.deepEqual({ theme, zone, times }, { theme: "dark", zone: "Asia/Tokyo", times: "before-last" });
    // What the user typed, and nothing that was found by it.
    const fragment = decodeURIComponent(page.url().split("#")[1]);
    assert.ok(fragment.includes(`q=requestParameters.bucketName:bucket-${MARK}`), fragment);
    for (const value of [FILE, ...NAMES.slice(2)]) assert.ok(!fragment.includes(value), fragment);
  });
});
