package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/auth/apikey/apikeysql"
	"github.com/bailey-go/bailey/runtime/principal"
)

// place is a store of keys as a user names it, and as a server opens it.
type place struct {
	flags []string
	open  func(t *testing.T) apikey.Store
	dump  func(t *testing.T) string // all that is stored
}

// bailey runs a command line, which has to end with this exit code.
func bailey(t *testing.T, in string, code int, args ...string) (out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if got := run(context.Background(), args, strings.NewReader(in), &stdout, &stderr); got != code {
		t.Fatalf("%v: exit status %d, want %d: %s%s", args, got, code, &stdout, &stderr)
	}
	return stdout.String(), stderr.String()
}

func with(flags []string, args ...string) []string { return append(args, flags...) }

func inFile(t *testing.T) place {
	path := filepath.Join(t.TempDir(), "keys.json")
	return place{
		flags: []string{"--file", path},
		open: func(t *testing.T) apikey.Store {
			s, err := apikey.OpenFile(apikey.FileStore{Path: path, Interval: time.Nanosecond})
			if err != nil {
				t.Fatal(err)
			}
			return s
		},
		dump: func(t *testing.T) string {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		},
	}
}

// inDatabase is a database that a driver opens by an address.
func inDatabase(t *testing.T, flags []string, driver, address string, dialect apikeysql.Dialect) place {
	t.Helper()
	bailey(t, "", 0, with(flags, "init")...)
	bailey(t, "", 0, with(flags, "init")...) // once more changes nothing
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s, err := apikeysql.New(apikeysql.Config{DB: db, Dialect: dialect, Cache: -1})
	if err != nil {
		t.Fatal(err)
	}
	return place{
		flags: flags,
		open:  func(*testing.T) apikey.Store { return s },
		dump: func(t *testing.T) string {
			keys, err := s.List(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprintf("%+v", keys)
		},
	}
}

func inSQLite(t *testing.T) place {
	path := filepath.Join(t.TempDir(), "keys with ? and %20.db")
	return inDatabase(t, []string{"--sqlite", path}, "sqlite", "file:"+(&url.URL{Path: path}).EscapedPath(), apikeysql.Question)
}

// inPostgres is a schema of its own, or skips: BAILEY_POSTGRES says where to look, in the form of a URL.
func inPostgres(t *testing.T) place {
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
	t.Cleanup(func() { _, _ = server.ExecContext(context.Background(), "DROP SCHEMA "+schema+" CASCADE") })
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("search_path", schema)
	u.RawQuery = query.Encode()
	if password, ok := u.User.Password(); ok {
		t.Setenv("PGPASSWORD", password)
		u.User = url.User(u.User.Username())
	}
	return inDatabase(t, []string{"--postgres", u.String()}, "pgx", u.String(), apikeysql.Dollar)
}

var places = map[string]func(*testing.T) place{"file": inFile, "SQLite": inSQLite, "PostgreSQL": inPostgres}

// everywhere runs a test with an empty store of each kind and a file of hash keys.
func everywhere(t *testing.T, test func(t *testing.T, p place, hashKeys string)) {
	for name, open := range places {
		t.Run(name, func(t *testing.T) {
			hashKeys := filepath.Join(t.TempDir(), "hash-keys")
			bailey(t, "", 0, "hash-key", "--id", "2026", hashKeys)
			test(t, open(t), hashKeys)
		})
	}
}

// judge says by which rule a server refuses a key, "" where it is good, and for whom.
func judge(t *testing.T, p place, hashKeys, key string, at time.Time, opaque bool) (rule string, who *principal.Principal) {
	t.Helper()
	hash, err := apikey.HashKeyFile(hashKeys)
	if err != nil {
		t.Fatal(err)
	}
	a, err := apikey.New(apikey.Policy{Scheme: "key", In: "header", Name: "X-Key", Opaque: opaque, Clock: func() time.Time { return at }},
		apikey.Keys{Store: p.open(t), Hash: hash}, principal.NewTable([]string{"read", "write"}, []string{"admin"}))
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("X-Key", key)
	who, err = a.Authenticate(r)
	var refused *auth.Refused
	if errors.As(err, &refused) {
		return refused.Rule, nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return "", who
}

// idOf is the id that a command told of a key.
func idOf(t *testing.T, told string) string {
	t.Helper()
	fields := strings.Fields(told)
	if len(fields) < 2 || fields[0] != "key" {
		t.Fatalf("told %q", told)
	}
	return fields[1]
}

// TestLife of a key: issued, listed, rotated with an overlap, revoked. The clear key is printed once, alone, and stored nowhere.
func TestLife(t *testing.T) {
	everywhere(t, func(t *testing.T, p place, hashKeys string) {
		now := time.Now()
		out, told := bailey(t, "", 0, with(p.flags, "issue", "--hash-keys", hashKeys, "--subject", "build", "--name", "CI \x1b[31m", "--scope", "read,write", "--role", "admin", "--expires", "90d")...)
		first := strings.TrimSpace(out)
		id := idOf(t, told)
		if strings.Contains(told, first) || strings.Contains(p.dump(t), first) || strings.Contains(p.dump(t), first[16:59]) {
			t.Error("the clear key stands where it should not")
		}
		rule, who := judge(t, p, hashKeys, first, now, false)
		if rule != "" || who.Subject != "build" || fmt.Sprint(who.Scopes, who.Roles) != "[read write] [admin]" || who.Expires.Sub(now).Round(time.Minute) != 90*24*time.Hour {
			t.Errorf("%s, %+v", rule, who)
		}
		list, _ := bailey(t, "", 0, with(p.flags, "list")...)
		if !strings.Contains(list, id) || !strings.Contains(list, `CI \x1b[31m`) || strings.Contains(list, "\x1b") || strings.Contains(list, first) {
			t.Errorf("list:\n%s", list)
		}
		if other, _ := bailey(t, "", 0, with(p.flags, "list", "--subject", "nobody")...); strings.Contains(other, id) {
			t.Errorf("the list of another subject:\n%s", other)
		}

		out, told = bailey(t, "", 0, with(p.flags, "rotate", "--hash-keys", hashKeys, "--overlap", "2h", id)...)
		second := strings.TrimSpace(out)
		next := idOf(t, told)
		for _, tt := range []struct {
			key  string
			at   time.Duration
			rule string
		}{{first, 0, ""}, {first, 119 * time.Minute, ""}, {first, 121 * time.Minute, "api-key-expired"}, {second, 0, ""}, {second, 1000 * time.Hour, ""}} {
			rule, who := judge(t, p, hashKeys, tt.key, now.Add(tt.at), false)
			if rule != tt.rule || who != nil && (who.Subject != "build" || fmt.Sprint(who.Scopes, who.Roles) != "[read write] [admin]") {
				t.Errorf("after %v: %q, want %q; %+v", tt.at, rule, tt.rule, who)
			}
		}
		// A shorter overlap is not made longer by a later rotation.
		bailey(t, "", 0, with(p.flags, "rotate", "--hash-keys", hashKeys, "--overlap", "30d", id)...)
		if rule, _ := judge(t, p, hashKeys, first, now.Add(3*time.Hour), false); rule != "api-key-expired" {
			t.Errorf("a second rotation keeps the old key: %q", rule)
		}

		bailey(t, "", 0, with(p.flags, "revoke", next)...)
		if rule, _ := judge(t, p, hashKeys, second, now, false); rule != "api-key-revoked" {
			t.Errorf("got %q", rule)
		}
		for _, args := range [][]string{{"revoke", "0000000000000000"}, {"rotate", "--hash-keys", hashKeys, "0000000000000000"}, {"rotate", "--hash-keys", hashKeys, next}} {
			before := p.dump(t)
			if out, errs := bailey(t, "", 2, with(p.flags, args...)...); out != "" || !strings.Contains(errs, "there is no key") || p.dump(t) != before {
				t.Errorf("%v: %q, %q", args, out, errs)
			}
		}
	})
}

// TestHashKeyRotates: keys under the old hash key stay good, and new ones are hashed with the new one.
func TestHashKeyRotates(t *testing.T) {
	everywhere(t, func(t *testing.T, p place, hashKeys string) {
		old, _ := bailey(t, "", 0, with(p.flags, "issue", "--hash-keys", hashKeys, "--subject", "a")...)
		if _, told := bailey(t, "", 0, "hash-key", "--id", "2027", hashKeys); strings.Contains(told, "=") {
			t.Errorf("told %q", told)
		}
		next, _ := bailey(t, "", 0, with(p.flags, "issue", "--hash-keys", hashKeys, "--subject", "b")...)
		for _, key := range []string{old, next} {
			if rule, _ := judge(t, p, hashKeys, strings.TrimSpace(key), time.Now(), false); rule != "" {
				t.Errorf("got %q", rule)
			}
		}
		list, _ := bailey(t, "", 0, with(p.flags, "list")...)
		if strings.Count(list, "2026 ") != 1 || strings.Count(list, "2027 ") != 1 {
			t.Errorf("list:\n%s", list)
		}
		if _, errs := bailey(t, "", 2, "hash-key", "--id", "2027", hashKeys); !strings.Contains(errs, "two hash keys") {
			t.Errorf("told %q", errs)
		}
	})
}

// TestImport: the hashes of other programs' keys are stored, and never a clear key; one weak key and none is stored.
func TestImport(t *testing.T) {
	everywhere(t, func(t *testing.T, p place, hashKeys string) {
		const one, two, weak = "sk_live_9dK2mQ7xT4vB1nR8", "sk_live_8rN1bV4tX7qM2Kd9", "hunter2"
		args := with(p.flags, "import", "--hash-keys", hashKeys, "--subject", "shop", "--scope", "read")
		for in, want := range map[string]string{
			one + "\n" + weak + "\n": "line 2: apikey: the key has 7 characters", "": "0 keys", "9182736455647382": "53 random bits", one + "\r\n\n" + one: "line 3: the key stands there twice",
		} {
			out, errs := bailey(t, in, 2, args...)
			if out != "" || !strings.Contains(errs, want) || strings.Contains(errs, one) || strings.Contains(errs, weak) {
				t.Errorf("%q, %q; want %q", out, errs, want)
			}
		}
		if _, errs := bailey(t, one, 2, append(args, "--bits", "32")...); !strings.Contains(errs, "32 random bits") {
			t.Errorf("told %q", errs)
		}
		ids, _ := bailey(t, one+"\n"+two, 0, append(args, "--bits", "80", "--prefix", "sk_live_")...)
		if len(strings.Fields(ids)) != 2 {
			t.Errorf("ids %q", ids)
		}
		bailey(t, weak, 0, append(args, "--weak-reason", "the till cannot change it")...)
		for _, key := range []string{one, two, weak} {
			if rule, who := judge(t, p, hashKeys, key, time.Now(), true); rule != "" || who.Subject != "shop" {
				t.Errorf("%q, %v", rule, who)
			}
			if strings.Contains(p.dump(t), key) {
				t.Error("a clear key is stored")
			}
		}
		if list, _ := bailey(t, "", 0, with(p.flags, "list")...); strings.Count(list, "weak: the till cannot change it") != 1 {
			t.Errorf("list:\n%s", list)
		}
		before := p.dump(t)
		if _, errs := bailey(t, one, 2, args...); p.dump(t) != before || errs == "" {
			t.Errorf("a key that is there already: %q", errs)
		}
	})
}

// TestConcurrentWriters: no command undoes what another one did at the same time.
func TestConcurrentWriters(t *testing.T) {
	everywhere(t, func(t *testing.T, p place, hashKeys string) {
		const writers = 12
		_, told := bailey(t, "", 0, with(p.flags, "issue", "--hash-keys", hashKeys, "--subject", "old")...)
		id := idOf(t, told)
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() {
				args := []string{"issue", "--hash-keys", hashKeys, "--subject", fmt.Sprint("s", i)}
				if i == 0 {
					args = []string{"revoke", id}
				}
				var out, errs bytes.Buffer
				if code := run(context.Background(), with(append(p.flags[:len(p.flags):len(p.flags)], "--timeout", "60s"), args...), nil, &out, &errs); code != 0 {
					t.Errorf("%v: %s", args, &errs)
				}
			})
		}
		wg.Wait()
		list, _ := bailey(t, "", 0, with(p.flags, "list")...)
		if n := strings.Count(list, "\n"); n != writers+1 || strings.Count(list, "revoked") != 1 {
			t.Errorf("%d lines:\n%s", n, list)
		}
	})
}

