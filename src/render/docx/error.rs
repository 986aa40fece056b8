//! What can go wrong, in words for whoever asked for the file.

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum DocxError {
    /// The container cannot be written.
    #[error("the document cannot be packed: {0}")]
    Packing(#[from] zip::result::ZipError),
    /// … nor filled.
    #[error("the document cannot be written: {0}")]
    Writing(#[from] std::io::Error),
}
