// Short words for what tests of the loaded page ask again and again.
import assert from "node:assert/strict";
import { until } from "./browser.mjs";
import { drop } from "./logs.mjs";

export const loaded = (page) => page.locator("#cancel").waitFor({ state: "detached" });
export const matching = (page, n) => until(page, "#matching", (text) => text.startsWith(`${n.toLocaleString("en")} event`));
export const query = (page) => page.locator("#search").inputValue();
export const fragment = (page) => decodeURIComponent(new URL(page.url()).hash);
export const button = (page, name) => page.getByRole("button", { name, exact: true });

export async function search(page, text) {
  await page.locator("#search").fill(text);
  await page.keyboard.press("Enter");
}

export async function load(page, files) {
  await drop(page, files);
  await page.locator("#account").waitFor();
  await loaded(page);
}

// Waits until the page gives an answer.
export async function becomes(page, ask, expected) {
  const wanted = JSON.stringify(expected);
  const deadline = Date.now() + 30_000;
  let found = await ask();
  while (JSON.stringify(found) !== wanted && Date.now() < deadline) {
    await page.evaluate(() => new Promise(requestAnimationFrame));
    found = await ask();
  }
  assert.deepEqual(found, expected);
}
