//! Tells the gate when a connection stands: a request that had to open one arrives only then.

use crate::crawl::politeness;
use futures_util::future::BoxFuture;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// The layer around the client's connector.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tells;

/// A connector that tells.
#[derive(Debug, Clone)]
pub(super) struct Telling<S>(S);

impl<S> Layer<S> for Tells {
    type Service = Telling<S>;

    fn layer(&self, connector: S) -> Telling<S> {
        Telling(connector)
    }
}

impl<S, R> Service<R> for Telling<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
    S::Response: Send,
    S::Error: Send,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<S::Response, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: R) -> Self::Future {
        let connecting = self.0.call(target);
        Box::pin(async move {
            let connection = connecting.await;
            // Polled within the request that opens it; one that another request will use is told by its answer.
            politeness::connected();
            connection
        })
    }
}
