// The findings: filtered, grouped, in ATT&CK's matrix, one in full; stars, tags, notes and mutes, their file, and reports.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { look } from "./lib/axe.mjs";
import { inTab, openReady, until, withSite } from "./lib/browser.mjs";
import { drop, log, range, record, sampleFiles } from "./lib/logs.mjs";
import { guessed, offer, plugin, run } from "./lib/plugins.mjs";

const it = withSite();

const ROOT_KEY = "Access key was made for root";
const FAILURES = "Repeated failed console sign-ins";
const HOSTILE = '<img src=x onerror="document.title=1">[a](https://evil.example)\u202e';

const titles = (page) => page.locator("#findings .finding-title").allInnerTexts();
const finding = (page, title) => page.locator(".finding", { hasText: title });
const opened = (page) => page.locator(".finding-body");
const listed = (page, text) => until(page, "#findings-count", (shown) => shown.trim() === text);
const focused = (page) => page.evaluate(() => document.activeElement?.innerText ?? "");
const rule = (title, selection) =>
  `title: ${title}\nlevel: high\ndetection:\n  selection:\n    ${selection}\n  condition: selection\n`;

async function withSamples(page) {
  await drop(page, sampleFiles());
  await listed(page, "5");
}

// What a step lets the browser save, as a name and a text.
async function saved(page, step) {
  const [download] = await Promise.all([page.waitForEvent("download"), step()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

const withFinding = async (page, title) => {
  await finding(page, title).click();
  await opened(page).waitFor();
};

describe("the list of findings", () => {
  test("is filtered by severity and by text", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withSamples(page);
      const counts = page.locator(".severity-count");
      assert.deepEqual(await counts.allInnerTexts(), ["1", "1", "2", "1", "0"]);
      const medium = page.locator('[data-severity="medium"]');
      await medium.click();
      await listed(page, "2 of 5");
      assert.deepEqual(await page.locator("#findings .finding .severity").allInnerTexts(), ["Medium", "Medium"]);
      // What the others would add stays told.
      assert.deepEqual(await counts.allInnerTexts(), ["1", "1", "2", "1", "0"]);
      await page.locator('[data-severity="critical"]').click();
      await listed(page, "3 of 5");
      await page.locator('[data-severity="critical"]').click();
      await medium.click();
      await page.locator("#findings-text").fill("198.51.100.9 SIGN");
      await listed(page, "1 of 5");
      assert.deepEqual(await titles(page), [FAILURES]);
      await page.locator("#findings-text").fill("nothing like it");
      await page.getByRole("button", { name: "Show all findings" }).click();
      await listed(page, "5");
      assert.equal(await page.locator("#findings-text").inputValue(), "");
    }));

  test("is grouped by detector and by entity, and groups close", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withSamples(page);
      const heads = async () =>
        (await page.locator(".finding-group").allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
      await page.locator("#findings-groups").selectOption("detector");
      await page.locator(".finding-group").first().waitFor();
      assert.equal((await heads()).length, 5);
      await page.locator("#findings-groups").selectOption("entity");
      await until(page, ".finding-group", (text) => !text.includes(ROOT_KEY));
      const entities = await heads();
      assert.ok(entities.some((text) => /^root.* 111122223333 3$/i.test(text)), `${entities}`);
      assert.equal((await titles(page)).length, 5);
      await page.locator(".finding-group").first().click();
      await page.locator('.finding-group[aria-expanded="false"]').waitFor();
      assert.equal((await titles(page)).length, 2);
      await listed(page, "5");
      // The choice is a setting, and settings are all that is kept.
      const kept = await page.evaluate(() => ({ ...localStorage }));
      assert.deepEqual(kept, { "trailglass-findings": "entity" });
      await page.locator("#findings-groups").selectOption("nothing");
      assert.equal((await titles(page)).length, 5);
    }));

  test("shows the worst of very many, and filters them all", () =>
    inTab(it.browser, it.site.url, async (page) => {
      const users = [...Array(3000).keys()].map((n) =>
        record(n, { eventName: "GetObject", userIdentity: { type: "IAMUser", userName: `user-${n}`, accountId: "1" } }),
      );
      await drop(page, [
        { name: "a.json", buffer: log(users) },
        { name: "many.yml", buffer: Buffer.from(rule("An object was read", "eventName: GetObject")) },
      ]);
      await until(page, "#findings-count", (text) => text.trim() === "3,000");
      assert.equal((await titles(page)).length, 200);
      await page.getByRole("button", { name: "Show more of 2,800 findings" }).click();
      assert.equal((await titles(page)).length, 400);
      await page.locator("#findings-text").fill("user-2999");
      await listed(page, "1 of 3,000");
      await page.locator("#findings-text").fill("");
      await page.locator("#findings-groups").selectOption("detector");
      await until(page, ".finding-group-count", (text) => text === "3,000");
    }));
});

