// Plugins of the user in the tab: what the page says of one, when it runs, what it finds, and what ends it.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { inTab, until, withSite } from "./lib/browser.mjs";
import { drop, log, range } from "./lib/logs.mjs";
import { guessed, item, limit, logged, loopHere, named, offer, plugin, run, status } from "./lib/plugins.mjs";

const LOGS = [
  { name: "a.json", buffer: log([...range(0, 70), ...guessed(1000)]) },
  { name: "b.json", buffer: log([...range(100, 70), ...guessed(2000), loopHere(3000)]) },
];
const LOGIN = "console-login-after-failures";
const TITLE = "Console sign-in succeeded after failures";

const it = withSite();
const findings = (page) => page.locator(".finding", { hasText: TITLE });
const read = (page) => page.locator("#cancel").waitFor({ state: "detached" });

async function withLogs(page) {
  await drop(page, LOGS);
  await until(page, "#account", (text) => text.includes("2 files"));
  await read(page);
}

describe("a plugin", () => {
  test("says what it is and what it asks for, and runs only when told", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withLogs(page);
      const shown = await offer(page, await plugin(LOGIN));
      const text = await shown.innerText();
      for (const part of [TITLE, LOGIN, "eventName:ConsoleLogin", "sourceIPAddress", "T1110", "1.0.0", "log ("]) {
        assert.ok(text.includes(part), part);
      }
      assert.match(text, /SHA-256\s+[0-9a-f]{64}/);
      assert.match(text, /It has not run\./);
      assert.equal(await findings(page).count(), 0);
      assert.equal(await run(page, LOGIN), "It judged 14 events: 2 findings.");
      await page.keyboard.press("Escape");
      assert.equal(await findings(page).count(), 2);
      await findings(page).first().click();
      await until(page, "#matching", (text) => text.startsWith("7 events"));
    }));

  test("takes options, and says which it does not take", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withLogs(page);
      const shown = await offer(page, await plugin(LOGIN));
      const failures = shown.getByLabel("failures", { exact: true });
      await failures.fill("many");
      assert.ok(await shown.locator(".plugin-run").isDisabled());
      assert.match(await shown.innerText(), /option failures takes a whole number/);
      await failures.fill("7");
      assert.equal(await run(page, LOGIN), "It judged 14 events: 0 findings.");
      await failures.fill("6");
      assert.equal(await run(page, LOGIN), "It judged 14 events: 2 findings.");
      // The plugin itself has the last word.
      await failures.fill("0");
      assert.match(await run(page, LOGIN), /stopped/);
      assert.match(await shown.locator(".plugin-trouble").innerText(), /stopped in configure: it reported an error/);
      await failures.fill("6");
      assert.equal(await run(page, LOGIN), "It judged 14 events: 2 findings.");
    }));

  test("dropped again takes the place of the one before, with what that found", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withLogs(page);
      await offer(page, await plugin(LOGIN));
      await run(page, LOGIN);
      const again = { ...(await plugin(LOGIN)), name: "again.wasm" };
      await offer(page, again);
      assert.equal(await page.locator(".plugin").count(), 1);
      await page.keyboard.press("Escape");
      assert.equal(await findings(page).count(), 0);
      await page.keyboard.press("p");
      assert.equal(await run(page, "again"), "It judged 14 events: 2 findings.");
      await item(page, "again").locator(".plugin-remove").click();
      await page.keyboard.press("Escape");
      assert.equal(await findings(page).count(), 0);
    }));

  test("dropped before the logs waits for them, and is told of those that come later", () =>
    inTab(it.browser, it.site.url, async (page) => {
      const shown = await offer(page, await plugin(LOGIN));
      assert.ok(await shown.locator(".plugin-run").isDisabled());
      await withLogs(page);
      await run(page, LOGIN);
      await drop(page, [{ name: "c.json", buffer: log(guessed(4000)) }]);
      await until(page, ".plugin-status", (text) => text.includes("The events have changed since"));
      assert.equal(await run(page, LOGIN), "It judged 21 events: 3 findings.");
    }));
});

