//! Pictures that people of a family phone know each other by, and those that a secret is made of. Both are named with a word:
//! nobody needs to read, and nobody needs to guess what is meant.

/// A picture on a field of 48 × 48: its key in `locales/*/device.ftl`, and its shapes.
pub struct Small {
    pub name: &'static str,
    pub shapes: &'static str,
}

/// People of one phone at most: as many as a large family has, and as many as there are fruits of Sơn La here.
pub const PEOPLE_MAX: usize = FACES.len();
/// Pictures of a secret, in order. 12 × 12 × 12 = 1 728: enough against a brother, not against a machine, and the page says so.
pub const SECRET_LENGTH: usize = 3;

/// Fruits of Sơn La: one for each person.
pub const FACES: [Small; 8] = [
    Small {
        name: "mango",
        shapes: r##"<path fill="#E2A72E" d="M24 8c11 0 17 9 17 19 0 9-7 14-15 14C15 41 7 34 7 26 7 15 15 8 24 8z"/><path fill="#C8322B" opacity=".5" d="M24 8c9 0 15 6 16.5 14C33 24 24 19 20 8.500A16 16 0 0 1 24 8z"/><path fill="#2E7D4F" d="M24 9c0-4 4-6 9-6-1 5-4 7-9 6z"/>"##,
    },
    Small {
        name: "plum",
        shapes: r##"<circle cx="24" cy="27" r="16" fill="#7A2E5D"/><path fill="none" stroke="#4E1B3B" stroke-width="2" d="M24 12c-4 9-4 20 0 30"/><path fill="#2E7D4F" d="M24 12c2-6 7-8 12-8-1 6-6 9-12 8z"/><circle cx="17" cy="22" r="3" fill="#fff" opacity=".35"/>"##,
    },
    Small {
        name: "longan",
        shapes: r##"<path fill="none" stroke="#2E7D4F" stroke-width="3" d="M24 4v12m0-6 8-4"/><g fill="#B5823C"><circle cx="15" cy="23" r="8"/><circle cx="33" cy="23" r="8"/><circle cx="24" cy="36" r="8"/></g><g fill="#fff" opacity=".4"><circle cx="13" cy="20" r="2"/><circle cx="31" cy="20" r="2"/><circle cx="22" cy="33" r="2"/></g>"##,
    },
    Small {
        name: "coffee",
        shapes: r##"<path fill="#27316B" d="M9 18h24v12a11 11 0 0 1-11 11h-2A11 11 0 0 1 9 30z"/><path fill="none" stroke="#27316B" stroke-width="4" d="M33 21h3a5 5 0 0 1 0 11h-3"/><path fill="none" stroke="#767CA3" stroke-width="3" stroke-linecap="round" d="M16 13c-2-3 2-4 0-8m9 8c-2-3 2-4 0-8"/>"##,
    },
    Small {
        name: "avocado",
        shapes: r##"<path fill="#2E7D4F" d="M24 4c6 0 8 8 11 14 3 5 5 8 5 12a15 15 0 0 1-32 0c0-4 2-7 5-12 3-6 5-14 11-14z"/><path fill="#DCE8A8" d="M24 10c4 0 5 6 8 11 2 4 3 6 3 9a11 11 0 0 1-22 0c0-3 1-5 3-9 3-5 4-11 8-11z"/><circle cx="24" cy="31" r="7" fill="#8A5A2B"/>"##,
    },
    Small {
        name: "strawberry",
        shapes: r##"<path fill="#C8322B" d="M24 43C14 38 7 29 8 20c1-7 10-9 16-4 6-5 15-3 16 4 1 9-6 18-16 23z"/><path fill="#2E7D4F" d="m24 17-10-5 7-1 3-6 3 6 7 1z"/><g fill="#F7EBCF"><circle cx="17" cy="24" r="1.5"/><circle cx="24" cy="27" r="1.5"/><circle cx="31" cy="24" r="1.5"/><circle cx="20" cy="33" r="1.5"/><circle cx="28" cy="33" r="1.5"/></g>"##,
    },
    Small {
        name: "banana",
        shapes: r##"<path fill="#E2A72E" d="M10 8c0 16 10 28 29 28l3-5C26 30 18 20 16 6z"/><path fill="#F2C766" d="M7 12c-2 17 8 30 27 31l5-7C20 36 10 24 10 8z"/><path fill="#6B4A16" d="m9 4 6-1 1 4-6 2zM39 36l3-5 3 3-3 4z"/>"##,
    },
    Small {
        name: "orange",
        shapes: r##"<circle cx="24" cy="27" r="16" fill="#E07B2E"/><path fill="none" stroke="#F7EBCF" stroke-width="2" d="M24 15v24M13.6 21l20.8 12m0-12L13.6 33"/><circle cx="24" cy="27" r="12" fill="none" stroke="#F7EBCF" stroke-width="2"/><path fill="#2E7D4F" d="M24 12c1-6 5-8 10-8 0 6-4 9-10 8z"/>"##,
    },
];

