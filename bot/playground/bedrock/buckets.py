"""The S3 behind the stand-in: moto's, with a mirror on disk so that a killed playground keeps its objects.

moto keeps its state in module globals, by account. Each stand-in therefore has an account of its own, and puts away
what that account holds when it stops. Bucket names are shared by all accounts, as they are on AWS, so two stand-ins
that run at once in one process need different names. Not mirrored: versions other than the latest, uploads in parts
that are not completed, and bucket settings other than the region.
"""

import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from moto.s3.models import FakeKey, S3Backend, s3_backends

from bot.playground.bedrock.store import Store


class HasNow(Protocol):
    """Something that tells the simulated time."""

    def now(self) -> datetime:
        """Return the time, aware and in UTC."""


class Unreadable(Exception):
    """The object is not there, or its bucket is not in the region that asks."""


class Buckets:
    """One account's buckets and objects."""

    def __init__(self, account: str, store: Store, clock: HasNow) -> None:
        # S3 is one for all regions of a partition.
        self._backend: S3Backend = s3_backends[account]["aws"]
        self._store = store
        self._clock = clock
        self._lock = threading.RLock()
        self._mirrored: dict[tuple[str, str], str] = {}
        self._discard()
        self._restore()

    def create(self, name: str, region: str) -> None:
        """Make a bucket unless it is there; in another region it is an error of moto's."""
        with self._lock:
            if name not in self._backend.buckets:
                self._backend.create_bucket(name, region)
                self._store.put("bucket", name, region)

    def read(self, uri: str, region: str) -> bytes:
        """Return the object at ``s3://bucket/key``. Raises Unreadable."""
        bucket, key = split_uri(uri)
        with self._lock:
            found = self._bucket(bucket, region).keys.get(key)
            if not isinstance(found, FakeKey):
                raise Unreadable(uri)
            return found.value

    def check_writable(self, uri: str, region: str) -> None:
        """Raise Unreadable unless the bucket of ``uri`` exists in ``region``."""
        with self._lock:
            self._bucket(split_uri(uri)[0], region)

    def write(self, uri: str, body: bytes, content_type: str = "text/csv") -> None:
        """Put an object at ``s3://bucket/key``; a bucket that has gone in the meantime is passed over."""
        bucket, key = split_uri(uri)
        with self._lock:
            if bucket in self._backend.buckets:
                made = self._backend.put_object(bucket, key, body)
                made.set_metadata({"Content-Type": content_type})
                self.mirror(bucket)

    def mirror(self, bucket: str) -> None:
        """Bring the mirror of ``bucket`` up to date, after any request that may have changed it.

        What is there is compared with what was there, so that every way of changing it (a copy, a delete of many,
        the end of an upload in parts) is covered alike. A new object gets the simulated time as its date.
        """
        with self._lock:
            held = self._backend.buckets.get(bucket)
            if held is None:
                self._store.remove("bucket", bucket)
            else:
                self._store.put("bucket", bucket, held.region_name)
            now = {} if held is None else {k: v for k, v in held.keys.items() if isinstance(v, FakeKey)}
            self._forget_missing(bucket, now)
            for name, key in now.items():
                self._write_through(bucket, name, key)

    def close(self) -> None:
        """Put away all that this account holds in moto."""
        with self._lock:
            self._discard()

    def _bucket(self, name: str, region: str) -> Any:
        held = self._backend.buckets.get(name)
        if held is None or held.region_name != region:
            raise Unreadable(name)
        return held

    def _forget_missing(self, bucket: str, now: Mapping[str, FakeKey]) -> None:
        for known, name in list(self._mirrored):
            if known == bucket and name not in now:
                del self._mirrored[bucket, name]
                self._store.remove_object(bucket, name)

    def _write_through(self, bucket: str, name: str, key: FakeKey) -> None:
        # With its identity: what is written again with the same bytes is another object, of another date.
        mark = f"{key.etag} {key.version_id} {id(key)}"
        tags = self._backend.tagger.get_tag_dict_for_resource(key.arn)
        if self._mirrored.get((bucket, name)) == mark + str(tags):
            return
        if not self._mirrored.get((bucket, name), "").startswith(mark):
            key.last_modified = self._clock.now().astimezone(UTC).replace(tzinfo=None)
        meta = {
            "modified": key.last_modified.isoformat(),
            "metadata": dict(key.metadata),
            "storage": key.storage_class,
            "tags": tags,
        }
        self._store.put_object(bucket, name, str(key.etag), json.dumps(meta), key.value)
        self._mirrored[bucket, name] = mark + str(tags)

    def _restore(self) -> None:
        for name, region in self._store.all("bucket"):
            self._backend.create_bucket(name, region)
        for bucket, name, etag, raw, body in self._store.objects():
            meta = json.loads(raw)
            key = self._backend.put_object(
                bucket, name, body, storage=meta["storage"], etag=etag.strip('"'), disable_notification=True
            )
            key.set_metadata(meta["metadata"], replace=True)
            key.last_modified = datetime.fromisoformat(meta["modified"])
            if meta["tags"]:
                self._backend.put_object_tagging(key, meta["tags"])
            tags = self._backend.tagger.get_tag_dict_for_resource(key.arn)
            self._mirrored[bucket, name] = f"{key.etag} {key.version_id} {id(key)}{tags}"

    def _discard(self) -> None:
        """Forget this account's buckets and free moto's temporary files, leaving other accounts alone."""
        for name in list(self._backend.buckets):
            s3_backends.bucket_accounts.pop(name, None)
        self._backend.buckets.clear()
        tracked: list[FakeKey] = FakeKey.instances_tracked  # type: ignore[attr-defined] # by moto's metaclass
        kept = [key for key in tracked if key.account_id != self._backend.account_id]
        for key in tracked:
            if key.account_id == self._backend.account_id:
                key.dispose()
        tracked[:] = kept


def split_uri(uri: str) -> tuple[str, str]:
    """Return bucket and key of ``s3://bucket/key``."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key
