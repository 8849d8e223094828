// What `cargo xtask bench` drives workers with. A benchmark that cannot speak to them any more is noticed here, not when
// somebody wants to measure.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startAppWorker } from "../../xtask/bench/js/app_worker.js";
import { open, withSite } from "./lib/browser.mjs";
import { inFolder } from "./lib/logs.mjs";
import { files, trail } from "./lib/trail.mjs";

const it = withSite();

test("the benchmark's worker reads, searches and answers", async () => {
  const events = trail();
  const logs = files(events, 6);
  const { folder, remove } = await inFolder(logs);
  const page = await open(it.browser, `${it.site.origin}/barrier`);
  await page.setContent('<input type="file" multiple>');
  await page.locator("input").setInputFiles(logs.map(({ name }) => `${folder}/${name}`));
  const reader = await page.evaluateHandle(startAppWorker, it.site.url);
  const read = await reader.evaluate((reader) => reader.read([...document.querySelector("input").files]));
  assert.deepEqual(read, { records: events.length, kept: events.length, ranOut: false });
  const answers = await reader.evaluate(async (reader) => {
    reader.set("principal:erin");
    const [{ Overview }, { Memory }] = await reader.ask([{ Overview: "Matching" }, "Memory"]);
    return { matching: Number(Overview.matching), bytes: Number(Memory) };
  });
  assert.equal(answers.matching, events.filter(({ userIdentity }) => userIdentity.userName === "erin").length);
  assert.ok(answers.bytes > 0);
  await page.context().close();
  await remove();
});
