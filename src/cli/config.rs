//! The learner's own keys and themes, which are files in a folder of the platform.

use std::path::{Path, PathBuf};
use std::{fs, io};

use etcetera::BaseStrategy as _;

use crate::diagnostic::Position;
use crate::keymap::Keymap;
use crate::sanitize;
use crate::theme::{Depth, Theme};

/// The file of the learner's own keys, whether it is there or not.
pub(super) fn keymap_file() -> Option<PathBuf> {
    Some(folder()?.join("keymap.toml"))
}

/// The folder of the learner's own themes, whether it is there or not.
pub(super) fn themes_folder() -> Option<PathBuf> {
    Some(folder()?.join("themes"))
}

fn folder() -> Option<PathBuf> {
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.config_dir().join("coldstart"))
}

/// The keys that come with the program, with the learner's changes; what is wrong with those goes
/// to `remarks`.
pub(super) fn keymap(remarks: &mut Vec<String>) -> Keymap {
    let keymap = Keymap::default();
    let Some((path, text)) = keymap_file().and_then(|path| read(path, remarks)) else {
        return keymap;
    };
    let (keymap, diagnostics) = keymap.with_file(&path.to_string_lossy(), &text);
    if let Some(first) = diagnostics.first() {
        let place = Position::of(&text, first.span.start);
        remarks.push(remark(&path, &format!("{place}: {}", first.message)));
    }
    keymap
}

/// The themes that come with the program, and the learner's own; what is wrong with those goes to
/// `remarks`.
pub(super) fn themes(depth: Depth, remarks: &mut Vec<String>) -> Vec<Theme> {
    let mut themes = Theme::built_in(depth);
    let Some(entries) = themes_folder().and_then(|folder| fs::read_dir(folder).ok()) else {
        return themes;
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    for path in paths {
        let Some((path, text)) = read(path, remarks) else { continue };
        match Theme::parse(&path.to_string_lossy(), &text, depth) {
            Ok(theme) => {
                themes.retain(|known| known.name != theme.name);
                themes.push(theme);
            }
            Err(fault) => {
                let place = Position::of(&text, fault.span.start);
                remarks.push(remark(&path, &format!("{place}: {}", fault.message)));
            }
        }
    }
    themes
}

/// The text of a file that need not be there.
fn read(path: PathBuf, remarks: &mut Vec<String>) -> Option<(PathBuf, String)> {
    match fs::read_to_string(&path) {
        Ok(text) => Some((path, text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            remarks.push(remark(&path, &error.to_string()));
            None
        }
    }
}

fn remark(path: &Path, what: &str) -> String {
    sanitize::line(&format!("{}: {what}", path.display())).into_owned()
}
