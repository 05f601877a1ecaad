//! Those who work here, where they are signed in, who did what; their classes, with rosters, attendance and tests.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, binary, boolean, integer, integer_null, string, string_null, text, text_null,
        uuid,
    },
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

fn key(columns: &[&'static str]) -> IndexCreateStatement {
    let mut key = Index::create();
    for column in columns {
        key.col(*column);
    }
    key.primary();
    key
}

fn staff() -> Vec<TableCreateStatement> {
    let staff = Table::create()
        .table("staff")
        .col(big_integer("no").primary_key().auto_increment())
        .col(uuid("id").unique_key())
        .col(string("login").unique_key())
        .col(string("name"))
        .col(string("role"))
        // Everywhere; otherwise in the units of `staff_unit`.
        .col(boolean("province"))
        // As argon2 writes it, with salt and costs.
        .col(text_null("password"))
        // Sealed with the key ring.
        .col(text_null("totp"))
        // The last step that was taken: none is taken twice.
        .col(big_integer("totp_step").default(0))
        // Who they are at the provider of OpenID Connect.
        .col(string_null("subject"))
        .col(big_integer("made_at"))
        .col(big_integer_null("closed_at"))
        .to_owned();
    let unit = Table::create()
        .table("staff_unit")
        .col(big_integer("staff"))
        .col(string("unit"))
        .primary_key(&mut key(&["staff", "unit"]))
        .to_owned();
    let link = Table::create()
        .table("staff_link")
        .col(binary("hash").primary_key())
        .col(big_integer("staff"))
        .col(big_integer("until_at"))
        .to_owned();
    let recovery = Table::create()
        .table("recovery_code")
        .col(big_integer("staff"))
        .col(binary("hash"))
        .primary_key(&mut key(&["staff", "hash"]))
        .to_owned();
    let passkey = Table::create()
        .table("passkey")
        .col(string("id").primary_key())
        .col(big_integer("staff"))
        .col(string("name"))
        .col(text("data"))
        .col(big_integer("made_at"))
        .col(big_integer_null("used_at"))
        .to_owned();
    let session = Table::create()
        .table("staff_session")
        .col(binary("hash").primary_key())
        .col(big_integer("staff"))
        // Past the password only, the second factor still to come.
        .col(boolean("half"))
        .col(string("device"))
        .col(big_integer("made_at"))
        .col(big_integer("seen_at"))
        .col(big_integer("until_at"))
        .to_owned();
    let challenge = Table::create()
        .table("challenge")
        .col(binary("hash").primary_key())
        .col(string("kind"))
        .col(big_integer_null("staff"))
        .col(text("data"))
        .col(big_integer("until_at"))
        .to_owned();
    let audit = Table::create()
        .table("audit")
        .col(big_integer("no").primary_key())
        .col(big_integer("at"))
        // Empty: by the program's own commands.
        .col(string("staff"))
        .col(string("act"))
        .col(text("about"))
        .col(string("hash"))
        .to_owned();
    vec![staff, unit, link, recovery, passkey, session, challenge, audit]
}

fn classes() -> Vec<TableCreateStatement> {
    let class = Table::create()
        .table("class")
        .col(big_integer("no").primary_key().auto_increment())
        .col(uuid("id").unique_key())
        .col(big_integer("staff"))
        .col(string("name"))
        .col(string("unit"))
        .col(string("place"))
        // The track, or the chosen lessons, in JSON.
        .col(text("plan"))
        .col(integer("from_day"))
        .col(integer("to_day"))
        .col(string_null("join_code"))
        .col(big_integer("join_until"))
        .col(big_integer("made_at"))
        .col(big_integer_null("closed_at"))
        .to_owned();
    let member = Table::create()
        .table("member")
        .col(big_integer("no").primary_key().auto_increment())
        .col(uuid("id").unique_key())
        .col(big_integer("class"))
        // Empty while birth year or commune are missing: then nothing of theirs is counted.
        .col(big_integer_null("learner"))
        .col(string("name"))
        .col(integer_null("birth_year"))
        .col(string("sex"))
        .col(string_null("unit"))
        // How consent was given: aloud, or on the phone.
        .col(string("consent"))
        .col(boolean("guardian"))
        // Counts up with every change, so that of two at once none is lost.
        .col(integer("edition"))
        .col(big_integer("made_at"))
        .to_owned();
    let session = Table::create()
        .table("class_session")
        .col(big_integer("no").primary_key().auto_increment())
        .col(big_integer("class"))
        .col(integer("day"))
        // People who wanted no name on the list.
        .col(integer("unnamed"))
        .to_owned();
    let attendance = Table::create()
        .table("attendance")
        .col(big_integer("session"))
        .col(big_integer("member"))
        .col(string("state"))
        .col(big_integer("at"))
        .col(string("staff"))
        .primary_key(&mut key(&["session", "member"]))
        .to_owned();
    let change = Table::create()
        .table("attendance_change")
        .col(big_integer("no").primary_key().auto_increment())
        .col(big_integer("session"))
        .col(big_integer("member"))
        .col(string_null("before"))
        .col(string_null("after"))
        .col(big_integer("at"))
        .col(string("staff"))
        .to_owned();
    let tally = Table::create()
        .table("class_tally")
        .col(big_integer("session"))
        .col(string("lesson"))
        .col(string("question"))
        .col(string("choice"))
        .col(integer("hands"))
        .primary_key(&mut key(&["session", "lesson", "question", "choice"]))
        .to_owned();
    let place = Table::create()
        .table("member_place")
        .col(big_integer("learner").primary_key())
        .col(string("lesson"))
        // A question's id, or a simulator's screen.
        .col(string("place"))
        .col(integer("wrong"))
        .col(big_integer("since_at"))
        .col(big_integer("seen_at"))
        .to_owned();
    let test = Table::create()
        .table("class_test")
        .col(big_integer("member"))
        .col(string("round"))
        .col(string("form"))
        .col(integer("points"))
        .col(integer("points_max"))
        .col(big_integer("at"))
        .primary_key(&mut key(&["member", "round"]))
        .to_owned();
    vec![class, member, session, attendance, change, tally, place, test]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in staff().into_iter().chain(classes()) {
            manager.create_table(table).await?;
        }
        // Who held the phone before a trainer's eyes, and which trainer; empty for what nobody saw.
        for column in [string_null("seen"), string_null("trainer")] {
            manager.alter_table(Table::alter().table("event").add_column(column).to_owned()).await?;
        }
        let index = |name: &str, table: &str| Index::create().name(name).table(table.to_owned()).to_owned();
        let indexes = [
            index("staff_session_of", "staff_session").col("staff").to_owned(),
            index("class_of", "class").col("staff").to_owned(),
            index("class_code", "class").col("join_code").unique().to_owned(),
            index("member_of", "member").col("class").to_owned(),
            index("member_learner", "member").col("learner").to_owned(),
            index("class_day", "class_session").col("class").col("day").unique().to_owned(),
            index("attendance_change_of", "attendance_change").col("session").to_owned(),
        ];
        for index in indexes {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
