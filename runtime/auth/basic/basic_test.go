package basic_test

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/basic"
	"github.com/bailey-go/bailey/runtime/principal"
)

const password = "correct horse: battery staple"

var (
	noon  = time.Unix(1_800_000_000, 0)
	table = principal.NewTable([]string{"read"}, []string{"admin"})
	// stored is the password's hash, which takes a while to make.
	stored = sync.OnceValue(func() string { return basic.HashPassword(password) })
)

func hash(t testing.TB) *basic.Hash {
	t.Helper()
	h, err := basic.ParseHash(stored())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func users(t testing.TB) basic.Users {
	t.Helper()
	h := hash(t)
	u, err := basic.Static(
		basic.User{Name: "ada", Hash: h, Subject: "a-1", Scopes: []string{"read"}, Roles: []string{"admin"}},
		basic.User{Name: "jürgen", Hash: h}, basic.User{Name: "off", Hash: h, Disabled: true},
		basic.User{Name: "old", Hash: h, Expires: noon}, basic.User{Name: "soon", Hash: h, Expires: noon.Add(1)},
	)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func policy() basic.Policy {
	return basic.Policy{Scheme: "staff", Clock: func() time.Time { return noon }, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
}

func open(t testing.TB, p basic.Policy, a basic.Accounts) *basic.Authenticator {
	t.Helper()
	b, err := basic.New(p, a, table)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func encoded(text string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(text)) }

// request is one over TLS.
func request(values ...string) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	r.TLS = &tls.ConnectionState{}
	r.Header["Authorization"] = values
	return r
}

func wantRule(t *testing.T, a *basic.Authenticator, r *http.Request, rule string) *principal.Principal {
	t.Helper()
	p, err := a.Authenticate(r)
	var refused *auth.Refused
	switch {
	case rule == "" && (err != nil || p == nil):
		t.Errorf("refused: %v", err)
	case rule == "missing" && !errors.Is(err, auth.ErrMissing):
		t.Errorf("got %v, %v; want ErrMissing", p, err)
	case rule != "" && rule != "missing" && (!errors.As(err, &refused) || refused.Rule != rule):
		t.Errorf("got %v, %v; want %s", p, err, rule)
	}
	if err != nil && p != nil {
		t.Error("a principal beside an error")
	}
	return p
}

func TestAuthenticate(t *testing.T) {
	a := open(t, policy(), basic.Accounts{Users: users(t)})
	good := encoded("ada:" + password)
	for _, tt := range []struct {
		name   string
		values []string
		rule   string
	}{
		{"good", []string{good}, ""},
		{"again, from the cache", []string{good}, ""},
		{"scheme in capitals", []string{"BASIC" + good[5:]}, ""},
		{"spaces", []string{"Basic   " + good[6:]}, ""},
		{"UTF-8", []string{encoded("jürgen:" + password)}, ""},
		{"about to end", []string{encoded("soon:" + password)}, ""},
		{"ended", []string{encoded("old:" + password)}, "basic-expired"},
		{"disabled", []string{encoded("off:" + password)}, "basic-disabled"},
		{"disabled and wrong", []string{encoded("off:x")}, "basic-wrong-password"},
		{"wrong", []string{encoded("ada:" + password + " ")}, "basic-wrong-password"},
		{"wrong, from the cache", []string{encoded("ada:" + password + " ")}, "basic-wrong-password"},
		{"part of the password", []string{encoded("ada:correct horse")}, "basic-wrong-password"},
		{"unknown", []string{encoded("eve:" + password)}, "basic-unknown-user"},
		{"another case", []string{encoded("Ada:" + password)}, "basic-unknown-user"},
		{"ISO 8859-1", []string{encoded("j\xfcrgen:" + password)}, "basic-malformed"},
		{"none", nil, "missing"},
		{"another scheme", []string{"Bearer abc"}, "missing"},
		{"no space", []string{"Basic" + good[6:]}, "missing"},
		{"two", []string{good, good}, "authorization-repeated"},
		{"scheme only", []string{"Basic"}, "basic-malformed"},
		{"no colon", []string{encoded("ada")}, "basic-malformed"},
		{"no name", []string{encoded(":" + password)}, "basic-malformed"},
		{"no password", []string{encoded("ada:")}, "basic-malformed"},
		{"NUL", []string{encoded("ada:a\x00b")}, "basic-malformed"},
		{"line break", []string{encoded("ada:a\nb")}, "basic-malformed"},
		{"a control character in the name", []string{encoded("ada\u0085:a")}, "basic-malformed"},
		{"line break in base64", []string{good[:10] + "\n" + good[10:]}, "basic-malformed"},
		{"two credentials", []string{good + ", " + good}, "basic-malformed"},
		{"base64 of URLs", []string{"Basic " + base64.URLEncoding.EncodeToString([]byte("ada:??>>??>>??"))}, "basic-malformed"},
		{"no padding", []string{strings.TrimRight(encoded("ada:ab"), "=") + "x"}, "basic-malformed"},
		{"stray bits", []string{"Basic YWRhOmF="}, "basic-malformed"},
		{"long", []string{encoded("ada:" + strings.Repeat("a", basic.MaxPassword+1))}, "basic-malformed"},
		{"a long name", []string{encoded(strings.Repeat("a", basic.MaxName+1) + ":a")}, "basic-malformed"},
	} {
		t.Run(tt.name, func(t *testing.T) { wantRule(t, a, request(tt.values...), tt.rule) })
	}
	p := wantRule(t, a, request(good), "")
	need, _ := table.Scopes("read")
	if p.Subject != "a-1" || p.Scheme != "staff" || !p.Set(table).Has(need) || !p.HasRole("admin") {
		t.Errorf("got %+v", p)
	}
	if p := wantRule(t, a, request(encoded("jürgen:"+password)), ""); p.Subject != "jürgen" {
		t.Errorf("got %+v", p)
	}
}

// TestPlain: passwords come over TLS, to us or to a proxy that we trust.
func TestPlain(t *testing.T) {
	strict := open(t, policy(), basic.Accounts{Users: users(t)})
	lax := open(t, policy(), basic.Accounts{Users: users(t), DangerouslyAllowPlainLoopback: true})
	const rule = "basic-without-tls"
	for _, tt := range []struct {
		name, peer, host, proto, forwarded string
		strict, lax                        string
	}{
		{"plain", "192.0.2.1:1", "api.example", "", "", rule, rule},
		{"plain, with a header", "192.0.2.1:1", "api.example", "https", "", rule, rule},
		{"a trusted proxy that says https", "10.1.2.3:1", "api.example", "https", "192.0.2.1", "", ""},
		{"a trusted proxy that says http", "10.1.2.3:1", "api.example", "http", "192.0.2.1", rule, rule},
		{"a trusted proxy that says nothing", "10.1.2.3:1", "api.example", "", "", rule, rule},
		{"a trusted proxy that says two things", "10.1.2.3:1", "api.example", "https, http", "", rule, rule},
		{"loopback", "127.0.0.1:1", "localhost:8080", "", "", rule, ""},
		{"loopback by address", "[::1]:1", "[::1]:8080", "", "", rule, ""},
		{"loopback under another name", "127.0.0.1:1", "api.example", "", "", rule, rule},
		{"loopback for somebody else", "127.0.0.1:1", "localhost:8080", "", "192.0.2.1", rule, rule},
		{"loopback for somebody else, by address", "127.0.0.1:1", "127.0.0.1", "", "192.0.2.1", rule, rule},
		{"somebody else at localhost", "192.0.2.1:1", "localhost", "", "", rule, rule},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := request(encoded("ada:" + password))
			r.TLS, r.RemoteAddr, r.Host = nil, tt.peer, tt.host
			if tt.proto != "" {
				r.Header["X-Forwarded-Proto"] = []string{tt.proto}
			}
			if tt.forwarded != "" {
				r.Header["X-Forwarded-For"] = []string{tt.forwarded}
			}
			wantRule(t, strict, r, tt.strict)
			wantRule(t, lax, r, tt.lax)
		})
	}
}

