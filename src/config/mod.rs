//! Settings as given become settings as resolved. The only reader of the environment.

mod account;
mod aws_creds;
mod base_url;
mod credentials;
mod endpoint;
mod environment;
mod headers;
mod members;
mod network;
mod patience;
mod region;
mod role;
mod text_options;

pub use account::{Account, Surface};
pub use credentials::{Credentials, Keys, Secret, check_token};
pub use endpoint::{Endpoints, Route};
pub use environment::{BEARER_VARIABLE, Environment, arguments, process_environment, temporary_folder};
pub use network::{Network, Protocol, Proxy};
pub use patience::{PATIENCE_OPTIONS, Patience};
pub use region::partition;
pub use role::Role;
pub use text_options::Options;
