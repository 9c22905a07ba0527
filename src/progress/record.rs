//! One thing that a learner did, for ever: the unit that is stored, exported and merged.
//!
//! A record's canonical text is one line of JSON with the keys of every object sorted:
//! `{"at":…,"course":"…","device":"…","kind":{"type":"read",…},"seq":…,"v":1}`. Two records are
//! the same if their canonical texts are; checksums are taken over it. Kinds and fields of newer
//! versions are kept as they came.

use std::{cmp::Ordering, collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{Place, StoredResponse, Time};
use crate::quiz::Confidence;

/// The version of the canonical text; a reader refuses lines with a greater one.
pub const RECORD_VERSION: u64 = 1;

/// A random name for one run of the program on one machine: with a sequence that counts from 1 it
/// makes records unique without anybody to ask. Written as 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Device(pub u64);

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl std::str::FromStr for Device {
    type Err = std::num::ParseIntError;

    fn from_str(digits: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(digits, 16).map(Self)
    }
}

/// A record.
#[derive(Clone, Debug)]
pub struct Record {
    /// Who wrote it.
    pub device: Device,
    /// The how-manieth of that device, from 1.
    pub seq: u64,
    /// When, by that device's clock.
    pub at: Time,
    /// What happened.
    pub kind: RecordKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordKind {
    /// The learner is at this place in a lesson.
    Placed(Place),
    /// The last line of a lesson was reached.
    Read {
        /// The lesson's id.
        lesson: String,
    },
    /// A question was answered or skipped.
    Answered(Box<Answered>),
    /// A prediction was made before a simulation.
    Predicted(Predicted),
    /// A simulation was run to its end.
    Simulated(Simulated),
    /// A note was made, changed or deleted.
    Noted(Noted),
    /// A bookmark was set or taken away.
    Bookmarked(Bookmarked),
    /// The lesson's test was passed without reading it.
    TestedOut {
        /// The lesson's id.
        lesson: String,
    },
    /// What comes before it, in fold order, no longer counts.
    Reset {
        /// Only this lesson; `None`: everything.
        lesson: Option<String>,
    },
    /// Something that a newer version knows: kept, exported, left out of the fold.
    Unknown {
        /// The kind's canonical JSON.
        json: String,
    },
}

/// An answer to a question and how it was graded; it is never graded again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// The question's id.
    pub question: String,
    /// The question's revision at the time.
    pub rev: u32,
    /// The quiz's id; `None` for a check in the flow of a lesson, which counts for objectives only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiz: Option<String>,
    /// The lesson's id whose quiz it is, or in which it stands; `None` for a quiz of no lesson.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesson: Option<String>,
    /// The objective that it measures, as `lesson#objective`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objective: Option<String>,
    /// The how-manieth attempt at the quiz, from 1; it orders the choices.
    pub attempt: u32,
    /// A further try at a question after its verdict, in the same attempt: it counts for the
    /// objective and leaves the attempt's score alone.
    #[serde(default, skip_serializing_if = "is_false")]
    pub retry: bool,
    /// How many questions the attempt has.
    pub of: u32,
    /// The share of the score that passes the quiz, 0 to 1.
    #[serde(with = "finite")]
    pub pass: f64,
    /// What was answered.
    pub response: StoredResponse,
    /// 0 to 1.
    #[serde(with = "finite")]
    pub score: f64,
    /// How sure the learner was, if they said it.
    #[serde(default, with = "confidence", skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// How many hints were open.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub hints: u32,
    /// The seed asked for on the command line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// The values drawn for the question's params.
    #[serde(default, with = "finite_map", skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, f64>,
}

/// A prediction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predicted {
    /// The scenario's id.
    pub scenario: String,
    /// The lesson's id in which it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesson: Option<String>,
    /// The metric predicted.
    pub metric: String,
    /// The number said, in the metric's own unit.
    #[serde(with = "finite")]
    pub value: f64,
    /// How far it was above the truth, in the metric's own unit; `None` where the runs gave none.
    #[serde(default, skip_serializing_if = "is_no_number")]
    pub error: Option<f64>,
    /// How sure the learner was, if they said it.
    #[serde(default, with = "confidence", skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
}

