//! `import`: what other systems hand over, read into the register's own files.
//!
//! A form is a file in `import/` and a line in [`FORMS`]. Every form shows first and writes only
//! where it is told to; what it cannot keep it tells.

mod fill;
mod land;
mod oscal;
mod reqif;

use super::args::ImportFormArgs;
use super::context::{Context, Stop, near};
use crate::model::Term;
use crate::text::did_you_mean;

/// A form that can be read.
pub struct Form {
    /// Its name on the command line, `oscal`.
    pub name: &'static str,
    /// What it is.
    pub words: Term,
    /// Reads and, where asked, writes; the exit code.
    pub run: fn(&Context, &ImportFormArgs) -> Result<u8, Stop>,
}

/// Every form, by name.
pub const FORMS: &[Form] = &[
    Form {
        name: "csv", words: Term("填报表（CSV）：各行成为记录", "fill-in tables as CSV: rows become entries"), run: fill::csv
    },
    Form {
        name: "oscal",
        words: Term("OSCAL 目录（JSON）：成为一部政策及其义务", "OSCAL catalogue (JSON): a policy with its obligations"),
        run: oscal::import,
    },
    Form {
        name: "reqif",
        words: Term("ReqIF：规格对象和关系成为义务草稿和依赖", "ReqIF: spec objects and relations become draft obligations and links"),
        run: reqif::import,
    },
    #[cfg(feature = "xlsx")]
    Form { name: "xlsx", words: Term("填报工作簿：各行成为记录", "fill-in workbooks: rows become entries"), run: fill::xlsx },
];

/// The command.
pub fn import(context: &Context, args: &ImportFormArgs) -> Result<u8, Stop> {
    let known = || FORMS.iter().map(|f| f.name);
    let form = FORMS.iter().find(|f| f.name == args.form).ok_or_else(|| {
        let (zh, en) = near(did_you_mean(&args.form, known()), "", "");
        let all = known().collect::<Vec<_>>().join(", ");
        Stop::new(
            (format!("没有可导入的格式 `{}`", args.form), format!("there is no form `{}` to import", args.form)),
            "",
            (format!("{zh}可用：{all}"), format!("{en}{}known: {all}", if en.is_empty() { "" } else { " " })),
        )
    })?;
    (form.run)(context, args)
}
