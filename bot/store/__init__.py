"""The operational database: the runner, migrations, and the inbox."""