/// A run of a simulation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Simulated {
    /// The scenario's id.
    pub scenario: String,
    /// The lesson's id in which it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesson: Option<String>,
    /// The seed of the run.
    pub seed: u64,
    /// The params that were turned, as written on a command line.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
    /// What came out, by metric.
    #[serde(default, with = "finite_map", skip_serializing_if = "BTreeMap::is_empty")]
    pub metrics: BTreeMap<String, f64>,
}

/// A note made, changed or deleted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Noted {
    /// The note that is changed or deleted; `None` makes a new one, named after its record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<NoteId>,
    /// The place it belongs to.
    pub place: Place,
    /// The text from now on; `None` deletes the note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A bookmark set or taken away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bookmarked {
    /// Where; to take one away, exactly the place with which it was set.
    pub place: Place,
    /// Set, or taken away.
    pub set: bool,
}

/// The name of a note: the device and sequence of the record that made it, as `device-seq`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoteId {
    /// The record's device.
    pub device: Device,
    /// The record's sequence.
    pub seq: u64,
}

impl fmt::Display for NoteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.device, self.seq)
    }
}

impl Serialize for NoteId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for NoteId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let parsed = name.split_once('-').and_then(|(device, seq)| {
            Some(Self { device: device.parse().ok()?, seq: seq.parse().ok()? })
        });
        parsed.ok_or_else(|| serde::de::Error::custom("a note is named device-sequence"))
    }
}

impl RecordKind {
    /// The lesson it belongs to, if to one.
    pub fn lesson(&self) -> Option<&str> {
        match self {
            Self::Placed(place) => Some(&place.lesson),
            Self::Read { lesson } | Self::TestedOut { lesson } => Some(lesson),
            Self::Answered(answered) => answered.lesson.as_deref(),
            Self::Predicted(predicted) => predicted.lesson.as_deref(),
            Self::Simulated(simulated) => simulated.lesson.as_deref(),
            Self::Noted(noted) => Some(&noted.place.lesson),
            Self::Bookmarked(bookmarked) => Some(&bookmarked.place.lesson),
            Self::Reset { lesson } => lesson.as_deref(),
            Self::Unknown { .. } => None,
        }
    }

    /// Its canonical JSON.
    pub fn to_json(&self) -> String {
        if let Self::Unknown { json } = self {
            return json.clone();
        }
        let mut out = String::new();
        write_sorted(&self.to_value(), &mut out);
        out
    }

    /// Reads a kind; one that is not known, or not in this shape, is kept as
    /// [`RecordKind::Unknown`]. `None` if `json` is no JSON object.
    pub fn from_json(json: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(json).ok()?;
        value.is_object().then(|| Self::from_value(&value))
    }

    fn to_value(&self) -> Value {
        let (name, body) = match self {
            Self::Placed(place) => ("placed", serde_json::to_value(place)),
            Self::Read { lesson } => ("read", Ok(serde_json::json!({ "lesson": lesson }))),
            Self::Answered(answered) => ("answered", serde_json::to_value(answered)),
            Self::Predicted(predicted) => ("predicted", serde_json::to_value(predicted)),
            Self::Simulated(simulated) => ("simulated", serde_json::to_value(simulated)),
            Self::Noted(noted) => ("noted", serde_json::to_value(noted)),
            Self::Bookmarked(bookmarked) => ("bookmarked", serde_json::to_value(bookmarked)),
            Self::TestedOut { lesson } => {
                ("tested-out", Ok(serde_json::json!({ "lesson": lesson })))
            }
            Self::Reset { lesson: Some(lesson) } => {
                ("reset", Ok(serde_json::json!({ "lesson": lesson })))
            }
            Self::Reset { lesson: None } => ("reset", Ok(serde_json::json!({}))),
            Self::Unknown { json } => return serde_json::from_str(json).unwrap_or(Value::Null),
        };
        let mut body = body.unwrap_or(Value::Null);
        if let Value::Object(fields) = &mut body {
            fields.insert("type".to_owned(), Value::from(name));
        }
        body
    }

