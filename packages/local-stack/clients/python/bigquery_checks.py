import datetime
import decimal
import io
import json

from checks import PROJECT, bigquery_client, check, expect, expect_error, fresh, storage_client
from google.api_core import exceptions
from google.cloud import bigquery
from google.cloud.bigquery import SchemaField as Field

client: bigquery.Client = bigquery_client()
bucket = storage_client().create_bucket(fresh("py-bigquery"))
dataset = client.create_dataset(fresh("py"))
UTC = datetime.timezone.utc

PEOPLE = [
    Field("id", "INTEGER", mode="REQUIRED"),
    Field("name", "STRING"),
    Field("tags", "STRING", mode="REPEATED"),
    Field("address", "RECORD", fields=[Field("city", "STRING"), Field("zip", "STRING")]),
]
ANN = {"id": 1, "name": "Ann", "tags": ["a", "b"], "address": {"city": "Bonn", "zip": "53111"}}
BOB = {"id": 2, "name": "Bob", "tags": [], "address": None}


def table_id(name):
    return f"{PROJECT}.{dataset.dataset_id}.{name}"


def make(name, schema, **properties):
    table = bigquery.Table(table_id(name), schema=schema)
    for key, value in properties.items():
        setattr(table, key, value)
    return client.create_table(table)


def upload(name, text):
    bucket.blob(name).upload_from_string(text)
    return f"gs://{bucket.name}/{name}"


def rows(sql, **options):
    return [tuple(row.values()) for row in client.query_and_wait(sql, **options)]


def load_config(**options):
    return bigquery.LoadJobConfig(source_format="NEWLINE_DELIMITED_JSON", **options)


@check
def datasets():
    """bigquery: datasets are created, labelled, listed and deleted with their tables"""
    made = client.create_dataset(fresh("py_made"))
    made.labels = {"env": "test"}
    made.description = "of a test"
    client.update_dataset(made, ["labels", "description"])
    found = client.get_dataset(made.dataset_id)
    expect((found.labels, found.description), ({"env": "test"}, "of a test"))
    expect(made.dataset_id in [d.dataset_id for d in client.list_datasets()], True)
    expect_error(exceptions.Conflict, lambda: client.create_dataset(made.dataset_id), "Already Exists")
    client.create_table(bigquery.Table(f"{PROJECT}.{made.dataset_id}.t", schema=PEOPLE))
    expect_error(exceptions.BadRequest, lambda: client.delete_dataset(made.dataset_id), "in use")
    client.delete_dataset(made.dataset_id, delete_contents=True)
    expect_error(exceptions.NotFound, lambda: client.get_dataset(made.dataset_id), "Not found: Dataset")


@check
def tables():
    """bigquery: tables keep schema, partitioning, clustering, labels and expiry; stale etags are refused"""
    expires = datetime.datetime.now(UTC).replace(microsecond=0) + datetime.timedelta(hours=1)
    made = make(
        "shapes",
        [*PEOPLE, Field("on_day", "DATE", description="the day")],
        time_partitioning=bigquery.TimePartitioning(field="on_day", type_="DAY"),
        clustering_fields=["name"],
        labels={"a": "b"},
        expires=expires,
    )
    found = client.get_table(made)
    expect(found.schema, made.schema)
    expect((found.time_partitioning.field, found.clustering_fields), ("on_day", ["name"]))
    expect((found.labels, found.expires), ({"a": "b"}, expires))
    found.schema = [*found.schema, Field("extra", "NUMERIC")]
    client.update_table(found, ["schema"])
    expect([f.name for f in client.get_table(made).schema][-1], "extra")
    found.description = "x"
    expect_error(exceptions.PreconditionFailed, lambda: client.update_table(found, ["description"]))
    expect("shapes" in [t.table_id for t in client.list_tables(dataset)], True)
    client.delete_table(made)
    expect_error(exceptions.NotFound, lambda: client.get_table(made), "Not found: Table")


@check
def load_from_file():
    """bigquery: rows and files are loaded from memory"""
    job = client.load_table_from_json([ANN, BOB], table_id("people"), job_config=load_config(schema=PEOPLE))
    expect((job.result().output_rows, job.state), (2, "DONE"))
    got = [dict(row) for row in client.list_rows(table_id("people"))]
    expect(sorted(got, key=lambda row: row["id"]), [ANN, BOB])
    csv = io.BytesIO(b"id;name\n1;'x;y'\n;z\n")
    config = bigquery.LoadJobConfig(
        source_format="CSV", skip_leading_rows=1, field_delimiter=";", quote_character="'", autodetect=True
    )
    client.load_table_from_file(csv, table_id("from_csv"), job_config=config).result()
    expect(rows(f"SELECT id, name FROM `{table_id('from_csv')}` ORDER BY id"), [(None, "z"), (1, "x;y")])


