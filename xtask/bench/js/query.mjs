// Measures how long the app's workers take to answer, in Chromium: see README.md. How to measure is its argument; each line
// of stdin names files to read, and each is answered by a line on stdout, all JSON.
import { createInterface } from "node:readline";
import { launch, open } from "../../../tests/e2e/lib/browser.mjs";
import { serveSite } from "../../../tests/e2e/lib/server.mjs";
import { startAppWorker } from "./app_worker.js";

const how = JSON.parse(process.argv[2]);
const site = await serveSite();
const browser = await launch();

// Runs in a page that does nothing else. Asks what the app's page asks, with its two steps for values, and adds up.
async function measure(readers, { query, fields, shown, bars, rounds }) {
  const all = (questions) => Promise.all(readers.map((reader, at) => reader.ask(questions(at))));
  const overview = { Overview: "Matching" };
  const overviews = async () => (await all(() => [overview])).map(([{ Overview }]) => Overview);
  const sum = (numbers) => numbers.reduce((a, b) => a + Number(b), 0);
  readers.forEach((reader) => reader.set(""));
  const before = await overviews();
  const held = sum(before.map(({ events }) => events));
  const bytes = sum((await all(() => ["Memory"])).map(([{ Memory }]) => Memory));
  const spans = before.map(({ span_ms }) => span_ms.map(Number));
  const [first, last] = [Math.min(...spans.map(([a]) => a)), Math.max(...spans.map(([, b]) => b))];
  const buckets = { start_ms: first, bucket_ms: Math.ceil((last + 1 - first) / bars), count: bars };
  const firsts = { Tops: { fields, prefix: "", limit: 2 * shown, among: "Matching" } };
  const times = { filter: [], everything: [] };
  let matching = 0;
  // The first round counts for nothing: meanwhile the browser compiles what is new to it.
  for (let round = 0; round <= rounds; round++) {
    for (const [name, asked] of [["filter", query], ["everything", ""]]) {
      // Another one before, so that nothing is known of this one.
      readers.forEach((reader) => reader.set("eventName:nothing"));
      await overviews();
      const start = performance.now();
      readers.forEach((reader) => reader.set(asked));
      const answers = await all(() => [overview, { Timeline: buckets }, firsts]);
      const tops = answers.map(([, , { Tops }]) => Tops);
      const untold = tops.map((mine, reader) =>
        fields.map((_, at) => {
          const told = new Set(mine[at].values.map(([value]) => value));
          const others = tops.flatMap((top, other) => (other === reader || !mine[at].next ? [] : top[at].values));
          return others.map(([value]) => value).filter((value) => !told.has(value));
        }),
      );
      const untoldOf = (at) => fields.map((field, n) => [field, untold[at][n]]);
      await all((at) => [{ CountValues: { asked: untoldOf(at), among: "Matching" } }]);
      times[name].push(performance.now() - start);
      const found = sum(answers.map(([{ Overview }]) => Overview.matching));
      const drawn = sum(answers.flatMap(([, { Timeline }]) => [...Timeline[0]]));
      const counted = fields.map((_, at) => sum(tops.flatMap((top) => [top[at].present, top[at].missing])));
      if (found === 0 || drawn !== found || counted.some((n) => n !== found)) {
        throw new Error(`the measurement is void: ${found} match, ${drawn} are drawn, ${counted} are counted`);
      }
      if (name === "filter") matching = found;
    }
  }
  const middle = ([, ...all]) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
  return { held, bytes, filter_ms: middle(times.filter), everything_ms: middle(times.everything), matching };
}

// Runs there, too: the workers read what was chosen, each as much as the other.
async function read(readers) {
  const files = [...document.querySelector("input").files];
  const start = performance.now();
  const mine = (at) => files.filter((_, number) => number % readers.length === at);
  const counts = await Promise.all(readers.map((reader, at) => reader.read(mine(at))));
  const records = counts.reduce((sum, { records }) => sum + records, 0);
  return { records, ran_out: counts.some(({ ranOut }) => ranOut), load_s: (performance.now() - start) / 1000 };
}

try {
  const page = await open(browser, `${site.origin}/barrier`);
  await page.setContent('<input type="file" multiple>');
  const start = await page.evaluateHandle(`(${startAppWorker})`);
  const readers = await page.evaluateHandle(
    ({ start, site, workers }) => Promise.all(Array.from({ length: workers }, () => start(site))),
    { start, site: site.url, workers: how.workers },
  );
  const asked = await page.evaluateHandle(`(${measure})`);
  for await (const line of createInterface({ input: process.stdin })) {
    const { paths, records, asks } = JSON.parse(line);
    await page.locator("input").setInputFiles(paths);
    const { records: found, ...took } = await readers.evaluate(read);
    if (found !== records && !took.ran_out) {
      throw new Error(`the measurement is void: ${found} records in place of ${records}`);
    }
    const ask = () => readers.evaluate((readers, { asked, how }) => asked(readers, how), { asked, how });
    console.log(JSON.stringify({ ...took, answers: asks || took.ran_out ? await ask() : null }));
  }
} finally {
  await browser.close();
  await site.close();
}
