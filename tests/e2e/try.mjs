import { launch, openReady, until } from "./lib/browser.mjs";
import { serveSite } from "./lib/server.mjs";
import { drop } from "./lib/logs.mjs";
import { readFile } from "node:fs/promises";
const browser = await launch();
const site = await serveSite();
const page = await openReady(browser, site.url);
page.on("console", (m) => console.log("console:", m.text()));
await page.click("#demo");
await until(page, "#account", (t) => t.includes("events"));
await page.waitForTimeout(1500);
for (const path of process.argv.slice(2)) {
  const name = path.split("/").pop();
  const buffer = await readFile(path);
  if (buffer.length < 3e6) await drop(page, [{ name, buffer }]);
  else await page.setInputFiles("#choose-plugin-input", path);
  const start = Date.now();
  const item = page.locator(".plugin").last();
  while (/compiled/.test(await item.innerText())) await page.waitForTimeout(5);
  console.log("loaded", Date.now() - start);
  console.log(await item.innerText());
  if (await item.locator(".plugin-run").count()) {
    const go = Date.now();
    await item.locator(".plugin-run").click();
    while ((await item.getAttribute("aria-busy")) === "true") await page.waitForTimeout(5);
    console.log("ran", Date.now() - go);
    console.log(await item.innerText());
  }
}
console.log(await page.locator("#findings-count").count() ? "" : "", page.faults);
await browser.close();
await site.close();
