"""The steps of a plan, a module for each family."""
