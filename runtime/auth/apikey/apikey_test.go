package apikey_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/principal"
)

var (
	noon  = time.Unix(1_800_000_000, 0)
	table = principal.NewTable([]string{"read", "write"}, []string{"admin"})
)

// issue makes a key for a subject.
func issue(t testing.TB, id, subject string) (string, apikey.Key) {
	t.Helper()
	clear, key := apikey.Generate("bk_")
	key.ID, key.Subject, key.Scopes = id, subject, []string{"read"}
	return clear, key
}

func policy(in string) apikey.Policy {
	return apikey.Policy{Scheme: "key", In: in, Name: "X-Api-Key", Prefix: "bk_", Clock: func() time.Time { return noon }}
}

func static(t testing.TB, keys ...apikey.Key) apikey.Store {
	t.Helper()
	s, err := apikey.Static(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func open(t testing.TB, p apikey.Policy, s apikey.Store) *apikey.Authenticator {
	t.Helper()
	a, err := apikey.New(p, s, table)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// wantRule checks one request; "" means a principal, "missing" ErrMissing.
func wantRule(t *testing.T, a *apikey.Authenticator, r *http.Request, rule string) *principal.Principal {
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

func header(values ...string) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header["X-Api-Key"] = values
	return r
}

func TestHeader(t *testing.T) {
	good, key := issue(t, "ci", "build")
	expired, old := issue(t, "old", "build")
	old.Expires = noon
	almost, last := issue(t, "last", "build")
	last.Expires = noon.Add(1)
	other, _ := issue(t, "x", "x")
	a := open(t, policy("header"), static(t, key, old, last))
	for _, tt := range []struct {
		name   string
		values []string
		rule   string
	}{
		{"good", []string{good}, ""},
		{"about to expire", []string{almost}, ""},
		{"expired", []string{expired}, "api-key-expired"},
		{"none", nil, "missing"},
		{"two", []string{good, good}, "api-key-repeated"},
		{"two, one empty", []string{good, ""}, "api-key-repeated"},
		{"a list", []string{good + "," + good}, "api-key-unknown"},
		{"a list with space", []string{good + ", " + good}, "api-key-malformed"},
		{"unknown", []string{other}, "api-key-unknown"},
		{"empty", []string{""}, "api-key-malformed"},
		{"short", []string{"bk_short"}, "api-key-malformed"},
		{"long", []string{"bk_" + strings.Repeat("a", 600)}, "api-key-malformed"},
		{"without prefix", []string{good[3:]}, "api-key-malformed"},
		{"prefix of another case", []string{"BK_" + good[3:]}, "api-key-malformed"},
		{"cut", []string{good[:len(good)-1]}, "api-key-unknown"},
		{"longer", []string{good + "a"}, "api-key-unknown"},
		{"case", []string{"bk_" + strings.ToUpper(good[3:])}, "api-key-unknown"},
		{"space behind", []string{good + " "}, "api-key-malformed"},
		{"NUL behind", []string{good + "\x00"}, "api-key-malformed"},
		{"its hash", []string{"bk_" + key.Hash}, "api-key-unknown"},
	} {
		t.Run(tt.name, func(t *testing.T) { wantRule(t, a, header(tt.values...), tt.rule) })
	}
	p := wantRule(t, a, header(good), "")
	need, _ := table.Scopes("read")
	if p.Subject != "build" || p.Scheme != "key" || !p.Set(table).Has(need) || !p.HasClaim("key_id", "ci") {
		t.Errorf("got %+v", p)
	}
	if again := wantRule(t, a, header(good), ""); again != p {
		t.Error("the principal is made again for the same key")
	}
}

func TestHeaderNameHasNoCase(t *testing.T) {
	good, key := issue(t, "ci", "build")
	p := policy("header")
	p.Name = "x-API-key"
	wantRule(t, open(t, p, static(t, key)), header(good), "")
}

func TestQuery(t *testing.T) {
	good, key := issue(t, "ci", "build")
	p := policy("query")
	p.Name = "key"
	a := open(t, p, static(t, key))
	for _, tt := range []struct{ query, rule string }{
		{"key=" + good, ""},
		{"a=b&key=" + good + "&c", ""},
		{"%6bey=" + good, ""},
		{"key=%62" + good[1:], ""},
		{"", "missing"},
		{"Key=" + good, "missing"},
		{"a=key=" + good, "missing"},
		{"a=b;key=" + good, "missing"},
		{"key=" + good + "&key=" + good, "api-key-repeated"},
		{"key=" + good + "&%6Bey=x", "api-key-repeated"},
		{"key=" + good + "&key", "api-key-repeated"},
		{"key", "api-key-malformed"},
		{"key=%zz", "api-key-query-malformed"},
		{"%zz=1&key=" + good, "api-key-query-malformed"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.RawQuery = tt.query
		t.Run(tt.query, func(t *testing.T) { wantRule(t, a, r, tt.rule) })
	}
}

func TestCookie(t *testing.T) {
	good, key := issue(t, "ci", "build")
	p := policy("cookie")
	p.Name = "key"
	a := open(t, p, static(t, key))
	for _, tt := range []struct {
		lines []string
		rule  string
	}{
		{[]string{"key=" + good}, ""},
		{[]string{"a=b; key=" + good + "; c=d"}, ""},
		{[]string{"a=b", "key=" + good}, ""},
		{nil, "missing"},
		{[]string{"KEY=" + good}, "missing"},
		{[]string{"a=b key=" + good}, "missing"},
		{[]string{"key=" + good + "; key=" + good}, "api-key-repeated"},
		{[]string{"key=" + good, "key=x"}, "api-key-repeated"},
		{[]string{`key="` + good + `"`}, "api-key-malformed"},
		{[]string{"key"}, "api-key-malformed"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header["Cookie"] = tt.lines
		t.Run(strings.Join(tt.lines, "|"), func(t *testing.T) { wantRule(t, a, r, tt.rule) })
	}
}

// loose answers every question with the same key, as a database with a careless collation may.
type loose struct {
	key *apikey.Key
	err error
}

func (l loose) Lookup(context.Context, [32]byte) (*apikey.Key, bool, error) {
	return l.key, true, l.err
}

func TestStoreIsNotTrusted(t *testing.T) {
	good, key := issue(t, "ci", "build")
	other, _ := issue(t, "x", "x")
	a := open(t, policy("header"), loose{key: &key})
	wantRule(t, a, header(good), "")
	wantRule(t, a, header(other), "api-key-unknown")
	wantRule(t, open(t, policy("header"), loose{}), header(good), "api-key-unknown")

	down := errors.New("db.internal:5432 is down")
	_, err := open(t, policy("header"), loose{key: &key, err: down}).Authenticate(header(good))
	var unavailable *auth.Unavailable
	if !errors.As(err, &unavailable) || !errors.Is(err, down) || strings.Contains(err.Error(), "db.internal") {
		t.Errorf("err = %v, want Unavailable", err)
	}
}

// TestChangedKeyIsSeen has a store return a new *Key for the same hash.
func TestChangedKeyIsSeen(t *testing.T) {
	good, key := issue(t, "ci", "build")
	store := &loose{key: &key}
	a := open(t, policy("header"), store)
	wantRule(t, a, header(good), "")
	changed := key
	changed.Scopes = nil
	store.key = &changed
	if p := wantRule(t, a, header(good), ""); len(p.Scopes) != 0 {
		t.Errorf("scopes %q after they were taken away", p.Scopes)
	}
}

func TestPolicyIsChecked(t *testing.T) {
	store := static(t)
	for _, tt := range []struct {
		name   string
		change func(*apikey.Policy)
		want   string
	}{
		{"in", func(p *apikey.Policy) { p.In = "body" }, `"body"`},
		{"no name", func(p *apikey.Policy) { p.Name = "" }, "name"},
		{"header name", func(p *apikey.Policy) { p.Name = "a b" }, "name"},
		{"short", func(p *apikey.Policy) { p.MinLength = 18 }, "not in 19..512"},
		{"long", func(p *apikey.Policy) { p.MinLength = 513 }, "not in"},
		{"prefix", func(p *apikey.Policy) { p.Prefix = "a\n" }, "prefix"},
	} {
		p := policy("header")
		tt.change(&p)
		if a, err := apikey.New(p, store, table); a != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: err = %v, want %q in it", tt.name, err, tt.want)
		}
	}
	if _, err := apikey.New(policy("header"), nil, nil); err == nil || !strings.Contains(err.Error(), "no store") || !strings.Contains(err.Error(), "no table") {
		t.Errorf("err = %v", err)
	}
}

func TestStaticIsChecked(t *testing.T) {
	_, good := issue(t, "ci", "build")
	with := func(change func(*apikey.Key)) apikey.Key { k := good; change(&k); return k }
	for _, tt := range []struct {
		name string
		keys []apikey.Key
		want string
	}{
		{"no id", []apikey.Key{with(func(k *apikey.Key) { k.ID = "" })}, "without an id"},
		{"no hash", []apikey.Key{with(func(k *apikey.Key) { k.Hash = "" })}, "SHA-256"},
		{"short hash", []apikey.Key{with(func(k *apikey.Key) { k.Hash = k.Hash[2:] })}, "SHA-256"},
		{"hash in capitals", []apikey.Key{with(func(k *apikey.Key) { k.Hash = strings.Repeat("AB", 32) })}, "SHA-256"},
		{"clear text for a hash", []apikey.Key{with(func(k *apikey.Key) { k.Hash = "bk_secret" })}, "SHA-256"},
		{"no subject", []apikey.Key{with(func(k *apikey.Key) { k.Subject = "" })}, "no subject"},
		{"scope", []apikey.Key{with(func(k *apikey.Key) { k.Scopes = []string{"a b"} })}, "scope"},
		{"hash twice", []apikey.Key{good, with(func(k *apikey.Key) { k.ID = "b" })}, "same hash"},
		{"id twice", []apikey.Key{good, with(func(k *apikey.Key) { k.Hash = apikey.HashOf("x") })}, "two keys"},
	} {
		s, err := apikey.Static(tt.keys...)
		if s != nil || err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "bk_") {
			t.Errorf("%s: err = %v, want %q in it", tt.name, err, tt.want)
		}
	}
}

func TestGenerate(t *testing.T) {
	a, ka := apikey.Generate("bk_")
	b, kb := apikey.Generate("bk_")
	if a == b || ka.Hash == kb.Hash || len(a) != 46 || !strings.HasPrefix(a, "bk_") || ka.Hash != apikey.HashOf(a) {
		t.Errorf("got %q, %+v", a, ka)
	}
	defer func() {
		if recover() == nil {
			t.Error("a prefix with a space is taken")
		}
	}()
	apikey.Generate("a b")
}

func write(t *testing.T, path, text string, when time.Time) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, when, when); err != nil {
		t.Fatal(err)
	}
}

func TestFileForms(t *testing.T) {
	hash := apikey.HashOf("bk_0123456789abcdef0123456789abcdef")
	other := apikey.HashOf("x")
	tests := []struct{ name, text, want string }{
		{"lines", "# keys\n\nci " + hash + " build read,write 2030-01-01T00:00:00Z\nx " + other + " y\n", ""},
		{"lines without scopes", "ci " + hash + " build - 2030-01-01T00:00:00Z", ""},
		{"JSON", `{"keys":[{"id":"ci","hash":"` + hash + `","subject":"build","scopes":["read"],"roles":["admin"],"expires":"2030-01-01T00:00:00Z"}]}`, ""},
		{"empty", "", "no key"},
		{"comments only", "# nothing\n", "no key"},
		{"JSON without keys", `{"keys":[]}`, "no key"},
		{"JSON of another shape", `{"key":[]}`, "additionalProperties"},
		{"a misspelt member", `{"keys":[{"id":"ci","hash":"` + hash + `","subject":"build","expire":"2030-01-01T00:00:00Z"}]}`, "additionalProperties"},
		{"a member twice", `{"keys":[{"id":"ci","hash":"` + hash + `","subject":"a","subject":"b"}]}`, "occurs twice"},
		{"a member missing", `{"keys":[{"id":"ci","hash":"` + hash + `"}]}`, "required"},
		{"the zero time", `{"keys":[{"id":"ci","hash":"` + hash + `","subject":"a","expires":"0001-01-01T00:00:00Z"}]}`, "minimum"},
		{"JSON trailing", `{"keys":[]}{}`, "wire"},
		{"two fields", "ci " + hash, "line 1"},
		{"six fields", "ci " + hash + " a b c d", "line 1"},
		{"bad time", "\nci " + hash + " build - tomorrow", "line 2"},
		{"clear text", "ci bk_secret build", "SHA-256"},
		{"twice", "a " + hash + " x\nb " + hash + " y", "same hash"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "keys")
			write(t, path, tt.text, noon)
			s, err := apikey.File(path)
			if tt.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				wantRule(t, open(t, policy("header"), s), header("bk_0123456789abcdef0123456789abcdef"), "")
				return
			}
			if s != nil || err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "bk_secret") {
				t.Errorf("err = %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestFileIsReloaded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	first, k1 := issue(t, "a", "one")
	second, k2 := issue(t, "b", "two")
	write(t, path, "a "+k1.Hash+" one", noon)
	var (
		mu      sync.Mutex
		now     = noon
		reports []error
	)
	move := func(d time.Duration) { mu.Lock(); now = now.Add(d); mu.Unlock() }
	s, err := apikey.OpenFile(apikey.FileStore{
		Path: path, Interval: 10 * time.Second, Keep: time.Minute,
		Clock:  func() time.Time { mu.Lock(); defer mu.Unlock(); return now },
		Report: func(err error) { reports = append(reports, err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	a := open(t, policy("header"), s)
	wantRule(t, a, header(first), "")
	write(t, path, "b "+k2.Hash+" two", noon.Add(time.Second))
	wantRule(t, a, header(second), "api-key-unknown") // not looked at yet
	move(10 * time.Second)
	wantRule(t, a, header(second), "")
	wantRule(t, a, header(first), "api-key-unknown") // revoked
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	move(10 * time.Second)
	wantRule(t, a, header(second), "") // kept
	if len(reports) == 0 || !strings.Contains(reports[0].Error(), "chmod o-w") {
		t.Errorf("reports %v", reports)
	}
	move(2 * time.Minute)
	var unavailable *auth.Unavailable
	if _, err := a.Authenticate(header(second)); !errors.As(err, &unavailable) {
		t.Errorf("err = %v, want Unavailable", err)
	}
}

func TestFileRefused(t *testing.T) {
	dir := t.TempDir()
	for _, f := range []apikey.FileStore{{}, {Path: dir}, {Path: filepath.Join(dir, "absent")}, {Path: dir, Keep: -1}} {
		if s, err := apikey.OpenFile(f); s != nil || err == nil {
			t.Errorf("%+v is opened", f)
		}
	}
}

func TestChallenge(t *testing.T) {
	p := policy("header")
	p.Realm = "bank"
	a := open(t, p, static(t))
	if got, want := a.Challenge(nil), `ApiKey realm="bank"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := a.Challenge([]string{"read"}), `ApiKey realm="bank", error="insufficient_scope", scope="read"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAuthenticateAllocatesLittle(t *testing.T) {
	good, key := issue(t, "ci", "build")
	a := open(t, policy("header"), static(t, key))
	r := header(good)
	if n := testing.AllocsPerRun(100, func() { _, _ = a.Authenticate(r) }); n > 2 {
		t.Errorf("%v allocations, want at most 2", n)
	}
}

func BenchmarkAuthenticate(b *testing.B) {
	good, key := issue(b, "ci", "build")
	a := open(b, policy("header"), static(b, key))
	r := header(good)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Authenticate(r); err != nil {
			b.Fatal(err)
		}
	}
}
