"""The compact model: faces of synthetic people at 256 × 256, drawn live on a processor."""
