//! What a learner who knows nothing gets by guessing, as lines to print.
//!
//! ```text
//! 48 questions with one right choice, 8 with several; 231 choices in all
//!   the longest is right     11 of 48   23 %   by chance 27 %
//!   the shortest is right    14 of 48   29 %   by chance 27 %
//!   mean length              right 43 characters, wrong 43
//!   the right one stands at  a 12  b 14  c 11  d 11   by chance 12 each
//! ```

use crate::course::tells::{Guess, Tells};
use crate::quiz::numeric::{as_f64, counted, number_text};
use crate::quiz::shown::letter;

/// The lines about `tells`; none where nothing is answered by choosing.
pub(super) fn lines(tells: &Tells) -> Vec<String> {
    if tells.is_empty() {
        return Vec::new();
    }
    let asked = match (tells.single, tells.multiple) {
        (0, several) => format!("{} with several right choices", counted(several, "question")),
        (one, 0) => format!("{} with one right choice", counted(one, "question")),
        (one, several) => {
            format!("{} with one right choice, {several} with several", counted(one, "question"))
        }
    };
    let mut lines = vec![format!("{asked}; {} choices in all", tells.choices)];
    let mut say = |what: &str, said: &str| lines.push(format!("  {what:<23}  {said}"));
    if tells.single > 0 {
        say("the longest is right", &guess(&tells.longest, tells.single));
        say("the shortest is right", &guess(&tells.shortest, tells.single));
    }
    let [right, wrong] = tells.mean_cells();
    say("mean length", &format!("right {right:.0} characters, wrong {wrong:.0}"));
    if tells.single > 0 {
        say("the right one stands at", &places(tells));
    }
    lines
}

fn guess(guess: &Guess, of: usize) -> String {
    let right = format!("{} of {of}", guess.right);
    let pays = if guess.pays() { ": it pays to guess so" } else { "" };
    let [is, chance] = [as_f64(guess.right), guess.by_chance].map(|count| percent(count, of));
    format!("{right:<10} {is:>3} %   by chance {chance:.0} %{pays}")
}

/// How often each letter is right, as learners see it.
fn places(tells: &Tells) -> String {
    let places = tells.places.iter().enumerate();
    let counts: Vec<String> =
        places.map(|(place, guess)| format!("{} {}", letter(place), guess.right)).collect();
    let by_chance = |guess: &Guess| number_text((guess.by_chance * 10.0).round() / 10.0);
    let chances: Vec<String> = tells.places.iter().map(by_chance).collect();
    let chances = match chances.as_slice() {
        [first, rest @ ..] if !rest.is_empty() && rest.iter().all(|chance| chance == first) => {
            format!("{first} each")
        }
        chances => chances.join(", "),
    };
    let uneven = if tells.is_uneven() == Some(true) { ": uneven" } else { "" };
    format!("{}   by chance {chances}{uneven}", counts.join("  "))
}

fn percent(count: f64, of: usize) -> f64 {
    (count * 100.0 / as_f64(of.max(1))).round()
}
