//! One's own account: password, second factor, where one is signed in.

use super::{frame::StaffFrame, gate, moment, role_name, scope_name, sign_in_pages::NewPassword};
use crate::{
    house::{house, viewer, words},
    paths::Page,
    t,
    ui::{FieldError, Icon, QrCode},
};
use domain::accounts::{RecoveryCode, staff::Right};
use leptos::prelude::*;
use leptos_meta::Title;
use store::{Session, SessionEntry};

/// What was wrong in a form of the page.
#[derive(Clone, Default, Debug)]
pub struct AccountForm {
    pub old_fault: Option<String>,
    pub new_fault: Option<String>,
    /// The password was changed.
    pub changed: bool,
}

#[component]
pub fn AccountRoute() -> impl IntoView {
    view! { <AccountPage form=AccountForm::default()/> }
}

#[component]
pub fn AccountPage(form: AccountForm) -> impl IntoView {
    let session = match gate::staff(Right::OwnAccount) {
        Ok(session) => session,
        Err(instead) => return instead,
    };
    Suspend::new(async move {
        let (house, viewer) = (house(), viewer());
        match house.store.sessions(session.staff.id, viewer.staff_token.as_ref(), viewer.now).await {
            Ok(sessions) => account(form, session, sessions),
            Err(error) => crate::error::AppError::from(error).view(),
        }
    })
    .into_any()
}

fn account(form: AccountForm, session: Session, sessions: Vec<SessionEntry>) -> AnyView {
    let (house, viewer, words) = (house(), viewer(), words());
    let locale = viewer.locale;
    let factors = session.factors;
    let old_said = form.old_fault.clone().map(|text| view! { <FieldError id="old-error".to_owned() text/> });
    let changed = form.changed.then(|| {
        view! { <p class="notice" role="status"><Icon name="done"/>{t!(words, "staff-password-changed")}</p> }
    });
    let missing = gate::must_add_factor(&session).then(|| {
        view! { <p class="notice problem">{t!(words, "staff-factor-must")}</p> }
    });
    let code_app = if factors.totp {
        view! {
            <p class="done"><Icon name="done"/>{t!(words, "staff-code-app-on")}</p>
            <p>{t!(words, "staff-recovery-left", count = factors.recovery_codes)}</p>
            <form class="row" method="post">
                <button class="btn" name="act" value="recovery">{t!(words, "staff-recovery-new")}</button>
                <a class="btn" href=Page::CodeApp.path(locale)>{t!(words, "staff-code-app-other")}</a>
                <button class="btn btn-danger" name="act" value="remove-totp">{t!(words, "staff-code-app-remove")}</button>
            </form>
        }
        .into_any()
    } else {
        view! {
            <p>{t!(words, "staff-code-app-off")}</p>
            <p class="gap"><a class="btn" href=Page::CodeApp.path(locale)><Icon name="lock"/>{t!(words, "staff-code-app-add")}</a></p>
        }
        .into_any()
    };
    let several = (sessions.len() > 1).then(|| {
        view! {
            <form method="post">
                <button class="btn" name="act" value="end-others">{t!(words, "staff-sessions-others")}</button>
            </form>
        }
    });
    let list = sessions.into_iter().map(|entry| {
        let here = entry.is_this.then(|| view! { <b>{t!(words, "staff-session-here")}</b> });
        let end = (!entry.is_this).then(|| {
            view! {
                <form method="post">
                    <input type="hidden" name="session" value=entry.handle/>
                    <button class="btn slim" name="act" value="end">{t!(words, "staff-session-end")}</button>
                </form>
            }
        });
        view! {
            <li>
                <p>
                    <b>{entry.device}</b>
                    <br/>
                    <span class="soft small">
                        {t!(words, "staff-session-times", began = moment(&words, entry.made_at), seen = moment(&words, entry.seen_at))}
                    </span>
                </p>
                {here}
                {end}
            </li>
        }
    });
    let list = list.collect_view();
    view! {
        <Title text=t!(words, "staff-account")/>
        <StaffFrame>
            {missing}
            {changed}
            <h1>{t!(words, "staff-account")}</h1>
            <dl class="facts">
                <dt>{t!(words, "staff-login")}</dt>
                <dd class="num">{session.staff.login.clone()}</dd>
                <dt>{t!(words, "staff-role")}</dt>
                <dd>{role_name(&words, session.staff.role)}</dd>
                <dt>{t!(words, "staff-scope")}</dt>
                <dd lang="vi">{scope_name(&house, &words, &session.staff.scope)}</dd>
            </dl>
            <form class="gap" method="post">
                <button class="btn" name="act" value="sign-out">{t!(words, "staff-sign-out")}</button>
            </form>
            <section class="part">
                <h2>{t!(words, "staff-factor-title")}</h2>
                <p class="soft">{t!(words, "staff-factor-why")}</p>
                {code_app}
            </section>
            <section class="part">
                <h2>{t!(words, "staff-sessions-title")}</h2>
                <ul class="plain rows">{list}</ul>
                {several}
            </section>
            <section class="part">
                <h2>{t!(words, "staff-password-title")}</h2>
                <form class="fields" method="post" novalidate>
                    <div class="field" class:bad=form.old_fault.is_some()>
                        <label for="old">{t!(words, "staff-password-old")}</label>
                        {old_said}
                        <input id="old" name="old" type="password" autocomplete="current-password" maxlength="400"/>
                    </div>
                    <NewPassword fault=form.new_fault/>
                    <button class="btn btn-main" name="act" value="password">{t!(words, "staff-password-change")}</button>
                </form>
            </section>
        </StaffFrame>
    }
    .into_any()
}

