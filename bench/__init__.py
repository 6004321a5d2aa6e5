"""Ours beside its floors, in one run, under the same server. See docs/performance.md."""
