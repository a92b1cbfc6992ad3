//! What the servers of this crate have in common, the gateway and the simulator.

mod address;
mod worded;

pub(crate) use address::reachable;
pub(crate) use worded::Worded;
