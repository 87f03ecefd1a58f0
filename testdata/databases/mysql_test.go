package databases

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql"

	"github.com/bailey-go/bailey/runtime/auth/apikey/apikeysql"
	"github.com/bailey-go/bailey/runtime/auth/session/sessionsql"
)

// TestMySQL runs against the server that BAILEY_MYSQL says, a DSN that ends in "/", or one of the
// test's own where mariadbd is installed.
func TestMySQL(t *testing.T) {
	address := os.Getenv("BAILEY_MYSQL")
	if address == "" {
		address = startMySQL(t)
	}
	server, err := sql.Open("mysql", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	fresh := func(t *testing.T) *sql.DB {
		name := "bailey_" + rand.Text()[:8]
		if _, err := server.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("mysql", address+name)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			db.Close()
			_, _ = server.ExecContext(context.Background(), "DROP DATABASE "+name)
		})
		return db
	}
	t.Run("sessions", func(t *testing.T) { sessionsIn(t, sessionsql.Question, sessionsql.SchemaMySQL, fresh) })
	t.Run("keys", func(t *testing.T) { keysIn(t, apikeysql.Question, apikeysql.SchemaMySQL, fresh) })
}

// startMySQL runs a server on a socket of its own, or skips.
func startMySQL(t *testing.T) (address string) {
	t.Helper()
	daemon, err := exec.LookPath("mariadbd")
	if err == nil {
		_, err = exec.LookPath("mariadb-install-db")
	}
	if err != nil {
		t.Skip("NOT TESTED: no MySQL or MariaDB; set BAILEY_MYSQL")
	}
	dir, err := os.MkdirTemp("", "my") // the path of a socket is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	data, socket := filepath.Join(dir, "data"), filepath.Join(dir, "socket")
	if out, err := exec.CommandContext(t.Context(), "mariadb-install-db", "--no-defaults", "--user="+me.Username, "--datadir="+data, "--auth-root-authentication-method=normal", "--skip-test-db").CombinedOutput(); err != nil {
		t.Fatalf("%v: %.2000s", err, out)
	}
	cmd := exec.Command(daemon, "--no-defaults", "--user="+me.Username, "--datadir="+data, "--socket="+socket, "--pid-file="+filepath.Join(dir, "pid"), "--skip-networking", "--innodb-flush-log-at-trx-commit=0")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	address = "root@unix(" + socket + ")/"
	db, err := sql.Open("mysql", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = errors.New("not tried")
	for deadline := time.Now().Add(time.Minute); err != nil && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		err = db.PingContext(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return address
}
