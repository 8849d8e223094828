// A trail whose events are known, and what the page should say of them, worked out from the records alone.
import { log, record } from "./logs.mjs";

const USERS = ["alice", "bob", "carol", "dave", "erin"];
const NAMES = [
  ["s3.amazonaws.com", "GetObject"],
  ["s3.amazonaws.com", "PutObject"],
  ["ec2.amazonaws.com", "DescribeInstances"],
  ["sts.amazonaws.com", "GetCallerIdentity"],
  ["kms.amazonaws.com", "Decrypt"],
  ["iam.amazonaws.com", "ListUsers"],
  ["iam.amazonaws.com", "GetRole"],
  ["logs.amazonaws.com", "DescribeLogGroups"],
  ["sqs.amazonaws.com", "ReceiveMessage"],
  ["lambda.amazonaws.com", "Invoke"],
];
const INTRUDER = "198.51.100.77";
const ACCOUNT = "111122223333";

function user(name) {
  return {
    type: "IAMUser",
    principalId: `AIDA${name.toUpperCase()}`,
    arn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
    accountId: ACCOUNT,
    accessKeyId: `AKIA${name.toUpperCase()}`,
    userName: name,
  };
}

// One event a minute. Nothing in it follows the time but the id.
function event(n) {
  const mixed = (n * 7919 + 13) % 1009;
  const [eventSource, eventName] = NAMES[Math.floor((mixed % 100) / ((mixed % 3) + 10))] ?? NAMES[0];
  const fields = {
    eventSource,
    eventName,
    userIdentity: user(USERS[(mixed % 17) % USERS.length]),
    sourceIPAddress: `192.0.2.${(mixed * mixed) % 37}`,
    userAgent: mixed % 4 ? `aws-cli/2.${mixed % 6}` : 'Boto3/1.34 (Linux; "quoted")',
    awsRegion: ["eu-central-1", "us-east-1", "ap-southeast-2"][mixed % 7 % 3],
  };
  if (mixed % 9 === 0) fields.errorCode = mixed % 2 ? "AccessDenied" : "ThrottlingException";
  if (mixed % 11 === 0) delete fields.userIdentity.accessKeyId;
  return record(n, fields);
}

// Somebody else's six events within seven minutes.
const theft = (n, eventName) =>
  record(n, {
    eventSource: "iam.amazonaws.com",
    eventName,
    userIdentity: user("erin"),
    sourceIPAddress: INTRUDER,
    userAgent: "curl/8.0",
    awsRegion: "us-east-1",
    requestParameters: { userName: "erin" },
  });

export const THEFT_AT = 300;

// 600 events.
export function trail() {
  const names = ["CreateAccessKey", "AttachUserPolicy", "ListUsers", "CreateUser", "CreateLoginProfile", "ListUsers"];
  const events = [...Array(600).keys()].map(event);
  names.forEach((name, i) => (events[THEFT_AT + i] = theft(THEFT_AT + i, name)));
  return events;
}

// The trail in one file, or spread by turns over so many.
export function files(events, count) {
  return [...Array(count).keys()].map((i) => ({
    name: `${i}.json`,
    buffer: log(events.filter((_, n) => n % count === i)),
  }));
}

// How the fields of the page are read from a record.
export const FIELDS = {
  eventSource: (r) => r.eventSource,
  eventName: (r) => r.eventName,
  errorCode: (r) => r.errorCode,
  principal: (r) => r.userIdentity.userName,
  sourceIPAddress: (r) => r.sourceIPAddress,
  userAgent: (r) => r.userAgent,
  awsRegion: (r) => r.awsRegion,
  "userIdentity.accessKeyId": (r) => r.userIdentity.accessKeyId,
  "userIdentity.type": (r) => r.userIdentity.type,
  recipientAccountId: (r) => r.recipientAccountId,
};

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

export function counts(events, field) {
  const found = new Map();
  for (const value of events.map(FIELDS[field])) {
    if (value !== undefined) found.set(value, (found.get(value) ?? 0) + 1);
  }
  return found;
}

const number = (n) => n.toLocaleString("en");
const percent = (n, all) => (n / all < 0.0005 ? "<0.1%" : `${((n * 100) / all).toFixed(1)}%`);

// What the panel says of a field: how many values, how many events without one, and the first values.
export function frequent(events, field, most = 8) {
  const found = [...counts(events, field)].sort((a, b) => b[1] - a[1] || compare(a[0], b[0]));
  return {
    field,
    distinct: `${number(found.length)} value${found.length === 1 ? "" : "s"}`,
    missing: events.length - found.reduce((sum, [, n]) => sum + n, 0),
    values: found.slice(0, most).map(([value, n]) => [value, number(n), percent(n, events.length)]),
  };
}

// The values that are more frequent than in all events, by how much more of them there are (a chi-square statistic).
export function unusual(events, all, field, most = 8) {
  const others = counts(all, field);
  const scored = [...counts(events, field)].map(([value, n]) => {
    const expected = (others.get(value) * events.length) / all.length;
    const score = n > expected ? (n - expected) ** 2 / Math.max(expected, events.length / all.length) : 0;
    const factor = n / expected;
    const times = `×${factor < 9.95 ? factor.toFixed(1) : number(Math.round(factor))}`;
    return { score, value, line: [value, number(n), others.get(value) === n ? "only here" : times] };
  });
  const found = scored.filter((v) => v.score > 0).sort((a, b) => b.score - a.score || compare(a.value, b.value));
  return found.slice(0, most).map((v) => v.line);
}

// Events in the order of a field: those without come first, and time decides between equal ones.
export function sorted(events, field, isReversed) {
  const key = (r) => FIELDS[field]?.(r);
  const order = (a, b) =>
    (key(a) !== undefined) - (key(b) !== undefined) || compare(key(a) ?? "", key(b) ?? "") || compare(a.eventTime, b.eventTime);
  const found = events.toSorted(order);
  return isReversed ? found.reverse() : found;
}
