//! O10: what a month costs.

/// A step of a price that falls with volume: `usd` for each unit up to `up_to` units a month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tier {
    /// Where the step ends, in units a month counted from the first; infinite for the last.
    pub up_to: f64,
    /// The price of one unit within the step, in US dollars.
    pub usd: f64,
}

/// The price of `quantity` units under a price that falls in steps: each unit at the price of the
/// step it lies in. `quantity` ≥ 0; `tiers` in rising order.
pub fn tiered_usd(quantity: f64, tiers: &[Tier]) -> f64 {
    let mut from = 0.0;
    let mut usd = 0.0;
    for tier in tiers {
        let here = (quantity.min(tier.up_to) - from).max(0.0);
        usd += here * tier.usd;
        from = tier.up_to;
    }
    usd
}

/// The price of one request: r + GB·s·g, in US dollars.
///
/// *Holds when* neither the free tier nor a later price step plays a part. `request_usd` r,
/// `memory_gb` with 1 GB = 1,024 MB, `billed_s` the billed duration, `gb_second_usd` g.
pub fn per_request_usd(request_usd: f64, memory_gb: f64, billed_s: f64, gb_second_usd: f64) -> f64 {
    request_usd + memory_gb * billed_s * gb_second_usd
}

/// The requests a month at which paying by request costs as much as a machine: VM/(per request).
///
/// *Holds when* [`per_request_usd`] does and one machine is enough.
pub fn crossover_requests(vm_usd_per_month: f64, per_request_usd: f64) -> f64 {
    vm_usd_per_month / per_request_usd
}

#[cfg(test)]
mod tests {
    use super::super::assert_printed;
    use super::*;

    const REQUEST_USD: f64 = 0.2e-6;
    const GB_SECOND_USD: f64 = 0.000_016_666_7;

    #[test]
    fn p10_per_request_and_crossover() {
        let request = per_request_usd(REQUEST_USD, 0.5, 0.2, GB_SECOND_USD);
        assert_printed(request * 1e6, "1.86667");
        assert_printed(crossover_requests(30.368, request), "16268542");
    }

    #[test]
    fn each_unit_has_the_price_of_its_step() {
        let tiers = [
            Tier { up_to: 10.0, usd: 3.0 },
            Tier { up_to: 20.0, usd: 2.0 },
            Tier { up_to: f64::INFINITY, usd: 1.0 },
        ];
        for (quantity, usd) in [(0.0, 0.0), (4.0, 12.0), (10.0, 30.0), (15.0, 40.0), (25.0, 55.0)] {
            assert!((tiered_usd(quantity, &tiers) - usd).abs() < 1e-12);
        }
    }
}