// A file of more than a piece behind one of a single piece: both are read again for a plugin that comes late.
test("a plugin judges every event of large files", () =>
  inTab(it.browser, it.site.url, async (page) => {
    await drop(page, [
      { name: "a.json", buffer: log(range(0, 1_000)) },
      { name: "b.json", buffer: log(range(1_000, 9_000)) },
    ]);
    await until(page, "#account", (text) => text.includes("2 files"));
    await read(page);
    await offer(page, await plugin("made-by-hand", "hostile-modules"));
    assert.match(await run(page, "made-by-hand"), /^It judged 10,000 events: /);
  }));

describe("what is no plugin", () => {
  const component = Buffer.from("\0asm\x0d\0\x01\0", "latin1");
  const refused = {
    "a text": [Buffer.from("hello"), /it is not WebAssembly/],
    "a core module": [Buffer.from("\0asm\x01\0\0\0", "latin1"), /it is a core module, not a component/],
    "an empty component": [component, /exports no trailglass:detector\/detector/],
    "nothing": [Buffer.alloc(0), /it is not WebAssembly/],
    "types inside one another": [
      Buffer.concat([
        Buffer.from("\0asm\x0d\0\x01\0", "latin1"),
        Buffer.from([0x07, 0x80, 0x80, 0x01, 0x01]),
        Buffer.alloc(16_383, Buffer.from([0x42, 0x01, 0x01])),
      ]),
      /exports no trailglass:detector\/detector/,
    ],
  };
  for (const [name, [buffer, expected]] of Object.entries(refused)) {
    test(name, () =>
      inTab(it.browser, it.site.url, async (page) => {
        const shown = await offer(page, { name: "file.wasm", buffer });
        assert.match(await shown.locator(".plugin-trouble").innerText(), expected);
        assert.equal(await shown.locator(".plugin-run").count(), 0);
      }));
  }

  test("half a plugin, and one that was changed", async () => {
    const { buffer } = await plugin(LOGIN);
    await inTab(it.browser, it.site.url, async (page) => {
      const half = await offer(page, { name: "half.wasm", buffer: buffer.subarray(0, buffer.length / 2) });
      assert.match(await half.locator(".plugin-trouble").innerText(), /the file is damaged/);
      const text = buffer.toString("latin1").replaceAll("detector/host@1.0.0", "detector/hose@1.0.0");
      const other = await offer(page, { name: "other.wasm", buffer: Buffer.from(text, "latin1") });
      assert.match(await other.innerText(), /it imports trailglass:detector\/hose@1\.0\.0/);
      assert.match(await other.innerText(), /--stub-wasi/);
      const newer = buffer.toString("latin1").replaceAll("detector/detector@1.0.0", "detector/detector@2.0.0");
      const shown = await offer(page, { name: "newer.wasm", buffer: Buffer.from(newer, "latin1") });
      assert.match(await shown.innerText(), /it was built for contract 2\.0\.0; this trailglass runs 1\.0\.0/);
    });
  });
});

