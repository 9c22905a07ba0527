//! Nothing that was acknowledged is lost.

use std::fs;

use crate::desk::{Desk, Start, answered};

#[test]
fn killed_in_the_middle_of_a_quiz_the_answers_are_there() {
    let home = tempfile::tempdir().unwrap();
    let start = Start { arguments: &["quiz", "what-is-serverless"], ..Start::new(home.path()) };
    let mut desk = Desk::open(&start);
    for question in 1..=3 {
        desk.wait_for(&format!("{question} of "));
        desk.skip();
        desk.wait_until("saved", || !desk.screen().contains("saving"));
        if question < 3 {
            desk.type_keys("\r");
        }
    }
    desk.kill();
    assert_eq!(answered(home.path()).len(), 3);
    // The next run goes on at the fourth.
    let mut desk = Desk::open(&start);
    desk.wait_for("4 of ");
    desk.wait_for("3 answered before");
    desk.type_keys("\x03");
    assert_eq!(desk.wait_end().0, 0);
}

#[test]
fn leaving_saves_where_one_was() {
    let home = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(&Start::new(home.path()));
    desk.wait_for("Somebody else's servers");
    desk.type_keys("\r");
    desk.wait_for("min left");
    desk.type_keys("   ");
    desk.wait_quiet();
    // A paragraph is found again by its first line, which may be above the one that was on top.
    let line = |screen: &str| screen.lines().nth(8).unwrap_or_default().trim().to_owned();
    let before = line(&desk.screen());
    desk.type_keys("\x03");
    assert_eq!(desk.wait_end().0, 0);
    let mut desk = Desk::open(&Start::new(home.path()));
    desk.wait_for("Somebody else's servers");
    desk.type_keys("c");
    desk.wait_until("the same lines", || desk.screen().contains(&before));
    assert!(!desk.screen().contains("Objectives"));
    desk.type_keys("\x03");
    desk.wait_end();
}

#[test]
fn a_full_disk_is_told_once_and_what_was_not_saved_is_exported() {
    let home = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(&Start::new(home.path()));
    desk.wait_for("Somebody else's servers");
    desk.type_keys("\x03");
    desk.wait_end();
    // No file can be written beyond its first kilobytes: the store fails, a short export does not.
    let shell = "ulimit -f 6; $COLDSTART quiz what-is-serverless; echo left:$?";
    let mut desk = Desk::open(&Start { shell: Some(shell), ..Start::new(home.path()) });
    desk.wait_for("1 of ");
    let mut asked = 1;
    // Free pages of the store may hold some answers before it must grow.
    while !desk.screen().contains("not saved") && asked < 4 {
        desk.skip();
        desk.wait_until("an end of saving", || !desk.screen().contains("saving"));
        if !desk.screen().contains("not saved") {
            desk.type_keys("\r");
            asked += 1;
        }
    }
    desk.wait_for("not saved");
    desk.type_keys("\x03");
    desk.wait_for("left:1");
    assert!(desk.text().contains("could not be saved"), "{}", desk.text());
    let exported = fs::read_dir(home.path())
        .unwrap()
        .flatten()
        .find(|entry| entry.file_name().to_string_lossy().starts_with("coldstart-unsaved-"));
    let lines = fs::read_to_string(exported.expect("no export").path()).unwrap();
    assert!(lines.lines().count() >= 1 && lines.contains("answered"), "{lines}");
}

#[test]
fn without_a_place_to_save_one_learns_and_is_told() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("data"), "a file where a folder should be").unwrap();
    let mut desk = Desk::open(&Start::new(home.path()));
    desk.wait_for("Somebody else's servers");
    desk.wait_for("not saved");
    desk.type_keys("Qs");
    desk.wait_for("Skipped");
    desk.type_keys("\x03");
    assert_eq!(desk.wait_end().0, 0);
    assert!(desk.text().contains("progress is not saved"), "{}", desk.text());
}
