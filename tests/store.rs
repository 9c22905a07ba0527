//! The store against the world: kills, full disks, damage, several processes, merging machines.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::{
    fmt::Write as _,
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

#[test]
fn a_place_and_states_are_there_before_the_records_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    let place = coldstart::progress::Place::at("cold-starts", "# One\n\ntext\n", 3);
    let record = store.append(RecordKind::Placed(place.clone()), NOW).unwrap();
    let snapshot = coldstart::progress::Snapshot::of(&Progress::fold([record]), &[]);
    store.save_snapshot(&snapshot).unwrap();
    store.set_setting("theme", "light").unwrap();
    drop(store);
    let store = open(dir.path());
    assert_eq!(store.snapshot().unwrap().last, Some(place));
    assert_eq!(store.setting("theme").as_deref(), Some("light"));
    assert_eq!(store.setting("colour"), None);
}

#[test]
fn a_profile_that_is_a_path_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let error = Store::open(Some(dir.path()), "../up", "serverless", NOW).unwrap_err();
    assert!(matches!(error, StoreError::Profile(_)));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

// --- a child process that appends and acknowledges --------------------------------------------

/// Not a test of its own: what [`writer`] runs in another process. Appends until it is killed or
/// has appended as often as it was told, and says so after each.
#[test]
fn in_another_process() {
    let Some(dir) = std::env::var_os("STORE_TEST_DIR") else { return };
    let name = std::env::var("STORE_TEST_NAME").unwrap();
    let count: usize = std::env::var("STORE_TEST_COUNT").unwrap().parse().unwrap();
    let limit: u64 = std::env::var("STORE_TEST_LIMIT").map_or(0, |limit| limit.parse().unwrap());
    let mut store = open(Path::new(&dir));
    if limit > 0 {
        set_file_size_limit(Some(limit));
    }
    let say = |word: &str, number: usize| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "\n{word} {name}-{number}").unwrap();
        out.flush().unwrap();
    };
    for number in 0..count {
        match store.append(read(format!("{name}-{number}")), NOW) {
            Ok(_) => say("ack", number),
            Err(StoreError::Pending { .. }) => say("pending", number),
            Err(error) => panic!("{error}"),
        }
    }
    if limit > 0 && store.pending() > 0 {
        assert_eq!(store.load(NOW).unwrap().len(), count + 1);
        set_file_size_limit(None);
        assert_eq!(store.retry(NOW).unwrap(), 0);
        say("retried", count);
    }
}

#[cfg(unix)]
fn set_file_size_limit(limit: Option<u64>) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Fsize).maximum;
    setrlimit(Resource::Fsize, Rlimit { current: limit.or(maximum), maximum }).unwrap();
}

#[cfg(not(unix))]
fn set_file_size_limit(_: Option<u64>) {}

