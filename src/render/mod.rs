//! Pages to terminal, Markdown, workbooks and documents. Nothing here knows an obligation.

#[cfg(feature = "docx")]
pub mod docx;
pub mod markdown;
#[cfg(any(feature = "docx", feature = "xlsx"))]
pub mod office;
pub mod stamp;
pub mod terminal;
#[cfg(feature = "xlsx")]
pub mod xlsx;
