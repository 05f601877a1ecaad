//! `hocso staff` and `hocso audit`: letting the first people in, and looking whether the log of what they did is whole.

use crate::{
    Fault, check, clock,
    settings::{AuditCommand, StaffCommand},
};
use domain::accounts::{
    CardCode, RANDOM_BYTES,
    staff::{LINK_DAYS, Scope, ScopeFault, StaffId, check_scope, login_of},
};
use std::collections::BTreeSet;
use store::{Existing, NewStaff, Store};
use uuid::Uuid;

fn no_randomness(error: impl std::fmt::Display) -> Fault {
    Fault::Said(format!("the system gives no randomness: {error}"))
}

fn draw() -> Result<CardCode, Fault> {
    let mut bytes = [0; RANDOM_BYTES];
    getrandom::fill(&mut bytes).map_err(no_randomness)?;
    CardCode::from_random(&bytes).ok_or_else(|| no_randomness("too many bytes were unfit"))
}

fn print_link(public_url: &str, code: &CardCode) {
    let page = app::paths::Page::Invited.path(app::words::Locale::Vi);
    println!("{}{page}#{}", public_url.trim_end_matches('/'), code.as_str());
    println!("the link sets the password, once, within {LINK_DAYS} days; hand it over in person");
}

/// `hocso staff …`.
pub async fn staff(command: StaffCommand) -> Result<(), Fault> {
    match command {
        StaffCommand::Add { role, unit, name, public_url, database } => {
            let library = check::read(None)?;
            let scope = if unit.is_empty() { Scope::Province } else { Scope::Units(unit.into_iter().collect()) };
            if let Scope::Units(units) = &scope
                && let Some(unknown) = units.iter().find(|unit| library.unit(**unit).is_none())
            {
                return Err(Fault::Said(format!("there is no unit {unknown}")));
            }
            check_scope(role, &scope).map_err(|fault| {
                Fault::Said(match fault {
                    ScopeFault::TrainerEverywhere => "a trainer works in units: name them with --unit".to_owned(),
                    ScopeFault::EditorSomewhere => {
                        "an editor works for the whole province: leave --unit out".to_owned()
                    }
                })
            })?;
            let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
            let login = login_of(&name).ok_or_else(|| Fault::Said("--name has no letter".to_owned()))?;
            let mut id = [0; 16];
            getrandom::fill(&mut id).map_err(no_randomness)?;
            let code = draw()?;
            let store = Store::open(&database.database, Existing::OrNew).await?;
            let new = NewStaff { id: StaffId(Uuid::from_bytes(id)), name: &name, login: &login, role, scope: &scope };
            let login = store.add_staff(&new, &code, None, clock::system()()).await?;
            store.close().await?;
            println!("{name} signs in as {login}");
            print_link(&public_url, &code);
            Ok(())
        }
        StaffCommand::Link { login, public_url, database } => {
            let code = draw()?;
            let store = Store::open(&database.database, Existing::Only).await?;
            let found = store.staff_list().await?.into_iter().find(|entry| entry.staff.login == login);
            let made = match found {
                Some(entry) => store.make_link(entry.staff.id, &code, None, clock::system()()).await?,
                None => false,
            };
            store.close().await?;
            if !made {
                return Err(Fault::Said(format!("nobody signs in as {login}, or no more: see `hocso staff list`")));
            }
            print_link(&public_url, &code);
            Ok(())
        }
        StaffCommand::List { database } => {
            let store = Store::open(&database.database, Existing::Only).await?;
            let list = store.staff_list().await?;
            store.close().await?;
            for entry in &list {
                let units: BTreeSet<String> = match &entry.staff.scope {
                    Scope::Province => ["province".to_owned()].into(),
                    Scope::Units(units) => units.iter().map(ToString::to_string).collect(),
                };
                let units = units.into_iter().collect::<Vec<_>>().join(",");
                let closed = if entry.closed { " closed" } else { "" };
                println!("{} {} {units} {}{closed}", entry.staff.login, entry.staff.role.as_str(), entry.staff.name);
            }
            println!("{} people", list.len());
            Ok(())
        }
    }
}

/// `hocso audit …`.
pub async fn audit(command: AuditCommand) -> Result<(), Fault> {
    let AuditCommand::Check { database } = command;
    let store = Store::open(&database.database, Existing::Only).await?;
    let check = store.check_audit().await?;
    store.close().await?;
    match check.broken {
        None => {
            println!("{} entries, each as it was written", check.entries);
            println!("the last is {} (note it down: it shows later that nothing was cut off)", check.head);
            Ok(())
        }
        Some(no) => Err(Fault::Said(format!("entry {no} is not as it was written, or entries before it are missing"))),
    }
}
