//! One future after the other.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

pin_project! {
    /// A future, and what is made of its output. It is as large as the larger of both: an `async` block that awaits what it was given
    /// holds that twice.
    #[project = Step]
    pub(super) enum Then<A, F, B> {
        First { #[pin] first: A, next: Option<F> },
        Second { #[pin] second: B },
    }
}

impl<A: Future, B: Future, F: FnOnce(A::Output) -> B> Future for Then<A, F, B> {
    type Output = B::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<B::Output> {
        loop {
            match self.as_mut().project() {
                Step::First { first, next } => {
                    let output = ready!(first.poll(context));
                    // It is taken once, here, where the first future ends.
                    let Some(next) = next.take() else { return Poll::Pending };
                    self.set(Self::Second { second: next(output) });
                }
                Step::Second { second } => return second.poll(context),
            }
        }
    }
}
