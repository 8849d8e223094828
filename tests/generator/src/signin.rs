//! Console sign-ins, which have an order that ordinary records do not have: people sign in on
//! working mornings, with MFA, and some mistype their code once or twice before they get in.

use crate::actor::{Actor, Kind};
use crate::clock::DAY;
use crate::random::Random;
use crate::schedule::Scheduled;
use crate::template::Template;
use crate::world::Account;

/// The most failures in a row from one address in a trail without a story.
pub const MOST_FAILURES: u64 = 2;
/// How many users of an account sign in to the console.
const USERS: u64 = 12;

/// A record of a sign-in from what tells two of them apart.
macro_rules! sign_in {
    ($identity:literal, $address:literal, $agent:literal, $outcome:literal, $mfa:literal) => {
        concat!(
            r#"{"eventVersion":"1.08","userIdentity":"#,
            $identity,
            r#","eventTime":"$time","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"$region","sourceIPAddress":""#,
            $address,
            r#"","userAgent":""#,
            $agent,
            r#"","#,
            $outcome,
            r#","additionalEventData":{"LoginTo":"https://console.aws.amazon.com/console/home?hashArgs=%23&isauthcode=true&state=hashArgsFromTB_$region_$short","MobileVersion":"No","MFAUsed":""#,
            $mfa,
            r#""},"eventID":"$eventid","readOnly":false,"eventType":"AwsConsoleSignIn","managementEvent":true,"#,
            r#""recipientAccountId":"$account","eventCategory":"Management","tlsDetails":{"tlsVersion":"TLSv1.3","#,
            r#""cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"signin.aws.amazon.com"}}"#
        )
    };
}
pub(crate) use sign_in;

const SUCCESS: &str = sign_in!(
    r#"{"type":"IAMUser","principalId":"$aida","arn":"arn:aws:iam::$account:user/$username","accountId":"$account","userName":"$username"}"#,
    "$homeaddress",
    "$browser",
    r#""requestParameters":null,"responseElements":{"ConsoleLogin":"Success"}"#,
    "Yes"
);
const FAILURE: &str = sign_in!(
    r#"{"type":"IAMUser","principalId":"$aida","accountId":"$account","accessKeyId":"","userName":"$username"}"#,
    "$homeaddress",
    "$browser",
    r#""errorMessage":"Failed authentication","requestParameters":null,"responseElements":{"ConsoleLogin":"Failure"}"#,
    "Yes"
);

/// The templates of sign-ins.
pub fn templates() -> [Template; 2] {
    [Template::new(SUCCESS), Template::new(FAILURE)]
}

/// The place of success in [`templates`].
const SUCCEEDS: usize = 0;
/// The place of failure in [`templates`].
const FAILS: usize = 1;

/// Appends the sign-ins of an account, at most about `budget` successful ones.
pub fn schedule(out: &mut Vec<Scheduled>, account: &Account, start: i64, days: i64, budget: u64) {
    for day in 0..days {
        let midnight = start + day * DAY;
        // 1970-01-01 was a Thursday.
        let weekend = (midnight.div_euclid(DAY) + 3).rem_euclid(7) >= 5;
        for user in (0..USERS).filter(|_| !weekend) {
            let mut random = Random::of(&[account.seed, 81, midnight as u64, user]);
            if !random.chance(budget, USERS * days as u64) {
                continue;
            }
            let actor = Actor::new(account, "us-east-1", Kind::ConsoleUser, user);
            let time = midnight + 7 * 3_600 + random.below(3 * 3_600) as i64;
            let failures = match random.below(24) {
                0 => MOST_FAILURES,
                1..=3 => 1,
                _ => 0,
            };
            for failure in 0..failures as i64 {
                let time = time - 25 * (failure + 1) - random.below(8) as i64;
                out.push(Scheduled { time, actor, session: time, template: FAILS });
            }
            out.push(Scheduled { time, actor, session: time, template: SUCCEEDS });
        }
    }
}
