# What contributors run. `just` lists the recipes.

_default:
    @just --list

# Everything that must hold before a change lands.
ci: fmt-check lint test check-course

# Formats the code.
fmt:
    cargo fmt --all

# Fails where the code is not formatted.
fmt-check:
    cargo fmt --all --check

# Lints with warnings denied.
lint:
    cargo clippy --all-targets -- -D warnings

# Runs all tests, the tidy test among them.
test:
    cargo test

# Reviews changed snapshots of screens.
snap:
    cargo insta review

# Long runs of the property tests: every parser, the layout, the app's keys, the line mode; other
# cases each time. Not a release build: overflows must panic.
fuzz cases="100000":
    PROPTEST_CASES={{cases}} PROPTEST_RNG_SEED=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ') \
        cargo test --test fuzz fuzz_ -- --test-threads=2

# Measures beside peers, and prints the ratios.
bench:
    cargo build --release --bins --examples
    benches/peers/first_frame.py
    benches/peers/show.py
    benches/peers/simulation.py

# Lints the shipped course as an author would.
check-course:
    cargo run --quiet -- check

# Draws the pictures of the README anew.
pictures:
    cargo run --quiet --example pictures

# The documentation of the library.
docs:
    cargo doc --no-deps --open

# Licences and bans of the dependencies.
deny:
    cargo deny check licenses bans sources