// changing is a store whose answer a test sets.
type changing struct {
	user *basic.User
	err  error
}

func (c *changing) Lookup(context.Context, string) (*basic.User, bool, error) {
	return c.user, c.user != nil, c.err
}

// TestVerdictsAreForgotten: a changed password, a disabled user and a user who is gone are noticed at once.
func TestVerdictsAreForgotten(t *testing.T) {
	store := &changing{user: &basic.User{Name: "ada", Hash: hash(t)}}
	a := open(t, policy(), basic.Accounts{Users: store})
	r := request(encoded("ada:" + password))
	wantRule(t, a, r, "")
	other, err := basic.ParseHash(basic.HashPassword("another"))
	if err != nil {
		t.Fatal(err)
	}
	store.user = &basic.User{Name: "ada", Hash: other}
	wantRule(t, a, r, "basic-wrong-password")
	store.user = &basic.User{Name: "ada", Hash: hash(t), Disabled: true}
	wantRule(t, a, r, "basic-disabled")
	store.user = nil
	wantRule(t, a, r, "basic-unknown-user")
	store.user = &basic.User{Name: "ADA", Hash: hash(t)} // a careless collation
	wantRule(t, a, r, "basic-unknown-user")
	store.err = errors.New("db.internal is down")
	var unavailable *auth.Unavailable
	if _, err := a.Authenticate(r); !errors.As(err, &unavailable) || strings.Contains(err.Error(), "internal") {
		t.Errorf("err = %v", err)
	}
}

