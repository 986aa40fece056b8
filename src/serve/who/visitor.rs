//! Who asks, as pages see it.

use crate::model::{Register, Role};

/// A post that is signed in.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The post, as people.yaml names it.
    pub post: String,
    /// Its department's present id; none where people.yaml gives none.
    pub dept: Option<String>,
    /// Its roles.
    pub roles: Vec<Role>,
    /// What every form of this session carries.
    pub csrf: String,
    /// The session's key in the store.
    pub session: String,
}

impl Visitor {
    /// A post of the register; `None` where people.yaml does not know it.
    pub fn of(register: &Register, post: &str, csrf: String, session: String) -> Option<Visitor> {
        let person = register.people.iter().flatten().find(|p| p.post.as_str() == post)?;
        let dept = person.department.as_ref().map(|d| register.current(d).to_string());
        Some(Visitor { post: post.into(), dept, roles: person.roles.to_vec(), csrf, session })
    }

    /// Has it one of these roles?
    pub fn is(&self, any: &[Role]) -> bool {
        self.roles.iter().any(|r| any.contains(r))
    }
}
