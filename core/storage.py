"""Uploads in S3-compatible storage: the options, for the settings alone."""

from typing import Any

MEMORY = 8 * 2**20
"""Bytes of an object that a process holds while reading it; the rest waits in a temporary file."""


def s3_storage(bucket: str, endpoint: str, addressing: str = "") -> dict[str, Any]:
    """The entry of `STORAGES` for a bucket. Of the AWS features that other makers lack, none is used: paths
    instead of host names where an endpoint is named, and checksums only where an operation demands them.
    Needs requirements-s3.txt."""
    from botocore.config import Config

    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": addressing or ("path" if endpoint else "auto")},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        retries={"max_attempts": 4, "mode": "standard"},
        connect_timeout=10,
        read_timeout=60,
    )
    options = {
        "bucket_name": bucket,
        "endpoint_url": endpoint or None,
        "client_config": config,
        "default_acl": None,
        "file_overwrite": False,
        "querystring_auth": True,
        "max_memory_size": MEMORY,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
