// One event in full: its sentence, its record as a tree and as text, the findings on it.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { inTab, until, withSite } from "./lib/browser.mjs";
import { allowClipboard, chooseFromMenu, copyFromMenu } from "./lib/clipboard.mjs";
import { drop, log, range, record, suspicious } from "./lib/logs.mjs";

const it = withSite();
let page;

function journey(name, records, steps) {
  test(name, () =>
    inTab(it.browser, it.site.url, async (tab) => {
      page = tab;
      await allowClipboard(page);
      await drop(page, [{ name: "a.json", buffer: log(records) }]);
      await page.locator("#cancel").waitFor({ state: "detached" });
      await until(page, "#matching", (text) => text.startsWith(String(records.length)));
      return steps();
    }),
  );
}

const open = async (row) => {
  await page.locator(`.grid-row[aria-rowindex="${row + 2}"]:not(.hidden)`).click();
  await page.locator("#sentence").waitFor();
};

// `key: value` of a leaf, `key, size` of a branch.
const focusedLabel = () =>
  page.evaluate(() => {
    const text = (name) => document.activeElement.querySelector(name)?.textContent;
    const isLeaf = document.activeElement.classList.contains("tree-leaf");
    return isLeaf ? `${text(".tree-key")}: ${text(".tree-value")}` : `${text(".tree-key")}, ${text(".tree-size")}`;
  });
const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
const node = (label) => {
  const [, key, sign, value] = label.match(/^(.*?)(: |, )(.*)$/);
  const has = (name, text) => ({ has: page.locator(name, { hasText: new RegExp(`^${escaped(text)}$`) }) });
  if (sign === ", ") return page.locator(".tree-branch").filter(has(":scope > .tree-toggle", key + value));
  return page.locator(".tree-leaf").filter(has(".tree-key", key)).filter(has(".tree-value", value));
};
const query = () => page.locator("#search").inputValue();

// The id 7 has keys and values that a search must quote, and what tries to be more than text.
const ODD = record(7, {
  eventName: "PutBucketPolicy",
  errorCode: "AccessDenied",
  requestParameters: {
    bucketName: "logs",
    "aws:SourceIp": "10.0.0.0/8",
    "a.b": 'say "x" \\ OR name:*',
    n: [1, { deep: false }],
    none: null,
    trick: "<img src=x onerror=alert(1)>\u202e",
  },
});

