//! Who may do what below `/can-bo`: every route by every role, within their own unit and beyond it, in one table.

use crate::{
    staff::Hired,
    surface::{Carries, ROUTES, filled},
    world::{Ask, World, on_sqlite},
};
use axum::http::Method;
use domain::accounts::{
    Secret,
    staff::{Right, Role},
};
use std::fmt::Write;

const MUONG_E: &str = "03727";
const TO_HIEU: &str = "03646";

/// Who asks; "far" works in another commune than the one that is asked about.
const EVERYBODY: [(&str, Option<(Role, &[&str])>); 8] = [
    ("nobody", None),
    ("trainer", Some((Role::Trainer, &[MUONG_E]))),
    ("far", Some((Role::Trainer, &[TO_HIEU]))),
    ("official", Some((Role::Official, &[MUONG_E]))),
    ("editor", Some((Role::Editor, &[]))),
    ("admin", Some((Role::Administrator, &[MUONG_E]))),
    ("far", Some((Role::Administrator, &[TO_HIEU]))),
    ("chief", Some((Role::Administrator, &[]))),
];

fn asks(world: &World, method: &Method, path: &str, carries: &Carries, token: Option<&Secret>) -> Ask {
    let ask = world.ask(method.clone(), path);
    let ask = match token {
        Some(token) => ask.staff(token),
        None => ask,
    };
    match carries {
        Carries::Form(fields) => ask.form(fields),
        _ => ask,
    }
}

#[test]
fn every_role_and_scope() {
    on_sqlite(|world| async move {
        let subject: Hired = world.hires("Lò Thị Mai", Role::Trainer, &[MUONG_E]).await;
        let mut table = format!("{:<42}", "route");
        for (name, _) in EVERYBODY {
            write!(table, " {name:<8}").expect("a string grows");
        }
        let routes = ROUTES.iter().filter(|(_, path, _)| path.starts_with("/can-bo"));
        for (method, path, carries) in routes {
            write!(table, "\n{:<42}", format!("{method} {path}")).expect("a string grows");
            // So many tries of one account are too many for an hour.
            world.set_clock(world.now() + 20 * 60_000);
            for (_, who) in EVERYBODY {
                let token = match who {
                    Some((role, codes)) => {
                        let hired = world.hires("Ai Đó", role, codes).await;
                        Some(world.signed_in_safely(&hired).await)
                    }
                    None => None,
                };
                let path = filled(path, &world).replace(&"0a".repeat(16), &subject.id.to_string());
                let before = world.count("audit").await;
                let answer = asks(&world, method, &path, carries, token.as_ref()).send().await;
                let mark = if world.count("audit").await != before { "*" } else { "" };
                write!(table, " {:<8}", format!("{}{mark}", answer.status)).expect("a string grows");
                // The same without a right of their own page is the same as nothing there.
                if answer.status == 404 {
                    answer.says("Không có trang này");
                }
            }
        }
        let table: Vec<&str> = table.lines().map(str::trim_end).collect();
        // With *: an entry of the audit log was written.
        insta::assert_snapshot!(table.join("\n"), @"");
    });
}

#[test]
fn the_table_of_permissions() {
    let mut table = format!("{:<14}", "right");
    for role in Role::ALL {
        write!(table, " {:<13}", role.as_str()).expect("a string grows");
    }
    for right in Right::ALL {
        write!(table, "\n{:<14}", right.as_str()).expect("a string grows");
        for role in Role::ALL {
            write!(table, " {:<13}", if role.may(*right) { "yes" } else { "-" }).expect("a string grows");
        }
    }
    let table: Vec<&str> = table.lines().map(str::trim_end).collect();
    insta::assert_snapshot!(table.join("\n"), @"
        right          trainer       official      editor        administrator
        own_account    yes           yes           yes           yes
        project        yes           yes           yes           yes
        teach          yes           -             -             -
        manage_staff   -             -             -             yes
        read_audit     -             -             -             yes
        ");
}
