//! What holds of every drawing, whatever is drawn.
