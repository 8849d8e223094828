//! What actors do: which events each profile calls, and how often.

use crate::catalog::{self, Access, Plane, Reach, Service};
use crate::random::Weighted;
use crate::template::Template;

/// Which events of a service a profile uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Every event by a call.
    All,
    /// Management events that change nothing.
    Reads,
    /// Data events.
    Data,
    /// The first few: what a program does all day.
    Top,
}

/// A menu: services (by their IAM prefix), how much they are used, and which of their events.
type Menu = &'static [(&'static str, u64, Part)];

const MENUS: &[(&str, Menu)] = &[
    (
        "engineer",
        &[
            ("ec2", 230, Part::All),
            ("iam", 110, Part::All),
            ("s3", 80, Part::All),
            ("logs", 70, Part::All),
            ("cloudwatch", 70, Part::All),
            ("lambda", 50, Part::All),
            ("rds", 45, Part::All),
            ("ecs", 40, Part::All),
            ("s3object", 40, Part::All),
            ("cloudformation", 40, Part::All),
            ("ssm", 36, Part::All),
            ("sts", 30, Part::Top),
            ("dynamodb", 24, Part::All),
            ("secretsmanager", 22, Part::All),
            ("kms", 22, Part::Reads),
            ("eks", 18, Part::All),
            ("athena", 16, Part::All),
            ("health", 16, Part::All),
            ("signin", 12, Part::All),
            ("elasticloadbalancing", 12, Part::All),
            ("ce", 10, Part::All),
            ("apigateway", 9, Part::All),
            ("sqs", 8, Part::All),
            ("sns", 8, Part::All),
            ("glue", 8, Part::All),
            ("cloudtrail", 7, Part::All),
            ("cloudfront", 6, Part::All),
            ("route53", 6, Part::All),
            ("codepipeline", 6, Part::All),
            ("codebuild", 6, Part::All),
            ("states", 5, Part::All),
            ("ecr", 5, Part::All),
            ("support", 4, Part::All),
            ("bedrock", 4, Part::All),
            ("sagemaker", 4, Part::All),
            ("elasticache", 3, Part::All),
            ("redshift", 3, Part::All),
            ("wafv2", 3, Part::All),
            ("servicequotas", 3, Part::All),
            ("tag", 3, Part::All),
            ("ses", 2, Part::All),
            ("acm", 2, Part::All),
            ("guardduty", 2, Part::All),
            ("securityhub", 2, Part::All),
        ],
    ),
    (
        "analyst",
        &[
            ("athena", 40, Part::All),
            ("s3object", 30, Part::Data),
            ("glue", 20, Part::All),
            ("redshift", 8, Part::All),
            ("sts", 4, Part::Top),
        ],
    ),
    ("center", &[("sso", 9, Part::All), ("identitystore", 2, Part::All)]),
    ("saml", &[("saml", 1, Part::All)]),
    (
        "application",
        &[
            ("s3object", 230, Part::Data),
            ("dynamodb", 170, Part::Data),
            ("kms", 120, Part::Top),
            ("sqs", 110, Part::Data),
            ("ssm", 70, Part::Top),
            ("sts", 60, Part::Top),
            ("secretsmanager", 46, Part::Top),
            ("logs", 40, Part::Top),
            ("lambda", 40, Part::Data),
            ("ecr", 26, Part::Top),
            ("kinesis", 24, Part::Data),
            ("sns", 22, Part::Data),
            ("ecs", 14, Part::Top),
            ("ec2", 14, Part::Top),
            ("states", 8, Part::Top),
            ("elasticloadbalancing", 7, Part::Top),
            ("elasticfilesystem", 5, Part::All),
            ("batch", 4, Part::All),
            ("bedrock", 4, Part::Top),
            ("ses", 3, Part::All),
        ],
    ),
    (
        "fabric",
        &[
            ("sts", 60, Part::Top),
            ("kms", 26, Part::Top),
            ("s3object", 12, Part::Top),
            ("logs", 8, Part::Top),
            ("lambda", 8, Part::Data),
            ("s3", 8, Part::Top),
            ("backup", 4, Part::Top),
            ("codepipeline", 3, Part::All),
            ("ecr", 2, Part::All),
        ],
    ),
    (
        "auditor",
        &[
            ("ec2", 240, Part::Reads),
            ("s3", 130, Part::Reads),
            ("iam", 110, Part::Reads),
            ("config", 60, Part::All),
            ("rds", 50, Part::Reads),
            ("lambda", 44, Part::Reads),
            ("kms", 40, Part::Reads),
            ("autoscaling", 40, Part::All),
            ("elasticloadbalancing", 40, Part::All),
            ("organizations", 30, Part::All),
            ("cloudtrail", 24, Part::All),
            ("securityhub", 20, Part::All),
            ("guardduty", 18, Part::All),
            ("trustedadvisor", 14, Part::All),
            ("ecs", 14, Part::Reads),
            ("eks", 12, Part::Reads),
            ("dynamodb", 12, Part::Reads),
            ("secretsmanager", 10, Part::Reads),
            ("sqs", 8, Part::Reads),
            ("sns", 8, Part::Reads),
            ("acm", 6, Part::Reads),
            ("access-analyzer", 6, Part::All),
            ("backup", 6, Part::All),
            ("wafv2", 4, Part::Reads),
            ("elasticache", 4, Part::Reads),
            ("redshift", 4, Part::Reads),
            ("apigateway", 4, Part::Reads),
            ("cloudfront", 3, Part::Reads),
        ],
    ),
    (
        "deployer",
        &[
            ("ec2", 130, Part::All),
            ("iam", 110, Part::All),
            ("s3", 60, Part::All),
            ("sts", 50, Part::Top),
            ("lambda", 46, Part::All),
            ("cloudformation", 44, Part::All),
            ("ecr", 40, Part::All),
            ("ecs", 40, Part::All),
            ("dynamodb", 24, Part::All),
            ("logs", 24, Part::All),
            ("kms", 20, Part::All),
            ("elasticloadbalancing", 16, Part::All),
            ("autoscaling", 12, Part::All),
            ("events", 12, Part::All),
            ("cloudwatch", 12, Part::All),
            ("route53", 10, Part::All),
            ("sns", 8, Part::All),
            ("sqs", 8, Part::All),
            ("apigateway", 8, Part::All),
            ("cloudfront", 7, Part::All),
            ("acm", 6, Part::All),
            ("eks", 6, Part::All),
            ("rds", 6, Part::All),
            ("ssm", 6, Part::All),
            ("secretsmanager", 5, Part::All),
            ("wafv2", 3, Part::All),
        ],
    ),
    ("partner", &[("sts", 10, Part::Top), ("s3object", 14, Part::Data)]),
];

