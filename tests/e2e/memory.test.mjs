// Memory that runs out: reading stops before a worker breaks, the page says what was read, and that stays usable.
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { launch, openReady, until } from "./lib/browser.mjs";
import { serveSite } from "./lib/server.mjs";
import { dropPaths, inFolder, log, range } from "./lib/logs.mjs";

const PAGE = 64 << 10;

let browser, site;
before(async () => {
  browser = await launch();
  // While it reads, each worker keeps 64 MiB free, beside those that it has just given back.
  site = await serveSite({ patch: { "web-app_bg.wasm": (module) => withMemory(module, (160 << 20) / PAGE) } });
});
after(async () => {
  await browser?.close();
  await site?.close();
});

function leb(value) {
  const bytes = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
}

function readLeb(bytes, at) {
  let [value, shift] = [0, 0];
  for (;;) {
    const byte = bytes[at++];
    value |= (byte & 127) << shift;
    shift += 7;
    if (byte < 128) return [value, at];
  }
}

// A module whose memory cannot grow beyond so many pages.
function withMemory(module, pages) {
  for (let at = 8; at < module.length; ) {
    const [size, body] = readLeb(module, at + 1);
    if (module[at] === 5) {
      // One memory: its flags, its first size.
      assert.equal(module[body], 1);
      const [first] = readLeb(module, body + 2);
      const memory = Buffer.concat([Buffer.from([1, 1]), leb(first), leb(pages)]);
      return Buffer.concat([module.subarray(0, at + 1), leb(memory.length), memory, module.subarray(body + size)]);
    }
    at = body + size;
  }
  throw new Error("the module has no memory of its own");
}

describe("memory that runs out", () => {
  test("stops reading, and what was read stays usable", async () => {
    const page = await openReady(browser, site.url);
    // Every event has a text of its own, which its shard has to keep.
    const long = (r) => ({ ...r, userAgent: `agent ${r.eventID} `.padEnd(2_000, "x") });
    const files = [...Array(40).keys()].map((i) => ({
      name: `${String(i).padStart(2, "0")}.json.gz`,
      buffer: gzipSync(log(range(i * 1000, 1000).map(long)), { level: 1 }),
    }));
    const { folder, remove } = await inFolder(files);
    await dropPaths(page, [folder]);
    const said = await until(page, "#ran-out[open]", (text) => text.includes("used up"));
    const [events, read, left] = said
      .replaceAll(",", "")
      .match(/(\d+) events are here and (\d+) files? [^]*usable\.\s+(\d+) files/)
      .slice(1)
      .map(Number);
    assert.equal(read + left, 40, said);
    assert.ok(read > 0 && left > 0 && events >= read * 1000 && events < 40_000, said);
    await page.locator("#ran-out button").click();
    await page.locator("#ran-out").waitFor({ state: "hidden" });

    const shown = events.toLocaleString("en");
    await until(page, "#matching", (text) => text === `${shown} events`);
    await page.locator("#search").fill("eventName:GetObject AND bucket-1");
    await until(page, "#matching", (text) => /^[1-9]/.test(text) && text !== `${shown} events`);
    await until(page, "#checking", (text) => text === "");
    await page.locator(".strip-sum").click();
    await until(page, "#sources", (text) => text.includes("memory ran out"));
    await until(page, "#memory", (text) => /shards? holds? [\d.]+ MB/.test(text));
    assert.deepEqual(page.faults, []);
    await remove();
    await page.context().close();
  });
});
