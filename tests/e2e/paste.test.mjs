// What is pasted is read like what is dropped: a text as a file, rules as rules; a field keeps what is pasted into it.
import { test } from "node:test";
import assert from "node:assert/strict";
import { inTab, until, withSite } from "./lib/browser.mjs";
import { log, range, suspicious } from "./lib/logs.mjs";

const it = withSite();

const RULE = `title: Alias of an account was made
id: 6d1f9f57-5a0c-4d1a-9d5b-0123456789ab
logsource: {product: aws, service: cloudtrail}
detection:
  calls:
    eventName: GetObject
  condition: calls
level: low
`;

const says = (page, part) => until(page, "#account", (text) => text.replace(/\s+/g, " ").includes(part));

async function paste(page, text) {
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.keyboard.press("ControlOrMeta+v");
}

test("events, rules and nonsense are pasted", async () => {
  await inTab(it.browser, it.site.url, async (page) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await paste(page, log(range(0, 20)).toString());
    await says(page, "20 records = 20 events");
    // One event by itself, as the console shows it, beside those that are there.
    await paste(page, JSON.stringify(suspicious(100)[1], null, 2));
    await says(page, "21 records = 21 events");
    await paste(page, "  \n");
    await paste(page, "neither events nor rules");
    await says(page, "3 files");
    await page.locator("#account").click();
    await until(page, ".side-column", (text) => ["pasted-1.json", "pasted-2.json", "pasted-3.json"].every((name) => text.includes(name)));

    await paste(page, RULE);
    await page.keyboard.press("f");
    await page.getByText("Alias of an account was made").first().waitFor();

    await page.locator("#search").click();
    await paste(page, "eventName:CreateAccessKey");
    assert.equal(await page.locator("#search").inputValue(), "eventName:CreateAccessKey");
    await until(page, "#matching", (text) => text.startsWith("1 "));
    await says(page, "3 files");
  });
});
