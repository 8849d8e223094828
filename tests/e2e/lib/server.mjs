// Servers on loopback that remember everything that reaches them.
import { createServer } from "node:http";
import { createSocket } from "node:dgram";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "../../..");
// Another build of the site can be tested too.
export const dist = process.env.TRAILGLASS_SITE ?? path.join(root, "dist");

// A file's name without the hash that the build put into it.
const plainName = (name) => name.replace(/\.[0-9a-f]{8}(?=\.[a-z.]+$)/, "");

// Where a file of the site is, by its name without the hash.
export function siteFile(name) {
  const found = readdirSync(dist, { recursive: true }).find((file) => plainName(file) === name);
  if (!found) throw new Error(`${dist} has no ${name}; run cargo xtask test`);
  return path.join(dist, found);
}

// What the site's own file asks hosts to send with an address.
function headersOf(address) {
  const headers = {};
  let isAbout = false;
  for (const line of readFileSync(path.join(dist, "_headers"), "utf8").split("\n")) {
    if (line.startsWith("/")) isAbout = line.endsWith("*") ? address.startsWith(line.slice(0, -1)) : address === line;
    else if (isAbout && line) headers[line.slice(0, line.indexOf(":")).trim()] = line.slice(line.indexOf(":") + 1).trim();
  }
  return headers;
}

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

// A page with nothing but an icon, so that the browser does not look for one.
const BARE = '<link rel="icon" href="data:,">';

async function listen(server) {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server.address().port;
}

// What every server here keeps: the path of each request, upgrades included, and the number of connections.
function remember(server) {
  const log = { paths: [], connections: 0 };
  server.on("connection", () => log.connections++);
  server.on("request", (request) => log.paths.push(request.url));
  server.on("upgrade", (request, socket) => {
    log.paths.push(request.url);
    socket.destroy();
  });
  return log;
}

// The site under a sub-path, without special headers unless those of its own file are wanted. `patch` maps a file's name
// without its hash to a function that changes its text, or its bytes if it is a module.
export async function serveSite({ prefix = "/some/where/", patch = {}, withHeaders = false } = {}) {
  if (!existsSync(path.join(dist, "index.html"))) {
    throw new Error(`${dist}/index.html is missing; run cargo xtask test`);
  }
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    // A page without any policy, and whatever it asks for.
    if (pathname.startsWith("/barrier")) return response.writeHead(200, { "content-type": "text/html" }).end(BARE);
    if (!pathname.startsWith(prefix)) return response.writeHead(404).end();
    const name = decodeURIComponent(pathname.slice(prefix.length)) || "index.html";
    const file = path.join(dist, name);
    if (!file.startsWith(dist + path.sep)) return response.writeHead(404).end();
    try {
      let body = await readFile(file);
      const change = patch[plainName(name)];
      if (change) body = change(name.endsWith(".wasm") ? body : body.toString());
      const headers = withHeaders ? headersOf(`/${pathname.slice(prefix.length)}`) : {};
      const type = TYPES[path.extname(name)] ?? "application/octet-stream";
      response.writeHead(200, { ...headers, "content-type": type }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  const log = remember(server);
  const port = await listen(server);
  const origin = `http://127.0.0.1:${port}`;
  return { url: origin + prefix, origin, log, close: () => closeAll(server) };
}

// A place that stolen data would be sent to: answers everything, from any origin, so that an attack that is let
// through succeeds; also a UDP port, for WebRTC.
export async function serveCanary() {
  const server = createServer((request, response) => {
    const type = request.url.includes(".js") ? "text/javascript" : request.url.includes(".css") ? "text/css" : "text/plain";
    response.writeHead(200, { "access-control-allow-origin": "*", "content-type": type }).end("");
  });
  const log = remember(server);
  const port = await listen(server);
  const udp = createSocket("udp4");
  udp.on("message", () => log.paths.push("/udp"));
  await new Promise((resolve) => udp.bind(0, "127.0.0.1", resolve));
  const close = async () => {
    udp.close();
    await closeAll(server);
  };
  return { origin: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, udpPort: udp.address().port, log, close };
}

function closeAll(server) {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
}

// A short name for a text, to compare answers by.
export const digest = (text) => createHash("sha256").update(text).digest("hex").slice(0, 12);
