// Package apikeysql stores API keys in a database, over database/sql: any that knows the SQL of
// [Schema]. PostgreSQL, SQLite and MariaDB are tested.
package apikeysql

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/auth/internal/remember"
	"github.com/bailey-go/bailey/runtime/auth/internal/turns"
)

// Schema makes the table. Times are seconds since 1970, 0 for none; scopes and roles are JSON arrays.
const Schema = `CREATE TABLE IF NOT EXISTS api_keys (
	id         VARCHAR(16)  NOT NULL PRIMARY KEY,
	hash_key   VARCHAR(64)  NOT NULL,
	hash       VARCHAR(64)  NOT NULL UNIQUE,
	subject    VARCHAR(255) NOT NULL,
	name       VARCHAR(255) NOT NULL,
	scopes     TEXT         NOT NULL,
	roles      TEXT         NOT NULL,
	not_before BIGINT       NOT NULL,
	expires    BIGINT       NOT NULL,
	revoked    BIGINT       NOT NULL,
	weak       VARCHAR(255) NOT NULL
)`

// SchemaMySQL is [Schema] for MySQL and MariaDB, whose text is compared without regard to case and
// to spaces at the end unless it is binary.
const SchemaMySQL = `CREATE TABLE IF NOT EXISTS api_keys (
	id         VARBINARY(16)  NOT NULL PRIMARY KEY,
	hash_key   VARBINARY(64)  NOT NULL,
	hash       VARBINARY(64)  NOT NULL UNIQUE,
	subject    VARBINARY(255) NOT NULL,
	name       VARBINARY(255) NOT NULL,
	scopes     MEDIUMBLOB     NOT NULL,
	roles      MEDIUMBLOB     NOT NULL,
	not_before BIGINT         NOT NULL,
	expires    BIGINT         NOT NULL,
	revoked    BIGINT         NOT NULL,
	weak       VARBINARY(255) NOT NULL
)`

// A Dialect is how a database marks the parameters of a statement. The zero value is none.
type Dialect uint8

// The dialects.
const (
	_        Dialect = iota
	Dollar           // $1, $2: PostgreSQL
	Question         // ?, ?: SQLite, MySQL
)

// Config says which database, and how much it is asked.
type Config struct {
	// DB is the pool of connections. database/sql keeps two of them when nobody uses them, unless
	// it is told otherwise, and closes the others: call DB.SetMaxIdleConns with Concurrency, or
	// bursts of requests connect again and again.
	DB      *sql.DB
	Dialect Dialect
	// Cache is how long a key that was found is not asked for again; 0 means 30 seconds, a negative value never. A key that another process revokes stays good so long.
	Cache time.Duration
	// CacheSize bounds the keys that are remembered; 0 means 10,000.
	CacheSize int
	// Timeout bounds one look-up, the wait for its turn included; 0 means 2 seconds.
	Timeout time.Duration
	// Concurrency bounds the look-ups at a time; 0 means 16. 16 times as many wait; more are refused as unavailable.
	Concurrency int
	// Clock replaces time.Now.
	Clock func() time.Time
}

// Store is an [apikey.Store] in a database. Only keys that were found are remembered. It is safe for concurrent use.
type Store struct {
	config  Config
	queries queries
	gate    *turns.Gate
	changes atomic.Int64 // counts revocations
	cache   *remember.Cache[remember.Digest, entry]
}

type entry struct {
	key   *apikey.Key
	until time.Time
}

var _ apikey.HashStore = (*Store)(nil)

const maxCache = 24 * time.Hour

