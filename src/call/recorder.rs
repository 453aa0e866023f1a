//! The record of a call or of one of its attempts, for observers and spans.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use tokio::time::Instant;

use super::operation::Operation;
use super::settings::Settings;
use crate::observe::{CallObserver, Observation, Outcome, Span};
use crate::support::clock::now;

/// Records one call or one attempt. Notifies the observer and ends the span once: at its end, or as cancelled when it is dropped
/// before.
pub(super) struct Recorder<'a> {
    settings: &'a Settings,
    notify: fn(&dyn CallObserver, &Observation<'_>),
    /// What is known before the end.
    observation: Observation<'static>,
    /// When it began; known only where somebody observes.
    started: Option<Instant>,
    span: Span,
    ended: bool,
}

impl<'a> Recorder<'a> {
    /// A call begins.
    pub(super) fn call(settings: &'a Settings, operation: &'static Operation) -> Self {
        let observation = Observation::new(operation.name, &operation.method, operation.path);
        let notify = |observer: &dyn CallObserver, call: &Observation<'_>| observer.call_ended(call);
        Self::new(settings, notify, observation, Span::call(&observation))
    }

    /// The next attempt of the call begins.
    pub(super) fn attempt(&mut self) -> Self {
        self.observation.attempts = self.observation.attempts.saturating_add(1);
        let notify = |observer: &dyn CallObserver, attempt: &Observation<'_>| observer.attempt_ended(attempt);
        let span = Span::attempt(&self.observation, &self.settings.base_url);
        Self::new(self.settings, notify, self.observation, span)
    }

    fn new(
        settings: &'a Settings,
        notify: fn(&dyn CallObserver, &Observation<'_>),
        observation: Observation<'static>,
        span: Span,
    ) -> Self {
        let started = settings.defaults.observer.as_ref().map(|_| now());
        Self { settings, notify, observation, started, span, ended: false }
    }

    /// How many attempts began.
    pub(super) fn attempts(&self) -> u32 {
        self.observation.attempts
    }

    /// The span, to run a future in.
    pub(super) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Notifies of what became of it.
    pub(super) fn end(mut self, outcome: &Outcome<'_>) {
        self.ended = true;
        self.notify(outcome);
    }

    fn notify(&self, outcome: &Outcome<'_>) {
        self.span.end(outcome);
        if let Some(observer) = &self.settings.defaults.observer {
            let observation = Observation {
                status: outcome.status(),
                error_type: outcome.error_type(),
                duration: self.started.map_or(Duration::ZERO, |started| now() - started),
                retries_left: self.settings.retry_budget.left(),
                ..self.observation
            };
            // A fault of an observer must not take the call with it, nor abort the process when the call is dropped by a panic.
            let _ = catch_unwind(AssertUnwindSafe(|| (self.notify)(&**observer, &observation)));
        }
    }
}

impl Drop for Recorder<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.notify(&Outcome::Cancelled);
        }
    }
}
