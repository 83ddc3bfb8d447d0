from fawang.base.workorders.tests.conftest import noon, world  # noqa: F401 - fixtures
