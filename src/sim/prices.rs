//! The prices that a bill is made of: US dollars, region us-east-1, checked on [`CHECKED`]. Models
//! take them as parameters; these are the defaults.

use super::theory::bill::Tier;

/// When the prices were last compared with their sources.
pub const CHECKED: &str = "2026-11-23";

/// The hours that a month is billed as.
pub const HOURS_PER_MONTH: f64 = 730.0;

/// One price and where it was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// US dollars for one unit.
    pub usd: f64,
    /// What one unit is.
    pub unit: &'static str,
    /// Where the price was read.
    pub source: &'static str,
}

/// The prices that do not depend on volume, by what is bought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prices {
    /// An invocation.
    pub request: Price,
    /// A GB held ready by provisioned concurrency, x86.
    pub provisioned_x86: Price,
    /// A GB held ready by provisioned concurrency, arm64.
    pub provisioned_arm: Price,
    /// A GB-second of requests on what is held ready, x86: instead of the price of compute.
    pub provisioned_run_x86: Price,
    /// The same on arm64.
    pub provisioned_run_arm: Price,
    /// A request through an HTTP API.
    pub http_api: Price,
    /// Logs taken in.
    pub logs_gb: Price,
    /// A NAT gateway that stands.
    pub nat_hour: Price,
    /// Traffic through a NAT gateway.
    pub nat_gb: Price,
    /// GB-seconds of functions on x86, by volume.
    pub compute_x86: [Tier; 3],
    /// GB-seconds of functions on arm64, by volume.
    pub compute_arm: [Tier; 3],
    /// Invocations a month that cost nothing under the free tier.
    pub free_requests: f64,
    /// GB-seconds a month that cost nothing under the free tier; they come off first.
    pub free_gb_seconds: f64,
}

impl Default for Prices {
    fn default() -> Self {
        DEFAULTS
    }
}

/// The prices as of [`CHECKED`].
pub const DEFAULTS: Prices = Prices {
    request: Price {
        usd: 0.20e-6,
        unit: "request",
        source: "AWS Lambda pricing, as harvested by api-evangelist 2026-09-20",
    },
    provisioned_x86: Price {
        usd: 0.000_004_166_7,
        unit: "GB-second",
        source: "AWS Lambda pricing, as harvested by api-evangelist 2026-05",
    },
    // A fifth below x86, as all arm64 prices of functions are.
    provisioned_arm: Price {
        usd: 0.000_003_333_4,
        unit: "GB-second",
        source: "the x86 price less 20 %",
    },
    provisioned_run_x86: Price {
        usd: 0.000_009_722_2,
        unit: "GB-second",
        source: "AWS Lambda pricing, as several public projects of 2026 quote it alike",
    },
    provisioned_run_arm: Price {
        usd: 0.000_007_777_8,
        unit: "GB-second",
        source: "as the x86 price; a fifth below it",
    },
    http_api: Price {
        usd: 1.00e-6,
        unit: "request",
        source: "API Gateway HTTP API: amnic, wring and go-cloud agree, 2026",
    },
    logs_gb: Price { usd: 0.50, unit: "GB", source: "CloudWatch Logs: duckbill; c3x 2026-06" },
    nat_hour: Price { usd: 0.045, unit: "hour", source: "aws/agent-toolkit-for-aws 2026-08-20" },
    nat_gb: Price { usd: 0.045, unit: "GB", source: "aws/agent-toolkit-for-aws 2026-08-20" },
    // AWS Compute Blog on tiered pricing; first steps: artillery 2.0.28, aws-lambda-power-tuning.
    compute_x86: [
        Tier { up_to: 6e9, usd: 0.000_016_666_7 },
        Tier { up_to: 15e9, usd: 0.000_015 },
        Tier { up_to: f64::INFINITY, usd: 0.000_013_333_4 },
    ],
    // 10 % and 20 % off the first step.
    compute_arm: [
        Tier { up_to: 7.5e9, usd: 0.000_013_333_4 },
        Tier { up_to: 18.75e9, usd: 0.000_012_000_1 },
        Tier { up_to: f64::INFINITY, usd: 0.000_010_666_7 },
    ],
    free_requests: 1e6,
    free_gb_seconds: 400_000.0,
};

/// The processor that functions run on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arch {
    /// `x86_64`.
    #[default]
    X86,
    /// `arm64`.
    Arm,
}

impl Prices {
    /// The price of GB-seconds by volume.
    pub const fn compute(&self, arch: Arch) -> &[Tier; 3] {
        match arch {
            Arch::X86 => &self.compute_x86,
            Arch::Arm => &self.compute_arm,
        }
    }

    /// The price of a GB-second at the first step.
    pub const fn gb_second_usd(&self, arch: Arch) -> f64 {
        let [first, ..] = self.compute(arch);
        first.usd
    }

    /// The price of a GB-second of requests on what is held ready.
    pub const fn provisioned_run(&self, arch: Arch) -> Price {
        match arch {
            Arch::X86 => self.provisioned_run_x86,
            Arch::Arm => self.provisioned_run_arm,
        }
    }

    /// The share of its time that a provisioned environment must run requests to cost no more than
    /// running them on demand: `held + u·run = u·compute`.
    pub fn provisioned_break_even(&self, arch: Arch) -> f64 {
        self.provisioned(arch).usd / (self.gb_second_usd(arch) - self.provisioned_run(arch).usd)
    }

    /// The price of a GB-second held ready.
    pub const fn provisioned(&self, arch: Arch) -> Price {
        match arch {
            Arch::X86 => self.provisioned_x86,
            Arch::Arm => self.provisioned_arm,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_ready_pays_from_three_fifths_of_its_time_on() {
        for arch in [Arch::X86, Arch::Arm] {
            let share = DEFAULTS.provisioned_break_even(arch);
            assert!((share - 0.6).abs() < 1e-4, "{share}");
        }
        let hour = |price: Price| (price.usd * 3600.0 * 1e4).round() / 1e4;
        assert_eq!(
            [hour(DEFAULTS.provisioned_x86), hour(DEFAULTS.provisioned_run_x86)],
            [0.015, 0.035]
        );
    }
}
