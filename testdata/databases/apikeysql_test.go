package databases

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/auth/apikey/apikeysql"
	"github.com/bailey-go/bailey/runtime/auth/apikey/apikeytest"
)

// keysIn tests API keys in a database, in an empty table for each test.
func keysIn(t *testing.T, dialect apikeysql.Dialect, schema string, open func(t *testing.T) *sql.DB) {
	apikeytest.Run(t, func(t *testing.T, keys ...apikey.Key) apikey.Store {
		db := open(t)
		for _, statement := range []string{schema, "DELETE FROM api_keys"} {
			if _, err := db.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		s, err := apikeysql.New(apikeysql.Config{DB: db, Dialect: dialect})
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range keys {
			if err := s.Add(t.Context(), k); err != nil {
				t.Fatal(err)
			}
		}
		return s
	})
}

func TestAPIKeysInSQLite(t *testing.T) {
	keysIn(t, apikeysql.Question, apikeysql.Schema, func(t *testing.T) *sql.DB {
		db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "keys.db"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		return db
	})
}

// postgres returns a schema of its own, or skips: BAILEY_POSTGRES says where to look, in the form
// of a URL.
func postgres(t *testing.T) *sql.DB {
	address := os.Getenv("BAILEY_POSTGRES")
	if address == "" {
		address = "postgres://postgres@127.0.0.1:5432/test?sslmode=disable&connect_timeout=2"
	}
	server, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	if err := server.PingContext(t.Context()); err != nil {
		if os.Getenv("BAILEY_POSTGRES") != "" {
			t.Fatal(err)
		}
		t.Skipf("NOT TESTED: no PostgreSQL: %v", err)
	}
	schema := "bailey_" + strings.ToLower(rand.Text()[:8])
	if _, err := server.ExecContext(t.Context(), "CREATE SCHEMA "+schema); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("search_path", schema)
	u.RawQuery = query.Encode()
	db, err := sql.Open("pgx", u.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		db.Close()
		_, _ = server.ExecContext(context.Background(), "DROP SCHEMA "+schema+" CASCADE")
	})
	return db
}

func TestAPIKeysInPostgreSQL(t *testing.T) {
	keysIn(t, apikeysql.Dollar, apikeysql.Schema, postgres)
}
