//! A line in the form in which this program writes it, read in place.
//!
//! The general reader of JSON asks of every byte what it might be: a fifth of what `status` cost.
//! A line that was written here has its keys in the order of [`crate::model::Entry`], no spaces
//! and mostly no escapes, and there one look for the next quotation mark is enough. Whatever else
//! JSON allows (another order, a space, an escape, `null`, a number with an exponent) and
//! whatever it forbids is `None` here and left to the general reader: this one never refuses a
//! line, and takes none that the other would read otherwise (tests below).

use super::line::{Line, Piece, Print, Said, Saw};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

/// The line, if it is in that form. `text` is what [`crate::log::lines::split`] took apart.
pub fn read(text: &str) -> Option<Line<'_>> {
    // Without a way out, so that many bytes are looked at in one step. Where there is no escape,
    // a text ends at the next quotation mark; a control character is forbidden in a text, and
    // outside of texts nobody here writes one.
    if text.bytes().fold(false, |found, b| found | (b == b'\\') | (b < 0x20)) {
        return None;
    }
    let mut rest = Rest(text);
    let line = Line {
        seq: rest.must("{\"seq\":", Rest::number)?,
        at: rest.must(",\"at\":", Rest::text)?,
        by: rest.must(",\"by\":", Rest::text)?,
        dept: rest.must(",\"dept\":", Rest::text)?,
        duty: rest.must(",\"duty\":", Rest::text)?,
        via: rest.may(",\"via\":", Rest::said)?,
        event: rest.must(",\"event\":", Rest::word)?,
        agreed: rest.may(",\"agreed\":", Rest::text)?,
        percent: rest.may(",\"percent\":", Rest::small)?,
        day: rest.may(",\"day\":", Rest::word)?,
        until: rest.may(",\"until\":", Rest::word)?,
        indicator: rest.may(",\"indicator\":", Rest::said)?,
        value: rest.may(",\"value\":", Rest::said)?,
        note: rest.may(",\"note\":", Rest::said)?,
        issues: rest.may(",\"issues\":", Rest::said)?,
        next: rest.may(",\"next\":", Rest::said)?,
        reason: rest.may(",\"reason\":", Rest::said)?,
        reference: rest.may(",\"ref\":", Rest::text)?,
        nil: rest.may(",\"nil\":", Rest::truth)?,
        release: rest.may(",\"release\":", Rest::said)?,
        fp: rest.may(",\"fp\":", Rest::print)?,
        evidence: rest.may(",\"evidence\":", Rest::pieces)?.unwrap_or_default(),
        fixes: rest.may(",\"fixes\":", Rest::text)?,
        key: rest.may(",\"key\":", Rest::said)?,
        clock: rest.may(",\"clock\":", Rest::said)?,
        saw: rest.may(",\"saw\":", Rest::saw)?.unwrap_or_default(),
        h: rest.must(",\"h\":", Rest::text)?,
    };
    rest.eat("}")?;
    rest.0.is_empty().then_some(line)
}

