//! The names of columns: which field of a record is meant, however a tool spells it.

/// What the text of a field is in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// `true` or `false`.
    Bool,
    /// A time, in RFC 3339.
    Time,
    /// A number of an account: twelve digits.
    Account,
    /// An object or array whose keys CloudTrail defines; query tools print them in lower case.
    Struct,
    /// The resources: as above, but an `arn` is spelled `ARN` in them.
    Resources,
    /// An object or array with keys of the service that was called.
    Free,
}

/// Every field that may be a column of its own, in the order in which CloudTrail writes them.
const FIELDS: &[(&str, Kind)] = &[
    ("eventVersion", Kind::Text),
    ("userIdentity", Kind::Struct),
    ("userIdentity.type", Kind::Text),
    ("userIdentity.principalId", Kind::Text),
    ("userIdentity.arn", Kind::Text),
    ("userIdentity.accountId", Kind::Account),
    ("userIdentity.accessKeyId", Kind::Text),
    ("userIdentity.userName", Kind::Text),
    ("userIdentity.sessionContext", Kind::Struct),
    ("userIdentity.sessionContext.sessionIssuer", Kind::Struct),
    ("userIdentity.sessionContext.sessionIssuer.type", Kind::Text),
    ("userIdentity.sessionContext.sessionIssuer.principalId", Kind::Text),
    ("userIdentity.sessionContext.sessionIssuer.arn", Kind::Text),
    ("userIdentity.sessionContext.sessionIssuer.accountId", Kind::Account),
    ("userIdentity.sessionContext.sessionIssuer.userName", Kind::Text),
    ("userIdentity.sessionContext.webIdFederationData", Kind::Struct),
    ("userIdentity.sessionContext.webIdFederationData.federatedProvider", Kind::Text),
    ("userIdentity.sessionContext.webIdFederationData.attributes", Kind::Struct),
    ("userIdentity.sessionContext.attributes", Kind::Struct),
    ("userIdentity.sessionContext.attributes.creationDate", Kind::Text),
    ("userIdentity.sessionContext.attributes.mfaAuthenticated", Kind::Text),
    ("userIdentity.sessionContext.sourceIdentity", Kind::Text),
    ("userIdentity.sessionContext.ec2RoleDelivery", Kind::Text),
    ("userIdentity.sessionContext.assumedRoot", Kind::Text),
    ("userIdentity.invokedBy", Kind::Text),
    ("userIdentity.identityProvider", Kind::Text),
    ("userIdentity.credentialId", Kind::Text),
    ("userIdentity.onBehalfOf", Kind::Struct),
    ("userIdentity.onBehalfOf.userId", Kind::Text),
    ("userIdentity.onBehalfOf.identityStoreArn", Kind::Text),
    ("userIdentity.inScopeOf", Kind::Struct),
    ("userIdentity.inScopeOf.sourceArn", Kind::Text),
    ("userIdentity.inScopeOf.sourceAccount", Kind::Text),
    ("userIdentity.inScopeOf.issuerType", Kind::Text),
    ("userIdentity.inScopeOf.credentialsIssuedTo", Kind::Text),
    ("userIdentity.invokedByDelegate", Kind::Struct),
    ("eventTime", Kind::Time),
    ("eventSource", Kind::Text),
    ("eventName", Kind::Text),
    ("awsRegion", Kind::Text),
    ("sourceIPAddress", Kind::Text),
    ("userAgent", Kind::Text),
    ("errorCode", Kind::Text),
    ("errorMessage", Kind::Text),
    ("requestParameters", Kind::Free),
    ("responseElements", Kind::Free),
    ("additionalEventData", Kind::Free),
    ("requestID", Kind::Text),
    ("eventID", Kind::Text),
    ("readOnly", Kind::Bool),
    ("resources", Kind::Resources),
    ("resources.0.resourceType", Kind::Text),
    ("resources.0.resourceName", Kind::Text),
    ("eventType", Kind::Text),
    ("apiVersion", Kind::Text),
    ("managementEvent", Kind::Bool),
    ("recipientAccountId", Kind::Account),
    ("sharedEventID", Kind::Text),
    ("annotation", Kind::Text),
    ("vpcEndpointId", Kind::Text),
    ("vpcEndpointAccountId", Kind::Account),
    ("serviceEventDetails", Kind::Free),
    ("addendum", Kind::Struct),
    ("edgeDeviceDetails", Kind::Struct),
    ("insightDetails", Kind::Struct),
    ("eventCategory", Kind::Text),
    ("eventContext", Kind::Struct),
    ("timeWindow", Kind::Struct),
    ("summary", Kind::Struct),
    ("tlsDetails", Kind::Struct),
    ("tlsDetails.tlsVersion", Kind::Text),
    ("tlsDetails.cipherSuite", Kind::Text),
    ("tlsDetails.clientProvidedHostHeader", Kind::Text),
    ("tlsDetails.keyExchange", Kind::Text),
    ("sessionCredentialFromConsole", Kind::Text),
];

