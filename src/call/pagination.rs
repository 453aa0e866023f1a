//! Whole collections: the pages of a list operation, or their items, as a stream.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::builder::RequestFuture;
use crate::error::Error;

/// The pages of a list operation, one request each, fetched when asked for; made by `into_pages`.
///
/// It holds one page at most. It ends after the last page, or after the first error; [`cursor`](Self::cursor) then returns
/// where to resume. A service that returns the same cursor again would cause an endless loop, so that is an error
/// ([`Error::is_decode`]).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use affinidi_tdk_iam_client::{Client, auth};
/// # let iam = affinidi_iam_local::LocalIam::start().await?;
/// # let user = auth::StaticToken::new(iam.user_token()?);
/// # let client = Client::builder().base_url(iam.base_url()).user_token(user).build()?;
/// let mut pages = client.tokens().list_token().limit(100).into_pages();
/// while let Some(page) = pages.try_next().await? {
///     println!("{} tokens", page.tokens.len());
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing until it is polled"]
pub struct PageStream<P> {
    fetch: Fetch<P>,
    next_cursor: fn(&P) -> Option<&str>,
    in_flight: Option<RequestFuture<P>>,
    /// Whether requests are driven by a task and not only when the stream is polled.
    driven: bool,
    position: Position,
    /// The cursor of the page that was fetched last.
    fetched: Option<String>,
    guard: CursorGuard,
}

/// Asks for the page at a cursor, or for the first.
type Fetch<P> = Box<dyn Fn(Option<&str>) -> RequestFuture<P> + Send + Sync>;

/// The position of a stream of pages.
enum Position {
    First,
    At(String),
    /// The cursor came before: the page with it was returned, the error comes next.
    Repeated(String),
    Failed(Option<String>),
    End,
}

impl<P: Send + 'static> PageStream<P> {
    pub(crate) fn new(
        first: Option<String>,
        fetch: impl Fn(Option<&str>) -> RequestFuture<P> + Send + Sync + 'static,
        next_cursor: fn(&P) -> Option<&str>,
    ) -> Self {
        Self {
            fetch: Box::new(fetch),
            next_cursor,
            in_flight: None,
            driven: false,
            position: first.map_or(Position::First, Position::At),
            fetched: None,
            guard: CursorGuard::default(),
        }
    }

    /// The cursor of the page that comes next, or that failed: pass it to the operation's cursor parameter to resume there. `None`
    /// for the first page and after the last one.
    pub fn cursor(&self) -> Option<&str> {
        match &self.position {
            Position::At(cursor) | Position::Repeated(cursor) => Some(cursor),
            Position::Failed(cursor) => cursor.as_deref(),
            Position::First | Position::End => None,
        }
    }

    /// The next page; `None` after the last one.
    ///
    /// # Errors
    ///
    /// That of the request for that page. The stream then ends.
    pub async fn try_next(&mut self) -> Result<Option<P>, Error> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    /// All pages that are left, in memory.
    ///
    /// # Errors
    ///
    /// That of the first request that fails.
    pub async fn try_collect(mut self) -> Result<Vec<P>, Error> {
        let mut all = Vec::new();
        while let Some(next) = self.try_next().await? {
            all.push(next);
        }
        Ok(all)
    }

    /// Sends the request for the next page, if there is one.
    fn start(&mut self) {
        let cursor = match &self.position {
            Position::First => None,
            Position::At(cursor) => Some(cursor.as_str()),
            Position::Repeated(_) | Position::Failed(_) | Position::End => return,
        };
        let driven = self.driven;
        self.in_flight.get_or_insert_with(|| match (self.fetch)(cursor) {
            request if driven => drive(request),
            request => request,
        });
    }

    fn fail(&mut self) {
        self.position = match std::mem::replace(&mut self.position, Position::End) {
            Position::At(cursor) | Position::Repeated(cursor) => Position::Failed(Some(cursor)),
            Position::First => Position::Failed(None),
            other => other,
        };
    }
}

