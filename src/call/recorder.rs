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
    operation: &'static Operation,
    /// How many attempts began.
    attempts: u32,
    /// When it began; known only where somebody observes.
    started: Option<Instant>,
    span: Span,
    ended: bool,
}

impl<'a> Recorder<'a> {
    /// A call begins.
    pub(super) fn call(settings: &'a Settings, operation: &'static Operation) -> Self {
        let notify = |observer: &dyn CallObserver, call: &Observation<'_>| observer.call_ended(call);
        Self::new(settings, notify, operation, 0, Span::call(&observation(operation, 0)))
    }

    /// The next attempt of the call begins.
    pub(super) fn attempt(&mut self) -> Self {
        self.attempts = self.attempts.saturating_add(1);
        let notify = |observer: &dyn CallObserver, attempt: &Observation<'_>| observer.attempt_ended(attempt);
        let span = Span::attempt(&observation(self.operation, self.attempts), &self.settings.base_url);
        Self::new(self.settings, notify, self.operation, self.attempts, span)
    }

    fn new(
        settings: &'a Settings,
        notify: fn(&dyn CallObserver, &Observation<'_>),
        operation: &'static Operation,
        attempts: u32,
        span: Span,
    ) -> Self {
        let started = settings.defaults.observer.as_ref().map(|_| now());
        Self { settings, notify, operation, attempts, started, span, ended: false }
    }

    /// How many attempts began.
    pub(super) fn attempts(&self) -> u32 {
        self.attempts
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
                ..observation(self.operation, self.attempts)
            };
            // A fault of an observer must not take the call with it, nor abort the process when the call is dropped by a panic.
            let _ = catch_unwind(AssertUnwindSafe(|| (self.notify)(&**observer, &observation)));
        }
    }
}

/// What is known before the end.
fn observation(operation: &'static Operation, attempts: u32) -> Observation<'static> {
    Observation { attempts, ..Observation::new(operation.name, &operation.method, operation.path) }
}

impl Drop for Recorder<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.notify(&Outcome::Cancelled);
        }
    }
}
