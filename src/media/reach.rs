//! Which addresses a fetch may connect to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far image URLs reach. The check is made on the resolved addresses that are connected to, not on names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Any address. For a library, whose caller chooses the URLs.
    #[default]
    Anything,
    /// Addresses of the public internet only: for a server, where strangers choose the URLs and must not get at
    /// `169.254.169.254` or the machines around.
    PublicOnly,
}

impl Reach {
    /// Whether `address` may be connected to.
    pub fn allows(self, address: IpAddr) -> bool {
        match self {
            Reach::Anything => true,
            Reach::PublicOnly => is_public(address),
        }
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// Not for the public internet: IANA IPv4 Special-Purpose Address Registry, and multicast.
const SPECIAL_V4: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),       // this network
    (Ipv4Addr::new(10, 0, 0, 0), 8),      // private
    (Ipv4Addr::new(100, 64, 0, 0), 10),   // shared by carriers
    (Ipv4Addr::new(127, 0, 0, 0), 8),     // loopback
    (Ipv4Addr::new(169, 254, 0, 0), 16),  // link-local, instance metadata
    (Ipv4Addr::new(172, 16, 0, 0), 12),   // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),    // protocol assignments
    (Ipv4Addr::new(192, 0, 2, 0), 24),    // documentation
    (Ipv4Addr::new(192, 88, 99, 0), 24),  // 6to4 relays
    (Ipv4Addr::new(192, 168, 0, 0), 16),  // private
    (Ipv4Addr::new(198, 18, 0, 0), 15),   // benchmarks
    (Ipv4Addr::new(198, 51, 100, 0), 24), // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),  // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 3),     // multicast, reserved, broadcast
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    let within = |&(network, prefix): &(Ipv4Addr, u32)| {
        let shift = u32::BITS - prefix;
        address.to_bits() >> shift == network.to_bits() >> shift
    };
    !SPECIAL_V4.iter().any(within)
}

/// Only 2000::/3 is global unicast; parts of it carry an IPv4 address (6to4, Teredo) or are special. An address that maps
/// IPv4 (`::ffff:…`, NAT64 `64:ff9b::…`) is judged by that.
fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            is_public_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
        }
        [0x2001, 0x0000..=0x01ff, ..] => false, // protocol assignments, Teredo
        [0x2001, 0x0db8, ..] => false,          // documentation
        [0x2002, ..] => false,                  // 6to4
        [0x3fff, 0x0000..=0x0fff, ..] => false, // documentation
        [0x2000..=0x3fff, ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_internet_and_nothing_else() {
        for public in ["1.1.1.1", "52.94.76.1", "172.32.0.1", "100.128.0.1", "2600:1f18::1", "::ffff:8.8.8.8"] {
            assert!(Reach::PublicOnly.allows(public.parse().expect(public)), "{public}");
        }
        for inner in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.31.255.255",
            "192.168.1.1",
            "198.19.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "2002:7f00:1::",
            "2001:0:1::",
        ] {
            assert!(!Reach::PublicOnly.allows(inner.parse().expect(inner)), "{inner}");
            assert!(Reach::Anything.allows(inner.parse().expect(inner)));
        }
    }
}