fn writer(dir: &Path, name: &str, count: usize) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["in_another_process", "--exact", "--nocapture", "--test-threads=1"])
        .env("STORE_TEST_DIR", dir)
        .env("STORE_TEST_NAME", name)
        .env("STORE_TEST_COUNT", count.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// What a writer said with `word`.
fn said(out: impl std::io::Read, word: &str) -> Vec<String> {
    let lines = BufReader::new(out).lines().map_while(Result::ok);
    lines.filter_map(|line| line.strip_prefix(word)?.strip_prefix(' ').map(str::to_owned)).collect()
}

/// A generator for delays (xorshift); the seed is fixed, the machine is chance enough.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// Lets a writer acknowledge up to 6 appends, kills it within 12 ms, and returns all that it
/// acknowledged.
fn killed(mut child: Child, chance: &mut Chance) -> Vec<String> {
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut acknowledged = Vec::new();
    let wanted = usize::try_from(chance.below(6)).unwrap();
    let mut line = String::new();
    while acknowledged.len() < wanted && out.read_line(&mut line).unwrap() > 0 {
        acknowledged.extend(line.trim_end().strip_prefix("ack ").map(str::to_owned));
        line.clear();
    }
    std::thread::sleep(std::time::Duration::from_micros(chance.below(12_000)));
    child.kill().unwrap();
    acknowledged.extend(said(out, "ack"));
    child.wait().unwrap();
    acknowledged
}

fn kill_writers(kills: usize) {
    let dir = tempfile::tempdir().unwrap();
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    let mut acknowledged = Vec::new();
    for round in 0..kills {
        let child = writer(dir.path(), &format!("r{round}"), usize::MAX).spawn().unwrap();
        acknowledged.extend(killed(child, &mut chance));
        let mut store = open(dir.path());
        let there = lessons(&mut store);
        for name in &acknowledged {
            assert!(there.contains(name), "round {round}: {name} was acknowledged and is lost");
        }
        assert_eq!(store.take_notices(), [], "round {round}");
        let health = store.health();
        assert_eq!((health.integrity, health.damaged), (Ok(()), 0), "round {round}");
    }
    assert!(acknowledged.len() > kills, "only {} acknowledged", acknowledged.len());
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    kill_writers(60);
}

#[test]
#[ignore = "takes a minute; run by hand"]
fn what_was_acknowledged_survives_500_times_kill_9() {
    kill_writers(500);
}

#[test]
fn a_process_killed_while_it_makes_the_store_leaves_no_trouble() {
    let mut chance = Chance(77);
    for _ in 0..12 {
        let dir = tempfile::tempdir().unwrap();
        let mut child = writer(dir.path(), "x", usize::MAX).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_micros(chance.below(25_000)));
        child.kill().unwrap();
        let acknowledged = said(child.stdout.take().unwrap(), "ack");
        child.wait().unwrap();
        let mut store = open(dir.path());
        let there = lessons(&mut store);
        assert!(acknowledged.iter().all(|name| there.contains(name)));
        assert_eq!((store.take_notices(), store.standing()), (Vec::new(), Standing::Saving));
    }
}

#[test]
fn several_processes_at_once_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let children: Vec<Child> =
        ["a", "b", "c"].map(|name| writer(dir.path(), name, 25).spawn().unwrap()).into();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert_eq!(said(&output.stdout[..], "ack").len(), 25);
    }
    let mut store = open(dir.path());
    let records = store.load(NOW).unwrap();
    let names: std::collections::BTreeSet<_> =
        records.iter().map(|record| (record.device, record.seq)).collect();
    assert_eq!((records.len(), names.len()), (75, 75));
    assert_eq!(store.health().devices, 3);
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_what_waits_is_written_later() {
    let dir = tempfile::tempdir().unwrap();
    append(&mut open(dir.path()), &["before"]);
    let size = fs::metadata(file(dir.path())).unwrap().len();
    let output =
        writer(dir.path(), "n", 60).env("STORE_TEST_LIMIT", size.to_string()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let (acknowledged, pending) =
        (said(&output.stdout[..], "ack"), said(&output.stdout[..], "pending"));
    assert!(!pending.is_empty(), "the limit was never met");
    assert_eq!(acknowledged.len() + pending.len(), 60);
    assert_eq!(said(&output.stdout[..], "retried"), ["n-60"]);
    let mut store = open(dir.path());
    let there = lessons(&mut store);
    assert_eq!(there.len(), 61);
    assert!(acknowledged.iter().chain(&pending).all(|name| there.contains(name)));
    assert_eq!(store.health().integrity, Ok(()));
}

// --- places that cannot be written ------------------------------------------------------------

fn assert_not_saved(store: &mut Store) -> NotSaved {
    let Standing::NotSaved(reason) = store.standing() else { panic!("it says that it saves") };
    assert!(reason.to_string().starts_with("progress is not saved: "), "{reason}");
    let before = store.load(NOW).unwrap().len();
    append(store, &["kept in memory"]);
    assert_eq!(store.load(NOW).unwrap().len(), before + 1);
    assert_eq!(store.pending(), 1);
    reason
}

#[test]
fn without_a_place_progress_lives_in_memory() {
    let dir = tempfile::tempdir().unwrap();
    let mut nowhere = Store::open(None, "default", "serverless", NOW).unwrap();
    assert_eq!(assert_not_saved(&mut nowhere), NotSaved::NoPlace);
    let in_the_way = dir.path().join("file");
    fs::write(&in_the_way, "not a folder").unwrap();
    for place in [in_the_way.as_path(), &in_the_way.join("below"), Path::new("/proc/nowhere")] {
        let reason = assert_not_saved(&mut open(place));
        assert!(matches!(reason, NotSaved::Unwritable { .. }), "{reason:?}");
    }
    assert_eq!(fs::read_to_string(in_the_way).unwrap(), "not a folder");
}

#[cfg(unix)]
#[test]
fn a_read_only_store_is_read_and_left_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    append(&mut open(dir.path()), &["a"]);
    let folder = file(dir.path()).parent().unwrap().to_path_buf();
    let lock = |mode_folder, mode_file| {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let mode = if path.is_dir() { mode_folder } else { mode_file };
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
        fs::set_permissions(&folder, fs::Permissions::from_mode(mode_folder)).unwrap();
    };
    lock(0o555, 0o444);
    let mut store = open(dir.path());
    assert_eq!(lessons(&mut store), ["a"]);
    // For root nothing is read-only.
    if fs::write(folder.join("probe"), "").is_err() {
        assert!(matches!(assert_not_saved(&mut store), NotSaved::Unwritable { .. }));
    }
    lock(0o755, 0o644);
}

