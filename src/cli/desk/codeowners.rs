//! `codeowners`: whom git asks about which file.

use super::args::CodeownersArgs;
use crate::author::{codeowners, mark};
use crate::cli::context::{Context, Stop, relative};

/// Prints the file, or compares it with one that is there.
pub fn codeowners(context: &Context, args: &CodeownersArgs) -> Result<u8, Stop> {
    let s = context.open()?;
    let own = mark::files(&s.root).map_err(|e| Stop::new("the register's files cannot be read", e.to_string(), "mend this first"))?;
    let own: Vec<String> = own.into_iter().map(|(path, _)| path).collect();
    let home = s.root.canonicalize().unwrap_or_else(|_| s.root.clone());
    let top = home.ancestors().find(|a| a.join(".git").exists()).unwrap_or(&home);
    let mut prefix = relative(top, &home);
    if !prefix.is_empty() {
        prefix.push('/');
    }
    let made = codeowners::make(&s, &own, &prefix, args.owner.as_deref());
    if !made.odd.is_empty() {
        return Err(Stop::new("a handle is neither @team nor a mail address", made.odd.join("\n"), "mend `git` in departments.yaml"));
    }
    if !made.bare.is_empty() {
        eprintln!("duban: {} lead departments have no `git` handle: {}", made.bare.len(), made.bare.join(", "));
    }
    let Some(file) = &args.check else { return context.write(&made.text) };
    let there = std::fs::read_to_string(file)
        .map_err(|e| Stop::new(format!("cannot read {}", file.display()), e.to_string(), "name a CODEOWNERS file"))?;
    if there == made.text {
        return Ok(0);
    }
    context.write(&format!("{}\n{}\n", file.display(), crate::text::difference(&there, &made.text)))?;
    Ok(1)
}
