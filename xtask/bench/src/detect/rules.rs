//! Sigma rules as people write them for CloudTrail, made from a seed.
//!
//! Of the rules for CloudTrail that are public most name an eventSource and one or a few eventNames; some look at
//! parameters too, at errors, at user agents, or leave something out. A part of these name calls that the trail has.

use std::fmt::Write as _;

const SERVICES: [&str; 24] = [
    "iam",
    "s3",
    "ec2",
    "sts",
    "kms",
    "lambda",
    "rds",
    "guardduty",
    "config",
    "cloudtrail",
    "organizations",
    "ssm",
    "secretsmanager",
    "eks",
    "ecs",
    "ecr",
    "sso",
    "ses",
    "route53",
    "glue",
    "sagemaker",
    "bedrock",
    "cloudfront",
    "wafv2",
];
const VERBS: [&str; 16] = [
    "Create",
    "Delete",
    "Update",
    "Put",
    "Attach",
    "Detach",
    "Modify",
    "Disable",
    "Enable",
    "Stop",
    "Start",
    "Associate",
    "Disassociate",
    "Remove",
    "Add",
    "Revoke",
];
const THINGS: [&str; 24] = [
    "User",
    "Role",
    "Policy",
    "Group",
    "Trail",
    "Detector",
    "Bucket",
    "Key",
    "Alias",
    "Function",
    "Cluster",
    "Snapshot",
    "Image",
    "Instance",
    "SecurityGroup",
    "Rule",
    "Secret",
    "Parameter",
    "Domain",
    "Endpoint",
    "Model",
    "Provider",
    "Domain",
    "Profile",
];
const AGENTS: [&str; 8] = ["kali", "parrot", "pentoo", "Boto3/1.1", "aws-cli/1.1", "curl/7", "PowerShell", "sqlmap"];
const ERRORS: [&str; 4] = ["AccessDenied", "UnauthorizedOperation", "InvalidClientTokenId", "ThrottlingException"];

/// Random numbers: Vigna's splitmix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }

    fn pick<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.below(all.len())]
    }
}

/// So many rules, as one file of YAML. `calls` are pairs of source and name that the trail has.
pub fn generate(count: usize, seed: u64, calls: &[(String, String)]) -> String {
    let mut dice = Dice(seed);
    let mut text = String::new();
    for number in 0..count {
        let level = ["informational", "low", "medium", "high"][dice.below(4)];
        // A write into a String cannot fail.
        let _ = write!(
            text,
            "title: Rule {number}\nid: 00000000-0000-4000-8000-{number:012}\nlogsource: {{product: aws, service: cloudtrail}}\nlevel: {level}\ndetection:\n"
        );
        body(&mut text, &mut dice, calls);
        text.push_str("---\n");
    }
    text
}

fn body(text: &mut String, dice: &mut Dice, calls: &[(String, String)]) {
    let _ = match dice.below(100) {
        // Now and then of calls that are there.
        0..12 if !calls.is_empty() => {
            let (source, name) = &calls[dice.below(calls.len())];
            let parameter = dice.pick(&["*", "admin", "0.0.0.0/0", "prod"]);
            writeln!(
                text,
                "  selection:\n    eventSource: {source}\n    eventName: {name}\n    requestParameters.name|contains: '{parameter}'\n  condition: selection"
            )
        }
        12..60 => {
            let names: Vec<String> = (0..=dice.below(4)).map(|_| call(dice)).collect();
            writeln!(
                text,
                "  selection:\n    eventSource: {}.amazonaws.com\n    eventName: [{}]\n  condition: selection",
                dice.pick(&SERVICES),
                names.join(", ")
            )
        }
        60..75 => writeln!(
            text,
            "  selection:\n    eventSource: {}.amazonaws.com\n    eventName: {}\n    requestParameters.policyDocument|contains: '\"Action\":\"*\"'\n  filter:\n    userIdentity.arn|contains: ':role/ci'\n  condition: selection and not filter",
            dice.pick(&SERVICES),
            call(dice)
        ),
        75..83 => writeln!(
            text,
            "  selection:\n    eventName|startswith: {}\n    errorCode: {}\n  condition: selection",
            call(dice),
            dice.pick(&ERRORS)
        ),
        83..91 => writeln!(
            text,
            "  selection:\n    userAgent|contains: '{}{}'\n  condition: selection",
            dice.pick(&AGENTS),
            dice.below(100)
        ),
        91..96 => writeln!(
            text,
            "  selection:\n    userIdentity.type: Root\n    eventName|endswith: {}\n  condition: selection",
            dice.pick(&THINGS)
        ),
        _ => writeln!(
            text,
            "  selection:\n    eventName|contains: {}\n    requestParameters.instanceType|startswith: p{}\n    sourceIPAddress|cidr: 203.0.113.0/24\n  condition: selection",
            dice.pick(&THINGS),
            dice.below(9)
        ),
    };
}

fn call(dice: &mut Dice) -> String {
    format!("{}{}", dice.pick(&VERBS), dice.pick(&THINGS))
}
