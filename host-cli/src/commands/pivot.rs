//! `trailglass pivot`.

use std::io::{self, Write};

use analyzer_core::field::portrait;

use super::{Exit, top};
use crate::args::PivotArgs;

pub(super) fn run(args: &PivotArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    top::tell(&args.query, &args.input, &portrait(), args.limit, out, err)
}
