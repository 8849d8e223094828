// How the page boots. This file is all of Trailglass that can use the network, and the last thing that it does
// with it is to take it away. Read it from top to bottom to know what the privacy claim rests on:
//
//   1. load everything that the app will ever need;
//   2. compile the modules of the workers;
//   3. seal: append a policy without any source to load from or send to;
//   4. start the workers, which inherit that policy because their script is a blob: of this page;
//   5. open the drop zone.
//
// A browser applies an appended policy at once and has no way to take it back for the life of the page.
import init, { open_session } from "./web-app.js";

// What is left after the seal, and why:
const SEAL = [
  // Nothing may be fetched, sent, framed or embedded,
  "default-src 'none'",
  // but the modules that are already here may be instantiated (this allows WebAssembly only, not eval),
  "script-src 'wasm-unsafe-eval'",
  // workers may start from a script that this page has in memory (a blob: URL names no server),
  "worker-src blob:",
  // and the browser may draw the page's icon, whose address is its content.
  "img-src data:",
  // These two do not fall back to default-src: no form may be sent, no base URL may be set.
  "form-action 'none'",
  "base-uri 'none'",
].join("; ");

// A worker is born with its script inlined and waits for the compiled module. A failure is thrown where the
// page's error handler sees it.
const WORKER_START = `
onmessage = ({ data }) => {
  onmessage = null;
  wasm_bindgen({ module_or_path: data }).catch((error) => setTimeout(() => { throw error; }));
};`;

async function load(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`The server answered ${response.status} for a part of the app: ${path}`);
  return response;
}

// Compiles while it downloads, also where the server does not know the type of a .wasm file.
async function compile(path) {
  const response = await load(path);
  const typed = (response.headers.get("content-type") ?? "").startsWith("application/wasm");
  return typed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

// The demo trail comes along before the seal, because nothing can be fetched after it.
async function demoTrail() {
  const response = await fetch("demo/manifest.json");
  if (!response.ok) return [];
  const { files } = await response.json();
  return Promise.all(
    files.map(async (path) => {
      const bytes = await (await load(`demo/${path}`)).arrayBuffer();
      return { path, file: new File([bytes], path.slice(path.lastIndexOf("/") + 1)) };
    }),
  );
}

// Style sheets must have arrived before the seal, or the page stays bare.
function everythingLoaded() {
  if (document.readyState === "complete") return Promise.resolve();
  return new Promise((resolve) => addEventListener("load", resolve, { once: true }));
}

function seal() {
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = SEAL;
  document.head.append(policy);
}

// Tries the lock: asks the page's own server for something. Only the browser's own report that the policy refused
// it counts as held. (An error alone does not: it could mean that the server is down.)
function sealHolds() {
  return new Promise((resolve) => {
    document.addEventListener("securitypolicyviolation", () => resolve(true), { once: true });
    fetch("seal-check").then(
      () => resolve(false),
      () => setTimeout(() => resolve(false), 2000),
    );
  });
}

async function boot() {
  const text = (path) => load(path).then((response) => response.text());
  const [app, workerModule, workerGlue, pluginModule, pluginGlue, demo] = await Promise.all([
    compile("web-app_bg.wasm"),
    compile("worker_bg.wasm"),
    text("worker.js"),
    compile("plugin_bg.wasm"),
    text("plugin.js"),
    demoTrail(),
    everythingLoaded(),
  ]);
  await init({ module_or_path: app });
  seal();
  if (!(await sealHolds())) {
    throw new Error("The browser did not take the network away from this page, so it does not open any file.");
  }
  const script = (glue) => URL.createObjectURL(new Blob([glue, WORKER_START], { type: "text/javascript" }));
  const [workerUrl, pluginUrl] = [script(workerGlue), script(pluginGlue)];
  open_session({ workerUrl, workerModule, pluginUrl, pluginModule, demo });
}

function say(id, className, text) {
  const place = document.getElementById(id) ?? document.body.appendChild(document.createElement("p"));
  Object.assign(place, { id, className, textContent: text });
  place.setAttribute("role", "alert");
}

// A module that trapped answers no more: say so, rather than leave a page that only looks alive.
addEventListener("error", ({ error }) => {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  say("crash", "notice", "Trailglass broke and has to be reloaded; your files are as they were. This is a fault of the app.");
});

boot().catch((error) => say("boot", "drop-status boot-failed", `Trailglass could not start. ${error.message}`));
