// Checks the emulators with Google's Go clients; clients/main.mjs runs it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"reflect"
	"strings"
	"time"

	"cloud.google.com/go/bigquery"
	"cloud.google.com/go/civil"
	"cloud.google.com/go/storage"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/iterator"
	"google.golang.org/api/option"
)

var (
	ctx     = context.Background()
	project = os.Getenv("CLIENTS_PROJECT")
	run     = time.Now().UnixNano()
)

// Prints one line per check: `ok <name>` or `FAILED <name>: <reason>`.
func check(name string, work func()) {
	defer func() {
		if problem := recover(); problem != nil {
			fmt.Printf("FAILED %s: %s\n", name, strings.Join(strings.Fields(fmt.Sprint(problem)), " "))
			return
		}
		fmt.Printf("ok %s\n", name)
	}()
	work()
}

func must[T any](value T, err error) T {
	done(err)
	return value
}

func done(err error) {
	if err != nil {
		panic(err)
	}
}

func expect(actual, expected any) {
	if !reflect.DeepEqual(actual, expected) {
		panic(fmt.Sprintf("expected %v, got %v", expected, actual))
	}
}

func expectError(err error, texts ...string) {
	if err == nil {
		panic(fmt.Sprintf("expected an error with %q, got none", texts))
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			panic(fmt.Sprintf("expected %q in %v", text, err))
		}
	}
}

func statusOf(err error) int {
	var answer *googleapi.Error
	if errors.As(err, &answer) {
		return answer.Code
	}
	return 0
}

func all[T any](next func() (T, error)) []T {
	var items []T
	for {
		item, err := next()
		if err == iterator.Done {
			return items
		}
		done(err)
		items = append(items, item)
	}
}

func main() {
	objects := must(storage.NewClient(ctx, storage.WithJSONReads(), option.WithoutAuthentication()))
	bucket := objects.Bucket(fmt.Sprintf("go-%d", run))
	done(bucket.Create(ctx, project, nil))
	checkStorage(bucket)
	endpoint := option.WithEndpoint(os.Getenv("BIGQUERY_EMULATOR_HOST"))
	client := must(bigquery.NewClient(ctx, project, endpoint, option.WithoutAuthentication()))
	dataset := client.Dataset(fmt.Sprintf("go_%d", run))
	done(dataset.Create(ctx, nil))
	checkBigQuery(client, dataset, bucket)
}

func write(object *storage.ObjectHandle, data []byte, chunk int) {
	writer := object.NewWriter(ctx)
	writer.ChunkSize = chunk
	must(writer.Write(data))
	done(writer.Close())
}

func read(object *storage.ObjectHandle) string {
	reader := must(object.NewReader(ctx))
	defer reader.Close()
	return string(must(io.ReadAll(reader)))
}

func checkStorage(bucket *storage.BucketHandle) {
	check("storage: objects are written, read and described", func() {
		object := bucket.Object("a/ü 1")
		write(object, []byte("one"), 0)
		expect(read(object), "one")
		attrs := must(object.Attrs(ctx))
		expect([]any{attrs.Size, attrs.Metageneration, attrs.Bucket}, []any{int64(3), int64(1), bucket.BucketName()})
		updated := must(object.Update(ctx, storage.ObjectAttrsToUpdate{Metadata: map[string]string{"k": "v"}}))
		expect(updated.Metadata, map[string]string{"k": "v"})
	})
	check("storage: a resumable upload goes in chunks", func() {
		data := []byte(strings.Repeat("0123456789", 100_000))
		write(bucket.Object("large"), data, 256*1024)
		expect(read(bucket.Object("large")) == string(data), true)
	})
	check("storage: preconditions on generations are kept", func() {
		object := bucket.Object("guarded")
		write(object.If(storage.Conditions{DoesNotExist: true}), []byte("1"), 0)
		writer := object.If(storage.Conditions{DoesNotExist: true}).NewWriter(ctx)
		must(writer.Write([]byte("2")))
		expect(statusOf(writer.Close()), 412)
	})
	check("storage: listings with prefix, delimiter and pages", func() {
		for _, name := range []string{"l/a/1", "l/b/1", "l/c"} {
			write(bucket.Object(name), nil, 0)
		}
		listed := all(bucket.Objects(ctx, &storage.Query{Prefix: "l/", Delimiter: "/"}).Next)
		var names []string
		for _, attrs := range listed {
			names = append(names, attrs.Prefix+attrs.Name)
		}
		expect(names, []string{"l/c", "l/a/", "l/b/"})
		var page []*storage.ObjectAttrs
		token := must(iterator.NewPager(bucket.Objects(ctx, &storage.Query{Prefix: "l/"}), 2, "").NextPage(&page))
		expect([]any{len(page), token != ""}, []any{2, true})
	})
	check("storage: copy, compose and delete", func() {
		source, copied, whole := bucket.Object("c/1"), bucket.Object("c/2"), bucket.Object("c/3")
		write(source, []byte("ab"), 0)
		must(copied.CopierFrom(source).Run(ctx))
		must(whole.ComposerFrom(source, copied).Run(ctx))
		expect(read(whole), "abab")
		done(whole.Delete(ctx))
		_, err := whole.Attrs(ctx)
		expect(errors.Is(err, storage.ErrObjectNotExist), true)
	})
}

