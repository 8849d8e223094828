//! What is a way to more power, and what is administration.

use super::*;
use trailglass_plugin::time::MINUTE_MS;
use trailglass_plugin::trial::Trial;

/// Each event: its minute, what was called (`iam:CreateUser`), whether it was denied, and more fields.
type Event = (i64, &'static str, bool, &'static [(&'static str, &'static str)]);

fn trial(events: &[Event]) -> Trial {
    let mut trial = Trial::new();
    for &(minute, what, denied, fields) in events {
        let (service, name) = what.split_once(':').unwrap();
        let source = format!("{service}.amazonaws.com");
        let read_only = if name.starts_with("List") || name == "AssumeRole" { "true" } else { "false" };
        let mut all = vec![
            ("userIdentity.arn", "arn:aws:iam::111122223333:user/alice"),
            ("userIdentity.userName", "alice"),
            ("eventSource", source.as_str()),
            ("eventName", name),
            ("readOnly", read_only),
        ];
        if denied {
            all.push(("errorCode", "AccessDenied"));
        }
        trial = trial.event(minute * MINUTE_MS, all.into_iter().chain(fields.iter().copied()));
    }
    trial
}

fn check(events: &[Event], expected: &[(Option<Severity>, &[u32])]) {
    check_trial(&trial(events), expected);
}

/// Expected: severity (or none for the manifest's), and rows.
fn check_trial(trial: &Trial, expected: &[(Option<Severity>, &[u32])]) {
    let findings = trial.run::<PrivilegeEscalationPath>().unwrap();
    let found: Vec<_> = findings.iter().map(|finding| (finding.severity, finding.rows.as_slice())).collect();
    assert_eq!(found, expected, "{findings:?}");
}

