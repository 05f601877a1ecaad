//! Certificates: made out once for each learner and track, looked up by anybody who holds the code.

use crate::{
    Certificate, Result, Store,
    entity::{certificate, deed},
    sync,
};
use chrono::NaiveDate;
use domain::{
    accounts::{CertificateCode, Credentials},
    content::{SkillId, TrackId},
    learn::Deeds,
    time::day_number,
};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, Set};

/// What came of asking for a certificate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Issued {
    /// No such learner with this secret.
    NotYours,
    /// Not every skill of the track is practised yet.
    NotYet,
    /// Made out now, or earlier.
    Made(Certificate),
}

fn read(row: certificate::Model) -> Result<(TrackId, Certificate), DbErr> {
    let track = row.track.parse().map_err(|_| sync::unreadable("track", &row.track))?;
    let code = row.code.parse().map_err(|_| sync::unreadable("certificate", "code"))?;
    Ok((track, Certificate { code, day: sync::read_day(row.issued_on)? }))
}

impl Store {
    /// Makes out a certificate of a track with these skills under `code`, unless there is one already.
    pub async fn issue(
        &self,
        who: &Credentials,
        track: &TrackId,
        skills: &[SkillId],
        code: &CertificateCode,
        day: NaiveDate,
    ) -> Result<Issued> {
        let transaction = self.begin().await?;
        let Some(learner) = sync::find(&transaction, who).await? else { return Ok(Issued::NotYours) };
        let theirs = certificate::Entity::find()
            .filter(certificate::Column::Learner.eq(learner.no))
            .filter(certificate::Column::Track.eq(track.as_str()));
        if let Some(row) = theirs.one(&transaction).await? {
            return Ok(Issued::Made(read(row)?.1));
        }
        let mut deeds = Deeds::default();
        for row in deed::Entity::find().filter(deed::Column::Learner.eq(learner.no)).all(&transaction).await? {
            let (deed, day) = sync::deed_of(row)?;
            deeds.note(deed, day);
        }
        if skills.is_empty() || skills.iter().any(|skill| deeds.practised_on(skill).is_none()) {
            return Ok(Issued::NotYet);
        }
        let row = certificate::ActiveModel {
            code: Set(code.as_str().to_owned()),
            learner: Set(learner.no),
            track: Set(track.to_string()),
            issued_on: Set(day_number(day)),
        };
        certificate::Entity::insert(row).exec_without_returning(&transaction).await?;
        transaction.commit().await?;
        Ok(Issued::Made(Certificate { code: code.clone(), day }))
    }

    /// The track and day of a certificate; `None` when none has this code, or not any more. It says nothing about its owner.
    pub async fn certificate(&self, code: &CertificateCode) -> Result<Option<(TrackId, NaiveDate)>> {
        let row = certificate::Entity::find_by_id(code.as_str().to_owned()).one(&self.read).await?;
        Ok(row.map(read).transpose()?.map(|(track, certificate)| (track, certificate.day)))
    }
}