#[test]
fn a_folder_removed_meanwhile_is_written_anew() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    append(&mut store, &["a", "b"]);
    fs::remove_dir_all(dir.path().join("profiles")).unwrap();
    append(&mut store, &["c"]);
    assert_eq!(store.take_notices(), [Notice::Rewritten { path: file(dir.path()), records: 2 }]);
    assert_eq!(lessons(&mut open(dir.path())), ["a", "b", "c"]);

    // Nor does it help to put something in its place that is no folder.
    fs::remove_dir_all(dir.path().join("profiles")).unwrap();
    fs::write(dir.path().join("profiles"), "in the way").unwrap();
    let error = store.append(read("d"), NOW).unwrap_err();
    assert!(matches!(error, StoreError::Pending { .. }), "{error}");
    fs::remove_file(dir.path().join("profiles")).unwrap();
    append(&mut store, &["e"]);
    assert_eq!(lessons(&mut open(dir.path())), ["a", "b", "c", "d", "e"]);
}

// --- damage -----------------------------------------------------------------------------------

const MANY: usize = 160;

/// A store of [`MANY`] records; the first half is in a backup too.
fn damaged_store(dir: &Path, with_backup: bool) {
    let mut store = open(dir);
    let names: Vec<String> = (0..MANY).map(|number| format!("lesson-{number}")).collect();
    let half = MANY / 2;
    for name in &names[..half] {
        store.append(read(name), NOW).unwrap();
    }
    drop(store);
    let _ = fs::remove_dir_all(file(dir).with_file_name("backups"));
    let mut store = open(dir);
    for name in &names[half..] {
        let at = if with_backup { NOW } else { Time(i64::MIN) };
        store.append(read(name), at).unwrap();
    }
    drop(store);
    if !with_backup {
        let _ = fs::remove_dir_all(file(dir).with_file_name("backups"));
    }
}

fn copy_profile(from: &Path, to: &Path) {
    let backups = |dir: &Path| file(dir).with_file_name("backups");
    fs::create_dir_all(backups(to)).unwrap();
    fs::copy(file(from), file(to)).unwrap();
    for entry in fs::read_dir(backups(from)).into_iter().flatten() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), backups(to).join(entry.file_name())).unwrap();
    }
}

fn noise(length: usize) -> Vec<u8> {
    let mut chance = Chance(99);
    (0..length).map(|_| chance.below(256).to_le_bytes()[0]).collect()
}

type Spoil = fn(&mut Vec<u8>);

const SPOILS: &[(&str, Spoil)] = &[
    ("truncated to half", |bytes| bytes.truncate(bytes.len() / 2)),
    ("truncated inside a page", |bytes| bytes.truncate(bytes.len() * 2 / 3 + 77)),
    ("truncated to its header", |bytes| bytes.truncate(100)),
    ("one byte", |bytes| bytes.truncate(1)),
    ("empty", Vec::clear),
    ("zeroed", |bytes| bytes.fill(0)),
    ("zeroed but for the header", |bytes| bytes[100..].fill(0)),
    ("random", |bytes| *bytes = noise(bytes.len())),
    ("random but for the header", |bytes| {
        let length = bytes.len();
        bytes.truncate(100);
        bytes.extend(noise(length - 100));
    }),
    ("text", |bytes| *bytes = b"Dear diary, today I learned about cold starts.\n".to_vec()),
    ("a foreign database", |bytes| bytes[68..72].fill(7)),
];

