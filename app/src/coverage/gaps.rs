//! Who is reached and who is not: places against places, people against people.

use super::ladder::{Bar, people};
use crate::{house::words, t, words::Words};
use domain::{
    accounts::{AgeBand, EthnicGroup, Sex},
    content::TrackId,
    coverage::{Figure, Head, Part, PublicCount, Published, Step, Witness, Zone, shown},
};
use leptos::prelude::*;

/// One group: how many have learnt, how many have come to the step, and the share.
struct Group {
    name: String,
    learnt: PublicCount,
    came: PublicCount,
    /// Tenths of a percent.
    share: Option<u64>,
}

/// What is published of a track by its groups. The share of a place is of its adults; for people of a sex, an age or an ethnic
/// group no such number of the same day is known, so theirs is of those who have learnt.
#[component]
pub(super) fn Gaps(head: Head, figures: Published, track: Option<TrackId>, step: Step) -> impl IntoView {
    let words = words();
    let ladder = |step: Step, part: Part| {
        let figure = Figure::Ladder { track: track.clone(), step, witness: Witness::Self_, part };
        shown(&figures, &figure)
    };
    // Everybody who is counted has learnt: then the next step says more.
    let to = if step == Step::Heard { Step::Practised } else { step };
    let zones = Zone::ALL.iter().map(|zone| {
        let (learnt, came) = (ladder(Step::Heard, Part::Zone(*zone)), ladder(step, Part::Zone(*zone)));
        let share = head.adults(&Part::Zone(*zone)).and_then(|adults| came.permille_of(adults));
        Group { name: zone_name(&words, *zone), learnt, came, share }
    });
    let zones: Vec<Group> = zones.collect();
    let of_learners = |name: String, learnt: PublicCount, came: PublicCount| {
        let share = learnt.value().and_then(|learnt| came.permille_of(learnt)).map(|share| share.min(1000));
        Group { name, learnt, came, share }
    };
    let part = |name: String, part: Part| of_learners(name, ladder(Step::Heard, part), ladder(to, part));
    let sexes = Sex::ALL.iter().filter(|sex| **sex != Sex::Unstated);
    let sexes: Vec<Group> = sexes.map(|sex| part(sex_name(&words, *sex), Part::Sex(*sex))).collect();
    let ages = AgeBand::ALL
        .iter()
        .map(|age| part(t!(words, "coverage-age", band = age.as_str().replace('-', "–")), Part::Age(*age)));
    let ages: Vec<Group> = ages.collect();
    let ethnic = |step: Step, group: EthnicGroup| {
        shown(&figures, &Figure::Ethnic { track: track.clone(), step, group: Some(group) })
    };
    let peoples = EthnicGroup::ALL.iter();
    let peoples =
        peoples.map(|group| of_learners(group.name().to_owned(), ethnic(Step::Heard, *group), ethnic(to, *group)));
    let peoples: Vec<Group> = peoples.filter(|group| group.learnt != PublicCount::Zero).collect();
    let step_name = super::ladder::step_name(&words, step);
    let to_name = super::ladder::step_name(&words, to);
    let of_adults = t!(words, "coverage-gap-of-adults", step = step_name);
    let of_learners = t!(words, "coverage-gap-of-learners", step = to_name);
    view! {
        <h3>{t!(words, "coverage-gap-places")}</h3>
        <Groups of=t!(words, "coverage-gap-places") groups=zones how=of_adults/>
        <h3>{t!(words, "coverage-gap-sexes")}</h3>
        <Groups of=t!(words, "coverage-gap-sexes") groups=sexes how=of_learners.clone()/>
        <h3>{t!(words, "coverage-gap-ages")}</h3>
        <Groups of=t!(words, "coverage-gap-ages") groups=ages how=of_learners.clone()/>
        <h3>{t!(words, "coverage-gap-peoples")}</h3>
        <p>{t!(words, "coverage-gap-peoples-who")}</p>
        <Groups of=t!(words, "coverage-gap-peoples") groups=peoples how=of_learners/>
    }
}

fn zone_name(words: &Words, zone: Zone) -> String {
    match zone {
        Zone::Urban => t!(words, "coverage-zone-urban"),
        Zone::Rural => t!(words, "coverage-zone-rural"),
        Zone::Border => t!(words, "coverage-zone-border"),
        Zone::Inland => t!(words, "coverage-zone-inland"),
    }
}

fn sex_name(words: &Words, sex: Sex) -> String {
    match sex {
        Sex::Female => t!(words, "coverage-sex-female"),
        Sex::Male => t!(words, "coverage-sex-male"),
        Sex::Unstated => t!(words, "coverage-sex-unstated"),
    }
}

/// A bar for each group's share, and the table with all numbers: the twin of the picture.
#[component]
fn Groups(of: String, groups: Vec<Group>, how: String) -> impl IntoView {
    let words = words();
    let longest = groups.iter().filter_map(|group| group.share).max().unwrap_or_default().max(1);
    let none = groups.iter().all(|group| group.share.is_none());
    // Those of whom no share is shown stand in the table.
    let shares = groups.iter().filter_map(|group| Some((group.name.clone(), group.share?)));
    let bars = shares.map(|(name, share)| {
        view! {
            <dt>{name}</dt>
            <dd>
                <Bar length=share longest/>
                <span>{words.percent(share)}</span>
            </dd>
        }
    });
    let bars = bars.collect_view();
    let few = none.then(|| view! { <p>{t!(words, "coverage-gap-few")}</p> });
    let rows = groups.iter().map(|Group { name, learnt, came, share }| {
        view! {
            <tr>
                <th scope="row">{name.clone()}</th>
                <td>{people(&words, *learnt)}</td>
                <td>{people(&words, *came)}</td>
                <td>{share.map_or_else(|| "–".to_owned(), |share| words.percent(share))}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        {few}
        <p class="soft">{how.clone()}</p>
        <dl class="bars">{bars}</dl>
        <details>
            <summary>{t!(words, "coverage-as-table")}</summary>
            <div class="scroll" tabindex="0" role="region" aria-label=format!("{of}: {how}")>
            <table class="figures">
                <caption>{how.clone()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(words, "coverage-column-group")}</th>
                        <th scope="col">{t!(words, "coverage-column-learnt")}</th>
                        <th scope="col">{t!(words, "coverage-column-came")}</th>
                        <th scope="col">{t!(words, "coverage-column-share")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            </div>
        </details>
    }
}
