package apikeysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
)

var (
	errGone    = errors.New("apikeysql: there is no key with this id that is good")
	errChanged = errors.New("apikeysql: the key was changed by somebody else meanwhile")
)

// Rotate stores the key that next makes of the one with an id, and ends that one at until, unless it ends earlier: both or neither. A key that is not there, is revoked
// or has expired is an error, as an error of next is. A failure of the database is as in Add.
func (s *Store) Rotate(ctx context.Context, id string, until time.Time, next func(old apikey.Key) (apikey.Key, error)) error {
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	tx, err := s.config.DB.BeginTx(ctx, nil)
	if err != nil {
		return unavailable("rotate", err)
	}
	defer func() { _ = tx.Rollback() }() // of what was not committed
	old, err := s.scan(tx.QueryRowContext(ctx, s.queries.lookup, id))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return errNone
	case err != nil:
		return unavailable("rotate", err)
	case old.Revoked, !old.Expires.IsZero() && !s.config.Clock().Before(old.Expires):
		return errGone
	}
	k, err := next(*old)
	if err != nil {
		return err
	}
	if err := s.insert(ctx, tx, &k); err != nil {
		return err
	}
	if old.Expires.IsZero() || old.Expires.After(until) {
		res, err := tx.ExecContext(ctx, s.queries.end, seconds(until), id, seconds(old.Expires))
		if err != nil {
			return unavailable("rotate", err)
		}
		if n, err := res.RowsAffected(); err == nil && n != 1 && seconds(until) != seconds(old.Expires) {
			return errChanged
		}
	}
	if err := tx.Commit(); err != nil {
		return unavailable("rotate", err)
	}
	s.changes.Add(1)
	s.cache.Flush()
	return nil
}

// execer is a database or a transaction.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// insert stores a key that is checked.
func (s *Store) insert(ctx context.Context, db execer, k *apikey.Key) error {
	if err := k.Check(); err != nil {
		return err
	}
	scopes, roles, err := lists(k)
	if err != nil {
		return err
	}
	var revoked int64
	if k.Revoked {
		revoked = s.config.Clock().Unix()
	}
	if _, err := db.ExecContext(ctx, s.queries.add, k.ID, k.HashKey, k.Hash, k.Subject, k.Name, scopes, roles, seconds(k.NotBefore), seconds(k.Expires), revoked, k.WeakReason); err != nil {
		return unavailable("add", err)
	}
	return nil
}

// List returns up to 1,000 keys in the order of their ids, beginning after one: "" is before all. It is for an administrator.
func (s *Store) List(ctx context.Context, after string) ([]apikey.Key, error) {
	return s.rows(ctx, s.queries.list, after)
}

// rows returns the keys that a query with one argument finds.
func (s *Store) rows(ctx context.Context, query, arg string) ([]apikey.Key, error) {
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	rows, err := s.config.DB.QueryContext(ctx, query, arg)
	if err != nil {
		return nil, unavailable("list", err)
	}
	defer rows.Close()
	var keys []apikey.Key
	for rows.Next() {
		k, err := s.scan(rows)
		if err != nil {
			return nil, fmt.Errorf("apikeysql: list: %w", err)
		}
		keys = append(keys, *k)
	}
	if err := rows.Err(); err != nil {
		return nil, unavailable("list", err)
	}
	return keys, nil
}
