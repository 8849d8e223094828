//! Finds events that say neither what was called nor from where: made by hand, or by a program that cut them.
//!
//! The same detector is written in other languages beside this one. It reads three fields of every event and does nothing
//! else, so `cargo xtask bench plugin` measures with it what an event costs in each.

use trailglass_plugin::{Detector, Finding, Group, Grouping, Manifest, Options, Severity, rows};

rows! {
    /// What is read of an event.
    struct Event {
        service: "eventSource",
        call: "eventName",
        address: "sourceIPAddress",
    }
}

/// The detector; it has no options.
pub struct NamelessEvents;

impl Detector for NamelessEvents {
    const MANIFEST: Manifest = Manifest {
        id: "nameless-events",
        name: "Events without names",
        version: env!("CARGO_PKG_VERSION"),
        description: "Records name neither a service nor a call nor an address. CloudTrail always writes them.",
        severity: Severity::Informational,
        select: "",
        fields: Event::FIELDS,
        grouping: Grouping::By(&["sourceIPAddress"]),
        ..Manifest::NOTHING
    };

    fn configure(_: &Options) -> Result<Self, String> {
        Ok(Self)
    }

    fn observe(&self, group: &Group<'_>) -> Vec<Finding> {
        let nameless = |event: &Event<'_>| event.service.is_none() && event.call.is_none() && event.address.is_none();
        let found: Vec<Event<'_>> = group.rows().map(Event::from).filter(nameless).collect();
        match found.len() {
            0 => Vec::new(),
            count => vec![Finding::new(found, format!("{count} events name neither service, call nor address."))],
        }
    }
}

trailglass_plugin::export!(NamelessEvents);

#[cfg(test)]
mod tests {
    use super::*;
    use trailglass_plugin::trial::Trial;

    #[test]
    fn only_what_has_no_name_at_all() {
        let check = |fields: &[(&'static str, &str)], expected: usize| {
            let trial = Trial::new().event(0, fields.iter().copied());
            assert_eq!(trial.run::<NamelessEvents>().unwrap().len(), expected, "{fields:?}");
        };
        check(&[], 1);
        check(&[("eventSource", "s3.amazonaws.com")], 0);
        check(&[("eventName", "GetObject")], 0);
        check(&[("sourceIPAddress", "198.51.100.7")], 0);
    }
}