describe("a hostile plugin", () => {
  // What the page says of each, and the export in which it says so.
  const ENDS = {
    "allocates-without-end": /stopped in detect: it passed its limit of 268,435,456 bytes of memory/,
    "breaks-the-contract": /stopped in describe: its answer breaks the contract: the id is not made of/,
    "dresses-up": /stopped in configure: it reported an error: /,
    "floods-findings": /stopped in detect: it passed its limit of 10,000 findings/,
    "floods-log": /stopped in detect: it passed its limit of 2,\d\d\d milliseconds/,
    "invents-rows": /stopped in detect: its answer breaks the contract: a finding names an event that is not in the batch/,
    "loops-in-describe": /stopped in describe: it passed its limit of 2,000 milliseconds/,
    "loops-in-detect": /stopped in detect: it passed its limit of 2,\d\d\d milliseconds/,
    "loops-later": /stopped in detect: it passed its limit of 2,\d\d\d milliseconds/,
    "million-findings": /stopped in detect: it passed its limit of 16,777,216 bytes of an answer/,
    "traps": /stopped in detect: it trapped: .*unreachable/,
    "writes-a-novel": /stopped in detect: it passed its limit of 8,192 bytes of text in a finding/,
  };

  test("is one of those that there are", async () => {
    const unknown = (await named("hostile")).filter((name) => !(name in ENDS));
    assert.deepEqual(unknown, []);
  });

  for (const [name, expected] of Object.entries(ENDS)) {
    test(`${name} ends, is named, and the others run on`, () =>
      inTab(it.browser, it.site.url, async (page) => {
        await withLogs(page);
        await drop(page, [await plugin(name, "hostile")]);
        if (expected.source.includes("milliseconds")) await limit(page, name, "time-ms", "2000");
        await item(page, name).and(page.locator('[aria-busy="false"]')).waitFor();
        if (await item(page, name).locator(".plugin-run").count()) await run(page, name);
        const trouble = await item(page, name).locator(".plugin-trouble").innerText();
        assert.match(trouble, expected);
        assert.ok(trouble.includes(`(${name}.wasm)`), trouble);
        await offer(page, await plugin(LOGIN));
        assert.equal(await run(page, LOGIN), "It judged 14 events: 2 findings.");
      }));
  }

  // Modules that no compiler would make: pointers, lengths, text, and what they declare.
  const BY_HAND = {
    "allocates-between-words": /stopped in configure: .*its realloc gave a place/,
    "allocates-out-of-memory": /stopped in configure: .*its realloc gave a place/,
    "answers-between-words": /stopped in detect: .*an address that is not/,
    "answers-out-of-memory": /stopped in detect: .*an address that is not/,
    "breaks-utf-8": /stopped in detect: .*not UTF-8/,
    "calls-itself": /stopped in detect: it trapped: .*(stack|recursion)/,
    "declares-a-huge-table": /stopped while it started: it passed its limit of 1,000,000 table elements/,
    "declares-four-gigabytes": /stopped while it started: it passed its limit of 268,435,456 bytes of memory/,
    "declares-half-a-gigabyte": /stopped while it started: it passed its limit of 268,435,456 bytes of memory/,
    "describes-out-of-memory": /stopped in describe: .*an address that is not/,
    "ends-out-of-memory": /stopped in detect: .*an address that is not/,
    "has-a-name-that-clears-screens": /stopped in describe: .*the name has a control character/,
    "has-a-wrong-query": /refused while it was loaded: its select is no valid query/,
    "has-endless-findings": /stopped in detect: .*an address that is not/,
    "has-no-such-case": /stopped in detect: .*a case that the contract does not have/,
    "has-no-such-severity": /stopped in detect: .*a case that the contract does not have/,
    "has-ten-thousand-globals": null,
    "loops-in-configure": /stopped in configure: it passed its limit of 2,\d\d\d milliseconds/,
    "loops-in-realloc": /stopped in configure: it passed its limit of 2,\d\d\d milliseconds/,
    "loops-in-start": /stopped while it started: it passed its limit of 2,\d\d\d milliseconds/,
    "made-by-hand": null,
    "nests-components": /refused while it was loaded: /,
    "nests-types": /refused while it was loaded: /,
    "overflows-an-address": /stopped in detect: .*an address that is not/,
    "points-between-words": /stopped in detect: .*an address that is not/,
    "points-out-of-memory": /stopped in detect: .*an address that is not/,
    "says-ten-thousand-fields": /stopped in describe: it passed its limit of 262,144 bytes of an answer/,
    // Engines may choose the sign of 0/0, and only the command line's can be told which.
    "shows-nan-bits": null,
    "writes-a-hundred-megabytes": /stopped in detect: it passed its limit of 16,777,216 bytes of an answer/,
  };

  test("made by hand ends where it breaks the rules", async () => {
    const names = await named("hostile-modules");
    assert.deepEqual(names, Object.keys(BY_HAND), "those of tests/hostile_modules; run cargo xtask test");
    await inTab(it.browser, it.site.url, async (page) => {
      await withLogs(page);
      for (const name of names) {
        await drop(page, [await plugin(name, "hostile-modules")]);
        if (name.startsWith("loops")) await limit(page, name, "time-ms", "2000");
        await item(page, name).and(page.locator('[aria-busy="false"]')).waitFor();
        const runs = await item(page, name).locator(".plugin-run").count();
        const said = runs ? await run(page, name) : "";
        const trouble = (await item(page, name).locator(".plugin-trouble").allInnerTexts()).join();
        if (BY_HAND[name]) assert.match(trouble, BY_HAND[name]);
        else assert.match(`${said}${trouble}`, /It judged [\d,]+ events: 1 finding\./, name);
        await item(page, name).locator(".plugin-remove").click();
      }
    });
  });

  test("can be cancelled, and run again", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withLogs(page);
      const shown = await offer(page, await plugin("loops-in-detect", "hostile"));
      await shown.locator(".plugin-run").click();
      await until(page, ".plugin-status", (text) => text.includes("It begins"));
      await shown.locator(".plugin-cancel").click();
      assert.match(await status(page, "loops-in-detect").innerText(), /It was stopped/);
      assert.equal(await shown.locator(".plugin-trouble").innerText(), "Cancelled.");
      await shown.locator(".plugin-run").click();
      await until(page, ".plugin-status", (text) => text.includes("It begins"));
      await shown.locator(".plugin-remove").click();
      assert.equal(await page.locator(".plugin").count(), 0);
    }));

  test("what it said before a trap is shown", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withLogs(page);
      await offer(page, await plugin("traps", "hostile"));
      await run(page, "traps");
      assert.match(await logged(page, "traps"), /error: .*cannot bear/s);
    }));

  test("what it said in a call that never ended is shown, while it goes on and behind that", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withLogs(page);
      const shown = await offer(page, await plugin("loops-later", "hostile"));
      await shown.locator(".plugin-run").click();
      await shown.locator(".plugin-log").waitFor();
      assert.equal(await shown.getAttribute("aria-busy"), "true");
      await limit(page, "loops-later", "time-ms", "2000");
      await shown.and(page.locator('[aria-busy="false"]')).waitFor();
      assert.match(await shown.locator(".plugin-trouble").innerText(), /2,155 milliseconds/);
      const text = await logged(page, "loops-later");
      assert.equal(text.match(/info: it saw a sign-in/g).length, 14);
      assert.match(text, /^15 lines logged[^]*warning: it will not come back$/);
    }));

  test("a flood of log lines is cut, and counted", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withLogs(page);
      await offer(page, await plugin("floods-log", "hostile"));
      await limit(page, "floods-log", "time-ms", "1000");
      await limit(page, "floods-log", "log-lines", "3");
      await limit(page, "floods-log", "log-line-bytes", "5");
      await run(page, "floods-log");
      const text = await logged(page, "floods-log");
      assert.match(text, /info: xxxxx…\s+info: xxxxx…\s+info: xxxxx…\s+[\d,]+ lines? w(as|ere) not kept$/);
    }));
});

