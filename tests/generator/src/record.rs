//! One ordinary record, as text: who did what, where, and what came of it.

use crate::actor::{Actor, Kind, MACHINES, PEOPLE, Trait};
use crate::agent;
use crate::catalog::{Access, Plane};
use crate::clock;
use crate::fault::{self, Fault, Request};
use crate::profile::{self, Profile, Shape};
use crate::random::{Random, Weighted, fold};
use crate::slot::{self, Scene};
use crate::template::Template;
use crate::world::{Account, World, write_uuid};

/// Everything that records are made from, prepared once.
#[derive(Clone, Debug)]
pub struct Press {
    shapes: Vec<Shape>,
    profiles: Vec<Profile>,
    people: Weighted<usize>,
    machines: Weighted<usize>,
    kinds: Vec<(&'static Trait, Template, usize)>,
    request_id: Template,
    short_request_id: Template,
    endpoint: Template,
}

/// Where and when a record belongs.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The organisation.
    pub world: &'a World,
    /// The account.
    pub account: &'a Account,
    /// The region.
    pub region: &'static str,
    /// The eventTime.
    pub time: i64,
    /// The seed of the record.
    pub seed: u64,
}

impl Press {
    /// Takes the templates apart.
    pub fn new() -> Self {
        let shapes = profile::shapes();
        let profiles = profile::profiles(&shapes);
        let kinds: Vec<(&'static Trait, Template, usize)> = PEOPLE
            .iter()
            .chain(MACHINES)
            .map(|kind| {
                let profile = profiles.iter().position(|profile| profile.name == kind.profile);
                (kind, Template::new(kind.identity), profile.unwrap_or(0))
            })
            .collect();
        let weights = |from: usize, kinds: &[Trait]| {
            Weighted::new(kinds.iter().enumerate().map(|(at, kind)| (from + at, kind.weight)))
        };
        Self {
            shapes,
            profiles,
            people: weights(0, PEOPLE),
            machines: weights(PEOPLE.len(), MACHINES),
            kinds,
            request_id: Template::new("$requestid"),
            short_request_id: Template::new("$shortrequestid"),
            endpoint: Template::new("$endpoint"),
        }
    }

    /// Appends the record of a place: a JSON object.
    pub fn write(&self, out: &mut Vec<u8>, place: Place<'_>) {
        let mut random = Random::of(&[place.seed, 61]);
        let (people, all) = clock::activity(place.time);
        let group = if random.chance(people, all) { &self.people } else { &self.machines };
        // Both tables hold something, so a draw never misses.
        let (kind, identity, profile) = &self.kinds[group.draw(&mut random).unwrap_or(0)];
        let profile = &self.profiles[*profile];
        let menu = if place.region == "us-east-1" { &profile.home } else { &profile.abroad };
        let Some(at) = menu.draw(&mut random) else {
            // A profile of global services only, in a region that does not record them.
            let again = Place { seed: fold(&[place.seed, 62]), ..place };
            return self.write(out, again);
        };
        let shape = &self.shapes[at];
        let actor = Actor::new(place.account, place.region, kind.kind, random.skewed(kind.count));
        let scene = Scene {
            world: place.world,
            account: place.account,
            region: place.region,
            time: place.time,
            seed: place.seed,
            actor,
            session: actor.session_start(place.time, kind.session),
            service: shape.service.source,
            action: action(shape),
            event: shape.event.name,
        };
        let fails = shape.event.plane != Plane::ServiceEvent && random.chance(fault::RATE, 1_000);
        let failed = fails.then(|| fault::draw(shape.service.faults, &mut random));
        self.write_fields(out, &scene, shape, (kind, identity), failed);
    }

    /// The fields in the order in which CloudTrail writes them.
    fn write_fields(
        &self,
        out: &mut Vec<u8>,
        scene: &Scene<'_>,
        shape: &Shape,
        (kind, identity): (&Trait, &Template),
        failed: Option<usize>,
    ) {
        let (service, event) = (shape.service, shape.event);
        let by_itself = event.plane == Plane::ServiceEvent;
        put(out, r#"{"eventVersion":"1."#);
        put(out, service.version);
        put(out, r#"","userIdentity":"#);
        if by_itself {
            put(out, r#"{"accountId":""#);
            put(out, &scene.account.id);
            field(out, r#"","invokedBy":""#, service.source);
            put(out, r#""}"#);
        } else {
            identity.write(out, scene);
        }
        put(out, r#","eventTime":""#);
        clock::write_iso(out, scene.time);
        field(out, r#"","eventSource":""#, service.source);
        field(out, r#"","eventName":""#, event.name);
        field(out, r#"","awsRegion":""#, scene.region);
        put(out, r#"","sourceIPAddress":""#);
        if by_itself {
            put(out, service.source);
            field(out, r#"","userAgent":""#, service.source);
        } else {
            slot::write_address(out, scene);
            put(out, r#"","userAgent":""#);
            agent::write(out, scene, kind.agents);
        }
        put(out, r#"""#);
        self.write_outcome(out, scene, shape, failed);
        self.write_identifiers(out, scene, shape);
        self.write_category(out, scene, shape);
        // What a service calls for itself goes over no connection of the customer's.
        let internal = by_itself || matches!(kind.kind, Kind::Fabric | Kind::Linked);
        if !internal && has(service.version, 8) {
            write_tls(out, scene, shape);
        }
        if kind.kind == Kind::ConsoleUser && has(service.version, 8) {
            put(out, r#","sessionCredentialFromConsole":"true""#);
        }
        put(out, "}");
    }

    /// errorCode and errorMessage, the request and the response.
    fn write_outcome(&self, out: &mut Vec<u8>, scene: &Scene<'_>, shape: &Shape, failed: Option<usize>) {
        let fault: Option<(&Fault, &Template)> = failed.map(|at| (&shape.service.faults[at], &shape.messages[at]));
        if let Some((fault, message)) = fault {
            field(out, r#","errorCode":""#, fault.code);
            put(out, r#"","errorMessage":""#);
            message.write(out, scene);
            put(out, r#"""#);
        }
        put(out, r#","requestParameters":"#);
        if fault.is_some_and(|(fault, _)| fault.request == Request::Dropped) {
            put(out, "null");
        } else {
            shape.request.write(out, scene);
        }
        put(out, r#","responseElements":"#);
        if fault.is_some() {
            put(out, "null");
        } else {
            shape.response.write(out, scene);
        }
        if !shape.extra.is_empty() {
            let name = if shape.event.plane == Plane::ServiceEvent {
                r#","serviceEventDetails":"#
            } else {
                r#","additionalEventData":"#
            };
            put(out, name);
            shape.extra.write(out, scene);
        }
    }

    /// requestID, eventID, readOnly, resources, eventType.
    fn write_identifiers(&self, out: &mut Vec<u8>, scene: &Scene<'_>, shape: &Shape) {
        let event = shape.event;
        if event.plane != Plane::ServiceEvent {
            put(out, r#","requestID":""#);
            let short = matches!(scene.service, "s3.amazonaws.com" | "dynamodb.amazonaws.com");
            let template = if short { &self.short_request_id } else { &self.request_id };
            template.write(out, scene);
            put(out, r#"""#);
        }
        put(out, r#","eventID":""#);
        write_uuid(out, &mut Random::of(&[scene.seed, 63]));
        put(out, r#"","readOnly":"#);
        put(out, if event.access == Access::Read { "true" } else { "false" });
        if !shape.resources.is_empty() {
            put(out, r#","resources":["#);
            shape.resources.write(out, scene);
            put(out, "]");
        }
        let kind = match event.plane {
            Plane::Management | Plane::Data => "AwsApiCall",
            Plane::ServiceEvent => "AwsServiceEvent",
            Plane::ConsoleAction => "AwsConsoleAction",
        };
        field(out, r#","eventType":""#, kind);
        if shape.service.api_version.is_empty() {
            put(out, r#"""#);
        } else {
            field(out, r#"","apiVersion":""#, shape.service.api_version);
            put(out, r#"""#);
        }
    }

    /// managementEvent, recipientAccountId, sharedEventID, the endpoint, eventCategory.
    fn write_category(&self, out: &mut Vec<u8>, scene: &Scene<'_>, shape: &Shape) {
        let version = shape.service.version;
        let data = shape.event.plane == Plane::Data;
        if has(version, 6) {
            put(out, if data { r#","managementEvent":false"# } else { r#","managementEvent":true"# });
        }
        field(out, r#","recipientAccountId":""#, &scene.account.id);
        put(out, r#"""#);
        let shared = matches!(scene.actor.kind, Kind::Partner)
            || scene.actor.kind == Kind::Fabric && scene.event == "AssumeRole";
        if shared {
            put(out, r#","sharedEventID":""#);
            write_uuid(out, &mut Random::of(&[scene.seed, 64]));
            put(out, r#"""#);
        }
        if slot::in_private_network(scene) && shape.event.plane != Plane::ServiceEvent {
            put(out, r#","vpcEndpointId":""#);
            self.endpoint.write(out, scene);
            put(out, r#"""#);
            if has(version, 9) {
                field(out, r#","vpcEndpointAccountId":""#, &scene.account.id);
                put(out, r#"""#);
            }
        }
        if has(version, 7) {
            put(out, if data { r#","eventCategory":"Data""# } else { r#","eventCategory":"Management""# });
        }
    }
}

/// The prefix in IAM actions: object events have S3's.
fn action(shape: &Shape) -> &'static str {
    match shape.service.action {
        "s3object" => "s3",
        "saml" => "sts",
        action => action,
    }
}

/// Whether `version` (the minor number as text) is at least `minor`.
fn has(version: &str, minor: u32) -> bool {
    version.parse().is_ok_and(|version: u32| version >= minor)
}

fn write_tls(out: &mut Vec<u8>, scene: &Scene<'_>, shape: &Shape) {
    let mut random = Random::of(&[scene.actor.seed, 65]);
    let modern = random.chance(4, 5);
    let (version, suite) =
        if modern { ("TLSv1.3", "TLS_AES_128_GCM_SHA256") } else { ("TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256") };
    field(out, r#","tlsDetails":{"tlsVersion":""#, version);
    field(out, r#"","cipherSuite":""#, suite);
    put(out, r#"","clientProvidedHostHeader":""#);
    shape.host.write(out, scene);
    put(out, r#"""#);
    if modern && has(shape.service.version, 10) && random.chance(1, 2) {
        put(out, r#","keyExchange":"X25519MLKEM768""#);
    }
    put(out, "}");
}

fn put(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

/// What comes before a value, and the value; the quote after it is the caller's.
fn field(out: &mut Vec<u8>, before: &str, value: &str) {
    put(out, before);
    put(out, value);
}
