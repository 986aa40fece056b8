//! What goes to other systems and to people's mail: calendars, ReqIF out and in, tables, GraphML,
//! digests and letters. Small worlds with their whole output; both shipped registers twice over.

mod calendars;
mod letters;
mod reqif;
mod same;
mod world;
