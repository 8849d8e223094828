//! `trailglass account`.

use std::io::{self, Write};

use super::{Exit, close, judge, read};
use crate::args::AccountArgs;
use crate::output::account;
use crate::scan::shards;

pub(super) fn run(args: &AccountArgs, out: &mut impl Write, err: &mut impl Write) -> io::Result<Exit> {
    let input = read(&args.input, &[], err)?;
    let accounts = shards::accounts(&input.sessions);
    account::print(out, &accounts, args.input.format)?;
    out.flush()?;
    close(&args.input, &input, &accounts, err)?;
    judge(&input, &accounts, err)
}
