"""Draws the people the compact model learns from: a head rig, procedural skin and hair, one camera."""
