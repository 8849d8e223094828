//! The names of ATT&CK's tactics and techniques, as far as rules that come with us name them, and to which tactics each
//! technique belongs.
//!
//! Facts: ATT&CK for enterprises, <https://attack.mitre.org/>.

use super::sigma::TACTICS;

/// A technique.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Technique {
    /// Its id, such as T1078.004.
    pub id: &'static str,
    /// Its name, behind that of the technique that it is a part of.
    pub name: &'static str,
    /// The ids of its tactics.
    pub tactics: &'static [&'static str],
}

/// The technique with this id, if its name is known here.
pub fn technique(id: &str) -> Option<Technique> {
    let at = TECHNIQUES.binary_search_by_key(&id, |(known, ..)| known).ok()?;
    let (id, name, tactics) = TECHNIQUES[at];
    Some(Technique { id, name, tactics })
}

/// The name of a tactic, such as `Initial access`.
pub fn tactic_name(id: &str) -> Option<String> {
    let (_, name) = TACTICS.iter().find(|(known, _)| *known == id)?;
    let words = name.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect())
}

/// The tactics under which a technique stands in what somebody found: those that were named with it and are its own; all
/// of its own, if none of them was named; and those that were named, if nothing is known of it.
pub fn tactics_of<'t>(technique: Option<Technique>, named: &[&'t str]) -> Vec<&'t str> {
    let Some(technique) = technique else { return named.to_vec() };
    let both: Vec<&str> = named.iter().copied().filter(|tactic| technique.tactics.contains(tactic)).collect();
    if both.is_empty() { technique.tactics.to_vec() } else { both }
}

const RESOURCES: &str = "TA0042";
const ACCESS: &str = "TA0001";
const EXECUTION: &str = "TA0002";
const PERSISTENCE: &str = "TA0003";
const PRIVILEGE: &str = "TA0004";
const EVASION: &str = "TA0005";
const CREDENTIALS: &str = "TA0006";
const DISCOVERY: &str = "TA0007";
const LATERAL: &str = "TA0008";
const COLLECTION: &str = "TA0009";
const EXFILTRATION: &str = "TA0010";
const IMPACT: &str = "TA0040";

