"""The words of the field, each in a sentence."""

from components.lessons.reference import glossary

glossary.show()
