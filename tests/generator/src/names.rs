//! The words that names are made of. Earlier ones are used more.

/// The company whose trail it is.
pub const COMPANY: &str = "northwind";
/// Upper-case hexadecimal digits.
pub const HEX_UPPER: &[u8] = b"0123456789ABCDEF";
/// Given names, ASCII as IAM demands.
pub const FIRST_NAMES: [&str; 20] = [
    "anna", "david", "maria", "jan", "priya", "lukas", "sofia", "omar", "emma", "kenji", "laura", "pavel", "chloe",
    "mateo", "ingrid", "samir", "julia", "tomas", "yuki", "nadia",
];
/// Family names.
pub const LAST_NAMES: [&str; 23] = [
    "novak",
    "fischer",
    "garcia",
    "kowalska",
    "sharma",
    "haddad",
    "jansen",
    "tanaka",
    "moreau",
    "silva",
    "berg",
    "rossi",
    "nguyen",
    "keller",
    "okafor",
    "larsen",
    "petrov",
    "costa",
    "meyer",
    "sato",
    "dubois",
    "walsh",
    "lindqvist",
];
/// IAM users of programs.
pub const KEY_USERS: [&str; 8] = [
    "svc-jenkins",
    "svc-backup",
    "svc-monitoring",
    "svc-etl",
    "svc-mailer",
    "svc-legacy-crm",
    "svc-inventory",
    "svc-audit",
];
/// Permission sets of the identity centre.
pub const PERMISSION_SETS: [&str; 5] =
    ["PowerUserAccess", "ReadOnlyAccess", "AdministratorAccess", "DataScientist", "Billing"];
/// Roles of instances.
pub const SERVER_ROLES: [&str; 6] =
    ["app-server-role", "worker-node-role", "etl-runner-role", "build-agent-role", "bastion-role", "legacy-crm-role"];
/// Roles of pipelines.
pub const PIPELINE_ROLES: [&str; 4] = ["github-deploy", "terraform-apply", "terraform-plan", "image-builder"];
/// Roles that are assumed or changed.
pub const ROLES: [&str; 16] = [
    "app-server-role",
    "worker-node-role",
    "deploy-role",
    "lambda-basic-role",
    "ecs-task-role",
    "etl-runner-role",
    "data-reader",
    "backup-role",
    "audit-readonly",
    "cross-account-logs",
    "glue-service-role",
    "sagemaker-execution",
    "eks-node-role",
    "config-recorder-role",
    "firehose-delivery-role",
    "support-access",
];
/// Services with a linked role.
pub const LINKED: [&str; 10] = [
    "autoscaling",
    "config",
    "ecs",
    "elasticloadbalancing",
    "access-analyzer",
    "guardduty",
    "rds",
    "securityhub",
    "inspector2",
    "trustedadvisor",
];
/// Services that act on their own behalf.
pub const FABRIC: [&str; 12] = [
    "ec2",
    "lambda",
    "ecs-tasks",
    "cloudtrail",
    "delivery.logs",
    "config",
    "autoscaling",
    "firehose",
    "events",
    "s3",
    "states",
    "eks",
];
/// Workloads.
pub const WORKLOADS: [&str; 16] = [
    "checkout",
    "catalog",
    "search",
    "orders",
    "payments",
    "inventory",
    "notifier",
    "gateway",
    "recommender",
    "billing",
    "sessions",
    "thumbnailer",
    "importer",
    "reports",
    "fraud-check",
    "shipping",
];
/// Lambda functions.
pub const FUNCTIONS: [&str; 20] = [
    "order-events-processor",
    "thumbnail-generator",
    "invoice-mailer",
    "catalog-sync",
    "session-cleaner",
    "webhook-receiver",
    "payment-callback",
    "report-builder",
    "image-resizer",
    "audit-forwarder",
    "stock-updater",
    "price-calculator",
    "nightly-export",
    "user-import",
    "token-refresher",
    "cache-warmer",
    "slack-notifier",
    "s3-inventory-parser",
    "geo-lookup",
    "cost-reporter",
];
/// What buckets are for.
pub const BUCKETS: [&str; 14] = [
    "app-assets",
    "data-lake",
    "logs",
    "user-uploads",
    "backups",
    "terraform-state",
    "build-artifacts",
    "reports",
    "invoices",
    "static-site",
    "ml-models",
    "exports",
    "config-snapshots",
    "customer-documents",
];
/// DynamoDB tables.
pub const TABLES: [&str; 10] = [
    "sessions",
    "orders",
    "carts",
    "users",
    "inventory",
    "payments-ledger",
    "feature-flags",
    "idempotency-keys",
    "audit-log",
    "terraform-locks",
];
/// Queues.
pub const QUEUES: [&str; 8] =
    ["order-events", "thumbnail-jobs", "emails", "payment-callbacks", "imports", "webhooks", "dead-letters", "exports"];
