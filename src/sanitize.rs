//! The one gate between other people's text and a terminal, a pipe or a log.
