package apikey_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
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
	ring  = hashKeys("2026")
)

// hashKeys makes hash keys with these ids.
func hashKeys(ids ...string) *apikey.HashKeys {
	var list []apikey.HashKey
	for _, id := range ids {
		secret := sha256.Sum256([]byte("secret of " + id))
		list = append(list, apikey.HashKey{ID: id, Secret: secret[:]})
	}
	r, err := apikey.NewHashKeys(list...)
	if err != nil {
		panic(err)
	}
	return r
}

// issue makes a key for a subject.
func issue(t testing.TB, id, subject string) (string, apikey.Key) {
	t.Helper()
	clear, key := ring.Generate("bk_")
	key.Name, key.Subject, key.Scopes = id, subject, []string{"read"}
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
	a, err := apikey.New(p, apikey.Keys{Store: s, Hash: ring}, table)
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
	early, next := issue(t, "next", "build")
	next.NotBefore = noon.Add(1)
	begun, now := issue(t, "now", "build")
	now.NotBefore = noon
	gone, revoked := issue(t, "gone", "build")
	revoked.Revoked = true
	other, _ := issue(t, "x", "x")
	retired, lost := hashKeys("2020").Generate("bk_")
	lost.Subject = "x"
	forged := good[:3] + key.ID + other[19:62] // the id of one key with the secret of another
	forged += apikey.Checksum(forged)
	a := open(t, policy("header"), static(t, key, old, last, next, now, revoked, lost))
	for _, tt := range []struct {
		name   string
		values []string
		rule   string
	}{
		{"good", []string{good}, ""},
		{"about to expire", []string{almost}, ""},
		{"expired", []string{expired}, "api-key-expired"},
		{"not yet good", []string{early}, "api-key-not-yet"},
		{"good from now", []string{begun}, ""},
		{"revoked", []string{gone}, "api-key-revoked"},
		{"another key's secret", []string{forged}, "api-key-unknown"},
		{"a hash key that is gone", []string{retired}, "api-key-hash-key"},
		{"none", nil, "missing"},
		{"two", []string{good, good}, "api-key-repeated"},
		{"two, one empty", []string{good, ""}, "api-key-repeated"},
		{"a list", []string{good + "," + good}, "api-key-malformed"},
		{"a list with space", []string{good + ", " + good}, "api-key-malformed"},
		{"unknown", []string{other}, "api-key-unknown"},
		{"empty", []string{""}, "api-key-malformed"},
		{"short", []string{"bk_short"}, "api-key-malformed"},
		{"long", []string{"bk_" + strings.Repeat("a", 600)}, "api-key-malformed"},
		{"without prefix", []string{good[3:]}, "api-key-malformed"},
		{"prefix of another case", []string{"BK_" + good[3:]}, "api-key-malformed"},
		{"cut", []string{good[:len(good)-1]}, "api-key-malformed"},
		{"longer", []string{good + "a"}, "api-key-malformed"},
		{"case", []string{"bk_" + strings.ToUpper(good[3:])}, "api-key-checksum"},
		{"space behind", []string{good + " "}, "api-key-malformed"},
		{"NUL behind", []string{good + "\x00"}, "api-key-malformed"},
		{"its hash", []string{"bk_" + key.Hash + "0"}, "api-key-checksum"},
	} {
		t.Run(tt.name, func(t *testing.T) { wantRule(t, a, header(tt.values...), tt.rule) })
	}
	p := wantRule(t, a, header(good), "")
	need, _ := table.Scopes("read")
	if p.Subject != "build" || p.Scheme != "key" || !p.Set(table).Has(need) || !p.HasClaim("key_id", key.ID) {
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

func (l loose) Lookup(context.Context, string) (*apikey.Key, bool, error) {
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
		{"prefix too long", func(p *apikey.Policy) { p.Prefix = strings.Repeat("a", 65) }, "prefix"},
		{"prefix", func(p *apikey.Policy) { p.Prefix = "a\n" }, "prefix"},
	} {
		p := policy("header")
		tt.change(&p)
		if a, err := apikey.New(p, apikey.Keys{Store: store, Hash: ring}, table); a != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: err = %v, want %q in it", tt.name, err, tt.want)
		}
	}
	if _, err := apikey.New(policy("header"), apikey.Keys{}, nil); err == nil || !strings.Contains(err.Error(), "no hash keys") || !strings.Contains(err.Error(), "no store") || !strings.Contains(err.Error(), "no table") {
		t.Errorf("err = %v", err)
	}
}

