//! Who acts: every kind of userIdentity that CloudTrail records, as templates.

use crate::agent::Agent;
use crate::random::{Random, fold, name_hash};
use crate::world::Account;

/// The kinds of actors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An IAM user in the console, signed in with MFA.
    ConsoleUser,
    /// An IAM user with a long-term access key.
    KeyUser,
    /// A person with a permission set of the identity centre.
    Person,
    /// The role of an EC2 instance.
    Server,
    /// The role of a Lambda function.
    Function,
    /// A deployment that assumes a role with a web identity.
    Pipeline,
    /// A Kubernetes workload with a role.
    Pod,
    /// A service with its service-linked role.
    Linked,
    /// An AWS service on its own behalf.
    Fabric,
    /// An account outside of the organisation.
    Partner,
    /// A session made with GetFederationToken.
    Federated,
    /// A user of the identity centre, before a role is assumed.
    Center,
    /// A sign-in with SAML, before a role is assumed.
    Saml,
    /// The account's root user: in a story only.
    Root,
}

/// An actor: all that is known about it follows from these numbers.
#[derive(Clone, Copy, Debug)]
pub struct Actor {
    /// What it is.
    pub kind: Kind,
    /// Which of its kind in its account.
    pub number: u64,
    /// The seed of its names and keys.
    pub seed: u64,
}

/// What the actors of one kind have in common.
#[derive(Clone, Copy, Debug)]
pub struct Trait {
    /// The kind.
    pub kind: Kind,
    /// How much of the people's or the machines' activity is theirs.
    pub weight: u64,
    /// How many there are in an account.
    pub count: u64,
    /// The name of the profile (see [`crate::profile`]) that says what they do.
    pub profile: &'static str,
    /// How long a session of theirs lasts, in seconds.
    pub session: i64,
    /// What they call with.
    pub agents: &'static [Agent],
    /// The template of their userIdentity.
    pub identity: &'static str,
}

impl Actor {
    /// Number `number` of a kind in an account. Instances belong to a region, all others are
    /// known in every one.
    pub fn new(account: &Account, region: &str, kind: Kind, number: u64) -> Self {
        let place = match kind {
            Kind::Server => name_hash(region),
            _ => 0,
        };
        Self { kind, number, seed: fold(&[account.seed, 3, place, kind as u64, number]) }
    }

    /// When the session began that covers `time`. Sessions of different actors do not begin at
    /// the same moment.
    pub fn session_start(&self, time: i64, length: i64) -> i64 {
        let shift = Random::new(self.seed).below(length as u64) as i64;
        time - (time + shift).rem_euclid(length)
    }
}

const USER: &str = concat!(
    r#"{"type":"IAMUser","principalId":"$aida","arn":"arn:aws:iam::$account:user/$username","accountId":"$account","#,
    r#""accessKeyId":"$asia","userName":"$username","sessionContext":{"sessionIssuer":{},"webIdFederationData":{},"#,
    r#""attributes":{"creationDate":"$created","mfaAuthenticated":"true"}}}"#
);
const KEY_USER: &str = concat!(
    r#"{"type":"IAMUser","principalId":"$aida","arn":"arn:aws:iam::$account:user/$username","accountId":"$account","#,
    r#""accessKeyId":"$akia","userName":"$username"}"#
);
/// An assumed role up to what differs between its kinds.
macro_rules! role {
    ($path:literal, $web:literal, $mfa:literal, $rest:literal) => {
        concat!(
            r#"{"type":"AssumedRole","principalId":"$aroa:$session","arn":"arn:aws:sts::$account:assumed-role/$actorrole/$session","#,
            r#""accountId":"$account","accessKeyId":"$asia","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"$aroa","#,
            r#""arn":"arn:aws:iam::$account:role/"#,
            $path,
            r#"$actorrole","accountId":"$account","userName":"$actorrole"},"#,
            $web,
            r#""attributes":{"creationDate":"$created","mfaAuthenticated":""#,
            $mfa,
            r#""}"#,
            $rest,
            "}"
        )
    };
}

