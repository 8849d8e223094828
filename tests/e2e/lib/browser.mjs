// Chromium, and the page in it.
import { after, before } from "node:test";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { serveSite } from "./server.mjs";

const executablePath = process.env.TRAILGLASS_CHROMIUM ?? "/usr/bin/chromium";

export function launch() {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

// A browser and the site for the tests of a file: there before the first of them, gone behind the last.
export function withSite() {
  const it = {};
  before(async () => {
    it.browser = await launch();
    it.site = await serveSite();
  });
  after(async () => {
    await it.browser?.close();
    await it.site?.close();
  });
  return it;
}

// A tab that collects what goes wrong in it. Opened with a viewport of its own, so with an empty profile.
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(error.message));
  await page.goto(url);
  return page;
}

// A page that is sealed and takes files.
export async function openReady(browser, url, options = {}) {
  const page = await open(browser, url, options);
  await ready(page);
  return page;
}

// Takes some steps in a fresh tab; no error may go unnoticed in it.
export async function inTab(browser, url, steps, options = {}) {
  const page = await openReady(browser, url, options);
  try {
    await steps(page);
    assert.deepEqual(page.faults, []);
  } finally {
    await page.context().close();
  }
}

export async function ready(page) {
  await page.locator("#choose-files:enabled").waitFor();
}

// Until a text that the page shows satisfies a condition; the text is returned.
export async function until(page, selector, condition) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const text = await page.locator(selector).first().innerText({ timeout: 60_000 });
    if (condition(text)) return text;
    if (Date.now() > deadline) throw new Error(`gave up on ${selector}, which says: ${text}`);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}
