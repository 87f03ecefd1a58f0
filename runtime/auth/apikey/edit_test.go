package apikey_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
)

// TestFileRoundTrip: what is written is read again with every member, and a server reads it too.
func TestFileRoundTrip(t *testing.T) {
	_, full := issue(t, "a name", "build")
	full.Roles, full.NotBefore, full.Expires, full.Revoked, full.WeakReason = []string{"admin"}, noon.UTC(), noon.Add(time.Hour).UTC(), true, "a reason"
	_, bare := issue(t, "", "x")
	bare.Scopes = nil
	path := filepath.Join(t.TempDir(), "keys.json")
	for _, keys := range [][]apikey.Key{{}, {full, bare}} {
		text, err := apikey.FormatFile(keys)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := apikey.ReadFile(path)
		if err != nil || len(got) != len(keys) {
			t.Fatalf("%+v, %v", got, err)
		}
		for i := range keys {
			if !reflect.DeepEqual(got[i], keys[i]) {
				t.Errorf("got %+v, want %+v", got[i], keys[i])
			}
		}
	}
	if _, err := apikey.File(path); err != nil {
		t.Error(err)
	}
	if _, err := apikey.FormatFile([]apikey.Key{full, full}); err == nil || !strings.Contains(err.Error(), "two keys") {
		t.Errorf("one key twice: %v", err)
	}
	clear := bare
	clear.Hash = "bk_secret"
	if _, err := apikey.FormatFile([]apikey.Key{clear}); err == nil {
		t.Error("a key that is not hashed is written")
	}
}