#[test]
fn a_damaged_store_is_put_aside_and_the_backup_restored() {
    for with_backup in [true, false] {
        let whole = tempfile::tempdir().unwrap();
        damaged_store(whole.path(), with_backup);
        for &(name, spoil) in SPOILS {
            let dir = tempfile::tempdir().unwrap();
            copy_profile(whole.path(), dir.path());
            let mut bytes = fs::read(file(dir.path())).unwrap();
            spoil(&mut bytes);
            fs::write(file(dir.path()), &bytes).unwrap();

            let mut store = open(dir.path());
            let there = lessons(&mut store);
            let notices = store.take_notices();
            let [Notice::Quarantined { aside, backup, records }] = &notices[..] else {
                panic!("{name}: {notices:?}");
            };
            assert_eq!(fs::read(aside).unwrap(), bytes, "{name}");
            assert_eq!((backup.is_some(), *records), (with_backup, there.len()), "{name}");
            if with_backup {
                for number in 0..MANY / 2 {
                    assert!(there.contains(&format!("lesson-{number}")), "{name}: {number}");
                }
            }
            append(&mut store, &["after"]);
            drop(store);
            let mut store = open(dir.path());
            assert!(lessons(&mut store).contains(&"after".to_owned()), "{name}");
            assert_eq!((store.take_notices(), store.health().integrity), (Vec::new(), Ok(())));
            assert_eq!(store.health().aside.len(), 1, "{name}");
        }
    }
}

#[test]
fn a_damaged_page_costs_its_records_at_most() {
    let dir = tempfile::tempdir().unwrap();
    damaged_store(dir.path(), false);
    let bytes = fs::read(file(dir.path())).unwrap();
    let mut roots = vec![1];
    let connection = rusqlite::Connection::open(file(dir.path())).unwrap();
    connection
        .prepare("SELECT rootpage FROM sqlite_schema")
        .unwrap()
        .query_map([], |row| row.get::<_, i64>(0))
        .unwrap()
        .for_each(|page| roots.push(usize::try_from(page.unwrap()).unwrap()));
    drop(connection);
    let pages = bytes.len() / 4096;
    assert!(pages > roots.len() + 4, "{pages} pages");
    for page in (1..=pages).filter(|page| !roots.contains(page)) {
        let mut spoilt = bytes.clone();
        spoilt[(page - 1) * 4096..page * 4096].fill(0);
        fs::write(file(dir.path()), &spoilt).unwrap();
        let mut store = open(dir.path());
        append(&mut store, &["after"]);
        let there = lessons(&mut store);
        assert!(there.len() > MANY / 2, "page {page}: {} left", there.len());
        assert!(there.contains(&"after".to_owned()));
    }
}

#[test]
fn a_flipped_byte_costs_one_record_and_is_told() {
    let dir = tempfile::tempdir().unwrap();
    damaged_store(dir.path(), false);
    let mut bytes = fs::read(file(dir.path())).unwrap();
    // Pages keep remains of rows that moved: flip it wherever it stands.
    for at in 0..bytes.len() - 10 {
        if bytes[at..].starts_with(b"lesson-17\"") {
            bytes[at] ^= 1;
        }
    }
    fs::write(file(dir.path()), &bytes).unwrap();
    let mut store = open(dir.path());
    let there = lessons(&mut store);
    assert_eq!(store.take_notices(), [Notice::Damaged(1)]);
    assert_eq!((there.len(), there.contains(&"lesson-17".to_owned())), (MANY - 1, false));
    assert_eq!(store.health().damaged, 1);
    append(&mut store, &["after"]);
    assert_eq!(lessons(&mut store).len(), MANY);
}