@check
def load_from_uris():
    """bigquery: wildcard URIs are loaded, with statistics; decorators truncate their partition only"""
    for day, ids in (("2024-01-01", [1, 2]), ("2024-01-02", [3])):
        upload(f"days/{day}.json", "\n".join(json.dumps({"id": n, "d": day}) for n in ids))
    schema = [Field("id", "INTEGER"), Field("d", "DATE")]
    make("days", schema, time_partitioning=bigquery.TimePartitioning(field="d"))
    job = client.load_table_from_uri(f"gs://{bucket.name}/days/*.json", table_id("days"), job_config=load_config())
    job.result()
    expect((job.output_rows, job.input_files), (3, 2))
    again = upload("again.json", '{"id":9,"d":"2024-01-02"}')
    truncate = load_config(write_disposition="WRITE_TRUNCATE")
    client.load_table_from_uri(again, table_id("days$20240102"), job_config=truncate).result()
    expect(rows(f"SELECT id FROM {dataset.dataset_id}.days ORDER BY id"), [(1,), (2,), (9,)])


@check
def load_errors():
    """bigquery: a bad row fails its load as a whole, and names the file"""
    make("strict", PEOPLE)
    good, bad = upload("bad/1.json", json.dumps(ANN)), upload("bad/2.json", '{"id":2,"color":"red"}')
    job = client.load_table_from_uri([good, bad], table_id("strict"), job_config=load_config())
    expect_error(exceptions.BadRequest, job.result, "Error while reading data", "too many errors", f"File: {bad}")
    expect((job.error_result["reason"], job.error_result["location"]), ("invalid", bad))
    expect("No such field: color" in job.errors[-1]["message"], True)
    expect(client.get_table(table_id("strict")).num_rows, 0)
    job = client.load_table_from_uri(
        [good, bad], table_id("strict"), job_config=load_config(ignore_unknown_values=True)
    )
    expect(job.result().output_rows, 2)
    absent = client.load_table_from_uri(f"gs://{bucket.name}/none", table_id("strict"), job_config=load_config())
    expect_error(exceptions.NotFound, absent.result, "Not found: URI gs://")


@check
def schema_updates():
    """bigquery: loads add columns only when they are allowed to"""
    client.load_table_from_json([{"id": 1}], table_id("grows"), job_config=load_config(autodetect=True)).result()
    wide = [Field("id", "INTEGER"), Field("more", "STRING")]
    source = [{"id": 2, "more": "x"}]
    refused = client.load_table_from_json(source, table_id("grows"), job_config=load_config(schema=wide))
    expect_error(exceptions.BadRequest, refused.result, "Provided Schema does not match Table")
    adding = load_config(schema=wide, schema_update_options=["ALLOW_FIELD_ADDITION"])
    client.load_table_from_json(source, table_id("grows"), job_config=adding).result()
    expect(rows(f"SELECT * FROM {dataset.dataset_id}.grows ORDER BY id"), [(1, None), (2, "x")])


@check
def types():
    """bigquery: values of all types are returned as values of Python"""
    sql = """SELECT 1, 1.5, TRUE, 'x', b'\\x00\\xff', NUMERIC '1.000000001', BIGNUMERIC '2.5', DATE '2024-02-29',
      TIME '01:02:03.000004', DATETIME '2024-02-29 01:02:03', TIMESTAMP '2024-02-29 01:02:03.5+01', JSON '{"a":[1]}',
      [1, 2], STRUCT('y' AS s, [STRUCT(3 AS n)] AS l), CAST(NULL AS INT64)"""
    expect(
        rows(sql)[0],
        (
            1, 1.5, True, "x", b"\x00\xff", decimal.Decimal("1.000000001"), decimal.Decimal("2.5"),
            datetime.date(2024, 2, 29), datetime.time(1, 2, 3, 4), datetime.datetime(2024, 2, 29, 1, 2, 3),
            datetime.datetime(2024, 2, 29, 0, 2, 3, 500000, UTC), {"a": [1]},
            [1, 2], {"s": "y", "l": [{"n": 3}]}, None,
        ),
    )  # fmt: skip


