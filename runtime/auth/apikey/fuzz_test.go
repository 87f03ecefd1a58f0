package apikey_test

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/bailey-go/bailey/runtime/auth/apikey"
)

// noted is a store without keys that remembers what it was asked for.
type noted struct{ id string }

func (n *noted) Lookup(_ context.Context, id string) (*apikey.Key, bool, error) {
	n.id = id
	return nil, false, nil
}

// FuzzFind: whatever stands in a request, only the one key is let in, and a store is asked for well-formed ids only.
func FuzzFind(f *testing.F) {
	clear, key := ring.Generate("bk_")
	key.Subject = "x"
	for _, seed := range []string{clear, "k=" + clear, "a=b; k=" + clear, "k=" + clear + "&k=x", "%6b=" + clear, "k=%zz", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, in := range []string{"header", "query", "cookie"} {
			p := policy(in)
			p.Name = "k"
			store := &noted{}
			a := open(t, p, store)
			r := httptest.NewRequest("GET", "/", nil)
			r.Header["K"], r.Header["Cookie"], r.URL.RawQuery = []string{text}, []string{text}, text
			if who, err := a.Authenticate(r); who != nil || err == nil {
				t.Errorf("%s: %q is let in", in, text)
			}
			for _, c := range store.id {
				if len(store.id) != 16 || !('0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z') {
					t.Errorf("%s: %q asks for %q", in, text, store.id)
				}
			}
		}
	})
}

// FuzzFile: what a key file is read as are usable keys, or it is refused.
func FuzzFile(f *testing.F) {
	f.Add(`{"keys":[{"id":"0123456789abcdef","hash-key":"a","hash":"` + "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" + `","subject":"x","expires":"2030-01-01T00:00:00Z"}]}`)
	f.Add(`{"keys":[]}`)
	path := filepath.Join(f.TempDir(), "keys")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := apikey.File(path)
		if (s == nil) == (err == nil) {
			t.Errorf("%q: %v, %v", text, s, err)
		}
	})
}
