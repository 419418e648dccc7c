"""Checks the emulators with Google's Python clients; clients/main.mjs runs it."""

import bigquery_checks  # noqa: F401  registers its checks
import storage_checks  # noqa: F401
from checks import run

run()
