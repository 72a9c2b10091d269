"""Settings: `base` for all, `local` for one machine, `production`, `test`."""
