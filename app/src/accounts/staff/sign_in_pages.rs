//! Signing in: name and password, the second factor, and the page a link leads to.

use super::{frame::StaffFrame, gate};
use crate::{
    house::{house, viewer, words},
    paths::{self, Page},
    t,
    ui::{self, FieldError, Icon},
};
use domain::accounts::staff::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// What was typed into the sign-in form. Never the password.
#[derive(Clone, Default, Debug)]
pub struct SignInForm {
    pub login: String,
    pub wanted: String,
    pub fault: Option<String>,
}

#[component]
pub fn SignInRoute() -> impl IntoView {
    let viewer = viewer();
    if viewer.staff.as_ref().is_some_and(|session| !session.half) {
        return gate::lead_to(&Page::Staff.path(viewer.locale));
    }
    let wanted = use_query_map().with_untracked(|query| query.get(paths::WANTED).unwrap_or_default());
    let wanted = gate::wanted(&wanted).unwrap_or_default().to_owned();
    view! { <SignInPage form=SignInForm { wanted, ..SignInForm::default() }/> }.into_any()
}

#[component]
pub fn SignInPage(form: SignInForm) -> impl IntoView {
    let words = words();
    let said = form.fault.clone().map(|text| view! { <FieldError id="login-error".to_owned() text/> });
    view! {
        <Title text=t!(words, "staff-sign-in-title")/>
        <StaffFrame>
            <h1>{t!(words, "staff-sign-in-title")}</h1>
            <p class="lead">{t!(words, "staff-sign-in-lead")}</p>
            <form class="fields" method="post" novalidate>
                <input type="hidden" name="wanted" value=form.wanted/>
                <div class="field" class:bad=form.fault.is_some()>
                    <label for="login">{t!(words, "staff-login")}</label>
                    {said}
                    <input id="login" name="login" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="120" value=form.login/>
                </div>
                <div class="field">
                    <label for="password">{t!(words, "staff-password")}</label>
                    <input id="password" name="password" type="password" autocomplete="current-password" maxlength="400"/>
                </div>
                <button class="btn btn-main" name="send" value="1">{t!(words, "staff-sign-in")}</button>
            </form>
            <p class="part soft">{t!(words, "staff-sign-in-lost")}</p>
        </StaffFrame>
    }
}

/// The second factor.
#[derive(Clone, Default, Debug)]
pub struct SecondForm {
    pub fault: Option<String>,
}

#[component]
pub fn SecondRoute() -> impl IntoView {
    let viewer = viewer();
    match &viewer.staff {
        Some(session) if session.half => view! { <SecondPage form=SecondForm::default()/> }.into_any(),
        Some(_) => gate::lead_to(&Page::Staff.path(viewer.locale)),
        None => gate::lead_to(&Page::SignIn.path(viewer.locale)),
    }
}

#[component]
pub fn SecondPage(form: SecondForm) -> impl IntoView {
    let words = words();
    let said = form.fault.clone().map(|text| view! { <FieldError id="code-error".to_owned() text/> });
    view! {
        <Title text=t!(words, "staff-second-title")/>
        <StaffFrame>
            <h1>{t!(words, "staff-second-title")}</h1>
            <p class="lead">{t!(words, "staff-second-lead")}</p>
            <form class="fields" method="post" novalidate>
                <div class="field" class:bad=form.fault.is_some()>
                    <label for="second">{t!(words, "staff-second-code")}</label>
                    <p class="hint" id="second-hint">{t!(words, "staff-second-hint")}</p>
                    {said}
                    <input
                        class="num"
                        id="second"
                        name="second"
                        autocomplete="one-time-code"
                        autocapitalize="characters"
                        spellcheck="false"
                        maxlength="40"
                        aria-describedby="second-hint"
                    />
                </div>
                <button class="btn btn-main" name="send" value="1">{t!(words, "staff-second-go")}</button>
            </form>
        </StaffFrame>
    }
}

/// Whoever sends something after their session has ended.
#[component]
pub fn SignedOut() -> impl IntoView {
    let (viewer, words) = (viewer(), words());
    view! {
        <Title text=t!(words, "staff-signed-out-title")/>
        <ui::State picture="pictures/private.svg" title=t!(words, "staff-signed-out-title") text=t!(words, "staff-signed-out-text")>
            <p><a class="btn btn-main" href=Page::SignIn.path(viewer.locale)>{t!(words, "staff-sign-in")}</a></p>
        </ui::State>
    }
}

/// What was typed on the page a link leads to. The code comes in the fragment of the address, which no server and no log sees.
#[derive(Clone, Default, Debug)]
pub struct InvitedForm {
    pub code: String,
    pub code_fault: Option<String>,
    pub password_fault: Option<String>,
}

#[component]
pub fn InvitedRoute() -> impl IntoView {
    view! { <InvitedPage form=InvitedForm::default()/> }
}

#[component]
pub fn InvitedPage(form: InvitedForm) -> impl IntoView {
    let (house, words) = (house(), words());
    let code_said = form.code_fault.clone().map(|text| view! { <FieldError id="code-error".to_owned() text/> });
    view! {
        <Title text=t!(words, "staff-invited-title")/>
        <StaffFrame>
            <img class="scene" src=house.assets.path("pictures/private.svg") alt="" width="320" height="200"/>
            <h1>{t!(words, "staff-invited-title")}</h1>
            <p class="lead">{t!(words, "staff-invited-lead")}</p>
            <form class="fields" method="post" novalidate>
                <div class="field" class:bad=form.code_fault.is_some()>
                    <label for="code">{t!(words, "staff-invited-code")}</label>
                    <p class="hint" id="code-hint">{t!(words, "staff-invited-code-hint")}</p>
                    {code_said}
                    <input
                        class="num"
                        id="code"
                        name="code"
                        autocomplete="off"
                        autocapitalize="characters"
                        spellcheck="false"
                        maxlength="40"
                        aria-describedby="code-hint"
                        value=form.code
                    />
                </div>
                <NewPassword fault=form.password_fault/>
                <button class="btn btn-main" name="send" value="1">
                    <Icon name="lock"/>
                    {t!(words, "staff-invited-send")}
                </button>
            </form>
        </StaffFrame>
    }
}

/// A field for a new password, with what makes a good one.
#[component]
pub fn NewPassword(fault: Option<String>) -> impl IntoView {
    let words = words();
    let bad = fault.is_some();
    let said = fault.map(|text| view! { <FieldError id="new-error".to_owned() text/> });
    view! {
        <div class="field" class:bad=bad>
            <label for="new">{t!(words, "staff-new-password")}</label>
            <p class="hint" id="new-hint">{t!(words, "staff-new-password-hint", count = PASSWORD_CHARS_MIN as u64)}</p>
            {said}
            <input
                id="new"
                name="new"
                type="password"
                autocomplete="new-password"
                minlength=PASSWORD_CHARS_MIN.to_string()
                maxlength=(PASSWORD_CHARS_MAX * 2).to_string()
                aria-describedby="new-hint"
            />
        </div>
    }
}
