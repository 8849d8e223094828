//! Object stores, databases and what reads them.

use super::{Access, Event, Service, data, read, service, service_event, write};
use crate::fault;

const OBJECT: &str = concat!(
    r#"{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::$bucket/$key"},"#,
    r#"{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::$bucket"}"#
);
const BUCKET: &str = r#"{"accountId":"$account","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::$bucket"}"#;
const TRANSFER: &str = concat!(
    r#"{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":$bytes,"#,
    r#""AuthenticationMethod":"AuthHeader","x-amz-id-2":"$mark","bytesTransferredOut":$bytes2}"#
);
const SMALL_TRANSFER: &str = concat!(
    r#"{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"#,
    r#""AuthenticationMethod":"AuthHeader","x-amz-id-2":"$mark","bytesTransferredOut":$count}"#
);
const TABLE: &str =
    r#"{"accountId":"$account","type":"AWS::DynamoDB::Table","ARN":"arn:aws:dynamodb:$region:$account:table/$table"}"#;

const fn object(name: &'static str, access: Access, request: &'static str) -> Event {
    data(name, access, request).about(OBJECT).with(TRANSFER)
}

const fn bucket(name: &'static str, request: &'static str) -> Event {
    read(name, request).about(BUCKET).with(SMALL_TRANSFER)
}

const fn bucket_change(name: &'static str, request: &'static str) -> Event {
    write(name, request, "null").about(BUCKET).with(SMALL_TRANSFER)
}