// TestHashingIsBounded: one hash at a time; who waits is let in, or told that there is no room.
func TestHashingIsBounded(t *testing.T) {
	p := policy()
	p.Cache = -1
	a := open(t, p, basic.Accounts{Users: users(t), Memory: 64 << 20})
	const callers = 40
	var wg sync.WaitGroup
	var mu sync.Mutex
	good, busy := 0, 0
	for range callers {
		wg.Go(func() {
			_, err := a.Authenticate(request(encoded("ada:" + password)))
			var unavailable *auth.Unavailable
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				good++
			case errors.As(err, &unavailable):
				busy++
			default:
				t.Errorf("err = %v", err)
			}
		})
	}
	wg.Wait()
	if good == 0 || busy == 0 {
		t.Errorf("%d let in, %d told that there is no room", good, busy)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.Authenticate(request(encoded("ada:" + password)).WithContext(ctx)); err == nil {
		t.Log("the turn was free")
	}
}

// TestHashIsTooBig: a hash that asks for more memory than all may take is no way to take it.
func TestHashIsTooBig(t *testing.T) {
	h, err := basic.ParseHash(strings.Replace(stored(), "m=65536", "m=131072", 1))
	if err != nil {
		t.Fatal(err)
	}
	a := open(t, policy(), basic.Accounts{Users: &changing{user: &basic.User{Name: "ada", Hash: h}}, Memory: 64 << 20})
	var unavailable *auth.Unavailable
	if _, err := a.Authenticate(request(encoded("ada:" + password))); !errors.As(err, &unavailable) {
		t.Errorf("err = %v", err)
	}
}

