//! Bodies on the wire: reading a bounded one, writing one that is complete or cut off.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};

/// Reads a body, of which at most `limit` bytes and one more: enough to see that it is too large.
pub(crate) async fn read(mut body: Incoming, limit: usize) -> io::Result<Bytes> {
    let mut whole = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(io::Error::other)?;
        if let Some(data) = frame.data_ref() {
            let room = (limit + 1).saturating_sub(whole.len());
            whole.extend_from_slice(data.get(..room).unwrap_or(data));
        }
        if whole.len() > limit {
            break;
        }
    }
    Ok(whole.into())
}

/// The body of a response.
pub(crate) struct Outgoing {
    rest: Bytes,
    ending: Ending,
}

#[derive(PartialEq)]
enum Ending {
    Complete,
    /// Cut off after what is left; `paused` once that was passed to the server.
    Broken {
        paused: bool,
    },
}

impl Outgoing {
    pub(crate) fn whole(body: Bytes) -> Self {
        Self { rest: body, ending: Ending::Complete }
    }

    /// The first half of `body`, then a lost connection.
    pub(crate) fn half(body: &Bytes) -> Self {
        Self { rest: body.slice(..body.len() / 2), ending: Ending::Broken { paused: false } }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.rest)))));
        }
        match self.ending {
            Ending::Complete => Poll::Ready(None),
            Ending::Broken { paused: true } => {
                Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())))
            }
            Ending::Broken { paused: false } => {
                // Lets the server write out the first half: an error discards what is still buffered.
                self.ending = Ending::Broken { paused: true };
                context.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.ending == Ending::Complete
    }

    fn size_hint(&self) -> SizeHint {
        match self.ending {
            Ending::Complete => SizeHint::with_exact(self.rest.len() as u64),
            Ending::Broken { .. } => SizeHint::default(),
        }
    }
}
