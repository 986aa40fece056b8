//! The selected obligations as one ReqIF file.

use super::names::{HEADING, OBLIGATION, POLICY, RELATION, Sort, choices};
use super::xml::Xml;
use crate::exchange::ask::{Ask, File, Written};
use crate::exchange::names::Space;
use crate::model::{NeedKind, Obligation, Term, Words, terms as t};
use crate::report::list::invalid_rows;
use std::collections::{BTreeMap, HashSet};

/// The namespaces; 1.2 has the name of 1.0.1.
const SPACES: &[(&str, &str)] =
    &[("xmlns", "http://www.omg.org/spec/ReqIF/20110401/reqif.xsd"), ("xmlns:xhtml", "http://www.w3.org/1999/xhtml")];

/// One file.
pub fn write(ask: &Ask) -> Written {
    let mut xml = Xml::new();
    let obligations = ask.obligations();
    let inside = obligations.iter().map(|i| ask.s.register.obligations[*i].id.as_str()).collect();
    let out = Out { ask, time: time(ask), obligations, inside };
    xml.element("REQ-IF", SPACES, |x| {
        x.element("THE-HEADER", &[], |x| out.header(x));
        x.element("CORE-CONTENT", &[], |x| {
            x.element("REQ-IF-CONTENT", &[], |x| {
                x.element("DATATYPES", &[], |x| out.datatypes(x));
                x.element("SPEC-TYPES", &[], |x| out.types(x));
                x.element("SPEC-OBJECTS", &[], |x| out.objects(x));
                x.element("SPEC-RELATIONS", &[], |x| out.relations(x));
                x.element("SPECIFICATIONS", &[], |x| out.specifications(x));
            });
        });
    });
    Ok(vec![File { name: "register.reqif".into(), bytes: xml.end() }])
}

/// The as-of day in the register's zone: nothing here asks a clock.
fn time(ask: &Ask) -> String {
    format!("{}T00:00:00{}", ask.s.as_of, ask.s.register.settings.time_zone.0)
}

struct Out<'a> {
    ask: &'a Ask<'a>,
    time: String,
    obligations: Vec<usize>,
    /// Their ids.
    inside: HashSet<&'a str>,
}

/// Part ids with the obligations in them, in order, by policy.
type Parts<'a> = Vec<(&'a crate::model::Policy, Vec<(String, Words, Vec<usize>)>)>;