// New checks c and returns a store. It does not ask the database: one that is down refuses requests, not the start.
func New(c Config) (*Store, error) {
	var errs []error
	if c.DB == nil {
		errs = append(errs, errors.New("apikeysql: no database"))
	}
	q, ok := statements[c.Dialect]
	if !ok {
		errs = append(errs, errors.New("apikeysql: no dialect"))
	}
	if c.Timeout < 0 || c.Concurrency < 0 || c.CacheSize < 0 || c.Cache > maxCache {
		errs = append(errs, fmt.Errorf("apikeysql: a negative bound, or a cache of more than %s", maxCache))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if c.Cache == 0 {
		c.Cache = 30 * time.Second
	}
	if c.CacheSize == 0 {
		c.CacheSize = 10_000
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
	s := &Store{config: c, queries: q, gate: turns.New(c.Concurrency)}
	if c.Cache > 0 {
		s.cache = remember.New[remember.Digest, entry](c.CacheSize)
	}
	return s, nil
}

var (
	errNone  = errors.New("apikeysql: there is no key with this id")
	errThere = errors.New("apikeysql: there is a key with this id already")
	errSame  = errors.New("apikeysql: this key is there already")
)

// Lookup implements [apikey.Store].
func (s *Store) Lookup(ctx context.Context, id string) (*apikey.Key, bool, error) {
	return s.find(ctx, remember.Sum(id), s.queries.lookup, id, func(k *apikey.Key) bool { return k.ID == id })
}

// LookupHash implements [apikey.HashStore].
func (s *Store) LookupHash(ctx context.Context, hash [sha256.Size]byte) (*apikey.Key, bool, error) {
	name := remember.Digest(hash)
	if k, ok := s.remembered(name); ok { // before the hash is written, which allocates
		return k, true, nil
	}
	text := hex.EncodeToString(hash[:])
	return s.find(ctx, name, s.queries.byHash, text, func(k *apikey.Key) bool { return k.Hash == text })
}

// remembered returns a key that was found a while ago.
func (s *Store) remembered(name remember.Digest) (*apikey.Key, bool) {
	e, ok := s.cache.Get(name)
	if !ok || !remember.Holds(e.until, s.config.Clock(), s.config.Cache) {
		return nil, false
	}
	return e.key, true
}

// find returns the key that is remembered by a name, or that a query finds by one argument. It remembers a key that is the one asked for.
func (s *Store) find(ctx context.Context, name remember.Digest, query, arg string, asked func(*apikey.Key) bool) (*apikey.Key, bool, error) {
	if k, ok := s.remembered(name); ok {
		return k, true, nil
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	if err := s.gate.Enter(ctx); err != nil {
		return nil, false, fmt.Errorf("apikeysql: %w", err)
	}
	defer s.gate.Leave()
	began, changes := s.config.Clock(), s.changes.Load()
	k, err := s.scan(s.config.DB.QueryRowContext(ctx, query, arg))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("apikeysql: look-up: %w", err)
	}
	if s.cache != nil && asked(k) && !k.Revoked {
		s.cache.Put(name, entry{k, began.Add(s.config.Cache)}, remember.Weight(len(k.Subject)+len(k.Name)+len(k.WeakReason), 11+len(k.Scopes)+len(k.Roles)))
		if s.changes.Load() != changes {
			s.cache.Flush() // the row may be from before a revocation
		}
	}
	return k, true, nil
}

// Add stores a key; an id or a hash that is there already is an error. A failure of the database is an [*auth.Unavailable], for which
// the server answers 503 where a handler returns it; so it is of Revoke and BySubject.
func (s *Store) Add(ctx context.Context, k apikey.Key) error {
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	err := s.insert(ctx, s.config.DB, &k)
	if err == nil || !errors.As(err, new(*auth.Unavailable)) {
		return err
	}
	if _, there, _ := s.Lookup(ctx, k.ID); there {
		return errThere
	}
	if hash, bad := hex.DecodeString(k.Hash); bad == nil {
		if _, there, _ := s.LookupHash(ctx, [sha256.Size]byte(hash)); there {
			return errSame
		}
	}
	return err
}

// unavailable makes a failure of the database an [auth.Unavailable], so that a handler that returns it answers 503.
func unavailable(what string, err error) error {
	return &auth.Unavailable{Rule: "api-key-store", Err: fmt.Errorf("apikeysql: %s: %w", what, err)}
}

// Revoke makes a key bad for ever: here at once, in other processes when their cache forgets it. An unknown id is an error.
func (s *Store) Revoke(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	res, err := s.config.DB.ExecContext(ctx, s.queries.revoke, max(s.config.Clock().Unix(), 1), id)
	if err != nil {
		return unavailable("revoke", err)
	}
	s.changes.Add(1)
	s.cache.Flush()
	if n, err := res.RowsAffected(); err == nil && n == 0 {
		return errNone
	}
	return nil
}

// BySubject lists the keys of a subject, at most 1,000, for an administrator.
func (s *Store) BySubject(ctx context.Context, subject string) ([]apikey.Key, error) {
	return s.rows(ctx, s.queries.bySubject, subject)
}
