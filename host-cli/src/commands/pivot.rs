//! `trailglass pivot`.

use std::io::{self, Write};

use analyzer_core::field::find;

use super::{Exit, top};
use crate::args::PivotArgs;

/// What one wants to know of somebody.
const FIELDS: [&str; 9] = [
    "eventSource",
    "eventName",
    "errorCode",
    "awsRegion",
    "sourceIPAddress",
    "userAgent",
    "principal",
    "userIdentity.accessKeyId",
    "recipientAccountId",
];

pub(super) fn run(args: &PivotArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let fields: Vec<_> = FIELDS.iter().filter_map(|name| find(name)).collect();
    top::tell(&args.query, &args.input, &fields, args.limit, out, err)
}