describe("limits", () => {
  test("are there for those who ask, with their defaults, and take no nonsense", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withLogs(page);
      const shown = await offer(page, await plugin(LOGIN));
      const limits = shown.locator(".plugin-limits");
      assert.equal(await limits.evaluate((details) => details.open), false);
      await limits.locator("summary").click();
      const names = await limits.locator("label").allInnerTexts();
      assert.deepEqual(names, [
        "file-bytes", "time-ms", "time-ms-per-event", "memory-bytes", "table-elements", "instances", "answer-bytes",
        "findings", "finding-text-bytes", "log-lines", "log-line-bytes",
      ]);
      const memory = limits.getByLabel("memory-bytes", { exact: true });
      assert.equal(await memory.inputValue(), "256 MiB");
      const help = async () => page.locator(`#${await memory.getAttribute("aria-describedby")}`).innerText();
      assert.equal(await help(), "all memories together; 256 MiB by default");
      for (const wrong of ["much", "-1", "1", "5GiB"]) {
        await limit(page, LOGIN, "memory-bytes", wrong);
        assert.match(await help(), /It takes a whole number from 64 KiB to 4 GiB\.$/, wrong);
        assert.equal(await memory.getAttribute("aria-invalid"), "true");
        assert.ok(await shown.locator(".plugin-run").isDisabled());
      }
      assert.match(await limits.locator("summary").innerText(), /1 changed/);
      await limit(page, LOGIN, "memory-bytes", "");
      assert.equal(await memory.inputValue(), "256 MiB");
      assert.equal((await limits.locator("summary").innerText()).trim(), "Limits");
      assert.equal(await run(page, LOGIN), "It judged 14 events: 2 findings.");
    }));

  // What ends the first example, or another, where it may take less than it needs.
  const TOO_LITTLE = [
    ["file-bytes", "10", /it passed its limit of 10 bytes of a plugin file/],
    ["memory-bytes", "64KiB", /stopped while it started: it passed its limit of 65,536 bytes of memory/],
    ["table-elements", "0", /stopped while it started: it passed its limit of 0 table elements/],
    ["instances", "1", /it passed its limit of 1 instances, memories or tables/],
    ["answer-bytes", "10", /stopped in detect: it passed its limit of 10 bytes of an answer/],
    ["findings", "1", /stopped in detect: it passed its limit of 1 findings/],
    ["finding-text-bytes", "10", /stopped in detect: it passed its limit of 10 bytes of text in a finding/],
  ];
  test("end a run at what they are set to, and name themselves", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withLogs(page);
      const shown = await offer(page, await plugin(LOGIN));
      assert.equal(await run(page, LOGIN), "It judged 14 events: 2 findings.");
      for (const [what, value, expected] of TOO_LITTLE) {
        await limit(page, LOGIN, what, value);
        assert.equal(await run(page, LOGIN), "It was stopped: 0 findings before that.", what);
        assert.match(await shown.locator(".plugin-trouble").innerText(), expected);
        await limit(page, LOGIN, what, "");
        assert.equal(await run(page, LOGIN), "It judged 14 events: 2 findings.", what);
      }
      await offer(page, await plugin("loops-in-detect", "hostile"));
      await limit(page, "loops-in-detect", "time-ms", "500");
      await limit(page, "loops-in-detect", "time-ms-per-event", "2");
      await run(page, "loops-in-detect");
      // 155 events.
      assert.match(await item(page, "loops-in-detect").locator(".plugin-trouble").innerText(), /its limit of 810 milliseconds/);
    }));

  test("may be raised for one that could not be loaded with them", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withLogs(page);
      const name = "declares-half-a-gigabyte";
      const shown = await offer(page, await plugin(name, "hostile-modules"));
      assert.match(await shown.locator(".plugin-trouble").innerText(), /its limit of 268,435,456 bytes of memory/);
      assert.equal(await shown.locator(".plugin-run").count(), 0);
      await limit(page, name, "memory-bytes", "512 MiB");
      await shown.locator(".plugin-load").click();
      await shown.and(page.locator('[aria-busy="false"]')).waitFor();
      assert.equal(await run(page, name), "It judged 155 events: 1 finding.");
    }));
});

