//! Prints the rows whose figures are times. This program has the allocator of the system: one that counts takes its time.

use std::error::Error;

use benches::address::Address;
use benches::callers::by_hyper::ByHyper;
use benches::callers::by_reqwest::ByReqwest;
use benches::callers::by_reqwest_cheapest::ByReqwestCheapest;
use benches::callers::ours::{OnHyper, Ours};
use benches::callers::{CALLS, Call};
use benches::row::Limit;
use benches::rows::calls::{self, Way};
use benches::rows::{in_flight, paging, tenants, tokens};

const CACHED_TOKEN: Limit = Limit::Ours(45.0);

fn main() -> Result<(), Box<dyn Error>> {
    let server = Address::from_env()?;
    let ours = Way::of::<Ours>();
    let by_reqwest = [Way::of::<ByReqwest>(), Way::of::<ByReqwestCheapest>()];
    let others = [Way::of::<ByReqwest>(), Way::of::<ByReqwestCheapest>(), Way::of::<ByHyper>()];
    let mut rows = calls::time_on_processor(&server, &CALLS, &ours, &others);
    rows.extend(calls::time_on_processor(&server, &[Call::WhoamiTls], &ours, &by_reqwest));
    rows.extend(calls::time_on_processor(
        &server,
        &CALLS,
        &Way::of::<Ours<OnHyper>>(),
        &[Way::of::<ByReqwest>(), Way::of::<ByHyper>()],
    ));
    let ours = in_flight::at_once::<Ours>();
    let others = [
        in_flight::at_once::<ByReqwest>(),
        in_flight::at_once::<ByReqwestCheapest>(),
        in_flight::at_once::<ByHyper>(),
    ];
    rows.extend(in_flight::time_on_processor(&server, &ours, &others));
    rows.extend(in_flight::time_on_processor(
        &server,
        &in_flight::at_once::<Ours<OnHyper>>(),
        &[in_flight::at_once::<ByReqwest>(), in_flight::at_once::<ByHyper>()],
    ));
    rows.extend(paging::speed(&server));
    rows.push(tenants::time_to_make(&server));
    rows.extend([tokens::cached(1, Limit::None), tokens::cached(16, CACHED_TOKEN)]);
    serde_json::to_writer(std::io::stdout(), &rows)?;
    Ok(())
}
