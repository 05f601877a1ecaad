//! Rows as they lie in the tables. They never leave this crate.

macro_rules! entities {
    ($($table:ident = $name:literal { $($(#[$attribute:meta])* $column:ident: $kind:ty),+ $(,)? })+) => {$(
        pub(crate) mod $table {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $name)]
            pub struct Model { $($(#[$attribute])* pub $column: $kind),+ }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    )+};
}

entities! {
    learner = "learner" {
        #[sea_orm(primary_key)]
        no: i64,
        #[sea_orm(unique)]
        id: Uuid,
        secret_hash: Vec<u8>,
        unit: String,
        birth_year: i32,
        sex: String,
        ethnic_group: Option<String>,
        profile_no: i64,
        ethnic_no: i64,
        consent_version: i32,
        guardian: bool,
        made_at: i64,
        registered_at: i64,
        append_hash: Option<Vec<u8>>,
        /// `None` of a release that knew no record keys.
        record_key: Option<i32>,
    }

    alias = "alias" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        learner: i64,
        secret_hash: Vec<u8>,
        append_hash: Vec<u8>,
        made_at: i64,
    }

    card = "card" {
        #[sea_orm(primary_key, auto_increment = false)]
        learner: i64,
        hash: Vec<u8>,
        made_at: i64,
    }

    event = "event" {
        #[sea_orm(primary_key)]
        seq: i64,
        learner: i64,
        id: Uuid,
        kind: String,
        at: i64,
        no: i64,
        received_at: i64,
        month: i32,
        #[sea_orm(column_type = "Text")]
        what: String,
        set_aside: bool,
        /// Who held the phone before a trainer's eyes, and the trainer's id; `None` for what nobody saw.
        seen: Option<String>,
        trainer: Option<String>,
    }

    staff = "staff" {
        #[sea_orm(primary_key)]
        no: i64,
        #[sea_orm(unique)]
        id: Uuid,
        #[sea_orm(unique)]
        login: String,
        name: String,
        role: String,
        province: bool,
        #[sea_orm(column_type = "Text", nullable)]
        password: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        totp: Option<String>,
        totp_step: i64,
        subject: Option<String>,
        made_at: i64,
        closed_at: Option<i64>,
    }

    staff_unit = "staff_unit" {
        #[sea_orm(primary_key, auto_increment = false)]
        staff: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        unit: String,
    }

    staff_link = "staff_link" {
        #[sea_orm(primary_key, auto_increment = false)]
        hash: Vec<u8>,
        staff: i64,
        until_at: i64,
    }

    recovery_code = "recovery_code" {
        #[sea_orm(primary_key, auto_increment = false)]
        staff: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        hash: Vec<u8>,
    }

    passkey = "passkey" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: String,
        staff: i64,
        name: String,
        #[sea_orm(column_type = "Text")]
        data: String,
        made_at: i64,
        used_at: Option<i64>,
    }

    staff_session = "staff_session" {
        #[sea_orm(primary_key, auto_increment = false)]
        hash: Vec<u8>,
        staff: i64,
        half: bool,
        device: String,
        made_at: i64,
        seen_at: i64,
        until_at: i64,
    }

    class = "class" {
        #[sea_orm(primary_key)]
        no: i64,
        #[sea_orm(unique)]
        id: Uuid,
        staff: i64,
        name: String,
        unit: String,
        place: String,
        #[sea_orm(column_type = "Text")]
        plan: String,
        from_day: i32,
        to_day: i32,
        join_code: Option<String>,
        join_until: i64,
        made_at: i64,
        closed_at: Option<i64>,
    }

    member = "member" {
        #[sea_orm(primary_key)]
        no: i64,
        #[sea_orm(unique)]
        id: Uuid,
        class: i64,
        learner: Option<i64>,
        name: String,
        birth_year: Option<i32>,
        sex: String,
        unit: Option<String>,
        consent: String,
        guardian: bool,
        edition: i32,
        made_at: i64,
    }

    audit = "audit" {
        #[sea_orm(primary_key, auto_increment = false)]
        no: i64,
        at: i64,
        staff: String,
        act: String,
        #[sea_orm(column_type = "Text")]
        about: String,
        hash: String,
    }

    standing = "standing" {
        #[sea_orm(primary_key, auto_increment = false)]
        learner: i64,
        track: String,
        #[sea_orm(primary_key, auto_increment = false)]
        skill: String,
        #[sea_orm(primary_key, auto_increment = false)]
        step: String,
        #[sea_orm(primary_key, auto_increment = false)]
        witness: String,
        month: i32,
    }

    lesson_standing = "lesson_standing" {
        #[sea_orm(primary_key, auto_increment = false)]
        learner: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        lesson: String,
        #[sea_orm(primary_key, auto_increment = false)]
        state: String,
        month: i32,
        /// `YYYYMMDD`; 0 of a release that did not know days.
        day: i32,
    }

    deed = "deed" {
        #[sea_orm(primary_key, auto_increment = false)]
        learner: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        deed: String,
        #[sea_orm(primary_key, auto_increment = false)]
        about: String,
        #[sea_orm(primary_key, auto_increment = false)]
        day: i32,
    }

    review_run = "review_run" {
        #[sea_orm(primary_key, auto_increment = false)]
        learner: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        event: Uuid,
        lesson: String,
        version: String,
        day: i32,
        right_at_first: i32,
        questions: i32,
        pass_percent: i32,
    }

    certificate = "certificate" {
        #[sea_orm(primary_key, auto_increment = false)]
        code: String,
        learner: i64,
        track: String,
        issued_on: i32,
    }

    attempt = "attempt" {
        #[sea_orm(primary_key, auto_increment = false)]
        learner: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        event: Uuid,
        lesson: String,
        version: String,
        right_at_first: i32,
        questions: i32,
        pass_percent: i32,
    }

    marking = "marking" {
        #[sea_orm(primary_key, auto_increment = false)]
        lesson: String,
        #[sea_orm(primary_key, auto_increment = false)]
        version: String,
        #[sea_orm(column_type = "Text")]
        data: String,
    }

    practice_version = "practice_version" {
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
        #[sea_orm(primary_key, auto_increment = false)]
        version: String,
        #[sea_orm(column_type = "Text")]
        data: String,
    }

    practice_run = "practice_run" {
        #[sea_orm(primary_key, auto_increment = false)]
        learner: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        event: Uuid,
        lesson: String,
        version: String,
        passed: String,
        held: String,
        mistakes: i32,
        recovered: i32,
        wrong_taps: i32,
        hints: i32,
        seconds: i32,
    }

    drill_run = "drill_run" {
        #[sea_orm(primary_key, auto_increment = false)]
        learner: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        event: Uuid,
        version: String,
        held: String,
        scams: i32,
        hits: i32,
        genuine: i32,
        false_alarms: i32,
        checked: i32,
        seconds: i32,
    }

    tombstone = "tombstone" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        erased_at: i64,
    }

    open_release = "open_release" {
        #[sea_orm(primary_key, auto_increment = false)]
        number: i32,
        month: i32,
        corrects: Option<i32>,
        #[sea_orm(column_type = "Text")]
        head: String,
        digest: String,
        made_at: i64,
    }

    open_figure = "open_figure" {
        #[sea_orm(primary_key, auto_increment = false)]
        release: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        track: String,
        #[sea_orm(primary_key, auto_increment = false)]
        step: String,
        #[sea_orm(primary_key, auto_increment = false)]
        witness: String,
        #[sea_orm(primary_key, auto_increment = false)]
        breakdown: String,
        #[sea_orm(primary_key, auto_increment = false)]
        part: String,
        value: Option<i64>,
        status: String,
    }

    place_change = "place_change" {
        #[sea_orm(primary_key)]
        no: i32,
        kind: String,
        valid_from: Date,
        document: String,
        #[sea_orm(column_type = "Text")]
        change: String,
    }

    asset = "asset" {
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
        content_type: String,
        plain: Vec<u8>,
        brotli: Option<Vec<u8>>,
        gzip: Option<Vec<u8>>,
    }

    release = "release" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: String,
        started_at: i64,
    }

    release_asset = "release_asset" {
        #[sea_orm(primary_key, auto_increment = false)]
        release: String,
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
    }

    note = "note" {
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
        #[sea_orm(column_type = "Text")]
        value: String,
    }
}