/// People, by how much they do.
pub const PEOPLE: &[Trait] = &[
    Trait {
        kind: Kind::Person,
        weight: 78,
        count: 40,
        profile: "engineer",
        session: 8 * 3_600,
        agents: &[Agent::Console, Agent::Cli, Agent::Console, Agent::Terraform],
        identity: role!("aws-reserved/sso.amazonaws.com/eu-west-1/", "", "false", "}"),
    },
    Trait {
        kind: Kind::ConsoleUser,
        weight: 22,
        count: 12,
        profile: "engineer",
        session: 6 * 3_600,
        agents: &[Agent::Console, Agent::ConsoleService],
        identity: USER,
    },
    Trait {
        kind: Kind::Federated,
        weight: 3,
        count: 6,
        profile: "analyst",
        session: 3_600,
        agents: &[Agent::Python, Agent::Cli],
        identity: concat!(
            r#"{"type":"FederatedUser","principalId":"$account:$username","arn":"arn:aws:sts::$account:federated-user/$username","#,
            r#""accountId":"$account","accessKeyId":"$asia","sessionContext":{"sessionIssuer":{"type":"IAMUser","principalId":"$aida","#,
            r#""arn":"arn:aws:iam::$account:user/federation-broker","accountId":"$account","userName":"federation-broker"},"#,
            r#""webIdFederationData":{},"attributes":{"creationDate":"$created","mfaAuthenticated":"false"}}}"#
        ),
    },
    Trait {
        kind: Kind::Center,
        weight: 2,
        count: 40,
        profile: "center",
        session: 8 * 3_600,
        agents: &[Agent::Browser],
        identity: concat!(
            r#"{"type":"IdentityCenterUser","accountId":"$account","onBehalfOf":{"userId":"$centeruser","#,
            r#""identityStoreArn":"arn:aws:identitystore::$account:identitystore/d-$directory"},"credentialId":"$credential"}"#
        ),
    },
    Trait {
        kind: Kind::Saml,
        weight: 1,
        count: 30,
        profile: "saml",
        session: 3_600,
        agents: &[Agent::Browser],
        identity: r#"{"type":"SAMLUser","principalId":"$samlkey:$email","userName":"$email","identityProvider":"$samlkey"}"#,
    },
];

/// Machines, by how much they do.
pub const MACHINES: &[Trait] = &[
    Trait {
        kind: Kind::Server,
        weight: 34,
        count: 60,
        profile: "application",
        session: 6 * 3_600,
        agents: &[Agent::Java, Agent::Python, Agent::Go, Agent::Java, Agent::Cli],
        identity: role!("", "", "false", r#","ec2RoleDelivery":"2.0"}"#),
    },
    Trait {
        kind: Kind::Function,
        weight: 20,
        count: 30,
        profile: "application",
        session: 12 * 3_600,
        agents: &[Agent::Lambda, Agent::Lambda, Agent::JavaScript],
        identity: role!("service-role/", "", "false", "}"),
    },
    Trait {
        kind: Kind::Fabric,
        weight: 56,
        count: 12,
        profile: "fabric",
        session: 3_600,
        agents: &[Agent::Service],
        identity: r#"{"type":"AWSService","invokedBy":"$invoker"}"#,
    },
    Trait {
        kind: Kind::Linked,
        weight: 9,
        count: 10,
        profile: "auditor",
        session: 3_600,
        agents: &[Agent::Service],
        identity: role!("aws-service-role/$invoker/", "", "false", r#"},"invokedBy":"$invoker""#),
    },
    Trait {
        kind: Kind::Pod,
        weight: 9,
        count: 20,
        profile: "application",
        session: 3_600,
        agents: &[Agent::Go, Agent::Java, Agent::Python],
        identity: role!(
            "",
            r#""webIdFederationData":{"federatedProvider":"arn:aws:iam::$account:oidc-provider/oidc.eks.$region.amazonaws.com/id/$oidc","attributes":{}},"#,
            "false",
            "}"
        ),
    },
    Trait {
        kind: Kind::Pipeline,
        weight: 6,
        count: 10,
        profile: "deployer",
        session: 900,
        agents: &[Agent::Terraform, Agent::Cli, Agent::JavaScript],
        identity: role!(
            "ci/",
            r#""webIdFederationData":{"federatedProvider":"arn:aws:iam::$account:oidc-provider/token.actions.githubusercontent.com","attributes":{}},"#,
            "false",
            "}"
        ),
    },
    Trait {
        kind: Kind::KeyUser,
        weight: 20,
        count: 8,
        profile: "auditor",
        session: 3_600,
        agents: &[Agent::Cli, Agent::Python, Agent::JavaOld],
        identity: KEY_USER,
    },
    Trait {
        kind: Kind::Partner,
        weight: 2,
        count: 4,
        profile: "partner",
        session: 3_600,
        agents: &[Agent::Python, Agent::Go],
        identity: r#"{"type":"AWSAccount","principalId":"$aroa:$session","accountId":"$stranger"}"#,
    },
];