impl<'a> Out<'a> {
    /// The identifier of a thing: a name in XML cannot begin with a digit.
    fn id(&self, what: &[&str]) -> String {
        format!("_{}", Space::of(&self.ask.s.register.settings.unit.code).of_words("reqif", what))
    }
    fn ob(&self, i: usize) -> &'a Obligation {
        &self.ask.s.register.obligations[i].node
    }
    fn say(&self, w: &Words) -> String {
        w.say(self.ask.lang).into_owned()
    }

    /// Who, as of when, what is missing.
    fn header(&self, x: &mut Xml) {
        let f = self.ask.frame("reqif");
        let lost: Vec<String> =
            invalid_rows(self.ask.s).iter().map(|i| format!("{} ({}:{})", i.id.as_deref().unwrap_or("?"), i.file, i.line)).collect();
        let lost = if lost.is_empty() { String::new() } else { format!(": {}", lost.join(", ")) };
        let comment = format!(
            "{}as of {} · data version {} · filter: {} · read {} · valid {} · invalid {}{lost} · filtered out {}",
            if f.sample { format!("【{} / {}】", t::SAMPLE.0, t::SAMPLE.1) } else { String::new() },
            f.as_of,
            f.data_version,
            if f.filter.is_empty() { "none" } else { &f.filter },
            f.read,
            f.valid,
            f.invalid,
            f.filtered_out
        );
        x.element("REQ-IF-HEADER", &[("IDENTIFIER", &self.id(&["header"]))], |x| {
            x.text("COMMENT", &comment);
            x.text("CREATION-TIME", &self.time);
            x.text("REPOSITORY-ID", &f.unit);
            x.text("REQ-IF-TOOL-ID", "duban");
            x.text("REQ-IF-VERSION", "1.0");
            x.text("SOURCE-TOOL-ID", "duban");
            x.text("TITLE", &self.say(&self.ask.s.register.settings.unit.name));
        });
    }

    /// Identifier, time and name: what every element of ReqIF has.
    fn named(&self, x: &mut Xml, element: &str, what: &[&str], name: &str, inside: impl FnOnce(&mut Xml)) {
        let id = self.id(what);
        x.element(element, &[("IDENTIFIER", &id), ("LAST-CHANGE", &self.time), ("LONG-NAME", name)], inside);
    }

    fn datatypes(&self, x: &mut Xml) {
        let plain =
            [("IDENTIFIER", &*self.id(&["type", "text"])), ("LAST-CHANGE", &*self.time), ("LONG-NAME", "text"), ("MAX-LENGTH", "1000000")];
        x.empty("DATATYPE-DEFINITION-STRING", &plain);
        x.empty(
            "DATATYPE-DEFINITION-XHTML",
            &[("IDENTIFIER", &self.id(&["type", "rich"])), ("LAST-CHANGE", &self.time), ("LONG-NAME", "rich")],
        );
        for (name, values) in choices() {
            self.named(x, "DATATYPE-DEFINITION-ENUMERATION", &["type", name], name, |x| {
                x.element("SPECIFIED-VALUES", &[], |x| {
                    for (n, (code, Term(zh, en))) in values.into_iter().enumerate() {
                        let id = self.id(&["value", name, code]);
                        let words = format!("{zh} / {en}");
                        x.element(
                            "ENUM-VALUE",
                            &[("DESC", &words), ("IDENTIFIER", &id), ("LAST-CHANGE", &self.time), ("LONG-NAME", code)],
                            |x| {
                                x.element("PROPERTIES", &[], |x| {
                                    x.empty("EMBEDDED-VALUE", &[("KEY", &n.to_string()), ("OTHER-CONTENT", code)])
                                })
                            },
                        );
                    }
                });
            });
        }
    }

    fn types(&self, x: &mut Xml) {
        for (element, kind, attributes) in [("SPEC-OBJECT-TYPE", "obligation", OBLIGATION), ("SPEC-OBJECT-TYPE", "heading", HEADING)] {
            self.kind(x, element, kind, attributes);
        }
        for kind in NeedKind::ALL {
            self.kind(x, "SPEC-RELATION-TYPE", kind.code(), RELATION);
        }
        self.kind(x, "SPECIFICATION-TYPE", "policy", POLICY);
    }

    fn kind(&self, x: &mut Xml, element: &str, kind: &str, attributes: &[(&str, Sort)]) {
        self.named(x, element, &["kind", kind], kind, |x| {
            x.element("SPEC-ATTRIBUTES", &[], |x| {
                for (name, sort) in attributes {
                    let (word, of) = match sort {
                        Sort::Text => ("STRING", "text"),
                        Sort::Rich => ("XHTML", "rich"),
                        Sort::Choice(of) => ("ENUMERATION", *of),
                    };
                    let id = self.id(&["attribute", kind, name]);
                    let mut all = vec![("IDENTIFIER", &*id), ("LAST-CHANGE", &*self.time), ("LONG-NAME", *name)];
                    if word == "ENUMERATION" {
                        all.push(("MULTI-VALUED", "false"));
                    }
                    x.element(&format!("ATTRIBUTE-DEFINITION-{word}"), &all, |x| {
                        x.element("TYPE", &[], |x| x.text(&format!("DATATYPE-DEFINITION-{word}-REF"), &self.id(&["type", of])));
                    });
                }
            });
        });
    }

    /// Values by attribute name; what is empty is left out.
    fn values(&self, x: &mut Xml, kind: &str, attributes: &[(&str, Sort)], values: &[(&str, String)]) {
        x.element("VALUES", &[], |x| {
            for (name, sort) in attributes {
                let Some((_, value)) = values.iter().find(|(k, v)| k == name && !v.is_empty()) else { continue };
                let definition = self.id(&["attribute", kind, name]);
                let refer = |x: &mut Xml, word: &str| {
                    x.element("DEFINITION", &[], |x| x.text(&format!("ATTRIBUTE-DEFINITION-{word}-REF"), &definition));
                };
                match sort {
                    Sort::Text => x.element("ATTRIBUTE-VALUE-STRING", &[("THE-VALUE", value)], |x| refer(x, "STRING")),
                    Sort::Rich => x.element("ATTRIBUTE-VALUE-XHTML", &[], |x| {
                        refer(x, "XHTML");
                        x.element("THE-VALUE", &[], |x| x.text("xhtml:div", value));
                    }),
                    Sort::Choice(of) => x.element("ATTRIBUTE-VALUE-ENUMERATION", &[], |x| {
                        refer(x, "ENUMERATION");
                        x.element("VALUES", &[], |x| x.text("ENUM-VALUE-REF", &self.id(&["value", of, value])));
                    }),
                }
            }
        });
    }

    /// Policies with their parts and the selected obligations in them; parts without any are left out.
    fn parts(&self) -> Parts<'a> {
        let r = &self.ask.s.register;
        let mut all = Parts::new();
        for p in &r.policies {
            let mut parts = Vec::new();
            for part in &p.policy.parts {
                let inside: Vec<usize> = self.obligations.iter().copied().filter(|o| self.ob(*o).id.part() == part.id.as_str()).collect();
                if !inside.is_empty() {
                    parts.push((part.id.to_string(), part.title.clone(), inside));
                }
            }
            // An obligation whose part nobody declares still belongs to its policy.
            let declared: HashSet<&str> = p.policy.parts.iter().map(|x| x.id.as_str()).collect();
            let mut stray: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for o in self.obligations.iter().copied().filter(|o| self.ob(*o).id.policy() == p.policy.code.as_str()) {
                if !declared.contains(self.ob(o).id.part()) {
                    stray.entry(self.ob(o).id.part()).or_default().push(o);
                }
            }
            parts.extend(stray.into_iter().map(|(id, all)| (id.to_string(), Words::plain(id), all)));
            if !parts.is_empty() {
                all.push((&p.policy, parts));
            }
        }
        all
    }

    fn objects(&self, x: &mut Xml) {
        for (_, parts) in self.parts() {
            for (id, title, inside) in parts {
                self.object(x, &["part", &id], "heading", &self.say(&title), HEADING, &self.heading(&id, &title));
                for ob in inside {
                    let o = self.ob(ob);
                    self.object(x, &["obligation", &o.id], "obligation", &self.say(&o.title), OBLIGATION, &self.obligation(ob));
                }
            }
        }
    }

    fn object(&self, x: &mut Xml, what: &[&str], kind: &str, name: &str, attributes: &[(&str, Sort)], values: &[(&str, String)]) {
        self.named(x, "SPEC-OBJECT", what, name, |x| {
            self.values(x, kind, attributes, values);
            x.element("TYPE", &[], |x| x.text("SPEC-OBJECT-TYPE-REF", &self.id(&["kind", kind])));
        });
    }

    fn heading(&self, id: &str, title: &Words) -> Vec<(&'static str, String)> {
        let mut all =
            vec![(super::names::ID, id.to_string()), (super::names::CHAPTER, self.say(title)), (super::names::NAME, self.say(title))];
        all.extend(pair(["title.zh", "title.en"], title));
        all
    }

    fn obligation(&self, ob: usize) -> Vec<(&'static str, String)> {
        let (o, owner) = (self.ob(ob), &self.ask.s.roster.owners[ob]);
        let (status, light) = self.ask.s.folded.obligations[ob];
        let outside = o.needs.iter().filter(|n| !self.inside.contains(n.on.as_str())).map(|n| format!("{} {}", n.kind.code(), n.on));
        let list = |all: &[crate::model::UnitId]| all.iter().map(|x| x.as_str()).collect::<Vec<_>>().join("; ");
        let mut all = vec![
            (super::names::ID, o.id.to_string()),
            (super::names::NAME, self.say(&o.title)),
            (super::names::TEXT, self.say(&o.requirement)),
            ("kind", o.kind.code().into()),
            ("modality", o.modality.code().into()),
            ("recurrence", o.recurrence.code().into()),
            ("lead", list(&owner.lead)),
            ("support", list(&owner.support)),
            ("status", status.code().into()),
            ("light", light.code().into()),
            ("due", self.due(ob)),
            ("source", o.source.as_ref().map_or(String::new(), |s| s.at.to_string())),
            ("needs.outside", outside.collect::<Vec<_>>().join("; ")),
        ];
        all.extend(pair(["title.zh", "title.en"], &o.title));
        all.extend(pair(["requirement.zh", "requirement.en"], &o.requirement));
        all
    }

    /// The due date; where several lead with different ones, each with its department.
    fn due(&self, ob: usize) -> String {
        let of = |d: usize| self.ask.s.folded.states[d].due.map_or(String::new(), |d| d.to_string());
        let range = self.ask.s.roster.of(ob);
        let first = of(range.start);
        if range.clone().all(|d| of(d) == first) {
            return first;
        }
        let dept = |d: usize| self.ask.s.roster.duties[d].dept.as_deref().unwrap_or("-").to_string();
        range.filter(|d| !of(*d).is_empty()).map(|d| format!("{} {}", dept(d), of(d))).collect::<Vec<_>>().join("; ")
    }

    fn relations(&self, x: &mut Xml) {
        for ob in &self.obligations {
            let o = self.ob(*ob);
            for (n, need) in o.needs.iter().enumerate().filter(|(_, n)| self.inside.contains(n.on.as_str())) {
                let kind = need.kind.code();
                // Written twice, a link is there twice.
                let nth = o.needs[..n].iter().filter(|m| m.on == need.on && m.kind == need.kind).count().to_string();
                self.named(x, "SPEC-RELATION", &["need", &o.id, kind, &need.on, &nth], kind, |x| {
                    self.values(x, kind, RELATION, &pair(["why.zh", "why.en"], &need.why.clone().unwrap_or_default()));
                    x.element("SOURCE", &[], |x| x.text("SPEC-OBJECT-REF", &self.id(&["obligation", &o.id])));
                    x.element("TARGET", &[], |x| x.text("SPEC-OBJECT-REF", &self.id(&["obligation", &need.on])));
                    x.element("TYPE", &[], |x| x.text("SPEC-RELATION-TYPE-REF", &self.id(&["kind", kind])));
                });
            }
        }
    }

    fn specifications(&self, x: &mut Xml) {
        for (policy, parts) in self.parts() {
            self.named(x, "SPECIFICATION", &["policy", &policy.code], &self.say(&policy.title), |x| {
                let mut values = vec![(super::names::ID, policy.code.to_string()), (super::names::NAME, self.say(&policy.title))];
                values.extend(pair(["title.zh", "title.en"], &policy.title));
                self.values(x, "policy", POLICY, &values);
                x.element("TYPE", &[], |x| x.text("SPECIFICATION-TYPE-REF", &self.id(&["kind", "policy"])));
                x.element("CHILDREN", &[], |x| {
                    for (id, _, inside) in &parts {
                        self.place(x, &["part", id], |x| {
                            x.element("CHILDREN", &[], |x| {
                                inside.iter().for_each(|o| self.place(x, &["obligation", &self.ob(*o).id], |_| ()))
                            });
                        });
                    }
                });
            });
        }
    }

    /// A place in the hierarchy with the object that stands there.
    fn place(&self, x: &mut Xml, what: &[&str], below: impl FnOnce(&mut Xml)) {
        let id = self.id(&[&["place"], what].concat());
        x.element("SPEC-HIERARCHY", &[("IDENTIFIER", &id), ("LAST-CHANGE", &self.time)], |x| {
            x.element("OBJECT", &[], |x| x.text("SPEC-OBJECT-REF", &self.id(what)));
            below(x);
        });
    }
}

/// The words of both languages under their names.
fn pair(keys: [&'static str; 2], w: &Words) -> [(&'static str, String); 2] {
    let text = |x: &Option<Box<str>>| x.as_deref().unwrap_or("").to_string();
    [(keys[0], text(&w.zh)), (keys[1], text(&w.en))]
}