impl<P: Send + 'static> Stream for PageStream<P> {
    type Item = Result<P, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if matches!(self.position, Position::Repeated(_)) {
            self.fail();
            let error = "the service returned a cursor that it had returned before: the list would never end";
            return Poll::Ready(Some(Err(Error::decode(error))));
        }
        self.start();
        let Some(in_flight) = &mut self.in_flight else { return Poll::Ready(None) };
        let outcome = ready!(in_flight.as_mut().poll(context));
        self.in_flight = None;
        match outcome {
            Ok(page) => {
                self.fetched = self.cursor().map(str::to_owned);
                self.position = match (self.next_cursor)(&page).map(str::to_owned) {
                    None => Position::End,
                    Some(cursor) if self.guard.admits(&cursor) => Position::At(cursor),
                    Some(cursor) => Position::Repeated(cursor),
                };
                Poll::Ready(Some(Ok(page)))
            }
            Err(error) => {
                self.fail();
                Poll::Ready(Some(Err(error)))
            }
        }
    }
}

/// The same request, sent by a task, so that it neither holds up others nor runs out of time while the stream is not polled. Dropping
/// it ends the task. Outside of a runtime there is no task.
fn drive<P: Send + 'static>(request: RequestFuture<P>) -> RequestFuture<P> {
    struct Task<P>(JoinHandle<Result<P, Error>>);

    impl<P> Drop for Task<P> {
        fn drop(&mut self) {
            self.0.abort();
        }
    }

    let Ok(runtime) = Handle::try_current() else { return request };
    let mut task = Task(runtime.spawn(request));
    Box::pin(async move {
        match (&mut task.0).await {
            Ok(outcome) => outcome,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(Error::timeout("the runtime that sent the request was shut down")),
            },
        }
    })
}

/// Finds a repeated cursor in constant memory: cursors are compared with one of them, which is replaced at every power of two
/// (Brent's algorithm), so that a circle of any length is noticed.
#[derive(Default)]
struct CursorGuard {
    kept: Option<String>,
    seen: u64,
}

impl CursorGuard {
    fn admits(&mut self, cursor: &str) -> bool {
        if self.kept.as_deref() == Some(cursor) {
            return false;
        }
        self.seen = self.seen.saturating_add(1);
        if self.seen.is_power_of_two() {
            self.kept = Some(cursor.to_owned());
        }
        true
    }
}

/// The items of a list operation across all its pages, in the order of the service; made by `into_stream`.
///
/// It holds the items of one page, or of two with [`prefetch`](Self::prefetch). It ends like [`PageStream`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use affinidi_tdk_iam_client::{Client, auth};
/// # let iam = affinidi_iam_local::LocalIam::start().await?;
/// # let user = auth::StaticToken::new(iam.user_token()?);
/// # let client = Client::builder().base_url(iam.base_url()).user_token(user).build()?;
/// let mut projects = client.projects().list_project().into_stream();
/// while let Some(project) = projects.try_next().await? {
///     println!("{} {}", project.id, project.name);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing until it is polled"]
pub struct ItemStream<P, T> {
    pages: PageStream<P>,
    into_items: fn(P) -> Vec<T>,
    items: std::vec::IntoIter<T>,
    /// The cursor of the page that the items are of.
    cursor: Option<String>,
    prefetch: bool,
    prefetched: Option<Result<P, Error>>,
}