const HIGH: Option<Severity> = Some(Severity::High);
const NONE: &[(&str, &str)] = &[];
const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
const SELF: &[(&str, &str)] = &[("requestParameters.userName", "alice"), ("requestParameters.policyArn", ADMIN)];
const OTHER: &[(&str, &str)] = &[("requestParameters.userName", "bob")];
const POLICY: &[(&str, &str)] = &[("requestParameters.policyArn", "arn:aws:iam::111122223333:policy/team")];
const ROLE: &[(&str, &str)] = &[("requestParameters.roleName", "Deploy")];
const ROLE_ADMIN: &[(&str, &str)] = &[ROLE[0], ("requestParameters.policyArn", ADMIN)];
const ROLE_STAR: &[(&str, &str)] = &[
    ROLE[0],
    ("requestParameters.policyDocument", r#"{"Statement":[{"Effect":"Allow", "Action": "*","Resource":"*"}]}"#),
];
const ROLE_READ: &[(&str, &str)] = &[
    ROLE[0],
    ("requestParameters.policyDocument", r#"{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#),
];
const POLICY_STAR: &[(&str, &str)] = &[
    POLICY[0],
    ("requestParameters.policyDocument", r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#),
];
const POLICY_S3: &[(&str, &str)] =
    &[POLICY[0], ("requestParameters.policyDocument", r#"{"Statement":{"Action":["s3:ListAllMyBuckets"]}}"#)];
const POLICY_S3_IAM: &[(&str, &str)] = &[
    POLICY[0],
    ("requestParameters.policyDocument", r#"{"Statement":{"Action":["s3:ListAllMyBuckets","iam:List*"]}}"#),
];
const ROLE_FOR_ALICE: &[(&str, &str)] =
    &[ROLE[0], ("requestParameters.policyDocument", r#"{"Principal":{"AWS":"arn:aws:iam::111122223333:user/alice"}}"#)];
const ROLE_FOR_ACCOUNT: &[(&str, &str)] =
    &[ROLE[0], ("requestParameters.policyDocument", r#"{"Principal":{"AWS":"arn:aws:iam::111122223333:root"}}"#)];
const ROLE_FOR_EVERYBODY: &[(&str, &str)] =
    &[ROLE[0], ("requestParameters.policyDocument", r#"{"Principal":{"AWS":"*"}}"#)];
const ROLE_FOR_BOB: &[(&str, &str)] =
    &[ROLE[0], ("requestParameters.policyDocument", r#"{"Principal":{"AWS":"arn:aws:iam::111122223333:user/bob"}}"#)];
const ROLE_FOR_EC2: &[(&str, &str)] =
    &[ROLE[0], ("requestParameters.policyDocument", r#"{"Principal":{"Service":"ec2.amazonaws.com"}}"#)];
const TAKE: &[(&str, &str)] = &[("requestParameters.roleArn", "arn:aws:iam::111122223333:role/ops/Deploy")];
const ATTACH: Event = (1, "iam:AttachUserPolicy", false, SELF);

#[test]
fn a_denied_call_works_after_a_step() {
    let denied = (0, "s3:ListBuckets", true, NONE);
    let works = |minute| (minute, "s3:ListBuckets", false, NONE);
    check(&[denied, ATTACH, works(9)], &[(HIGH, &[0, 1, 2])]);
    check(&[denied, ATTACH, works(361)], &[(HIGH, &[0, 1, 2])]);
    check(&[denied, ATTACH, works(362)], &[]);
    check_trial(&trial(&[denied, ATTACH, works(362)]).option("hours", 7), &[(HIGH, &[0, 1, 2])]);
    check_trial(&trial(&[denied, ATTACH, works(9)]).option("ignore", ["user/alice"]), &[]);
    // Neither alone is enough, and another user's rights are no step.
    check(&[denied, ATTACH], &[]);
    check(&[denied, works(9)], &[]);
    check(&[ATTACH, works(9)], &[]);
    check(&[denied, (1, "iam:AttachUserPolicy", false, OTHER), works(9)], &[]);
    check(&[denied, (1, "iam:AttachUserPolicy", true, SELF), works(9)], &[]);
    check(&[denied, (1, "iam:AddUserToGroup", false, OTHER), works(9)], &[]);
    check(&[denied, (1, "iam:AddUserToGroup", false, SELF), works(9)], &[(HIGH, &[0, 1, 2])]);
    check(&[denied, (1, "other:AttachUserPolicy", false, SELF), works(9)], &[]);
    // A denial of long ago counts, one behind the step does not.
    check(&[(-9_999, "s3:ListBuckets", true, NONE), ATTACH, works(9)], &[(HIGH, &[0, 1, 2])]);
    check(&[ATTACH, (2, "s3:ListBuckets", true, NONE), works(9)], &[]);
    // What worked before was a passing fault.
    check(&[works(-1), denied, ATTACH, works(9)], &[]);
    // A policy or group may be one's own, or not.
    let policy = (1, "iam:CreatePolicyVersion", false, POLICY);
    let (unlisted, lists) = ((0, "iam:ListUsers", true, NONE), (10, "iam:ListUsers", false, NONE));
    check(&[denied, policy, works(9)], &[]);
    check(&[denied, unlisted, policy, works(9), lists], &[(HIGH, &[0, 1, 2, 3, 4])]);
    let version = |fields| [denied, unlisted, (1, "iam:CreatePolicyVersion", false, fields), works(9), lists];
    check(&version(POLICY_STAR), &[(HIGH, &[0, 1, 2, 3, 4])]);
    check(&version(POLICY_S3_IAM), &[(HIGH, &[0, 1, 2, 3, 4])]);
    check(&version(POLICY_S3), &[]);
    let after = |minute| {
        [
            denied,
            unlisted,
            (minute, "iam:CreatePolicyVersion", false, POLICY),
            (400, "s3:ListBuckets", false, NONE),
            (401, "iam:ListUsers", false, NONE),
        ]
    };
    check(&after(360), &[(HIGH, &[0, 1, 2, 3, 4])]);
    check(&after(361), &[]);
}

#[test]
fn a_role_is_changed_and_taken() {
    let trust = (1, "iam:UpdateAssumeRolePolicy", false, ROLE);
    check(&[trust, (2, "sts:AssumeRole", false, TAKE)], &[(None, &[0, 1])]);
    check(&[(0, "sts:AssumeRole", true, TAKE), trust, (2, "sts:AssumeRole", false, TAKE)], &[(HIGH, &[0, 1, 2])]);
    check(&[(0, "sts:AssumeRole", false, TAKE), trust, (2, "sts:AssumeRole", false, TAKE)], &[]);
    let trust = |fields| [(1, "iam:UpdateAssumeRolePolicy", false, fields), (2, "sts:AssumeRole", false, TAKE)];
    check(&trust(ROLE_FOR_ALICE), &[(None, &[0, 1])]);
    check(&trust(ROLE_FOR_ACCOUNT), &[(None, &[0, 1])]);
    check(&trust(ROLE_FOR_EVERYBODY), &[(None, &[0, 1])]);
    check(&trust(ROLE_FOR_EC2), &[]);
    check(&trust(ROLE_FOR_BOB), &[]);
    let attach = |fields| [(1, "iam:AttachRolePolicy", false, fields), (2, "sts:AssumeRole", false, TAKE)];
    check(&attach(ROLE_ADMIN), &[(None, &[0, 1])]);
    check(&attach(ROLE), &[]);
    let put = |fields| [(1, "iam:PutRolePolicy", false, fields), (2, "sts:AssumeRole", false, TAKE)];
    check(&put(ROLE_STAR), &[(None, &[0, 1])]);
    check(&put(ROLE_READ), &[]);
    check(&[(1, "iam:GetRole", false, ROLE), (2, "sts:AssumeRole", false, TAKE)], &[]);
}

#[test]
fn new_kinds_of_changes_after_a_change_of_own_rights() {
    let kinds =
        [(2, "iam:CreateUser", false, OTHER), (3, "iam:CreateRole", false, ROLE), (4, "iam:TagUser", false, OTHER)];
    check(&[&[ATTACH][..], &kinds].concat(), &[(None, &[0, 1, 2, 3])]);
    check(&[&[ATTACH][..], &kinds[..2]].concat(), &[]);
    check(&kinds, &[]);
    check(&[(0, "iam:CreateUser", false, OTHER), ATTACH, kinds[0], kinds[1], kinds[2]], &[]);
    check(&[ATTACH, (2, "iam:ListUsers", false, NONE), kinds[0], kinds[1]], &[]);
}

#[test]
fn credentials_for_another_user_after_denials() {
    let denials =
        [(0, "iam:CreateUser", true, OTHER), (1, "s3:ListBuckets", true, NONE), (2, "iam:ListRoles", true, NONE)];
    let key = |minute, fields| (minute, "iam:CreateAccessKey", false, fields);
    check(&[&denials[..], &[key(9, OTHER)]].concat(), &[(HIGH, &[0, 2, 1, 3])]);
    check(&[&denials[..], &[key(360, OTHER)]].concat(), &[(HIGH, &[0, 2, 1, 3])]);
    check(&[&denials[..], &[key(361, OTHER)]].concat(), &[]);
    check(&[&denials[..2], &[key(9, OTHER)]].concat(), &[]);
    check(&[&denials[..], &[key(9, SELF)]].concat(), &[]);
    check(&[key(9, OTHER)], &[]);
    // The start page of the console is denied the bill every day.
    let bill = (3, "ce:GetCostAndUsage", true, NONE);
    check(&[denials[0], denials[1], bill, key(9, OTHER)], &[]);
}

#[test]
fn services_spell_denials_differently() {
    let check = |error: &str, expected: bool| assert_eq!(path::is_denial(error), expected, "{error}");
    check("AccessDenied", true);
    check("AccessDeniedException", true);
    check("Client.UnauthorizedOperation", true);
    check("AuthorizationError", true);
    check("ThrottlingException", false);
    check("NoSuchBucket", false);
}

#[test]
fn why_lists_steps_and_gains() {
    let events = [(0, "s3:ListBuckets", true, NONE), ATTACH, (9, "s3:ListBuckets", false, NONE)];
    let expected = "User alice changed its own rights (AttachUserPolicy AdministratorAccess), and within 8 minutes called \
        s3:ListBuckets (denied once before).";
    assert_eq!(trial(&events).run::<PrivilegeEscalationPath>().unwrap()[0].why, expected);
}