/// One kind of event with its templates taken apart.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The service.
    pub service: &'static Service,
    /// The event.
    pub event: &'static catalog::Event,
    /// requestParameters.
    pub request: Template,
    /// responseElements.
    pub response: Template,
    /// The elements of `resources`; empty when there is no such field.
    pub resources: Template,
    /// additionalEventData; empty when there is no such field.
    pub extra: Template,
    /// The host that was called.
    pub host: Template,
    /// The messages of its faults.
    pub messages: Vec<Template>,
}

impl Shape {
    fn new(service: &'static Service, event: &'static catalog::Event) -> Self {
        Self {
            service,
            event,
            request: Template::new(event.request),
            response: Template::new(event.response),
            resources: Template::new(event.resources),
            extra: Template::new(event.extra),
            host: Template::new(service.host),
            messages: service.faults.iter().map(|fault| Template::new(fault.message)).collect(),
        }
    }
}

/// All kinds of events.
pub fn shapes() -> Vec<Shape> {
    catalog::services().flat_map(|service| service.events.iter().map(move |event| Shape::new(service, event))).collect()
}

/// What one profile does, as places in the list of shapes.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name.
    pub name: &'static str,
    /// In us-east-1, where the global services are recorded.
    pub home: Weighted<usize>,
    /// In any other region.
    pub abroad: Weighted<usize>,
}

/// All profiles over these shapes.
pub fn profiles(shapes: &[Shape]) -> Vec<Profile> {
    MENUS
        .iter()
        .map(|(name, menu)| Profile {
            name,
            home: Weighted::new(choices(menu, shapes, &[Reach::Regional, Reach::Global])),
            abroad: Weighted::new(choices(menu, shapes, &[Reach::Regional])),
        })
        .collect()
}

/// The events of a menu with their weights: within a service, Zipf by their order.
fn choices(menu: Menu, shapes: &[Shape], reaches: &[Reach]) -> Vec<(usize, u64)> {
    let mut choices = Vec::new();
    for (action, weight, part) in menu {
        let chosen: Vec<usize> = (0..shapes.len())
            .filter(|&at| shapes[at].service.action == *action)
            .filter(|&at| reaches.contains(&shapes[at].service.reach))
            .filter(|&at| belongs(shapes[at].event, *part))
            .take(if *part == Part::Top { 3 } else { usize::MAX })
            .collect();
        let share: u64 = (1..=chosen.len() as u64).map(|rank| 1_000_000 / rank).sum();
        choices.extend(
            chosen.iter().zip(1_u64..).map(|(&at, rank)| (at, weight * 1_000_000 / rank * 1_000 / share.max(1))),
        );
    }
    choices
}

fn belongs(event: &catalog::Event, part: Part) -> bool {
    match part {
        Part::All | Part::Top => true,
        Part::Reads => event.access == Access::Read && event.plane == Plane::Management,
        Part::Data => event.plane == Plane::Data,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::actor::{MACHINES, PEOPLE};

    #[test]
    fn every_template_names_known_slots_only() {
        for shape in shapes() {
            for template in [&shape.request, &shape.response, &shape.resources, &shape.extra, &shape.host] {
                assert_eq!(template.unknown_slot(), None, "{} {}", shape.service.source, shape.event.name);
            }
            for message in &shape.messages {
                assert_eq!(message.unknown_slot(), None, "{}", shape.service.source);
            }
        }
        for kind in PEOPLE.iter().chain(MACHINES) {
            assert_eq!(Template::new(kind.identity).unknown_slot(), None, "{:?}", kind.kind);
        }
    }

    #[test]
    fn the_catalogue_is_wide() {
        let shapes = shapes();
        let sources: BTreeSet<&str> = shapes.iter().map(|shape| shape.service.source).collect();
        let names: BTreeSet<&str> = shapes.iter().map(|shape| shape.event.name).collect();
        assert!(sources.len() >= 40, "{}", sources.len());
        assert!(names.len() >= 200, "{}", names.len());
    }

    #[test]
    fn menus_and_services_name_each_other() {
        let shapes = shapes();
        let profiles = profiles(&shapes);
        for kind in PEOPLE.iter().chain(MACHINES) {
            assert!(profiles.iter().any(|profile| profile.name == kind.profile), "{:?}", kind.kind);
        }
        for (name, menu) in MENUS {
            for (action, _, _) in *menu {
                assert!(shapes.iter().any(|shape| shape.service.action == *action), "{name}: {action}");
            }
        }
        for shape in &shapes {
            let action = shape.service.action;
            assert!(MENUS.iter().any(|(_, menu)| menu.iter().any(|item| item.0 == action)), "{action}");
        }
    }
}
