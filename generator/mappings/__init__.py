"""Mappings between ARKit's curves and FLAME's: the numbers, their files, their inverse, and fitting new ones."""
