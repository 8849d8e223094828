// Firefox by WebDriver BiDi, without a driver between: a socket that takes commands as JSON.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import WebSocket from "ws";
import { call, findProgram, saved, start, temporary, waitFor } from "./programs.mjs";

export const name = "Firefox";
export const wanted = "Firefox, or the variable TRAILGLASS_FIREFOX that names it";
export const program = findProgram(
  [process.env.TRAILGLASS_FIREFOX, "firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"].filter(Boolean),
);

// A browser with one tab and a fresh profile.
export async function launch() {
  const { folder, remove } = await temporary();
  // What it saves goes there without a question.
  const downloads = path.join(folder, "saved");
  const settings = { "browser.download.folderList": 2, "browser.download.dir": downloads, "browser.download.useDownloadDir": true };
  const lines = Object.entries(settings).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
  await mkdir(downloads);
  await writeFile(path.join(folder, "user.js"), lines.join("\n"));
  // Any free port; what is recommended for tests (no updates, no reports, no look for a network) comes with it.
  const args = ["--headless", "--no-remote", "--profile", folder, "--remote-debugging-port=0", "--width=1440", "--height=900"];
  const firefox = start(program, args);
  const close = async () => {
    await firefox.end();
    await remove();
  };
  try {
    const [, address] = await firefox.says(/WebDriver BiDi listening on (ws:\S+)/);
    const { send } = await connect(`${address}/session`);
    await send("session.new", { capabilities: {} });
    const { contexts } = await send("browsingContext.getTree", {});
    return tab(send, contexts[0].context, { downloads, close });
  } catch (error) {
    await close();
    throw error;
  }
}

// Commands are answered in any order.
async function connect(address) {
  const socket = new WebSocket(address);
  const waiting = new Map();
  let count = 0;
  socket.on("message", (text) => {
    const { type, id, result, error, message } = JSON.parse(text);
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (type === "success") resolve?.(result);
    else reject?.(new Error(`${error}: ${message}`));
  });
  socket.on("close", () => waiting.forEach(({ reject }) => reject(new Error("Firefox is gone"))));
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const send = (method, params) =>
    new Promise((resolve, reject) => {
      waiting.set(++count, { resolve, reject });
      socket.send(JSON.stringify({ id: count, method, params }));
    });
  return { send };
}

function tab(send, context, { downloads, close }) {
  // The answer travels as JSON: BiDi has notions of its own of what a value is.
  const evaluate = async (expression) => {
    const { type, result, exceptionDetails } = await send("script.evaluate", {
      expression: `(async () => JSON.stringify(await (${expression})))()`,
      target: { context },
      awaitPromise: true,
    });
    if (type !== "success") throw new Error(exceptionDetails.text);
    return result.value === undefined ? undefined : JSON.parse(result.value);
  };
  return {
    open: (url) => send("browsingContext.navigate", { context, url, wait: "complete" }),
    evaluate: (run, ...args) => evaluate(call(run, args)),
    waitFor: (condition, ...args) => waitFor(evaluate, condition, args),
    choose: async (selector, files) => {
      const expression = `document.querySelector(${JSON.stringify(selector)})`;
      const { result } = await send("script.evaluate", { expression, target: { context }, awaitPromise: false });
      await send("input.setFiles", { context, element: { sharedId: result.sharedId }, files });
    },
    saved: (name, isWhole) => saved(downloads, name, isWhole),
    screenshot: async (file) => {
      const { data } = await send("browsingContext.captureScreenshot", { context });
      await writeFile(file, Buffer.from(data, "base64"));
    },
    close,
  };
}
