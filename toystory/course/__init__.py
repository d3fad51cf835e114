"""What a lesson is made of: prose, derivation, claims, exercises, and the analysis behind its pictures."""
