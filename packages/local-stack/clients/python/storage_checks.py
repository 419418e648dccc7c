import gzip
import io
import os
import tempfile

from checks import check, expect, expect_error, fresh, storage_client
from google.api_core import exceptions
from google.cloud.storage import Client
from google.cloud.storage.retry import DEFAULT_RETRY

client: Client = storage_client()
bucket = client.create_bucket(fresh("py-storage"))


@check
def buckets():
    """storage: buckets are created, listed, labelled, looked up and deleted"""
    made = client.create_bucket(fresh("py-bucket"))
    expect(made.name in [b.name for b in client.list_buckets()], True)
    made.labels = {"team": "data"}
    made.patch()
    expect(client.get_bucket(made.name).labels, {"team": "data"})
    expect_error(exceptions.Conflict, lambda: client.create_bucket(made.name))
    made.delete()
    expect(client.lookup_bucket(made.name), None)


@check
def uploads_and_downloads():
    """storage: texts, bytes, files and streams are uploaded and downloaded"""
    blob = bucket.blob("a/text ü.txt")
    blob.upload_from_string("grün", content_type="text/plain; charset=utf-8")
    expect(blob.download_as_text(), "grün")
    expect(blob.download_as_bytes(start=1, end=2), "grün".encode()[1:3])
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"x" * 1000)
        file.flush()
        bucket.blob("a/file").upload_from_filename(file.name)
        bucket.blob("a/file").download_to_filename(file.name)
        expect(os.path.getsize(file.name), 1000)
    with bucket.blob("a/stream").open("wb") as writer:
        writer.write(b"one ")
        writer.write(b"two")
    with bucket.blob("a/stream").open("rb") as reader:
        expect(reader.read(), b"one two")


@check
def resumable():
    """storage: a resumable upload goes in chunks"""
    blob = bucket.blob("resumable", chunk_size=256 * 1024)
    data = os.urandom(900 * 1024)
    blob.upload_from_file(io.BytesIO(data), checksum="crc32c")
    expect(blob.size, len(data))
    expect(blob.download_as_bytes(), data)


@check
def metadata():
    """storage: metadata, checksums, generations and content types are kept"""
    blob = bucket.blob("meta")
    blob.metadata = {"source": "test"}
    blob.cache_control = "no-cache"
    blob.upload_from_string(b"12345", content_type="application/x-thing")
    found = bucket.get_blob("meta")
    expect((found.metadata, found.cache_control, found.content_type), ({"source": "test"}, "no-cache", "application/x-thing"))
    expect((found.size, found.md5_hash, found.crc32c), (5, "gnzLDuqKcGxMNKFokfhOew==", "GNEjNQ=="))
    found.metadata = {"source": None, "other": "x"}
    found.patch()
    again = bucket.get_blob("meta")
    expect(again.metadata, {"other": "x"})
    expect((again.generation, again.metageneration), (found.generation, 2))


@check
def content_encoding():
    """storage: gzip-encoded content is decoded for readers, unless they request it raw"""
    blob = bucket.blob("zipped.json")
    blob.content_encoding = "gzip"
    blob.upload_from_string(gzip.compress(b'{"id":1}'), content_type="application/json")
    expect(blob.download_as_bytes(), b'{"id":1}')
    expect(gzip.decompress(blob.download_as_bytes(raw_download=True)), b'{"id":1}')


@check
def listing():
    """storage: listings with prefix, delimiter, offsets, glob and pages"""
    names = ["l/a/1", "l/a/2", "l/b/1", "l/c"]
    for name in names:
        bucket.blob(name).upload_from_string(b"")

    def listed(**options):
        return [blob.name for blob in client.list_blobs(bucket, **options)]

    expect(listed(prefix="l/"), names)
    delimited = client.list_blobs(bucket, prefix="l/", delimiter="/")
    expect(([b.name for b in delimited], sorted(delimited.prefixes)), (["l/c"], ["l/a/", "l/b/"]))
    expect(listed(start_offset="l/a/2", end_offset="l/c"), ["l/a/2", "l/b/1"])
    expect(listed(match_glob="l/*/1"), ["l/a/1", "l/b/1"])
    pages = list(client.list_blobs(bucket, prefix="l/", page_size=3).pages)
    expect([[b.name for b in page] for page in pages], [names[:3], names[3:]])
    expect(listed(prefix="l/", max_results=2), names[:2])


@check
def preconditions():
    """storage: preconditions on generations are respected"""
    blob = bucket.blob("guarded")
    blob.upload_from_string(b"1", if_generation_match=0)
    again = bucket.blob("guarded")
    expect_error(exceptions.PreconditionFailed, lambda: again.upload_from_string(b"2", if_generation_match=0))
    again.upload_from_string(b"2", if_generation_match=blob.generation)
    old = blob.generation
    expect_error(exceptions.PreconditionFailed, lambda: bucket.blob("guarded").delete(if_generation_match=old))
    expect_error(exceptions.NotModified, lambda: again.reload(if_metageneration_not_match=1, retry=None))
    again.delete(if_generation_match=again.generation)
    expect(again.exists(), False)


@check
def copies():
    """storage: copy, rewrite, rename and compose"""
    source = bucket.blob("c/source")
    source.metadata = {"k": "v"}
    source.upload_from_string(b"abc", content_type="text/x")
    copied = bucket.copy_blob(source, bucket, "c/copy")
    expect((copied.download_as_bytes(), copied.content_type, copied.metadata), (b"abc", "text/x", {"k": "v"}))
    token, written, total = bucket.blob("c/rewritten").rewrite(source)
    expect((token, written, total), (None, 3, 3))
    renamed = bucket.rename_blob(copied, "c/renamed")
    expect((renamed.exists(), bucket.blob("c/copy").exists()), (True, False))
    whole = bucket.blob("c/whole")
    whole.content_type = "text/plain"
    whole.compose([source, renamed, source])
    expect(whole.download_as_bytes(), b"abcabcabc")
    expect(bucket.get_blob("c/whole").component_count, 3)


@check
def batches():
    """storage: batches of deletes and patches"""
    blobs = [bucket.blob(f"batch/{n}") for n in range(120)]
    for blob in blobs[:20]:
        blob.upload_from_string(b"x")
    with client.batch():
        for blob in blobs[:10]:
            blob.delete()
    expect(len(list(client.list_blobs(bucket, prefix="batch/"))), 10)
    missing = []
    bucket.delete_blobs(blobs[8:12], on_error=lambda blob: missing.append(blob.name))
    expect(missing, ["batch/8", "batch/9"])
    expect(len(list(client.list_blobs(bucket, prefix="batch/"))), 8)


@check
def errors():
    """storage: absent objects and buckets are answered with 404"""
    absent = bucket.blob("absent")
    expect_error(exceptions.NotFound, absent.download_as_bytes, "No such object")
    expect_error(exceptions.NotFound, lambda: absent.delete(retry=DEFAULT_RETRY))
    expect_error(exceptions.NotFound, lambda: list(client.list_blobs("no-such-bucket-at-all")))
    expect_error(exceptions.Conflict, bucket.delete, "not empty")
