"""The public calls: ``CostMap`` and the functions over the default map."""