/// Names that are not the end of a path themselves: the console's, and what a query engine calls a column of a part.
const ALIASES: &[(&str, &str)] = &[
    ("username", "userIdentity.userName"),
    ("awsaccesskey", "userIdentity.accessKeyId"),
    ("accesskeyid", "userIdentity.accessKeyId"),
    ("arn", "userIdentity.arn"),
    ("type", "userIdentity.type"),
    ("principalid", "userIdentity.principalId"),
    ("accountid", "userIdentity.accountId"),
    ("invokedby", "userIdentity.invokedBy"),
    ("sessioncontext", "userIdentity.sessionContext"),
    ("sessionissuer", "userIdentity.sessionContext.sessionIssuer"),
    ("mfaauthenticated", "userIdentity.sessionContext.attributes.mfaAuthenticated"),
    ("@timestamp", "eventTime"),
    ("eventdatetime", "eventTime"),
    ("region", "awsRegion"),
    ("sourceip", "sourceIPAddress"),
    ("resourcetype", "resources.0.resourceType"),
    ("resourcename", "resources.0.resourceName"),
];

/// Keys inside of structs that are no field of their own above.
const MORE_KEYS: &[&str] = &[
    "accountId",
    "additionalInfo",
    "attributions",
    "average",
    "baseline",
    "baselineDuration",
    "cipherSuite",
    "deviceFamily",
    "insight",
    "insightContext",
    "insightDuration",
    "insightType",
    "originalEventID",
    "originalRequestID",
    "requestContext",
    "snowJobId",
    "tagContext",
    "updatedFields",
    "windowEnd",
    "windowSize",
    "windowStart",
];

/// Columns whose text is a whole record, or carries one.
const CARRIERS: &[&str] = &[
    "@message",
    "message",
    "raw",
    "cloudtrailevent",
    "eventjson",
    "eventoriginal",
    "sourceeventoriginal",
    "source",
    "sourcemessage",
];

/// A column, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Keys from the record down to the value.
    pub path: Vec<String>,
    /// What the value is.
    pub kind: Kind,
    /// Where it stands among the fields of a record.
    pub order: usize,
    /// What is known about the column.
    pub known: Known,
}

/// How much is known of a column by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Nothing: its values are kept under its own name.
    No,
    /// It is a field of records.
    Field,
    /// It holds whole records.
    Carrier,
}

/// In lower case, and without what tools put between words.
pub fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, ' ' | '_' | '-' | '.')).map(|c| c.to_ascii_lowercase()).collect()
}

/// The field that a column of this name holds.
pub fn resolve(name: &str) -> Name {
    let name = name.trim();
    let flat = plain(name);
    let is_path = |path: &str| path.bytes().filter(|c| *c != b'.').map(|c| c.to_ascii_lowercase()).eq(flat.bytes());
    let alias = || ALIASES.iter().find(|(alias, _)| *alias == flat).map(|(_, path)| *path);
    let by_path = |path: &str| FIELDS.iter().position(|(field, _)| *field == path);
    let at = FIELDS.iter().position(|(field, _)| is_path(field)).or_else(|| by_path(alias()?));
    let known = if CARRIERS.contains(&flat.as_str()) { Known::Carrier } else { Known::Field };
    if let Some((order, (path, kind))) = at.and_then(|at| Some((at, FIELDS.get(at)?))) {
        return Name { path: path.split('.').map(str::to_owned).collect(), kind: *kind, order, known };
    }
    // A part of an object that has keys of its own.
    if let Some((first, rest)) = name.split_once('.')
        && let first = plain(first)
        && let Some(order) = FIELDS.iter().position(|(field, _)| field.eq_ignore_ascii_case(&first))
        && let Some((field, kind)) = FIELDS.get(order)
    {
        let free = *kind == Kind::Free;
        let key = |key: &str| if free { key.to_owned() } else { spell(key, *kind).to_owned() };
        let path = [(*field).to_owned()].into_iter().chain(rest.split('.').map(key)).take(20).collect();
        return Name { path, kind: Kind::Text, order, known };
    }
    let known = if known == Known::Carrier { known } else { Known::No };
    Name { path: vec![name.to_owned()], kind: Kind::Text, order: FIELDS.len(), known }
}

/// A key inside of a struct, spelled as CloudTrail does.
pub fn spell(key: &str, kind: Kind) -> &str {
    let is = |known: &&str| known.eq_ignore_ascii_case(key);
    if kind == Kind::Resources && key.eq_ignore_ascii_case("arn") {
        return "ARN";
    }
    let segments = FIELDS.iter().flat_map(|(path, _)| path.split('.'));
    segments.chain(MORE_KEYS.iter().copied()).find(is).unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, path: &str) {
        assert_eq!(resolve(name).path.join("."), path, "{name}");
    }

    #[test]
    fn columns() {
        check("User name", "userIdentity.userName");
        check("Username", "userIdentity.userName");
        check("AWS access key", "userIdentity.accessKeyId");
        check("Source IP address", "sourceIPAddress");
        check("source_ip_address", "sourceIPAddress");
        check("Read-only", "readOnly");
        check("Event ID", "eventID");
        check("useridentity.arn", "userIdentity.arn");
        check("userIdentity_arn", "userIdentity.arn");
        check(
            "useridentity.sessioncontext.sessionissuer.username",
            "userIdentity.sessionContext.sessionIssuer.userName",
        );
        check("requestParameters.bucketName", "requestParameters.bucketName");
        check("requestparameters.userName", "requestParameters.userName");
        check("resources.0.arn", "resources.0.ARN");
        check("@timestamp", "eventTime");
        check("count(*)", "count(*)");
        assert_eq!(resolve("_raw").known, Known::Carrier);
        assert_eq!(resolve("@message").known, Known::Carrier);
        assert_eq!(resolve("count").known, Known::No);
    }
}
