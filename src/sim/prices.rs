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

    /// The price of a GB-second held ready.
    pub const fn provisioned(&self, arch: Arch) -> Price {
        match arch {
            Arch::X86 => self.provisioned_x86,
            Arch::Arm => self.provisioned_arm,
        }
    }
}
