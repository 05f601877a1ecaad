//! `hocso`: see `hocso --help`.

use clap::Parser;
use hocso::{
    Fault, backup, check, demo, log, places, preview, recount, release, serve,
    settings::{Arguments, Command, ContentCommand},
    staff,
};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&Fault::Said(format!("the system gives no threads: {error}"))),
    };
    let done = runtime.block_on(async {
        match arguments.command {
            Command::Serve(settings) => {
                log::start();
                serve::serve(settings).await
            }
            Command::Content { command: ContentCommand::Check { folder } } => check::check(folder.as_deref()),
            Command::Content { command: ContentCommand::Preview(settings) } => preview::preview(settings).await,
            Command::Demo(settings) => demo::demo(settings).await,
            Command::Release(settings) => release::release(settings).await,
            Command::Places { command } => places::places(command).await,
            Command::Staff { command } => staff::staff(command).await,
            Command::Audit { command } => staff::audit(command).await,
            Command::Backup { file, database } => backup::backup(&file, &database).await,
            Command::Restore { file, database } => backup::restore(&file, &database).await,
            Command::Recount { database, check, month } => recount::recount(&database, month, check).await,
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => fail(&fault),
    }
}

fn fail(fault: &Fault) -> ExitCode {
    match fault {
        // Each line begins with a file and a line, for an editor to jump to.
        Fault::Content(faults) => eprintln!("{faults}"),
        _ => eprintln!("hocso: {fault}"),
    }
    ExitCode::FAILURE
}