describe("a plugin with the id of a rule", () => {
  const rule = (name) => ({
    name: "own.yml",
    buffer: Buffer.from(`title: Mine\nname: ${name}\ndetection: {s: {eventName: NoSuchCall}, condition: s}\n`),
  });
  const REFUSED = `plugin refused while it was loaded: there is another detector with the id ${LOGIN} (${LOGIN}.wasm)`;
  const ownRules = (page) => page.locator("#own-rules");

  test("of the user, is refused when it comes, and may run when the rule goes", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withLogs(page);
      await drop(page, [rule(LOGIN)]);
      await ownRules(page).waitFor();
      const shown = await offer(page, await plugin(LOGIN));
      await until(page, ".plugin-status", (text) => text === "It cannot run.");
      assert.equal(await shown.locator(".plugin-trouble").innerText(), REFUSED);
      assert.equal(await shown.locator(".plugin-run").count(), 0);
      await page.keyboard.press("Escape");
      await ownRules(page).getByRole("button", { name: "Remove" }).click();
      await page.keyboard.press("p");
      assert.equal(await run(page, LOGIN), "It judged 14 events: 2 findings.");
    }));

  test("of the user that comes later, is refused then, and what it found goes", () =>
    inTab(it.browser, it.site.url, async (page) => {
      await withLogs(page);
      await offer(page, await plugin(LOGIN));
      await run(page, LOGIN);
      await drop(page, [rule(LOGIN)]);
      await until(page, ".plugin-status", (text) => text === "It cannot run.");
      assert.equal(await item(page, LOGIN).locator(".plugin-trouble").innerText(), REFUSED);
      await page.keyboard.press("Escape");
      assert.equal(await findings(page).count(), 0);
    }));

  test("that comes with the page, is refused", () =>
    inTab(it.browser, it.site.url, async (page) => {
      const { buffer } = await plugin(LOGIN);
      // As long as the id that it has.
      const id = "permissions-boundary-removed";
      const changed = Buffer.from(buffer.toString("latin1").replaceAll(LOGIN, id), "latin1");
      await offer(page, { name: "other.wasm", buffer: changed });
      await until(page, ".plugin-status", (text) => text === "It cannot run.");
      const trouble = await item(page, "other").locator(".plugin-trouble").innerText();
      assert.ok(trouble.includes(`there is another detector with the id ${id} (other.wasm)`), trouble);
    }));
});

