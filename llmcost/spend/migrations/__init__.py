"""Steps from one version of the tables to the next, in their order. ``upgrade`` runs those that a log lacks."""
