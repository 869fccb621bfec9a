"""How objects come to be: in one request or in parts, on conditions, verified before anyone calls them stored."""
