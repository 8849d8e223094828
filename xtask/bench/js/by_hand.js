// The worker that one would write without WebAssembly: the browser's own inflater and JSON parser, and a loop that
// collects what the app collects. Typed arrays for numbers, a Map for each dictionary: what engines are quick with.

const TEXTS = [
  "eventName",
  "eventSource",
  "awsRegion",
  "sourceIPAddress",
  "userAgent",
  "errorCode",
  "errorMessage",
  "eventType",
  "eventCategory",
  "eventVersion",
  "readOnly",
  "recipientAccountId",
  "vpcEndpointId",
];

// Numbers that come one by one.
class Numbers {
  constructor(Kind) {
    this.Kind = Kind;
    this.values = new Kind(1024);
    this.length = 0;
  }

  push(value) {
    if (this.length === this.values.length) {
      const larger = new this.Kind(2 * this.length);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }
}

// Each distinct value once, and a code for every row; 0 says that there is no value.
class Dictionary {
  codeOf = new Map([[undefined, 0]]);
  codes = new Numbers(Uint32Array);

  push(value) {
    let code = this.codeOf.get(value);
    if (code === undefined) this.codeOf.set(value, (code = this.codeOf.size));
    this.codes.push(code);
  }
}

const columns = TEXTS.map((name) => ({ name, values: new Dictionary() }));
const identities = new Dictionary();
const times = new Numbers(Float64Array);
// Where a record is, to show it again: its file and its place there.
const sources = new Numbers(Uint32Array);
const places = new Numbers(Uint32Array);
const rowOfId = new Map();
let records = 0;

// What tells identities apart; cheaper than the whole object as text.
function identityKey(identity) {
  if (!identity) return undefined;
  const { type, principalId, arn, accountId, accessKeyId, userName, invokedBy } = identity;
  return `${type}|${principalId}|${arn}|${accountId}|${accessKeyId}|${userName}|${invokedBy}`;
}

function add(record, source, place) {
  records++;
  const id = record.eventID;
  if (id !== undefined) {
    if (rowOfId.has(id)) return;
    rowOfId.set(id, times.length);
  }
  times.push(Date.parse(record.eventTime));
  sources.push(source);
  places.push(place);
  identities.push(identityKey(record.userIdentity));
  for (const { name, values } of columns) values.push(record[name]);
}

function inflate(file) {
  return file && new Response(file.stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

onmessage = async ({ data: files }) => {
  // The next file is inflated as soon as this one is text, so that the browser can fetch it meanwhile.
  let next = inflate(files[0]);
  for (let source = 0; source < files.length; source++) {
    const text = await next;
    next = inflate(files[source + 1]);
    JSON.parse(text).Records.forEach((record, place) => add(record, source, place));
  }
  postMessage({ records, kept: times.length });
};
