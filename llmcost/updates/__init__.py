"""Updates of the price data: fetched, compared, checked and installed; never by themselves."""
