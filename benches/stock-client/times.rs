//! Prints the rows of times in which our calls are beside those with the stock client.

use std::error::Error;

use benches::address::Address;
use benches::callers::CALLS;
use benches::callers::ours::Ours;
use benches::rows::calls::{self, Way};
use stock_caller::Stock;

fn main() -> Result<(), Box<dyn Error>> {
    let server = Address::from_env()?;
    let rows = calls::time_on_processor(&server, &CALLS, &Way::of::<Ours>(), &[Way::of::<Stock>()]);
    serde_json::to_writer(std::io::stdout(), &rows)?;
    Ok(())
}
