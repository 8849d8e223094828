// WebKit as WebKitGTK has it: its MiniBrowser, by classic WebDriver over HTTP, on a screen that nobody sees.
import { createServer } from "node:net";
import { readdirSync, existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { call, findProgram, saved, start, temporary, waitFor } from "./programs.mjs";

export const name = "WebKit";
export const wanted = "Debian's packages webkit2gtk-driver and xvfb; there is none outside of Linux";
const driver = findProgram(["WebKitWebDriver"]);
const screen = findProgram(["Xvfb"]);
export const program = process.platform === "linux" && driver && screen ? miniBrowser() : undefined;

// Debian has a folder for each kind of machine, others have one.
function miniBrowser() {
  if (process.env.TRAILGLASS_WEBKIT) return process.env.TRAILGLASS_WEBKIT;
  const folders = existsSync("/usr/lib") ? readdirSync("/usr/lib").map((folder) => `/usr/lib/${folder}`) : [];
  const versions = ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"];
  return findProgram([...folders, "/usr/libexec"].flatMap((folder) => versions.map((version) => `${folder}/${version}/MiniBrowser`)));
}

// A browser with one window; what it keeps is gone with it.
export async function launch() {
  const { folder, remove } = await temporary();
  const started = [];
  const close = async () => {
    for (const one of started.reverse()) await one.end();
    await remove();
  };
  // What it saves goes there.
  const downloads = path.join(folder, "saved");
  await mkdir(downloads);
  await mkdir(path.join(folder, ".config"));
  await writeFile(path.join(folder, ".config/user-dirs.dirs"), 'XDG_DOWNLOAD_DIR="$HOME/saved"\n');
  try {
    const xvfb = start(screen, ["-displayfd", "3", "-screen", "0", "1440x900x24", "-nolisten", "tcp"], { output: 3 });
    started.push(xvfb);
    const [display] = await xvfb.says(/\d+(?=\n)/);
    const port = await freePort();
    const env = {
      DISPLAY: `:${display}`,
      HOME: folder,
      XDG_RUNTIME_DIR: folder,
      XDG_CONFIG_HOME: path.join(folder, ".config"),
      // Its own sandbox wants rights that a container does not give, and refuses root.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
      GDK_BACKEND: "x11",
      LIBGL_ALWAYS_SOFTWARE: "1",
    };
    started.push(start(driver, ["--host=127.0.0.1", `--port=${port}`], { env }));
    const root = `http://127.0.0.1:${port}`;
    await answers(`${root}/status`);
    const options = { binary: program, args: ["--automation"] };
    const asked = { capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } } };
    const { sessionId } = await send("POST", `${root}/session`, asked);
    return window(`${root}/session/${sessionId}`, { downloads, close });
  } catch (error) {
    await close();
    throw error;
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// The driver says nothing when it listens.
async function answers(url) {
  for (const deadline = Date.now() + 20_000; ; await new Promise(setImmediate)) {
    if (await fetch(url).then((response) => response.ok, () => false)) return;
    if (Date.now() > deadline) throw new Error("WebKitWebDriver does not answer");
  }
}

async function send(method, url, body) {
  const response = await fetch(url, { method, body: body && JSON.stringify(body) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

async function window(session, { downloads, close }) {
  const ask = (method, path, body) => send(method, session + path, body);
  await ask("POST", "/timeouts", { script: 120_000, pageLoad: 60_000 });
  await ask("POST", "/window/rect", { x: 0, y: 0, width: 1440, height: 900 });
  const evaluate = async (expression) => {
    const script = `
      const answer = arguments[0];
      (async () => ${expression})().then((value) => answer({ value }), (error) => answer({ error: String(error) }));`;
    const { value, error } = await ask("POST", "/execute/async", { script, args: [] });
    if (error) throw new Error(error);
    return value;
  };
  return {
    open: (url) => ask("POST", "/url", { url }),
    evaluate: (run, ...args) => evaluate(call(run, args)),
    waitFor: (condition, ...args) => waitFor(evaluate, condition, args),
    choose: async (selector, files) => {
      const element = await ask("POST", "/element", { using: "css selector", value: selector });
      await ask("POST", `/element/${Object.values(element)[0]}/value`, { text: files.join("\n") });
    },
    saved: (name, isWhole) => saved(downloads, name, isWhole),
    screenshot: async (file) => writeFile(file, Buffer.from(await ask("GET", "/screenshot"), "base64")),
    close: async () => {
      await ask("DELETE", "").catch(() => {});
      await close();
    },
  };
}