pub const SERVICES: &[Service] = &[
    service(
        "s3.amazonaws.com",
        "s3object",
        "$bucket.s3.$region.amazonaws.com",
        "09",
        &[
            object("GetObject", Access::Read, r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","key":"$key"}"#),
            Event {
                response: r#"{"x-amz-server-side-encryption":"AES256","x-amz-expiration":"expiry-date=\"$later\", rule-id=\"expire-$word\""}"#,
                ..object("PutObject", Access::Write, r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","key":"$key","x-amz-storage-class":"STANDARD"}"#)
            },
            object("HeadObject", Access::Read, r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","key":"$key"}"#),
            data("ListObjects", Access::Read, r#"{"list-type":"2","bucketName":"$bucket","encoding-type":"url","prefix":"$word/","delimiter":"/","max-keys":"$count","Host":"$bucket.s3.$region.amazonaws.com"}"#).about(BUCKET).with(SMALL_TRANSFER),
            object("DeleteObject", Access::Write, r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","key":"$key"}"#),
            data("DeleteObjects", Access::Write, r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","delete":""}"#).about(BUCKET).with(SMALL_TRANSFER),
            object("CopyObject", Access::Write, r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","x-amz-copy-source":"$bucket/$key","key":"$key"}"#),
            object("GetObjectTagging", Access::Read, r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","tagging":"","key":"$key"}"#),
            object("CreateMultipartUpload", Access::Write, r#"{"bucketName":"$bucket","uploads":"","Host":"$bucket.s3.$region.amazonaws.com","key":"$key"}"#),
            object("UploadPart", Access::Write, r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","partNumber":"$small","uploadId":"$code$code2","key":"$key"}"#),
            object("CompleteMultipartUpload", Access::Write, r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","uploadId":"$code$code2","key":"$key"}"#),
        ],
    )
    .fails(fault::OBJECTS),
    service(
        "s3.amazonaws.com",
        "s3",
        "s3.$region.amazonaws.com",
        "09",
        &[
            bucket("GetBucketAcl", r#"{"acl":"","bucketName":"$bucket","Host":"s3.$region.amazonaws.com"}"#),
            bucket("GetBucketLocation", r#"{"bucketName":"$bucket","location":"","Host":"s3.$region.amazonaws.com"}"#),
            bucket("HeadBucket", r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com"}"#),
            read("ListBuckets", r#"{"Host":"s3.$region.amazonaws.com"}"#).with(SMALL_TRANSFER),
            bucket("GetBucketPolicy", r#"{"bucketName":"$bucket","policy":"","Host":"$bucket.s3.$region.amazonaws.com"}"#),
            bucket("GetBucketEncryption", r#"{"bucketName":"$bucket","encryption":"","Host":"$bucket.s3.$region.amazonaws.com"}"#),
            bucket("GetBucketPublicAccessBlock", r#"{"publicAccessBlock":"","bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com"}"#),
            bucket("GetBucketVersioning", r#"{"bucketName":"$bucket","versioning":"","Host":"$bucket.s3.$region.amazonaws.com"}"#),
            bucket("GetBucketTagging", r#"{"tagging":"","bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com"}"#),
            bucket("GetBucketLogging", r#"{"logging":"","bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com"}"#),
            bucket("GetBucketLifecycle", r#"{"lifecycle":"","bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com"}"#),
            bucket("GetBucketReplication", r#"{"replication":"","bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com"}"#),
            bucket_change("PutBucketTagging", r#"{"tagging":"","bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","Tagging":{"xmlns":"http://s3.amazonaws.com/doc/2006-03-01/","TagSet":{"Tag":[$3({"Key":"$word","Value":"$text"})]}}}"#),
            bucket_change("PutBucketLifecycle", r#"{"lifecycle":"","bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","LifecycleConfiguration":{"xmlns":"http://s3.amazonaws.com/doc/2006-03-01/","Rule":{"ID":"expire-$word","Status":"Enabled","Filter":{"Prefix":"$word/"},"Expiration":{"Days":$count}}}}"#),
            bucket_change("PutBucketPolicy", r#"{"policy":"","bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","bucketPolicy":{"Version":"2012-10-17","Statement":[{"Sid":"TlsOnly","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::$bucket","arn:aws:s3:::$bucket/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}}"#),
            bucket_change("CreateBucket", r#"{"CreateBucketConfiguration":{"LocationConstraint":"$region","xmlns":"http://s3.amazonaws.com/doc/2006-03-01/"},"bucketName":"$bucket-$short","Host":"s3.$region.amazonaws.com"}"#),
            bucket_change("PutBucketEncryption", r#"{"encryption":"","bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","ServerSideEncryptionConfiguration":{"Rule":{"BucketKeyEnabled":true,"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"arn:aws:kms:$region:$account:key/$kms"}}}}"#),
            bucket_change("PutBucketPublicAccessBlock", r#"{"publicAccessBlock":"","bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","PublicAccessBlockConfiguration":{"RestrictPublicBuckets":true,"BlockPublicPolicy":true,"BlockPublicAcls":true,"IgnorePublicAcls":true}}"#),
            bucket_change("DeleteBucket", r#"{"bucketName":"$bucket-$short","Host":"s3.$region.amazonaws.com"}"#),
        ],
    )
    .fails(fault::BUCKETS),
    service(
        "dynamodb.amazonaws.com",
        "dynamodb",
        "dynamodb.$region.amazonaws.com",
        "10",
        &[
            data("GetItem", Access::Read, r#"{"tableName":"$table","key":{"pk":"$word#$uuid"},"consistentRead":$flag}"#).about(TABLE),
            data("Query", Access::Read, r#"{"tableName":"$table","indexName":"by-$word","keyConditionExpression":"pk = :pk AND begins_with(sk, :sk)","limit":$count,"scanIndexForward":$flag}"#).about(TABLE),
            data("PutItem", Access::Write, r#"{"tableName":"$table","key":{"pk":"$word#$uuid","sk":"$time"},"items":["pk","sk","ttl","payload"]}"#).about(TABLE),
            data("UpdateItem", Access::Write, r#"{"tableName":"$table","key":{"pk":"$word#$uuid"},"updateExpression":"SET #s = :s, updatedAt = :now ADD version :one"}"#).about(TABLE),
            data("BatchGetItem", Access::Read, r#"{"requestItems":{"$table":{"keys":[$5({"pk":"$word#$short"})]}}}"#).about(TABLE),
            read("DescribeTable", r#"{"tableName":"$table"}"#),
            data("DeleteItem", Access::Write, r#"{"tableName":"$table","key":{"pk":"$word#$uuid"}}"#).about(TABLE),
            read("ListTables", "null"),
            read("DescribeTimeToLive", r#"{"tableName":"$table"}"#),
            read("DescribeContinuousBackups", r#"{"tableName":"$table"}"#),
            write("CreateTable", r#"{"tableName":"$table-$short","attributeDefinitions":[{"attributeName":"pk","attributeType":"S"},{"attributeName":"sk","attributeType":"S"}],"keySchema":[{"attributeName":"pk","keyType":"HASH"},{"attributeName":"sk","keyType":"RANGE"}],"billingMode":"PAY_PER_REQUEST"}"#, r#"{"tableDescription":{"tableName":"$table-$short","tableStatus":"CREATING","creationDateTime":"$date","tableArn":"arn:aws:dynamodb:$region:$account:table/$table-$short","tableId":"$uuid","itemCount":0,"tableSizeBytes":0}}"#),
            write("UpdateTable", r#"{"tableName":"$table","deletionProtectionEnabled":true}"#, r#"{"tableDescription":{"tableName":"$table","tableStatus":"UPDATING"}}"#),
        ],
    )
    .api("2012-08-10"),
    service(
        "rds.amazonaws.com",
        "rds",
        "rds.$region.amazonaws.com",
        "09",
        &[
            read("DescribeDBInstances", r#"{"maxRecords":$count}"#),
            read("DescribeDBClusters", r#"{"dBClusterIdentifier":"$database","includeShared":false}"#),
            read("ListTagsForResource", r#"{"resourceName":"arn:aws:rds:$region:$account:db:$database"}"#),
            read("DescribeDBSnapshots", r#"{"snapshotType":"automated","maxRecords":$count,"includePublic":false,"includeShared":false}"#),
            read("DescribeDBEngineVersions", r#"{"engine":"aurora-postgresql","defaultOnly":false}"#),
            read("DescribeDBLogFiles", r#"{"dBInstanceIdentifier":"$database","fileLastWritten":$epoch}"#),
            read("DescribePendingMaintenanceActions", r#"{"resourceIdentifier":"arn:aws:rds:$region:$account:db:$database"}"#),
            write("CreateDBSnapshot", r#"{"dBSnapshotIdentifier":"$database-$short","dBInstanceIdentifier":"$database"}"#, r#"{"dBSnapshotIdentifier":"$database-$short","dBInstanceIdentifier":"$database","engine":"postgres","allocatedStorage":$count,"status":"creating","port":5432,"availabilityZone":"$zone","vpcId":"$vpc","instanceCreateTime":"$date","masterUsername":"app","engineVersion":"15.4","licenseModel":"postgresql-license","snapshotType":"manual","optionGroupName":"default:postgres-15","percentProgress":0,"storageType":"gp3","encrypted":true,"kmsKeyId":"arn:aws:kms:$region:$account:key/$kms","dBSnapshotArn":"arn:aws:rds:$region:$account:snapshot:$database-$short","iAMDatabaseAuthenticationEnabled":true,"processorFeatures":[],"dbiResourceId":"db-$hex","tagList":[]}"#),
            write("ModifyDBInstance", r#"{"dBInstanceIdentifier":"$database","applyImmediately":$flag,"backupRetentionPeriod":$small,"allowMajorVersionUpgrade":false,"masterUserPassword":"****"}"#, r#"{"dBInstanceIdentifier":"$database","dBInstanceClass":"db.r6g.large","engine":"postgres","dBInstanceStatus":"available","masterUsername":"app","endpoint":{"address":"$database.c$short.$region.rds.amazonaws.com","port":5432},"vpcSecurityGroups":[{"status":"active","vpcSecurityGroupId":"$group"}],"pendingModifiedValues":{"masterUserPassword":"****"},"multiAZ":true,"publiclyAccessible":false,"storageEncrypted":true,"kmsKeyId":"arn:aws:kms:$region:$account:key/$kms"}"#),
            write("RebootDBInstance", r#"{"dBInstanceIdentifier":"$database"}"#, r#"{"dBInstanceIdentifier":"$database","dBInstanceStatus":"rebooting","engine":"postgres"}"#),
            write("DeleteDBSnapshot", r#"{"dBSnapshotIdentifier":"$database-$short"}"#, r#"{"dBSnapshotIdentifier":"$database-$short","status":"deleted","engine":"postgres"}"#),
        ],
    ),
    service(
        "kms.amazonaws.com",
        "kms",
        "kms.$region.amazonaws.com",
        "09",
        &[
            read("Decrypt", r#"{"encryptionAlgorithm":"SYMMETRIC_DEFAULT","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::$bucket"}}"#).about(KEY),
            read("GenerateDataKey", r#"{"encryptionContext":{"aws:s3:arn":"arn:aws:s3:::$bucket/$key"},"keyId":"arn:aws:kms:$region:$account:key/$kms","keySpec":"AES_256"}"#).about(KEY),
            read("DescribeKey", r#"{"keyId":"$alias"}"#).about(KEY),
            read("Encrypt", r#"{"encryptionAlgorithm":"SYMMETRIC_DEFAULT","encryptionContext":{"PARAMETER_ARN":"arn:aws:ssm:$region:$account:parameter$parameter"},"keyId":"arn:aws:kms:$region:$account:key/$kms"}"#).about(KEY),
            read("ListAliases", r#"{"limit":$count}"#),
            read("GetKeyRotationStatus", r#"{"keyId":"$kms"}"#).about(KEY),
            read("ListKeys", "null"),
            read("GetKeyPolicy", r#"{"keyId":"$kms","policyName":"default"}"#).about(KEY),
            write("CreateGrant", r#"{"keyId":"arn:aws:kms:$region:$account:key/$kms","granteePrincipal":"arn:aws:sts::$account:assumed-role/aws:ec2-infrastructure/$instance","operations":["Decrypt"],"constraints":{"encryptionContextSubset":{"aws:ebs:id":"$volume"}}}"#, r#"{"grantId":"$digest","keyId":"arn:aws:kms:$region:$account:key/$kms"}"#).about(KEY),
            write("RetireGrant", "null", r#"{"keyId":"arn:aws:kms:$region:$account:key/$kms"}"#).about(KEY).with(r#"{"grantId":"$digest"}"#),
            write("CreateKey", r#"{"keySpec":"SYMMETRIC_DEFAULT","description":"$text","origin":"AWS_KMS","customerMasterKeySpec":"SYMMETRIC_DEFAULT","multiRegion":false,"keyUsage":"ENCRYPT_DECRYPT","tags":[$tags],"policy":"$document"}"#, r#"{"keyMetadata":{"aWSAccountId":"$account","keyId":"$uuid","arn":"arn:aws:kms:$region:$account:key/$uuid","creationDate":"$date","enabled":true,"description":"$text","keyUsage":"ENCRYPT_DECRYPT","keyState":"Enabled","origin":"AWS_KMS","keyManager":"CUSTOMER","multiRegion":false}}"#),
            service_event("RotateKey", r#"{"keyId":"$kms","backingKeyId":"$digest"}"#),
        ],
    ),
    service(
        "secretsmanager.amazonaws.com",
        "secretsmanager",
        "secretsmanager.$region.amazonaws.com",
        "09",
        &[
            read("GetSecretValue", r#"{"secretId":"arn:aws:secretsmanager:$region:$account:secret:$secret"}"#),
            read("DescribeSecret", r#"{"secretId":"$secret"}"#),
            read("ListSecrets", r#"{"maxResults":$count}"#),
            read("GetResourcePolicy", r#"{"secretId":"$secret"}"#),
            service_event("StartSecretVersionDelete", r#"{"ARN":"arn:aws:secretsmanager:$region:$account:secret:$secret","Name":"$secret"}"#),
            service_event("EndSecretVersionDelete", r#"{"ARN":"arn:aws:secretsmanager:$region:$account:secret:$secret","Name":"$secret"}"#),
            write("PutSecretValue", r#"{"clientRequestToken":"$uuid","secretId":"$secret"}"#, r#"{"arn":"arn:aws:secretsmanager:$region:$account:secret:$secret"}"#),
            write("RotateSecret", r#"{"secretId":"$secret","rotateImmediately":true,"clientRequestToken":"$uuid"}"#, r#"{"arn":"arn:aws:secretsmanager:$region:$account:secret:$secret","name":"$secret","versionId":"$uuid"}"#),
            write("CreateSecret", r#"{"name":"$env/$team/$word-$short","clientRequestToken":"$uuid","description":"$text","tags":[$tags]}"#, r#"{"arn":"arn:aws:secretsmanager:$region:$account:secret:$env/$team/$word-$short"}"#),
        ],
    ),
    service(
        "elasticache.amazonaws.com",
        "elasticache",
        "elasticache.$region.amazonaws.com",
        "08",
        &[
            read("DescribeCacheClusters", r#"{"cacheClusterId":"$cache","showCacheNodeInfo":true}"#),
            read("DescribeReplicationGroups", r#"{"maxRecords":$count}"#),
            write("ModifyCacheCluster", r#"{"cacheClusterId":"$cache","numCacheNodes":$small,"applyImmediately":$flag}"#, r#"{"cacheClusterId":"$cache","cacheClusterStatus":"modifying","cacheNodeType":"cache.r6g.large","engine":"redis","numCacheNodes":$small}"#),
        ],
    )
    .api("2015-02-02"),
    service(
        "elasticfilesystem.amazonaws.com",
        "elasticfilesystem",
        "elasticfilesystem.$region.amazonaws.com",
        "08",
        &[
            read("DescribeFileSystems", r#"{"fileSystemId":"$filesystem"}"#),
            read("DescribeMountTargets", r#"{"fileSystemId":"$filesystem"}"#),
            service_event("NewClientConnection", r#"{"fileSystemId":"$filesystem","clientAddress":"$privateip"}"#),
        ],
    ),
    service(
        "redshift.amazonaws.com",
        "redshift",
        "redshift.$region.amazonaws.com",
        "08",
        &[
            read("DescribeClusters", r#"{"clusterIdentifier":"$database","maxRecords":$count}"#),
            write("GetClusterCredentials", r#"{"dbUser":"$team","dbName":"$dataset","clusterIdentifier":"$database","autoCreate":false,"durationSeconds":900}"#, r#"{"dbUser":"IAM:$team","expiration":"$expiry","dbPassword":"****"}"#),
            write("PauseCluster", r#"{"clusterIdentifier":"$database"}"#, r#"{"clusterIdentifier":"$database","clusterStatus":"pausing","nodeType":"ra3.xlplus"}"#),
        ],
    )
    .api("2012-12-01"),
];

const KEY: &str = r#"{"accountId":"$account","type":"AWS::KMS::Key","ARN":"arn:aws:kms:$region:$account:key/$kms"}"#;
