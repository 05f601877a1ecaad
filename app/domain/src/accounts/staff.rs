//! Those who work here: roles, where each may work, and what each may do. The one table of permissions.

use super::named_values;
use crate::{
    places::UnitCode,
    time::{DAY_MS, HOUR_MS, Millis},
};
use std::{collections::BTreeSet, fmt, str::FromStr};
use uuid::Uuid;

named_values! {
    /// What somebody is here for.
    Role {
        /// Teaches classes of their own, in one or more communes.
        Trainer = "trainer",
        /// Answers for a commune or for the province.
        Official = "official",
        /// Writes lessons.
        Editor = "editor",
        /// Lets people in, and looks after the house.
        Administrator = "administrator",
    }
}

named_values! {
    /// What can be allowed.
    Right {
        /// One's own account: password, second factor, where one is signed in.
        OwnAccount = "own_account",
        /// Lessons large on a screen, handouts and notes for teaching.
        Project = "project",
        /// Classes of one's own, and the people on their rosters.
        Teach = "teach",
        /// Who works here: adding, changing, closing accounts.
        ManageStaff = "manage_staff",
        /// Who did what.
        ReadAudit = "read_audit",
    }
}

/// Who may do what: the one table of permissions. Where each may do it is said by [`Scope`].
pub const RIGHTS: &[(Right, &[Role])] = &[
    (Right::OwnAccount, Role::ALL),
    (Right::Project, Role::ALL),
    (Right::Teach, &[Role::Trainer]),
    (Right::ManageStaff, &[Role::Administrator]),
    (Right::ReadAudit, &[Role::Administrator]),
];

impl Role {
    pub fn may(self, right: Right) -> bool {
        RIGHTS.iter().any(|(of, roles)| *of == right && roles.contains(&self))
    }

    /// Whether a password alone does not open the account: whoever sees figures of a whole unit, or lets others in, needs more
    /// (NIST SP 800-63B-4, §2.2: AAL2 for whatever holds data of other people).
    pub fn needs_second_factor(self) -> bool {
        matches!(self, Self::Official | Self::Administrator)
    }

    /// How long a session stays without a touch. A trainer's day in a village house has hours between two touches; an official's
    /// screen in an office must not stay open over lunch (NIST SP 800-63B-4, §2.2.3: at most one hour for AAL2; we take half).
    pub fn idle_limit(self) -> Millis {
        if self.needs_second_factor() { HOUR_MS / 2 } else { 12 * HOUR_MS }
    }

    /// How long a session lasts at all (the same section: 24 hours for AAL2, 30 days for AAL1; a week is one round of markets).
    pub fn absolute_limit(self) -> Millis {
        if self.needs_second_factor() { 12 * HOUR_MS } else { 7 * DAY_MS }
    }
}

/// Where somebody may work.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Scope {
    Province,
    /// These communes and wards; never empty.
    Units(BTreeSet<UnitCode>),
}

impl Scope {
    pub fn holds(&self, unit: UnitCode) -> bool {
        match self {
            Self::Province => true,
            Self::Units(units) => units.contains(&unit),
        }
    }

    /// Whether all of another scope lies within this one.
    pub fn holds_all_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Province, _) => true,
            (Self::Units(_), Self::Province) => false,
            (Self::Units(all), Self::Units(some)) => some.is_subset(all),
        }
    }
}

/// Why somebody cannot have this role there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScopeFault {
    /// A trainer has communes of their own: nobody teaches "in the province".
    TrainerEverywhere,
    /// Lessons are the same in every commune.
    EditorSomewhere,
}

/// Whether a role can be had with a scope.
pub fn check_scope(role: Role, scope: &Scope) -> Result<(), ScopeFault> {
    match (role, scope) {
        (Role::Trainer, Scope::Province) => Err(ScopeFault::TrainerEverywhere),
        (Role::Editor, Scope::Units(_)) => Err(ScopeFault::EditorSomewhere),
        _ => Ok(()),
    }
}

/// The id of somebody who works here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct StaffId(pub Uuid);

impl fmt::Display for StaffId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.simple())
    }
}

impl FromStr for StaffId {
    type Err = super::NotAnId;
    fn from_str(text: &str) -> Result<Self, super::NotAnId> {
        Ok(Self(Uuid::from_bytes(super::bytes_of_hex(text).ok_or(super::NotAnId)?)))
    }
}

/// Somebody who works here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Staff {
    pub id: StaffId,
    /// What they sign in with: `lo-thi-mai`.
    pub login: String,
    pub name: String,
    pub role: Role,
    pub scope: Scope,
}

impl Staff {
    pub fn may(&self, right: Right) -> bool {
        self.role.may(right)
    }

    /// Whether they may look after somebody with this role and scope: only within their own unit, and nobody makes a person more
    /// powerful than themselves.
    pub fn may_manage(&self, scope: &Scope) -> bool {
        self.may(Right::ManageStaff) && self.scope.holds_all_of(scope)
    }
}

/// Longest name of somebody who works here; the longest in the province's staff lists has five words.
pub const NAME_CHARS_MAX: usize = 80;

/// A sign-in name from a person's name: `Lò Thị Mai` gives `lo-thi-mai`. `None` when no letter is left.
pub fn login_of(name: &str) -> Option<String> {
    let words = crate::places::fold(name);
    let words: Vec<&str> = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let login = words.join("-");
    login.bytes().any(|byte| byte.is_ascii_lowercase()).then_some(login)
}

