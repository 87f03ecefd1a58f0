package apikeysql_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/auth/apikey/apikeysql"
	"github.com/bailey-go/bailey/runtime/auth/apikey/apikeytest"
)

// table is a database with one table, which understands the package's statements by their first words. Databases with an
// SQL of their own are tested in testdata/databases.
type table struct {
	mu    sync.Mutex
	rows  map[string][]driver.Value
	err   error
	wait  chan struct{} // if set, look-ups wait for it
	asked int
	most  int // at a time
	now   int
}

func (t *table) Connect(context.Context) (driver.Conn, error) { return conn{t}, nil }
func (t *table) Driver() driver.Driver                        { return nil }

type conn struct{ *table }

func (conn) Prepare(string) (driver.Stmt, error) { return nil, errors.New("no") }
func (conn) Close() error                        { return nil }
func (conn) Begin() (driver.Tx, error)           { return nil, errors.New("no") }

func (c conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.mu.Lock()
	c.asked++
	c.now++
	c.most = max(c.most, c.now)
	wait, err := c.wait, c.err
	c.mu.Unlock()
	defer func() { c.mu.Lock(); c.now--; c.mu.Unlock() }()
	if wait != nil {
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var out rows
	for id, row := range c.rows {
		if strings.Contains(query, "WHERE id") && id == args[0].Value || strings.Contains(query, "WHERE hash") && row[2] == args[0].Value || strings.Contains(query, "WHERE subject") && row[3] == args[0].Value {
			out = append(out, row)
		}
	}
	return &out, nil
}

func (c conn) ExecContext(_ context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return nil, c.err
	}
	if strings.HasPrefix(query, "UPDATE") {
		row := c.rows[args[1].Value.(string)]
		if row == nil {
			return driver.RowsAffected(0), nil
		}
		row = append([]driver.Value{}, row...)
		row[9] = args[0].Value
		c.rows[args[1].Value.(string)] = row
		return driver.RowsAffected(1), nil
	}
	id := args[0].Value.(string)
	for other, row := range c.rows {
		if other == id || row[2] == args[2].Value {
			return nil, errors.New("duplicate key")
		}
	}
	for _, a := range args {
		c.rows[id] = append(c.rows[id], a.Value)
	}
	return driver.RowsAffected(1), nil
}

type rows [][]driver.Value

func (*rows) Columns() []string { return make([]string, 11) }
func (*rows) Close() error      { return nil }
func (r *rows) Next(dest []driver.Value) error {
	if len(*r) == 0 {
		return io.EOF
	}
	copy(dest, (*r)[0])
	*r = (*r)[1:]
	return nil
}

