// The page without a network: what is kept of it and what is not, the headers that it asks for, and the one file.
import { test } from "node:test";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { openReady, ready, until, withSite } from "./lib/browser.mjs";
import { drop, sampleFiles } from "./lib/logs.mjs";
import { dist, root, serveCanary, serveSite } from "./lib/server.mjs";
import { attack, pageAttacks, workerAttacks } from "./lib/attacks.mjs";

const it = withSite();
const target = process.env.TRAILGLASS_TARGET ?? path.join(root, "target");
const singleFile = process.env.TRAILGLASS_SINGLE_FILE ?? path.join(target, "single-file/trailglass.html");

const files = readdirSync(dist, { recursive: true }).filter((file) => statSync(path.join(dist, file)).isFile());
const FIXED = ["SHA256SUMS", "_headers", "index.html", "sw.js"];

async function analyses(page) {
  await drop(page, sampleFiles());
  await until(page, "#account", (text) => text.includes("3 files"));
  await page.locator("#search").fill("eventName:*");
  await until(page, "#account", (text) => text.includes("3 files"));
}

// The addresses that the site's origin keeps, below the page's folder.
const kept = (page) =>
  page.evaluate(async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const requests = (await Promise.all(caches_.map((cache) => cache.keys()))).flat();
    return requests.map(({ url }) => decodeURIComponent(url.slice(new URL("./", location.href).href.length))).sort();
  });

test("every file is in SHA256SUMS, and what has a hash in its name has its own", () => {
  const lines = readFileSync(path.join(dist, "SHA256SUMS"), "utf8").trimEnd().split("\n");
  const sums = files.filter((file) => file !== "SHA256SUMS").map((file) => {
    const digest = createHash("sha256").update(readFileSync(path.join(dist, file))).digest("hex");
    if (!FIXED.includes(file)) assert.ok(path.basename(file).includes(`.${digest.slice(0, 8)}.`), file);
    return `${digest}  ${file}`;
  });
  assert.deepEqual(lines.toSorted(), sums.toSorted());
  assert.deepEqual(lines.map((line) => line.slice(66)), lines.map((line) => line.slice(66)).toSorted());
});

test("after one visit the page opens without its server, and reads logs", async () => {
  const site = await serveSite();
  const page = await openReady(it.browser, site.url);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => null));
  await site.close();
  await page.reload();
  await ready(page);
  await analyses(page);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("the app is kept and nothing else, and of an earlier version nothing", async () => {
  const page = await openReady(it.browser, it.site.url);
  const expected = ["", ...files.filter((file) => !FIXED.includes(file))].sort();
  assert.deepEqual(await kept(page), expected);
  await page.evaluate(async () => {
    const [name] = await caches.keys();
    await (await caches.open(name)).put("boot.00000000.js", new Response("old"));
  });
  await page.reload();
  await ready(page);
  await analyses(page);
  assert.deepEqual(await kept(page), expected);
  await page.context().close();
});

test("with a server the page is the server's, whatever was kept", async () => {
  const title = { version: "one" };
  const site = await serveSite({ patch: { "index.html": (text) => text.replace("<title>Trailglass", `<title>${title.version}`) } });
  const page = await openReady(it.browser, site.url);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => null));
  title.version = "two";
  await page.reload();
  await ready(page);
  assert.equal(await page.title(), "two");
  await site.close();
  await page.reload();
  await ready(page);
  assert.equal(await page.title(), "two");
  await page.context().close();
});

test("with the headers of its own file the page works, and nobody can frame it", async () => {
  const site = await serveSite({ prefix: "/", withHeaders: true });
  const page = await openReady(it.browser, site.url);
  await analyses(page);
  const of = async (address) => (await fetch(new URL(address, site.url))).headers;
  const policy = (await of("")).get("content-security-policy");
  const own = readFileSync(path.join(dist, "index.html"), "utf8").match(/<meta content="(default-src[^"]*)"/)[1];
  assert.equal(policy, `${own}; frame-ancestors 'none'`);
  assert.match((await of("sw.js")).get("content-security-policy"), /^default-src 'none'; connect-src 'self'$/);
  assert.deepEqual(page.faults, []);
  await page.reload();
  await ready(page);
  await page.context().close();
  await site.close();
});

test("the single file opens from a disk, sealed, and reads logs", async () => {
  const canary = await serveCanary();
  const page = await openReady(it.browser, pathToFileURL(singleFile).href);
  await analyses(page);
  const [worker] = page.workers();
  assert.ok(worker, "it has workers");
  await attack(worker, workerAttacks, `${canary.origin}/attack/worker`);
  await attack(page, pageAttacks, `${canary.origin}/attack/page`);
  // What is sent by another tab comes after what was sent before.
  const other = await it.browser.newPage();
  await other.goto(`${canary.origin}/barrier`);
  await other.evaluate(() => fetch("/barrier/fetch").then((response) => response.text()));
  assert.deepEqual(canary.log.paths.filter((path) => !path.startsWith("/barrier") && path !== "/favicon.ico"), []);
  await other.close();
  await page.context().close();
  await canary.close();
});
