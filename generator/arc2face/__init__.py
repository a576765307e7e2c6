"""The published model: Arc2Face with its Expression Adapter and Reference Adapter (arXiv 2403.11641, 2510.04706)."""
