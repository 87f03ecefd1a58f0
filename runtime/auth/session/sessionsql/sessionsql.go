// Package sessionsql keeps sessions in a database, over database/sql, so that several processes share them and they outlive each: any database that knows
// the SQL of [Schema]. PostgreSQL, SQLite and MariaDB are tested.
package sessionsql

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/internal/turns"
	"github.com/bailey-go/bailey/runtime/auth/session"
)

// Schema makes the table, in two statements. Times are milliseconds since 1970; grants is JSON.
var Schema = []string{`CREATE TABLE IF NOT EXISTS web_sessions (
	id      VARCHAR(64)  NOT NULL PRIMARY KEY,
	subject VARCHAR(255) NOT NULL,
	grants  TEXT         NOT NULL,
	began   BIGINT       NOT NULL,
	used    BIGINT       NOT NULL,
	ends    BIGINT       NOT NULL
)`, `CREATE INDEX IF NOT EXISTS web_sessions_subject ON web_sessions (subject)`}

// SchemaMySQL is [Schema] for MySQL and MariaDB, whose text is compared without regard to case and
// to spaces at the end unless it is binary: the sessions of one subject must not be those of
// another.
var SchemaMySQL = []string{`CREATE TABLE IF NOT EXISTS web_sessions (
	id      VARBINARY(64)  NOT NULL PRIMARY KEY,
	subject VARBINARY(255) NOT NULL,
	grants  MEDIUMBLOB     NOT NULL,
	began   BIGINT         NOT NULL,
	used    BIGINT         NOT NULL,
	ends    BIGINT         NOT NULL,
	INDEX web_sessions_subject (subject)
)`}

// A Dialect is how a database marks the parameters of a statement. The zero value is none.
type Dialect uint8

// The dialects.
const (
	_        Dialect = iota
	Dollar           // $1, $2: PostgreSQL
	Question         // ?, ?: SQLite, MySQL
)

// Config says which database, and how much it is asked. It is asked for each request: what ended in one process has ended in all.
type Config struct {
	// DB is the pool of connections. database/sql keeps two of them when nobody uses them, unless
	// it is told otherwise, and closes the others: call DB.SetMaxIdleConns with Concurrency, or
	// bursts of requests connect again and again.
	DB      *sql.DB
	Dialect Dialect
	// PerSubject bounds the sessions of one subject; 0 means 20. A new one then ends the one that was not used for the longest time.
	PerSubject int
	// Timeout bounds one question, the wait for its turn included; 0 means 2 seconds.
	Timeout time.Duration
	// Concurrency bounds the questions at a time; 0 means 16. 16 times as many wait; more are refused as unavailable.
	Concurrency int
	// Clock replaces time.Now.
	Clock func() time.Time
}

// Store is a [session.Store] in a database. It is safe for concurrent use.
type Store struct {
	config  Config
	queries *queries
	gate    *turns.Gate
	swept   atomic.Int64 // Unix nanoseconds
}

var _ session.Store = (*Store)(nil)

const (
	defaultPerSubject = 20
	mostPerSubject    = 1000
	sweepEvery        = time.Minute
	trimAtOnce        = 100 // the limit in the statements
)

