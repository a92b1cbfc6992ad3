//! Bedrock on localhost.
