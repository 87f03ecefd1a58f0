package databases

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/session"
	"github.com/bailey-go/bailey/runtime/auth/session/sessionsql"
	"github.com/bailey-go/bailey/runtime/auth/session/sessiontest"
)

func sessionsIn(t *testing.T, dialect sessionsql.Dialect, schema []string, open func(t *testing.T) *sql.DB) {
	fresh := func(t *testing.T, clock func() time.Time) *sessionsql.Store {
		db := open(t)
		for _, statement := range schema {
			if _, err := db.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		s, err := sessionsql.New(sessionsql.Config{DB: db, Dialect: dialect, PerSubject: 10, Clock: clock})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	sessiontest.Run(t, func(t *testing.T) session.Store { return fresh(t, nil) })
	sessiontest.RunBound(t, 10, func(t *testing.T) []session.Store { return []session.Store{fresh(t, nil)} })
	t.Run("bounds", func(t *testing.T) {
		now := time.Now()
		s := fresh(t, func() time.Time { return now })
		id := func(i int) [32]byte { return sha256.Sum256(fmt.Append(nil, i)) }
		for i := range 12 {
			r := &session.Record{Who: session.Who{Subject: "ada"}, Began: now, Used: now.Add(time.Duration(i) * time.Second), Ends: now.Add(time.Hour)}
			if err := s.Put(t.Context(), id(i), r); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 12 {
			if _, ok, err := s.Get(t.Context(), id(i)); err != nil || ok != (i >= 2) {
				t.Errorf("session %d: %v, %v", i, ok, err)
			}
		}
		now = now.Add(2 * time.Hour)
		if err := s.Put(t.Context(), id(99), &session.Record{Who: session.Who{Subject: "bob"}, Began: now, Used: now, Ends: now.Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := s.Get(t.Context(), id(11)); ok || err != nil {
			t.Errorf("what is over is kept: %v, %v", ok, err)
		}
	})
}

func TestSessionsInSQLite(t *testing.T) {
	sessionsIn(t, sessionsql.Question, sessionsql.Schema, func(t *testing.T) *sql.DB {
		db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "sessions.db")+"?_pragma=busy_timeout(2000)")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		return db
	})
}

func TestSessionsInPostgreSQL(t *testing.T) {
	sessionsIn(t, sessionsql.Dollar, sessionsql.Schema, postgres)
}
