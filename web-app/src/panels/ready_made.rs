//! Searches to begin with.
use crate::kit::words::phrase;

/// What it looks for, and the search.
pub struct ReadyMade {
    /// What it looks for, in English.
    pub title: &'static str,
    /// Text in the search language.
    pub query: &'static str,
}

const fn of(title: &'static str, query: &'static str) -> ReadyMade {
    ReadyMade { title, query }
}

/// All of them.
pub const READY_MADE: [ReadyMade; 14] = [
    of(phrase("Calls that were denied"), "errorCode:(*AccessDenied* OR *Unauthorized*)"),
    of(phrase("The root user at work"), "userIdentity.type:Root AND NOT userIdentity.invokedBy:*"),
    of(phrase("Console sign-ins without MFA"), "eventName:ConsoleLogin AND additionalEventData.MFAUsed:No"),
    of(phrase("Console sign-ins that failed"), "eventName:ConsoleLogin AND responseElements.ConsoleLogin:Failure"),
    of(
        phrase("New users, keys and passwords"),
        "eventName:(CreateUser OR CreateAccessKey OR CreateLoginProfile OR UpdateLoginProfile)",
    ),
    of(phrase("Policies attached or written"), "eventName:(Attach*Policy OR Put*Policy OR CreatePolicyVersion)"),
    of(phrase("Roles taken from elsewhere"), "eventName:AssumeRole* AND NOT userIdentity.type:AWSService"),
    of(
        phrase("Logging stopped or changed"),
        "eventName:(StopLogging OR DeleteTrail OR UpdateTrail OR PutEventSelectors)",
    ),
    of(phrase("Secrets and parameters read"), "eventName:(GetSecretValue OR BatchGetSecretValue OR GetParameter*)"),
    of(
        phrase("Buckets opened or changed"),
        "eventName:(PutBucketPolicy OR PutBucketAcl OR DeletePublicAccessBlock OR DeleteBucketPolicy)",
    ),
    of(phrase("Security groups opened"), "eventName:AuthorizeSecurityGroupIngress"),
    of(
        phrase("Instances, snapshots and images shared or started"),
        "eventName:(RunInstances OR ModifySnapshotAttribute OR ModifyImageAttribute)",
    ),
    of(phrase("All that changes something"), "readOnly:false"),
    of(phrase("All but what AWS itself does"), "NOT userIdentity.type:AWSService AND NOT userIdentity.invokedBy:*"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use analyzer_core::predicate::parse;

    #[test]
    fn each_can_be_read() {
        for ReadyMade { title, query } in &READY_MADE {
            assert_eq!(parse(query, Some(0)).problems, [], "{title}: {query}");
        }
    }
}
