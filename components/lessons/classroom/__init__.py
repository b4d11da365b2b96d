"""The pages for a class: questions with numbers of their own, on screen and on paper, plans, and one's answers."""
