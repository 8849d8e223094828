//! Logs, metrics, configuration, security tools and billing.

use super::{Service, read, service, service_event, write};

pub const SERVICES: &[Service] = &[
    service(
        "logs.amazonaws.com",
        "logs",
        "logs.$region.amazonaws.com",
        "08",
        &[
            write("CreateLogStream", r#"{"logGroupName":"$loggroup","logStreamName":"$logstream"}"#, "null"),
            read("DescribeLogStreams", r#"{"logGroupName":"$loggroup","orderBy":"LastEventTime","descending":true,"limit":$count}"#),
            read("DescribeLogGroups", r#"{"logGroupNamePrefix":"$loggroup","limit":$count}"#),
            write("StartQuery", r#"{"logGroupNames":["$loggroup"],"startTime":$epochsince,"endTime":$epoch,"queryString":"fields @timestamp, @message\n| filter @message like /(?i)error/\n| sort @timestamp desc\n| limit 200"}"#, r#"{"queryId":"$uuid"}"#),
            read("GetQueryResults", r#"{"queryId":"$uuid"}"#),
            read("FilterLogEvents", r#"{"logGroupName":"$loggroup","startTime":$epochsince,"filterPattern":"?ERROR ?Exception","interleaved":true}"#),
            read("DescribeSubscriptionFilters", r#"{"logGroupName":"$loggroup"}"#),
            read("DescribeMetricFilters", r#"{"logGroupName":"$loggroup","limit":$count}"#),
            write("CreateLogGroup", r#"{"logGroupName":"$loggroup-$short","tags":{"team":"$team"}}"#, "null"),
            write("PutRetentionPolicy", r#"{"logGroupName":"$loggroup","retentionInDays":30}"#, "null"),
        ],
    ),
    service(
        "monitoring.amazonaws.com",
        "cloudwatch",
        "monitoring.$region.amazonaws.com",
        "08",
        &[
            read("GetMetricData", r#"{"startTime":"$earlier","endTime":"$time","metricDataQueries":[$4({"id":"m$small","metricStat":{"metric":{"namespace":"AWS/EC2","metricName":"CPUUtilization","dimensions":[{"name":"InstanceId","value":"$instance"}]},"period":300,"stat":"Average"},"returnData":true})]}"#),
            read("DescribeAlarms", r#"{"alarmNames":["$alarm"],"maxRecords":$count}"#),
            read("ListMetrics", r#"{"namespace":"AWS/Lambda","metricName":"Errors"}"#),
            write("PutMetricAlarm", r#"{"alarmName":"$alarm","alarmDescription":"$text","metricName":"CPUUtilization","namespace":"AWS/EC2","statistic":"Average","period":300,"evaluationPeriods":$small,"threshold":$percent,"comparisonOperator":"GreaterThanThreshold","actionsEnabled":true,"alarmActions":["arn:aws:sns:$region:$account:$topic"],"dimensions":[{"name":"InstanceId","value":"$instance"}]}"#, "null"),
            read("GetDashboard", r#"{"dashboardName":"$team"}"#),
            write("DeleteAlarms", r#"{"alarmNames":["$alarm-$short"]}"#, "null"),
        ],
    )
    .api("2010-08-01"),
    service(
        "ssm.amazonaws.com",
        "ssm",
        "ssm.$region.amazonaws.com",
        "08",
        &[
            write("UpdateInstanceInformation", r#"{"instanceId":"$instance","agentVersion":"3.3.$count.0","agentStatus":"Active","platformType":"Linux","platformName":"Amazon Linux","platformVersion":"2023","iPAddress":"$privateip","computerName":"$privatename","agentName":"amazon-ssm-agent","availabilityZone":"$zone","availabilityZoneId":"use1-az$small"}"#, "null"),
            read("GetParameter", r#"{"name":"$parameter","withDecryption":true}"#).about(r#"{"accountId":"$account","ARN":"arn:aws:ssm:$region:$account:parameter$parameter"}"#),
            read("GetParametersByPath", r#"{"path":"/$env/$team","recursive":true,"withDecryption":$flag,"maxResults":10}"#),
            read("DescribeInstanceInformation", r#"{"maxResults":$count,"filters":[{"key":"InstanceIds","values":["$instance"]}]}"#),
            write("PutInventory", r#"{"instanceId":"$instance","items":[{"typeName":"AWS:InstanceInformation","schemaVersion":"1.0","captureTime":"$time","contentHash":"$short$short2","content":[]}]}"#, "null"),
            read("ListAssociations", r#"{"associationFilterList":[{"key":"InstanceId","value":"$instance"}],"maxResults":$count}"#),
            read("DescribeParameters", r#"{"maxResults":$count}"#),
            write("PutParameter", r#"{"name":"$parameter","type":"SecureString","value":"HIDDEN_DUE_TO_SECURITY_REASONS","overwrite":true,"keyId":"alias/aws/ssm","description":"$text"}"#, r#"{"version":$small,"tier":"Standard"}"#),
            write("SendCommand", r#"{"documentName":"AWS-RunPatchBaseline","instanceIds":["$instance"],"timeoutSeconds":600,"comment":"$text","parameters":"HIDDEN_DUE_TO_SECURITY_REASONS","interactive":false}"#, r#"{"command":{"commandId":"$uuid","documentName":"AWS-RunPatchBaseline","documentVersion":"1","comment":"$text","expiresAfter":"$expiry","instanceIds":["$instance"],"requestedDateTime":"$date","status":"Pending","targetCount":1,"completedCount":0,"errorCount":0,"timeoutSeconds":600}}"#),
            write("StartSession", r#"{"target":"$instance","reason":"$text"}"#, r#"{"sessionId":"$actoremail-$hex","tokenValue":"Value hidden due to security reasons.","streamUrl":"wss://ssmmessages.$region.amazonaws.com/v1/data-channel/$actoremail-$hex?role=publish_subscribe"}"#),
            write("TerminateSession", r#"{"sessionId":"$actoremail-$hex"}"#, r#"{"sessionId":"$actoremail-$hex"}"#),
            service_event("OpenDataChannel", r#"{"sessionId":"$actoremail-$hex"}"#),
        ],
    ),
    service(
        "cloudformation.amazonaws.com",
        "cloudformation",
        "cloudformation.$region.amazonaws.com",
        "08",
        &[
            read("DescribeStacks", r#"{"stackName":"$stack"}"#),
            read("DescribeStackEvents", r#"{"stackName":"arn:aws:cloudformation:$region:$account:stack/$stack/$uuid"}"#),
            read("ListStacks", r#"{"stackStatusFilter":["CREATE_COMPLETE","UPDATE_COMPLETE"]}"#),
            read("GetTemplate", r#"{"stackName":"$stack","templateStage":"Original"}"#),
            write("CreateChangeSet", r#"{"stackName":"$stack","changeSetName":"deploy-$short","changeSetType":"UPDATE","capabilities":["CAPABILITY_IAM"],"parameters":[$3({"parameterKey":"$word","parameterValue":"$short"})],"tags":[$tags]}"#, r#"{"id":"arn:aws:cloudformation:$region:$account:changeSet/deploy-$short/$uuid","stackId":"arn:aws:cloudformation:$region:$account:stack/$stack/$uuid2"}"#),
            write("ExecuteChangeSet", r#"{"stackName":"$stack","changeSetName":"deploy-$short","clientRequestToken":"$uuid"}"#, "null"),
            write("DeleteStack", r#"{"stackName":"$stack-$short"}"#, "null"),
        ],
    )
    .api("2010-05-15"),
    service(
        "config.amazonaws.com",
        "config",
        "config.$region.amazonaws.com",
        "08",
        &[
            write("PutEvaluations", r#"{"resultToken":"$page","testMode":false,"evaluations":[$3({"complianceResourceType":"AWS::EC2::Instance","complianceResourceId":"$instance","complianceType":"COMPLIANT","orderingTimestamp":"$date"})]}"#, r#"{"failedEvaluations":[]}"#),
            read("DescribeConfigRules", r#"{"configRuleNames":["$team-$word"]}"#),
            read("GetComplianceDetailsByConfigRule", r#"{"configRuleName":"$team-$word","complianceTypes":["NON_COMPLIANT"],"limit":$count}"#),
            read("BatchGetResourceConfig", r#"{"resourceKeys":[$4({"resourceType":"AWS::EC2::SecurityGroup","resourceId":"$group"})]}"#),
            read("DescribeConfigurationRecorderStatus", r#"{"configurationRecorderNames":["default"]}"#),
            read("SelectResourceConfig", r#"{"expression":"SELECT resourceId, resourceType WHERE resourceType = 'AWS::S3::Bucket'","limit":$count}"#),
        ],
    ),
    service(
        "cloudtrail.amazonaws.com",
        "cloudtrail",
        "cloudtrail.$region.amazonaws.com",
        "09",
        &[
            read("DescribeTrails", r#"{"trailNameList":[],"includeShadowTrails":true}"#),
            read("GetTrailStatus", r#"{"name":"arn:aws:cloudtrail:us-east-1:$account:trail/organisation-trail"}"#),
            read("LookupEvents", r#"{"lookupAttributes":[{"attributeKey":"ReadOnly","attributeValue":"false"}],"maxResults":50,"startTime":"$date","endTime":"$expiry"}"#),
            read("GetEventSelectors", r#"{"trailName":"organisation-trail"}"#),
            read("ListTags", r#"{"resourceIdList":["arn:aws:cloudtrail:us-east-1:$account:trail/organisation-trail"]}"#),
        ],
    ),
    service(
        "guardduty.amazonaws.com",
        "guardduty",
        "guardduty.$region.amazonaws.com",
        "09",
        &[
            read("ListDetectors", r#"{"maxResults":$count}"#),
            read("GetDetector", r#"{"detectorId":"$short$short2$short3$short4"}"#),
            read("ListFindings", r#"{"detectorId":"$short$short2$short3$short4","findingCriteria":{"criterion":{"severity":{"gte":4}}},"maxResults":$count}"#),
            read("GetFindings", r#"{"detectorId":"$short$short2$short3$short4","findingIds":[$3("$short$short2")]}"#),
        ],
    ),
    service(
        "securityhub.amazonaws.com",
        "securityhub",
        "securityhub.$region.amazonaws.com",
        "08",
        &[
            read("GetFindings", r#"{"Filters":{"RecordState":[{"Value":"ACTIVE","Comparison":"EQUALS"}],"SeverityLabel":[{"Value":"CRITICAL","Comparison":"EQUALS"}]},"MaxResults":$count}"#),
            write("BatchImportFindings", r#"{"Findings":[$2({"SchemaVersion":"2018-10-08","Id":"arn:aws:securityhub:$region:$account:subscription/cis/v/1.4.0/$small/finding/$uuid","ProductArn":"arn:aws:securityhub:$region::product/aws/securityhub","AwsAccountId":"$account","CreatedAt":"$earlier","UpdatedAt":"$time","Severity":{"Label":"LOW","Normalized":1},"Title":"$text"})]}"#, r#"{"FailedCount":0,"SuccessCount":2,"FailedFindings":[]}"#),
            read("DescribeHub", "null"),
            write("BatchUpdateFindings", r#"{"FindingIdentifiers":[{"Id":"arn:aws:securityhub:$region:$account:finding/$uuid"}],"Workflow":{"Status":"RESOLVED"},"Note":{"Text":"$text","UpdatedBy":"$actoremail"}}"#, r#"{"ProcessedFindings":[],"UnprocessedFindings":[]}"#),
        ],
    ),
    service(
        "organizations.amazonaws.com",
        "organizations",
        "organizations.us-east-1.amazonaws.com",
        "08",
        &[
            read("DescribeOrganization", "null"),
            read("ListAccounts", r#"{"maxResults":20}"#),
            read("DescribeAccount", r#"{"accountId":"$other"}"#),
            read("ListPoliciesForTarget", r#"{"targetId":"$other","filter":"SERVICE_CONTROL_POLICY"}"#),
            read("ListParents", r#"{"childId":"$other"}"#),
        ],
    )
    .global(),
    service(
        "health.amazonaws.com",
        "health",
        "health.us-east-1.amazonaws.com",
        "05",
        &[
            read("DescribeEventAggregates", r#"{"filter":{"eventStatusCodes":["open","upcoming"],"startTimes":[{"from":"$date"}]},"aggregateField":"eventTypeCategory"}"#),
            read("DescribeEvents", r#"{"filter":{"regions":["$region","global"]},"maxResults":$count}"#),
        ],
    )
    .global(),
    service(
        "trustedadvisor.amazonaws.com",
        "trustedadvisor",
        "support.us-east-1.amazonaws.com",
        "05",
        &[
            read("DescribeCheckItems", r#"{"checkId":"$code","pageSize":$count}"#),
            write("RefreshCheck", r#"{"checkId":"$code"}"#, r#"{"status":"enqueued"}"#),
        ],
    )
    .global(),
    service(
        "support.amazonaws.com",
        "support",
        "support.us-east-1.amazonaws.com",
        "05",
        &[
            read("DescribeTrustedAdvisorCheckSummaries", r#"{"checkIds":["$code","$code2"]}"#),
            read("DescribeCases", r#"{"includeResolvedCases":false,"maxResults":$count}"#),
        ],
    )
    .global()
    .api("2013-04-15"),
    service(
        "ce.amazonaws.com",
        "ce",
        "ce.us-east-1.amazonaws.com",
        "08",
        &[
            read("GetCostAndUsage", r#"{"timePeriod":{"start":"$earlier","end":"$time"},"granularity":"DAILY","metrics":["UnblendedCost"],"groupBy":[{"type":"DIMENSION","key":"SERVICE"}]}"#),
            read("GetCostForecast", r#"{"timePeriod":{"start":"$time","end":"$later"},"metric":"UNBLENDED_COST","granularity":"MONTHLY"}"#),
        ],
    )
    .global(),
    service(
        "servicequotas.amazonaws.com",
        "servicequotas",
        "servicequotas.$region.amazonaws.com",
        "07",
        &[
            read("ListServiceQuotas", r#"{"serviceCode":"ec2","maxResults":$count}"#),
            read("GetServiceQuota", r#"{"serviceCode":"lambda","quotaCode":"L-B99A9384"}"#),
        ],
    ),
    service(
        "tagging.amazonaws.com",
        "tag",
        "tagging.$region.amazonaws.com",
        "06",
        &[
            read("GetResources", r#"{"resourcesPerPage":$count,"tagFilters":[{"key":"team","values":["$team"]}],"resourceTypeFilters":["ec2:instance","rds:db"]}"#),
            write("TagResources", r#"{"resourceARNList":["arn:aws:ec2:$region:$account:instance/$instance"],"tags":{"team":"$team","note":"$text"}}"#, r#"{"failedResourcesMap":{}}"#),
        ],
    ),
    service(
        "backup.amazonaws.com",
        "backup",
        "backup.$region.amazonaws.com",
        "08",
        &[
            service_event("BackupJobCompleted", r#"{"backupJobId":"$uuid","backupVaultName":"$vault","resourceArn":"arn:aws:ec2:$region:$account:volume/$volume","state":"COMPLETED"}"#),
            read("ListRecoveryPointsByBackupVault", r#"{"backupVaultName":"$vault","maxResults":$count}"#),
            read("DescribeBackupJob", r#"{"backupJobId":"$uuid"}"#),
            write("StartBackupJob", r#"{"backupVaultName":"$vault","resourceArn":"arn:aws:rds:$region:$account:db:$database","iamRoleArn":"arn:aws:iam::$account:role/backup-role","idempotencyToken":"$uuid"}"#, r#"{"backupJobId":"$uuid2","creationDate":"$date"}"#),
        ],
    ),
    service(
        "wafv2.amazonaws.com",
        "wafv2",
        "wafv2.$region.amazonaws.com",
        "08",
        &[
            read("GetWebACL", r#"{"name":"$team-acl","scope":"REGIONAL","id":"$uuid"}"#),
            read("ListWebACLs", r#"{"scope":"REGIONAL","limit":$count}"#),
            write("UpdateIPSet", r#"{"name":"blocked","scope":"REGIONAL","id":"$uuid","description":"$text","addresses":[$4("$publicip/32")],"lockToken":"$uuid2"}"#, r#"{"nextLockToken":"$uuid3"}"#),
        ],
    ),
];
