//! Identities, sessions and sign-ins.

use super::{Access, Event, Plane, Service, read, service, service_event, write};
use crate::fault;

const ROLE: &str = r#"{"accountId":"$account","type":"AWS::IAM::Role","ARN":"arn:aws:iam::$account:role/$role"}"#;
/// What a caller gets who assumes a role.
const CREDENTIALS: &str = concat!(
    r#"{"credentials":{"accessKeyId":"$asid","sessionToken":"$token","expiration":"$expiry"},"#,
    r#""assumedRoleUser":{"assumedRoleId":"$roleid:$rolesession","arn":"arn:aws:sts::$account:assumed-role/$role/$rolesession"}}"#
);

const fn sign_in(name: &'static str, request: &'static str) -> Event {
    Event::new(name, Access::Read, Plane::Management, request, CREDENTIALS).about(ROLE)
}

pub const SERVICES: &[Service] = &[
    service(
        "sts.amazonaws.com",
        "sts",
        "sts.$region.amazonaws.com",
        "08",
        &[
            sign_in("AssumeRole", r#"{"roleArn":"arn:aws:iam::$account:role/$role","roleSessionName":"$rolesession","durationSeconds":3600}"#),
            read("GetCallerIdentity", "null"),
            sign_in("AssumeRoleWithWebIdentity", r#"{"roleArn":"arn:aws:iam::$account:role/$role","roleSessionName":"$rolesession","durationSeconds":900}"#).with(r#"{"identityProviderConnectionVerificationMethod":"IAMTrustStore"}"#),
            Event::new("GetSessionToken", Access::Read, Plane::Management, r#"{"durationSeconds":43200}"#, r#"{"credentials":{"accessKeyId":"$asid","sessionToken":"$token","expiration":"$expiry"}}"#),
            Event::new("GetFederationToken", Access::Read, Plane::Management, r#"{"name":"analyst-$small","durationSeconds":3600,"policy":"$document"}"#, r#"{"credentials":{"accessKeyId":"$asid","sessionToken":"$token","expiration":"$expiry"},"federatedUser":{"federatedUserId":"$account:analyst-$small","arn":"arn:aws:sts::$account:federated-user/analyst-$small"},"packedPolicySize":$small}"#),
            read("DecodeAuthorizationMessage", r#"{"encodedMessage":"$blob"}"#),
        ],
    )
    .fails(fault::IAM),
    service(
        "sts.amazonaws.com",
        "saml",
        "sts.amazonaws.com",
        "08",
        &[sign_in("AssumeRoleWithSAML", r#"{"sAMLAssertionID":"_$uuid","roleSessionName":"$actoremail","durationSeconds":3600,"roleArn":"arn:aws:iam::$account:role/$role","principalArn":"arn:aws:iam::$account:saml-provider/northwind-idp"}"#)],
    )
    .global()
    .fails(fault::IAM),
    service(
        "iam.amazonaws.com",
        "iam",
        "iam.amazonaws.com",
        "09",
        &[
            read("GetRole", r#"{"roleName":"$role"}"#),
            read("ListAttachedRolePolicies", r#"{"roleName":"$role"}"#),
            read("ListRolePolicies", r#"{"roleName":"$role"}"#),
            read("GetPolicy", r#"{"policyArn":"arn:aws:iam::aws:policy/$policy"}"#),
            read("GetPolicyVersion", r#"{"policyArn":"arn:aws:iam::aws:policy/$policy","versionId":"v$small"}"#),
            read("ListRoles", r#"{"maxItems":$count}"#),
            read("GetUser", r#"{"userName":"$user"}"#),
            read("ListUsers", "null"),
            read("ListAccessKeys", r#"{"userName":"$user"}"#),
            read("GetRolePolicy", r#"{"roleName":"$role","policyName":"inline-$word"}"#),
            read("ListInstanceProfilesForRole", r#"{"roleName":"$role"}"#),
            read("ListMFADevices", r#"{"userName":"$user"}"#),
            read("GetAccountSummary", "null"),
            read("GenerateCredentialReport", "null"),
            read("GetAccessKeyLastUsed", r#"{"accessKeyId":"$akid"}"#),
            read("ListGroupsForUser", r#"{"userName":"$user"}"#),
            read("GetInstanceProfile", r#"{"instanceProfileName":"$role"}"#),
            read("SimulatePrincipalPolicy", r#"{"policySourceArn":"arn:aws:iam::$account:role/$role","actionNames":["s3:GetObject","kms:Decrypt"],"resourceArns":["*"]}"#),
            write("PutRolePolicy", r#"{"roleName":"$role","policyName":"inline-$word","policyDocument":"$document"}"#, "null"),
            write("AttachRolePolicy", r#"{"roleName":"$role","policyArn":"arn:aws:iam::aws:policy/$policy"}"#, "null"),
            write("CreateRole", r#"{"roleName":"$role-$short","description":"$text","assumeRolePolicyDocument":"$trust","path":"/","maxSessionDuration":3600,"tags":[$tags]}"#, r#"{"role":{"path":"/","roleName":"$role-$short","roleId":"$roleid","arn":"arn:aws:iam::$account:role/$role-$short","createDate":"$date","assumeRolePolicyDocument":"%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22ec2.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D","maxSessionDuration":3600}}"#),
            write("UpdateAssumeRolePolicy", r#"{"roleName":"$role","policyDocument":"$trust"}"#, "null"),
            write("CreatePolicyVersion", r#"{"policyArn":"arn:aws:iam::$account:policy/$team-$word","policyDocument":"$document","setAsDefault":true}"#, r#"{"policyVersion":{"versionId":"v$small","isDefaultVersion":true,"createDate":"$date"}}"#),
            write("CreatePolicy", r#"{"policyName":"$team-$word","description":"$text","policyDocument":"$document"}"#, r#"{"policy":{"policyName":"$team-$word","policyId":"$policyid","arn":"arn:aws:iam::$account:policy/$team-$word","path":"/","defaultVersionId":"v1","attachmentCount":0,"isAttachable":true,"createDate":"$date","updateDate":"$date"}}"#),
            write("DetachRolePolicy", r#"{"roleName":"$role","policyArn":"arn:aws:iam::aws:policy/$policy"}"#, "null"),
            write("DeleteRole", r#"{"roleName":"$role-$short"}"#, "null"),
            write("TagRole", r#"{"roleName":"$role","tags":[$tags]}"#, "null"),
            write("CreateServiceLinkedRole", r#"{"aWSServiceName":"ecs.amazonaws.com"}"#, r#"{"role":{"path":"/aws-service-role/ecs.amazonaws.com/","roleName":"AWSServiceRoleForECS","roleId":"$roleid","createDate":"$date"}}"#),
            write("UpdateAccessKey", r#"{"userName":"$user","status":"Inactive","accessKeyId":"$akid"}"#, "null"),
            write("EnableMFADevice", r#"{"userName":"$user","serialNumber":"arn:aws:iam::$account:mfa/$user"}"#, "null"),
            write("ChangePassword", "null", "null"),
            write("AddUserToGroup", r#"{"groupName":"$team","userName":"$user"}"#, "null"),
        ],
    )
    .global()
    .api("2010-05-08")
    .fails(fault::IAM),
    service(
        "signin.amazonaws.com",
        "signin",
        "signin.aws.amazon.com",
        "08",
        &[
            Event::new("SwitchRole", Access::Write, Plane::ConsoleAction, "null", r#"{"SwitchRole":"Success"}"#).with(r#"{"SwitchFrom":"$actorarn","RedirectTo":"https://console.aws.amazon.com/console/home?region=$region"}"#),
            Event::new("RenewRole", Access::Write, Plane::ConsoleAction, "null", r#"{"RenewRole":"Success"}"#).with(r#"{"RedirectTo":"https://console.aws.amazon.com/"}"#),
            Event::new("GetSigninToken", Access::Read, Plane::ConsoleAction, "null", r#"{"GetSigninToken":"Success"}"#).with(r#"{"MobileVersion":"No","MFAUsed":"No"}"#),
        ],
    )
    .global(),
    service(
        "sso.amazonaws.com",
        "sso",
        "portal.sso.$region.amazonaws.com",
        "11",
        &[
            read("ListAccounts", "null"),
            read("ListAccountRoles", r#"{"accountId":"$other"}"#),
            service_event("Authenticate", r#"{"AuthWorkflowID":"$uuid","CredentialType":"TOTP","UserName":"$actoremail"}"#),
            Event::new("GetRoleCredentials", Access::Read, Plane::ServiceEvent, "null", "null").with(r#"{"role_name":"PowerUserAccess","account_id":"$other"}"#),
            read("ListApplications", "null"),
            service_event("Logout", r#"{"UserName":"$actoremail"}"#),
        ],
    ),
    service(
        "identitystore.amazonaws.com",
        "identitystore",
        "identitystore.$region.amazonaws.com",
        "11",
        &[
            read("DescribeUser", r#"{"identityStoreId":"d-$directory","userId":"$centeruser"}"#),
            read("ListGroupMembershipsForMember", r#"{"identityStoreId":"d-$directory","memberId":{"userId":"$centeruser"}}"#),
        ],
    ),
    service(
        "access-analyzer.amazonaws.com",
        "access-analyzer",
        "access-analyzer.$region.amazonaws.com",
        "09",
        &[
            read("ListFindingsV2", r#"{"analyzerArn":"arn:aws:access-analyzer:$region:$account:analyzer/organisation","maxResults":$count}"#),
            read("ValidatePolicy", r#"{"policyType":"IDENTITY_POLICY","policyDocument":"$document"}"#),
        ],
    ),
];
