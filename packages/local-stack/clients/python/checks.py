"""Prints one line per check: `ok <name>` or `FAILED <name>: <reason>`."""

import os
import traceback
import uuid

from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery, storage

PROJECT = os.environ["CLIENTS_PROJECT"]
_checks = []


def check(function):
    """Registers a function as a check; its docstring is its name."""
    _checks.append(function)
    return function


def expect(actual, expected):
    if actual != expected:
        raise AssertionError(f"expected {expected!r}, got {actual!r}")


def expect_error(kind, call, *texts):
    """Returns the error that the call must raise; its text must contain all the texts."""
    try:
        call()
    except kind as error:
        for text in texts:
            if text not in str(error):
                raise AssertionError(f"expected {text!r} in {error}") from error
        return error
    raise AssertionError(f"expected {kind.__name__}, got no error")


def bigquery_client():
    options = ClientOptions(api_endpoint=os.environ["BIGQUERY_EMULATOR_HOST"])
    return bigquery.Client(project=PROJECT, credentials=AnonymousCredentials(), client_options=options)


def storage_client():
    options = ClientOptions(api_endpoint=os.environ["STORAGE_EMULATOR_HOST"])
    return storage.Client(project=PROJECT, credentials=AnonymousCredentials(), client_options=options)


def fresh(prefix):
    return f"{prefix}_{uuid.uuid4().hex[:8]}"


def run():
    """Runs all checks one after the other."""
    for function in _checks:
        name = (function.__doc__ or function.__name__).strip()
        try:
            function()
            print(f"ok {name}", flush=True)
        except Exception as error:  # a failed check must not stop the others
            where = traceback.extract_tb(error.__traceback__)
            line = next((frame.lineno for frame in reversed(where) if frame.filename.endswith("_checks.py")), "?")
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            print(f"FAILED {name}: line {line}: {reason}", flush=True)
