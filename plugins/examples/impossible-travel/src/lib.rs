//! One identity at work in two far places within a time that no journey takes: a copied key or session.
//!
//! CloudTrail has no places, only addresses and regions. An address is taken to be where the region is that it works in:
//! somebody in Dublin mostly works in eu-west-1. That holds for an address only if nearly all of its calls go to one part of
//! the world, so an address from which far regions are called (a tool for all regions, the machine of an administrator)
//! has no place, and neither have services. Calls of global services are recorded in us-east-1 wherever the caller is,
//! and tell nothing.
//!
//! So it can show that two addresses that use one identity have work in different parts of the world. It cannot show where
//! anybody is: a thief who works in the victim's region is not seen, and an office and a VPN from which different regions
//! are looked after look like two places.

mod places;

use std::collections::BTreeMap;
use std::net::IpAddr;

use places::Region;
use trailglass_plugin::time::{HOUR_MS, span};
use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, OptionSpec, Options, Row, Severity, words};

/// Of the calls from an address, so many in a hundred may go to far regions before it has no place.
const STRAY_PERCENT: usize = 10;
/// So many journeys of one pair of regions are evidence; the others are counted.
const SHOWN: usize = 20;

trailglass_plugin::rows! {
    /// A call with an address.
    struct Call {
        arn: "userIdentity.arn",
        kind: "userIdentity.type",
        key: "userIdentity.accessKeyId",
        address: "sourceIPAddress" as IpAddr,
        region: "awsRegion",
        source: "eventSource",
        agent: "userAgent",
    }
}

/// The detector; its fields are its options.
pub struct ImpossibleTravel {
    speed_km_h: i64,
    least_km: i64,
    least_calls: usize,
    ignored_regions: Vec<String>,
    ignored_agents: Vec<String>,
}

impl Detector for ImpossibleTravel {
    const MANIFEST: Manifest = Manifest {
        id: "impossible-travel",
        name: "One identity in two far places",
        version: env!("CARGO_PKG_VERSION"),
        description: "One identity was used from two addresses that work in far regions, within a time that no journey takes. \
            Its key or session may have been copied. Places are guessed from regions: an address is where it works.",
        severity: Severity::Medium,
        tactics: &["TA0001"],
        techniques: &["T1078.004"],
        false_positives: &[
            "Somebody who looks after one region from the office and another one through a VPN.",
            "One key that is installed on machines in several regions.",
        ],
        references: &["https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html"],
        options: &[
            OptionSpec::integer("speed", 900, "The fastest journey that is possible, in km/h, from 100 to 100,000."),
            OptionSpec::integer(
                "distance",
                2_000,
                "How far apart two places must be at least, in km, from 100 to 20,000.",
            ),
            OptionSpec::integer("calls", 5, "How many calls an address needs before it has a place, from 1 to 10,000."),
            OptionSpec::texts(
                "ignore-regions",
                &[],
                "Regions whose calls tell nothing about a place, such as `us-east-1`.",
            ),
            OptionSpec::texts("ignore-agents", &[], "Tools whose calls tell nothing: parts of their user agents."),
        ],
        select: "sourceIPAddress:* AND userIdentity.arn:* AND NOT sourceIPAddress:(*.amazonaws.com OR \"AWS Internal\"*) \
            AND NOT userIdentity.invokedBy:* AND NOT userIdentity.type:AWSService \
            AND NOT eventCategory:(Data OR NetworkActivity OR Insight OR Aggregated)",
        fields: Call::FIELDS,
        grouping: Grouping::By(&["userIdentity.arn"]),
    };

    fn configure(options: &Options) -> Result<Self, String> {
        Ok(Self {
            speed_km_h: options.integer("speed", 100..=100_000)?,
            least_km: options.integer("distance", 100..=20_000)?,
            least_calls: options.count("calls", 1..=10_000)?,
            ignored_regions: options.texts("ignore-regions")?.to_vec(),
            ignored_agents: options.texts("ignore-agents")?.to_vec(),
        })
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        let mut identities: BTreeMap<Option<&str>, Vec<Stay<'_>>> = BTreeMap::new();
        for call in group.rows().map(Call::from) {
            if let Some(stay) = self.stay(&call) {
                let stays = identities.entry(credential(&call)).or_default();
                match stays.last_mut().filter(|last| (last.address, last.region) == (stay.address, stay.region)) {
                    Some(last) => (last.end, last.calls) = (stay.end, last.calls + 1),
                    None => stays.push(stay),
                }
            }
        }
        identities.values().flat_map(|stays| self.journeys(stays)).collect()
    }
}

/// Calls from one address to one region, one after the other.
#[derive(Clone, Copy)]
struct Stay<'a> {
    address: IpAddr,
    region: Region,
    calls: usize,
    start: (i64, Row<'a>),
    end: (i64, Row<'a>),
}

/// The journeys between two regions that were too fast.
struct Journeys<'a> {
    first: (Stay<'a>, Stay<'a>),
    evidence: Vec<Row<'a>>,
    number: usize,
}