describe("ATT&CK's matrix", () => {
  test("has what was found, goes by arrows, and lists findings of one technique", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withSamples(page);
      await page.keyboard.press("Shift+T");
      await page.locator("#matrix[open]").waitFor();
      const columns = await page.locator(".matrix-column h3 .matrix-name").allInnerTexts();
      // The order is ATT&CK's.
      const order = ["Initial access", "Persistence", "Privilege escalation", "Defense evasion", "Credential access"];
      assert.deepEqual(columns, order.filter((name) => columns.includes(name)));
      assert.ok(columns.length > 2, `${columns}`);
      assert.match(await page.locator(".matrix-head p").innerText(), /^Nothing of: reconnaissance, .*impact\./);
      const guessing = page.getByRole("button", { name: /^Brute Force T1110 1$/ });
      assert.equal(await guessing.count(), 1);
      // To the last column, down to the first technique.
      await page.locator("#matrix-0-0").focus();
      await page.keyboard.press("End");
      await page.keyboard.press("ArrowDown");
      assert.match(await page.evaluate(() => document.activeElement.innerText), /T1110/);
      await page.keyboard.press("Enter");
      await page.locator("#matrix[open]").waitFor({ state: "detached" });
      await listed(page, "1 of 5");
      assert.deepEqual(await titles(page), [FAILURES]);
      await until(page, "#findings-attack", (text) => text.startsWith("T1110"));
      await page.locator("#findings-attack").click();
      await listed(page, "5");
      await page.keyboard.press("Shift+T");
      await page.keyboard.press("Shift+T");
      await page.locator("#matrix[open]").waitFor({ state: "detached" });
    }));
});

describe("a finding in full", () => {
  test("says what found it, what it means, and opens its events", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withSamples(page);
      await withFinding(page, FAILURES);
      const text = await until(page, ".finding-body", (shown) => shown.includes("A bundled rule"));
      for (const part of ["198.51.100.9", "T1110 Brute Force", "TA0006 Credential access", "What else could explain it"]) {
        assert.ok(text.includes(part), `${part}: ${text}`);
      }
      // No reference leads anywhere.
      assert.equal(await page.locator("a[href]").count(), 0);
      const lines = page.locator(".evidence-line");
      await until(page, ".evidence-more", (shown) => shown.startsWith("8 of 12 events"));
      assert.equal(await lines.count(), 8);
      await page.locator(".evidence-more button").click();
      await page.locator(".evidence-more").waitFor({ state: "detached" });
      assert.equal(await lines.count(), 12);
      await page.getByRole("button", { name: "Show all events" }).click();
      await until(page, "#matching", (shown) => shown.startsWith("290"));
      await page.getByRole("button", { name: "Show its events" }).click();
      await until(page, "#matching", (shown) => shown.startsWith("12 "));
      const when = await lines.nth(3).locator(".evidence-time").innerText();
      await lines.nth(3).locator(".evidence-open").click();
      await page.locator(".tree").waitFor();
      assert.ok((await page.locator(".detail-facts").innerText()).includes(when));
      // Back to where it was.
      await page.keyboard.press("Escape");
      await opened(page).waitFor();
    }));

  test("names the rule or the plugin of the user that found it", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await drop(page, [
        { name: "a.json", buffer: log([...range(0, 70), ...guessed(1000)]) },
        { name: "own.yml", buffer: Buffer.from(rule("Bucket three was read", "requestParameters.bucketName: bucket-3")) },
      ]);
      await withFinding(page, "Bucket three was read");
      await until(page, ".finding-facts", (text) => text.includes("Your rule, own.yml:1"));
      await offer(page, await plugin("console-login-after-failures"));
      await run(page, "console-login-after-failures");
      await page.keyboard.press("Escape");
      await withFinding(page, "Console sign-in succeeded after failures");
      await until(page, ".finding-facts", (text) => /Your plugin Console sign-in .*\.wasm/.test(text));
    }));
});

