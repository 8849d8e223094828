// Write a detector for Trailglass in JavaScript.
//
// A detector is an object that says which events it wants to see, and a function that judges one group of them at a
// time; `plugin` makes the export of it that a host calls. README.md shows one.

import { log as write } from "trailglass:detector/host@1.0.0";

const NO_TIME = -(2 ** 63);

/** Milliseconds of a minute, an hour and a day. */
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/**
 * Makes what a module has to export under the name `detector`.
 *
 * @param {object} definition what the detector is; bounds and meaning of its items are those of the contract:
 *   `id`, `name`, `version`, `description`, `severity` ("informational", "low", "medium", "high" or "critical");
 *   `select`, the events it needs, in the search language (empty or left out: all events);
 *   `fields`, for each name that a row shall have the field or path of the record: `{ who: "userIdentity.arn" }`;
 *   `groupBy`, fields (of those above, by their names in the record) whose equal values make a group, or "each-event"
 *   or "all-events";
 *   `options`, for each name `{ description, default }`, and for whole numbers also `from` and `to`. A default is a
 *   boolean, a whole number, a string or an array of strings, and fixes the option's type;
 *   `tactics`, `techniques`, `falsePositives` and `references`, arrays of strings that can be left out;
 *   `observe(group, options)`, which returns the findings of one group, as an array or as a generator. `options` has the
 *   value of each option under its name.
 *
 * A group is never empty and in time order. `group.rows` are its events as an array of numbers, the same as counting from
 * `group.first` to `group.last`, which is quicker. What an event has is asked of the group: `group.time(row)` are
 * milliseconds since 1970, or null, and `group.who(row)`, for each name in `fields`, a string, or null where the event does
 * not have the field. A finding is `{ rows, why }`: the rows that show it and one sentence, and, if it has its own,
 * `title` and `severity`. Nothing may be kept from one group to the next.
 */
export function plugin(definition) {
  const specs = Object.entries(definition.options ?? {});
  let options = Object.fromEntries(specs.map(([name, spec]) => [name, spec.default]));
  return {
    describe: () => manifest(definition, specs),
    configure(settings) {
      options = Object.fromEntries(settings.map(({ name, value }) => [name, checked(name, value.val, definition)]));
    },
    detect(batch) {
      try {
        return findings(definition, options, batch);
      } catch (error) {
        String(error?.stack ?? "").trim().split("\n").forEach((line) => log("error", line.trim()));
        throw `The detector failed: ${error?.message ?? error}`;
      }
    },
  };
}

/** Writes a line where the host shows messages of plugins; `level` is "debug", "info", "warning" or "error". */
export function log(level, message) {
  write(level, String(message));
}

/** A number with its noun, for sentences: `1 day`, `8 days`. */
export function counted(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function manifest(definition, specs) {
  const { groupBy = "each-event" } = definition;
  return {
    id: definition.id,
    name: definition.name,
    version: definition.version,
    description: definition.description,
    severity: definition.severity,
    tactics: definition.tactics ?? [],
    techniques: definition.techniques ?? [],
    falsePositives: definition.falsePositives ?? [],
    references: definition.references ?? [],
    options: specs.map(([name, spec]) => ({ name, description: spec.description, default: wire(spec.default) })),
    select: definition.select ?? "",
    fields: Object.values(definition.fields ?? {}),
    grouping: Array.isArray(groupBy) ? { tag: "by-fields", val: groupBy } : { tag: groupBy },
  };
}

function wire(value) {
  const tags = { boolean: "flag", number: "integer", string: "text", object: "texts" };
  return { tag: tags[typeof value], val: value };
}

function checked(name, value, definition) {
  const { from = -Infinity, to = Infinity } = definition.options[name] ?? {};
  if (value < from || value > to) {
    throw `Option ${name} takes a number from ${from} to ${to}, not ${value}.`;
  }
  return value;
}

/** The findings of a batch, group after group. */
function findings(definition, options, batch) {
  const found = [];
  const { rows: numbers, groupStarts } = batch;
  const group = readers(definition, batch);
  for (let number = 0; number < groupStarts.length; number += 1) {
    group.first = groupStarts[number];
    group.last = (groupStarts[number + 1] ?? numbers.length) - 1;
    const ofGroup = definition.observe(group, options);
    if (!ofGroup) {
      continue;
    }
    for (const { rows, why, title = null, severity = null } of ofGroup) {
      found.push({ rows: rows.map((row) => numbers[row]), why, title, severity });
    }
  }
  return found;
}

/**
 * Functions from a row to its time and its fields. Rows are numbers because an object for each would take longer than
 * all else that happens to it.
 */
function readers(definition, { times, columns }) {
  const group = {
    first: 0,
    last: 0,
    get rows() {
      const rows = [];
      for (let row = this.first; row <= this.last; row += 1) {
        rows.push(row);
      }
      return rows;
    },
    time: (row) => (times[row] === NO_TIME ? null : times[row]),
  };
  Object.keys(definition.fields ?? {}).forEach((name, index) => {
    const { codes, values } = columns[index];
    // The code of what is missing is beyond all values, however an engine hands it over: as -1, say.
    group[name] = (row) => values[codes[row]] ?? null;
  });
  return group;
}
