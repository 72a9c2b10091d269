"""District indicators as numbers without persons (мониторинг, показатели, свод)."""
