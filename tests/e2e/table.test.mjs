// The table as the user sets it up: its columns, their widths, how close its rows stand; and one event of it copied.
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { inTab, ready, until, withSite } from "./lib/browser.mjs";
import { allowClipboard, copyFromMenu } from "./lib/clipboard.mjs";
import { drop, log, range, record } from "./lib/logs.mjs";

const it = withSite();
let page;

function journey(name, steps) {
  test(name, () =>
    inTab(it.browser, it.site.url, async (tab) => {
      page = tab;
      await load();
      return steps();
    }),
  );
}

async function load(records = range(0, 200)) {
  await drop(page, [{ name: "a.json", buffer: log(records) }]);
  await page.locator("#cancel").waitFor({ state: "detached" });
  await until(page, "#matching", (text) => text.startsWith(String(records.length)));
}

const headings = () => page.getByRole("columnheader").allInnerTexts();
const heading = (label) => page.getByRole("columnheader", { name: label, exact: true });
const cells = (row) =>
  page.locator(`.grid-row[aria-rowindex="${row + 2}"]:not(.hidden) [role="gridcell"]`).allInnerTexts();
const width = async (label) => Math.round((await heading(label).boundingBox()).width);
const line = (name) => page.locator(`.column-line[data-column="${name}"]`);

