//! The routes. Everything that is not the simulator's own is a runtime operation or unknown to AWS.

use axum::Router;
use axum::routing::{get, post};

use super::state::State;
use super::{admin, runtime};

/// The simulator as a router, to be served by [`super::serve`] or driven in tests. Requests that did not come over a
/// connection of [`super::serve`] count as local.
pub fn app(state: State) -> Router {
    Router::new()
        .route("/_simulator/faults", post(admin::add_faults).get(admin::list_faults).delete(admin::clear_faults))
        .route("/_simulator/outage", post(admin::go_down))
        .route("/_simulator/journal", get(admin::journal).delete(admin::clear_journal))
        .route("/_simulator/journal/{id}", get(admin::journal_entry))
        .fallback(runtime::handle)
        .with_state(state)
}
