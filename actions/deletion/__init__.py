"""Deletes deployments and endpoints: plan, guard, archive, journal, delete, verify."""
