"""Pages for a class and its teacher."""
