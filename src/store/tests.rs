use std::fs;

use super::*;
use crate::store::migration::Step;

const NOW: Time = Time(1_795_428_900_000);

/// A schema of the future: the present one and a step more.
const FUTURE: &[Step] = &[
    Step { version: 1, sql: migration::STEPS[0].sql },
    Step { version: 2, sql: "ALTER TABLE settings ADD COLUMN changed INTEGER" },
    Step { version: 3, sql: "CREATE TABLE reviews (question TEXT PRIMARY KEY, due INTEGER)" },
];

const BROKEN: &[Step] = &[
    Step { version: 1, sql: migration::STEPS[0].sql },
    Step { version: 2, sql: "CREATE TABLE reviews (due INTEGER); SELECT no_such_thing" },
];

fn read() -> RecordKind {
    RecordKind::Read { lesson: "a".to_owned() }
}

#[test]
fn an_older_store_is_migrated_after_a_backup() {
    let dir = tempfile::tempdir().unwrap();
    let mut old = Store::open(Some(dir.path()), "default", "c", NOW).unwrap();
    old.append(read(), NOW).unwrap();
    old.set_setting("theme", "light").unwrap();
    drop(old);
    let new = || Store::open_with(Some(dir.path()), "default", "c", (NOW, FUTURE)).unwrap();
    let mut store = new();
    let notices = store.take_notices();
    let [Notice::Migrated { from: 1, backup }] = &notices[..] else { panic!("{notices:?}") };
    assert!(backup::is_good(backup));
    assert_eq!(store.health().version, Some(3));
    assert_eq!(store.load(NOW).unwrap().len(), 1);
    assert_eq!(store.setting("theme").as_deref(), Some("light"));
    store.append(read(), NOW).unwrap();
    drop(store);
    // Now it is newer than the present program, and is left alone; the future one opens it.
    let store = Store::open(Some(dir.path()), "default", "c", NOW).unwrap();
    assert!(matches!(store.standing(), Standing::NotSaved(NotSaved::Newer { version: 3, .. })));
    drop(store);
    let mut store = new();
    assert_eq!((store.take_notices(), store.load(NOW).unwrap().len()), (Vec::new(), 2));
}

#[test]
fn a_migration_that_fails_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut old = Store::open(Some(dir.path()), "default", "c", NOW).unwrap();
    old.append(read(), NOW).unwrap();
    let file = old.path().unwrap();
    drop(old);
    let bytes = fs::read(&file).unwrap();
    let mut store = Store::open_with(Some(dir.path()), "default", "c", (NOW, BROKEN)).unwrap();
    assert!(matches!(store.standing(), Standing::NotSaved(NotSaved::Unwritable { .. })));
    assert_eq!(store.load(NOW).unwrap().len(), 1);
    drop(store);
    assert_eq!(fs::read(&file).unwrap(), bytes);
}

#[test]
fn an_old_backup_is_restored_and_brought_up_to_date() {
    let dir = tempfile::tempdir().unwrap();
    let mut old = Store::open(Some(dir.path()), "default", "c", NOW).unwrap();
    old.append(read(), NOW).unwrap();
    old.reset(Some("b"), NOW).unwrap();
    let file = old.path().unwrap();
    drop(old);
    fs::write(&file, "spoilt").unwrap();
    let mut store = Store::open_with(Some(dir.path()), "default", "c", (NOW, FUTURE)).unwrap();
    assert_eq!(store.load(NOW).unwrap().len(), 1);
    assert_eq!(store.take_notices().len(), 2);
    assert_eq!(store.health().version, Some(3));
}

#[test]
fn the_versions_agree() {
    assert_eq!(migration::newest(migration::STEPS), VERSION);
}

#[test]
fn a_store_can_be_sent_to_a_thread() {
    fn is_send<T: Send>(_: &T) {}
    is_send(&Store::open(None, "default", "c", Time(0)).unwrap());
}