@check
def parameters():
    """bigquery: queries take scalar, array and struct parameters, by name and by position"""
    named = bigquery.QueryJobConfig(
        query_parameters=[
            bigquery.ScalarQueryParameter("least", "INT64", 2),
            bigquery.ArrayQueryParameter("names", "STRING", ["Ann", "Bob"]),
            bigquery.StructQueryParameter(
                "s",
                bigquery.ScalarQueryParameter("at", "TIMESTAMP", datetime.datetime(2024, 1, 2, tzinfo=UTC)),
                bigquery.ScalarQueryParameter("d", "NUMERIC", decimal.Decimal("1.5")),
            ),
        ]
    )
    sql = "SELECT n, @s.at, @s.d FROM UNNEST(@names) AS n WITH OFFSET AS o WHERE o + 1 >= @least"
    wanted = [("Bob", datetime.datetime(2024, 1, 2, tzinfo=UTC), decimal.Decimal("1.5"))]
    expect(rows(sql, job_config=named), wanted)
    placed = bigquery.QueryJobConfig(
        query_parameters=[
            bigquery.ScalarQueryParameter(None, "STRING", "x"),
            bigquery.ScalarQueryParameter(None, "DATE", datetime.date(2024, 1, 2)),
            bigquery.ScalarQueryParameter(None, "STRING", None),
        ]
    )
    expect(rows("SELECT ?, DATE_ADD(?, INTERVAL 1 DAY), ?", job_config=placed), [("x", datetime.date(2024, 1, 3), None)])


@check
def queries():
    """bigquery: queries with destinations, DML, DDL, scripts, dry runs, labels and many pages work"""
    into = bigquery.QueryJobConfig(
        destination=table_id("numbers"), write_disposition="WRITE_TRUNCATE", labels={"made_by": "test"}
    )
    job = client.query("SELECT n, MOD(n, 3) AS m FROM UNNEST(GENERATE_ARRAY(1, 1000)) AS n", job_config=into)
    expect(job.result().total_rows, 1000)
    expect(client.get_job(job.job_id).labels, {"made_by": "test"})
    pages = [len(list(page)) for page in client.list_rows(table_id("numbers"), page_size=300).pages]
    expect(pages, [300, 300, 300, 100])
    update = client.query(f"UPDATE {dataset.dataset_id}.numbers SET m = 7 WHERE n <= 10")
    update.result()
    expect((update.num_dml_affected_rows, update.statement_type), (10, "UPDATE"))
    client.query_and_wait(f"CREATE TABLE {dataset.dataset_id}.made (x INT64 NOT NULL OPTIONS(description='an x'))")
    expect(client.get_table(table_id("made")).schema, [Field("x", "INTEGER", mode="REQUIRED", description="an x")])
    script = client.query("DECLARE x INT64 DEFAULT 2; SET x = x * 3; SELECT x; SELECT x + 1;")
    expect([tuple(row.values()) for row in script.result()], [(7,)])
    expect(len(list(client.list_jobs(parent_job=script.job_id))), 2)
    dry = client.query("SELECT 1 AS one", job_config=bigquery.QueryJobConfig(dry_run=True))
    expect((dry.state, dry.schema[0].name), ("DONE", "one"))
    default = bigquery.QueryJobConfig(default_dataset=f"{PROJECT}.{dataset.dataset_id}")
    expect(rows("SELECT COUNT(*) FROM numbers", job_config=default), [(1000,)])


@check
def query_errors():
    """bigquery: errors of queries name the place"""
    expect_error(exceptions.BadRequest, lambda: rows("SELECT nope"), "Unrecognized name: nope at [1:8]")
    expect_error(exceptions.BadRequest, lambda: rows("SELEC 1"), "Syntax error")
    expect_error(exceptions.NotFound, lambda: rows(f"SELECT * FROM {dataset.dataset_id}.none"), "Not found: Table")
    expect_error(exceptions.BadRequest, lambda: rows("SELECT 1/0"), "division by zero")
    expect_error(exceptions.BadRequest, lambda: rows("SELECT 'a' + 1"), "No matching signature for operator +")


@check
def streaming():
    """bigquery: rows are streamed; each bad row is reported, and row IDs prevent duplicates"""
    table = make("streamed", PEOPLE)
    expect(client.insert_rows_json(table, [ANN, BOB], row_ids=["a", "b"]), [])
    expect(client.insert_rows_json(table, [ANN], row_ids=["a"]), [])
    problems = client.insert_rows_json(table, [{"id": 3}, {"id": "x"}], skip_invalid_rows=True)
    expect([(p["index"], p["errors"][0]["reason"]) for p in problems], [(1, "invalid")])
    expect(rows(f"SELECT id FROM {dataset.dataset_id}.streamed ORDER BY id"), [(1,), (2,), (3,)])


