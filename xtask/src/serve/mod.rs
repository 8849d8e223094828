//! `cargo xtask serve`: the site on this machine, for this machine only.

mod http;

use crate::build::publish;
use crate::report::{Failure, Outcome};
use crate::workspace;
use crate::{build, setup};
use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread;

/// Sets up and builds what is missing, then serves `dist/` until it is interrupted.
pub fn serve(port: u16) -> Outcome {
    let toolchain = setup::for_building()?;
    build::web(toolchain)?;
    build::command_line(build::Profile::Release)?;
    let listener = listen(port)?;
    let address = listener.local_addr().map_err(crate::report::while_doing("listen"))?;
    eprintln!("xtask: the command line is {}", build::Profile::Release.binary().display());
    eprintln!("xtask: serving dist/; press Ctrl-C to stop");
    println!("http://{address}/");
    let rules = headers();
    for stream in listener.incoming().flatten() {
        let rules = Arc::clone(&rules);
        thread::spawn(move || {
            // A browser that goes away in the middle of an answer is no event.
            let _ = http::answer(&stream, &workspace::dist(), &rules);
        });
    }
    Ok(())
}

/// What the site wants sent with it.
fn headers() -> Arc<Vec<publish::Rule>> {
    let file = fs::read_to_string(workspace::dist().join(publish::HEADERS)).unwrap_or_default();
    Arc::new(publish::rules(&file))
}

/// Listens on the port, or on the next free one after it.
fn listen(wanted: u16) -> Outcome<TcpListener> {
    for port in wanted..=wanted.saturating_add(100) {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => {
                if port != wanted {
                    eprintln!("xtask: port {wanted} is taken, using {port}");
                }
                return Ok(listener);
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            Err(error) => {
                return Err(Failure::new(format!("cannot listen on 127.0.0.1:{port}: {error}"))
                    .hint("choose another port with --port"));
            }
        }
    }
    Err(Failure::new(format!("no port from {wanted} on is free")).hint("choose another with --port"))
}
