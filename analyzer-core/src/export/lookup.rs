//! How an event is found in its account again.

/// The call of the AWS CLI that finds an event of this id; nothing for an id that AWS does not make, which might be more
/// than an id to a shell. Event history has 90 days, management events only, and is kept by region: AWS CLI reference,
/// "cloudtrail lookup-events".
pub fn lookup_events(event_id: &str, region: Option<&str>) -> Option<String> {
    let is_plain = |text: &str| {
        !text.is_empty()
            && !text.starts_with('-')
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let region =
        region.filter(|region| is_plain(region)).map(|region| format!(" --region {region}")).unwrap_or_default();
    is_plain(event_id).then(|| {
        format!(
            "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventId,AttributeValue={event_id}{region}"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_ids_are_looked_up() {
        let call = "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventId,AttributeValue=7c1a-0b52";
        assert_eq!(lookup_events("7c1a-0b52", Some("eu-west-1")), Some(format!("{call} --region eu-west-1")));
        for region in [None, Some("x; rm -r ."), Some("--help"), Some("")] {
            assert_eq!(lookup_events("7c1a-0b52", region).as_deref(), Some(call));
        }
        for id in ["", "a b", "$(x)", "a'b", "a\nb", "-a"] {
            assert_eq!(lookup_events(id, None), None, "{id}");
        }
    }
}
