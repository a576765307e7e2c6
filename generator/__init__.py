"""From curves to pixels."""
