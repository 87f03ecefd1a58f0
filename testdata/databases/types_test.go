package databases

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/mask"
	"github.com/bailey-go/bailey/runtime/types"
)

// person has the members of a generated struct: each kind of type that a document can ask for.
type person struct {
	ID     types.UUID          // format: uuid
	Born   types.Date          // format: date
	Joined time.Time           // format: date-time
	Photo  []byte              // format: byte
	Points int64               // type: integer
	Tags   []string            // type: array
	Note   runtime.Opt[string] // not required
	Email  mask.String         // x-bailey-mask
}

// Column makes an argument of an optional member: NULL where it is absent.
func Column[T any](o runtime.Opt[T]) *T {
	if v, ok := o.Get(); ok {
		return &v
	}
	return nil
}

// Member makes an optional member of a column: absent where it is NULL.
func Member[T any](column *T) runtime.Opt[T] {
	if column == nil {
		return runtime.Opt[T]{}
	}
	return runtime.Some(*column)
}

// TestTypes stores a value of each type in PostgreSQL, and reads it back.
func TestTypes(t *testing.T) {
	db := postgres(t)
	_, err := db.Exec(`CREATE TABLE people (
		id uuid PRIMARY KEY, born date NOT NULL, joined timestamptz NOT NULL, photo bytea NOT NULL, points bigint NOT NULL,
		tags text[] NOT NULL, note text, email text NOT NULL)`)
	if err != nil {
		t.Fatal(err)
	}
	id := types.UUID{1, 2, 3}
	in := person{
		ID: id, Born: types.NewDate(2026, 3, 1), Joined: time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC), Photo: []byte{0, 255},
		Points: 1 << 60, Tags: []string{"a", `b"{,}`}, Email: mask.NewString("ada@example.com"),
	}
	_, err = db.Exec(`INSERT INTO people VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		in.ID, in.Born.Time, in.Joined, in.Photo, in.Points, in.Tags, Column(in.Note), in.Email.RevealString())
	if err != nil {
		t.Fatal(err)
	}
	var out person
	var note *string
	var email string
	err = db.QueryRow(`SELECT id, born, joined, photo, points, note, email FROM people WHERE id = $1`, id).
		Scan(&out.ID, &out.Born.Time, &out.Joined, &out.Photo, &out.Points, &note, &email)
	if err != nil {
		t.Fatal(err)
	}
	out.Note, out.Email = Member(note), mask.NewString(email)
	if out.ID != in.ID || out.Born.String() != "2026-03-01" || !out.Joined.Equal(in.Joined) || !slices.Equal(out.Photo, in.Photo) ||
		out.Points != in.Points || out.Note.Set || !out.Email.Equal(in.Email) {
		t.Errorf("got %v, want %v", out, in)
	}
	if _, err = db.Exec(`UPDATE people SET email = $1`, in.Email); !errors.Is(err, mask.ErrStore) {
		t.Errorf("a masked value as an argument: %v, want mask.ErrStore", err)
	}
	if _, err = db.Exec(`UPDATE people SET note = $1`, Column(runtime.Some(""))); err != nil {
		t.Error(err)
	}
	if err = db.QueryRow(`SELECT note FROM people`).Scan(&note); err != nil || note == nil || *note != "" {
		t.Errorf("an empty note is stored as %v, %v", note, err)
	}
}
