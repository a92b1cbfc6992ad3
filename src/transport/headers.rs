//! The account's own headers on each of its requests, signed with the others.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use crate::config::Secret;

/// Names and values.
#[derive(Debug)]
pub(super) struct MoreHeaders(pub(super) Vec<(String, Secret)>);

#[dyn_dispatch_hint]
impl Intercept for MoreHeaders {
    fn name(&self) -> &'static str {
        "MoreHeaders"
    }

    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.request_mut().headers_mut();
        for (name, value) in &self.0 {
            headers.try_insert(name.clone(), value.reveal().to_owned())?;
        }
        Ok(())
    }
}
