//! The services and their events, as tables. Within a service the most frequent event comes first.

mod compute;
mod governance;
mod identity;
mod integration;
mod storage;

use crate::fault::Fault;

/// One service as CloudTrail names it.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// Its eventSource.
    pub source: &'static str,
    /// Its prefix in IAM actions; the profiles name it so.
    pub action: &'static str,
    /// Its host name, a template.
    pub host: &'static str,
    /// The minor number of its eventVersion, as text: `08` for 1.08.
    pub version: &'static str,
    /// Its apiVersion, or empty.
    pub api_version: &'static str,
    /// Where it is recorded.
    pub reach: Reach,
    /// How its calls fail.
    pub faults: &'static [Fault],
    /// Its events, the most frequent first.
    pub events: &'static [Event],
}

/// Where a service's events are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// In the region that was called.
    Regional,
    /// In us-east-1 only.
    Global,
}

/// Whether a call changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// `readOnly` is true.
    Read,
    /// `readOnly` is false.
    Write,
}

/// The category and type of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plane {
    /// A management event by a call.
    Management,
    /// A data event by a call.
    Data,
    /// A management event that a service made by itself.
    ServiceEvent,
    /// A management event of the console.
    ConsoleAction,
}

/// One kind of event. All texts are templates; `null` is written as it stands, and an empty
/// `resources` or `extra` leaves the field out.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// The eventName.
    pub name: &'static str,
    /// Whether it changes anything.
    pub access: Access,
    /// Its category and type.
    pub plane: Plane,
    /// requestParameters.
    pub request: &'static str,
    /// responseElements.
    pub response: &'static str,
    /// The elements of `resources`.
    pub resources: &'static str,
    /// additionalEventData.
    pub extra: &'static str,
}

impl Event {
    const fn new(
        name: &'static str,
        access: Access,
        plane: Plane,
        request: &'static str,
        response: &'static str,
    ) -> Self {
        Self { name, access, plane, request, response, resources: "", extra: "" }
    }

    const fn about(mut self, resources: &'static str) -> Self {
        self.resources = resources;
        self
    }

    const fn with(mut self, extra: &'static str) -> Self {
        self.extra = extra;
        self
    }
}

const fn read(name: &'static str, request: &'static str) -> Event {
    Event::new(name, Access::Read, Plane::Management, request, "null")
}

const fn write(name: &'static str, request: &'static str, response: &'static str) -> Event {
    Event::new(name, Access::Write, Plane::Management, request, response)
}

const fn data(name: &'static str, access: Access, request: &'static str) -> Event {
    Event::new(name, access, Plane::Data, request, "null")
}

const fn service_event(name: &'static str, extra: &'static str) -> Event {
    Event::new(name, Access::Write, Plane::ServiceEvent, "null", "null").with(extra)
}

/// A service in each region under its own name, of the current version and with common faults.
const fn service(
    source: &'static str,
    action: &'static str,
    host: &'static str,
    version: &'static str,
    events: &'static [Event],
) -> Service {
    Service {
        source,
        action,
        host,
        version,
        api_version: "",
        reach: Reach::Regional,
        faults: crate::fault::COMMON,
        events,
    }
}

impl Service {
    const fn global(mut self) -> Self {
        self.reach = Reach::Global;
        self
    }

    const fn fails(mut self, faults: &'static [Fault]) -> Self {
        self.faults = faults;
        self
    }

    const fn api(mut self, version: &'static str) -> Self {
        self.api_version = version;
        self
    }
}

/// All services.
pub fn services() -> impl Iterator<Item = &'static Service> {
    [storage::SERVICES, compute::SERVICES, identity::SERVICES, integration::SERVICES, governance::SERVICES]
        .into_iter()
        .flatten()
}