type person struct {
	ID      int
	Name    bigquery.NullString
	Tags    []string
	Amount  *big.Rat
	On      civil.Date
	At      time.Time
	Address struct{ City string }
}

func checkBigQuery(client *bigquery.Client, dataset *bigquery.Dataset, bucket *storage.BucketHandle) {
	people := dataset.Table("people")
	ann := person{ID: 1, Name: bigquery.NullString{StringVal: "Ann", Valid: true}, Tags: []string{"a"},
		Amount: big.NewRat(3, 2), On: civil.Date{Year: 2024, Month: 2, Day: 29}, At: time.Unix(1_700_000_000, 0).UTC()}
	ann.Address.City = "Bonn"
	query := func(sql string, parameters ...bigquery.QueryParameter) [][]bigquery.Value {
		statement := client.Query(sql)
		statement.Parameters = parameters
		statement.DefaultDatasetID = dataset.DatasetID
		rows := must(statement.Read(ctx))
		return all(func() (row []bigquery.Value, err error) { return row, rows.Next(&row) })
	}
	wait := func(job *bigquery.Job, err error) error {
		done(err)
		return must(job.Wait(ctx)).Err()
	}
	check("bigquery: tables are made from a struct, described, changed and listed", func() {
		schema := must(bigquery.InferSchema(person{}))
		partitioned := &bigquery.TimePartitioning{Field: "On"}
		done(people.Create(ctx, &bigquery.TableMetadata{Schema: schema, TimePartitioning: partitioned}))
		described := must(people.Metadata(ctx))
		expect(described.Schema, schema)
		expect(described.TimePartitioning.Field, "On")
		_, err := people.Update(ctx, bigquery.TableMetadataToUpdate{Description: "x"}, "stale")
		expect(statusOf(err), 412)
		must(people.Update(ctx, bigquery.TableMetadataToUpdate{Description: "x"}, described.ETag))
		expect(len(all(dataset.Tables(ctx).Next)), 1)
		expect(statusOf(people.Create(ctx, nil)), 409)
	})
	check("bigquery: rows are streamed and read back", func() {
		done(people.Inserter().Put(ctx, ann))
		rows := people.Read(ctx)
		read := all(func() (row person, err error) { return row, rows.Next(&row) })
		expect(fmt.Sprintf("%+v", read), fmt.Sprintf("%+v", []person{ann}))
		expectError(people.Inserter().Put(ctx, &bigquery.ValuesSaver{
			Schema: bigquery.Schema{{Name: "nope", Type: bigquery.StringFieldType}}, Row: []bigquery.Value{"x"}}), "no such field")
	})
	check("bigquery: files are loaded from Cloud Storage; a bad one is named", func() {
		write(bucket.Object("load/1.json"), []byte("{\"n\":1}\n{\"n\":2}\n"), 0)
		write(bucket.Object("load/2.json"), []byte("{\"n\":\"x\"}\n"), 0)
		load := func(name string) error {
			source := bigquery.NewGCSReference(fmt.Sprintf("gs://%s/load/%s", bucket.BucketName(), name))
			source.SourceFormat = bigquery.JSON
			source.Schema = bigquery.Schema{{Name: "n", Type: bigquery.IntegerFieldType}}
			return wait(dataset.Table("numbers").LoaderFrom(source).Run(ctx))
		}
		done(load("1.json"))
		expectError(load("*.json"), "Error while reading data", "load/2.json")
		expect(query("SELECT SUM(n) FROM numbers"), [][]bigquery.Value{{int64(3)}})
	})
	check("bigquery: queries take parameters and give typed values", func() {
		rows := query("SELECT @n + 1, @day, [@text], STRUCT(NUMERIC '1.5' AS x)",
			bigquery.QueryParameter{Name: "n", Value: 1},
			bigquery.QueryParameter{Name: "day", Value: ann.On},
			bigquery.QueryParameter{Name: "text", Value: "ü"})
		expect(rows[0][:3], []bigquery.Value{int64(2), ann.On, []bigquery.Value{"ü"}})
		expect(rows[0][3].([]bigquery.Value)[0].(*big.Rat).Cmp(big.NewRat(3, 2)), 0)
		_, err := client.Query("SELECT nope").Read(ctx)
		expectError(err, "Unrecognized name: nope at [1:8]")
	})
	check("bigquery: DML, copy and extract", func() {
		query("UPDATE numbers SET n = n * 10 WHERE n = 2")
		copier := dataset.Table("copied").CopierFrom(dataset.Table("numbers"))
		done(wait(copier.Run(ctx)))
		to := bigquery.NewGCSReference(fmt.Sprintf("gs://%s/out-*.csv", bucket.BucketName()))
		extractor := dataset.Table("copied").ExtractorTo(to)
		extractor.DisableHeader = true
		done(wait(extractor.Run(ctx)))
		lines := strings.Fields(read(bucket.Object("out-000000000000.csv")))
		expect(len(lines), 2)
		expect(strings.Contains(strings.Join(lines, " "), "20"), true)
	})
	check("bigquery: jobs are found by their IDs; an ID serves once", func() {
		statement := client.Query("SELECT 1")
		statement.JobID = fmt.Sprintf("go-%d", run)
		must(statement.Run(ctx))
		found := must(client.JobFromID(ctx, statement.JobID))
		expect(must(found.Wait(ctx)).State, bigquery.Done)
		_, err := statement.Run(ctx)
		expect(statusOf(err), 409)
	})
}
