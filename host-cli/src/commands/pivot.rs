//! `trailglass pivot`.

use std::io::{self, Write};

use analyzer_core::field::{FieldRef, portrait};

use super::{Exit, top};
use crate::args::PivotArgs;

pub(super) fn run(args: &PivotArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let fields: Vec<FieldRef> = portrait().into_iter().map(FieldRef::Standard).collect();
    top::tell(&args.query, &args.input, &fields, args.limit, out, err)
}