describe("an event", () => {
  journey("is told in a sentence", [...range(0, 3), ODD, ...suspicious(20)], async () => {
    const sentence = (text) => until(page, "#sentence", (shown) => shown === text);
    await open(0);
    await sentence("The user alice called ListBuckets of s3 on a/b in the bucket bucket-0 from 192.0.2.0 in eu-central-1, and it succeeded.");
    await open(3);
    await sentence(
      "The user alice tried to call PutBucketPolicy of s3 on the bucket logs from 192.0.2.7 in eu-central-1, and was denied: AccessDenied.",
    );
    await page.locator("#search").fill("eventName:ConsoleLogin");
    await page.keyboard.press("Enter");
    await until(page, "#matching", (text) => text.startsWith("13 "));
    await open(0);
    await sentence("The user alice signed in to the console without MFA from 203.0.113.7 in eu-central-1, and it succeeded.");
    await open(1);
    await sentence(
      "The user alice tried to sign in to the console without MFA from 198.51.100.9 in eu-central-1, and it failed: Failed authentication.",
    );
    await page.locator("#search").fill("eventName:CreateAccessKey");
    await page.keyboard.press("Enter");
    await until(page, "#matching", (text) => text.startsWith("1 "));
    await open(0);
    await sentence("The root user of 111122223333 called CreateAccessKey of iam on a/b in the bucket bucket-0 from 192.0.2.21 in eu-central-1, and it succeeded.");
  });

  journey("has a tree that keys walk through", [ODD], async () => {
    await open(0);
    await node("eventVersion: 1.09").focus();
    await page.keyboard.press("End");
    assert.equal(await focusedLabel(), "errorCode: AccessDenied");
    await page.keyboard.press("Home");
    assert.equal(await focusedLabel(), "eventVersion: 1.09");
    await page.keyboard.press("ArrowDown");
    assert.equal(await focusedLabel(), "userIdentity, 6");
    assert.equal(await node("userIdentity, 6").getAttribute("aria-expanded"), "true");
    await page.keyboard.press("ArrowRight");
    assert.equal(await focusedLabel(), "type: IAMUser");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    assert.equal(await node("userIdentity, 6").getAttribute("aria-expanded"), "false");
    assert.equal(await node("type: IAMUser").count(), 0);
    await page.keyboard.press("ArrowDown");
    assert.match(await focusedLabel(), /^eventTime: /);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    assert.equal(await node("type: IAMUser").count(), 1);
    // One stop of Tab for the whole tree.
    assert.equal(await page.locator('[role="tree"] [tabindex="0"]').count(), 1);
    // Keys that the tree does not know are the page's.
    await page.keyboard.press("Escape");
    await page.locator("#detail").waitFor({ state: "detached" });
  });

  journey("has values that are copied, looked for and excluded", [...range(0, 6), ODD, ...range(10, 6)], async () => {
    await open(6);
    const menu = async (label) => {
      await node(label).focus();
      await page.keyboard.press("Enter");
    };
    const odd = 'a.b: say "x" \\ OR name:*';
    await menu(odd);
    assert.equal(await copyFromMenu(page, "Copy the value"), 'say "x" \\ OR name:*');
    await node(odd).focus();
    await page.keyboard.press("Shift+F10");
    assert.equal(await copyFromMenu(page, "Copy the path"), 'requestParameters."a.b"');
    await menu("none: null");
    assert.equal(await page.getByRole("menuitem").count(), 2, "null is looked for as no value");
    await page.keyboard.press("Escape");

    const only = async (label, term, count) => {
      await menu(label);
      await chooseFromMenu(page, "Only events with this");
      await until(page, "#matching", (text) => text.startsWith(`${count} `));
      assert.equal(await query(), term);
      await page.keyboard.press("x");
      await until(page, "#matching", (text) => text.startsWith("13 "));
    };
    await only(odd, 'requestParameters."a.b":"say \\"x\\" \\\\ OR name:*"', 1);
    await only("aws:SourceIp: 10.0.0.0/8", 'requestParameters."aws:SourceIp":"10.0.0.0/8"', 1);
    await only("deep: false", "requestParameters.n.deep:false", 1);
    await only("awsRegion: eu-central-1", "awsRegion:eu-central-1", 13);
    await menu("errorCode: AccessDenied");
    await chooseFromMenu(page, "Exclude events with this");
    await until(page, "#matching", (text) => text.startsWith("12 "));
    assert.equal(await query(), "NOT errorCode:AccessDenied");
    // By the pointer: the value itself, the button beside it, and the other button of the mouse.
    await page.keyboard.press("x");
    await page.locator(".tree-value", { hasText: "PutBucketPolicy" }).click();
    await until(page, "#matching", (text) => text.startsWith("1 "));
    await node("readOnly: true").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Exclude events with this" }).click();
    await until(page, "#matching", (text) => text.startsWith("0 "));
    await node("eventType: AwsApiCall").locator(".tree-more").click();
    await page.locator("#menu[open]").waitFor();
    await page.mouse.click(5, 5);
    await page.locator("#menu[open]").waitFor({ state: "detached" });
  });

  journey("shows its raw text, which is copied", [ODD], async () => {
    await open(0);
    await page.getByRole("tab", { name: "Tree" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.locator("#raw").waitFor();
    assert.equal(await page.getByRole("tab", { name: "Raw" }).getAttribute("aria-selected"), "true");
    assert.match(await page.locator("#raw").innerText(), /<img src=x onerror=alert\(1\)>\\u\{202e\}/);
    assert.equal(await page.locator("#detail img").count(), 0);
    await page.locator("#copy-raw").focus();
    await page.keyboard.press("Enter");
    await until(page, ".notice", (text) => text.startsWith("The record is copied."));
    assert.deepEqual(JSON.parse(await page.evaluate(() => navigator.clipboard.readText())), ODD);
  });

  journey("names the findings on it, and opens one", [...range(0, 5), ...suspicious(20)], async () => {
    await page.locator(".finding").first().waitFor();
    await open(0);
    assert.equal(await page.locator("#on-event").count(), 0);
    await page.locator("#search").fill("eventName:CreateAccessKey");
    await page.keyboard.press("Enter");
    await until(page, "#matching", (text) => text.startsWith("1 "));
    await open(0);
    const titles = await page.locator("#on-event button").allInnerTexts();
    assert.ok(titles.length > 0 && titles.every((title) => title.length > 5), `${titles}`);
    assert.match(await page.locator("#on-event .severity").first().innerText(), /^(critical|high|medium|low|informational)$/i);
    await page.locator("#on-event button").first().focus();
    await page.keyboard.press("Enter");
    await page.locator('.finding[aria-pressed="true"]', { hasText: titles[0] }).waitFor();
  });
});