describe("hostile text", () => {
  // Whatever does something to the text around it where it is shown. Line feeds are the page's own.
  const DANGEROUS = /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

  async function isPlain(page, selector) {
    const html = await page.locator(selector).evaluateAll((all) => all.map((one) => one.outerHTML).join("\n"));
    assert.doesNotMatch(html, DANGEROUS);
    const made = page.locator(selector).locator("img, script, svg, b, i, u, a, h1");
    assert.equal(await made.count(), 0, await made.evaluateAll((all) => all.map((one) => one.outerHTML).join()));
  }

  test("of a manifest, an error, a log and a finding is shown as it is, and does nothing", () =>
    inTab(it.browser, it.site.url, async (page) => {
      const dialogs = [];
      page.on("dialog", (dialog) => dialogs.push(dialog.message()) && dialog.dismiss());
      await withLogs(page);
      const { buffer } = await plugin("dresses-up", "hostile");
      await drop(page, [{ name: "<b>\u202eyln\u2066o.wasm", buffer }]);
      const shown = page.locator(".plugin");
      const ended = () => shown.and(page.locator('[aria-busy="false"]')).waitFor();
      await ended();
      await isPlain(page, ".plugin");
      const text = await shown.innerText();
      for (const part of [
        "<b>\\u{202e}yln\\u{2066}o.wasm",
        "<img src=x onerror=alert(1)>\\u{202e}eman 1\\u{2066}.0<b>",
        "<script>alert(1)</script> of \\u{202e}two\\u{61c} lines",
        "<i>TA\\u{200f}</i>, T1\\u{202e}<u>",
        '<a href="https://example.com">\\u{2067}mistake</a>',
        "javascript:alert(1)//\\u{202e}moc.elpmaxe",
        "Whether it <b>refuses\\u{202e}</b>. (true or false)",
        "A <i>word\\u{2069}</i>. (a text; by default <b>\\u{202e}drow)",
        'eventName:ConsoleLogin AND NOT userAgent:"<b>\\u{202e}"',
        "eventName, requestParameters.<b>\\u{202e}",
        "events with the same requestParameters.<b>\\u{202e}",
      ]) {
        assert.ok(text.includes(part), `${part} is not in ${text}`);
      }
      await shown.locator(".plugin-run").click();
      await shown.locator(".plugin-trouble").waitFor();
      await isPlain(page, ".plugin");
      const trouble = await shown.locator(".plugin-trouble").innerText();
      assert.ok(trouble.includes("it reported an error: \\u{1b}[31m<svg onload=alert(3)>\\u{2066}no\\u{85} (<b>\\u{202e}yln"), trouble);
      await shown.locator(".plugin-log summary").click();
      const line = await shown.locator(".plugin-log li").first().innerText();
      assert.equal(line, "warning: \\u{1b}[2J<img src=x onerror=alert(2)>\\u{202e}gol\\u{d}\\u{a}");

      await shown.getByLabel("refuse", { exact: true }).setChecked(false);
      await shown.locator(".plugin-run").click();
      await until(page, ".plugin-status", (text) => text.startsWith("It judged"));
      await isPlain(page, ".plugin");
      await page.keyboard.press("Escape");
      const finding = page.locator(".finding", { hasText: "eltit" });
      await finding.waitFor();
      await isPlain(page, ".finding");
      const found = await finding.innerText();
      assert.ok(found.includes("<h1>\\u{202e}eltit\\u{2028}</h1>"), found);
      assert.ok(found.includes("\\u{7}<img src=x onerror=alert(4)>\\u{202e}yhw"), found);
      assert.deepEqual(dialogs, []);
    }));
});