/// Topics.
pub const TOPICS: [&str; 5] = ["alarms", "order-events", "deployments", "billing-alerts", "security-findings"];
/// Secrets.
pub const SECRETS: [&str; 14] = [
    "db/orders",
    "db/catalog",
    "api/stripe",
    "api/sendgrid",
    "jwt-signing-key",
    "db/reporting",
    "oauth/github",
    "api/maps",
    "redis/auth",
    "db/legacy-crm",
    "smtp/relay",
    "partner/acme-feed",
    "tls/internal-ca",
    "slack/webhook",
];
/// Databases.
pub const DATABASES: [&str; 6] = ["orders", "catalog", "reporting", "identity", "legacy-crm", "analytics"];
/// Managed and own policies.
pub const POLICIES: [&str; 9] = [
    "AmazonSSMManagedInstanceCore",
    "ReadOnlyAccess",
    "CloudWatchAgentServerPolicy",
    "AWSLambdaBasicExecutionRole",
    "AmazonS3ReadOnlyAccess",
    "SecurityAudit",
    "ViewOnlyAccess",
    "AmazonECSTaskExecutionRolePolicy",
    "AWSBackupServiceRolePolicyForBackup",
];
/// Instance types.
pub const INSTANCE_TYPES: [&str; 9] = [
    "t3.medium",
    "m6i.large",
    "c6i.xlarge",
    "t3.small",
    "m5.xlarge",
    "r6i.2xlarge",
    "c7g.large",
    "m7g.xlarge",
    "g5.xlarge",
];
/// Teams.
pub const TEAMS: [&str; 9] =
    ["platform", "checkout", "data", "search", "mobile", "security", "growth", "finance", "sre"];
/// Words for anything.
pub const WORDS: [&str; 14] = [
    "orders",
    "clicks",
    "customers",
    "invoices",
    "events",
    "products",
    "sessions",
    "metrics",
    "images",
    "exports",
    "payments",
    "ratings",
    "shipments",
    "returns",
];
/// Texts as people write them, already escaped for JSON: the last ones are odd on purpose.
pub const TEXTS: [&str; 14] = [
    "managed by terraform",
    "owner: platform team",
    "nightly batch",
    "see runbook",
    "temporary, remove after launch",
    "created by hand",
    "migration 2024",
    "cost centre 4711",
    "Zoë’s test environment",
    "say \\\"hello\\\" \\\\ twice",
    "línea uno\\nlínea dos\\ttab",
    "Straße \\u2013 M\\u00fcnchen",
    "東京リージョン検証用",
    "🚀 launch \\ud83d\\ude80",
];
/// Object keys that need care, already escaped for JSON.
pub const ODD_KEYS: [&str; 7] = [
    "uploads/Übersicht 2024/",
    "報告書/第一四半期/",
    "a b+c%20d/",
    "quotes \\\"inside\\\"/",
    "back\\\\slash/",
    "line\\u000abreak/",
    "../../etc/",
];
