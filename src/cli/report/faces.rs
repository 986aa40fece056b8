//! The fonts of the paper form: looked for once a run, and only when a page is to be printed.

use crate::page::Page;
use std::cell::OnceCell;
use std::path::PathBuf;

#[cfg(feature = "pdf")]
type Found = Result<crate::render::pdf::Fonts, crate::render::pdf::PdfError>;
#[cfg(not(feature = "pdf"))]
type Found = Result<(), String>;

/// What was asked for, and what was found.
#[derive(Default)]
pub struct Faces {
    given: Option<PathBuf>,
    setting: Option<String>,
    found: OnceCell<Found>,
}

impl std::fmt::Debug for Faces {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Faces({:?}, {:?})", self.given, self.setting)
    }
}

impl Faces {
    /// `--font`, and the font that register.yaml names.
    pub fn new(given: Option<PathBuf>, setting: Option<String>) -> Faces {
        Faces { given, setting, found: OnceCell::new() }
    }

    #[cfg(feature = "pdf")]
    fn found(&self) -> &Found {
        let find = || crate::render::pdf::Fonts::find(self.given.as_deref(), self.setting.as_deref());
        self.found.get_or_init(find)
    }
    #[cfg(not(feature = "pdf"))]
    fn found(&self) -> &Found {
        self.found.get_or_init(|| Err("built without PDF".into()))
    }

    /// The page as PDF.
    ///
    /// # Errors
    /// When there is no font, or one character that no font has: with what to install, in the
    /// language of the page.
    #[cfg(feature = "pdf")]
    pub fn pdf(&self, page: &Page) -> Result<Vec<u8>, String> {
        let say = |e: &crate::render::pdf::PdfError| if page.lang == "en" { e.to_string() } else { e.zh() };
        let fonts = self.found().as_ref().map_err(say)?;
        crate::render::pdf::render(page, fonts).map_err(|e| say(&e))
    }
    /// There is none.
    ///
    /// # Errors
    /// Always.
    #[cfg(not(feature = "pdf"))]
    pub fn pdf(&self, _: &Page) -> Result<Vec<u8>, String> {
        self.found().clone().map(|()| Vec::new())
    }

    /// Digest of the fonts of this machine; `None` where there are none. Two machines with
    /// the same digest print the same bytes.
    pub fn digest(&self) -> Option<String> {
        #[cfg(feature = "pdf")]
        return self.found().as_ref().ok().map(crate::render::pdf::Fonts::digest);
        #[cfg(not(feature = "pdf"))]
        None
    }

    /// Their names.
    pub fn names(&self) -> Vec<String> {
        #[cfg(feature = "pdf")]
        return self.found().as_ref().map_or_else(|_| Vec::new(), crate::render::pdf::Fonts::names);
        #[cfg(not(feature = "pdf"))]
        Vec::new()
    }
}
