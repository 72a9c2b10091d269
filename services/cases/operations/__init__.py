"""Changing cases: one public function is one use case."""
