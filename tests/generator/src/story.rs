//! The attack that can be woven into a trail, step by step.
//!
//! All of it happens in the first account, in us-east-1, in the night in the middle of the
//! period: somebody guesses the console password of a user without MFA, makes a second user with
//! every right, stops the trail, shares a snapshot with everyone, reads every secret, uses an
//! instance's credentials from outside to copy a bucket, and signs in as root the night after
//! (or, in a trail of one day, three hours later).

use crate::Plan;
use crate::actor::{Actor, Kind};
use crate::clock::DAY;
use crate::schedule::{STORY, Scheduled};
use crate::signin::sign_in;
use crate::slot;
use crate::template::Template;
use crate::world::Account;

/// The address that passwords are guessed from, and that the intruder works from.
pub const ADDRESS: &str = "198.51.100.77";
/// The address that the instance's credentials are used from.
pub const OUTSIDE_ADDRESS: &str = "198.51.100.203";
/// The user that the intruder makes.
pub const BACKDOOR_USER: &str = "svc-backup-sync";
/// Failed sign-ins, one after the other, before the one that works.
pub const FAILED_SIGN_INS: u64 = 7;
/// Secrets that are read within three minutes.
pub const SECRETS_READ: u64 = 40;
/// Objects that are read with the instance's role from outside.
pub const OBJECTS_READ: u64 = 60;
/// Records by root.
pub const ROOT_EVENTS: u64 = 4;
/// Records of the whole story.
pub const RECORDS: u64 = FAILED_SIGN_INS + 1 + 13 + SECRETS_READ + 2 + OBJECTS_READ + ROOT_EVENTS;

/// What is in a trail with the attack, for tests and for a tour of the demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attack {
    /// The account that it happens in.
    pub account: String,
    /// The region that records it.
    pub region: &'static str,
    /// The user whose password is guessed.
    pub user: String,
    /// The instance whose credentials are used from outside.
    pub instance: String,
    /// The first failed sign-in: seconds since 1970, UTC.
    pub starts: i64,
    /// The sign-in that works, without MFA.
    pub breaks_in: i64,
    /// The first record by root.
    pub root: i64,
}

/// The user whose password is guessed.
const VICTIM: u64 = 5;
/// The instance whose credentials are used from outside.
const INSTANCE: u64 = 4;

/// One record of the story from what tells two of them apart.
macro_rules! step {
    ($version:literal, $identity:expr, $source:literal, $name:literal, $address:literal, $agent:expr,
     $outcome:literal, $read:literal, $category:expr) => {
        concat!(
            r#"{"eventVersion":"1."#, $version, r#"","userIdentity":"#, $identity,
            r#","eventTime":"$time","eventSource":""#, $source, r#".amazonaws.com","eventName":""#, $name,
            r#"","awsRegion":"$region","sourceIPAddress":""#, $address, r#"","userAgent":""#, $agent, r#"","#, $outcome,
            r#","requestID":"$requestid","eventID":"$eventid","readOnly":"#, $read,
            r#","eventType":"AwsApiCall","#, $category,
            r#","recipientAccountId":"$account","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":""#,
            $source, r#".amazonaws.com"}}"#
        )
    };
}
macro_rules! management {
    () => {
        r#""managementEvent":true,"eventCategory":"Management""#
    };
}
macro_rules! agent {
    (browser) => {
        "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0"
    };
    (cli) => {
        "aws-cli/2.15.30 Python/3.11.8 Linux/6.6.9-amd64 exe/x86_64.kali.2024 prompt/off"
    };
}
macro_rules! victim {
    () => { concat!(
        r#"{"type":"IAMUser","principalId":"$aida","arn":"arn:aws:iam::$account:user/$username","accountId":"$account","#,
        r#""accessKeyId":"$asia","userName":"$username","sessionContext":{"sessionIssuer":{},"webIdFederationData":{},"#,
        r#""attributes":{"creationDate":"$created","mfaAuthenticated":"false"}}}"#
    ) };
}
macro_rules! backdoor {
    () => {
        concat!(
            r#"{"type":"IAMUser","principalId":"$intruderid","arn":"arn:aws:iam::$account:user/svc-backup-sync","#,
            r#""accountId":"$account","accessKeyId":"$intruderkey","userName":"svc-backup-sync"}"#
        )
    };
}
macro_rules! instance {
    () => { concat!(
        r#"{"type":"AssumedRole","principalId":"$aroa:$session","arn":"arn:aws:sts::$account:assumed-role/$actorrole/$session","#,
        r#""accountId":"$account","accessKeyId":"$asia","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"$aroa","#,
        r#""arn":"arn:aws:iam::$account:role/$actorrole","accountId":"$account","userName":"$actorrole"},"#,
        r#""attributes":{"creationDate":"$created","mfaAuthenticated":"false"},"ec2RoleDelivery":"2.0"}}"#
    ) };
}
macro_rules! root {
    () => {
        concat!(
            r#"{"type":"Root","principalId":"$account","arn":"arn:aws:iam::$account:root","accountId":"$account","#,
            r#""accessKeyId":"$asia","sessionContext":{"sessionIssuer":{},"webIdFederationData":{},"#,
            r#""attributes":{"creationDate":"$created","mfaAuthenticated":"true"}}}"#
        )
    };
}

