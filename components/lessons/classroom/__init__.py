"""Pages for a teacher."""