func open(t *testing.T, tab *table, change func(*apikeysql.Config), keys ...apikey.Key) *apikeysql.Store {
	t.Helper()
	tab.rows = map[string][]driver.Value{}
	db := sql.OpenDB(tab)
	t.Cleanup(func() { db.Close() })
	c := apikeysql.Config{DB: db, Dialect: apikeysql.Question}
	if change != nil {
		change(&c)
	}
	s, err := apikeysql.New(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		if err := s.Add(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestConformance(t *testing.T) {
	for name, cache := range map[string]time.Duration{"cached": 0, "not cached": -1} {
		t.Run(name, func(t *testing.T) {
			apikeytest.Run(t, func(t *testing.T, keys ...apikey.Key) apikey.Store {
				return open(t, &table{}, func(c *apikeysql.Config) { c.Cache = cache }, keys...)
			})
		})
	}
}

func key(t *testing.T) apikey.Key {
	_, k := apikeytest.HashKeys(t).Generate("t_")
	k.Subject = "x"
	return k
}

func TestCache(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	tab, k := &table{}, key(t)
	s := open(t, tab, func(c *apikeysql.Config) { c.Clock = func() time.Time { return now } }, k)
	lookup := func(id string, asked int) {
		t.Helper()
		before := tab.asked
		if _, _, err := s.Lookup(t.Context(), id); err != nil || tab.asked-before != asked {
			t.Errorf("asked %d times, %v; want %d", tab.asked-before, err, asked)
		}
	}
	lookup(k.ID, 1)
	lookup(k.ID, 0)
	now = now.Add(30 * time.Second)
	lookup(k.ID, 1)
	lookup("0000000000000000", 1)
	lookup("0000000000000000", 1) // what is not there is not remembered
	if err := s.Revoke(t.Context(), k.ID); err != nil {
		t.Fatal(err)
	}
	lookup(k.ID, 1)
	lookup(k.ID, 1) // nor what is revoked
	if keys, err := s.BySubject(t.Context(), "x"); err != nil || len(keys) != 1 || !keys[0].Revoked {
		t.Errorf("got %+v, %v", keys, err)
	}
}

// TestOutage: a database that is down or stuck is an error in bounded time, and what was found before still counts.
func TestOutage(t *testing.T) {
	tab, known, other := &table{}, key(t), key(t)
	s := open(t, tab, func(c *apikeysql.Config) { c.Timeout = 20 * time.Millisecond }, known, other)
	if _, ok, err := s.Lookup(t.Context(), known.ID); !ok || err != nil {
		t.Fatal(ok, err)
	}
	tab.err = errors.New("connection refused")
	for _, stuck := range []bool{false, true} {
		if stuck {
			tab.err, tab.wait = nil, make(chan struct{})
		}
		if k, ok, err := s.Lookup(t.Context(), other.ID); k != nil || ok || err == nil {
			t.Errorf("stuck %v: %v, %v, %v", stuck, k, ok, err)
		}
		if _, ok, err := s.Lookup(t.Context(), known.ID); !ok || err != nil {
			t.Errorf("stuck %v: a known key: %v, %v", stuck, ok, err)
		}
	}
}

// TestOutageOfChanges: a handler that returns the error of a change has its request answered 503, and not where the change
// itself is wrong.
func TestOutageOfChanges(t *testing.T) {
	tab, known := &table{}, key(t)
	s := open(t, tab, nil, known)
	var down *auth.Unavailable
	if err := s.Add(t.Context(), known); err == nil || errors.As(err, &down) {
		t.Errorf("a key that is there: %v", err)
	}
	if err := s.Revoke(t.Context(), key(t).ID); err == nil || errors.As(err, &down) {
		t.Errorf("a key that is not there: %v", err)
	}
	tab.err = errors.New("connection refused")
	if err := s.Add(t.Context(), key(t)); !errors.As(err, &down) || !errors.Is(err, tab.err) {
		t.Errorf("Add: %v", err)
	}
	if err := s.Revoke(t.Context(), known.ID); !errors.As(err, &down) || !errors.Is(err, tab.err) {
		t.Errorf("Revoke: %v", err)
	}
	if _, err := s.BySubject(t.Context(), known.Subject); !errors.As(err, &down) || !errors.Is(err, tab.err) {
		t.Errorf("BySubject: %v", err)
	}
}

// TestConcurrencyIsBounded: so many look-ups at a time, so many wait, the rest fail at once.
func TestConcurrencyIsBounded(t *testing.T) {
	tab := &table{wait: make(chan struct{})}
	s := open(t, tab, func(c *apikeysql.Config) { c.Concurrency, c.Timeout = 2, time.Minute })
	const callers = 2 + 2*16 + 20
	errs := make(chan error, callers)
	for range callers {
		go func() { _, _, err := s.Lookup(context.Background(), "0000000000000000"); errs <- err }()
	}
	for range 20 {
		if err := <-errs; err == nil || !strings.Contains(err.Error(), "too many") {
			t.Errorf("err = %v", err)
		}
	}
	close(tab.wait)
	for range callers - 20 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if tab.most > 2 {
		t.Errorf("%d look-ups at a time", tab.most)
	}
}

// TestRowsAreChecked: what somebody else wrote into the table is no key.
func TestRowsAreChecked(t *testing.T) {
	good := key(t)
	for name, change := range map[string]func([]driver.Value){
		"no hash":          func(r []driver.Value) { r[2] = "" },
		"no subject":       func(r []driver.Value) { r[3] = "" },
		"scopes no JSON":   func(r []driver.Value) { r[5] = "read" },
		"scopes of spaces": func(r []driver.Value) { r[5] = `["a b"]` },
		"roles no list":    func(r []driver.Value) { r[6] = `{}` },
	} {
		tab := &table{}
		s := open(t, tab, nil, good)
		change(tab.rows[good.ID])
		if k, ok, err := s.Lookup(t.Context(), good.ID); ok || err == nil {
			t.Errorf("%s: %+v", name, k)
		}
	}
}

func TestConfigIsChecked(t *testing.T) {
	db := sql.OpenDB(&table{})
	defer db.Close()
	for _, c := range []apikeysql.Config{
		{}, {DB: db}, {Dialect: apikeysql.Dollar}, {DB: db, Dialect: 9}, {DB: db, Dialect: apikeysql.Dollar, Timeout: -1},
		{DB: db, Dialect: apikeysql.Dollar, Cache: 48 * time.Hour}, {DB: db, Dialect: apikeysql.Dollar, Concurrency: -1},
	} {
		if s, err := apikeysql.New(c); s != nil || err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
}
