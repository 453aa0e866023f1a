//! One line a step.

/// What was found.
#[derive(Default)]
pub(crate) struct Report {
    failures: usize,
}

impl Report {
    pub(crate) fn passed(&mut self, step: &str, found: String) {
        println!("ok       {step:<15} {found}");
    }

    pub(crate) fn failed(&mut self, step: &str, found: &str, advice: &str) {
        self.failures += 1;
        println!("FAILED   {step:<15} {found}\n         {:<15} -> {advice}", "");
    }

    pub(crate) fn skipped(&mut self, step: &str, why: &str) {
        println!("skipped  {step:<15} {why}");
    }

    /// Whether nothing failed.
    pub(crate) fn end(self) -> bool {
        match self.failures {
            0 => println!("healthy"),
            1 => println!("1 step failed; the steps that need it were not tried"),
            failures => println!("{failures} steps failed; the steps that need them were not tried"),
        }
        self.failures == 0
    }
}
