//! Other systems' forms, out and in: equal bytes, counts equal to `list`, hostile text, and what
//! could not be read told in every form that has a place for it.
//!
//! [`worlds`] are the registers; then one file a form.

mod ciso;
mod fill;
mod oscal;
mod worlds;
