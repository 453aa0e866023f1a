//! Prints the rows in which our calls are beside those with the stock client, but for the instructions.

use benches::allocations::ALLOCATOR;
use benches::row::Limit;
use benches::rows::calls;
use stats_alloc::StatsAlloc;
use stock_caller::Stock;

#[global_allocator]
static GLOBAL: &StatsAlloc<std::alloc::System> = ALLOCATOR;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let base_url = std::env::var("BASE_URL")?;
    let beside = "stock client";
    let mut rows = calls::allocations::<Stock>(&base_url, beside, Limit::None);
    rows.extend(calls::time_on_processor::<Stock>(&base_url, beside));
    serde_json::to_writer(std::io::stdout(), &rows)?;
    Ok(())
}
