// Events that say neither what was called nor from where. The same detector is written in other languages: with it
// `cargo xtask bench plugin` measures what an event costs in each.

import { plugin } from "../trailglass.js";

export const detector = plugin({
  id: "nameless-events-js",
  name: "Events without names",
  version: "1.0.0",
  description: "Records name neither a service nor a call nor an address. CloudTrail always writes them.",
  severity: "informational",
  fields: { service: "eventSource", call: "eventName", address: "sourceIPAddress" },
  groupBy: ["sourceIPAddress"],

  *observe(group) {
    const rows = [];
    for (let row = group.first; row <= group.last; row += 1) {
      if (group.service(row) === null && group.call(row) === null && group.address(row) === null) rows.push(row);
    }
    if (rows.length > 0) yield { rows, why: `${rows.length} events name neither service, call nor address.` };
  },
});
