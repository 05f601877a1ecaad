//! Who may do what below `/can-bo`: every route by every role, within their own unit and beyond it, in one table.

use crate::{
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

enum Who {
    Nobody,
    /// The trainer whose class and account is asked about.
    Owner,
    Other(Role, &'static [&'static str]),
}

use Who::{Nobody, Other, Owner};

/// Who asks; "far" works in another commune than the one that is asked about.
const EVERYBODY: [(&str, Who); 9] = [
    ("nobody", Nobody),
    ("owner", Owner),
    ("trainer", Other(Role::Trainer, &[MUONG_E])),
    ("far", Other(Role::Trainer, &[TO_HIEU])),
    ("official", Other(Role::Official, &[MUONG_E])),
    ("editor", Other(Role::Editor, &[])),
    ("admin", Other(Role::Administrator, &[MUONG_E])),
    ("far", Other(Role::Administrator, &[TO_HIEU])),
    ("chief", Other(Role::Administrator, &[])),
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
        let room = world.opens_a_class().await;
        let member = world.is_written_down(&room, "Cà Thị Nọi", "1960").await;
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
                    Nobody => None,
                    Owner => Some(world.signed_in(&room.trainer).await),
                    Other(role, codes) => {
                        let hired = world.hires("Ai Đó", role, codes).await;
                        Some(world.signed_in_safely(&hired).await)
                    }
                };
                let path = filled(path, &world).replace(&"0a".repeat(16), &room.trainer.id.to_string());
                let path = path.replace(&"0b".repeat(16), &room.id.to_string());
                let path = path.replace(&"0c".repeat(16), &member.to_string());
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
        insta::assert_snapshot!(table.join("\n"), @"
        route                                      nobody   owner    trainer  far      official editor   admin    far      chief
        GET /can-bo                                303      200      200      200      200      200      200      200      200
        GET /can-bo/dang-nhap                      200      303      303      303      303      303      303      303      303
        POST /can-bo/dang-nhap                     422      422      422      422      422      422      422      422      422
        GET /can-bo/dang-nhap/ma                   303      303      303      303      303      303      303      303      303
        POST /can-bo/dang-nhap/ma                  303      303      303      303      303      303      303      303      303
        GET /can-bo/moi                            200      200      200      200      200      200      200      200      200
        POST /can-bo/moi                           422      422      422      422      422      422      422      422      422
        GET /can-bo/tai-khoan                      303      200      200      200      200      200      200      200      200
        POST /can-bo/tai-khoan                     401      303*     303      303      303      303      303      303      303
        GET /can-bo/tai-khoan/ung-dung-ma          303      200      200      200      200      200      200      200      200
        POST /can-bo/tai-khoan/ung-dung-ma         401      422      422      422      422      422      422      422      422
        GET /can-bo/nhan-su                        303      404      404      404      404      404      200      200      200
        POST /can-bo/nhan-su                       401      404      404      404      404      404      200*     422      200*
        GET /can-bo/nhan-su/{person}               303      404      404      404      404      404      200      404      200
        POST /can-bo/nhan-su/{person}              401      404      404      404      404      404      200*     404      200*
        GET /can-bo/nhat-ky                        303      404      404      404      404      404      200      200      200
        GET /can-bo/lop                            303      200      200      200      404      404      404      404      404
        POST /can-bo/lop                           401      303*     303*     422      404      404      404      404      404
        GET /can-bo/lop/{class}                    303      200      404      404      404      404      404      404      404
        POST /can-bo/lop/{class}                   401      303*     404      404      404      404      404      404      404
        GET /can-bo/lop/{class}/danh-sach          303      200*     404      404      404      404      404      404      404
        POST /can-bo/lop/{class}/danh-sach         401      303*     404      404      404      404      404      404      404
        GET /can-bo/lop/{class}/danh-sach/tep      303      200      404      404      404      404      404      404      404
        POST /can-bo/lop/{class}/danh-sach/tep     401      303*     404      404      404      404      404      404      404
        GET /can-bo/lop/{class}/diem-danh          303      200      404      404      404      404      404      404      404
        POST /can-bo/lop/{class}/diem-danh         401      303      404      404      404      404      404      404      404
        GET /can-bo/lop/{class}/the                303      200      404      404      404      404      404      404      404
        GET /can-bo/lop/{class}/nguoi/{member}     303      200      404      404      404      404      404      404      404
        POST /can-bo/lop/{class}/nguoi/{member}    401      200      404      404      404      404      404      404      404
        ");
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
