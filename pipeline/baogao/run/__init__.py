"""Runs: tasks, checkpoints, executors, progress, manifest."""