#[test]
fn bytes_flipped_anywhere_never_make_a_record_up() {
    let dir = tempfile::tempdir().unwrap();
    damaged_store(dir.path(), false);
    let whole = open(dir.path()).load(NOW).unwrap();
    let bytes = fs::read(file(dir.path())).unwrap();
    let mut chance = Chance(4711);
    for _ in 0..60 {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(file(dir.path()).parent().unwrap()).unwrap();
        let mut spoilt = bytes.clone();
        let at = usize::try_from(chance.below(bytes.len() as u64)).unwrap();
        spoilt[at] ^= 1 << chance.below(8);
        fs::write(file(dir.path()), spoilt).unwrap();
        let mut store = open(dir.path());
        let there = store.load(NOW).unwrap();
        let told = !store.take_notices().is_empty();
        assert!(there.iter().all(|record| whole.contains(record)), "byte {at}");
        assert!(there.len() == whole.len() || told, "byte {at}: {} of {MANY}", there.len());
        append(&mut store, &["after"]);
    }
}

#[test]
fn a_store_of_a_newer_version_is_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    append(&mut open(dir.path()), &["a"]);
    let connection = rusqlite::Connection::open(file(dir.path())).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    let bytes = fs::read(file(dir.path())).unwrap();
    let mut store = open(dir.path());
    assert_eq!(lessons(&mut store), ["a"]);
    let reason = assert_not_saved(&mut store);
    assert!(matches!(reason, NotSaved::Newer { version: 99, .. }));
    assert!(store.reset(None, NOW).is_ok());
    let refused = store.import(&mut &b""[..], NOW).unwrap_err();
    assert!(matches!(refused, StoreError::Refused(_)));
    assert!(store.set_setting("theme", "dark").is_err());
    assert_eq!(fs::read(file(dir.path())).unwrap(), bytes);
}

// --- clocks -----------------------------------------------------------------------------------

#[test]
fn a_clock_that_jumps_makes_no_trouble() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    let year = 365 * 86_400_000;
    let hour = 3_600_000;
    let times = [0, year, -year, -hour, hour, -NOW.0, -NOW.0 - year, i64::MAX - NOW.0, 0];
    for (number, jump) in times.into_iter().enumerate() {
        let at = Time(NOW.0 + jump);
        store.append(read(format!("lesson-{number}")), at).unwrap();
        let place = coldstart::progress::Place::at(&format!("lesson-{number}"), "text\n", 1);
        store.append(RecordKind::Placed(place), at).unwrap();
    }
    let progress = Progress::fold(store.load(NOW).unwrap());
    // Where the learner is follows what they did, whatever the clock said.
    assert!(progress.last_place().is_some_and(|place| place.lesson == "lesson-8"));
    for number in 0..times.len() {
        let lesson = progress.lesson(&format!("lesson-{number}")).unwrap();
        assert!(lesson.last >= lesson.begun);
        assert_eq!(lesson.begun.since(lesson.last), 0);
    }
}

#[test]
fn a_place_is_the_last_one_even_when_the_clock_went_back() {
    let dir = tempfile::tempdir().unwrap();
    let place =
        |lesson: &str| RecordKind::Placed(coldstart::progress::Place::at(lesson, "text\n", 1));
    let mut store = open(dir.path());
    store.append(place("first"), NOW).unwrap();
    drop(store);
    let mut store = open(dir.path());
    store.append(place("second"), Time(NOW.0 - 365 * 86_400_000)).unwrap();
    let progress = Progress::fold(store.load(NOW).unwrap());
    assert_eq!(progress.last_place().unwrap().lesson, "second");
}

#[test]
fn after_a_reset_answers_count_even_when_the_clock_goes_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    store.append(read("a"), Time(NOW.0 + 10_000)).unwrap();
    store.reset(None, NOW).unwrap();
    assert!(Progress::fold(store.load(NOW).unwrap()).lesson("a").is_none());
    drop(store);
    let mut store = open(dir.path());
    store.append(read("b"), NOW).unwrap();
    assert!(Progress::fold(store.load(NOW).unwrap()).lesson("b").is_some());
}

// --- backups, reset ---------------------------------------------------------------------------