/// Id, name and tactics, by id.
const TECHNIQUES: &[(&str, &str, &[&str])] = &[
    ("T1005", "Data from Local System", &[COLLECTION]),
    ("T1016", "System Network Configuration Discovery", &[DISCOVERY]),
    ("T1020", "Automated Exfiltration", &[EXFILTRATION]),
    ("T1020.001", "Automated Exfiltration: Traffic Duplication", &[EXFILTRATION]),
    ("T1021", "Remote Services", &[LATERAL]),
    ("T1021.004", "Remote Services: SSH", &[LATERAL]),
    ("T1021.007", "Remote Services: Cloud Services", &[LATERAL]),
    ("T1021.008", "Remote Services: Direct Cloud VM Connections", &[LATERAL]),
    ("T1037", "Boot or Logon Initialization Scripts", &[PERSISTENCE, PRIVILEGE]),
    ("T1040", "Network Sniffing", &[CREDENTIALS, DISCOVERY]),
    ("T1046", "Network Service Discovery", &[DISCOVERY]),
    ("T1048", "Exfiltration Over Alternative Protocol", &[EXFILTRATION]),
    ("T1059", "Command and Scripting Interpreter", &[EXECUTION]),
    ("T1059.009", "Command and Scripting Interpreter: Cloud API", &[EXECUTION]),
    ("T1069.003", "Permission Groups Discovery: Cloud Groups", &[DISCOVERY]),
    ("T1070", "Indicator Removal", &[EVASION]),
    ("T1078", "Valid Accounts", &[ACCESS, PERSISTENCE, PRIVILEGE, EVASION]),
    ("T1078.004", "Valid Accounts: Cloud Accounts", &[ACCESS, PERSISTENCE, PRIVILEGE, EVASION]),
    ("T1087.004", "Account Discovery: Cloud Account", &[DISCOVERY]),
    ("T1098", "Account Manipulation", &[PERSISTENCE, PRIVILEGE]),
    ("T1098.001", "Account Manipulation: Additional Cloud Credentials", &[PERSISTENCE, PRIVILEGE]),
    ("T1098.003", "Account Manipulation: Additional Cloud Roles", &[PERSISTENCE, PRIVILEGE]),
    ("T1098.004", "Account Manipulation: SSH Authorized Keys", &[PERSISTENCE, PRIVILEGE]),
    ("T1098.006", "Account Manipulation: Additional Container Cluster Roles", &[PERSISTENCE, PRIVILEGE]),
    ("T1110", "Brute Force", &[CREDENTIALS]),
    ("T1110.001", "Brute Force: Password Guessing", &[CREDENTIALS]),
    ("T1110.003", "Brute Force: Password Spraying", &[CREDENTIALS]),
    ("T1113", "Screen Capture", &[COLLECTION]),
    ("T1133", "External Remote Services", &[ACCESS, PERSISTENCE]),
    ("T1136.003", "Create Account: Cloud Account", &[PERSISTENCE]),
    ("T1190", "Exploit Public-Facing Application", &[ACCESS]),
    ("T1199", "Trusted Relationship", &[ACCESS]),
    ("T1213.006", "Data from Information Repositories: Databases", &[COLLECTION]),
    ("T1222", "File and Directory Permissions Modification", &[EVASION]),
    ("T1484", "Domain or Tenant Policy Modification", &[PRIVILEGE, EVASION]),
    ("T1484.002", "Domain or Tenant Policy Modification: Trust Modification", &[PRIVILEGE, EVASION]),
    ("T1485", "Data Destruction", &[IMPACT]),
    ("T1485.001", "Data Destruction: Lifecycle-Triggered Deletion", &[IMPACT]),
    ("T1486", "Data Encrypted for Impact", &[IMPACT]),
    ("T1489", "Service Stop", &[IMPACT]),
    ("T1490", "Inhibit System Recovery", &[IMPACT]),
    ("T1496", "Resource Hijacking", &[IMPACT]),
    ("T1496.001", "Resource Hijacking: Compute Hijacking", &[IMPACT]),
    ("T1496.003", "Resource Hijacking: SMS Pumping", &[IMPACT]),
    ("T1496.004", "Resource Hijacking: Cloud Service Hijacking", &[IMPACT]),
    ("T1518.001", "Software Discovery: Security Software Discovery", &[DISCOVERY]),
    ("T1525", "Implant Internal Image", &[PERSISTENCE]),
    ("T1526", "Cloud Service Discovery", &[DISCOVERY]),
    ("T1529", "System Shutdown/Reboot", &[IMPACT]),
    ("T1530", "Data from Cloud Storage", &[COLLECTION]),
    ("T1531", "Account Access Removal", &[IMPACT]),
    ("T1535", "Unused/Unsupported Cloud Regions", &[EVASION]),
    ("T1537", "Transfer Data to Cloud Account", &[EXFILTRATION]),
    ("T1546", "Event Triggered Execution", &[PERSISTENCE, PRIVILEGE]),
    ("T1550", "Use Alternate Authentication Material", &[EVASION, LATERAL]),
    ("T1550.001", "Use Alternate Authentication Material: Application Access Token", &[EVASION, LATERAL]),
    ("T1552", "Unsecured Credentials", &[CREDENTIALS]),
    ("T1552.001", "Unsecured Credentials: Credentials In Files", &[CREDENTIALS]),
    ("T1552.005", "Unsecured Credentials: Cloud Instance Metadata API", &[CREDENTIALS]),
    ("T1555", "Credentials from Password Stores", &[CREDENTIALS]),
    ("T1555.006", "Credentials from Password Stores: Cloud Secrets Management Stores", &[CREDENTIALS]),
    ("T1556", "Modify Authentication Process", &[PERSISTENCE, EVASION, CREDENTIALS]),
    ("T1556.006", "Modify Authentication Process: Multi-Factor Authentication", &[PERSISTENCE, EVASION, CREDENTIALS]),
    ("T1557", "Adversary-in-the-Middle", &[CREDENTIALS, COLLECTION]),
    ("T1562", "Impair Defenses", &[EVASION]),
    ("T1562.001", "Impair Defenses: Disable or Modify Tools", &[EVASION]),
    ("T1562.007", "Impair Defenses: Disable or Modify Cloud Firewall", &[EVASION]),
    ("T1562.008", "Impair Defenses: Disable or Modify Cloud Logs", &[EVASION]),
    ("T1565.001", "Data Manipulation: Stored Data Manipulation", &[IMPACT]),
    ("T1566", "Phishing", &[ACCESS]),
    ("T1578", "Modify Cloud Compute Infrastructure", &[EVASION]),
    ("T1578.001", "Modify Cloud Compute Infrastructure: Create Snapshot", &[EVASION]),
    ("T1578.002", "Modify Cloud Compute Infrastructure: Create Cloud Instance", &[EVASION]),
    ("T1580", "Cloud Infrastructure Discovery", &[DISCOVERY]),
    ("T1583.001", "Acquire Infrastructure: Domains", &[RESOURCES]),
    ("T1583.002", "Acquire Infrastructure: DNS Server", &[RESOURCES]),
    ("T1584.001", "Compromise Infrastructure: Domains", &[RESOURCES]),
    ("T1584.002", "Compromise Infrastructure: DNS Server", &[RESOURCES]),
    ("T1599", "Network Boundary Bridging", &[EVASION]),
    ("T1600", "Weaken Encryption", &[EVASION]),
    ("T1610", "Deploy Container", &[EXECUTION, EVASION]),
    ("T1613", "Container and Resource Discovery", &[DISCOVERY]),
    ("T1619", "Cloud Storage Object Discovery", &[DISCOVERY]),
    ("T1648", "Serverless Execution", &[EXECUTION]),
    ("T1649", "Steal or Forge Authentication Certificates", &[CREDENTIALS]),
    ("T1651", "Cloud Administration Command", &[EXECUTION]),
    ("T1654", "Log Enumeration", &[DISCOVERY]),
    ("T1666", "Modify Cloud Resource Hierarchy", &[EVASION]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::pack;

    #[test]
    fn the_table_is_sorted_and_knows_what_bundled_rules_name() {
        assert!(TECHNIQUES.is_sorted_by(|(a, ..), (b, ..)| a < b));
        for (id, _, tactics) in TECHNIQUES {
            assert!(tactics.iter().all(|tactic| tactic_name(tactic).is_some()), "{id}");
        }
        for rule in pack::rules() {
            for id in rule.meta.techniques() {
                assert!(technique(&id).is_some(), "{id} of {}", rule.meta.title);
            }
        }
    }

    #[test]
    fn a_technique_stands_where_it_was_found() {
        let check = |id, named: &[&str], expected: &[&str]| {
            assert_eq!(tactics_of(technique(id), named), expected, "{id} {named:?}");
        };
        check("T1078.004", &["TA0003", "TA0040"], &["TA0003"]);
        check("T1530", &["TA0001"], &["TA0009"]);
        check("T1530", &[], &["TA0009"]);
        check("T9999", &["TA0001", "TA0002"], &["TA0001", "TA0002"]);
        check("T9999", &[], &[]);
        assert_eq!(tactic_name("TA0011").as_deref(), Some("Command and control"));
        assert_eq!(tactic_name("TA9"), None);
    }
}
