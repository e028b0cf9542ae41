"""From price maps to rate cards."""