// New checks c and returns a store. It does not ask the database: one that is down refuses requests, not the start.
func New(c Config) (*Store, error) {
	q, ok := statements[c.Dialect]
	switch {
	case c.DB == nil:
		return nil, errors.New("sessionsql: no database")
	case !ok:
		return nil, errors.New("sessionsql: no dialect")
	case c.PerSubject < 0 || c.PerSubject > mostPerSubject || c.Timeout < 0 || c.Concurrency < 0:
		return nil, fmt.Errorf("sessionsql: a negative bound, or more than %d sessions of one subject", mostPerSubject)
	}
	if c.PerSubject == 0 {
		c.PerSubject = defaultPerSubject
	}
	if c.Timeout == 0 {
		c.Timeout = 2 * time.Second
	}
	if c.Concurrency == 0 {
		c.Concurrency = 16
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return &Store{config: c, queries: &q, gate: turns.New(c.Concurrency)}, nil
}

// queries are the statements of one dialect.
type queries struct{ get, put, touch, remove, removeSubject, others, sweep string }

const columns = "id, subject, grants, began, used, ends"

var statements = map[Dialect]queries{
	Dollar: {
		get:    "SELECT " + columns + " FROM web_sessions WHERE id = $1",
		put:    "INSERT INTO web_sessions (" + columns + ") VALUES ($1, $2, $3, $4, $5, $6)",
		touch:  "UPDATE web_sessions SET used = $1 WHERE id = $2 AND used < $3",
		remove: "DELETE FROM web_sessions WHERE id = $1", removeSubject: "DELETE FROM web_sessions WHERE subject = $1",
		others: "SELECT id FROM web_sessions WHERE subject = $1 AND id <> $2 ORDER BY used DESC, id LIMIT 100 OFFSET $3",
		sweep:  "DELETE FROM web_sessions WHERE ends < $1",
	},
	Question: {
		get:    "SELECT " + columns + " FROM web_sessions WHERE id = ?",
		put:    "INSERT INTO web_sessions (" + columns + ") VALUES (?, ?, ?, ?, ?, ?)",
		touch:  "UPDATE web_sessions SET used = ? WHERE id = ? AND used < ?",
		remove: "DELETE FROM web_sessions WHERE id = ?", removeSubject: "DELETE FROM web_sessions WHERE subject = ?",
		others: "SELECT id FROM web_sessions WHERE subject = ? AND id <> ? ORDER BY used DESC, id LIMIT 100 OFFSET ?",
		sweep:  "DELETE FROM web_sessions WHERE ends < ?",
	},
}

// within asks the database in its turn and for a bounded time.
func (s *Store) within(ctx context.Context, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	if err := s.gate.Enter(ctx); err != nil {
		return fmt.Errorf("sessionsql: %w", err)
	}
	defer s.gate.Leave()
	if err := ask(ctx); err != nil {
		return fmt.Errorf("sessionsql: %w", err)
	}
	return nil
}

func (s *Store) exec(ctx context.Context, query string, args ...any) error {
	return s.within(ctx, func(ctx context.Context) error {
		_, err := s.config.DB.ExecContext(ctx, query, args...)
		return err
	})
}

// grants is what a session allows, as JSON.
type grants struct {
	Scopes []string          `json:"scopes,omitempty"`
	Roles  []string          `json:"roles,omitempty"`
	Claims map[string]string `json:"claims,omitempty"`
}

func name(id [32]byte) string { return hex.EncodeToString(id[:]) }

// Put implements [session.Store].
func (s *Store) Put(ctx context.Context, id [32]byte, r *session.Record) error {
	text, err := json.Marshal(grants{r.Scopes, r.Roles, r.Claims})
	if err != nil {
		return fmt.Errorf("sessionsql: %w", err)
	}
	if err := s.sweep(ctx); err != nil {
		return err
	}
	err = s.exec(ctx, s.queries.put, name(id), r.Subject, string(text), r.Began.UnixMilli(), r.Used.UnixMilli(), r.Ends.UnixMilli())
	if err != nil {
		return err
	}
	return s.trim(ctx, r.Subject, name(id))
}

// sweep drops what is over, now and then.
func (s *Store) sweep(ctx context.Context) error {
	now := s.config.Clock()
	if last := s.swept.Load(); now.UnixNano()-last >= int64(sweepEvery) && s.swept.CompareAndSwap(last, now.UnixNano()) {
		return s.exec(ctx, s.queries.sweep, now.UnixMilli())
	}
	return nil
}

// trim ends the sessions of a subject that are too many beside its newest one. It comes after the
// insertion: of several that begin at a time, the last one to look sees all of them, so that the
// bound holds when all have begun.
func (s *Store) trim(ctx context.Context, subject, newest string) error {
	for {
		old, err := s.others(ctx, subject, newest)
		for _, id := range old {
			err = errors.Join(err, s.exec(ctx, s.queries.remove, id))
		}
		if err != nil || len(old) < trimAtOnce {
			return err
		}
	}
}

// others returns sessions of a subject that are too many beside one.
func (s *Store) others(ctx context.Context, subject, newest string) (old []string, err error) {
	err = s.within(ctx, func(ctx context.Context) error {
		rows, err := s.config.DB.QueryContext(ctx, s.queries.others, subject, newest, s.config.PerSubject-1)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			old = append(old, id)
		}
		return rows.Err()
	})
	return old, err
}

// Get implements [session.Store].
func (s *Store) Get(ctx context.Context, id [32]byte) (*session.Record, bool, error) {
	var (
		r                 session.Record
		stored, text      string
		began, used, ends int64
	)
	err := s.within(ctx, func(ctx context.Context) error {
		return s.config.DB.QueryRowContext(ctx, s.queries.get, name(id)).Scan(&stored, &r.Subject, &text, &began, &used, &ends)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	var g grants
	if err := json.Unmarshal([]byte(text), &g); err != nil || stored != name(id) {
		return nil, false, errors.New("sessionsql: a row that is no session") // somebody else writes into the table
	}
	r.Scopes, r.Roles, r.Claims = g.Scopes, g.Roles, g.Claims
	r.Began, r.Used, r.Ends = time.UnixMilli(began), time.UnixMilli(used), time.UnixMilli(ends)
	return &r, true, nil
}

// Touch implements [session.Store].
func (s *Store) Touch(ctx context.Context, id [32]byte, now time.Time) error {
	return s.exec(ctx, s.queries.touch, now.UnixMilli(), name(id), now.UnixMilli())
}

// Delete implements [session.Store].
func (s *Store) Delete(ctx context.Context, id [32]byte) error {
	return s.exec(ctx, s.queries.remove, name(id))
}

// DeleteSubject implements [session.Store].
func (s *Store) DeleteSubject(ctx context.Context, subject string) error {
	return s.exec(ctx, s.queries.removeSubject, subject)
}
