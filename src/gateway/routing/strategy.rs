//! In which order the candidates for a request are asked. Chance, and what is known of them, are passed in.

use sha2::{Digest, Sha256};

use crate::gateway::settings::Strategy;

/// What the order depends on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Candidate<'a> {
    /// The lowest is asked first, whatever the strategy: first the place in an alias's list, then the target's priority.
    pub(super) tier: (usize, u32),
    /// Its share.
    pub(super) weight: f64,
    /// What the same affinity always finds: the target's name, and the model.
    pub(super) name: (&'a str, &'a str),
    /// How long it is likely to take; 0: not known.
    pub(super) cost: f64,
}

/// The indices of `candidates` in the order in which they are asked. `chance` gives numbers from 0 up to 1.
pub(super) fn order(
    candidates: &[Candidate<'_>],
    strategy: Strategy,
    affinity: Option<&str>,
    chance: &mut dyn FnMut() -> f64,
) -> Vec<usize> {
    let mut ranked: Vec<(usize, f64)> = match (strategy, affinity) {
        (Strategy::Priority, _) => candidates.iter().enumerate().map(|(index, _)| (index, 0.0)).collect(),
        (Strategy::Weighted, _) | (Strategy::Sticky, None) => {
            let drawn = candidates.iter().map(|candidate| rank(candidate.weight, chance()));
            drawn.enumerate().collect()
        }
        (Strategy::Sticky, Some(affinity)) => {
            let drawn = candidates.iter().map(|candidate| rank(candidate.weight, drawn(affinity, candidate.name)));
            drawn.enumerate().collect()
        }
        (Strategy::LeastLatency, _) => {
            let mut ranked: Vec<(usize, f64)> = candidates.iter().map(|candidate| candidate.cost).enumerate().collect();
            two_in_front(candidates, &mut ranked, chance);
            ranked
        }
    };
    let tier = |index: usize| candidates.get(index).map(|candidate| candidate.tier);
    ranked.sort_by(|(a, x), (b, y)| tier(*a).cmp(&tier(*b)).then_with(|| x.total_cmp(y)));
    ranked.into_iter().map(|(index, _)| index).collect()
}

/// Sorted by this, each candidate is first as often as its weight wants, and so on for what remains (Efraimidis and
/// Spirakis, "Weighted random sampling with a reservoir"). With a hash for the chance it is rendezvous hashing.
fn rank(weight: f64, chance: f64) -> f64 {
    if weight <= 0.0 { f64::INFINITY } else { -(1.0 - chance).ln() / weight }
}

/// The chance that an affinity always gives a candidate, on every replica.
fn drawn(affinity: &str, (target, model): (&str, &str)) -> f64 {
    let hash = Sha256::new().chain_update(affinity).chain_update([0]).chain_update(target).chain_update([0]);
    let hash = hash.chain_update(model).finalize();
    let number = hash.iter().take(6).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    number as f64 / (1_u64 << 48) as f64
}

/// Of two of the first tier, taken by chance, the one that costs less goes in front of all: of all, everybody would run to
/// the same (Mitzenmacher, "The power of two choices").
fn two_in_front(candidates: &[Candidate<'_>], ranked: &mut [(usize, f64)], chance: &mut dyn FnMut() -> f64) {
    let first = candidates.iter().map(|candidate| candidate.tier).min();
    let mut tier: Vec<usize> = Vec::with_capacity(candidates.len());
    tier.extend(candidates.iter().enumerate().filter(|(_, one)| Some(one.tier) == first).map(|(index, _)| index));
    let mut draw = || {
        let place = ((chance() * tier.len() as f64) as usize).min(tier.len().saturating_sub(1));
        (!tier.is_empty()).then(|| tier.swap_remove(place))
    };
    let (Some(a), Some(b)) = (draw(), draw()) else { return };
    let cost = |index: usize| candidates.get(index).map_or(f64::INFINITY, |candidate| candidate.cost);
    let better = if cost(b) < cost(a) { b } else { a };
    if let Some((_, rank)) = ranked.get_mut(better) {
        *rank = -1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["a", "b", "c", "d"];

    fn candidates(weights: &[f64]) -> Vec<Candidate<'static>> {
        let one = |(weight, name): (&f64, &&'static str)| Candidate {
            weight: *weight,
            name: (*name, "m"),
            ..Candidate::default()
        };
        weights.iter().zip(&NAMES).map(one).collect()
    }

    fn chance() -> impl FnMut() -> f64 {
        let mut random = fastrand::Rng::with_seed(7);
        move || random.f64()
    }

    fn firsts(
        candidates: &[Candidate<'_>],
        strategy: Strategy,
        affinity: impl Fn(usize) -> Option<String>,
    ) -> Vec<usize> {
        let mut chance = chance();
        let mut counts = vec![0; candidates.len()];
        for index in 0..10_000 {
            let order = order(candidates, strategy, affinity(index).as_deref(), &mut chance);
            assert_eq!(order.len(), candidates.len(), "all are asked in the end");
            counts[order[0]] += 1;
        }
        counts
    }

    /// Seeds and hashes are fixed, so that this holds always or never.
    fn are_near(counts: &[usize], expected: [usize; 4]) {
        let near = counts.iter().zip(expected).all(|(count, expected)| count.abs_diff(expected) < 200);
        assert!(near, "{counts:?}");
    }

    #[test]
    fn priority_is_the_order_of_tiers_and_then_of_the_settings() {
        let mut all = candidates(&[1.0; 4]);
        all[0].tier = (0, 1);
        all[3].tier = (1, 0);
        assert_eq!(order(&all, Strategy::Priority, None, &mut chance()), [1, 2, 0, 3]);
        for strategy in [Strategy::Weighted, Strategy::LeastLatency, Strategy::Sticky] {
            let order = order(&all, strategy, Some("x"), &mut chance());
            assert_eq!(order[2..], [0, 3], "{strategy:?}: tiers come first");
        }
    }

    #[test]
    fn weights_are_shares() {
        let counts = firsts(&candidates(&[1.0, 3.0, 6.0, 0.0]), Strategy::Weighted, |_| None);
        are_near(&counts, [1000, 3000, 6000, 0]);
    }

    #[test]
    fn the_same_affinity_finds_the_same_target_and_many_are_shared_by_weight() {
        let all = candidates(&[1.0, 3.0, 6.0, 0.0]);
        let counts = firsts(&all, Strategy::Sticky, |index| Some(format!("conversation-{index}")));
        are_near(&counts, [1000, 3000, 6000, 0]);
        let first = |all: &[Candidate<'_>], key: &str| order(all, Strategy::Sticky, Some(key), &mut chance())[0];
        for index in 0..100 {
            let key = index.to_string();
            let of_all = first(&all, &key);
            let kept = first(&all[..2], &key);
            assert!(of_all > 1 || of_all == kept, "others stay where they are when a target is gone");
        }
    }

    #[test]
    fn the_faster_of_two_is_asked() {
        let mut all = candidates(&[1.0; 3]);
        for (candidate, cost) in all.iter_mut().zip([3.0, 1.0, 2.0]) {
            candidate.cost = cost;
        }
        let counts = firsts(&all, Strategy::LeastLatency, |_| None);
        assert_eq!(counts[0], 0, "the slowest of three never wins against another");
        assert!(counts[1] > counts[2] && counts[2] > 2500, "{counts:?}");
        assert_eq!(order(&all[..1], Strategy::LeastLatency, None, &mut chance()), [0]);
        assert!(order(&[], Strategy::LeastLatency, None, &mut chance()).is_empty());
    }
}
