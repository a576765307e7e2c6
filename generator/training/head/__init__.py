"""Draws synthetic people: a head rig, painted skin, hair of strands, a light that can be set, one camera."""
