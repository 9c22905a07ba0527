//! The store against the world: kills, full disks, damage, several processes, merging machines.

use std::{
    fs,
    io::{BufRead, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use coldstart::{
    progress::{Progress, Record, RecordKind, Time},
    store::{NotSaved, Notice, Standing, Store, StoreError},
};

/// 2026-11-23 10:15 UTC.
const NOW: Time = Time(1_795_428_900_000);
const DAY: u64 = 86_400_000;

fn open(dir: &Path) -> Store {
    Store::open(Some(dir), "default", "serverless", NOW).unwrap()
}

fn read(lesson: impl Into<String>) -> RecordKind {
    RecordKind::Read { lesson: lesson.into() }
}

fn append(store: &mut Store, lessons: &[&str]) {
    for lesson in lessons {
        store.append(read(*lesson), NOW).unwrap();
    }
}

/// The lessons that a store says were read, in the order in which it gives them.
fn lessons(store: &mut Store) -> Vec<String> {
    let name = |record: Record| record.kind.lesson().map(str::to_owned);
    store.load(NOW).unwrap().into_iter().filter_map(name).collect()
}

fn file(dir: &Path) -> PathBuf {
    dir.join("profiles/default/progress.db")
}

#[test]
fn what_was_appended_is_there_the_next_time() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    assert_eq!(store.standing(), Standing::Saving);
    append(&mut store, &["a", "b"]);
    drop(store);
    let mut store = open(dir.path());
    append(&mut store, &["c"]);
    assert_eq!(lessons(&mut store), ["a", "b", "c"]);
    assert!(store.take_notices().is_empty());
    let mut other = Store::open(Some(dir.path()), "default", "another", NOW).unwrap();
    assert_eq!(other.load(NOW).unwrap(), []);
    let mut ana = Store::open(Some(dir.path()), "ana", "serverless", NOW).unwrap();
    assert_eq!(ana.load(NOW).unwrap(), []);
}
