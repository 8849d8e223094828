// The tab and the command line give a plugin's findings alike, to the last byte that both write.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { open, ready, until, withSite } from "./lib/browser.mjs";
import { dropPaths, inFolder, log } from "./lib/logs.mjs";
import { foundByWorkers, guessed, item, listenToWorkers, named, plugin, run } from "./lib/plugins.mjs";
import { dist, root } from "./lib/server.mjs";

const it = withSite();

const built = ["debug", "release"].map((profile) => path.join(root, "target", profile, "trailglass"));
const binary = [process.env.TRAILGLASS_CLI, ...built].find((file) => file && existsSync(file));

// What the command line finds with a plugin: all findings, and those of the plugin.
function scan(folder, file, options) {
  const settings = options.flatMap(([name, value]) => ["--plugin-option", `${name}=${value}`]);
  const all = ["scan", folder, "--plugin", file, ...settings, "--format", "jsonl"];
  return new Promise((resolve, reject) =>
    execFile(binary, all, { maxBuffer: 1 << 30 }, (error, stdout, stderr) =>
      error && error.code !== 1 && error.code !== 2
        ? reject(error)
        : resolve({ findings: stdout.split("\n").filter(Boolean).map(JSON.parse), stderr }),
    ),
  );
}

const byId = (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const ofCommandLine = (finding) => ({
  ...finding,
  first: finding.first && Date.parse(finding.first),
  last: finding.last && Date.parse(finding.last),
  events: finding.events.map((event) => event.eventID),
});

async function compare(name, folder, options = []) {
  assert.ok(binary, "target/debug/trailglass is missing; run cargo xtask test");
  const file = await plugin(name, folderOf.get(name));
  const tab = await open(it.browser, "about:blank");
  try {
    await tab.addInitScript(listenToWorkers);
    await tab.goto(it.site.url);
    await ready(tab);
    await dropPaths(tab, [folder]);
    await until(tab, "#account", (text) => text.includes("events") && !text.includes("Reading"));
    await dropPaths(tab, [file.path]);
    await item(tab, name).and(tab.locator('[aria-busy="false"]')).waitFor();
    const id = await item(tab, name).getAttribute("data-plugin");
    for (const [option, value] of options) {
      const input = item(tab, name).getByLabel(option, { exact: true });
      await (typeof value === "boolean" ? input.setChecked(value) : input.fill(String(value)));
    }
    const said = await run(tab, name);
    assert.match(said, /^It judged/, await item(tab, name).innerText());
    await tab.keyboard.press("Escape");
    const { findings, stderr } = await scan(folder, file.path, options);
    const own = findings.filter((finding) => finding.detector === id);
    assert.deepEqual((await foundByWorkers(tab)).sort(byId), own.map(ofCommandLine).sort(byId), stderr);
    const shown = await tab.locator(".finding").evaluateAll((items) => items.map((item) => item.dataset.id));
    assert.deepEqual(shown, findings.map((finding) => finding.id).slice(0, shown.length));
    assert.deepEqual(tab.faults, []);
    return own.length;
  } finally {
    await tab.context().close();
  }
}

// A few cases of a plugin in which it finds something, whatever it is written in.
function firing(name, most = 3) {
  const sources = ["examples", ...["c", "javascript", "python"].map((language) => `languages/${language}`)];
  const folders = sources.map((folder) => path.join(root, "plugins", folder, name, "cases"));
  const cases = folders.filter(existsSync).flatMap((all) => readdirSync(all).map((one) => path.join(all, one)));
  const read = (folder, file) =>
    existsSync(path.join(folder, file)) ? JSON.parse(readFileSync(path.join(folder, file), "utf8")) : undefined;
  return cases
    .filter((folder) => read(folder, "findings.json")?.length > 0)
    .slice(0, most)
    .map((folder) => ({ folder, options: Object.entries(read(folder, "options.json") ?? {}) }));
}

// Those in other languages have a folder of their own, which is empty where their tools are not installed.
const folderOf = new Map();
for (const folder of ["languages", "plugins"]) for (const name of await named(folder)) folderOf.set(name, folder);

describe("plugins in the tab and on the command line", () => {
  test("there are some", () => assert.ok(folderOf.size > 0, "run cargo xtask test"));

  for (const name of [...folderOf.keys()].sort()) {
    test(`${name}, on the demo trail`, () => compare(name, path.join(dist, "demo")));
    for (const { folder, options } of firing(name)) {
      const title = `${name}, on its case ${path.basename(folder)}`;
      test(title, async () => assert.ok((await compare(name, folder, options)) > 0, "it fires"));
    }
  }

  test("with an option", async () => {
    const { folder, remove } = await inFolder([{ name: "a.json", buffer: log([...guessed(0, 3), ...guessed(90, 9)]) }]);
    const name = "console-login-after-failures";
    assert.equal(await compare(name, folder, [["failures", "4"]]), 1);
    assert.equal(await compare(name, folder, [["failures", "2"]]), 2);
    await remove();
  });
});