func TestParseHash(t *testing.T) {
	const salt, sum = "c29tZXNhbHRzb21lc2FsdA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for _, tt := range []struct {
		text string
		ok   bool
	}{
		{"$argon2id$v=19$m=65536,t=3,p=4$" + salt + "$" + sum, true},
		{"$argon2id$v=19$m=262144,t=10,p=16$" + salt + "$" + sum, true},
		{"$argon2i$v=19$m=65536,t=3,p=4$" + salt + "$" + sum, false},
		{"$argon2d$v=19$m=65536,t=3,p=4$" + salt + "$" + sum, false},
		{"$argon2id$v=16$m=65536,t=3,p=4$" + salt + "$" + sum, false},
		{"$argon2id$m=65536,t=3,p=4$" + salt + "$" + sum, false},
		{"$argon2id$v=19$m=65535,t=3,p=4$" + salt + "$" + sum, false},
		{"$argon2id$v=19$m=262145,t=3,p=4$" + salt + "$" + sum, false},
		{"$argon2id$v=19$m=4294967295,t=3,p=4$" + salt + "$" + sum, false},
		{"$argon2id$v=19$m=65536,t=2,p=4$" + salt + "$" + sum, false},
		{"$argon2id$v=19$m=65536,t=11,p=4$" + salt + "$" + sum, false},
		{"$argon2id$v=19$m=65536,t=3,p=0$" + salt + "$" + sum, false},
		{"$argon2id$v=19$m=65536,t=3,p=17$" + salt + "$" + sum, false},
		{"$argon2id$v=19$t=3,m=65536,p=4$" + salt + "$" + sum, false},
		{"$argon2id$v=19$m=065536,t=3,p=4$" + salt + "$" + sum, false},
		{"$argon2id$v=19$m=65536,t=3,p=4,keyid=a$" + salt + "$" + sum, false},
		{"$argon2id$v=19$m=65536,t=3,p=4$" + salt[:10] + "$" + sum, false},
		{"$argon2id$v=19$m=65536,t=3,p=4$" + salt + "$" + sum[:20], false},
		{"$argon2id$v=19$m=65536,t=3,p=4$" + salt + "$" + sum + "=", false},
		{"$argon2id$v=19$m=65536,t=3,p=4$" + salt + "\n$" + sum, false},
		{"$argon2id$v=19$m=65536,t=3,p=4$" + salt + "$" + sum + "$", false},
		{"$2b$12$KIXQwuaqjB1Wy1Yf1vRZJO1q4Yw1", false},
		{password, false}, {"", false}, {strings.Repeat("$", 300), false},
	} {
		h, err := basic.ParseHash(tt.text)
		if (err == nil) != tt.ok || (h == nil) == tt.ok || err != nil && tt.text != "" && strings.Contains(err.Error(), tt.text) {
			t.Errorf("%q: %v", tt.text, err)
		}
	}
}

func TestHashPassword(t *testing.T) {
	if a, b := stored(), basic.HashPassword(password); a == b || !strings.HasPrefix(a, "$argon2id$v=19$m=65536,t=3,p=4$") {
		t.Errorf("got %q and %q", a, b)
	}
	if text := fmt.Sprintf("%v %+v %#v %s", hash(t), basic.User{Hash: hash(t)}, basic.User{Hash: hash(t)}, hash(t)); strings.Contains(text, "argon2id") {
		t.Errorf("printed as %s", text)
	}
	for _, bad := range []string{"", strings.Repeat("a", 513)} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q is hashed", bad)
				}
			}()
			basic.HashPassword(bad)
		}()
	}
}

func TestFile(t *testing.T) {
	user := func(members map[string]any) string {
		m := map[string]any{"name": "ada", "hash": stored()}
		for k, v := range members {
			if m[k] = v; v == nil {
				delete(m, k)
			}
		}
		text, err := json.Marshal(map[string]any{"users": []any{m}})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for _, tt := range []struct{ name, text, want string }{
		{"good", user(map[string]any{"subject": "a-1", "scopes": []string{"read"}, "roles": []string{"admin"}, "expires": "2030-01-01T00:00:00Z", "disabled": false}), ""},
		{"no users", `{"users":[]}`, "no user"},
		{"a misspelt member", user(map[string]any{"disable": true}), "additionalProperties"},
		{"no hash", user(map[string]any{"hash": nil}), "required"},
		{"a password for a hash", user(map[string]any{"hash": password}), "user 1: basic: not an argon2id hash"},
		{"a weak hash", user(map[string]any{"hash": strings.Replace(stored(), "t=3", "t=1", 1)}), "t=1"},
		{"a name with a colon", user(map[string]any{"name": "a:b"}), "colon"},
		{"a scope of two words", user(map[string]any{"scopes": []string{"a b"}}), "scope"},
		{"twice", strings.Replace(user(nil), "]", ","+user(nil)[len(`{"users":[`):len(user(nil))-2]+"]", 1), "two users"},
		{"rubbish", "ada:x", "wire"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "users.json")
			if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			u, err := basic.File(path)
			if tt.want != "" {
				if u != nil || err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), password) {
					t.Errorf("err = %v, want %q in it", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if p := wantRule(t, open(t, policy(), basic.Accounts{Users: u}), request(encoded("ada:"+password)), ""); p.Subject != "a-1" || !p.HasScope("read") {
				t.Errorf("got %+v", p)
			}
		})
	}
}

