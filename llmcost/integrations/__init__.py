"""What ties llmcost to one other library each; a file can be deleted without harm to the rest."""