describe("marks", () => {
  test("mute a finding and a detector, and take it back", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withSamples(page);
      await withFinding(page, ROOT_KEY);
      await page.keyboard.press("m");
      await listed(page, "4");
      assert.ok(!(await titles(page)).includes(ROOT_KEY));
      // Its events give way to all, and the focus stays in the list.
      await until(page, "#matching", (text) => text.startsWith("290"));
      await until(page, ".finding:focus .finding-title", (text) => text === "Root user was used");
      await until(page, "#show-muted", (text) => text === "1 muted");
      assert.equal(await page.locator("#muted").count(), 0);
      await page.locator("#show-muted").click();
      await page.locator("#muted .finding", { hasText: ROOT_KEY }).click();
      await page.getByRole("button", { name: "Unmute", exact: true }).click();
      await listed(page, "5");
      await withFinding(page, FAILURES);
      await page.getByRole("button", { name: "Mute its detector" }).click();
      await listed(page, "4");
      await page.keyboard.press("b");
      await page.locator("#notes").getByRole("button", { name: new RegExp(`^Unmute ${FAILURES}`) }).click();
      await page.keyboard.press("Escape");
      await listed(page, "5");
    }));

  test("are saved as a file and come back from it", async () => {
    let notes;
    await inTab(it.browser, it.site.url, async (page) => {
      await withSamples(page);
      await withFinding(page, FAILURES);
      await page.keyboard.press("s");
      await page.locator('.finding-item.open .star[aria-pressed="true"]').first().waitFor();
      await page.locator(".mark-tags").fill("to ask, night, to ask");
      await page.locator(".mark-tags").press("Enter");
      await page.locator(".mark-note").fill("Who was it?\nAsk Ops.");
      await until(page, ".finding-said", (text) => text === "to ask · night · note");
      await page.keyboard.press("Escape");
      await page.keyboard.press("j");
      await page.keyboard.press("s");
      await until(page, "#show-notes", (text) => text === "Notes (2)");
      await page.keyboard.press("b");
      await until(page, "#notes-state", (text) => text === "Not saved yet.");
      assert.match(await page.locator("#noted-findings").innerText(), /Repeated failed.*\n+198\.51\.100\.9, 12 events/);
      assert.match(await page.locator("#noted-events").innerText(), /ConsoleLogin/);
      notes = await saved(page, () => page.keyboard.press("Control+s"));
      assert.match(notes.name, /^notes-\d{8}-\d{6}\.trailglass\.json$/);
      await until(page, "#notes-state", (text) => text === "All of this is saved.");
      assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length]), [0, 0]);
    });
    const file = JSON.parse(notes.text);
    assert.equal(file.trailglassNotes, 1);
    const [[, mark]] = Object.entries(file.findings);
    assert.deepEqual(mark.mark, { starred: true, tags: ["to ask", "night"], note: "Who was it?\nAsk Ops." });
    assert.deepEqual(file.queries, []);
    // Somebody else's marks, of an event that is not among the logs, and a search.
    file.events.elsewhere = { eventName: "DeleteTrail", principal: "mallory", mark: { starred: true, tags: [], note: "" } };
    file.queries.push({ name: "mine", query: "user:alice" });
    await inTab(it.browser, it.site.url, async (page) => {
      await withSamples(page);
      await withFinding(page, FAILURES);
      await page.locator(".mark-note").fill("Seen twice.");
      await drop(page, [{ name: "theirs.trailglass.json", buffer: Buffer.from(JSON.stringify(file)) }]);
      await until(page, "#show-notes", (text) => text === "Notes (3)");
      // It is no log.
      assert.match(await page.locator("#account").innerText(), /^3 files/);
      assert.equal(await page.locator(".mark-note").inputValue(), "Seen twice.\n\nWho was it?\nAsk Ops.");
      const both = JSON.parse((await saved(page, () => page.keyboard.press("Control+s"))).text);
      assert.equal(both.events.elsewhere.eventName, "DeleteTrail");
      assert.deepEqual(both.queries, file.queries);
      assert.equal(Object.keys(both.events).length, 2);
      await drop(page, [{ name: "bad.trailglass.json", buffer: Buffer.from('{"trailglassNotes":7}') }]);
      await until(page, ".notice", (text) => text.includes("it has version 7") && text.includes("bad.trailglass.json"));
    });
  });

  test("follow a finding that gets more evidence", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withSamples(page);
      await withFinding(page, FAILURES);
      await page.keyboard.press("s");
      const more = record(999, {
        eventSource: "signin.amazonaws.com",
        eventName: "ConsoleLogin",
        sourceIPAddress: "198.51.100.9",
        eventTime: "2024-03-01T03:20:30Z",
        errorMessage: "Failed authentication",
        responseElements: { ConsoleLogin: "Failure" },
      });
      await drop(page, [{ name: "more.json", buffer: log([more]) }]);
      await until(page, "#findings", (text) => /13 events/.test(text));
      await page.locator(".finding-item", { hasText: FAILURES }).locator('.star[aria-pressed="true"]').first().waitFor();
    }));

  test("are not lost with the tab unless the user says so", async () => {
    const page = await openReady(it.browser, it.site.url);
    const asked = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      dialog.dismiss();
    });
    await withSamples(page);
    await withFinding(page, FAILURES);
    await page.keyboard.press("s");
    await page.locator('.star[aria-pressed="true"]').first().waitFor();
    const [dialog] = await Promise.all([page.waitForEvent("dialog"), page.close({ runBeforeUnload: true })]);
    assert.equal(dialog.type(), "beforeunload");
    await saved(page, () => page.keyboard.press("Control+s"));
    await Promise.all([page.waitForEvent("close"), page.close({ runBeforeUnload: true })]);
    assert.deepEqual(asked, ["beforeunload"]);
    await page.context().close();
  });
});

