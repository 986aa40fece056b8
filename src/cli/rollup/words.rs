//! How these commands speak.

use crate::cli::context::Stop;
use crate::model::Lang;
use crate::rollup::error::Error;

/// Trouble in the roll-up's room, as a command tells it.
pub fn told(lang: Lang) -> impl Fn(Error) -> Stop {
    move |e| Stop::new(e.at.clone(), e.what.say(lang), e.todo.say(lang))
}

/// The sentence in the language asked for.
pub fn say(lang: Lang, zh: String, en: String) -> String {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
        Lang::Both => format!("{zh} {en}"),
    }
}