/// Shortest password, in characters. With a limit on tries and common words refused this is what a sentence of three or four
/// words has; NIST SP 800-63B-4 §3.1.1.2 asks for 15 where nothing else guards and 8 beside a second factor.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Longest: more is a file that was dropped by mistake, and hashing it would cost.
pub const PASSWORD_CHARS_MAX: usize = 128;

named_values! {
    /// Why a password is not taken.
    PasswordFault {
        Short = "short", Long = "long",
        /// Found in lists of common passwords, or made of such and of the person's own name.
        Common = "common",
    }
}

/// Whether a password has a length that can be taken; whether it is common only the server's lists know.
pub fn check_length(password: &str) -> Result<(), PasswordFault> {
    match password.chars().count() {
        ..PASSWORD_CHARS_MIN => Err(PasswordFault::Short),
        PASSWORD_CHARS_MIN..=PASSWORD_CHARS_MAX => Ok(()),
        _ => Err(PasswordFault::Long),
    }
}

/// How long a link that was given out lets somebody set a password: a person on leave comes back within two weeks.
pub const LINK_DAYS: Millis = 14;
/// Recovery codes that somebody gets at once, each good for one sign-in without the phone.
pub const RECOVERY_CODES: usize = 10;

named_values! {
    /// What the audit log tells.
    Act {
        SignedIn = "signed_in",
        SignedOut = "signed_out",
        LinkMade = "link_made",
        PasswordSet = "password_set",
        SecondFactorSet = "second_factor_set",
        SecondFactorRemoved = "second_factor_removed",
        RecoveryCodeUsed = "recovery_code_used",
        RecoveryCodesMade = "recovery_codes_made",
        SessionEnded = "session_ended",
        StaffAdded = "staff_added",
        StaffChanged = "staff_changed",
        StaffClosed = "staff_closed",
        StaffOpened = "staff_opened",
        ClassMade = "class_made",
        ClassChanged = "class_changed",
        ClassClosed = "class_closed",
        CodeReplaced = "code_replaced",
        RosterSeen = "roster_seen",
        RosterChanged = "roster_changed",
        ConsentRecorded = "consent_recorded",
        LearnerMoved = "learner_moved",
        RecordsMerged = "records_merged",
        CardMade = "card_made",
        Exported = "exported",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(codes: &[&str]) -> Scope {
        Scope::Units(codes.iter().map(|code| code.parse().unwrap_or_else(|_| panic!("{code}"))).collect())
    }

    #[test]
    fn every_right_stands_in_the_table_once() {
        for right in Right::ALL {
            assert_eq!(RIGHTS.iter().filter(|(of, _)| of == right).count(), 1, "{right:?}");
        }
        assert!(Role::ALL.iter().all(|role| role.may(Right::OwnAccount)));
        assert!(!Role::Administrator.may(Right::Teach), "who lets people in sees no roster");
    }

    #[test]
    fn nobody_manages_beyond_their_unit() {
        let of = |role, scope| Staff { id: StaffId(Uuid::nil()), login: "a".into(), name: "A".into(), role, scope };
        let one = units(&["03727"]);
        let two = units(&["03727", "03646"]);
        let cases = [
            (Role::Administrator, Scope::Province, two.clone(), true),
            (Role::Administrator, Scope::Province, Scope::Province, true),
            (Role::Administrator, two.clone(), one.clone(), true),
            (Role::Administrator, one.clone(), two.clone(), false),
            (Role::Administrator, one.clone(), Scope::Province, false),
            (Role::Official, Scope::Province, one.clone(), false),
            (Role::Trainer, one.clone(), one, false),
        ];
        for (role, scope, other, may) in cases {
            assert_eq!(of(role, scope.clone()).may_manage(&other), may, "{role:?} {scope:?} {other:?}");
        }
        assert_eq!(check_scope(Role::Trainer, &Scope::Province), Err(ScopeFault::TrainerEverywhere));
        assert_eq!(check_scope(Role::Editor, &two), Err(ScopeFault::EditorSomewhere));
        assert_eq!(check_scope(Role::Official, &two), Ok(()));
    }

    #[test]
    fn names_become_sign_in_names() {
        let cases = [
            ("Lò Thị Mai", Some("lo-thi-mai")),
            ("  Đặng  Văn Ơn ", Some("dang-van-on")),
            ("Y' Niê K'Đăm", Some("y-nie-k-dam")),
            ("…", None),
            ("12", None),
        ];
        for (name, login) in cases {
            assert_eq!(login_of(name).as_deref(), login, "{name}");
        }
    }

    #[test]
    fn those_who_see_more_are_let_in_for_less_long() {
        for role in Role::ALL {
            assert!(role.idle_limit() < role.absolute_limit());
        }
        assert!(Role::Official.absolute_limit() < Role::Trainer.absolute_limit());
        assert_eq!(check_length("ngắn"), Err(PasswordFault::Short));
        assert_eq!(check_length(&"ă".repeat(PASSWORD_CHARS_MIN)), Ok(()));
        assert_eq!(check_length(&"a".repeat(PASSWORD_CHARS_MAX + 1)), Err(PasswordFault::Long));
    }
}