describe("reports", () => {
  test("have what is marked and nothing unescaped, and need nothing", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "trailglass-"));
    await inTab(it.browser, it.site.url, async (page) => {
      const hostile = record(5, {
        eventName: "CreateAccessKey",
        eventSource: "iam.amazonaws.com",
        sourceIPAddress: HOSTILE,
        awsRegion: HOSTILE,
        userIdentity: { type: "Root", accountId: HOSTILE, arn: HOSTILE, userName: HOSTILE },
        recipientAccountId: HOSTILE,
      });
      await drop(page, [{ name: `${"<b>"}.json`, buffer: log([...range(10, 20), hostile]) }]);
      await finding(page, ROOT_KEY).waitFor();
      await withFinding(page, ROOT_KEY);
      await page.keyboard.press("s");
      await page.locator(".mark-tags").fill(HOSTILE);
      await page.locator(".mark-tags").press("Enter");
      await page.locator(".mark-note").fill(`${HOSTILE}\n# heading\n- list`);
      await page.locator(".evidence-line .star").click();
      await page.keyboard.press("Control+k");
      await page.locator(".palette-input").fill("report html");
      const html = await saved(page, () => page.keyboard.press("Enter"));
      await page.keyboard.press("b");
      const markdown = await saved(page, () => page.getByRole("button", { name: "Report as Markdown" }).click());
      assert.match(html.name, /^report-\d{8}-\d{6}\.html$/);
      assert.match(markdown.name, /\.md$/);
      assert.ok(!/<(?!\/?$)[a-z!]/i.test(markdown.text), markdown.text);
      assert.ok(!markdown.text.includes("\u202e") && !/(?<!\\)\]\(/.test(markdown.text) && !/^# heading/m.test(markdown.text));
      assert.match(markdown.text, /21 = 21 events/);

      // As a browser sees it.
      const file = path.join(folder, html.name);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Report as HTML" }).click(),
      ]);
      await download.saveAs(file);
      const report = await page.context().newPage();
      const requests = [];
      report.on("request", (request) => requests.push(request.url()));
      await report.goto(pathToFileURL(file).href);
      assert.deepEqual(requests.length, 1);
      const found = await report.evaluate(() => ({
        title: document.title,
        policy: document.querySelector('meta[http-equiv="Content-Security-Policy"]').content,
        odd: [...document.querySelectorAll("body *")]
          .map((element) => element.localName)
          .filter((name) => !"main h1 h2 h3 p span dl div dt dd blockquote table thead tbody tr th td ul li".split(" ").includes(name)),
        attributes: [...document.querySelectorAll("body *")].flatMap((e) => [...e.attributes].map((a) => a.name)),
        grid: getComputedStyle(document.querySelector("dl > div")).display,
        text: document.body.innerText,
      }));
      assert.equal(found.title, "CloudTrail report");
      assert.match(found.policy, /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/);
      assert.deepEqual(found.odd, []);
      assert.deepEqual([...new Set(found.attributes)].sort(), ["class", "scope"]);
      // The policy lets the style through.
      assert.equal(found.grid, "grid");
      for (const part of [ROOT_KEY, "bundled rule", "onerror", "\\u{202e}", "T1098.001", "Trailglass"]) {
        assert.ok(found.text.includes(part), part);
      }
      assert.deepEqual(await look(report, "report"), []);
      await report.close();
    });
    await rm(folder, { recursive: true });
  });
});

