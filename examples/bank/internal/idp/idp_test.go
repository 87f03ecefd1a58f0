package idp

import (
	"strings"
	"testing"
	"time"
)

// TestTOTP is the table of RFC 6238, appendix B, of which six digits are used.
func TestTOTP(t *testing.T) {
	for at, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got := TOTP([]byte("12345678901234567890"), time.Unix(at, 0)); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
}

// TestCodeOnce: a code of the second factor is good once, for its half minute and the one after.
func TestCodeOnce(t *testing.T) {
	u := User{Name: "ada", Seed: []byte("a seed of sixteen bytes")}
	at := time.Unix(1_800_000_000, 0)
	code := TOTP(u.Seed, at)
	for _, test := range []struct {
		name  string
		later time.Duration
		want  bool
	}{{"in its step", 0, true}, {"in the next one", 30 * time.Second, true}, {"in the one after that", time.Minute, false}, {"before its time", -30 * time.Second, false}} {
		l := newLogins([]User{u})
		if got := l.code(u, code, at.Add(test.later)); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
		if l.code(u, code, at.Add(test.later)) {
			t.Errorf("%s: good twice", test.name)
		}
	}
	if newLogins(nil).code(User{Name: "grace"}, TOTP(nil, at), at) {
		t.Error("who has no second factor has shown one")
	}
}

// TestExpiring: what is full of what still counts takes no more.
func TestExpiring(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	e := newExpiring[string, int](2)
	put := func(key string, life time.Duration, want error) {
		t.Helper()
		if err := e.put(key, 1, now.Add(life), now); err != want {
			t.Errorf("put %s: %v, want %v", key, err, want)
		}
	}
	put("a", time.Minute, nil)
	put("b", time.Hour, nil)
	put("c", time.Hour, errFull)
	now = now.Add(time.Minute)
	if _, ok := e.get("a", now); ok {
		t.Error("a has not ended")
	}
	put("c", time.Hour, nil)
	if _, ok := e.get("b", now); !ok || len(e.m) != 2 {
		t.Errorf("b is there: %v, of %d", ok, len(e.m))
	}
}

// TestNew refuses what would not be a provider, and says all of it.
func TestNew(t *testing.T) {
	client := Client{ID: "web", Secret: HashSecret("a secret"), Redirects: []string{"https://bank.example/callback"}}
	keys, err := NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	good := Config{Issuer: "https://login.example", Audience: "api", Keys: keys, Clients: []Client{client}}
	if _, err := New(good); err != nil {
		t.Error(err)
	}
	bad := client
	bad.Secret, bad.Redirects = digest{}, []string{"http://bank.example/callback"}
	_, err = New(Config{Issuer: "http://login.example/", Clients: []Client{bad, client}})
	for _, want := range []string{"https URL without a path", "audience and the keys", `"web" has no name of its own`, "without a fragment"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q", err, want)
		}
	}
}

// TestCodeExpires takes a code to where a minute is over.
func TestCodeExpires(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	keys, err := NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	client := Client{ID: "web", Secret: HashSecret("a secret"), Redirects: []string{"https://bank.example/callback"}}
	p, err := New(Config{Issuer: "https://login.example", Audience: "api", Keys: keys, Clients: []Client{client},
		Users: []User{{Name: "ada", Password: HashPassword("a password"), Subject: "1"}}, Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for life, want := range map[time.Duration]int{codeLife - time.Second: 200, codeLife: 400, 2 * codeLife: 400} {
		code := authorized(t, p)
		now = now.Add(life)
		if status := exchanged(t, p, code); status != want {
			t.Errorf("after %s: %d, want %d", life, status, want)
		}
	}
}