impl<P: Send + 'static, T> ItemStream<P, T> {
    pub(crate) fn new(pages: PageStream<P>, into_items: fn(P) -> Vec<T>) -> Self {
        Self {
            pages,
            into_items,
            items: Vec::new().into_iter(),
            cursor: None,
            prefetch: false,
            prefetched: None,
        }
    }

    /// How many pages to fetch while the items of the current one are consumed: 0, the default, or 1, which is the most. The page
    /// ahead is fetched by a task, whether or not the stream is polled meanwhile.
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.prefetch = pages > 0;
        self.pages.driven = self.prefetch;
        self
    }

    /// The cursor of the page with the first item that was not returned yet: pass it to the operation's cursor parameter to resume
    /// without losing an item. Items of that page that were returned already then come again. `None` for the first page and after
    /// the last one. It holds with any [`prefetch`](Self::prefetch), and after an error.
    pub fn cursor(&self) -> Option<&str> {
        match &self.prefetched {
            _ if self.items.len() > 0 => self.cursor.as_deref(),
            Some(Ok(_)) => self.pages.fetched.as_deref(),
            Some(Err(_)) | None => self.pages.cursor(),
        }
    }

    /// The next item; `None` after the last one.
    ///
    /// # Errors
    ///
    /// That of the request for its page. The stream then ends.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    /// All items that are left, in memory.
    ///
    /// # Errors
    ///
    /// That of the first request that fails.
    pub async fn try_collect(mut self) -> Result<Vec<T>, Error> {
        let mut all = Vec::new();
        while let Some(next) = self.try_next().await? {
            all.push(next);
        }
        Ok(all)
    }
}

// Items are moved, never pinned.
impl<P, T> Unpin for ItemStream<P, T> {}

impl<P: Send + 'static, T> Stream for ItemStream<P, T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            let wants_page = this.items.len() == 0 || (this.prefetch && this.prefetched.is_none());
            let page = match this.prefetched.take() {
                Some(page) => Poll::Ready(Some(page)),
                None if wants_page => Pin::new(&mut this.pages).poll_next(context),
                None => Poll::Pending,
            };
            if let Some(item) = this.items.next() {
                if let Poll::Ready(page) = page {
                    this.prefetched = page;
                }
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(page) {
                Some(Ok(page)) => {
                    this.items = (this.into_items)(page).into_iter();
                    this.cursor.clone_from(&this.pages.fetched);
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<P> fmt::Debug for PageStream<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageStream").finish_non_exhaustive()
    }
}

impl<P, T> fmt::Debug for ItemStream<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemStream").field("items_at_hand", &self.items.len()).finish_non_exhaustive()
    }
}

/// Gives a generated list operation its streams.
macro_rules! paginated {
    ($builder:ident: $page:ty { $items:ident: $item:ty, $next:ident }, cursor $cursor:literal) => {
        impl $builder {
            /// The items of all pages, starting at the cursor that was set, else at the first. Time limits, retries and headers
            /// of this builder hold for each page; an error ends the stream.
            pub fn into_stream(self) -> $crate::pagination::ItemStream<$page, $item> {
                $crate::pagination::ItemStream::new(self.into_pages(), |page| page.$items)
            }

            /// All pages, starting at the cursor that was set, else at the first. Time limits, retries and headers of this
            /// builder hold for each page; an error ends the stream.
            pub fn into_pages(self) -> $crate::pagination::PageStream<$page> {
                $crate::pagination::PageStream::new(
                    self.request.query_value($cursor),
                    move |cursor| {
                        let request = self.request.clone();
                        let request = match cursor {
                            Some(cursor) => request.query($cursor, cursor),
                            None => request,
                        };
                        Box::pin(Self { request }.send())
                    },
                    |page| page.$next.as_deref().filter(|cursor| !cursor.is_empty()),
                )
            }
        }
    };
}
pub(crate) use paginated;

#[cfg(test)]
mod tests {
    use super::CursorGuard;

    #[test]
    fn a_circle_of_cursors_of_any_length_is_noticed_within_three_rounds() {
        for length in 1..100 {
            let mut guard = CursorGuard::default();
            let circle = (0..length).cycle().take(length * 3 + 2);
            assert!(circle.map(|n| n.to_string()).any(|cursor| !guard.admits(&cursor)), "{length}");
        }
    }

    #[test]
    fn cursors_that_never_repeat_are_admitted() {
        let mut guard = CursorGuard::default();
        assert!((0..10_000).all(|n| guard.admits(&n.to_string())));
    }
}
