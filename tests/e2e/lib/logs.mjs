// Small CloudTrail logs made on the spot, and the ways to hand them to the page.
import { gzipSync } from "node:zlib";
import { mkdtemp, mkdir, writeFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

const START = Date.parse("2024-03-01T00:00:00Z");

// A record; `n` makes its id and its time, `fields` replaces what it says.
export function record(n, fields = {}) {
  const id = n.toString(16).padStart(12, "0");
  return {
    eventVersion: "1.09",
    userIdentity: {
      type: "IAMUser",
      principalId: "AIDAEXAMPLE",
      arn: "arn:aws:iam::111122223333:user/alice",
      accountId: "111122223333",
      accessKeyId: "AKIAEXAMPLE",
      userName: "alice",
    },
    eventTime: new Date(START + n * 60_000).toISOString().replace(".000", ""),
    eventSource: "s3.amazonaws.com",
    eventName: n % 3 ? "GetObject" : "ListBuckets",
    awsRegion: "eu-central-1",
    sourceIPAddress: `192.0.2.${n % 200}`,
    userAgent: "aws-cli/2.15",
    requestParameters: { bucketName: `bucket-${n % 7}`, key: "a/b" },
    responseElements: null,
    requestID: `R${id}`,
    eventID: `00000000-0000-4000-8000-${id}`,
    readOnly: true,
    eventType: "AwsApiCall",
    managementEvent: false,
    recipientAccountId: "111122223333",
    eventCategory: "Data",
    ...fields,
  };
}

// What the rules look for: a sign-in without MFA, root that makes itself a key, twelve failed sign-ins from one address.
export function suspicious(from) {
  const signIn = (n, result, fields = {}) =>
    record(n, {
      eventSource: "signin.amazonaws.com",
      eventName: "ConsoleLogin",
      eventType: "AwsConsoleSignIn",
      eventCategory: "Management",
      managementEvent: true,
      requestParameters: null,
      responseElements: { ConsoleLogin: result },
      additionalEventData: { LoginTo: "https://console.aws.amazon.com/", MobileVersion: "No", MFAUsed: "No" },
      ...fields,
    });
  const failure = { errorMessage: "Failed authentication", sourceIPAddress: "198.51.100.9" };
  const root = {
    type: "Root",
    principalId: "111122223333",
    arn: "arn:aws:iam::111122223333:root",
    accountId: "111122223333",
    accessKeyId: "",
  };
  return [
    signIn(from, "Success", { sourceIPAddress: "203.0.113.7" }),
    record(from + 1, {
      userIdentity: root,
      eventSource: "iam.amazonaws.com",
      eventName: "CreateAccessKey",
      eventCategory: "Management",
      managementEvent: true,
    }),
    ...[...Array(12).keys()].map((i) => signIn(from + 2 + i, "Failure", failure)),
  ];
}

export const log = (records) => Buffer.from(JSON.stringify({ Records: records }));
export const range = (from, count) => [...Array(count).keys()].map((i) => record(from + i));

// Three files: plain, compressed, and one that repeats ten events of the first. 300 records, 290 events.
export function sampleFiles() {
  return [
    { name: "plain.json", buffer: log(range(0, 100)) },
    { name: "packed.json.gz", buffer: gzipSync(log([...range(100, 86), ...suspicious(186)])) },
    { name: "again.json.gz", buffer: gzipSync(log([...range(0, 10), ...range(300, 90)])) },
  ];
}

// A zip archive. Deflated data, its checksum and its length are those of a gzip file.
export function zip(files) {
  const number = (bytes, value) => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeUIntLE(value, 0, bytes);
    return buffer;
  };
  let at = 0;
  const entries = files.map(({ name, buffer }) => {
    const packed = gzipSync(buffer);
    const [data, checksum] = [packed.subarray(10, -8), packed.subarray(-8, -4)];
    const lengths = [number(4, data.length), number(4, buffer.length), number(2, Buffer.byteLength(name)), number(2, 0)];
    // Version 2.0, names in UTF-8, deflated, no time.
    const facts = [number(2, 20), number(2, 1 << 11), number(2, 8), number(4, 0), checksum, ...lengths];
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), ...facts, Buffer.from(name), data]);
    const listed = Buffer.concat([
      Buffer.from("PK\x01\x02"), number(2, 20), ...facts, Buffer.alloc(10), number(4, at), Buffer.from(name),
    ]);
    at += local.length;
    return { local, listed };
  });
  const list = Buffer.concat(entries.map((entry) => entry.listed));
  const count = number(2, files.length);
  const end = [Buffer.from("PK\x05\x06"), number(4, 0), count, count, number(4, list.length), number(4, at), number(2, 0)];
  return Buffer.concat([...entries.map((entry) => entry.local), list, ...end]);
}

// Event history as the console saves it: a row for each record.
export function consoleCsv(records) {
  const head =
    "User name,AWS access key,Event time,Event source,Event name,AWS region,Source IP address,User agent,Error code," +
    "Resources,Request ID,Event ID,Read-only,Event type,Recipient Account Id,Event category";
  const row = (r) =>
    [
      r.userIdentity.userName, r.userIdentity.accessKeyId, r.eventTime, r.eventSource, r.eventName, r.awsRegion,
      r.sourceIPAddress, r.userAgent, "", '"[{""resourceType"":""AWS::S3::Bucket"",""resourceName"":""b""}]"',
      r.requestID, r.eventID, r.readOnly, r.eventType, r.recipientAccountId, r.eventCategory,
    ].join(",");
  return Buffer.from(`${[head, ...records.map(row)].join("\n")}\n`);
}

// Files in a new folder, below the paths that they name; `remove` deletes it.
export async function inFolder(files) {
  const folder = await mkdtemp(path.join(tmpdir(), "trailglass-"));
  for (const { name, buffer } of files) {
    const place = path.join(folder, name);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, buffer);
  }
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

// Drops files on the page, as a script can: without folders.
export function drop(page, files) {
  const encoded = files.map(({ name, buffer }) => ({ name, base64: buffer.toString("base64") }));
  return page.evaluate((files) => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of files) {
      transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
    }
    for (const type of ["dragenter", "dragover", "drop"]) {
      document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }));
    }
  }, encoded);
}

// Drops paths of this machine on the page, folders included, through the browser's own input.
export async function dropPaths(page, paths) {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await session.send("Input.dispatchDragEvent", { type, x: 400, y: 400, data });
  }
  await session.detach();
}
