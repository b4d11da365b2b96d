"""A real vocabulary in the order of its ids: what stands where, a search, and the price of a language."""

from components.lessons.language import vocabularies

title = vocabularies.show_order()
vocabularies.show_tokens(title)
vocabularies.show_prices(title)