    fn from_value(value: &Value) -> Self {
        #[derive(Deserialize)]
        struct OfLesson {
            lesson: String,
        }
        #[derive(Deserialize)]
        struct OfAny {
            #[serde(default)]
            lesson: Option<String>,
        }
        let read = |value: &Value| -> Option<Self> {
            Some(match value.get("type")?.as_str()? {
                "placed" => Self::Placed(Place::deserialize(value).ok()?),
                "read" => Self::Read { lesson: OfLesson::deserialize(value).ok()?.lesson },
                "answered" => Self::Answered(Box::new(Answered::deserialize(value).ok()?)),
                "predicted" => Self::Predicted(Predicted::deserialize(value).ok()?),
                "simulated" => Self::Simulated(Simulated::deserialize(value).ok()?),
                "noted" => Self::Noted(Noted::deserialize(value).ok()?),
                "bookmarked" => Self::Bookmarked(Bookmarked::deserialize(value).ok()?),
                "tested-out" => {
                    Self::TestedOut { lesson: OfLesson::deserialize(value).ok()?.lesson }
                }
                "reset" => Self::Reset { lesson: OfAny::deserialize(value).ok()?.lesson },
                _ => return None,
            })
        };
        read(value).unwrap_or_else(|| {
            let mut json = String::new();
            write_sorted(value, &mut json);
            Self::Unknown { json }
        })
    }
}

impl Record {
    /// The canonical text of the record as one of `course`; no line's end.
    pub fn to_line(&self, course: &str) -> String {
        line_of(
            &Head { course, device: self.device, seq: self.seq, at: self.at },
            &self.kind_json(),
        )
    }

    /// The kind's canonical JSON.
    pub fn kind_json(&self) -> String {
        self.kind.to_json()
    }

    fn key(&self) -> (Time, Device, u64) {
        (self.at, self.device, self.seq)
    }
}

/// What stands beside the kind in a record's canonical text.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// The course's id.
    pub course: &'a str,
    /// The record's device.
    pub device: Device,
    /// The record's sequence.
    pub seq: u64,
    /// The record's time.
    pub at: Time,
}

/// The canonical text of a record whose kind's canonical JSON is `kind`.
pub fn line_of(head: &Head<'_>, kind: &str) -> String {
    format!(
        r#"{{"at":{},"course":{},"device":"{}","kind":{kind},"seq":{},"v":{RECORD_VERSION}}}"#,
        head.at.0,
        Value::from(head.course),
        head.device,
        head.seq
    )
}

/// `value` as JSON without white space, the keys of every object sorted.
pub fn write_sorted(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            let sorted: BTreeMap<&String, &Value> = fields.iter().collect();
            out.push('{');
            for (index, (key, value)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write_sorted(value, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_sorted(item, out);
            }
            out.push(']');
        }
        leaf => out.push_str(&leaf.to_string()),
    }
}

/// Fold order: time, device, sequence; what is the same in all three is told apart by its text.
impl Ord for Record {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key()).then_with(|| self.kind_json().cmp(&other.kind_json()))
    }
}

impl PartialOrd for Record {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Record {}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

#[expect(clippy::ref_option, reason = "serde calls it with a reference")]
fn is_no_number(value: &Option<f64>) -> bool {
    !value.is_some_and(f64::is_finite)
}

/// Numbers that may come out of arithmetic: what is not finite is written as 0, so that no record
/// can be written that cannot be read.
pub(super) mod finite {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub(crate) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(if value.is_finite() { *value } else { 0.0 })
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        f64::deserialize(from)
    }
}

/// The same for a map: entries that are not finite are left out.
mod finite_map {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        map: &BTreeMap<String, f64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(map.iter().filter(|(_, value)| value.is_finite()))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<String, f64>, D::Error> {
        BTreeMap::deserialize(from)
    }
}

/// `guess`, `think-so`, `sure`.
mod confidence {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::quiz::Confidence;

    #[expect(
        clippy::ref_option,
        clippy::trivially_copy_pass_by_ref,
        reason = "serde calls it with a reference"
    )]
    pub(super) fn serialize<S: Serializer>(
        value: &Option<Confidence>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            None => serializer.serialize_none(),
            Some(Confidence::Guess) => serializer.serialize_str("guess"),
            Some(Confidence::ThinkSo) => serializer.serialize_str("think-so"),
            Some(Confidence::Sure) => serializer.serialize_str("sure"),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Confidence>, D::Error> {
        Ok(match Option::<String>::deserialize(from)?.as_deref() {
            Some("guess") => Some(Confidence::Guess),
            Some("think-so") => Some(Confidence::ThinkSo),
            Some("sure") => Some(Confidence::Sure),
            _ => None,
        })
    }
}
