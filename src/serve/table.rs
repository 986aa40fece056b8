//! Every address of the desk: what it needs, and who answers.
//!
//! What an address needs is decided here and nowhere else; what a post may record there is
//! [`super::who::may`]'s to say. The description of the JSON interface is made from this table, and a test
//! asks every address as nobody.

use super::api;
use super::call::{Call, Reply};
use super::read;
use super::write;

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Anybody: the sign-in page, what pages are drawn with, health.
    Nothing,
    /// Whoever may look: a post that is signed in, or anybody where the desk is read-only.
    Look,
    /// A post that is signed in; never where the desk is read-only.
    Post,
}

/// An address.
pub struct Route {
    /// GET or POST.
    pub method: &'static str,
    /// Its path; `{name}` stands for one part, `{*name}` for the rest.
    pub path: &'static str,
    /// Who may ask.
    pub need: Need,
    /// Files may come with its form.
    pub files: bool,
    /// Who answers.
    pub run: fn(&Call) -> Reply,
}

const fn get(path: &'static str, need: Need, run: fn(&Call) -> Reply) -> Route {
    Route { method: "GET", path, need, files: false, run }
}
const fn post(path: &'static str, need: Need, run: fn(&Call) -> Reply) -> Route {
    Route { method: "POST", path, need, files: false, run }
}

use Need::{Look, Nothing, Post};

/// Every address.
pub const ROUTES: &[Route] = &[
    // Reading.
    get("/", Look, read::home::home),
    get("/list", Look, read::list::list),
    get("/obligation/{id}", Look, read::card::card),
    get("/search", Look, read::search::search),
    get("/charts", Look, read::charts::charts),
    get("/calendar", Look, read::calendar::calendar),
    get("/history", Look, read::history::history),
    get("/reports", Look, read::reports::shelf),
    get("/reports/{name}/{form}", Look, read::reports::report),
    get("/static/{name}", Nothing, read::fixed::fixed),
    get("/healthz", Nothing, read::health::health),
    get("/metrics", Look, read::health::metrics),
    // Signing in.
    get("/sign-in", Nothing, write::sign::page),
    post("/sign-in", Nothing, write::sign::sign_in),
    post("/sign-out", Post, write::sign::sign_out),
    get("/account", Post, write::sign::account),
    post("/account", Post, write::sign::password),
    // Recording.
    get("/mine", Post, write::mine::mine),
    get("/queue", Post, write::queue::queue),
    get("/assignment/{id}", Look, write::assignment::assignment),
    get("/assignment/{id}/{event}", Post, write::form::form),
    Route { files: true, ..post("/assignment/{id}/{event}", Post, write::form::submit) },
    post("/draft/{dept}/{name}/drop", Post, write::drafts::drop),
    post("/consent/{dept}/{name}", Post, write::consent::consent),
    // The JSON interface.
    get("/api/v1/openapi.json", Nothing, api::openapi::openapi),
    post("/api/v1/session", Nothing, api::session::begin),
    get("/api/v1/session", Look, api::session::whoami),
    get("/api/v1/status", Look, api::read::status),
    get("/api/v1/assignments", Look, api::read::assignments),
    get("/api/v1/assignments/{id}", Look, api::read::assignment),
    get("/api/v1/obligations/{id}", Look, api::read::obligation),
    get("/api/v1/history", Look, api::read::history),
    post("/api/v1/entries", Post, api::entries::record),
];

/// The longest a path's text may be.
pub const LONGEST: usize = 4096;
