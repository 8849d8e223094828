// Starting the programs of other browsers, and ending them.
import { spawn } from "node:child_process";
import { on } from "node:events";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { existsSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

// The first of these that is a file, if any: a name is looked for in PATH.
export function findProgram(names) {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const places = names.flatMap((name) => (path.isAbsolute(name) ? [name] : folders.map((folder) => path.join(folder, name))));
  return places.find(existsSync);
}

// A program in a process group of its own, with a folder that goes when it ends. `output` is which of its streams speaks.
export function start(program, args, { output = 2, env = {} } = {}) {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", 1, 2, 3].map((stream) => (stream === output ? "pipe" : "ignore")),
    detached: true,
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  // Also when the test itself is ended.
  const kill = () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It is gone already.
    }
  };
  process.once("exit", kill);
  const end = async () => {
    kill();
    process.off("exit", kill);
    await ended;
  };
  // Until it says something that matches; what was matched is returned.
  const says = (pattern) =>
    new Promise((resolve, reject) => {
      let said = "";
      child.once("error", reject);
      child.once("close", (code) => reject(new Error(`${program} ended (${code}) and said: ${said}`)));
      child.stdio[output].on("data", (text) => {
        const found = (said += text).match(pattern);
        if (found) resolve(found);
      });
    });
  return { says, end };
}

export async function temporary() {
  const folder = await mkdtemp(path.join(tmpdir(), "trailglass-browser-"));
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

// The text of what a browser saves under a name into an empty folder, once it is whole: until then it has other names beside
// it, or its beginning in it.
export async function saved(folder, name, isWhole) {
  const watcher = watch(folder);
  const changes = on(watcher, "change", { signal: AbortSignal.timeout(30_000) });
  const look = async () => {
    const text = (await readdir(folder)).join() === name ? await readFile(path.join(folder, name), "utf8") : "";
    return isWhole(text) ? text : undefined;
  };
  try {
    for (let text = await look(); ; text = await look()) {
      if (text !== undefined) return text;
      await changes.next();
    }
  } finally {
    watcher.close();
  }
}

// What is evaluated in the page: an expression, or a function whose arguments, like its answer, are JSON.
export const call = (run, args) => (typeof run === "string" ? run : `(${run.toString()})(...${JSON.stringify(args)})`);

// Until something in the page is true, which is returned: the page itself looks, at every frame.
export async function waitFor(evaluate, condition, args) {
  const seen = await evaluate(
    `(async () => {
      const deadline = performance.now() + 60_000;
      for (;;) {
        const seen = await ${call(condition, args)};
        if (seen) return seen;
        if (performance.now() > deadline) return null;
        await new Promise(requestAnimationFrame);
      }
    })()`,
  );
  if (seen === null) throw new Error(`gave up waiting for ${condition} with ${JSON.stringify(args)}`);
  return seen;
}
