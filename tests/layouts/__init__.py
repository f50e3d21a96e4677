"""Small exports in every layout, as every program leaves them: what the page of exports shows."""
