"""One module per source: the pinned bytes in, plain facts out."""
