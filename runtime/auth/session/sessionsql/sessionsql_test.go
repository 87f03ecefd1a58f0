package sessionsql_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/session"
	"github.com/bailey-go/bailey/runtime/auth/session/sessionsql"
)

// nowhere is a database that cannot be reached, or does not answer. Those that do are tested in testdata/databases.
type nowhere struct{ stuck bool }

func (n nowhere) Connect(ctx context.Context) (driver.Conn, error) {
	if n.stuck {
		<-ctx.Done()
	}
	return nil, errors.New("connection refused")
}
func (nowhere) Driver() driver.Driver { return nil }

// TestOutage: each question is an error in bounded time.
func TestOutage(t *testing.T) {
	for _, stuck := range []bool{false, true} {
		db := sql.OpenDB(nowhere{stuck})
		t.Cleanup(func() { db.Close() })
		s, err := sessionsql.New(sessionsql.Config{DB: db, Dialect: sessionsql.Dollar, Timeout: 20 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		ctx, id := t.Context(), [32]byte{1}
		if r, ok, err := s.Get(ctx, id); r != nil || ok || err == nil {
			t.Errorf("stuck %v: get: %v, %v, %v", stuck, r, ok, err)
		}
		for name, err := range map[string]error{
			"put": s.Put(ctx, id, &session.Record{Who: session.Who{Subject: "ada"}}), "touch": s.Touch(ctx, id, time.Now()),
			"delete": s.Delete(ctx, id), "delete subject": s.DeleteSubject(ctx, "ada"),
		} {
			if err == nil {
				t.Errorf("stuck %v: %s: no error", stuck, name)
			}
		}
	}
}

func TestConfigIsChecked(t *testing.T) {
	db := sql.OpenDB(nowhere{})
	defer db.Close()
	for _, c := range []sessionsql.Config{
		{}, {DB: db}, {Dialect: sessionsql.Dollar}, {DB: db, Dialect: 9}, {DB: db, Dialect: sessionsql.Dollar, PerSubject: 1001},
		{DB: db, Dialect: sessionsql.Dollar, Timeout: -1}, {DB: db, Dialect: sessionsql.Dollar, Concurrency: -1},
	} {
		if s, err := sessionsql.New(c); s != nil || err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
}