/// The templates in the order of the story.
#[rustfmt::skip]
const STEPS: &[&str] = &[
    // 0, 1: the guessing, and the guess that is right
    sign_in!(r#"{"type":"IAMUser","principalId":"$aida","accountId":"$account","accessKeyId":"","userName":"$username"}"#, "198.51.100.77", "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0", r#""errorMessage":"Failed authentication","requestParameters":null,"responseElements":{"ConsoleLogin":"Failure"}"#, "No"),
    sign_in!(r#"{"type":"IAMUser","principalId":"$aida","arn":"arn:aws:iam::$account:user/$username","accountId":"$account","userName":"$username"}"#, "198.51.100.77", "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0", r#""requestParameters":null,"responseElements":{"ConsoleLogin":"Success"}"#, "No"),
    // 2–6: looking around
    step!("08", victim!(), "sts", "GetCallerIdentity", "198.51.100.77", agent!(browser), r#""requestParameters":null,"responseElements":null"#, "true", management!()),
    step!("09", victim!(), "iam", "ListUsers", "198.51.100.77", agent!(browser), r#""requestParameters":null,"responseElements":null"#, "true", management!()),
    step!("09", victim!(), "iam", "GetAccountAuthorizationDetails", "198.51.100.77", agent!(browser), r#""requestParameters":{"filter":["User","Role","LocalManagedPolicy"]},"responseElements":null"#, "true", management!()),
    step!("09", victim!(), "s3", "ListBuckets", "198.51.100.77", agent!(browser), r#""requestParameters":{"Host":"s3.amazonaws.com"},"responseElements":null"#, "true", management!()),
    step!("09", victim!(), "organizations", "DescribeOrganization", "198.51.100.77", agent!(browser), r#""errorCode":"AccessDenied","errorMessage":"User: arn:aws:iam::$account:user/$username is not authorized to perform: organizations:DescribeOrganization","requestParameters":null,"responseElements":null"#, "true", management!()),
    // 7–10: a second user with a key and every right
    step!("09", victim!(), "iam", "CreateUser", "198.51.100.77", agent!(browser), r#""requestParameters":{"userName":"svc-backup-sync"},"responseElements":{"user":{"path":"/","userName":"svc-backup-sync","userId":"$intruderid","arn":"arn:aws:iam::$account:user/svc-backup-sync","createDate":"$date"}}"#, "false", management!()),
    step!("09", victim!(), "iam", "CreateAccessKey", "198.51.100.77", agent!(browser), r#""requestParameters":{"userName":"svc-backup-sync"},"responseElements":{"accessKey":{"userName":"svc-backup-sync","accessKeyId":"$intruderkey","status":"Active","createDate":"$date"}}"#, "false", management!()),
    step!("09", victim!(), "iam", "PutUserPolicy", "198.51.100.77", agent!(browser), r#""requestParameters":{"userName":"svc-backup-sync","policyName":"sync","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"},"responseElements":null"#, "false", management!()),
    step!("09", victim!(), "iam", "AttachUserPolicy", "198.51.100.77", agent!(browser), r#""requestParameters":{"userName":"svc-backup-sync","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"},"responseElements":null"#, "false", management!()),
    // 11–14: the new user hides and shares
    step!("08", backdoor!(), "sts", "GetCallerIdentity", "198.51.100.77", agent!(cli), r#""requestParameters":null,"responseElements":null"#, "true", management!()),
    step!("09", backdoor!(), "cloudtrail", "StopLogging", "198.51.100.77", agent!(cli), r#""requestParameters":{"name":"arn:aws:cloudtrail:us-east-1:$account:trail/account-trail"},"responseElements":null"#, "false", management!()),
    step!("10", backdoor!(), "ec2", "DescribeSnapshots", "198.51.100.77", agent!(cli), r#""requestParameters":{"maxResults":1000,"ownersSet":{"items":[{"owner":"self"}]},"snapshotSet":{},"sharedUsersSet":{},"filterSet":{}},"responseElements":null"#, "true", management!()),
    step!("10", backdoor!(), "ec2", "ModifySnapshotAttribute", "198.51.100.77", agent!(cli), r#""requestParameters":{"snapshotId":"$snapshot","createVolumePermission":{"add":{"items":[{"group":"all"}]}},"attributeType":"CREATE_VOLUME_PERMISSION"},"responseElements":{"requestId":"$requestid","_return":true}"#, "false", management!()),
    // 15: secrets in bulk
    step!("09", backdoor!(), "secretsmanager", "GetSecretValue", "198.51.100.77", agent!(cli), r#""requestParameters":{"secretId":"arn:aws:secretsmanager:us-east-1:$account:secret:$secret"},"responseElements":null"#, "true", management!()),
    // 16–18: an instance's role, used from outside
    step!("08", instance!(), "sts", "GetCallerIdentity", "198.51.100.203", agent!(cli), r#""requestParameters":null,"responseElements":null"#, "true", management!()),
    step!("09", instance!(), "s3", "ListObjects", "198.51.100.203", agent!(cli), r#""requestParameters":{"list-type":"2","bucketName":"northwind-customer-documents-production","encoding-type":"url","prefix":"","Host":"northwind-customer-documents-production.s3.us-east-1.amazonaws.com"},"responseElements":null"#, "true", r#""managementEvent":false,"eventCategory":"Data""#),
    step!("09", instance!(), "s3", "GetObject", "198.51.100.203", agent!(cli), r#""requestParameters":{"bucketName":"northwind-customer-documents-production","Host":"northwind-customer-documents-production.s3.us-east-1.amazonaws.com","key":"contracts/$short.pdf"},"responseElements":null,"additionalEventData":{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"$mark","bytesTransferredOut":$bytes},"resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::northwind-customer-documents-production/contracts/$short.pdf"},{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::northwind-customer-documents-production"}]"#, "true", r#""managementEvent":false,"eventCategory":"Data""#),
    // 19–22: root
    sign_in!(r#"{"type":"Root","principalId":"$account","arn":"arn:aws:iam::$account:root","accountId":"$account","accessKeyId":""}"#, "198.51.100.77", "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0", r#""requestParameters":null,"responseElements":{"ConsoleLogin":"Success"}"#, "Yes"),
    step!("09", root!(), "iam", "GetAccountSummary", "198.51.100.77", agent!(browser), r#""requestParameters":null,"responseElements":null"#, "true", management!()),
    step!("09", root!(), "iam", "CreateAccessKey", "198.51.100.77", agent!(browser), r#""requestParameters":null,"responseElements":{"accessKey":{"accessKeyId":"$akid","status":"Active","userName":"root","createDate":"$date"}}"#, "false", management!()),
    step!("09", root!(), "iam", "DeactivateMFADevice", "198.51.100.77", agent!(browser), r#""requestParameters":{"serialNumber":"arn:aws:iam::$account:mfa/root-account-mfa-device"},"responseElements":null"#, "false", management!()),
];

/// The templates of the story.
pub fn templates() -> impl Iterator<Item = Template> {
    STEPS.iter().map(|step| Template::new(step))
}

/// The facts of the attack in a plan's trail.
pub fn attack(plan: &Plan, account: &Account) -> Attack {
    let starts = plan.start + i64::from(plan.days / 2) * DAY + 2 * 3_600 + 11 * 60;
    let mut user = Vec::new();
    slot::user_name(&mut user, Kind::ConsoleUser, VICTIM);
    Attack {
        account: account.id.clone(),
        region: "us-east-1",
        user: String::from_utf8_lossy(&user).into_owned(),
        instance: slot::instance_name(account, "us-east-1", INSTANCE),
        starts,
        breaks_in: starts + FAILED_SIGN_INS as i64 * 33,
        root: if plan.days > 2 { starts + DAY } else { starts + 3 * 3_600 },
    }
}

/// Appends the steps of the story.
pub fn schedule(out: &mut Vec<Scheduled>, plan: &Plan, account: &Account) {
    let attack = attack(plan, account);
    let victim = Actor::new(account, attack.region, Kind::ConsoleUser, VICTIM);
    let instance = Actor::new(account, attack.region, Kind::Server, INSTANCE);
    let root = Actor::new(account, attack.region, Kind::Root, 0);
    let mut add = |time: i64, actor: Actor, session: i64, step: usize| {
        out.push(Scheduled { time, actor, session, template: STORY + step });
    };
    for guess in 0..FAILED_SIGN_INS as i64 {
        add(attack.starts + guess * 33, victim, attack.starts, 0);
    }
    let inside = attack.breaks_in;
    add(inside, victim, inside, 1);
    for step in 2..=14 {
        add(inside + 40 + step as i64 * 47, victim, inside + 1, step);
    }
    for secret in 0..SECRETS_READ as i64 {
        add(inside + 1_200 + secret * 4, victim, inside, 15);
    }
    let stolen = inside + 2_700;
    for step in 16..=17 {
        add(stolen + step as i64, instance, stolen - 900, step);
    }
    for object in 0..OBJECTS_READ as i64 {
        add(stolen + 60 + object * 7, instance, stolen - 900, 18);
    }
    for (step, after) in (19..).zip([0, 70, 150, 210]) {
        add(attack.root + after, root, attack.root, step);
    }
}