func TestStaticIsChecked(t *testing.T) {
	clear, good := issue(t, "ci", "build")
	with := func(change func(*apikey.Key)) apikey.Key { k := good; change(&k); return k }
	for _, tt := range []struct {
		name string
		keys []apikey.Key
		want string
	}{
		{"no id", []apikey.Key{with(func(k *apikey.Key) { k.ID = "" })}, "whose id"},
		{"another id", []apikey.Key{with(func(k *apikey.Key) { k.ID = "0123456789abcde-" })}, "whose id"},
		{"no hash key", []apikey.Key{with(func(k *apikey.Key) { k.HashKey = "" })}, "hash key"},
		{"no hash", []apikey.Key{with(func(k *apikey.Key) { k.Hash = "" })}, "HMAC"},
		{"short hash", []apikey.Key{with(func(k *apikey.Key) { k.Hash = k.Hash[2:] })}, "HMAC"},
		{"hash in capitals", []apikey.Key{with(func(k *apikey.Key) { k.Hash = strings.Repeat("AB", 32) })}, "HMAC"},
		{"clear text for a hash", []apikey.Key{with(func(k *apikey.Key) { k.Hash = clear })}, "HMAC"},
		{"no subject", []apikey.Key{with(func(k *apikey.Key) { k.Subject = "" })}, "no subject"},
		{"scope", []apikey.Key{with(func(k *apikey.Key) { k.Scopes = []string{"a b"} })}, "scope"},
		{"role", []apikey.Key{with(func(k *apikey.Key) { k.Roles = []string{""} })}, "role"},
		{"id twice", []apikey.Key{good, good}, "two keys"},
	} {
		s, err := apikey.Static(tt.keys...)
		if s != nil || err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), clear) {
			t.Errorf("%s: err = %v, want %q in it", tt.name, err, tt.want)
		}
	}
}

func TestGenerate(t *testing.T) {
	a, ka := ring.Generate("bk_")
	b, kb := ring.Generate("bk_")
	if a == b || ka.ID == kb.ID || ka.Hash == kb.Hash || len(a) != 3+65 || !strings.HasPrefix(a, "bk_"+ka.ID) || ka.HashKey != "2026" {
		t.Errorf("got %q, %+v", a, ka)
	}
	if apikey.Checksum(a[:len(a)-6]) != a[len(a)-6:] {
		t.Errorf("%q does not end in its checksum", a)
	}
	defer func() {
		if recover() == nil {
			t.Error("a prefix with a space is taken")
		}
	}()
	ring.Generate("a b")
}

// TestChecksumFindsTypos: any one character changed, and any two neighbours swapped, is refused without asking the store.
func TestChecksumFindsTypos(t *testing.T) {
	good, _ := issue(t, "ci", "build")
	a := open(t, policy("header"), loose{err: errors.New("asked")})
	for i := 3; i < len(good); i++ {
		typo := []byte(good)
		if typo[i]++; typo[i] == '9'+1 || typo[i] == 'Z'+1 || typo[i] == 'z'+1 {
			typo[i] -= 2
		}
		wantRule(t, a, header(string(typo)), "api-key-checksum")
		if i+1 < len(good) && good[i] != good[i+1] {
			typo = []byte(good)
			typo[i], typo[i+1] = typo[i+1], typo[i]
			wantRule(t, a, header(string(typo)), "api-key-checksum")
		}
	}
}

// TestRotation: keys of an old hash key stay good while it is there, and a subject may have two keys.
func TestRotation(t *testing.T) {
	old, first := hashKeys("2025").Generate("bk_")
	both := hashKeys("2026", "2025")
	fresh, second := both.Generate("bk_")
	first.Subject, second.Subject = "build", "build"
	if second.HashKey != "2026" {
		t.Errorf("new keys are hashed under %s", second.HashKey)
	}
	a, err := apikey.New(policy("header"), apikey.Keys{Store: static(t, first, second), Hash: both}, table)
	if err != nil {
		t.Fatal(err)
	}
	for _, clear := range []string{old, fresh} {
		if p := wantRule(t, a, header(clear), ""); p.Subject != "build" {
			t.Errorf("got %v", p)
		}
	}
}

