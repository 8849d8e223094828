//! The patterns as the benchmark prints them, blanks included.

pub(super) const REFUSED: &str = r#"{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }"#;
pub(super) const REFUSED_OR_ANY: &str = concat!(
    r#"{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") ||"#,
    r#" ($.sourceIPAddress!="delivery.logs.amazonaws.com") || ($.eventName!="HeadBucket") }"#,
);
pub(super) const REFUSED_BUT_DELIVERY: &str = concat!(
    r#"{ ($.errorCode ="*UnauthorizedOperation") ||"#,
    r#" ($.errorCode ="AccessDenied*") && ($.sourceIPAddress!="delivery.logs.amazonaws.com") &&"#,
    r#" ($.eventName!="HeadBucket") }"#,
);
pub(super) const SIGN_IN_WITHOUT_MFA: &str =
    r#"{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }"#;
pub(super) const ROOT: &str =
    r#"{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }"#;
pub(super) const IAM_POLICIES: &str = concat!(
    "{($.eventName=DeleteGroupPolicy)||($.eventName=DeleteRolePolicy)||($.eventName=DeleteUserPolicy)||",
    "($.eventName=PutGroupPolicy)||($.eventName=PutRolePolicy)||($.eventName=PutUserPolicy)||",
    "($.eventName=CreatePolicy)||($.eventName=DeletePolicy)||($.eventName=CreatePolicyVersion)||",
    "($.eventName=DeletePolicyVersion)||($.eventName=AttachRolePolicy)||($.eventName=DetachRolePolicy)||",
    "($.eventName=AttachUserPolicy)||($.eventName=DetachUserPolicy)||($.eventName=AttachGroupPolicy)||",
    "($.eventName=DetachGroupPolicy)}",
);
pub(super) const TRAILS: &str = concat!(
    "{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) ||",
    " ($.eventName = StartLogging) || ($.eventName = StopLogging) }",
);
pub(super) const FAILED_SIGN_INS: &str =
    r#"{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }"#;
pub(super) const KEYS: &str = concat!(
    "{($.eventSource = kms.amazonaws.com) && (($.eventName=DisableKey)||",
    "($.eventName=ScheduleKeyDeletion)) }",
);
pub(super) const BUCKETS: &str = concat!(
    "{ ($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucketAcl) ||",
    " ($.eventName = PutBucketPolicy) || ($.eventName = PutBucketCors) ||",
    " ($.eventName = PutBucketLifecycle) || ($.eventName = PutBucketReplication) ||",
    " ($.eventName = DeleteBucketPolicy) || ($.eventName = DeleteBucketCors) ||",
    " ($.eventName = DeleteBucketLifecycle) || ($.eventName = DeleteBucketReplication)) }",
);
pub(super) const CONFIG: &str = concat!(
    "{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)||",
    "($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)||",
    "($.eventName=PutConfigurationRecorder)) }",
);
pub(super) const SECURITY_GROUPS: &str = concat!(
    "{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) ||",
    " ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) ||",
    " ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) }",
);
pub(super) const SECURITY_GROUPS_AND_RULES: &str = concat!(
    "{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) ||",
    " ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) ||",
    " ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) ||",
    " ($.eventName = ModifySecurityGroupRules) }",
);
pub(super) const NETWORK_ACLS: &str = concat!(
    "{ ($.eventName = CreateNetworkAcl) || ($.eventName = CreateNetworkAclEntry) ||",
    " ($.eventName = DeleteNetworkAcl) || ($.eventName = DeleteNetworkAclEntry) ||",
    " ($.eventName = ReplaceNetworkAclEntry) || ($.eventName = ReplaceNetworkAclAssociation) }",
);
pub(super) const GATEWAYS: &str = concat!(
    "{ ($.eventName = CreateCustomerGateway) || ($.eventName = DeleteCustomerGateway) ||",
    " ($.eventName = AttachInternetGateway) || ($.eventName = CreateInternetGateway) ||",
    " ($.eventName = DeleteInternetGateway) || ($.eventName = DetachInternetGateway) }",
);
pub(super) const ROUTE_TABLES: &str = concat!(
    "{ ($.eventName = CreateRoute) || ($.eventName = CreateRouteTable) || ($.eventName = ReplaceRoute) ||",
    " ($.eventName = ReplaceRouteTableAssociation) || ($.eventName = DeleteRouteTable) ||",
    " ($.eventName = DeleteRoute) || ($.eventName = DisassociateRouteTable) }",
);
pub(super) const VPCS: &str = concat!(
    "{ ($.eventName = CreateVpc) || ($.eventName = DeleteVpc) || ($.eventName = ModifyVpcAttribute) ||",
    " ($.eventName = AcceptVpcPeeringConnection) || ($.eventName = CreateVpcPeeringConnection) ||",
    " ($.eventName = DeleteVpcPeeringConnection) || ($.eventName = RejectVpcPeeringConnection) ||",
    " ($.eventName = AttachClassicLinkVpc) || ($.eventName = DetachClassicLinkVpc) ||",
    " ($.eventName = DisableVpcClassicLink) || ($.eventName = EnableVpcClassicLink) }",
);
pub(super) const ORGANIZATIONS: &str = concat!(
    r#"{ ($.eventSource = organizations.amazonaws.com) && (($.eventName = "AcceptHandshake") ||"#,
    r#" ($.eventName = "AttachPolicy") || ($.eventName = "CreateAccount") ||"#,
    r#" ($.eventName = "CreateOrganizationalUnit") || ($.eventName = "CreatePolicy") ||"#,
    r#" ($.eventName = "DeclineHandshake") || ($.eventName = "DeleteOrganization") ||"#,
    r#" ($.eventName = "DeleteOrganizationalUnit") || ($.eventName = "DeletePolicy") ||"#,
    r#" ($.eventName = "DetachPolicy") || ($.eventName = "DisablePolicyType") ||"#,
    r#" ($.eventName = "EnablePolicyType") || ($.eventName = "InviteAccountToOrganization") ||"#,
    r#" ($.eventName = "LeaveOrganization") || ($.eventName = "MoveAccount") ||"#,
    r#" ($.eventName = "RemoveAccountFromOrganization") || ($.eventName = "UpdatePolicy") ||"#,
    r#" ($.eventName = "UpdateOrganizationalUnit")) }"#,
);
