"""The local runner: the embedded servers, and everything `make run` and `make test` start on one machine."""
