//! One line a step, and a second one with advice if the step failed.

use std::fmt::Display;

#[derive(Clone, Copy)]
pub(crate) enum Step {
    Variables,
    Key,
    TokenEndpoint,
    Clock,
    UserToken,
    ProjectToken,
    Whoami,
    KeySet,
    Verification,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Variables => "variables",
            Self::Key => "key",
            Self::TokenEndpoint => "token endpoint",
            Self::Clock => "clock",
            Self::UserToken => "user token",
            Self::ProjectToken => "project token",
            Self::Whoami => "whoami",
            Self::KeySet => "key set",
            Self::Verification => "verification",
        }
    }
}

/// Prints each step when it is done.
#[derive(Default)]
pub(crate) struct Report {
    failed: usize,
}

impl Report {
    pub(crate) fn ok(&mut self, step: Step, what: impl Display) {
        print("ok", step, what);
    }

    pub(crate) fn failed_because(&mut self, step: Step, why: impl Display, advice: impl Display) {
        self.failed += 1;
        print("FAILED", step, why);
        println!("         -> {}", printable(advice));
    }

    pub(crate) fn skipped(&mut self, step: Step, why: impl Display) {
        print("skipped", step, why);
    }

    /// How many steps failed.
    pub(crate) fn failed(&self) -> usize {
        self.failed
    }
}

fn print(outcome: &str, step: Step, what: impl Display) {
    println!("{outcome:<8} {:<15} {}", step.name(), printable(what));
}

/// On one line, and without what a terminal would act on: some of it comes from the service.
fn printable(text: impl Display) -> String {
    text.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
