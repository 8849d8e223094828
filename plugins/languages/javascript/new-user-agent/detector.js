// Software that a principal has never used before: what a stolen key or a hijacked session looks like from outside.

import { counted, DAY, HOUR, plugin } from "../trailglass.js";

// Distributions that are made for attacks put their name into what a tool says about its system.
const ATTACKERS_SYSTEM = /\b(kali|parrot|pentoo|blackarch)\b/i;

export const detector = plugin({
  id: "new-user-agent",
  name: "New software used by a principal",
  version: "1.0.0",
  description:
    "A principal that has been at work for some days makes calls with software that it never used before. Whoever " +
    "steals a key or a session rarely uses the tools of its owner.",
  severity: "low",
  tactics: ["TA0001", "TA0005"],
  techniques: ["T1078.004"],
  falsePositives: ["Someone who tries out a new tool.", "A service whose new version is built on another SDK."],
  references: ["https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html"],
  options: {
    "learning-days": { description: "How many days a principal must be known, from 1 to 365.", default: 7, from: 1, to: 365 },
    "learning-calls": {
      description: "How many calls of a principal must be known, from 1 to 1,000,000.",
      default: 20,
      from: 1,
      to: 1_000_000,
    },
    ignore: { description: "Software that is never reported, by name, such as terraform.", default: [] },
  },
  // Calls that a service makes on somebody's behalf carry the service's name, not the caller's software.
  select: "userAgent:* AND sourceIPAddress:* AND principal:* AND userIdentity.accountId:* AND NOT userIdentity.invokedBy:*",
  fields: {
    agent: "userAgent",
    call: "eventName",
    address: "sourceIPAddress",
    who: "principal",
    account: "userIdentity.accountId",
  },
  // The same principal name in another account is somebody else.
  groupBy: ["userIdentity.accountId", "principal"],

  *observe(group, options) {
    const ignored = new Set(options.ignore.map((name) => name.toLowerCase()));
    const uses = new Map(); // program: its rows within an hour of the first, or OLD
    const firstAt = new Map(); // address: the first row from there
    let start = null;
    let calls = 0;
    for (let row = group.first; row <= group.last; row += 1) {
      const name = program(group.agent(row));
      const time = group.time(row);
      if (name === null || time === null) {
        continue;
      }
      start ??= time;
      const address = group.address(row);
      if (!firstAt.has(address)) {
        firstAt.set(address, row);
      }
      const use = uses.get(name);
      if (use === undefined) {
        const learnt = time - start >= options["learning-days"] * DAY && calls >= options["learning-calls"];
        uses.set(name, learnt && !ignored.has(name.toLowerCase()) ? [row] : OLD);
      } else if (use !== OLD && time - group.time(use[0]) < HOUR) {
        use.push(row);
      }
      calls += 1;
    }
    const known = [...uses.keys()].filter((name) => uses.get(name) === OLD);
    for (const [name, rows] of uses) {
      if (rows !== OLD) {
        // A new tool at the usual desk is hardly news.
        const isNewPlace = firstAt.get(group.address(rows[0])) === rows[0];
        yield finding(group, { name, rows, known, start, isNewPlace });
      }
    }
  },
});

// Stands for the rows of a program that is not reported.
const OLD = [];

function finding(group, { name, rows, known, start, isNewPlace }) {
  const [row] = rows;
  const days = Math.floor((group.time(row) - start) / DAY);
  const before = known.length > 3 ? `${known.length} other programs` : known.join(", ");
  const attack = ATTACKERS_SYSTEM.test(group.agent(row));
  const address = `${isNewPlace ? "the new" : "the known"} address ${group.address(row)}`;
  const where = `from ${address}${attack ? ", on a system that is made for attacks" : ""}`;
  return {
    rows,
    why: `${group.who(row)} used ${name} for the first time after ${counted(days, "day")} with ${before}, for ${group.call(row)} ${where}.`,
    severity: attack ? "high" : isNewPlace ? null : "informational",
  };
}

// The program in a user agent, without versions: null when it is a service of AWS.
function program(agent) {
  let name = programs.get(agent);
  if (name === undefined) {
    name = read(agent);
    programs.set(agent, name);
  }
  return name;
}

// What was read once; it depends on nothing but the text.
const programs = new Map();

function read(agent) {
  const text = agent.replace(/^\[|\]$/g, "");
  if (text === "AWS Internal" || /^[\w.-]+\.amazonaws\.com$/.test(text)) {
    return null;
  }
  if (/^(Mozilla|S3Console)\//.test(text)) {
    return "a browser";
  }
  const products = [...text.matchAll(/([A-Za-z][\w.+-]*)\/\d/g)].map((match) => match[1]);
  // Partners of AWS put their program behind these two.
  return products.find((product) => product !== "APN" && product !== "HashiCorp") ?? text.split(/[\s/]/)[0];
}
