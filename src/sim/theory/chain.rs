//! O14: services in a row.

/// The availability of a request that needs every one of these services once: the product.
///
/// *Holds when* they fail independently and nothing stands in for one that fails; each in
/// \[0, 1\]. *Source*: independent events.
pub fn availability(services: impl IntoIterator<Item = f64>) -> f64 {
    services.into_iter().product()
}

/// The availability of one call that is tried again up to `retries` times: 1 − (1 − A)^{r+1}.
///
/// *Holds when* the tries fail independently: not while a service is down. *Source*: as above.
pub fn with_retries(availability: f64, retries: u32) -> f64 {
    1.0 - libm::pow(1.0 - availability, f64::from(retries) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_is_weaker_than_its_links() {
        assert!((availability([0.99, 0.99, 0.99]) - 0.970_299).abs() < 1e-12);
        assert!((availability([0.999; 30]) - 0.970_431).abs() < 1e-6);
        assert!((availability([]) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_retry_squares_the_failures() {
        assert!((with_retries(0.99, 1) - 0.9999).abs() < 1e-12);
        assert!((with_retries(0.9, 0) - 0.9).abs() < 1e-12);
    }
}
