//! Panics of user code.

use affinidi_tdk_iam_client::{CallObserver, Client, Observation};

use crate::support::*;

/// An observer that panics at the end of attempts, of calls, or both.
struct Panics {
    attempt: bool,
}

impl CallObserver for Panics {
    fn attempt_ended(&self, _: &Observation<'_>) {
        if self.attempt {
            panic!("a poisoned lock");
        }
    }

    fn call_ended(&self, _: &Observation<'_>) {
        panic!("a poisoned lock");
    }
}

// Tried: an observer that panics whenever it is called, as one does whose lock is poisoned.
// Expected: the process goes on; the panic is contained, or ends the task at the most.
#[test]
fn an_observer_that_panics_does_not_abort_the_process() {
    if child().is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = Client::builder().transport(Service::new(|_| Reply::json(200, "{}")));
        let client = client.observer(Panics { attempt: true }).build().unwrap();
        let joined = runtime.block_on(async {
            tokio::spawn(async move { client.well_known().get_well_known_did().await }).await
        });
        return println!("SAID joined {}", joined.is_ok());
    }
    let said = again("an_observer_that_panics_does_not_abort_the_process", "1", &[]);
    assert!(said.contains("SAID joined"), "{said}");
}

// Tried: a transport that panics, which tokio contains, beside an observer that panics when the call is dropped.
// Expected: the task ends, the process goes on.
#[test]
fn a_panic_beside_an_observer_that_panics_does_not_abort_the_process() {
    if child().is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = Client::builder().transport(Service::new(|_| panic!("transport")));
        let client = client.observer(Panics { attempt: false }).build().unwrap();
        let joined = runtime.block_on(async {
            tokio::spawn(async move { client.well_known().get_well_known_did().await }).await
        });
        return println!("SAID joined {}", joined.is_ok());
    }
    let said = again("a_panic_beside_an_observer_that_panics_does_not_abort_the_process", "1", &[]);
    assert!(said.contains("SAID joined"), "{said}");
}
