//! Bad days of the server: two hundred phones come back at once, and it is killed under load, again and again. Whatever it has
//! acknowledged is there afterwards, once.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    server::Server,
    wire::{self, Batch, Learner},
};
use crate::shell::Result;

/// A commune's market day, after the network was gone.
const PHONES: usize = 200;
/// What each brings: two full batches, a month of learning.
const BATCHES: usize = 2;
/// How often the server is killed.
pub(super) const KILLS: usize = 100;
const SENDERS: usize = 4;
/// Events of one batch while the server is killed: small ones, so that there are many moments to die in.
const SMALL: usize = 5;
/// A killing comes after so long, more with every round up to twice as long: it meets the server in every state.
const SHORTEST: Duration = Duration::from_millis(40);

/// How a flush of all phones at once went.
pub(super) struct Flush {
    pub(super) p99_ms: f64,
    pub(super) events_per_second: f64,
}

/// All phones send at once; what is turned away comes again. Every event must be stored once.
pub(super) fn flush_at_once(server: &Server, lesson: (&str, &str)) -> Result<Flush> {
    let phones: Vec<Learner> = (0..PHONES).map(|number| Learner::new("outage", number)).collect();
    for phone in &phones {
        phone.register(server)?;
    }
    let times = Mutex::new(Vec::new());
    let start = Instant::now();
    let send = |phone: &Learner, number: usize| -> Result<()> {
        for batch in 0..BATCHES {
            let batch = Batch::new(phone, lesson, number * BATCHES + batch, wire::BATCH);
            let asked = Instant::now();
            let stored = loop {
                match batch.send(server)? {
                    Some(results) => break results.stored,
                    // Told to come again.
                    None => thread::sleep(Duration::from_millis(20)),
                }
            };
            if stored != wire::BATCH {
                return Err(format!("of {} events {stored} were stored: what happened to the others?", wire::BATCH));
            }
            let time = asked.elapsed().as_secs_f64() * 1000.0;
            times.lock().map_err(|_| "a phone broke off".to_owned())?.push(time);
        }
        Ok(())
    };
    thread::scope(|scope| {
        let all: Vec<_> =
            phones.iter().enumerate().map(|(number, phone)| scope.spawn(move || send(phone, number))).collect();
        all.into_iter().try_for_each(|phone| phone.join().map_err(|_| "a phone broke off".to_owned())?)
    })?;
    let seconds = start.elapsed().as_secs_f64();
    let mut times = times.into_inner().map_err(|_| "a phone broke off".to_owned())?;
    times.sort_by(f64::total_cmp);
    let p99_ms = times.get(times.len() * 99 / 100).copied().unwrap_or_default();
    Ok(Flush { p99_ms, events_per_second: (PHONES * BATCHES * wire::BATCH) as f64 / seconds })
}

/// Kills the server under load as often as that, and gives how many batches were acknowledged. Everything that was must be in the log
/// afterwards, once; what was sent and never answered may be there or not, and may be sent again.
pub(super) fn kill_again_and_again(binary: &Path, folder: &Path, lesson: (&str, &str)) -> Result<usize> {
    let start = || Server::start(binary, folder, "killed");
    let learners: Vec<Learner> = (0..SENDERS).map(|number| Learner::new("killed", number)).collect();
    {
        let server = start()?;
        for learner in &learners {
            learner.register(&server)?;
        }
    }
    let mut acknowledged: Vec<Vec<usize>> = vec![Vec::new(); SENDERS];
    let mut next = 0;
    for round in 0..KILLS {
        let server = start()?;
        let dead = AtomicBool::new(false);
        let heard: Vec<Vec<usize>> = thread::scope(|scope| {
            let (server, dead) = (&server, &dead);
            let sender = |learner: &'_ Learner, first: usize| {
                let mut heard = Vec::new();
                let mut number = first;
                while !dead.load(Ordering::Relaxed) {
                    let answered = Batch::new(learner, lesson, number, SMALL).send(server);
                    if answered.is_ok_and(|answer| answer.is_some_and(|results| results.stored == SMALL)) {
                        heard.push(number);
                    }
                    number += 1;
                }
                heard
            };
            let senders: Vec<_> = learners.iter().map(|learner| scope.spawn(move || sender(learner, next))).collect();
            thread::sleep(SHORTEST + SHORTEST * (round as u32) / (KILLS as u32));
            server.kill();
            dead.store(true, Ordering::Relaxed);
            senders.into_iter().map(|sender| sender.join().unwrap_or_default()).collect()
        });
        for (all, heard) in acknowledged.iter_mut().zip(heard) {
            all.extend(heard);
        }
        // Numbers of a round are never used again, whatever became of them.
        next += 100_000;
    }
    let server = start()?;
    let mut count = 0;
    for (learner, numbers) in learners.iter().zip(&acknowledged) {
        let log = learner.log(&server)?;
        let once: BTreeSet<&str> = log.iter().map(String::as_str).collect();
        if once.len() != log.len() {
            return Err(format!("{} events stand twice in the log", log.len() - once.len()));
        }
        count += numbers.len();
        let mut ids = numbers.iter().flat_map(|number| Batch::ids(learner, *number, SMALL));
        if let Some(lost) = ids.find(|id| !once.contains(id.as_str())) {
            return Err(format!("the event {lost} was acknowledged and is not there: LOST"));
        }
    }
    if count < KILLS {
        return Err(format!("only {count} batches were acknowledged in {KILLS} rounds: too few to say anything"));
    }
    Ok(count)
}
