// Exports of the matching events: the page writes what the command line writes, to the byte, and no more than it should.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { inTab, until, withSite } from "./lib/browser.mjs";
import { dropPaths, inFolder, log, range, record, suspicious } from "./lib/logs.mjs";
import { root } from "./lib/server.mjs";
import { files, trail } from "./lib/trail.mjs";

const it = withSite();
const built = ["debug", "release"].map((profile) => path.join(root, "target", profile, "trailglass"));
const binary = [process.env.TRAILGLASS_CLI, ...built].find((file) => file && existsSync(file));
const FORMS = ["csv", "jsonl", "markdown", "timesketch", "records", "record-lines"];
const KEY = Buffer.from("a secret that only this test has");

// What the command line exports.
function commandLine(query, folder, form, more = []) {
  assert.ok(binary, "target/debug/trailglass is missing; run cargo xtask test");
  return new Promise((resolve, reject) =>
    execFile(binary, ["export", query, folder, "--format", form, ...more], { maxBuffer: 1 << 30, encoding: "buffer" }, (error, out, err) =>
      error ? reject(new Error(`${error}: ${err}`)) : resolve(out),
    ),
  );
}

async function load(page, folder, events) {
  await dropPaths(page, [folder]);
  await page.locator("#cancel").waitFor({ state: "detached" });
  await until(page, "#matching", (text) => text.startsWith(events.toLocaleString("en")));
}

async function search(page, query) {
  await page.locator("#search").fill(query);
  await page.keyboard.press("Enter");
}

// Exports in a form, and returns the name and the bytes of what the browser saves.
async function save(page, form) {
  if ((await page.locator("#export[open]").count()) === 0) await page.locator("#export-events").click();
  await page.locator(`#export input[value="${form}"]`).check();
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#export-start").click()]);
  const status = await until(page, "#export-status", (text) => text.includes("written,"));
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()), status };
}

const same = (found, expected, what) =>
  assert.ok(found.equals(expected), `${what}: ${found.length} and ${expected.length} bytes: ${found.subarray(0, 300)} … ${expected.subarray(0, 300)}`);

