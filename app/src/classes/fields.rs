//! What a trainer types about a class and about somebody on its roster, and what is wrong with it.

use crate::{
    house::House,
    sync::{FormValues, new_credentials},
    t,
    words::Words,
};
use chrono::NaiveDate;
use domain::{
    accounts::{BirthYear, Sex, staff::Staff},
    classes::{CLASS_DAYS_MAX, CLASS_NAME_CHARS_MAX, Class, ClassId, DisplayName, MemberId, NameFault, Plan},
    places::UnitCode,
    time::{Millis, Month, day_of},
};
use store::{Member, NewMember};
use uuid::Uuid;

/// A field and what is wrong with it.
pub type Faults = Vec<(&'static str, String)>;

/// What was typed to open a class.
#[derive(Clone, Default, Debug)]
pub struct ClassForm {
    pub name: String,
    pub unit: String,
    pub place: String,
    /// A track's id, or `lessons`.
    pub plan: String,
    pub lessons: Vec<String>,
    pub from: String,
    pub to: String,
    pub faults: Faults,
}

/// How browsers write a day in a form.
const DAY_FORM: &str = "%Y-%m-%d";

impl ClassForm {
    /// What is likely: today, for two months of market days, in the trainer's first commune.
    pub fn likely(house: &House, me: &Staff, now: Millis) -> Self {
        let today = day_of(now);
        let to = today.checked_add_days(chrono::Days::new(60)).unwrap_or(today);
        let unit = match &me.scope {
            domain::accounts::staff::Scope::Units(units) => units.first().map(ToString::to_string),
            domain::accounts::staff::Scope::Province => None,
        };
        Self {
            unit: unit.unwrap_or_default(),
            plan: house.library.tracks.first().map(|track| track.id.to_string()).unwrap_or_default(),
            from: today.format(DAY_FORM).to_string(),
            to: to.format(DAY_FORM).to_string(),
            ..Self::default()
        }
    }

    pub fn of(form: &FormValues) -> Self {
        Self {
            name: form.first("name"),
            unit: form.first("unit"),
            place: form.first("place"),
            plan: form.first("plan"),
            lessons: form.all("lesson"),
            from: form.first("from"),
            to: form.first("to"),
            faults: Vec::new(),
        }
    }

    pub fn fault(&self, field: &str) -> Option<String> {
        self.faults.iter().find(|(at, _)| *at == field).map(|(_, text)| text.clone())
    }

    /// The class, or what is wrong.
    pub fn read(&mut self, house: &House, words: &Words, me: &Staff, id: ClassId, now: Millis) -> Option<Class> {
        let fits = |text: &str| (1..=CLASS_NAME_CHARS_MAX).contains(&text.chars().count());
        let [name, place] = [&self.name, &self.place].map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
        let long = || t!(words, "classes-fault-long", count = CLASS_NAME_CHARS_MAX as u64);
        if !fits(&name) {
            self.faults.push(("name", long()));
        }
        if !fits(&place) {
            self.faults.push(("place", long()));
        }
        let unit = self.unit.parse().ok().and_then(|code| house.library.unit(code));
        let unit = unit.filter(|unit| unit.valid_to.is_none() && me.scope.holds(unit.code)).map(|unit| unit.code);
        if unit.is_none() {
            self.faults.push(("unit", t!(words, "classes-fault-unit")));
        }
        let plan = match self.plan.as_str() {
            "lessons" => {
                let lessons = self.lessons.iter().filter_map(|lesson| lesson.parse().ok());
                let lessons: Vec<_> = lessons.filter(|lesson| house.library.lesson(lesson).is_some()).collect();
                (!lessons.is_empty()).then_some(Plan::Lessons(lessons))
            }
            track => house.library.track(track).map(|track| Plan::Track(track.id.clone())),
        };
        if plan.is_none() {
            self.faults.push(("plan", t!(words, "classes-fault-plan")));
        }
        let day = |text: &str| NaiveDate::parse_from_str(text, DAY_FORM).ok();
        let days = match (day(&self.from), day(&self.to)) {
            (Some(from), Some(to)) if from <= to && (to - from).num_days() <= CLASS_DAYS_MAX => Some((from, to)),
            _ => None,
        };
        if days.is_none() {
            self.faults.push(("from", t!(words, "classes-fault-days")));
        }
        let (unit, plan, (from, to)) = (unit?, plan?, days?);
        let class = Class { id, name, unit, place, plan, from, to, code: None, made_at: now, closed_at: None };
        self.faults.is_empty().then_some(class)
    }
}

/// What was typed about somebody on a roster.
#[derive(Clone, Default, Debug)]
pub struct MemberForm {
    pub name: String,
    pub born: String,
    pub sex: String,
    /// A commune's name or code; empty means the class's own.
    pub place: String,
    pub consent: bool,
    pub guardian: bool,
    pub edition: i32,
    pub faults: Faults,
}

impl MemberForm {
    pub fn of(form: &FormValues) -> Self {
        Self {
            name: form.first("name"),
            born: form.first("born"),
            sex: form.first("sex"),
            place: form.first("place"),
            consent: form.first("consent") == "yes",
            guardian: form.first("guardian") == "yes",
            edition: form.first("edition").parse().unwrap_or_default(),
            faults: Vec::new(),
        }
    }

    pub fn of_member(house: &House, member: &Member) -> Self {
        let place = member.unit.and_then(|unit| house.library.unit(unit)).map(|unit| unit.name.clone());
        Self {
            name: member.name.as_str().to_owned(),
            born: member.birth_year.map(|year| year.get().to_string()).unwrap_or_default(),
            sex: member.sex.as_str().to_owned(),
            place: place.unwrap_or_default(),
            consent: true,
            guardian: member.guardian,
            edition: member.edition,
            faults: Vec::new(),
        }
    }

    pub fn fault(&self, field: &str) -> Option<String> {
        self.faults.iter().find(|(at, _)| *at == field).map(|(_, text)| text.clone())
    }

    /// Somebody for a roster, or what is wrong. `unit`: where the class is.
    pub fn read(&mut self, house: &House, words: &Words, unit: UnitCode, now: Millis, id: Uuid) -> Option<NewMember> {
        let this_year = Month::of(now).year();
        let name = DisplayName::parse(&self.name);
        if let Err(fault) = &name {
            self.faults.push(("name", name_fault(words, *fault)));
        }
        let born = match self.born.as_str() {
            "" => Some(None),
            text => text.parse().ok().and_then(|year| BirthYear::new(year, this_year)).map(Some),
        };
        if born.is_none() {
            self.faults.push(("born", t!(words, "accounts-fault-born")));
        }
        let place = match self.place.as_str() {
            "" => Some(unit),
            text => house.unit_called(text),
        };
        if place.is_none() {
            self.faults.push(("place", t!(words, "staff-fault-unit", name = self.place.clone())));
        }
        let sex = Sex::parse(&self.sex).unwrap_or(Sex::Unstated);
        if !self.consent {
            self.faults.push(("consent", t!(words, "classes-fault-consent")));
        }
        if let Some(Some(born)) = born
            && born.needs_guardian(this_year)
            && !self.guardian
        {
            self.faults.push(("guardian", t!(words, "accounts-fault-guardian")));
        }
        let credentials = new_credentials().ok();
        let (name, birth_year, unit, credentials) = (name.ok()?, born?, place?, credentials?);
        let (id, guardian) = (MemberId(id), self.guardian);
        let member = NewMember { id, name, birth_year, sex, unit: Some(unit), guardian, credentials };
        self.faults.is_empty().then_some(member)
    }
}

pub fn name_fault(words: &Words, fault: NameFault) -> String {
    match fault {
        NameFault::Empty | NameFault::NoLetter => t!(words, "classes-fault-name"),
        NameFault::TooLong => {
            t!(words, "classes-fault-name-long", count = domain::classes::NAME_CHARACTERS_MAX as u64)
        }
    }
}
