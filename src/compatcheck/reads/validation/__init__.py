"""The surface `validation`: what a validating reader rejects of what its writer lets pass."""