describe("an export", () => {
  for (const count of [1, 6]) {
    test(`is that of the command line in every form, of ${count} files`, async () => {
      const events = [...trail(), record(900, { eventTime: "soon", eventName: "Untimed" })];
      const query = "NOT eventName:Decrypt";
      const { folder, remove } = await inFolder(files(events, count));
      const key = await inFolder([{ name: "key", buffer: KEY }]);
      await inTab(it.browser, it.site.url, async (page) => {
        await load(page, folder, events.length);
        await search(page, query);
        const matching = events.filter((event) => event.eventName !== "Decrypt").length;
        await until(page, "#matching", (text) => text.startsWith(`${matching} `));
        for (const form of FORMS) {
          const { name, bytes, status } = await save(page, form);
          same(bytes, await commandLine(query, folder, form), form);
          assert.match(name, /^trailglass-events\./);
          const written = form === "timesketch" ? matching - 1 : matching;
          assert.ok(status.startsWith(`${written} events are written, `), status);
          assert.equal(status.includes("1 event without a time"), form === "timesketch", status);
        }
        await page.locator("#export-redact").check();
        await page.locator("#export-key-input").setInputFiles(path.join(key.folder, "key"));
        await until(page, ".export-key", (text) => text.includes("Pseudonyms are made of key."));
        for (const form of FORMS) {
          const { name, bytes } = await save(page, form);
          const redacted = ["--redact", "--redact-key", path.join(key.folder, "key")];
          same(bytes, await commandLine(query, folder, form, redacted), `${form}, redacted`);
          assert.match(name, /^trailglass-events-redacted\./);
        }
      });
      await remove();
      await key.remove();
    });
  }

  test("has the columns of the table, and those of many events in pieces", async () => {
    // More than are asked for at once, in time order over all files.
    const events = range(0, 25_000);
    const spread = [...Array(6).keys()].map((i) => ({ name: `${i}.json`, buffer: log(events.filter((_, n) => n % 6 === i)) }));
    const { folder, remove } = await inFolder(spread);
    await inTab(it.browser, it.site.url, async (page) => {
      await load(page, folder, events.length);
      await page.keyboard.press("t");
      const line = page.locator('.column-line[data-column="userAgent"]');
      await line.getByRole("button", { name: "Remove" }).click();
      await page.locator("#add-column").selectOption("userIdentity.arn");
      const { bytes } = await save(page, "csv");
      const fields = "eventTime,eventName,eventSource,principal,sourceIPAddress,awsRegion,errorCode,userIdentity.arn,eventID";
      same(bytes, await commandLine("", folder, "csv", ["--fields", fields]), "csv");
      same((await save(page, "record-lines")).bytes, await commandLine("", folder, "record-lines"), "record-lines");
    });
    await remove();
  });

  test("that is redacted has nothing of the original in it", async () => {
    const events = [...trail(), ...suspicious(700)];
    const { folder, remove } = await inFolder(files(events, 6));
    const secrets = new Set(["111122223333", "bucket-", "a/b", "AKIAALICE", "AKIAERIN", "198.51.100.", "203.0.113.7", "192.0.2."]);
    for (const { userIdentity } of events) {
      for (const key of ["arn", "userName", "principalId", "accessKeyId"]) if (userIdentity[key]) secrets.add(userIdentity[key]);
    }
    await inTab(it.browser, it.site.url, async (page) => {
      await load(page, folder, events.length);
      const plain = (await save(page, "record-lines")).bytes.toString();
      for (const secret of secrets) assert.ok(plain.includes(secret), `${secret} is nowhere anyway`);
      await page.locator("#export-redact").check();
      const saved = {};
      for (const form of FORMS) {
        saved[form] = (await save(page, form)).bytes.toString();
        for (const secret of secrets) assert.ok(!saved[form].includes(secret), `${secret} is in ${form}`);
      }
      // The same value has the same pseudonym in the whole file, and another in another file: its secret is forgotten.
      const lines = (text) => text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
      const names = (text) => new Map(lines(text).map((line) => [line.eventID, line.principal]));
      const first = names(saved.jsonl);
      const real = new Map(events.map((event) => [event.eventID, event.userIdentity.userName ?? "root"]));
      const pairs = new Set([...first].map(([id, name]) => `${real.get(id)} ${name}`));
      assert.equal(pairs.size, new Set(real.values()).size);
      const again = names((await save(page, "jsonl")).bytes.toString());
      assert.ok([...again].every(([id, name]) => name === "root" || name !== first.get(id)));
      assert.equal(lines(saved["record-lines"]).length, events.length);
      assert.equal(JSON.parse(saved.records).Records.length, events.length);
    });
    await remove();
  });

  test("is no formula to a spreadsheet, and no markup", async () => {
    const tricks = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("//x","y")', "\tx", "a\r\nb,c", "|x|<b>", "\u202egpj"];
    const events = tricks.map((userAgent, n) => record(n, { userAgent }));
    const { folder, remove } = await inFolder([{ name: "a.json", buffer: log(events) }]);
    await inTab(it.browser, it.site.url, async (page) => {
      await load(page, folder, events.length);
      for (const form of ["csv", "timesketch"]) {
        const text = (await save(page, form)).bytes.toString();
        assert.doesNotMatch(text, /(^|,)"?[=+\-@\t\r]/m, form);
        assert.ok(text.includes(`"'=HYPERLINK(""//x"",""y"")"`) && !text.includes("\u202e"), form);
      }
      const markdown = (await save(page, "markdown")).bytes.toString();
      assert.ok(markdown.includes("\\|x\\|&lt;b&gt;"), markdown);
      assert.equal(markdown.trim().split("\n").length, events.length + 2);
    });
    await remove();
  });

  test("is made by keys alone, says what it holds, and ends when it is cancelled", async () => {
    const { folder, remove } = await inFolder([{ name: "a.json", buffer: log(range(0, 30_000)) }]);
    await inTab(it.browser, it.site.url, async (page) => {
      await load(page, folder, 30_000);
      await search(page, "eventName:ListBuckets");
      await until(page, "#matching", (text) => text.startsWith("10,000"));
      await page.locator("#grid").focus();
      await page.keyboard.press("Shift+E");
      await page.locator("#export[open]").waitFor();
      assert.equal(
        await page.locator("#export-what").innerText(),
        "10,000 events that match eventName:ListBuckets, oldest first.",
      );
      await page.locator('#export input[value="csv"]').focus();
      for (const form of FORMS.slice(1)) {
        await page.keyboard.press("ArrowDown");
        assert.equal(await page.evaluate(() => document.activeElement.value), form);
      }
      await until(page, ".export-fields", (text) => text.startsWith("Records are whole"));
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("ArrowUp");
      await page.locator("#export-start").focus();
      const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
      assert.equal(download.suggestedFilename(), "trailglass-events.timesketch.csv");
      // Once more, from the link, which has the focus.
      await page.locator("#export-save:focus").waitFor();
      const [again] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
      assert.ok((await readFile(await again.path())).equals(await readFile(await download.path())));
      const address = await page.locator("#export-save").getAttribute("href");
      assert.match(address, /^blob:/);

      await page.locator('#export input[value="records"]').check();
      // Another form is another file.
      await page.locator("#export-save").waitFor({ state: "detached" });
      await page.keyboard.press("Escape");
      await page.locator("#export[open]").waitFor({ state: "detached" });
      await page.keyboard.press("x");
      await until(page, "#matching", (text) => text.startsWith("30,000"));
      await page.keyboard.press("Shift+E");
      // In the page, which need not wait for the one who tests it: as soon as it can be cancelled.
      await page.evaluate(async () => {
        document.querySelector("#export-start").click();
        const button = () => document.querySelector("#export-cancel");
        while (!button()) await new Promise(requestAnimationFrame);
        button().click();
      });
      await page.locator("#export-cancel").waitFor({ state: "detached" });
      assert.equal(await page.locator("#export-status").innerText(), "");
      assert.equal(await page.locator("#export-save").count(), 0);
      // What comes next is whole.
      const { bytes } = await save(page, "record-lines");
      assert.equal(bytes.toString().trim().split("\n").length, 30_000);
    });
    await remove();
  });

  test("says which records could not be read again, and why a key is none", async () => {
    const { folder, remove } = await inFolder([
      { name: "a.json", buffer: log(range(0, 5)) },
      { name: "b.json", buffer: log(range(10, 5)) },
      { name: "short.key", buffer: Buffer.from("short") },
    ]);
    await inTab(it.browser, it.site.url, async (page) => {
      await dropPaths(page, [path.join(folder, "a.json"), path.join(folder, "b.json")]);
      await page.locator("#cancel").waitFor({ state: "detached" });
      await until(page, "#matching", (text) => text.startsWith("10 "));
      await writeFile(path.join(folder, "b.json"), "other");
      const { bytes, status } = await save(page, "record-lines");
      assert.equal(bytes.toString().trim().split("\n").length, 5);
      assert.match(status, /^5 events are written, .* 5 records could not be read again: what they say is not in the file\.$/);
      await page.locator("#export-redact").check();
      await page.locator("#export-key-input").setInputFiles(path.join(folder, "short.key"));
      await until(page, "#export-status", (text) => text === "The key is too short: it needs 16 bytes.");
    });
    await remove();
  });
});
