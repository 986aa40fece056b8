"""Attempts that must fail and do, by what they aim at. Each has a twin that is lawful and works."""
