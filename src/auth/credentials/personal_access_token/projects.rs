//! The tokens of many projects.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::auth::cache::TokenCache;

/// How many caches are kept that nobody holds.
const IDLE: usize = 500;

/// One token cache for each project that is in use or was lately.
///
/// Identifiers may come from requests, so their number is bounded: of the caches that nobody else holds, those that were asked for
/// last are kept, from [`IDLE`] to twice as many.
#[derive(Default)]
pub(super) struct Projects(Mutex<Known>);

#[derive(Default)]
struct Known {
    caches: HashMap<String, Used>,
    /// How often one was asked for.
    asked: u64,
    /// How many there may be until they are looked through again.
    most: usize,
}

struct Used {
    cache: TokenCache,
    /// The number of the request that asked for it last.
    last: u64,
}

impl Projects {
    /// The cache of the project `id`, which `make` makes if there is none.
    pub(super) fn cache(&self, id: &str, make: impl FnOnce() -> TokenCache) -> TokenCache {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.asked += 1;
        let last = known.asked;
        if let Some(used) = known.caches.get_mut(id) {
            used.last = last;
            return used.cache.clone();
        }
        let cache = make();
        known.caches.insert(id.to_owned(), Used { cache: cache.clone(), last });
        known.shrink();
        cache
    }
}

impl Known {
    fn shrink(&mut self) {
        if self.caches.len() <= self.most {
            return;
        }
        let idle = self.caches.values().filter(|used| !used.cache.is_shared());
        let mut idle: Vec<u64> = idle.map(|used| used.last).collect();
        idle.sort_unstable_by(|a, b| b.cmp(a));
        if let Some(too_old) = idle.get(IDLE) {
            self.caches.retain(|_, used| used.cache.is_shared() || used.last > *too_old);
        }
        self.most = self.caches.len() + IDLE;
    }
}

#[cfg(test)]
mod tests {
    use super::{IDLE, Projects};
    use crate::auth::cache::TokenCache;
    use crate::auth::token::{AccessToken, FetchedToken};

    fn cache(projects: &Projects, id: &str) -> TokenCache {
        let text = format!("token-of-{id}");
        projects.cache(id, || {
            TokenCache::new(move || {
                let token = AccessToken::new(&text).map(|token| FetchedToken::new(token, None));
                std::future::ready(token)
            })
        })
    }

    fn count(projects: &Projects) -> usize {
        projects.0.lock().unwrap().caches.len()
    }

    #[tokio::test]
    async fn ten_thousand_projects_take_bounded_memory_and_a_token_in_use_stays() {
        let projects = Projects::default();
        let held = cache(&projects, "held");
        let token = held.token().await.unwrap();
        for n in 0..10_000 {
            cache(&projects, &n.to_string());
            cache(&projects, "used-again").token().await.unwrap();
            assert!(count(&projects) <= 2 * IDLE + 2, "{}", count(&projects));
        }
        let same = |id: &str| projects.cache(id, || panic!("the cache of {id} is gone"));
        assert_eq!(same("held").token().await.unwrap(), token);
        for id in ["used-again", "9999", "9600"] {
            same(id);
        }
    }

    #[test]
    fn what_is_in_use_is_never_dropped_and_costs_nothing_once_it_is_not() {
        let projects = Projects::default();
        let held: Vec<TokenCache> = (0..5000).map(|n| cache(&projects, &n.to_string())).collect();
        assert_eq!(count(&projects), held.len());
        drop(held);
        for n in 0..2 * IDLE {
            cache(&projects, &format!("later-{n}"));
        }
        assert!(count(&projects) <= 2 * IDLE, "{}", count(&projects));
    }
}