// Until a value that is asked for anew is as it should be.
async function becomes(ask, expected) {
  for (let tries = 0; ; tries++) {
    const found = await ask();
    if (JSON.stringify(found) === JSON.stringify(expected)) return;
    if (tries > 600) assert.deepEqual(found, expected);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

const USUAL = ["Time (UTC)", "Event", "Service", "Who", "From", "Region", "Error", "User agent"];

describe("columns", () => {
  journey("are chosen, ordered and pinned by keys, and remembered", async () => {
    assert.deepEqual(await headings(), USUAL);
    await page.locator("#grid").focus();
    await page.keyboard.press("t");
    await page.locator("#columns").waitFor();
    await page.locator("#add-column").focus();
    await page.locator("#add-column").selectOption("userIdentity.accessKeyId");
    await page.locator("#add-column").selectOption("eventID");
    await becomes(headings, [...USUAL, "userIdentity.accessKeyId", "eventID"]);
    assert.equal(await page.locator("#grid").getAttribute("aria-colcount"), "10");
    assert.equal(await page.locator("#grid").getAttribute("aria-rowcount"), "201");
    await becomes(async () => (await cells(3)).slice(8), ["AKIAEXAMPLE", record(3).eventID]);
    // Nobody sorts by an id: it is no button.
    assert.equal(await heading("eventID").getByRole("button").count(), 0);

    const press = async (name, label) => {
      await line(name).getByRole("button", { name: label }).focus();
      await page.keyboard.press("Enter");
    };
    for (let i = 0; i < 3; i++) await press("eventID", "Move eventID to the left");
    assert.deepEqual((await headings()).slice(5), ["Region", "eventID", "Error", "User agent", "userIdentity.accessKeyId"]);
    // What is moved keeps the focus.
    await becomes(() => page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Move eventID to the left");
    await press("principal", "Pin Who at the left");
    assert.deepEqual((await headings()).slice(0, 3), ["Who", "Time (UTC)", "Event"]);
    assert.equal(await line("principal").getByRole("button", { name: "Pin" }).getAttribute("aria-pressed"), "true");
    for (const name of ["userAgent", "awsRegion"]) await press(name, "Remove");
    const chosen = ["Who", "Time (UTC)", "Event", "Service", "From", "eventID", "Error", "userIdentity.accessKeyId"];
    assert.deepEqual(await headings(), chosen);
    assert.deepEqual((await cells(4)).slice(0, 3), ["alice", "2024-03-01 00:04:00", "GetObject"]);
    // What stays at the left stays there.
    const left = async (label) => (await heading(label).boundingBox()).x;
    const before = { who: await left("Who"), time: await left("Time (UTC)") };
    await page.locator("#grid").evaluate((grid) => grid.scrollBy(300, 0));
    await becomes(() => left("Time (UTC)"), before.time - 300);
    assert.equal(await left("Who"), before.who);
    const pinned = await page.locator('.grid-row:not(.hidden) [role="gridcell"]').first().boundingBox();
    assert.equal(pinned.x, before.who);

    await page.reload();
    await ready(page);
    await load();
    assert.deepEqual(await headings(), chosen);
    const kept = await page.evaluate(() => ({ ...localStorage }));
    assert.deepEqual(Object.keys(kept), ["trailglass-table"]);
    assert.match(kept["trailglass-table"], /^v1;comfortable;principal:206:pinned,eventTime:164,eventName:204,/);
    assert.doesNotMatch(kept["trailglass-table"], /alice|AKIA|192\.0\.2/);
    await page.keyboard.press("t");
    await page.locator("#reset-columns").click();
    await becomes(headings, USUAL);
  });

  journey("are made wider and narrower by pointer and by keys, and fit their texts", async () => {
    await drop(page, [{ name: "long.json", buffer: log([record(900, { eventName: `Long${"er".repeat(30)}` })]) }]);
    await until(page, "#matching", (text) => text.startsWith("201"));
    const edge = await heading("Who").locator(".grid-edge").boundingBox();
    assert.equal(await width("Who"), 206);
    await page.mouse.move(edge.x + 4, edge.y + 10);
    await page.mouse.down();
    await page.mouse.move(edge.x + 104, edge.y + 10, { steps: 5 });
    await page.mouse.up();
    assert.equal(await width("Who"), 306);
    const cell = page.locator('.grid-row:not(.hidden) [aria-colindex="4"]').first();
    assert.equal(Math.round((await cell.boundingBox()).width), 306);
    // Another pointer over the edge is no drag, and the drag sorted nothing.
    await page.mouse.move(edge.x + 300, edge.y + 10);
    assert.equal(await width("Who"), 306);
    assert.equal(await heading("Who").getAttribute("aria-sort"), "none");
    await heading("Who").getByRole("button").focus();
    await page.keyboard.press("Shift+ArrowLeft");
    assert.equal(await width("Who"), 290);
    for (let i = 0; i < 20; i++) await page.keyboard.press("Shift+ArrowLeft");
    assert.equal(await width("Who"), 48);
    await page.keyboard.press("t");
    await line("principal").getByRole("button", { name: "Make Who wider" }).click();
    assert.equal(await width("Who"), 72);
    await page.keyboard.press("Escape");
    await page.locator("#grid").focus();
    await page.keyboard.press("End");
    await until(page, '.grid-row[aria-rowindex="202"]', (text) => text.includes("Longer"));
    const cut = () => page.locator('.grid-row[aria-rowindex="202"] [aria-colindex="2"]').evaluate((c) => c.scrollWidth > c.clientWidth);
    assert.equal(await cut(), true);
    await heading("Event").locator(".grid-edge").dblclick();
    await becomes(cut, false);
    const fitted = await width("Event");
    assert.ok(fitted > 300 && fitted < 700, `${fitted}`);
  });

  journey("that are pinned give way on a narrow screen", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.keyboard.press("t");
    for (const name of ["eventTime", "eventName"]) await line(name).getByRole("button", { name: "Pin" }).click();
    await page.locator("#grid").evaluate((grid) => grid.scrollBy(400, 0));
    await becomes(async () => (await heading("Time (UTC)").boundingBox()).x, -400);
  });

  journey("have compact rows, and the selected one stays", async () => {
    await page.locator("#grid").focus();
    for (let i = 0; i < 80; i++) await page.keyboard.press("ArrowDown");
    await page.locator('.grid-row[aria-selected="true"][aria-rowindex="81"]').waitFor();
    const height = async () => (await page.locator('.grid-row[aria-selected="true"]').boundingBox()).height;
    assert.equal(await height(), 28);
    await page.keyboard.press("Control+k");
    await page.locator(".palette-input").fill("rows closer");
    await page.keyboard.press("Enter");
    await becomes(height, 21);
    assert.equal((await cells(79))[0], "2024-03-01 01:19:00");
    await page.reload();
    await ready(page);
    await load();
    await becomes(async () => (await page.locator(".grid-row:not(.hidden)").first().boundingBox()).height, 21);
  });
});

describe("an event is copied", () => {
  const FIELDS = ["eventTime", "eventName", "eventSource", "principal", "sourceIPAddress", "awsRegion", "errorCode", "userAgent"];
  const values = (r) => [r.eventTime, r.eventName, r.eventSource, r.userIdentity.userName, r.sourceIPAddress, r.awsRegion, "", r.userAgent];

  journey("by keys, in every form", async () => {
    await allowClipboard(page);
    const event = record(2);
    await page.locator("#grid").focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowDown");
    const copy = async (key, label) => {
      await page.keyboard.press(key);
      const text = await copyFromMenu(page, label);
      await page.locator("#grid").focus();
      return text;
    };
    assert.equal(await copy("y", "Copy the row"), `${values(event).join("\t")}\n`);
    assert.deepEqual(JSON.parse(await copy("Shift+F10", "Copy the record as JSON")), event);
    const [head, , row] = (await copy("y", "Copy the row as Markdown")).split("\n");
    assert.equal(head, `| ${FIELDS.join(" | ")} |`);
    assert.equal(row, `| ${values(event).join(" | ")} |`);
    assert.equal(
      await copy("ContextMenu", "Copy the AWS CLI call that finds it"),
      `aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventId,AttributeValue=${event.eventID} --region eu-central-1`,
    );
    const query = await copy("y", "Copy the query that finds it");
    assert.equal(query, `eventID:${event.eventID}`);
    await page.locator("#search").fill(query);
    await page.keyboard.press("Enter");
    await until(page, "#matching", (text) => text.startsWith("1 "));
    assert.deepEqual(await page.locator(".grid-row:not(.hidden) .cell").allInnerTexts().then((all) => all.slice(0, 2)), [
      "2024-03-01 00:02:00",
      "GetObject",
    ]);
  });

  journey("or opened, starred and looked into, by the menu that its keys and the pointer open", async () => {
    const row = page.locator('.grid-row[aria-rowindex="6"]');
    await row.click({ button: "right" });
    const items = await page.locator("#menu [role=menuitem]").allInnerTexts();
    assert.deepEqual(
      items.slice(0, 4).map((text) => text.split("\n")),
      [
        ["Open the event", "Enter"],
        ["Star this event or finding", "s"],
        ["Page of who did the event", "i"],
        ["Page of the address that the event came from", "o"],
      ],
    );
    await page.getByRole("menuitem", { name: "Open the event" }).click();
    await page.locator("#sentence").waitFor();
    await page.keyboard.press("Shift+F10");
    await page.getByRole("menuitem", { name: "Page of who did the event" }).click();
    await page.locator("#subject").waitFor();
  });

  journey("by the pointer, from the row under it and from the drawer; Escape gives the focus back", async () => {
    await allowClipboard(page);
    await page.locator('.grid-row[aria-rowindex="6"]').click({ button: "right" });
    assert.equal(await copyFromMenu(page, "Copy the query that finds it"), `eventID:${record(4).eventID}`);
    await page.locator('.grid-row[aria-rowindex="9"]').click();
    await page.locator("#sentence").waitFor();
    // The event that is open is meant, whatever else is selected.
    await page.locator("#search").fill("eventName:ListBuckets");
    await page.keyboard.press("Enter");
    await page.locator('.grid-row[aria-selected="true"]').waitFor({ state: "detached" });
    await page.locator("#copy-opened").click();
    assert.equal(await copyFromMenu(page, "Copy the query that finds it"), `eventID:${record(7).eventID}`);
    await page.locator("#copy-opened").focus();
    await page.keyboard.press("Enter");
    await page.locator("#menu-0:focus").waitFor();
    await page.keyboard.press("End");
    await page.keyboard.press("Escape");
    await page.locator("#copy-opened:focus").waitFor();
    assert.equal(await page.locator("#menu[open]").count(), 0);
  });
});
