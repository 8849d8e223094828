//! Calls that fail: error codes and messages in the words of each kind of service.

use crate::random::Random;

/// A way to fail. Templates; `errorMessage` may be empty, then the record has none.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// The errorCode.
    pub code: &'static str,
    /// The errorMessage, a template.
    pub message: &'static str,
    /// Whether the request is still recorded: a denied call often loses its parameters.
    pub request: Request,
}

/// What becomes of requestParameters when a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// They are recorded.
    Kept,
    /// They are null.
    Dropped,
}

const fn fault(code: &'static str, message: &'static str, request: Request) -> Fault {
    Fault { code, message, request }
}

const DENIED: Fault = fault(
    "AccessDenied",
    "User: $actorarn is not authorized to perform: $action:$event on resource: arn:aws:$action:$region:$account:* because no identity-based policy allows the $action:$event action",
    Request::Dropped,
);
const SLOW: Fault = fault("ThrottlingException", "Rate exceeded", Request::Dropped);

/// Failures of most services.
pub const COMMON: &[Fault] = &[
    DENIED,
    SLOW,
    fault("ResourceNotFoundException", "Requested resource not found: $word-$short", Request::Kept),
    fault(
        "ValidationException",
        "1 validation error detected: Value null at '$word' failed to satisfy constraint: Member must not be null",
        Request::Dropped,
    ),
];
/// Failures of EC2, which has its own codes.
pub const EC2: &[Fault] = &[
    fault(
        "Client.UnauthorizedOperation",
        "You are not authorized to perform this operation. User: $actorarn is not authorized to perform: ec2:$event because no identity-based policy allows the ec2:$event action. Encoded authorization failure message: $blob",
        Request::Dropped,
    ),
    fault("Client.RequestLimitExceeded", "Request limit exceeded.", Request::Dropped),
    fault("Client.InvalidInstanceID.NotFound", "The instance ID 'i-0$hex' does not exist", Request::Kept),
    fault("Client.DryRunOperation", "Request would have succeeded, but DryRun flag is set.", Request::Kept),
];
const S3_DENIED: Fault = fault(
    "AccessDenied",
    "User: $actorarn is not authorized to perform: s3:$event on resource: \\\"arn:aws:s3:::$bucket\\\" because no identity-based policy allows the s3:$event action",
    Request::Kept,
);
/// Failures of calls on S3 objects.
pub const OBJECTS: &[Fault] = &[S3_DENIED, fault("NoSuchKey", "The specified key does not exist.", Request::Kept)];
/// Failures of calls on S3 buckets.
pub const BUCKETS: &[Fault] = &[
    S3_DENIED,
    fault("NoSuchBucketPolicy", "The bucket policy does not exist", Request::Kept),
    fault(
        "ServerSideEncryptionConfigurationNotFoundError",
        "The server side encryption configuration was not found",
        Request::Kept,
    ),
];
/// Failures of IAM and STS.
pub const IAM: &[Fault] = &[
    fault(
        "AccessDenied",
        "User: $actorarn is not authorized to perform: $action:$event on resource: arn:aws:iam::$account:role/$role",
        Request::Dropped,
    ),
    fault("NoSuchEntityException", "The role with name $role-$short cannot be found.", Request::Kept),
    fault("ThrottlingException", "Rate exceeded", Request::Dropped),
    fault("EntityAlreadyExistsException", "Role with name $role already exists.", Request::Kept),
];

/// How many calls in a thousand fail.
pub const RATE: u64 = 38;

/// One of the failures, the first much more often than the last.
pub fn draw(faults: &'static [Fault], random: &mut Random) -> usize {
    random.skewed(faults.len() as u64) as usize
}
