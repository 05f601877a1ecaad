//! `hocso places`: boundaries change, people do not.

use crate::{
    Fault, check, clock,
    settings::{ChangeCommand, PlacesCommand},
};
use domain::{
    places::changes::{Change, DatedChange, became, change},
    time::day_of,
};
use library::Library;
use store::{Existing, Store};

/// Brings the units of the content up to date with the changes that the database has taken in.
pub async fn take_in_changes(library: &mut Library, store: &Store) -> Result<(), Fault> {
    let changes = store.place_changes().await?;
    for dated in &changes {
        change(&mut library.units, dated).map_err(|fault| {
            Fault::Said(format!("a change of places that the database holds does not fit the content: {fault}"))
        })?;
    }
    library.became = became(&changes);
    library.parts_of = changes
        .iter()
        .filter_map(|dated| match &dated.change {
            Change::Split { from, parts } => Some(parts.iter().map(|part| (part.code, *from))),
            _ => None,
        })
        .flatten()
        .collect();
    Ok(())
}

/// `hocso places change …` and `hocso places changes`.
pub async fn places(command: PlacesCommand) -> Result<(), Fault> {
    match command {
        PlacesCommand::Changes { database } => {
            let store = Store::open(&database.database, Existing::Only).await?;
            let changes = store.place_changes().await?;
            store.close().await?;
            for dated in &changes {
                println!("{} {}: {}", dated.valid_from, dated.document, said(&dated.change));
            }
            println!("{} changes", changes.len());
            Ok(())
        }
        PlacesCommand::Change { command } => {
            let database = command.database().database.clone();
            let dated = command.dated();
            let today = day_of(clock::system()());
            if dated.valid_from > today {
                let day = dated.valid_from;
                return Err(Fault::Said(format!("{day} is still to come: take a change in when it is in force")));
            }
            let mut library = check::read(None)?;
            let store = Store::open(&database, Existing::OrNew).await?;
            let done = take_in(&mut library, &store, &dated).await;
            store.close().await?;
            done
        }
    }
}

async fn take_in(library: &mut Library, store: &Store, dated: &DatedChange) -> Result<(), Fault> {
    take_in_changes(library, store).await?;
    if let Some(last) = store.place_changes().await?.last().filter(|last| last.valid_from > dated.valid_from) {
        let day = last.valid_from;
        return Err(Fault::Said(format!(
            "a change of {day} was taken in already: changes come in the order of their days"
        )));
    }
    let adults = |library: &Library| -> u64 {
        library.units.iter().filter(|unit| unit.valid_to.is_none()).map(|unit| u64::from(unit.adults)).sum()
    };
    let before = adults(library);
    change(&mut library.units, dated).map_err(|fault| Fault::Said(format!("{fault}; nothing was changed")))?;
    store.change_places(dated).await?;
    let units = library.units.iter().filter(|unit| unit.valid_to.is_none()).count();
    println!("taken in: {}", said(&dated.change));
    println!("{units} communes and wards with {} adults (before: {before})", adults(library));
    println!("a server that runs takes it in when it is started anew");
    Ok(())
}

fn said(change: &Change) -> String {
    match change {
        Change::Merger { from, into, name } => {
            let from: Vec<&str> = from.iter().map(|unit| unit.as_str()).collect();
            format!("{} became {into} {name}", from.join(", "))
        }
        Change::Split { from, parts } => {
            let parts: Vec<String> =
                parts.iter().map(|part| format!("{} {} ({} adults)", part.code, part.name, part.adults)).collect();
            format!("taken out of {from}: {}", parts.join(", "))
        }
        Change::Renaming { unit, name } => format!("{unit} is called {name}"),
        Change::Adults { unit, adults } => format!("{unit} has {adults} adults"),
    }
}

impl ChangeCommand {
    fn dated(&self) -> DatedChange {
        let (of, change) = match self {
            Self::Merger { from, into, name, of } => {
                (of, Change::Merger { from: from.clone(), into: *into, name: name.clone() })
            }
            Self::Split { from, part, of } => (of, Change::Split { from: *from, parts: part.clone() }),
            Self::Rename { unit, name, of } => (of, Change::Renaming { unit: *unit, name: name.clone() }),
            Self::Adults { unit, adults, of } => (of, Change::Adults { unit: *unit, adults: *adults }),
        };
        DatedChange { valid_from: of.on, document: of.document.clone(), change }
    }

    fn database(&self) -> &crate::settings::DatabaseSetting {
        match self {
            Self::Merger { of, .. } | Self::Split { of, .. } | Self::Rename { of, .. } | Self::Adults { of, .. } => {
                &of.database
            }
        }
    }
}
