package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/spf13/cobra"
	_ "modernc.org/sqlite"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/auth/apikey/apikeysql"
)

// A store is where the keys are. Each change is all or nothing, also while another command changes the store; but Add stores several keys of a database one by one.
type store interface {
	Add(ctx context.Context, keys ...apikey.Key) error
	Revoke(ctx context.Context, id string) error
	// Rotate adds next, and ends the key with the id at until, if not before.
	Rotate(ctx context.Context, id string, until time.Time, next func(old apikey.Key) (apikey.Key, error)) error
	List(ctx context.Context) ([]apikey.Key, error)
}

// where names the store that a command works on.
type where struct {
	file, sqlite, postgres string
	timeout                time.Duration
}

func (w *where) flags(cmd *cobra.Command, withFile bool) {
	f := cmd.Flags()
	if withFile {
		f.StringVar(&w.file, "file", "", "the keys are in this file (JSON, mode 0600), which is made when missing")
	}
	f.StringVar(&w.sqlite, "sqlite", "", "the keys are in this SQLite database")
	f.StringVar(&w.postgres, "postgres", "", "the keys are in this PostgreSQL database: a URL without a password, which PGPASSWORD or PGPASSFILE has")
	f.DurationVar(&w.timeout, "timeout", 10*time.Second, "for how long the database or the lock of the file is waited for")
}

// open opens the one store that the flags name.
func (w *where) open(now func() time.Time) (store, func(), error) {
	if w.file != "" && w.sqlite == "" && w.postgres == "" {
		return &file{path: w.file, timeout: w.timeout}, func() {}, nil
	}
	db, dialect, err := w.database()
	if err != nil {
		return nil, nil, err
	}
	s, err := apikeysql.New(apikeysql.Config{DB: db, Dialect: dialect, Cache: -1, Timeout: w.timeout, Clock: now})
	if err != nil {
		db.Close()
		return nil, nil, err
	}
	return database{s}, func() { db.Close() }, nil
}

// database opens the one database that the flags name.
func (w *where) database() (*sql.DB, apikeysql.Dialect, error) {
	switch {
	case w.file == "" && w.sqlite != "" && w.postgres == "":
		// A file: URL, so that nothing in the path is taken for a parameter.
		u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: w.sqlite}).EscapedPath(), RawQuery: fmt.Sprintf("_pragma=busy_timeout(%d)&_txlock=immediate", w.timeout.Milliseconds())}
		if err := private(w.sqlite); err != nil {
			return nil, 0, err
		}
		db, err := sql.Open("sqlite", u.String())
		return db, apikeysql.Question, err
	case w.file == "" && w.sqlite == "" && w.postgres != "":
		u, err := url.Parse(w.postgres)
		if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
			return nil, 0, errors.New("--postgres is not a URL of the form postgres://USER@HOST/DATABASE")
		}
		if _, has := u.User.Password(); has || u.Query().Has("password") || u.Query().Has("sslpassword") {
			return nil, 0, errors.New("--postgres has a password, which every user of this machine can read: put it into PGPASSWORD, or a file that PGPASSFILE names")
		}
		db, err := sql.Open("pgx", w.postgres)
		return db, apikeysql.Dollar, err
	}
	return nil, 0, errors.New("the place of the keys is missing: give one of --file, --sqlite and --postgres")
}

// private makes the file of an SQLite database for its owner alone, if it is not there.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// database is keys in a database.
type database struct{ *apikeysql.Store }

// Add implements store. Several keys are added one by one.
func (d database) Add(ctx context.Context, keys ...apikey.Key) error {
	for i, k := range keys {
		if err := d.Store.Add(ctx, k); err != nil {
			return fmt.Errorf("key %d of %d: %w", i+1, len(keys), cause(err))
		}
	}
	return nil
}

// Revoke implements store.
func (d database) Revoke(ctx context.Context, id string) error { return cause(d.Store.Revoke(ctx, id)) }

// Rotate implements store.
func (d database) Rotate(ctx context.Context, id string, until time.Time, next func(apikey.Key) (apikey.Key, error)) error {
	return cause(d.Store.Rotate(ctx, id, until, next))
}

// List implements store.
func (d database) List(ctx context.Context) ([]apikey.Key, error) {
	var all []apikey.Key
	for after := ""; ; after = all[len(all)-1].ID {
		page, err := d.Store.List(ctx, after)
		if err != nil || len(page) == 0 {
			return all, cause(err)
		}
		all = append(all, page...)
	}
}

// cause is the error inside of one that says only that something is not available.
func cause(err error) error {
	if inner := errors.Unwrap(err); inner != nil {
		return inner
	}
	return err
}