/// What has not been read yet.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    #[inline(always)]
    fn eat(&mut self, what: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(what)?;
        Some(())
    }

    /// The value of a key that must be the next one. The key comes with all its marks: it is
    /// known when this is compiled, and compared in one or two steps.
    #[inline(always)]
    fn must<T>(&mut self, key: &str, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.eat(key)?;
        read(self)
    }

    /// The value of a key, if it is the next one.
    #[inline(always)]
    fn may<T>(&mut self, key: &str, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.eat(key) {
            Some(()) => read(self).map(Some),
            None => Some(None),
        }
    }

    fn text(&mut self) -> Option<&'a str> {
        let inside = self.0.strip_prefix('"')?;
        let end = memchr::memchr(b'"', inside.as_bytes())?;
        self.0 = &inside[end + 1..];
        Some(&inside[..end])
    }

    fn said(&mut self) -> Option<Said> {
        self.text().map(|_| Said)
    }

    /// A text, as the type means it that reads it from JSON.
    fn word<T: Deserialize<'a>>(&mut self) -> Option<T> {
        let reader: StrDeserializer<'a, Error> = self.text()?.into_deserializer();
        T::deserialize(reader).ok()
    }

    /// A whole number of at most eighteen digits, as JSON writes it.
    fn number(&mut self) -> Option<u64> {
        let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (number, left) = self.0.split_at(digits);
        if digits == 0 || digits > 18 || digits > 1 && number.starts_with('0') {
            return None;
        }
        self.0 = left;
        Some(number.bytes().fold(0, |n, b| n * 10 + u64::from(b - b'0')))
    }

    fn small<T: TryFrom<u64>>(&mut self) -> Option<T> {
        self.number()?.try_into().ok()
    }

    fn truth(&mut self) -> Option<bool> {
        self.eat("true").map(|()| true).or_else(|| self.eat("false").map(|()| false))
    }

    fn print(&mut self) -> Option<Print> {
        let print = Print {
            recipe: self.must("{\"recipe\":", Rest::small)?,
            requirement: self.must(",\"requirement\":", Rest::said)?,
            modality: self.must(",\"modality\":", Rest::said)?,
            owner: self.must(",\"owner\":", Rest::said)?,
            needs: self.must(",\"needs\":", Rest::said)?,
        };
        self.eat("}").map(|()| print)
    }

    /// At least one: nobody writes an empty list.
    fn pieces(&mut self) -> Option<Vec<Piece<'a>>> {
        let mut all = Vec::new();
        self.eat("[")?;
        loop {
            all.push(Piece {
                kind: self.must("{\"type\":", Rest::text)?,
                name: self.must(",\"name\":", Rest::said)?,
                number: self.may(",\"number\":", Rest::said)?,
                date: self.must(",\"date\":", Rest::word)?,
                place: self.may(",\"place\":", Rest::said)?,
                sha256: self.may(",\"sha256\":", Rest::said)?,
                size: self.may(",\"size\":", Rest::number)?,
                class: self.may(",\"class\":", Rest::word)?,
            });
            self.eat("}")?;
            if self.eat("]").is_some() {
                return Some(all);
            }
            self.eat(",")?;
        }
    }

    fn saw(&mut self) -> Option<Saw<'a>> {
        let mut all = Vec::new();
        self.eat("{")?;
        loop {
            let name = self.text()?;
            self.eat(":")?;
            all.push((name, self.text()?));
            if self.eat("}").is_some() {
                return Some(Saw(all));
            }
            self.eat(",")?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::lines::split;
    use proptest::prelude::*;

    const FULL: &str = concat!(
        r#"{"seq":12,"at":"2026-11-23T09:30:00.000+08:00","by":"officer-miit","dept":"DEP-MIIT","duty":"OPN-3.18","via":"DEP-CAC","#,
        r#""event":"progress","agreed":"director-miit","percent":40,"day":"2026-11-22","until":"2026-12-31","indicator":"K1","#,
        r#""value":"3.50","note":"办法已印发","issues":"无","next":"督查","reason":"r","ref":"AAAAAAAAAAAAAAAAAAAAAA","nil":true,"#,
        r#""release":"x","fp":{"recipe":1,"requirement":"a","modality":"b","owner":"c","needs":"d"},"#,
        r#""evidence":[{"type":"policy-doc","name":"办法","number":"〔2026〕7号","date":"2026-11-20","place":"p","sha256":"00","#,
        r#""size":120,"class":"内部"},{"type":"stat-report","name":"n","date":"2026-11-21"}],"fixes":"BBBBBBBBBBBBBBBBBBBBBB","#,
        r#""key":"k","clock":"2026-11-22T09:30:00.000+08:00","saw":{"DEP-CAC/f":"3:CCCCCCCCCCCCCCCCCCCCCC","g":"1:D"},"#,
        r#""h":"EEEEEEEEEEEEEEEEEEEEEE"}"#
    );

    /// What both readers make of a line: the quick one may pass, and never differ.
    fn agree(text: &str) -> bool {
        let general = serde_json::from_str::<Line>(text);
        match read(text) {
            None => false,
            Some(line) => {
                assert_eq!(format!("{line:?}"), format!("{:?}", general.expect(text)), "{text}");
                true
            }
        }
    }

    #[test]
    fn every_key_is_known_and_each_may_be_missing() {
        assert!(agree(FULL));
        // The keys of the full line, so that one added to the type is missed here.
        let value: serde_json::Map<String, serde_json::Value> = serde_json::from_str(FULL).unwrap();
        assert_eq!(serde_json::to_value(serde_json::from_str::<crate::model::Entry>(FULL).unwrap()).unwrap().as_object().unwrap(), &value);
        for optional in ["via", "agreed", "percent", "day", "until", "note", "ref", "nil", "fp", "evidence", "fixes", "key", "saw"] {
            let from = FULL.find(&format!(",\"{optional}\":")).unwrap();
            let open = from + optional.len() + 4;
            let value = serde_json::Deserializer::from_str(&FULL[open..]).into_iter::<serde_json::Value>().next().unwrap().unwrap();
            let to = open + serde_json::to_string(&value).unwrap().len();
            assert!(agree(&[&FULL[..from], &FULL[to..]].concat()), "without {optional}");
        }
    }

    #[test]
    fn the_lines_of_the_shipped_log_are_read_quickly() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("obligations/sample-city/log");
        let (mut quick, mut all) = (0, 0);
        for dept in std::fs::read_dir(root).unwrap() {
            for file in std::fs::read_dir(dept.unwrap().path()).into_iter().flatten() {
                let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
                for line in text.lines().skip(1) {
                    split(line.as_bytes()).unwrap();
                    quick += usize::from(agree(line));
                    all += 1;
                }
            }
        }
        assert!(all > 500 && quick == all, "{quick} of {all}");
    }

    #[test]
    fn what_another_hand_wrote_is_left_to_the_general_reader() {
        for (what, with) in [
            ("\"seq\":12", "\"seq\": 12"),
            ("\"seq\":12", "\"seq\":012"),
            ("\"seq\":12", "\"seq\":1e1"),
            ("\"percent\":40", "\"percent\":256"),
            ("\"percent\":40", "\"percent\":null"),
            ("\"percent\":40", "\"percent\":40.0"),
            ("办法已印发", "办法\\n已印发"),
            ("办法已印发", "办法\t已印发"),
            ("\"nil\":true", "\"nil\":tru"),
            ("\"note\":\"办法已印发\",", "\"note\":\"a\",\"note\":\"b\","),
            ("\"event\":\"progress\"", "\"event\":\"progres\""),
            ("\"day\":\"2026-11-22\"", "\"day\":\"2026-11-31\""),
            ("\"issues\":\"无\",\"next\":\"督查\"", "\"next\":\"督查\",\"issues\":\"无\""),
            ("\"key\":\"k\"", "\"key\":\"k\",\"\":\"k\""),
            ("\"size\":120,", "\"size\":120,\"sizes\":1,"),
            ("\"saw\":{", "\"saw\":{},\"saw\":{"),
        ] {
            assert!(FULL.contains(what), "{what}");
            assert!(!agree(&FULL.replacen(what, with, 1)), "{with}");
        }
        for end in 0..FULL.len() {
            assert!(FULL.get(..end).is_none_or(|cut| !agree(cut)));
        }
        assert!(!agree(&format!("{FULL} ")) && !agree(&format!("{FULL}}}")));
    }

    proptest! {
        /// A line with anything changed, put in or left out is read as the general reader reads it, or not.
        #[test]
        fn never_otherwise_than_the_general_reader(
            cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0usize..12, "[\\\\\"{}:,0-9a-z\\[\\] \\-]{0,6}"), 1..4)
        ) {
            let mut text = FULL.to_string();
            for (at, gone, put) in cuts {
                let places: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
                let at = at.index(places.len());
                text.replace_range(places[at]..places[(at + gone).min(places.len() - 1)], &put);
            }
            agree(&text);
        }
    }
}
