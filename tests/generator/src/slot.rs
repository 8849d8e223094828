//! The table of slots that templates may name, and the scene that gives them their values.

use std::io::Write as _;

use crate::actor::{Actor, Kind};
use crate::clock;
use crate::names::{self, *};
use crate::random::{Random, fold, name_hash};
use crate::world::{Account, BASE32, BASE36, BASE62, BASE64, HEX, World, write_letters, write_uuid};

/// Everything that a slot's value may depend on: one event as it happens.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The organisation.
    pub world: &'a World,
    /// The account that records the event.
    pub account: &'a Account,
    /// The region that records it.
    pub region: &'static str,
    /// When it happens: seconds since 1970, UTC.
    pub time: i64,
    /// The seed of the record; a slot draws from it and from its own name.
    pub seed: u64,
    /// Who acts.
    pub actor: Actor,
    /// When the actor's session began.
    pub session: i64,
    /// The eventSource.
    pub service: &'static str,
    /// The service's prefix in IAM actions.
    pub action: &'static str,
    /// The eventName.
    pub event: &'static str,
}

/// Appends a slot's value; the generator is seeded with the record and the slot's name.
pub type Write = fn(&mut Vec<u8>, &Scene<'_>, Random);

/// The writer of a slot.
pub fn find(name: &str) -> Option<Write> {
    SLOTS.iter().find(|(slot, _)| *slot == name).map(|(_, write)| *write)
}

fn put(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

/// `write!` into a Vec, which cannot fail.
macro_rules! putf {
    ($out:expr, $($part:tt)*) => {{ let _ = write!($out, $($part)*); }};
}

/// An identifier with a prefix and hexadecimal digits that one of `count` things of a kind in
/// this account and region has for ever.
fn lasting(out: &mut Vec<u8>, scene: &Scene<'_>, mut random: Random, prefix: &str, count: u64) {
    let number = random.skewed(count);
    lasting_number(out, scene, prefix, number);
}

fn lasting_number(out: &mut Vec<u8>, scene: &Scene<'_>, prefix: &str, number: u64) {
    put(out, prefix);
    let place = fold(&[scene.account.seed, name_hash(scene.region), name_hash(prefix), number]);
    write_letters(out, &mut Random::new(place), HEX, 16);
}

/// The identifier of instance `number` of an account and region.
pub fn instance_name(account: &Account, region: &str, number: u64) -> String {
    let mut out = b"i-0".to_vec();
    let place = fold(&[account.seed, name_hash(region), name_hash("i-0"), number]);
    write_letters(&mut out, &mut Random::new(place), HEX, 16);
    String::from_utf8_lossy(&out).into_owned()
}

/// A principal's identifier has 17 letters after its prefix, a key's has 16.
fn upper(out: &mut Vec<u8>, prefix: &str, seed: u64) {
    put(out, prefix);
    let letters = if matches!(prefix, "AKIA" | "ASIA") { 16 } else { 17 };
    write_letters(out, &mut Random::new(seed), BASE32, letters);
}

/// The name of a bucket of this account.
fn bucket(out: &mut Vec<u8>, scene: &Scene<'_>, mut random: Random) {
    let number = random.skewed(BUCKETS.len() as u64) as usize;
    putf!(out, "{COMPANY}-{}-{}", BUCKETS[number], scene.account.name);
}

/// An object key; now and then one that needs escapes or is not ASCII.
fn object_key(out: &mut Vec<u8>, scene: &Scene<'_>, mut random: Random) {
    let at = clock::moment(scene.time);
    match random.below(40) {
        0 => put(out, random.pick(&ODD_KEYS)),
        1..=9 => putf!(
            out,
            "raw/{}/dt={}-{:02}-{:02}/part-{:05}-",
            random.pick(&WORDS),
            at.year,
            at.month,
            at.day,
            random.below(400)
        ),
        10..=19 => putf!(out, "{}/{:04}/{:02}/", random.pick(&WORDS), at.year, at.month),
        20..=29 => putf!(out, "uploads/{}/", random.below(90_000)),
        _ => putf!(out, "assets/{}/{}/", random.pick(&TEAMS), random.pick(&WORDS)),
    }
    write_letters(out, &mut random, BASE36, 12);
    put(out, random.pick(&[".parquet", ".json", ".jpg", ".csv.gz", ".pdf", ".log", ""]));
}

fn public_address(out: &mut Vec<u8>, mut random: Random) {
    let first = random.pick(&[3, 18, 34, 35, 44, 52, 54, 81, 86, 93]);
    putf!(out, "{first}.{}.{}.{}", random.below(254) + 1, random.below(256), random.below(254) + 1);
}

fn private_address(out: &mut Vec<u8>, mut random: Random) {
    putf!(out, "10.{}.{}.{}", random.below(4) * 16, random.below(24), random.below(250) + 4);
}

/// The address that a person works from; no two people share one at home.
pub fn home_address(out: &mut Vec<u8>, scene: &Scene<'_>) {
    let actor = scene.actor;
    let place = Random::of(&[scene.world.seed, 21]).below(90) + 100;
    let kind = u64::from(actor.kind == Kind::ConsoleUser);
    let line = actor.number + 1 + 100 * kind;
    putf!(out, "{}.{place}.{}.{line}", if kind == 1 { 86 } else { 93 }, scene.account.index);
}

/// The source address of the scene's actor: it stays the same through a session.
pub fn write_address(out: &mut Vec<u8>, scene: &Scene<'_>) {
    let actor = scene.actor;
    let mut session = Random::of(&[actor.seed, 22, scene.session as u64]);
    match actor.kind {
        Kind::Person | Kind::Center | Kind::Saml | Kind::Federated => match session.below(10) {
            0..=5 => putf!(out, "203.0.113.{}", 10 + session.below(4)),
            6 => {
                putf!(out, "2001:db8:{:x}:{:x}::{:x}", actor.number + 16, session.below(65_536), session.below(65_536))
            }
            _ => home_address(out, scene),
        },
        Kind::ConsoleUser if session.chance(1, 12) => put(out, "AWS Internal"),
        Kind::ConsoleUser | Kind::Root => home_address(out, scene),
        Kind::KeyUser | Kind::Partner => public_address(out, Random::of(&[actor.seed, 23])),
        Kind::Server if in_private_network(scene) => private_address(out, Random::of(&[actor.seed, 24])),
        Kind::Server => public_address(out, Random::of(&[actor.seed, 25])),
        Kind::Function | Kind::Pipeline => public_address(out, session),
        Kind::Pod => public_address(out, Random::of(&[scene.account.seed, 26, actor.number % 2])),
        Kind::Linked | Kind::Fabric => write_invoker(out, scene),
    }
}

/// True when the actor calls through a VPC endpoint.
pub fn in_private_network(scene: &Scene<'_>) -> bool {
    scene.actor.kind == Kind::Server && scene.actor.number.is_multiple_of(3)
}

/// Appends the DNS name of the service that acts.
pub fn write_invoker(out: &mut Vec<u8>, scene: &Scene<'_>) {
    let names = if scene.actor.kind == Kind::Linked { &LINKED[..] } else { &FABRIC[..] };
    put(out, names[scene.actor.number as usize % names.len()]);
    put(out, ".amazonaws.com");
}

/// The name of the role that the actor has assumed.
fn role_name(out: &mut Vec<u8>, scene: &Scene<'_>) {
    let actor = scene.actor;
    match actor.kind {
        Kind::Server => put(out, SERVER_ROLES[actor.number as usize % SERVER_ROLES.len()]),
        Kind::Function => putf!(out, "{}-role", FUNCTIONS[actor.number as usize % FUNCTIONS.len()]),
        Kind::Person => {
            let set = PERMISSION_SETS[actor.number as usize % PERMISSION_SETS.len()];
            putf!(out, "AWSReservedSSO_{set}_");
            write_letters(out, &mut Random::of(&[scene.account.seed, name_hash(set)]), HEX, 16);
        }
        Kind::Pipeline => put(out, PIPELINE_ROLES[actor.number as usize % PIPELINE_ROLES.len()]),
        Kind::Pod => putf!(out, "eks-{}", WORKLOADS[actor.number as usize % WORKLOADS.len()]),
        Kind::Linked => {
            put(out, "AWSServiceRoleFor");
            camel(out, LINKED[actor.number as usize % LINKED.len()]);
        }
        _ => put(out, "partner-access"),
    }
}

fn camel(out: &mut Vec<u8>, name: &str) {
    let mut first = true;
    for byte in name.bytes() {
        match byte {
            b'-' | b'.' => first = true,
            _ if first => {
                out.push(byte.to_ascii_uppercase());
                first = false;
            }
            _ => out.push(byte),
        }
    }
}

/// The name of the actor's session.
fn session_name(out: &mut Vec<u8>, scene: &Scene<'_>) {
    let actor = scene.actor;
    match actor.kind {
        Kind::Server => lasting_number(out, scene, "i-0", actor.number),
        Kind::Function => put(out, FUNCTIONS[actor.number as usize % FUNCTIONS.len()]),
        Kind::Person => email(out, actor.number),
        Kind::Pipeline if actor.number.is_multiple_of(2) => put(out, "GitHubActions"),
        Kind::Pipeline => {
            put(out, "terraform-run-");
            write_letters(out, &mut Random::of(&[actor.seed, scene.session as u64]), BASE62, 16);
        }
        Kind::Pod => putf!(out, "botocore-session-{}", scene.session),
        Kind::Linked => camel(out, LINKED[actor.number as usize % LINKED.len()]),
        _ => put(out, "nightly-export"),
    }
}

/// The actor's ARN, or what error messages name in its place.
fn actor_arn(out: &mut Vec<u8>, scene: &Scene<'_>) {
    let account = &scene.account.id;
    match scene.actor.kind {
        Kind::ConsoleUser | Kind::KeyUser => {
            putf!(out, "arn:aws:iam::{account}:user/");
            user_name(out, scene.actor.kind, scene.actor.number);
        }
        Kind::Federated => {
            putf!(out, "arn:aws:sts::{account}:federated-user/");
            user_name(out, scene.actor.kind, scene.actor.number);
        }
        Kind::Root | Kind::Fabric | Kind::Center | Kind::Saml => {
            putf!(out, "arn:aws:iam::{account}:root")
        }
        _ => {
            putf!(out, "arn:aws:sts::{account}:assumed-role/");
            role_name(out, scene);
            out.push(b'/');
            session_name(out, scene);
        }
    }
}

fn email(out: &mut Vec<u8>, number: u64) {
    let (first, last) = person(number);
    putf!(out, "{first}.{last}@example.com");
}

fn person(number: u64) -> (&'static str, &'static str) {
    let first = number as usize % FIRST_NAMES.len();
    let last = (number as usize * 7 + number as usize / FIRST_NAMES.len()) % LAST_NAMES.len();
    (FIRST_NAMES[first], LAST_NAMES[last])
}

/// The name of IAM user `number` of a kind.
pub fn user_name(out: &mut Vec<u8>, kind: Kind, number: u64) {
    match kind {
        Kind::KeyUser => put(out, KEY_USERS[number as usize % KEY_USERS.len()]),
        Kind::Federated => putf!(out, "analyst-{number}"),
        _ => putf!(out, "{}.{}", &person(number).0[..1], person(number).1),
    }
}

/// The role that a record is about: aroa and name belong together.
fn some_role(scene: &Scene<'_>) -> &'static str {
    Random::of(&[scene.seed, 31]).pick_skewed(&ROLES)
}

/// The table: what `$name` stands for.
#[rustfmt::skip]
const SLOTS: &[(&str, Write)] = &[
    // Places
    ("account", |out, scene, _| put(out, &scene.account.id)),
    ("other", |out, scene, mut random| put(out, &scene.world.accounts[random.below(scene.world.accounts.len() as u64) as usize].id)),
    ("stranger", |out, scene, _| putf!(out, "{:012}", 700_000_000_000 + Random::of(&[scene.world.seed, 33, scene.actor.number]).below(99_999_999_999))),
    ("organisation", |out, scene, _| put(out, &scene.world.organisation)),
    ("region", |out, scene, _| put(out, scene.region)),
    ("zone", |out, scene, mut random| putf!(out, "{}{}", scene.region, random.pick(&["a", "b", "c"]))),
    ("event", |out, scene, _| put(out, scene.event)),
    ("action", |out, scene, _| put(out, scene.action)),
    // Times
    ("time", |out, scene, _| clock::write_iso(out, scene.time)),
    ("later", |out, scene, _| clock::write_iso(out, scene.time + 3_600)),
    ("earlier", |out, scene, mut random| clock::write_iso(out, scene.time - 60 - random.below(86_400 * 7) as i64)),
    ("date", |out, scene, _| clock::write_spoken(out, scene.time)),
    ("expiry", |out, scene, _| clock::write_spoken(out, scene.time + 3_600)),
    ("epoch", |out, scene, mut random| putf!(out, "{}{:03}", scene.time, random.below(1_000))),
    ("epochsince", |out, scene, mut random| putf!(out, "{}000", scene.time - 300 * (1 + random.below(36)) as i64)),
    ("created", |out, scene, _| clock::write_iso(out, scene.session)),
    // Numbers and words
    ("small", |out, _, mut random| putf!(out, "{}", random.below(9) + 1)),
    ("count", |out, _, mut random| putf!(out, "{}", random.pick(&[5, 10, 20, 25, 50, 100, 100, 200, 1_000]))),
    ("percent", |out, _, mut random| putf!(out, "{}.{}", random.below(100), random.below(10))),
    ("port", |out, _, mut random| putf!(out, "{}", random.pick(&[443, 80, 22, 5432, 3306, 8080, 6379, 9092]))),
    ("bytes", |out, _, mut random| { let size = random.below(24); putf!(out, "{}", random.below(1 << size)); }),
    ("flag", |out, _, mut random| put(out, random.pick(&["true", "false"]))),
    ("hex", |out, _, mut random| write_letters(out, &mut random, HEX, 17)),
    ("short", |out, _, mut random| write_letters(out, &mut random, HEX, 8)),
    ("digest", |out, _, mut random| write_letters(out, &mut random, HEX, 64)),
    ("uuid", |out, _, mut random| write_uuid(out, &mut random)),
    ("requestid", |out, _, mut random| write_uuid(out, &mut random)),
    ("eventid", |out, _, mut random| write_uuid(out, &mut random)),
    ("shortrequestid", |out, _, mut random| write_letters(out, &mut random, BASE32, 16)),
    ("code", |out, _, mut random| write_letters(out, &mut random, BASE62, 22)),
    ("token", |out, _, mut random| { let length = 200 + random.below(120) as usize; write_letters(out, &mut random, BASE64, length); }),
    ("page", |out, _, mut random| { write_letters(out, &mut random, BASE64, 120); }),
    ("mark", |out, _, mut random| { write_letters(out, &mut random, BASE64, 75); put(out, "="); }),
    ("blob", |out, _, mut random| { let length = 300 + random.below(200) as usize; write_letters(out, &mut random, BASE62, length); }),
    ("word", |out, _, mut random| put(out, random.pick(&WORDS))),
    ("team", |out, _, mut random| put(out, random.pick(&TEAMS))),
    ("env", |out, scene, _| put(out, scene.account.name)),
    ("text", |out, _, mut random| put(out, random.pick_skewed(&TEXTS))),
    ("tags", |out, scene, mut random| {
        putf!(out, r#"{{"key":"team","value":"{}"}},{{"key":"environment","value":"{}"}},"#, random.pick(&TEAMS), scene.account.name);
        putf!(out, r#"{{"key":"note","value":"{}"}}"#, random.pick_skewed(&TEXTS));
    }),
    // Compute and networks
    ("instance", |out, scene, random| lasting(out, scene, random, "i-0", 60)),
    ("image", |out, scene, random| lasting(out, scene, random, "ami-0", 12)),
    ("volume", |out, scene, random| lasting(out, scene, random, "vol-0", 120)),
    ("snapshot", |out, scene, random| lasting(out, scene, random, "snap-0", 200)),
    ("vpc", |out, scene, random| lasting(out, scene, random, "vpc-0", 3)),
    ("subnet", |out, scene, random| lasting(out, scene, random, "subnet-0", 9)),
    ("group", |out, scene, random| lasting(out, scene, random, "sg-0", 30)),
    ("rule", |out, scene, random| lasting(out, scene, random, "sgr-0", 90)),
    ("eni", |out, scene, random| lasting(out, scene, random, "eni-0", 200)),
    ("endpoint", |out, scene, random| lasting(out, scene, random, "vpce-0", 6)),
    ("route", |out, scene, random| lasting(out, scene, random, "rtb-0", 9)),
    ("gateway", |out, scene, random| lasting(out, scene, random, "igw-0", 3)),
    ("acl", |out, scene, random| lasting(out, scene, random, "acl-0", 6)),
    ("launch", |out, scene, random| lasting(out, scene, random, "lt-0", 14)),
    ("reservation", |out, _, mut random| { put(out, "r-0"); write_letters(out, &mut random, HEX, 16); }),
    ("allocation", |out, scene, random| lasting(out, scene, random, "eipalloc-0", 9)),
    ("type", |out, _, mut random| put(out, random.pick_skewed(&INSTANCE_TYPES))),
    ("cidr", |out, _, mut random| putf!(out, "10.{}.{}.0/24", random.below(4) * 16, random.below(24))),
    ("privateip", |out, _, random| private_address(out, random)),
    ("publicip", |out, _, random| public_address(out, random)),
    ("privatename", |out, scene, mut random| putf!(out, "ip-10-{}-{}-{}.{}.compute.internal", random.below(4) * 16, random.below(24), random.below(250), scene.region)),
    // Storage and data
    ("bucket", bucket),
    ("key", object_key),
    ("table", |out, _, mut random| put(out, random.pick_skewed(&TABLES))),
    ("stream", |out, _, mut random| putf!(out, "{}-events", random.pick_skewed(&WORDS))),
    ("queue", |out, scene, mut random| putf!(out, "{}-{}", random.pick_skewed(&QUEUES), scene.account.name)),
    ("topic", |out, scene, mut random| putf!(out, "{}-{}", random.pick_skewed(&TOPICS), scene.account.name)),
    ("secret", |out, scene, mut random| {
        let name = random.pick_skewed(&SECRETS);
        putf!(out, "{}/{name}-", scene.account.name);
        write_letters(out, &mut Random::of(&[scene.account.seed, name_hash(name)]), BASE62, 6);
    }),
    ("parameter", |out, scene, mut random| putf!(out, "/{}/{}/{}", scene.account.name, random.pick(&TEAMS), random.pick_skewed(&SECRETS))),
    ("kms", |out, scene, mut random| { let number = random.skewed(8); write_uuid(out, &mut Random::of(&[scene.account.seed, 41, number])); }),
    ("alias", |out, _, mut random| putf!(out, "alias/{}", random.pick(&["data", "backup", "app", "logs", "aws/s3", "aws/ebs", "aws/secretsmanager"]))),
    ("database", |out, scene, mut random| putf!(out, "{}-{}", random.pick_skewed(&DATABASES), scene.account.name)),
    ("dataset", |out, _, mut random| put(out, random.pick_skewed(&["sales", "clickstream", "finance", "inventory", "risk"]))),
    ("filesystem", |out, scene, random| lasting(out, scene, random, "fs-0", 4)),
    ("cache", |out, _, mut random| putf!(out, "{}-cache", random.pick(&TEAMS))),
    ("vault", |out, scene, _| putf!(out, "{}-vault", scene.account.name)),
    // Applications
    ("function", |out, _, mut random| put(out, random.pick_skewed(&FUNCTIONS))),
    ("runtime", |out, _, mut random| put(out, random.pick(&["python3.12", "nodejs20.x", "java21", "provided.al2023"]))),
    ("cluster", |out, scene, mut random| putf!(out, "{}-{}", random.pick(&["core", "edge", "batch"]), scene.account.name)),
    ("service", |out, _, mut random| put(out, random.pick_skewed(&WORKLOADS))),
    ("loggroup", |out, _, mut random| putf!(out, "{}{}", random.pick(&["/aws/lambda/", "/aws/ecs/", "/app/", "/aws/eks/"]), random.pick_skewed(&FUNCTIONS))),
    ("logstream", |out, scene, mut random| {
        let at = clock::moment(scene.time);
        putf!(out, "{}/{:02}/{:02}/[1]", at.year, at.month, at.day);
        write_letters(out, &mut random, HEX, 32);
    }),
    ("alarm", |out, _, mut random| putf!(out, "{}-{}", random.pick_skewed(&WORKLOADS), random.pick(&["cpu-high", "errors", "latency-p99", "queue-depth"]))),
    ("stack", |out, scene, mut random| putf!(out, "{}-{}", random.pick_skewed(&TEAMS), scene.account.name)),
    ("repository", |out, _, mut random| put(out, random.pick_skewed(&WORKLOADS))),
    ("domain", |out, _, mut random| putf!(out, "{}.example.com", random.pick(&WORDS))),
    ("hostedzone", |out, scene, mut random| { put(out, "Z"); let number = random.below(5); write_letters(out, &mut Random::of(&[scene.account.seed, 42, number]), BASE32, 20); }),
    ("balancer", |out, scene, mut random| putf!(out, "app/{}-{}", random.pick(&TEAMS), scene.account.name)),
    // Identities that a record is about
    ("user", |out, _, mut random| user_name(out, Kind::ConsoleUser, random.skewed(12))),
    ("email", |out, _, mut random| email(out, random.skewed(40))),
    ("role", |out, scene, _| put(out, some_role(scene))),
    ("roleid", |out, scene, _| upper(out, "AROA", fold(&[scene.account.seed, name_hash(some_role(scene))]))),
    ("userid", |out, _, mut random| { let seed = random.bits(); upper(out, "AIDA", seed); }),
    ("policyid", |out, _, mut random| { let seed = random.bits(); upper(out, "ANPA", seed); }),
    ("akid", |out, _, mut random| { let seed = random.bits(); upper(out, "AKIA", seed); }),
    ("asid", |out, _, mut random| { let seed = random.bits(); upper(out, "ASIA", seed); }),
    ("rolesession", |out, _, mut random| putf!(out, "{}-{}", random.pick(&WORKLOADS), random.below(1_000_000_000))),
    ("policy", |out, _, mut random| put(out, random.pick_skewed(&POLICIES))),
    ("document", |out, scene, mut random| {
        let bucket = random.pick(&BUCKETS);
        putf!(out, r#"{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {{\n      \"Sid\": \"{}\",\n      \"Effect\": \"Allow\",\n"#, random.pick(&["Read", "Write", "List"]));
        putf!(out, r#"      \"Action\": [\"s3:GetObject\", \"s3:ListBucket\"],\n      \"Resource\": [\"arn:aws:s3:::{COMPANY}-{bucket}-{0}\", \"arn:aws:s3:::{COMPANY}-{bucket}-{0}/*\"]\n    }}\n  ]\n}}"#, scene.account.name);
    }),
    ("trust", |out, _, mut random| putf!(
        out,
        r#"{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Principal\":{{\"Service\":\"{}.amazonaws.com\"}},\"Action\":\"sts:AssumeRole\"}}]}}"#,
        random.pick(&["ec2", "lambda", "ecs-tasks"])
    )),
    // The actor
    ("aida", |out, scene, _| upper(out, "AIDA", fold(&[scene.actor.seed, 51]))),
    ("akia", |out, scene, _| upper(out, "AKIA", fold(&[scene.actor.seed, 52]))),
    ("asia", |out, scene, _| upper(out, "ASIA", fold(&[scene.actor.seed, 53, scene.session as u64]))),
    ("aroa", |out, scene, _| {
        // Actors that share a role share its identifier.
        let mut name = Vec::with_capacity(64);
        role_name(&mut name, scene);
        let hash = name.iter().fold(7, |hash, &byte| fold(&[hash, u64::from(byte)]));
        upper(out, "AROA", fold(&[scene.account.seed, hash]));
    }),
    ("actorarn", |out, scene, _| actor_arn(out, scene)),
    ("actorrole", |out, scene, _| role_name(out, scene)),
    ("session", |out, scene, _| session_name(out, scene)),
    ("username", |out, scene, _| user_name(out, scene.actor.kind, scene.actor.number)),
    ("invoker", |out, scene, _| write_invoker(out, scene)),
    ("actoremail", |out, scene, _| email(out, scene.actor.number)),
    ("centeruser", |out, scene, _| write_uuid(out, &mut Random::of(&[scene.actor.seed, 54]))),
    ("credential", |out, scene, _| write_uuid(out, &mut Random::of(&[scene.actor.seed, 55, scene.session as u64]))),
    ("directory", |out, scene, _| write_letters(out, &mut Random::of(&[scene.world.seed, 56]), HEX, 10)),
    ("oidc", |out, scene, _| { let mut random = Random::of(&[scene.account.seed, 57]); write_letters(out, &mut random, names::HEX_UPPER, 32); }),
    ("samlkey", |out, scene, _| { write_letters(out, &mut Random::of(&[scene.world.seed, 58]), BASE64, 27); put(out, "="); }),
    ("intruderid", |out, scene, _| upper(out, "AIDA", fold(&[scene.account.seed, 59]))),
    ("intruderkey", |out, scene, _| upper(out, "AKIA", fold(&[scene.account.seed, 60]))),
    ("browser", |out, scene, _| put(out, crate::agent::browser(scene.actor.seed))),
    ("homeaddress", |out, scene, _| home_address(out, scene)),
];