/// A code app that is being set up.
#[derive(Clone, Default, Debug)]
pub struct CodeAppForm {
    /// The secret, sealed, from the page before.
    pub sealed: Option<String>,
    pub fault: Option<String>,
}

#[component]
pub fn CodeAppRoute() -> impl IntoView {
    view! { <CodeAppPage form=CodeAppForm::default()/> }
}

/// The secret as a QR code and as letters; the code that the app shows for it proves that it arrived.
#[component]
pub fn CodeAppPage(form: CodeAppForm) -> impl IntoView {
    let session = match gate::staff(Right::OwnAccount) {
        Ok(session) => session,
        Err(instead) => return instead,
    };
    let (house, viewer, words) = (house(), viewer(), words());
    let label = super::account::setup_label(session.staff.id);
    let opened = form.sealed.as_ref().and_then(|sealed| house.guard.open(&label, sealed));
    let secret = opened.map_or_else(|| house.guard.new_totp(), Ok);
    let made = secret.and_then(|secret| Ok((house.guard.seal(&label, &secret)?, secret)));
    let Ok((sealed, secret)) = made else { return view! { <crate::error::Broken/> }.into_any() };
    let address = house.guard.totp_address(&secret, &session.staff.login).unwrap_or_default();
    let qr = view! { <QrCode text=address.clone() label=t!(words, "staff-code-app-qr")/> };
    let groups: Vec<String> =
        secret.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    let must = gate::must_add_factor(&session).then(|| {
        view! { <p class="notice problem">{t!(words, "staff-factor-must")}</p> }
    });
    let said = form.fault.clone().map(|text| view! { <FieldError id="second-error".to_owned() text/> });
    view! {
        <Title text=t!(words, "staff-code-app-add")/>
        <StaffFrame>
            {must}
            <h1>{t!(words, "staff-code-app-add")}</h1>
            <ol class="points">
                <li>{t!(words, "staff-code-app-1")}</li>
                <li>{t!(words, "staff-code-app-2")}</li>
                <li>{t!(words, "staff-code-app-3")}</li>
            </ol>
            <div class="gap">{qr}</div>
            <p class="small">{t!(words, "staff-code-app-typed")}" "<b class="num secret">{groups.join(" ")}</b></p>
            <p class="small"><a href=address>{t!(words, "staff-code-app-here")}</a></p>
            <form class="fields gap" method="post" novalidate>
                <input type="hidden" name="sealed" value=sealed/>
                <div class="field" class:bad=form.fault.is_some()>
                    <label for="second">{t!(words, "staff-code-app-code")}</label>
                    {said}
                    <input class="num year" id="second" name="second" inputmode="numeric" autocomplete="one-time-code" maxlength="12"/>
                </div>
                <button class="btn btn-main" name="send" value="1">{t!(words, "staff-code-app-send")}</button>
            </form>
            <p class="gap"><a href=Page::Account.path(viewer.locale)>{t!(words, "staff-back-to-account")}</a></p>
        </StaffFrame>
    }
    .into_any()
}

/// Recovery codes, shown this once.
#[component]
pub fn RecoveryPage(codes: Vec<RecoveryCode>) -> impl IntoView {
    let (viewer, words) = (viewer(), words());
    let codes = codes.into_iter().map(|code| view! { <li class="num">{code.to_string()}</li> }).collect_view();
    view! {
        <Title text=t!(words, "staff-recovery-title")/>
        <StaffFrame>
            <h1>{t!(words, "staff-recovery-title")}</h1>
            <p class="lead">{t!(words, "staff-recovery-lead")}</p>
            <ol class="codes card">{codes}</ol>
            <p class="gap">{t!(words, "staff-recovery-keep")}</p>
            <p class="gap"><a class="btn btn-main" href=Page::Staff.path(viewer.locale)>{t!(words, "staff-recovery-done")}</a></p>
        </StaffFrame>
    }
}