@check
def copies():
    """bigquery: several tables are copied into one; other schemas are refused"""
    for name in ("one", "two"):
        client.query_and_wait(f"CREATE TABLE {dataset.dataset_id}.{name} AS SELECT '{name}' AS which")
    client.copy_table([table_id("one"), table_id("two")], table_id("both")).result()
    expect(rows(f"SELECT which FROM {dataset.dataset_id}.both ORDER BY which"), [("one",), ("two",)])
    make("other", PEOPLE)
    appending = bigquery.CopyJobConfig(write_disposition="WRITE_APPEND")
    refused = client.copy_table(table_id("one"), table_id("other"), job_config=appending)
    expect_error(exceptions.BadRequest, refused.result, "Provided Schema does not match Table")
    empty = bigquery.CopyJobConfig(write_disposition="WRITE_EMPTY")
    expect_error(exceptions.Conflict, client.copy_table(table_id("one"), table_id("two"), job_config=empty).result)


@check
def extracts():
    """bigquery: rows that are extracted in any format are the same when they are loaded again"""
    client.load_table_from_json([ANN, BOB], table_id("source"), job_config=load_config(schema=PEOPLE)).result()
    for format_ in ("NEWLINE_DELIMITED_JSON", "AVRO", "PARQUET"):
        uri = f"gs://{bucket.name}/out/{format_}-*"
        config = bigquery.ExtractJobConfig(destination_format=format_)
        job = client.extract_table(table_id("source"), uri, job_config=config)
        job.result()
        expect(job.destination_uri_file_counts, [1])
        back = bigquery.LoadJobConfig(source_format=format_, write_disposition="WRITE_TRUNCATE")
        if format_ == "PARQUET":
            options = bigquery.ParquetOptions()
            options.enable_list_inference = True
            back.parquet_options = options
        if format_ == "NEWLINE_DELIMITED_JSON":
            back.schema = PEOPLE
        client.load_table_from_uri(uri, table_id("back"), job_config=back).result()
        expect(rows(f"SELECT id, name, address.city FROM {dataset.dataset_id}.back ORDER BY id"), [(1, "Ann", "Bonn"), (2, "Bob", None)])


@check
def jobs():
    """bigquery: jobs are listed by state and time, found by ID and cancelled; an ID is used only once"""
    begin = datetime.datetime.now(UTC) - datetime.timedelta(seconds=1)
    job_id = fresh("job")
    client.query("SELECT 1", job_id=job_id, job_retry=None).result()
    listed = client.list_jobs(state_filter="done", min_creation_time=begin, max_results=1000)
    expect(job_id in [job.job_id for job in listed], True)
    found = client.get_job(job_id)
    expect((found.state, found.created <= found.started <= found.ended), ("DONE", True))
    expect_error(exceptions.Conflict, lambda: client.query("SELECT 2", job_id=job_id, job_retry=None), "Already Exists")
    client.cancel_job(job_id)
    client.delete_job_metadata(job_id)
    expect_error(exceptions.NotFound, lambda: client.get_job(job_id), "Not found: Job")


@check
def information_schema():
    """bigquery: INFORMATION_SCHEMA lists tables, columns and partitions; views are read"""
    ds = dataset.dataset_id
    client.query_and_wait(f"CREATE TABLE {ds}.seen (d DATE, n INT64) PARTITION BY d")
    client.query_and_wait(f"INSERT INTO {ds}.seen VALUES ('2024-01-02', 1), (NULL, 2)")
    expect(
        rows(f"SELECT column_name, data_type FROM {ds}.INFORMATION_SCHEMA.COLUMNS WHERE table_name = 'seen' ORDER BY ordinal_position"),
        [("d", "DATE"), ("n", "INT64")],
    )
    expect(
        rows(f"SELECT partition_id, total_rows FROM {ds}.INFORMATION_SCHEMA.PARTITIONS WHERE table_name = 'seen' ORDER BY 1"),
        [("20240102", 1), ("__NULL__", 1)],
    )
    view = bigquery.Table(table_id("seen_view"))
    view.view_query = f"SELECT n FROM {ds}.seen WHERE d IS NULL"
    client.create_table(view)
    expect(rows(f"SELECT n FROM {ds}.seen_view"), [(2,)])
    expect(rows(f"SELECT table_type FROM {ds}.INFORMATION_SCHEMA.TABLES WHERE table_name = 'seen_view'"), [("VIEW",)])
