//! What can go wrong, in words for whoever asked for the file.

/// Why there is no workbook.
#[derive(Debug, thiserror::Error)]
pub enum XlsxError {
    /// No page was given.
    #[error("a workbook needs at least one page")]
    Empty,
    /// More text than a cell holds. It is not cut: the reader would not know.
    #[error(
        "sheet {sheet}, {place}: {chars} characters, but a cell of a workbook holds 32,767; shorten the text, leave the column out, or use another format"
    )]
    TooLong {
        /// Name of the sheet.
        sheet: String,
        /// Cell as a spreadsheet names it, `C7`.
        place: String,
        /// How long it is.
        chars: usize,
    },
    /// More rows than a sheet holds.
    #[error("sheet {sheet}: {rows} rows, but a sheet of a workbook holds 1,048,576; use a filter or another format")]
    TooManyRows {
        /// Name of the sheet.
        sheet: String,
        /// How many there would be.
        rows: usize,
    },
    /// What the writer of workbooks says.
    #[error("the workbook cannot be written: {0}")]
    Writer(#[from] rust_xlsxwriter::XlsxError),
}
