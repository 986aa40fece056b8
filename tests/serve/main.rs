//! The web desk, driven as a program would: a copy of the sample city, the built program as a
//! server on a free port, requests over plain sockets. What a browser sees and how much the desk
//! bears is held by `tests/desk/`.

#![cfg(feature = "serve")]

mod accounts;
mod files;
mod git;
mod reading;
mod recording;
mod who;
mod world;
