// What the page puts on the clipboard.
import { until } from "./browser.mjs";

export const allowClipboard = (page) => page.context().grantPermissions(["clipboard-read", "clipboard-write"]);

// Chooses a line of the open menu by keys, and returns what is copied then.
export async function copyFromMenu(page, label) {
  await chooseFromMenu(page, label);
  await until(page, ".notice", (text) => text.includes("copied"));
  const text = await page.evaluate(() => navigator.clipboard.readText());
  await page.locator(".notice button").click();
  return text;
}

// Goes down the open menu to a line, and takes it.
export async function chooseFromMenu(page, label) {
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  await page.locator("#menu-0:focus").waitFor();
  for (let steps = 0; (await focused()) !== label; steps++) {
    if (steps > 10) throw new Error(`the menu has no line ${label}`);
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
}