// TestServerSeesChanges: a running server takes a new key, and refuses a revoked one, without a restart.
func TestServerSeesChanges(t *testing.T) {
	p, hashKeys := inFile(t), filepath.Join(t.TempDir(), "hash-keys")
	bailey(t, "", 0, "hash-key", "--id", "a", hashKeys)
	bailey(t, "", 0, with(p.flags, "issue", "--hash-keys", hashKeys, "--subject", "first")...)
	now := time.Now()
	store, err := apikey.OpenFile(apikey.FileStore{Path: p.flags[1], Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	_, told := bailey(t, "", 0, with(p.flags, "issue", "--hash-keys", hashKeys, "--subject", "second")...)
	id := idOf(t, told)
	if _, ok, err := store.Lookup(t.Context(), id); ok || err != nil {
		t.Errorf("within 10 seconds: %v, %v", ok, err)
	}
	now = now.Add(10 * time.Second)
	if _, ok, err := store.Lookup(t.Context(), id); !ok || err != nil {
		t.Errorf("after 10 seconds: %v, %v", ok, err)
	}
	bailey(t, "", 0, with(p.flags, "revoke", id)...)
	now = now.Add(10 * time.Second)
	if k, ok, err := store.Lookup(t.Context(), id); !ok || err != nil || !k.Revoked {
		t.Errorf("%+v, %v, %v", k, ok, err)
	}
}

// TestFileModes: files are for their owner alone, and for a group that could read them before.
func TestFileModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("files have no such modes")
	}
	dir := t.TempDir()
	keys, hashKeys, link, db := filepath.Join(dir, "keys.json"), filepath.Join(dir, "hash-keys"), filepath.Join(dir, "link"), filepath.Join(dir, "keys.db")
	mode := func(path string, want os.FileMode) {
		t.Helper()
		info, err := os.Lstat(path)
		if err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v; want %v", path, info.Mode(), err, want)
		}
	}
	bailey(t, "", 0, "hash-key", "--id", "a", hashKeys)
	issue := func(path string) {
		t.Helper()
		bailey(t, "", 0, "issue", "--hash-keys", hashKeys, "--subject", "a", "--file", path)
	}
	issue(keys)
	bailey(t, "", 0, "init", "--sqlite", db)
	for _, path := range []string{keys, hashKeys, keys + ".lock", db} {
		mode(path, 0o600)
	}
	for before, after := range map[os.FileMode]os.FileMode{0o644: 0o640, 0o664: 0o640, 0o640: 0o640, 0o400: 0o600} {
		if err := os.Chmod(keys, before); err != nil {
			t.Fatal(err)
		}
		issue(keys)
		mode(keys, after)
	}
	if err := os.Symlink(keys, link); err != nil {
		t.Fatal(err)
	}
	issue(link)
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is replaced: %v", err)
	}
	if err := os.Chmod(keys, 0o602); err != nil {
		t.Fatal(err)
	}
	if _, errs := bailey(t, "", 2, "issue", "--hash-keys", hashKeys, "--subject", "a", "--file", keys); !strings.Contains(errs, "everyone may write it") {
		t.Errorf("told %q", errs)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*.new"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestRefused: what a command does not do, in one line and without a secret.
func TestRefused(t *testing.T) {
	dir := t.TempDir()
	hashKeys, keys := filepath.Join(dir, "hash-keys"), filepath.Join(dir, "keys.json")
	bailey(t, "", 0, "hash-key", "--id", "a", hashKeys)
	issue := []string{"issue", "--hash-keys", hashKeys, "--subject", "a"}
	for _, tt := range []struct {
		want string
		args []string
	}{
		{"no command", nil},
		{"unknown command", []string{"keys"}},
		{"give one of --file", issue},
		{"give one of --file", append(issue, "--file", keys, "--sqlite", "x")},
		{"has a password", append(issue, "--postgres", "postgres://u:hunter2@127.0.0.1/test")},
		{"has a password", append(issue, "--postgres", "postgres://u@127.0.0.1/test?password=hunter2")},
		{"not a URL", append(issue, "--postgres", "host=x password=hunter2")},
		{"not a URL", append(issue, "--postgres", "postgres://u:hunter2%zz@x")},
		{"required flag", []string{"issue", "--file", keys, "--subject", "a"}},
		{"required flag", []string{"issue", "--file", keys, "--hash-keys", hashKeys}},
		{"hash key file", []string{"issue", "--file", keys, "--subject", "a", "--hash-keys", filepath.Join(dir, "absent")}},
		{"not in the future", append(issue, "--file", keys, "--expires", "2020-01-01T00:00:00Z")},
		{"neither a span", append(issue, "--file", keys, "--expires", "tomorrow")},
		{"no subject", []string{"issue", "--hash-keys", hashKeys, "--subject", "", "--file", keys}},
		{"scope-token", append(issue, "--file", keys, "--scope", "a b")},
		{"the prefix is not", append(issue, "--file", keys, "--prefix", "a b")},
		{"--overlap", []string{"rotate", "--hash-keys", hashKeys, "--file", keys, "--overlap", "91d", "x"}},
		{"--overlap", []string{"rotate", "--hash-keys", hashKeys, "--file", keys, "--overlap", "-1h", "x"}},
		{"does not begin with #", []string{"hash-key", "--id", "#a", hashKeys}},
		{"no spaces", []string{"hash-key", "--id", "a b", hashKeys}},
		{"no such file", []string{"list", "--file", keys}},
	} {
		out, errs := bailey(t, "", 2, tt.args...)
		if out != "" || !strings.Contains(errs, tt.want) || strings.Contains(errs, "hunter2") || strings.Count(errs, "\n") != 1 {
			t.Errorf("%v: %q, %q; want %q", tt.args, out, errs, tt.want)
		}
	}
	if _, err := os.Stat(keys); err == nil {
		t.Error("a refused command has made the file")
	}
	for _, flag := range []string{"--key", "--secret", "--password"} {
		if _, errs := bailey(t, "", 2, append(issue, "--file", keys, flag, "x")...); !strings.Contains(errs, "unknown flag") {
			t.Errorf("%s: %q", flag, errs)
		}
	}
}

// TestLockIsWaitedFor: a command that cannot have the lock ends after its time-out and changes nothing.
func TestLockIsWaitedFor(t *testing.T) {
	dir := t.TempDir()
	hashKeys, keys := filepath.Join(dir, "hash-keys"), filepath.Join(dir, "keys.json")
	bailey(t, "", 0, "hash-key", "--id", "a", hashKeys)
	f := &file{path: keys, timeout: 10 * time.Second}
	inside := false
	err := f.edit(t.Context(), func([]apikey.Key) ([]apikey.Key, error) {
		inside = true
		_, errs := bailey(t, "", 2, "issue", "--hash-keys", hashKeys, "--subject", "a", "--file", keys, "--timeout", "50ms")
		if !strings.Contains(errs, "another command holds the lock") {
			t.Errorf("told %q", errs)
		}
		return nil, errors.New("no change")
	})
	if !inside || err == nil || err.Error() != "no change" {
		t.Errorf("%v, %v", inside, err)
	}
	if _, err := os.Stat(keys); err == nil {
		t.Error("the file is there")
	}
}
