"""The words of the course: prose in Markdown, its translations and the glossary."""