/// What a secret is made of.
pub const SECRETS: [Small; 12] = [
    Small {
        name: "house",
        shapes: r##"<path fill="#8A5A2B" d="M4 22 24 7l20 15z"/><path fill="#E2A72E" d="M10 22h28v11H10z"/><path fill="#27316B" d="M20 24h8v9h-8z"/><path stroke="#8A5A2B" stroke-width="3" d="M13 33v10m11-10v10m11-10v10"/>"##,
    },
    Small {
        name: "mountain",
        shapes: r##"<path fill="#2E7D4F" d="M2 40 18 10l16 30z"/><path fill="#1F6A40" d="m20 40 13-22 13 22z"/><path fill="#fff" d="m18 10 5 9-5 3-5-3z"/>"##,
    },
    Small {
        name: "sun",
        shapes: r##"<circle cx="24" cy="24" r="10" fill="#E2A72E"/><path stroke="#E2A72E" stroke-width="4" stroke-linecap="round" d="M24 4v5m0 30v5M4 24h5m30 0h5M10 10l3 3m22 22 3 3m0-28-3 3M13 35l-3 3"/>"##,
    },
    Small {
        name: "moon",
        shapes: r##"<path fill="#767CA3" d="M32 6a19 19 0 1 0 8 27A17 17 0 0 1 32 6z"/><circle cx="37" cy="14" r="2" fill="#E2A72E"/>"##,
    },
    Small {
        name: "fish",
        shapes: r##"<path fill="#2F7FA8" d="M4 24c6-10 22-14 31 0-9 14-25 10-31 0z"/><path fill="#2F7FA8" d="m33 24 11-9v18z"/><circle cx="13" cy="22" r="2.5" fill="#fff"/>"##,
    },
    Small {
        name: "bird",
        shapes: r##"<path fill="#C8322B" d="M8 28c0-9 7-14 15-14l6-6 3 8c5 3 6 8 5 12-2 8-9 12-17 12S8 36 8 28z"/><path fill="#8E1F19" d="M14 26c6-2 12 0 15 6-6 4-13 2-15-6z"/><path fill="#E2A72E" d="m36 22 8 2-7 4z"/><circle cx="31" cy="20" r="2" fill="#fff"/>"##,
    },
    Small {
        name: "flower",
        shapes: r##"<g fill="#D46A9F"><circle cx="24" cy="13" r="8"/><circle cx="35" cy="21" r="8"/><circle cx="31" cy="34" r="8"/><circle cx="17" cy="34" r="8"/><circle cx="13" cy="21" r="8"/></g><circle cx="24" cy="25" r="6" fill="#E2A72E"/>"##,
    },
    Small {
        name: "leaf",
        shapes: r##"<path fill="#2E7D4F" d="M8 40C4 18 18 6 42 6c1 22-10 36-34 34z"/><path fill="none" stroke="#DFF0E4" stroke-width="2" d="M10 38 34 14M20 28h9M24 24v-8"/>"##,
    },
    Small {
        name: "water",
        shapes: r##"<path fill="#2F7FA8" d="M24 4c8 11 14 17 14 25a14 14 0 0 1-28 0C10 21 16 15 24 4z"/><path fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" d="M17 30a7 7 0 0 0 6 7"/>"##,
    },
    Small {
        name: "fire",
        shapes: r##"<path fill="#E07B2E" d="M25 4c1 9 13 13 13 25a14 14 0 0 1-28 0c0-6 4-9 6-14 3 2 4 5 4 7 4-4 6-10 5-18z"/><path fill="#E2A72E" d="M24 24c1 4 6 6 6 12a6 6 0 0 1-12 0c0-4 5-6 6-12z"/>"##,
    },
    Small {
        name: "umbrella",
        shapes: r##"<path fill="#27316B" d="M4 26a20 20 0 0 1 40 0z"/><path fill="#C8322B" d="M16 26c0-8 3-16 8-20 5 4 8 12 8 20z"/><path fill="none" stroke="#8A5A2B" stroke-width="3" stroke-linecap="round" d="M24 26v13a4 4 0 0 1-8 0"/>"##,
    },
    Small {
        name: "drum",
        shapes: r##"<path fill="#C8322B" d="M6 16h36v18c0 5-8 8-18 8S6 39 6 34z"/><ellipse cx="24" cy="16" rx="18" ry="7" fill="#F7EBCF"/><path stroke="#E2A72E" stroke-width="2" d="m8 22 6 18m4-16v18m12-18v18m10-20-6 18"/>"##,
    },
];
