//! The store's schema, as numbered steps from nothing to now.

use rusqlite::{Connection, TransactionBehavior};

/// Says in the file's header that it is ours ("cold").
pub(super) const APPLICATION_ID: i64 = 0x636f_6c64;

/// The version of the schema that this program writes.
pub const VERSION: i64 = 1;

/// What brings a store from the version before to `version`.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) version: i64,
    pub(super) sql: &'static str,
}

/// All steps in order. A step that was released never changes.
pub(super) const STEPS: &[Step] = &[Step {
    version: 1,
    sql: "
        CREATE TABLE records (
            id INTEGER PRIMARY KEY,
            course TEXT NOT NULL,
            device TEXT NOT NULL,   -- 16 hexadecimal digits
            seq INTEGER NOT NULL,
            at INTEGER NOT NULL,    -- milliseconds since 1970, UTC
            kind TEXT NOT NULL,     -- canonical JSON
            crc INTEGER NOT NULL,   -- CRC-32 of the record's canonical text
            UNIQUE (device, seq, crc)
        ) STRICT;
        CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
        CREATE TABLE snapshots (
            course TEXT PRIMARY KEY,
            body TEXT NOT NULL,     -- JSON
            crc INTEGER NOT NULL    -- CRC-32 of the body
        ) STRICT;
    ",
}];

/// The last of `steps`' versions.
pub(super) fn newest(steps: &[Step]) -> i64 {
    steps.last().map_or(0, |step| step.version)
}

/// Takes all steps after `from`, all or none.
pub(super) fn run(connection: &mut Connection, from: i64, steps: &[Step]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in steps.iter().filter(|step| step.version > from) {
        transaction.execute_batch(step.sql)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", newest(steps))?;
    transaction.commit()
}
