"""Checks of both stand-ins by Google's Python clients; scripts/testClients.mjs runs it."""

import bigquery_checks  # noqa: F401  registers its checks
import storage_checks  # noqa: F401
from checks import run

run()