#[test]
fn five_daily_backups_are_kept_and_one_before_each_reset() {
    let dir = tempfile::tempdir().unwrap();
    for day in 0..9 {
        let now = NOW.plus_ms(day * DAY);
        let mut store = Store::open(Some(dir.path()), "default", "serverless", now).unwrap();
        store.append(read(format!("day-{day}")), now).unwrap();
        store.append(read(format!("day-{day}-again")), now).unwrap();
    }
    let store = open(dir.path());
    assert_eq!(store.health().backups.len(), 5);
    assert_eq!(store.health().backups[0].made, "20261201T101500Z");
    drop(store);
    let mut store = open(dir.path());
    let (_, backup) = store.reset(Some("day-0"), NOW.plus_ms(9 * DAY)).unwrap();
    let backup = backup.unwrap();
    assert!(backup.exists() && store.health().backups.len() >= 6);
    let progress = Progress::fold(store.load(NOW).unwrap());
    assert!(progress.lesson("day-0").is_none() && progress.lesson("day-1").is_some());
    // The backup is a store of its own, from before the reset.
    let copy = tempfile::tempdir().unwrap();
    fs::create_dir_all(file(copy.path()).parent().unwrap()).unwrap();
    fs::copy(backup, file(copy.path())).unwrap();
    assert_eq!(lessons(&mut open(copy.path())).len(), 18);
}

// --- two machines -----------------------------------------------------------------------------

fn export(store: &mut Store) -> Vec<u8> {
    let mut out = Vec::new();
    store.export(&mut out, NOW).unwrap();
    out
}

#[test]
fn merging_two_machines_gives_the_same_union_in_any_order() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut a, mut b) = (open(one.path()), open(two.path()));
    append(&mut a, &["a1", "common"]);
    append(&mut b, &["b1", "common"]);
    let from_a = export(&mut a);
    // B takes A's records, A resets one lesson, B's old records come back: it stays reset.
    b.import(&mut &from_a[..], NOW).unwrap();
    a.reset(Some("a1"), NOW.plus_ms(DAY)).unwrap();
    let (from_a, from_b) = (export(&mut a), export(&mut b));
    let mut merged = Vec::new();
    for order in [[&from_a, &from_b], [&from_b, &from_a]] {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open(dir.path());
        for part in order.into_iter().chain(order) {
            let imported = store.import(&mut &part[..], NOW).unwrap();
            assert!(imported.bad.is_empty(), "{imported:?}");
        }
        merged.push(Progress::fold(store.load(NOW).unwrap()));
    }
    assert_eq!(merged[0], merged[1]);
    a.import(&mut &from_b[..], NOW).unwrap();
    let again = a.import(&mut &from_b[..], NOW).unwrap();
    assert_eq!((again.new, again.known), (0, 4));
    assert_eq!(Progress::fold(a.load(NOW).unwrap()), merged[0]);
    assert_eq!(merged[0].len(), 5);
    assert!(merged[0].lesson("a1").is_none() && merged[0].lesson("b1").is_some());
}

#[test]
fn bad_lines_are_told_by_number_and_the_rest_comes_in() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut store = open(one.path());
    append(&mut store, &["a", "b", "c", "d"]);
    let text = String::from_utf8(export(&mut store)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let mut spoilt: Vec<u8> = Vec::new();
    let long = "x".repeat(5 << 20);
    for line in [
        &format!("\u{feff}{}\r", lines[0]),
        "",
        &lines[1].replace("\"b\"", "\"B\""),
        "{\"v\":1}",
        &lines[2].replace("\"v\":1", "\"v\":2"),
        long.as_str(),
        "[1]",
        lines[3],
    ] {
        spoilt.extend(line.as_bytes());
        spoilt.push(b'\n');
    }
    spoilt.extend(b"\xff\xfe\n");
    spoilt.extend(lines[0].as_bytes());
    let mut store = open(two.path());
    let imported = store.import(&mut BufReader::new(&spoilt[..]), NOW).unwrap();
    assert_eq!((imported.new, imported.known), (2, 1));
    let numbers: Vec<usize> = imported.bad.iter().map(|(line, _)| *line).collect();
    assert_eq!(numbers, [3, 4, 5, 6, 7, 9]);
    assert!(imported.bad[2].1.contains("newer coldstart"), "{imported:?}");
    assert_eq!(lessons(&mut store), ["a", "d"]);
}

