//! The routes. Everything that is not the simulator's own is a runtime operation or unknown to AWS.

use axum::Router;
use axum::routing::get;

use super::state::State;
use super::{admin, page, runtime};

/// How the paths of the simulator's own routes begin.
pub(super) const OWN_ROUTES: &str = "/_simulator";

/// The simulator as a router, to be served by [`super::serve`] or driven in tests. Requests that did not come over a
/// connection of [`super::serve`] count as local.
pub fn app(state: State) -> Router {
    Router::new()
        .route("/_simulator", get(|| async { page::redirect() }))
        .nest("/_simulator/", admin::routes())
        .fallback(runtime::handle)
        .with_state(state)
}
