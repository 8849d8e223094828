// My detector: principals that were denied calls.

import { counted, plugin } from "./trailglass.js";

export const detector = plugin({
  id: "my-detector",
  name: "My detector",
  version: "0.1.0",
  description: "A principal was denied calls: it may be trying out what it is allowed to do.",
  severity: "low",
  options: {
    calls: { description: "How many denied calls it takes, from 1 to 10,000.", default: 3, from: 1, to: 10_000 },
  },
  select: "errorCode:AccessDenied",
  fields: { who: "userIdentity.arn", call: "eventName" },
  groupBy: ["userIdentity.arn"],

  *observe(group, options) {
    const { rows } = group;
    if (rows.length >= options.calls) {
      const who = group.who(rows[0]) ?? "Someone unknown";
      yield { rows, why: `${who} was denied ${counted(rows.length, "call")}, first ${group.call(rows[0])}.` };
    }
  },
});
