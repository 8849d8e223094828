// How the page boots. This file is all of Trailglass that uses the network, and the last thing that it does
// with it is to take it away. (sw.js, which opens the page where there is no network, passes on what this file asks for.)
// Read it from top to bottom to know what the privacy claim rests on:
//
//   1. load everything that the app will ever need, and keep it for a visit without a network;
//   2. compile the modules: that of the page is that of its workers too, but for those of plugins;
//   3. seal: append a policy without any source to load from or send to;
//   4. start the workers, which inherit that policy because their script is a blob: of this page;
//   5. open the drop zone.
//
// A browser applies an appended policy at once and has no way to take it back for the life of the page.

// Where the parts of the app are. The build writes a hash of its content into the name of each, and the names into the
// page. The page that is a single file has the parts themselves in it.
const NAMES = JSON.parse(document.querySelector('meta[name="parts"]')?.content ?? "{}");
const INSIDE = new Map([...document.querySelectorAll("script[data-part]")].map((part) => [part.dataset.part, part]));

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

// A worker is born with its script inlined and waits for the compiled module. What else comes until the module listens is
// kept for it: a browser may drop messages that nobody listens for. A failure is thrown where the page's error handler
// sees it.
const WORKER_START = `
onmessage = ({ data }) => {
  const early = [];
  onmessage = (event) => early.push(event);
  wasm_bindgen({ module_or_path: data }).then(
    () => early.forEach((event) => onmessage(event)),
    (error) => setTimeout(() => { throw error; }),
  );
};`;

async function load(part) {
  if (INSIDE.has(part)) return unpacked(INSIDE.get(part));
  const path = NAMES[part] ?? part;
  const response = await fetch(path);
  if (!response.ok) throw new Error(`The server answered ${response.status} for a part of the app: ${path}`);
  return response;
}

// A part of the single file: gzip as base64.
function unpacked(part) {
  const bytes = Uint8Array.from(atob(part.textContent), (character) => character.charCodeAt(0));
  part.remove();
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
}

// The page's own script, which its workers have too. The policy of the single file allows scripts that it has in memory,
// until the seal.
async function appScript() {
  const glue = await text("web-app.js");
  const script = document.createElement("script");
  script.src = INSIDE.size > 0 ? scriptUrl(glue) : (NAMES["web-app.js"] ?? "web-app.js");
  await new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = () => reject(new Error(`The browser did not run a part of the app: ${script.src}`));
    document.head.append(script);
  });
  return glue;
}

const text = async (part) => (await load(part)).text();

const scriptUrl = (...script) => URL.createObjectURL(new Blob(script, { type: "text/javascript" }));

// Compiles while it downloads, also where the server does not know the type of a .wasm file.
async function compile(part) {
  const response = await load(part);
  const typed = (response.headers.get("content-type") ?? "").startsWith("application/wasm");
  return typed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

// The demo trail comes along before the seal, because nothing can be fetched after it.
async function demoTrail() {
  const files = [...Object.keys(NAMES), ...INSIDE.keys()].filter((part) => part.startsWith("demo/"));
  return Promise.all(
    files.map(async (part) => {
      const bytes = await (await load(part)).arrayBuffer();
      const path = part.slice("demo/".length);
      return { path, file: new File([bytes], path.slice(path.lastIndexOf("/") + 1)) };
    }),
  );
}

// Keeps the app, and nothing else, so that sw.js can open the page without a network. Where a browser or a server does
// not allow it, the page works all the same.
async function keepForOffline() {
  if (Object.keys(NAMES).length === 0 || !isSecureContext || !navigator.serviceWorker) return;
  try {
    const home = new URL("./", location.href);
    const wanted = Object.values(NAMES).map((name) => new URL(name, home).href);
    // What was loaded a moment ago comes from the browser's own cache, not once more from the server.
    const again = (url) => new Request(url, { cache: "force-cache" });
    const cache = await caches.open(`trailglass ${home.pathname}`);
    const kept = (await cache.keys()).map(({ url }) => url);
    await cache.addAll(wanted.filter((url) => !kept.includes(url)).map(again));
    // The page last: what it names is there. And only then what an earlier version named.
    await cache.add(again(home.href));
    await Promise.all(kept.filter((url) => ![home.href, ...wanted].includes(url)).map((url) => cache.delete(url)));
    await navigator.serviceWorker.register("sw.js");
  } catch (error) {
    console.info("Nothing new was kept for a visit without a network:", error.message);
  }
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
  const [workerGlue, workerModule, pluginModule, pluginGlue, demo] = await Promise.all([
    appScript(),
    compile("web-app_bg.wasm"),
    compile("plugin_bg.wasm"),
    text("plugin.js"),
    demoTrail(),
    everythingLoaded(),
  ]);
  await Promise.all([wasm_bindgen({ module_or_path: workerModule }), keepForOffline()]);
  seal();
  if (!(await sealHolds())) {
    throw new Error("The browser did not take the network away from this page, so it does not open any file.");
  }
  const [workerUrl, pluginUrl] = [scriptUrl(workerGlue, WORKER_START), scriptUrl(pluginGlue, WORKER_START)];
  wasm_bindgen.open_session({ workerUrl, workerModule, pluginUrl, pluginModule, demo });
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