func TestPolicyIsChecked(t *testing.T) {
	for name, change := range map[string]func(*basic.Policy){
		"realm": func(p *basic.Policy) { p.Realm = `a"b` }, "cache": func(p *basic.Policy) { p.Cache = time.Hour },
	} {
		p := policy()
		change(&p)
		if a, err := basic.New(p, basic.Accounts{Users: users(t)}, table); a != nil || err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if a, err := basic.New(policy(), basic.Accounts{Users: users(t), Memory: 1 << 20}, table); a != nil || err == nil {
		t.Error("memory for no hash: taken")
	}
	if _, err := basic.New(policy(), basic.Accounts{}, nil); err == nil || !strings.Contains(err.Error(), "no users") || !strings.Contains(err.Error(), "no table") {
		t.Errorf("err = %v", err)
	}
}

func TestChallenge(t *testing.T) {
	p := policy()
	p.Realm = "the bank"
	a := open(t, p, basic.Accounts{Users: users(t)})
	if got, want := a.Challenge(nil), `Basic realm="the bank", charset="UTF-8"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := a.Challenge([]string{"read"}); got != "" {
		t.Errorf("got %s", got)
	}
}

// Example makes the file's entry for a user, and lets them in.
func Example() {
	h, err := basic.ParseHash(basic.HashPassword("correct horse battery staple"))
	if err != nil {
		panic(err)
	}
	accounts, err := basic.Static(basic.User{Name: "prometheus", Hash: h, Scopes: []string{"metrics:read"}}) // or basic.File
	if err != nil {
		panic(err)
	}
	// Generated code does this, with the policy of the document and the accounts of Config.
	a, err := basic.New(basic.Policy{Scheme: "tools"}, basic.Accounts{Users: accounts}, principal.NewTable([]string{"metrics:read"}, nil))
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest("GET", "https://api.example/metrics", nil)
	r.SetBasicAuth("prometheus", "correct horse battery staple")
	who, err := a.Authenticate(r)
	fmt.Println(who, err)
	// Output: tools::prometheus <nil>
}

func FuzzParseHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, text string) {
		if h, err := basic.ParseHash(text); (h == nil) == (err == nil) {
			t.Errorf("%q: %v, %v", text, h, err)
		}
	})
}

// FuzzHeader: nothing but the pair is let in. The user does not exist, so that no hash is asked for twice.
func FuzzHeader(f *testing.F) {
	store := &changing{err: errors.New("asked")}
	for _, seed := range []string{"Basic YTpi", encoded("a:b:c"), "basic  YTpi", "Basic", "Basic =", "Bearer x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := open(t, policy(), basic.Accounts{Users: store}).Authenticate(request(text)); p != nil || err == nil {
			t.Errorf("%q is let in", text)
		}
	})
}

func BenchmarkCached(b *testing.B) {
	a := open(b, policy(), basic.Accounts{Users: users(b)})
	r := request(encoded("ada:" + password))
	if _, err := a.Authenticate(r); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Authenticate(r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHash(b *testing.B) {
	p := policy()
	p.Cache = -1
	a := open(b, p, basic.Accounts{Users: users(b)})
	r := request(encoded("ada:" + password))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Authenticate(r); err != nil {
			b.Fatal(err)
		}
	}
}