impl ImpossibleTravel {
    /// The call as a stay; `None` when it tells nothing about a place.
    fn stay<'a>(&self, call: &Call<'a>) -> Option<Stay<'a>> {
        let (time, address, name) = (call.row.time_ms()?, call.address?, call.region?);
        let region = Region::find(name)?;
        let ignored = self.ignored_regions.iter().any(|ignored| ignored == name);
        let tool = words::mentions(call.agent.unwrap_or_default(), &self.ignored_agents);
        let fine = !ignored && !tool && !is_global(call.source.unwrap_or_default(), name);
        let at = (time, call.row);
        fine.then_some(Stay { address, region, calls: 1, start: at, end: at })
    }

    /// The findings about one identity: one for each pair of regions.
    fn journeys(&self, stays: &[Stay<'_>]) -> Vec<Finding> {
        let homes = self.homes(stays);
        let mut pairs: BTreeMap<(Region, Region), Journeys<'_>> = BTreeMap::new();
        let mut last: Option<Stay<'_>> = None;
        for &stay in stays {
            let Some(&home) = homes.get(&stay.address) else { continue };
            let here = Stay { region: home, ..stay };
            if let Some(there) = last.filter(|there| self.is_too_fast(there, &here)) {
                let pair = (there.region.min(here.region), there.region.max(here.region));
                let journeys = pairs.entry(pair).or_insert_with(|| Journeys {
                    first: (there, here),
                    evidence: Vec::new(),
                    number: 0,
                });
                journeys.number += 1;
                if journeys.number <= SHOWN {
                    journeys.evidence.extend([there.end.1, here.start.1]);
                }
            }
            last = Some(here);
        }
        pairs.into_values().map(|journeys| self.finding(journeys)).collect()
    }

    /// Where each address is. One that is at work in far regions is nowhere.
    fn homes(&self, stays: &[Stay<'_>]) -> BTreeMap<IpAddr, Region> {
        let mut calls: BTreeMap<IpAddr, BTreeMap<Region, usize>> = BTreeMap::new();
        for stay in stays {
            *calls.entry(stay.address).or_default().entry(stay.region).or_default() += stay.calls;
        }
        let home = |regions: &BTreeMap<Region, usize>| {
            let all: usize = regions.values().sum();
            let (&home, _) = regions.iter().max_by_key(|&(_, &calls)| calls)?;
            let far = |region: &Region| home.distance_km(*region) >= self.least_km;
            let strays: usize = regions.iter().filter(|(region, _)| far(region)).map(|(_, calls)| calls).sum();
            (all >= self.least_calls && strays * 100 <= all * STRAY_PERCENT).then_some(home)
        };
        calls.iter().filter_map(|(&address, regions)| Some((address, home(regions)?))).collect()
    }

    fn is_too_fast(&self, there: &Stay<'_>, here: &Stay<'_>) -> bool {
        let km = there.region.distance_km(here.region);
        there.address != here.address && km >= self.least_km && here.start.0 - there.end.0 < self.needed_ms(km)
    }

    /// How long the fastest journey takes.
    fn needed_ms(&self, km: i64) -> i64 {
        km * HOUR_MS / self.speed_km_h
    }

    fn finding(&self, journeys: Journeys<'_>) -> Finding {
        let (there, here) = journeys.first;
        let km = there.region.distance_km(here.region);
        let again = match journeys.number {
            1 => String::new(),
            number => format!(" It happened {number} times."),
        };
        let why = format!(
            "{} worked in {} from {} and {} later in {} from {}: some {} km, which take {} at {} km/h.{again}",
            words::capital(&words::who(Call::from(there.end.1).arn)),
            there.region.show(),
            there.address,
            span(here.start.0 - there.end.0),
            here.region.show(),
            here.address,
            // The places are not known better than that.
            words::thousands((km + 50) / 100 * 100),
            span(self.needed_ms(km)),
            words::thousands(self.speed_km_h),
        );
        Finding::new(journeys.evidence, why)
    }
}

/// What sets two users of one ARN apart. Machines share the name of a session, so each of their credentials travels by
/// itself; people get a new one for each service that they open, so they travel as a whole. People's sessions have the names
/// that their directory gives them: addresses of mail.
fn credential<'a>(call: &Call<'a>) -> Option<&'a str> {
    let session = call.arn.and_then(|arn| arn.rsplit_once('/')).map_or("", |(_, session)| session);
    let machine = call.kind == Some("AssumedRole") && !session.contains('@');
    call.key.filter(|_| machine)
}

/// Whether calls of a service are recorded in this region from wherever they come.
fn is_global(source: &str, region: &str) -> bool {
    const US_EAST_1: &[&str] = &[
        "account",
        "artifact",
        "aws-marketplace",
        "billing",
        "billingconsole",
        "budgets",
        "ce",
        "cloudfront",
        "consolidatedbilling",
        "cur",
        "freetier",
        "health",
        "iam",
        "importexport",
        "invoicing",
        "organizations",
        "payments",
        "pricing",
        "route53",
        "route53domains",
        "s3",
        "servicequotas",
        "shield",
        "signin",
        "sso",
        "sts",
        "support",
        "tagging",
        "tax",
        "trustedadvisor",
        "waf",
    ];
    let service = source.strip_suffix(".amazonaws.com").unwrap_or(source);
    match region {
        "us-east-1" => US_EAST_1.contains(&service),
        "us-west-2" => ["globalaccelerator", "networkmanager"].contains(&service),
        "cn-north-1" | "us-gov-west-1" => ["iam", "organizations", "sts"].contains(&service),
        _ => false,
    }
}

trailglass_plugin::export!(ImpossibleTravel);

#[cfg(test)]
mod tests;
