// Changes that take the seal out of the page, for `patch` of the server: what is tried must arrive then, or a test of
// the seal would prove nothing.
import assert from "node:assert/strict";

// The second policy, which takes the network away.
export const withoutSeal = (text) => replaced(text, /^ {2}seal\(\);$/m, "");
// The look whether it holds.
export const withoutCheck = (text) => replaced(text, "!(await sealHolds())", "false");
// The first policy, which leaves the page its own server.
export const withoutPolicy = (text) => replaced(text, /<meta[^>]+http-equiv="?Content-Security-Policy[^>]*>/, "");

// A patch that no longer fits would silently test the wrong page.
function replaced(text, pattern, by) {
  const changed = text.replace(pattern, by);
  assert.notEqual(changed, text, `nothing to take out: ${pattern}`);
  return changed;
}