#[test]
fn the_order_of_keys_and_the_layout_of_a_line_do_not_matter() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut store = open(one.path());
    append(&mut store, &["a \"quoted\" 学"]);
    let value: serde_json::Value = serde_json::from_slice(&export(&mut store)).unwrap();
    let parts: Vec<String> = value
        .as_object()
        .unwrap()
        .iter()
        .rev()
        .map(|(key, value)| format!(" \"{key}\" : {value} "))
        .collect();
    let line = format!("{{{}}}", parts.join(","));
    let mut other = open(two.path());
    assert_eq!(other.import(&mut line.as_bytes(), NOW).unwrap().new, 1);
    assert_eq!(export(&mut other), export(&mut store));
}

#[test]
fn what_a_newer_version_records_passes_through() {
    let dir = tempfile::tempdir().unwrap();
    let mut line = concat!(
        r#"{"at":5,"course":"serverless","device":"00000000000000aa","#,
        r#""kind":{"dream":[1,2.5],"type":"dreamt"},"seq":1,"v":1}"#
    )
    .to_owned();
    let crc = crc32fast::hash(line.as_bytes());
    line.truncate(line.len() - 1);
    writeln!(line, ",\"crc\":\"{crc:08x}\"}}").unwrap();
    let mut store = open(dir.path());
    assert_eq!(store.import(&mut line.as_bytes(), NOW).unwrap().new, 1);
    assert_eq!(Progress::fold(store.load(NOW).unwrap()).unknown(), 1);
    assert_eq!(String::from_utf8(export(&mut store)).unwrap(), line);
}

// --- figures ----------------------------------------------------------------------------------

#[test]
#[ignore = "prints what a save and a start cost; run by hand with --nocapture"]
#[expect(clippy::disallowed_methods, reason = "it measures")]
fn what_a_save_and_a_start_cost() {
    let ms = |start: std::time::Instant| start.elapsed().as_secs_f64() * 1000.0;
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut store = open(dir.path());
    store.append(read("first"), NOW).unwrap();
    let mut costs: Vec<f64> = (0..200)
        .map(|number| {
            let start = std::time::Instant::now();
            store.append(read(format!("lesson-{number}")), NOW).unwrap();
            ms(start)
        })
        .collect();
    costs.sort_by(f64::total_cmp);
    println!("append: median {:.2} ms, p95 {:.2} ms", costs[100], costs[190]);
    let mut big = String::new();
    for part in 0..50u64 {
        let records = (1..=200u64).map(|seq| {
            let device = coldstart::progress::Device(part + 1);
            Record { device, seq, at: Time(NOW.0 + 1), kind: read(format!("l-{}", seq % 36)) }
        });
        for record in records {
            let line = record.to_line("serverless");
            let crc = crc32fast::hash(line.as_bytes());
            let whole = line.strip_suffix('}').unwrap();
            writeln!(big, "{whole},\"crc\":\"{crc:08x}\"}}").unwrap();
        }
    }
    let start = std::time::Instant::now();
    assert_eq!(store.import(&mut big.as_bytes(), NOW).unwrap().new, 10_000);
    println!("import of 10,000 records: {:.1} ms", ms(start));
    let snapshot = coldstart::progress::Snapshot::default();
    store.save_snapshot(&snapshot).unwrap();
    drop(store);
    let mut starts: Vec<f64> = (0..50)
        .map(|_| {
            let start = std::time::Instant::now();
            assert!(open(dir.path()).snapshot().is_some());
            ms(start)
        })
        .collect();
    starts.sort_by(f64::total_cmp);
    println!("open and snapshot of 10,201 records: median {:.2} ms", starts[25]);
    let mut store = open(dir.path());
    let start = std::time::Instant::now();
    let records = store.load(NOW).unwrap();
    let loaded = ms(start);
    let start = std::time::Instant::now();
    let progress = Progress::fold(records);
    println!("load {loaded:.1} ms, fold of {} records {:.1} ms", progress.len(), ms(start));
}
