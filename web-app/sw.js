// Lets the page open without a network. It asks for nothing of its own: it answers what the page asks for while it
// boots, from what boot.js kept, or passes that on unchanged. It takes no messages, keeps nothing, and sees no log: after
// the seal the browser refuses whatever the page asks for, before it gets here.
//
// This file has no hash in its name, because its address is what a browser knows a service worker by; and it has no
// list of the app's files, so that it stays the same from version to version.
const HOME = registration.scope;

// Files of the app have a hash of their content in their names: what was kept under such a name cannot be out of date.
const PART = /\.[0-9a-f]{8}\.[a-z.]+$/;

// As boot.js names it.
const kept = async (address) => (await caches.open(`trailglass ${new URL(HOME).pathname}`)).match(address, { ignoreVary: true });

// The page itself comes from the server wherever there is one, so that nobody is left behind with an old version.
async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const response = await kept(HOME);
    if (!response) throw error;
    return response;
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = request.url.split(/[?#]/)[0];
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    if (address === HOME || address === `${HOME}index.html`) event.respondWith(page(request));
  } else if (address.startsWith(HOME) && PART.test(address)) {
    event.respondWith(kept(address).then((response) => response ?? fetch(request)));
  }
});