func TestHashKeysAreChecked(t *testing.T) {
	const good = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	for _, tt := range []struct{ text, want string }{
		{"# the first\n2026 " + good + "\n\n2025 " + good + "\n", ""},
		{"", "0 hash keys"},
		{"2026", "line 1"},
		{"2026 " + good + " x", "line 1"},
		{"2026 " + good + "\n2025 secret!", "line 2"},
		{"2026 " + good[:43], "not base64"},
		{"2026 c2hvcnQ=", "5 bytes; 32"},
		{"2026 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "one byte"},
		{"2026 " + good + "\n2026 " + good, "two hash keys"},
		{"2\x006 " + good, "visible"},
	} {
		r, err := apikey.ParseHashKeys(tt.text)
		if tt.want == "" && err != nil || tt.want != "" && (r != nil || err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), good)) {
			t.Errorf("%q: %v, want %q", tt.text, err, tt.want)
		}
	}
	path := filepath.Join(t.TempDir(), "hash")
	write(t, path, "2026 "+good, noon)
	if _, err := apikey.HashKeyFile(path); err != nil {
		t.Error(err)
	}
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := apikey.HashKeyFile(path); err == nil {
		t.Error("a file that everyone may write is read")
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	secret := []byte("0123456789abcdef0123456789ABCDEF")
	k := apikey.HashKey{ID: "a", Secret: secret}
	r, err := apikey.NewHashKeys(k)
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		text := fmt.Sprintf(verb+verb+verb, k, r, apikey.Keys{Hash: r})
		if strings.Contains(text, "89ab") || strings.Contains(text, "38396162") || strings.Contains(text, "56 57 97") {
			t.Errorf("%s prints %s", verb, text)
		}
	}
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
	clear, key := issue(t, "ci", "build")
	key.Roles, key.Expires, key.NotBefore = []string{"admin"}, noon.Add(time.Hour).UTC(), noon.UTC()
	text, err := json.Marshal(key)
	if err != nil {
		t.Fatal(err)
	}
	one := string(text)
	tests := []struct{ name, text, want string }{
		{"what Marshal writes", `{"keys":[` + one + `]}`, ""},
		{"empty", "", "wire"},
		{"no keys", `{"keys":[]}`, "no key"},
		{"another shape", `{"key":[]}`, "additionalProperties"},
		{"a misspelt member", `{"keys":[` + strings.Replace(one, "expires", "expire", 1) + `]}`, "additionalProperties"},
		{"a member twice", `{"keys":[` + strings.Replace(one, "{", `{"subject":"x",`, 1) + `]}`, "occurs twice"},
		{"a member missing", `{"keys":[{"id":"ci","hash":"x"}]}`, "required"},
		{"the zero time", `{"keys":[` + strings.Replace(one, key.Expires.Format(time.RFC3339), "0001-01-01T00:00:00Z", 1) + `]}`, "minimum"},
		{"trailing", `{"keys":[` + one + `]}{}`, "wire"},
		{"clear text", `{"keys":[` + strings.Replace(one, key.Hash, clear, 1) + `]}`, "HMAC"},
		{"twice", `{"keys":[` + one + "," + one + `]}`, "two keys"},
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
				p := wantRule(t, open(t, policy("header"), s), header(clear), "")
				if !p.HasRole("admin") || !p.HasScope("read") || !p.Expires.Equal(key.Expires) {
					t.Errorf("got %+v", p)
				}
				return
			}
			if s != nil || err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), clear) {
				t.Errorf("err = %v, want %q in it", err, tt.want)
			}
		})
	}
}

// fileOf writes a key file.
func fileOf(t *testing.T, path string, when time.Time, keys ...apikey.Key) {
	t.Helper()
	text, err := json.Marshal(map[string]any{"keys": keys})
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, string(text), when)
}

func TestFileIsReloaded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	first, k1 := issue(t, "a", "one")
	second, k2 := issue(t, "b", "two")
	fileOf(t, path, noon, k1)
	var (
		mu      sync.Mutex
		now     = noon
		reports []error
	)
	move := func(d time.Duration) { mu.Lock(); now = now.Add(d); mu.Unlock() }
	s, err := apikey.OpenFile(apikey.FileStore{
		Path: path, Interval: 10 * time.Second, Keep: time.Minute,
		Clock: func() time.Time { mu.Lock(); defer mu.Unlock(); return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	p := policy("header")
	p.Report = func(err error) { reports = append(reports, err) }
	a := open(t, p, s)
	wantRule(t, a, header(first), "")
	fileOf(t, path, noon.Add(time.Second), k2)
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

func TestAuthenticateAllocatesLittle(t *testing.T) {
	good, key := issue(t, "ci", "build")
	a := open(t, policy("header"), static(t, key))
	r := header(good)
	least := 100.0 // the race detector throws away what sync.Pool keeps, now and then
	for range 20 {
		least = min(least, testing.AllocsPerRun(1, func() { _, _ = a.Authenticate(r) }))
	}
	if least > 2 {
		t.Errorf("%v allocations, want at most 2", least)
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
