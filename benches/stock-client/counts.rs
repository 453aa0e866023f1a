//! Prints the rows of counts in which our calls are beside those with the stock client.

use std::error::Error;

use benches::address::Address;
use benches::allocations::Counting;
use benches::callers::CALLS;
use benches::callers::ours::Ours;
use benches::callgrind::count;
use benches::row::Limit;
use benches::rows::calls;
use stock_caller::Stock;

#[global_allocator]
static GLOBAL: Counting = Counting;

fn main() -> Result<(), Box<dyn Error>> {
    let server = Address::from_env()?;
    let counted = count(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"), "stock", &server)?;
    let mut rows = calls::instructions::<Ours, Stock>(&counted, &CALLS, |_| Limit::None);
    rows.extend(calls::allocations::<Ours, Stock>(&server, &CALLS, [Limit::None; 2]));
    serde_json::to_writer(std::io::stdout(), &rows)?;
    Ok(())
}
