package basic_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/basic"
)

// TestRedteamKeyfileUsers: a file of users of the same size and time that disables one of them is
// noticed, also where it is written in place.
func TestRedteamKeyfileUsers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users.json")
	now := time.Now()
	put := func(disabled string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(`{"users":[{"name":"eve","hash":"`+stored()+`","disabled":`+disabled+`}]}`), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Unix(1, 0), time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
	}
	put("false")
	users, err := basic.OpenFile(basic.UserFile{Path: path, Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	put("true ")
	now = now.Add(time.Minute)
	if u, ok, err := users.Lookup(t.Context(), "eve"); err != nil || !ok || !u.Disabled {
		t.Errorf("a minute after the file disabled the user: %+v, %v, %v", u, ok, err)
	}
}
