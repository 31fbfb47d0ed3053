"""Tests of the engines; failures inside ``scripts`` show their values as those of tests do."""

import pytest

pytest.register_assert_rewrite("tests.adapters.scripts")
