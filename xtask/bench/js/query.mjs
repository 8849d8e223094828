// Measures how long the app's workers take to answer, in Chromium: see README.md. Question on stdin, answer on stdout,
// both JSON.
import { text } from "node:stream/consumers";
import { launch, open } from "../../../tests/e2e/lib/browser.mjs";
import { serveSite } from "../../../tests/e2e/lib/server.mjs";
import { startAppWorker } from "./app_worker.js";

const { paths, records, workers, query, fields, shown, bars, rounds } = JSON.parse(await text(process.stdin));
const site = await serveSite();
const browser = await launch();

// Runs in a page that does nothing else. Asks what the app's page asks, with its two steps for values, and adds up.
async function measure(readers, { query, fields, shown, bars, rounds }) {
  const all = (questions) => Promise.all(readers.map((reader, at) => reader.ask(questions(at))));
  const overview = { Overview: "Matching" };
  const overviews = async () => (await all(() => [overview])).map(([{ Overview }]) => Overview);
  const sum = (numbers) => numbers.reduce((a, b) => a + Number(b), 0);
  readers.forEach((reader) => reader.set(""));
  const spans = (await overviews()).map(({ span_ms }) => span_ms.map(Number));
  const [first, last] = [Math.min(...spans.map(([a]) => a)), Math.max(...spans.map(([, b]) => b))];
  const buckets = { start_ms: first, bucket_ms: Math.ceil((last + 1 - first) / bars), count: bars };
  const firsts = { Tops: { fields, prefix: "", limit: 2 * shown, among: "Matching" } };
  const times = { filter: [], everything: [] };
  let matching = 0;
  for (let round = 0; round < rounds; round++) {
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
  const middle = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
  return { filter_ms: middle(times.filter), everything_ms: middle(times.everything), matching };
}

try {
  const page = await open(browser, `${site.origin}/barrier`);
  await page.setContent('<input type="file" multiple>');
  await page.locator("input").setInputFiles(paths);
  const start = await page.evaluateHandle(`(${startAppWorker})`);
  const readers = await page.evaluateHandle(
    ({ start, site, workers }) => Promise.all(Array.from({ length: workers }, () => start(site))),
    { start, site: site.url, workers },
  );
  const read = await readers.evaluate(async (readers) => {
    const files = [...document.querySelector("input").files];
    const start = performance.now();
    const mine = (at) => files.filter((_, number) => number % readers.length === at);
    const counts = await Promise.all(readers.map((reader, at) => reader.read(mine(at))));
    return { counts, wall: (performance.now() - start) / 1000 };
  });
  const found = read.counts.reduce((sum, { records }) => sum + records, 0);
  if (found !== records) throw new Error(`the measurement is void: ${found} records in place of ${records}`);
  console.error(`bench: in the browser, ${records} records read in ${read.wall.toFixed(1)} s`);
  const asked = await page.evaluateHandle(`(${measure})`);
  const answer = await readers.evaluate((readers, { asked, how }) => asked(readers, how), {
    asked,
    how: { query, fields, shown, bars, rounds },
  });
  console.log(JSON.stringify({ load_s: read.wall, ...answer }));
} finally {
  await browser.close();
  await site.close();
}
