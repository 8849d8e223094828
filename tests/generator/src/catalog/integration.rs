//! Messages, workflows, analytics and the edge.

use super::{Access, Service, data, read, service, service_event, write};

const QUEUE: &str = r#"{"accountId":"$account","type":"AWS::SQS::Queue","ARN":"arn:aws:sqs:$region:$account:$queue"}"#;
const STREAM: &str =
    r#"{"accountId":"$account","type":"AWS::Kinesis::Stream","ARN":"arn:aws:kinesis:$region:$account:stream/$stream"}"#;

pub const SERVICES: &[Service] = &[
    service(
        "sqs.amazonaws.com",
        "sqs",
        "sqs.$region.amazonaws.com",
        "09",
        &[
            data("ReceiveMessage", Access::Read, r#"{"queueUrl":"https://sqs.$region.amazonaws.com/$account/$queue","maxNumberOfMessages":10,"waitTimeSeconds":20,"attributeNames":["ApproximateReceiveCount","SentTimestamp"]}"#).about(QUEUE),
            data("DeleteMessage", Access::Write, r#"{"queueUrl":"https://sqs.$region.amazonaws.com/$account/$queue","receiptHandle":"$page"}"#).about(QUEUE),
            data("SendMessage", Access::Write, r#"{"queueUrl":"https://sqs.$region.amazonaws.com/$account/$queue","messageBody":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#).about(QUEUE),
            read("GetQueueAttributes", r#"{"queueUrl":"https://sqs.$region.amazonaws.com/$account/$queue","attributeNames":["All"]}"#),
            read("ListQueues", r#"{"maxResults":$count}"#),
            read("GetQueueUrl", r#"{"queueName":"$queue"}"#),
            write("SetQueueAttributes", r#"{"queueUrl":"https://sqs.$region.amazonaws.com/$account/$queue","attributes":{"VisibilityTimeout":"$count","RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:$region:$account:dead-letters-$env\",\"maxReceiveCount\":$small}"}}"#, "null"),
            write("CreateQueue", r#"{"queueName":"$queue-$short","attributes":{"KmsMasterKeyId":"alias/aws/sqs"},"tags":{"team":"$team"}}"#, r#"{"queueUrl":"https://sqs.$region.amazonaws.com/$account/$queue-$short"}"#),
        ],
    )
    .api("2012-11-05"),
    service(
        "sns.amazonaws.com",
        "sns",
        "sns.$region.amazonaws.com",
        "09",
        &[
            data("Publish", Access::Write, r#"{"topicArn":"arn:aws:sns:$region:$account:$topic","message":"HIDDEN_DUE_TO_SECURITY_REASONS","subject":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#).about(r#"{"accountId":"$account","type":"AWS::SNS::Topic","ARN":"arn:aws:sns:$region:$account:$topic"}"#),
            read("GetTopicAttributes", r#"{"topicArn":"arn:aws:sns:$region:$account:$topic"}"#),
            read("ListTopics", "null"),
            read("ListSubscriptionsByTopic", r#"{"topicArn":"arn:aws:sns:$region:$account:$topic"}"#),
            write("Subscribe", r#"{"topicArn":"arn:aws:sns:$region:$account:$topic","protocol":"sqs","endpoint":"arn:aws:sqs:$region:$account:$queue","returnSubscriptionArn":true}"#, r#"{"subscriptionArn":"arn:aws:sns:$region:$account:$topic:$uuid"}"#),
            write("SetTopicAttributes", r#"{"topicArn":"arn:aws:sns:$region:$account:$topic","attributeName":"DisplayName","attributeValue":"$text"}"#, "null"),
        ],
    )
    .api("2010-03-31"),
    service(
        "kinesis.amazonaws.com",
        "kinesis",
        "kinesis.$region.amazonaws.com",
        "09",
        &[
            data("GetRecords", Access::Read, r#"{"shardIterator":"$page","limit":$count}"#).about(STREAM),
            data("PutRecords", Access::Write, r#"{"streamName":"$stream","records":[$4({"data":"HIDDEN_DUE_TO_SECURITY_REASONS","partitionKey":"$short"})]}"#).about(STREAM),
            read("DescribeStreamSummary", r#"{"streamName":"$stream"}"#),
            read("ListShards", r#"{"streamName":"$stream"}"#),
        ],
    )
    .api("2013-12-02"),
    service(
        "events.amazonaws.com",
        "events",
        "events.$region.amazonaws.com",
        "08",
        &[
            read("DescribeRule", r#"{"name":"$word-schedule"}"#),
            read("ListTargetsByRule", r#"{"rule":"$word-schedule"}"#),
            read("ListRules", r#"{"limit":$count}"#),
            write("PutRule", r#"{"name":"$word-schedule","scheduleExpression":"rate($small minutes)","state":"ENABLED","description":"$text"}"#, r#"{"ruleArn":"arn:aws:events:$region:$account:rule/$word-schedule"}"#),
            write("PutTargets", r#"{"rule":"$word-schedule","targets":[{"id":"1","arn":"arn:aws:lambda:$region:$account:function:$function"}]}"#, r#"{"failedEntryCount":0,"failedEntries":[]}"#),
        ],
    ),
    service(
        "states.amazonaws.com",
        "states",
        "states.$region.amazonaws.com",
        "08",
        &[
            write("StartExecution", r#"{"stateMachineArn":"arn:aws:states:$region:$account:stateMachine:$word-flow","name":"$uuid","input":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#, r#"{"executionArn":"arn:aws:states:$region:$account:execution:$word-flow:$uuid","startDate":"$date"}"#),
            read("DescribeExecution", r#"{"executionArn":"arn:aws:states:$region:$account:execution:$word-flow:$uuid"}"#),
            read("ListStateMachines", r#"{"maxResults":$count}"#),
        ],
    ),
    service(
        "apigateway.amazonaws.com",
        "apigateway",
        "apigateway.$region.amazonaws.com",
        "08",
        &[
            read("GetRestApis", r#"{"limit":$count}"#),
            read("GetStages", r#"{"restApiId":"$short"}"#),
            write("CreateDeployment", r#"{"restApiId":"$short","createDeploymentInput":{"stageName":"$env","description":"$text"},"template":false}"#, r#"{"id":"$hex","createdDate":"$date","deploymentUpdate":{"restApiId":"$short","template":false}}"#),
            write("UpdateStage", r#"{"restApiId":"$short","stageName":"$env","updateStageInput":{"patchOperations":[{"op":"replace","path":"/*/*/throttling/rateLimit","value":"$count"}]}}"#, r#"{"stageName":"$env","deploymentId":"$hex","cacheClusterEnabled":false,"tracingEnabled":true}"#),
        ],
    ),
    service(
        "cloudfront.amazonaws.com",
        "cloudfront",
        "cloudfront.amazonaws.com",
        "08",
        &[
            read("ListDistributions", r#"{"maxItems":"$count"}"#),
            read("GetDistributionConfig", r#"{"id":"E$short"}"#),
            write("CreateInvalidation", r#"{"distributionId":"E$short","invalidationBatch":{"callerReference":"$uuid","paths":{"quantity":1,"items":["/$word/*"]}}}"#, r#"{"invalidation":{"id":"I$code","status":"InProgress","createTime":"$date","invalidationBatch":{"callerReference":"$uuid","paths":{"quantity":1,"items":["/$word/*"]}}},"location":"https://cloudfront.amazonaws.com/2020-05-31/distribution/E$short/invalidation/I$code"}"#),
        ],
    )
    .global()
    .api("2020_05_31"),
    service(
        "route53.amazonaws.com",
        "route53",
        "route53.amazonaws.com",
        "08",
        &[
            read("ListResourceRecordSets", r#"{"hostedZoneId":"$hostedzone","maxItems":"$count"}"#),
            read("ListHostedZones", r#"{"maxItems":"$count"}"#),
            write("ChangeResourceRecordSets", r#"{"hostedZoneId":"$hostedzone","changeBatch":{"comment":"$text","changes":[$2({"action":"UPSERT","resourceRecordSet":{"name":"$domain.","type":"CNAME","tTL":300,"resourceRecords":[{"value":"$service.$region.elb.amazonaws.com"}]}})]}}"#, r#"{"changeInfo":{"id":"/change/C$code","status":"PENDING","submittedAt":"$date"}}"#),
        ],
    )
    .global()
    .api("2013-04-01"),
    service(
        "acm.amazonaws.com",
        "acm",
        "acm.$region.amazonaws.com",
        "08",
        &[
            read("DescribeCertificate", r#"{"certificateArn":"arn:aws:acm:$region:$account:certificate/$uuid"}"#),
            read("ListCertificates", r#"{"certificateStatuses":["ISSUED"],"maxItems":$count}"#),
            write("RequestCertificate", r#"{"domainName":"$domain","validationMethod":"DNS","idempotencyToken":"$short","subjectAlternativeNames":["*.$domain"]}"#, r#"{"certificateArn":"arn:aws:acm:$region:$account:certificate/$uuid"}"#),
        ],
    ),
    service(
        "glue.amazonaws.com",
        "glue",
        "glue.$region.amazonaws.com",
        "08",
        &[
            read("GetTable", r#"{"databaseName":"$dataset","name":"$word","catalogId":"$account"}"#),
            read("GetPartitions", r#"{"databaseName":"$dataset","tableName":"$word","expression":"dt >= '2024-01-01' AND region = '$region'","maxResults":$count}"#),
            read("GetDatabases", r#"{"maxResults":$count}"#),
            write("StartJobRun", r#"{"jobName":"$word-etl","arguments":{"--source":"s3://$bucket/$word/","--job-bookmark-option":"job-bookmark-enable"},"workerType":"G.1X","numberOfWorkers":$small}"#, r#"{"jobRunId":"jr_$digest"}"#),
            write("BatchCreatePartition", r#"{"databaseName":"$dataset","tableName":"$word","partitionInputList":[$3({"values":["$time","$region"],"storageDescriptor":{"location":"s3://$bucket/$word/"}})]}"#, r#"{"errors":[]}"#),
        ],
    ),
    service(
        "athena.amazonaws.com",
        "athena",
        "athena.$region.amazonaws.com",
        "08",
        &[
            write("StartQueryExecution", r#"{"queryString":"SELECT count(*) AS n, \"region\"\nFROM $dataset.$word\nWHERE dt BETWEEN '2024-01-01' AND '2024-12-31'\nGROUP BY 2\nORDER BY n DESC","clientRequestToken":"$uuid","workGroup":"$team","queryExecutionContext":{"database":"$dataset"},"resultConfiguration":{"outputLocation":"s3://$bucket/athena/"}}"#, r#"{"queryExecutionId":"$uuid"}"#),
            read("GetQueryExecution", r#"{"queryExecutionId":"$uuid"}"#),
            read("GetQueryResults", r#"{"queryExecutionId":"$uuid","maxResults":$count}"#),
            read("ListWorkGroups", "null"),
        ],
    ),
    service(
        "sagemaker.amazonaws.com",
        "sagemaker",
        "api.sagemaker.$region.amazonaws.com",
        "08",
        &[
            read("DescribeTrainingJob", r#"{"trainingJobName":"$word-$short"}"#),
            read("ListEndpoints", r#"{"maxResults":$count}"#),
            write("CreatePresignedNotebookInstanceUrl", r#"{"notebookInstanceName":"$team-notebook","sessionExpirationDurationInSeconds":43200}"#, "null"),
            write("CreateTrainingJob", r#"{"trainingJobName":"$word-$short","roleArn":"arn:aws:iam::$account:role/sagemaker-execution","algorithmSpecification":{"trainingInputMode":"File","trainingImage":"$account.dkr.ecr.$region.amazonaws.com/train:$short"},"resourceConfig":{"instanceType":"ml.g5.xlarge","instanceCount":1,"volumeSizeInGB":$count},"stoppingCondition":{"maxRuntimeInSeconds":86400}}"#, r#"{"trainingJobArn":"arn:aws:sagemaker:$region:$account:training-job/$word-$short"}"#),
        ],
    ),
    service(
        "bedrock.amazonaws.com",
        "bedrock",
        "bedrock-runtime.$region.amazonaws.com",
        "11",
        &[
            read("InvokeModel", r#"{"modelId":"amazon.titan-text-express-v1"}"#).with(r#"{"inferenceRegion":"$region"}"#),
            read("ListFoundationModels", "null"),
            read("Converse", r#"{"modelId":"amazon.nova-lite-v1:0"}"#).with(r#"{"inferenceRegion":"$region"}"#),
        ],
    ),
    service(
        "codebuild.amazonaws.com",
        "codebuild",
        "codebuild.$region.amazonaws.com",
        "08",
        &[
            read("BatchGetBuilds", r#"{"ids":["$repository:$uuid"]}"#),
            write("StartBuild", r#"{"projectName":"$repository","sourceVersion":"$digest","environmentVariablesOverride":[{"name":"STAGE","value":"$env","type":"PLAINTEXT"}]}"#, r#"{"build":{"id":"$repository:$uuid","arn":"arn:aws:codebuild:$region:$account:build/$repository:$uuid","startTime":"$date","currentPhase":"QUEUED","buildStatus":"IN_PROGRESS","projectName":"$repository","timeoutInMinutes":60,"initiator":"$team"}}"#),
        ],
    ),
    service(
        "codepipeline.amazonaws.com",
        "codepipeline",
        "codepipeline.$region.amazonaws.com",
        "08",
        &[
            read("GetPipelineState", r#"{"name":"$repository-$env"}"#),
            write("StartPipelineExecution", r#"{"name":"$repository-$env"}"#, r#"{"pipelineExecutionId":"$uuid"}"#),
            service_event("PipelineExecutionStarted", r#"{"pipeline":"$repository-$env","executionId":"$uuid"}"#),
        ],
    ),
    service(
        "ses.amazonaws.com",
        "ses",
        "email.$region.amazonaws.com",
        "08",
        &[
            read("GetSendQuota", "null"),
            read("ListEmailIdentities", r#"{"pageSize":$count}"#),
            write("SendEmail", r#"{"fromEmailAddress":"HIDDEN_DUE_TO_SECURITY_REASONS","destination":"HIDDEN_DUE_TO_SECURITY_REASONS","content":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#, r#"{"messageId":"$uuid-000000"}"#),
        ],
    ),
];
