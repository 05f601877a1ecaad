//! Learners, their events, what these add up to, and what is published.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, binary, boolean, integer, string, string_null, text, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Dimensions of the four cubes. Track, skill and lesson are empty in the "any" row.
const CUBES: [(&str, &[&str]); 4] = [
    ("tally_people", &["unit", "track", "step", "witness", "sex", "age_band"]),
    ("tally_skill", &["unit", "skill", "step", "witness"]),
    ("tally_ethnic", &["unit", "track", "step", "ethnic_group"]),
    ("tally_lesson", &["unit", "lesson", "state"]),
];

fn key(columns: &[&'static str]) -> IndexCreateStatement {
    let mut key = Index::create();
    for column in columns {
        key.col(*column);
    }
    key.primary();
    key
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let learner = Table::create()
            .table("learner")
            // The short number is for joining; the id is what the phone made.
            .col(big_integer("no").primary_key().auto_increment())
            .col(uuid("id").unique_key())
            .col(binary("secret_hash"))
            .col(string("unit"))
            .col(integer("birth_year"))
            .col(string("sex"))
            .col(string_null("ethnic_group"))
            .col(big_integer("profile_no"))
            .col(big_integer("ethnic_no"))
            .col(integer("consent_version"))
            .col(boolean("guardian"))
            .col(big_integer("made_at"))
            .col(big_integer("registered_at"))
            .to_owned();
        let event = Table::create()
            .table("event")
            .col(big_integer("seq").primary_key().auto_increment())
            .col(big_integer("learner"))
            .col(uuid("id"))
            .col(string("kind"))
            .col(big_integer("at"))
            .col(big_integer("no"))
            .col(big_integer("received_at"))
            .col(integer("month"))
            .col(text("what"))
            .col(boolean("set_aside"))
            .to_owned();
        let standing = Table::create()
            .table("standing")
            .col(big_integer("learner"))
            .col(string("track"))
            .col(string("skill"))
            .col(string("step"))
            .col(string("witness"))
            .col(integer("month"))
            .primary_key(&mut key(&["learner", "skill", "step", "witness"]))
            .to_owned();
        let lesson_standing = Table::create()
            .table("lesson_standing")
            .col(big_integer("learner"))
            .col(string("lesson"))
            .col(string("state"))
            .col(integer("month"))
            .primary_key(&mut key(&["learner", "lesson", "state"]))
            .to_owned();
        let attempt = Table::create()
            .table("attempt")
            .col(big_integer("learner"))
            .col(uuid("event"))
            .col(string("lesson"))
            .col(string("version"))
            .col(integer("right_at_first"))
            .col(integer("questions"))
            .col(integer("pass_percent"))
            .primary_key(&mut key(&["learner", "event"]))
            .to_owned();
        let marking = Table::create()
            .table("marking")
            .col(string("lesson"))
            .col(string("version"))
            .col(text("data"))
            .primary_key(&mut key(&["lesson", "version"]))
            .to_owned();
        let tombstone =
            Table::create().table("tombstone").col(uuid("id").primary_key()).col(big_integer("erased_at")).to_owned();
        let publication = Table::create()
            .table("publication")
            .col(integer("month"))
            .col(string("unit"))
            .col(string("subject"))
            .col(big_integer("people"))
            .primary_key(&mut key(&["month", "unit", "subject"]))
            .to_owned();
        let asset = Table::create()
            .table("asset")
            .col(string("name").primary_key())
            .col(string("content_type"))
            .col(binary("plain"))
            .col(ColumnDef::new("brotli").binary().null().to_owned())
            .col(ColumnDef::new("gzip").binary().null().to_owned())
            .to_owned();
        let release = Table::create()
            .table("release_asset")
            .col(string("release"))
            .col(string("name"))
            .primary_key(&mut key(&["release", "name"]))
            .to_owned();
        let releases =
            Table::create().table("release").col(string("id").primary_key()).col(big_integer("started_at")).to_owned();
        let throttle = Table::create()
            .table("throttle")
            .col(string("bucket"))
            .col(big_integer("from_at"))
            .col(big_integer("count"))
            .primary_key(&mut key(&["bucket", "from_at"]))
            .to_owned();
        let note = Table::create().table("note").col(string("name").primary_key()).col(text("value")).to_owned();
        let tables = [
            learner,
            event,
            standing,
            lesson_standing,
            attempt,
            marking,
            tombstone,
            publication,
            asset,
            release,
            releases,
            throttle,
            note,
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        for (cube, dimensions) in CUBES {
            let mut table = Table::create();
            table.table(cube);
            for dimension in dimensions {
                table.col(string(*dimension));
            }
            table.col(integer("month")).col(big_integer("people"));
            table.primary_key(&mut key(&[dimensions, &["month"][..]].concat()));
            manager.create_table(table).await?;
        }
        let once = Index::create().name("event_once").table("event").col("learner").col("id").unique().to_owned();
        manager.create_index(once).await?;
        // Found at start, when a version becomes known.
        let waiting = Index::create().name("event_set_aside").table("event").col("set_aside").col("learner").to_owned();
        manager.create_index(waiting).await
    }
}