describe("by keys alone", () => {
  test("one finds, reads, marks, mutes, filters and saves", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withSamples(page);
      await page.keyboard.press("f");
      await until(page, ".finding:focus .finding-title", (text) => text === ROOT_KEY);
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      assert.match(await focused(page), /Console sign-in without MFA/);
      // The arrows have not touched the events.
      assert.equal(await page.locator(".grid-row.selected:not(.hidden)").count(), 0);
      await page.keyboard.press("s");
      await page.locator('.finding-item:focus-within .star[aria-pressed="true"]').waitFor();
      await page.keyboard.press("Enter");
      await opened(page).waitFor();
      await until(page, "#matching", (text) => text.startsWith("1 event"));
      // The star, the buttons, the techniques and the evidence come before the tags and the note.
      for (let step = 0; step < 30; step += 1) {
        await page.keyboard.press("Tab");
        if (await page.evaluate(() => document.activeElement.classList.contains("mark-note"))) break;
      }
      await page.keyboard.type("looked at");
      await until(page, ".finding-said", (text) => text === "note");
      await page.keyboard.press("Escape");
      await page.keyboard.press("n");
      await until(page, '.finding[aria-pressed="true"] .finding-title', (text) => text === FAILURES);
      await page.keyboard.press("f");
      await until(page, ".finding:focus .finding-title", (text) => text === FAILURES);
      await page.keyboard.press("Home");
      await page.keyboard.press("m");
      await listed(page, "4");
      await until(page, ".finding:focus .finding-title", (text) => text === "Root user was used");
      await page.keyboard.press("Shift+T");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      await until(page, "#findings-attack", (text) => text.length > 0);
      const { text } = await saved(page, () => page.keyboard.press("Control+s"));
      assert.equal(Object.values(JSON.parse(text).findings).filter(({ muted }) => muted).length, 1);
    }));
});

describe("access", () => {
  for (const [name, options] of Object.entries({
    light: { colorScheme: "light" },
    dark: { colorScheme: "dark" },
    "high contrast": { colorScheme: "dark", contrast: true },
    narrow: { colorScheme: "light", viewport: { width: 360, height: 740 } },
  })) {
    test(`in every state, ${name}`, async () => {
      const { contrast, ...context } = options;
      const page = await openReady(it.browser, it.site.url, { reducedMotion: "reduce", ...context });
      const wrong = [];
      const check = async (state) => wrong.push(...(await look(page, state)));
      if (contrast) await page.locator("#theme").selectOption("contrast");
      await withSamples(page);
      await page.locator("#findings-groups").selectOption("entity");
      await page.locator(".finding-group").first().waitFor();
      await check("groups");
      await withFinding(page, FAILURES);
      await until(page, ".finding-body", (text) => text.includes("A bundled rule") && text.includes("8 of 12"));
      await page.keyboard.press("s");
      await check("a finding in full");
      await page.locator(".evidence-open").first().click();
      await page.locator(".tree").waitFor();
      await page.keyboard.press("s");
      await page.locator(".event-mark .mark-note").fill("a note");
      await check("a starred event");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await page.keyboard.press("b");
      await page.locator("#noted-events details summary").click();
      await check("notes");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Shift+T");
      await check("the matrix");
      await page.keyboard.press("Escape");
      await page.keyboard.press("f");
      await page.keyboard.press("m");
      await page.locator("#show-muted").click();
      await check("muted");
      await page.locator("#findings-text").fill("zzz");
      await page.locator(".findings-none").first().waitFor();
      await check("no match");
      assert.deepEqual(wrong, []);
      assert.deepEqual(page.faults, []);
      await page.context().close();
    });
  }
});
