//! Links the addon for Node. Nothing else belongs here.
fn main() {
    napi_build::setup();
}
