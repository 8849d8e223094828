// The privacy claim: after the seal nothing reaches any server, whatever runs in the tab.
import { after, before, describe, test } from "node:test";
import assert from "node:assert/strict";
import { launch, open, openReady, ready, until } from "./lib/browser.mjs";
import { serveCanary, serveSite } from "./lib/server.mjs";
import { attack, pageAttacks, workerAttacks } from "./lib/attacks.mjs";
import { drop, sampleFiles } from "./lib/logs.mjs";
import { offer, plugin } from "./lib/plugins.mjs";
import { withoutCheck, withoutPolicy, withoutSeal } from "./lib/unsealed.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

// Attacks a page with loaded data, after what else `visit` does there, in every way, against its own server and a foreign
// one, from the page, a worker that holds events and the worker of a plugin.
// Returns what arrived, as names like "page/fetch".
async function besiege(patch, visit = async (page) => page) {
  const site = await serveSite({ patch });
  const canary = await serveCanary();
  try {
    const page = await openReady(browser, site.url);
    await visit(page);
    await drop(page, sampleFiles());
    await until(page, "#account", (text) => text.includes("3 files"));
    const before = { home: site.log.paths.length, homeConnections: site.log.connections };

    const workers = page.workers();
    assert.ok(workers.length >= 2, "several workers are running");
    await offer(page, await plugin("console-login-after-failures"));
    const ofPlugin = page.workers().find((worker) => !workers.includes(worker));
    assert.ok(ofPlugin, "the plugin has a worker of its own");
    for (const origin of [site.origin, canary.origin]) {
      const place = origin === site.origin ? "home" : "abroad";
      await attack(workers[0], workerAttacks, `${origin}/attack/${place}/worker`);
      await attack(ofPlugin, workerAttacks, `${origin}/attack/${place}/plugin`);
      await attack(page, pageAttacks, `${origin}/attack/${place}/page`);
    }
    await barrier(site);
    const arrived = [...site.log.paths, ...canary.log.paths]
      .filter((path) => path.includes("/attack/"))
      .map((path) => path.slice("/attack/".length).replace(/\.(js|css)$/, ""));
    const others = site.log.paths.slice(before.home).filter((path) => !/\/(attack|barrier)/.test(path));
    await page.context().close();
    return { arrived: new Set(arrived), others, canary: canary.log };
  } finally {
    await site.close();
    await canary.close();
  }
}

// Requests that were on their way have arrived once a later one from the same browser has: a tab without a seal asks
// for something by the same ways, and it must come.
async function barrier(site) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${site.origin}/barrier`);
  await page.evaluate(() => {
    const link = Object.assign(document.createElement("link"), { rel: "prefetch", href: "/barrier/prefetch" });
    document.head.append(link);
    navigator.sendBeacon("/barrier/beacon", "x");
    return fetch("/barrier/fetch").then((response) => response.text());
  });
  const wanted = ["/barrier/prefetch", "/barrier/beacon", "/barrier/fetch"];
  const deadline = Date.now() + 20_000;
  while (!wanted.every((path) => site.log.paths.includes(path))) {
    assert.ok(Date.now() < deadline, `the barrier came down: ${site.log.paths.slice(-5)}`);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  await context.close();
}

// No browser starts a worker from another origin's script, policy or not.
const IMPOSSIBLE = ["abroad/page/worker", "abroad/page/service-worker"];

const everything = [
  ...Object.keys(pageAttacks).map((name) => `page/${name}`),
  ...Object.keys(workerAttacks).flatMap((name) => [`worker/${name}`, `plugin/${name}`]),
];

describe("the seal", () => {
  test("nothing reaches a server from the sealed page, its workers or the worker of a plugin", async () => {
    const { arrived, others, canary } = await besiege({});
    assert.deepEqual([...arrived], []);
    assert.deepEqual(others, [], "no request of the app's own either");
    assert.deepEqual(canary.paths, [], "nor any other at the foreign server");
  });

  test("nor once a service worker stands between the page and the server, which takes no messages", async () => {
    const { arrived, others, canary } = await besiege({}, async (page) => {
      await page.reload();
      await ready(page);
      await page.evaluate(() => {
        const { controller } = navigator.serviceWorker;
        if (!controller) throw new Error("no service worker");
        const address = new URL("attack/message", location.href).href;
        for (const message of [address, { url: address, type: "fetch" }]) controller.postMessage(message);
      });
    });
    assert.deepEqual([...arrived], []);
    // The browser itself looks whether this file has changed, whenever the page is opened.
    assert.deepEqual(others.filter((path) => !path.endsWith("/sw.js")), []);
    assert.deepEqual(canary.paths, []);
  });

  test("without both policies every attack arrives: the attacks are real", async () => {
    const { arrived } = await besiege({
      "boot.js": (text) => withoutCheck(withoutSeal(text)),
      "index.html": withoutPolicy,
    });
    const missing = ["home", "abroad"]
      .flatMap((place) => everything.map((name) => `${place}/${name}`))
      .filter((name) => !arrived.has(name) && !IMPOSSIBLE.includes(name));
    assert.deepEqual(missing, []);
  });

  test("without the seal alone attacks on the page's own server arrive: it is the seal that holds them", async () => {
    const { arrived } = await besiege({ "boot.js": (text) => withoutCheck(withoutSeal(text)) });
    const expected = ["page/fetch", "page/xhr", "page/websocket", "page/event-source", "page/send-beacon", "page/script"];
    const inWorkers = ["fetch", "xhr", "import-scripts"].flatMap((name) => [`worker/${name}`, `plugin/${name}`]);
    for (const name of [...expected, ...inWorkers]) {
      assert.ok(arrived.has(`home/${name}`), name);
    }
    assert.ok(![...arrived].some((name) => name.startsWith("abroad/")), "the first policy keeps other servers out");
  });

  // If one of these stops getting out, so much the better: then the privacy panel says too little.
  test("what the privacy panel says is not covered is not covered", async () => {
    const site = await serveSite();
    const canary = await serveCanary();
    const page = await openReady(browser, site.url);
    await page.evaluate(
      async ({ origin, udpPort }) => {
        window.open(`${origin}/navigation`);
        const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${udpPort}` }] });
        peer.createDataChannel("hole");
        await peer.setLocalDescription(await peer.createOffer());
        document.body.append(Object.assign(document.createElement("iframe"), { src: `${origin}/frame` }));
      },
      { origin: canary.origin, udpPort: canary.udpPort },
    );
    await until(page, "body", () => ["/navigation", "/udp"].every((path) => canary.log.paths.includes(path)));
    assert.ok(!canary.log.paths.includes("/frame"), "a frame opens a connection, but asks nothing through it");
    await page.context().close();
    await site.close();
    await canary.close();
  });

  test("a page whose seal does not hold opens no file and says so", async () => {
    const site = await serveSite({ patch: { "boot.js": withoutSeal } });
    const page = await open(browser, site.url);
    await until(page, "#boot", (text) => text.includes("did not take the network away"));
    assert.ok(await page.locator("#choose-files").isDisabled());
    assert.equal(page.workers().length, 0);
    await page.context().close();
    await site.close();
  });
});
