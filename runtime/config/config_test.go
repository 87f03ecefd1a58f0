package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth/apikey"
	"github.com/bailey-go/bailey/runtime/auth/basic"
	"github.com/bailey-go/bailey/runtime/auth/dpop"
	"github.com/bailey-go/bailey/runtime/auth/introspect"
	"github.com/bailey-go/bailey/runtime/auth/jwt"
	"github.com/bailey-go/bailey/runtime/auth/mtls"
)

// service is a Config as generated code declares one.
type service struct {
	runtime.Config
	Login          jwt.KeySource
	LoginIssuer    string
	LoginAudiences []string
	LoginDPoP      dpop.Setup
	Opaque         introspect.Client
	Partner        apikey.Keys
	Staff          basic.Accounts
	Machine        mtls.Trust
	MaskKey        []byte
	BodyLimit      int64
	DepthLimit     int
	TimeoutLimit   time.Duration
	Handler        func()
}

// write makes a file with a mode.
func write(t *testing.T, name, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the umask is
		t.Fatal(err)
	}
	return path
}

// TestLoad: a file and variables fill every kind of field; what is not named stays as the program has set it.
func TestLoad(t *testing.T) {
	t.Parallel()
	mask := write(t, "mask", strings.Repeat("k", 32)+"\n", 0o440)
	file := write(t, "a.yaml", `# of staging
login-issuer: https://login.staging.example
login-audiences: [https://api.staging.example, legacy]
login: {jwks-url: 'https://login.staging.example/keys'}
login-dpop: {origins: ['https://api.staging.example']}
opaque: {id: server, secret-file: /run/secrets/opaque}
machine:
  ca-file: /etc/ca.pem
trusted-proxies: [10.0.0.0/8, '2001:db8::/32']
trusted-origins: [https://app.example]
trust-request-id: true
error-text: type
max-requests: 100
body-memory: 64MiB
event-limits: {full: 5, period: 1m}
timeout-limit: 1500ms
body-limit: 16KiB
mask-key-file: `+mask+"\n", 0o644)
	cfg := service{DepthLimit: 7, LoginIssuer: "https://other.example"}
	err := Load(&cfg, Source{File: file, Prefix: "app", Environ: []string{
		"APP_BODY_LIMIT=100", "APP_LOGIN_AUDIENCES=a, b", "OTHER_BODY_LIMIT=x", "APP_TRUST_FORWARDED=true", "APP_EVENT_LIMITS_FULL=6", "APPLE=1",
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ got, want any }{
		{cfg.LoginIssuer, "https://login.staging.example"}, {cfg.LoginAudiences, []string{"a", "b"}}, {cfg.Login, jwt.JWKS("https://login.staging.example/keys")},
		{cfg.LoginDPoP.Origins, []string{"https://api.staging.example"}}, {cfg.Opaque, introspect.SecretFile("server", "/run/secrets/opaque")},
		{cfg.Machine.CAFile, "/etc/ca.pem"}, {len(cfg.TrustedProxies), 2}, {cfg.TrustedProxies[0].String(), "10.0.0.0/8"}, {cfg.TrustedOrigins, []string{"https://app.example"}},
		{cfg.TrustRequestID, true}, {cfg.TrustForwarded, true}, {cfg.ErrorText, runtime.ErrorTextType}, {cfg.MaxRequests, 100}, {cfg.BodyMemory, int64(64 << 20)},
		{cfg.EventLimits.Full, 6}, {cfg.EventLimits.Period, time.Minute}, {cfg.TimeoutLimit, 1500 * time.Millisecond}, {cfg.BodyLimit, int64(100)},
		{string(cfg.MaskKey), strings.Repeat("k", 32)}, {cfg.DepthLimit, 7},
	} {
		if !reflect.DeepEqual(test.got, test.want) {
			t.Errorf("got %v, want %v", test.got, test.want)
		}
	}
}

// TestLoadRefuses: each mistake is named with its place, all of them at once, and nothing is filled.
func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, file string
		environ    []string
		want       []string
	}{
		{"unknown and twice", "login-isuer: a\nbody-limit: 1\nbody-limit: 2\nloginIssuer: a\n", nil, []string{
			`a.yaml:1:1: unknown key "login-isuer"; did you mean login-issuer?`, `a.yaml:3:1: duplicate key "body-limit"; first defined at 2:1`, `a.yaml:4:1: unknown key "loginIssuer"; did you mean login-issuer?`,
		}},
		{"types", "login-issuer: 5\nlogin-audiences: api\ntrust-request-id: yes\nmax-requests: '5'\nbody-memory: -1\nbody-limit: many\ntimeout-limit: 5\ntrusted-proxies: [10.0.0.0/8, nothing]\nevent-limits: 5\nerror-text: all\nlogin-dpop: {origins: [[a]]}\n", nil, []string{
			"a.yaml:1:15: login-issuer has to be a string", "a.yaml:2:18: login-audiences has to be a list of strings", "a.yaml:3:19: trust-request-id has to be true or false",
			"a.yaml:4:15: max-requests has to be a whole number", "a.yaml:5:14: body-memory has to be a number of bytes", "a.yaml:6:13: body-limit has to be a number of bytes",
			"a.yaml:7:16: timeout-limit has to be a time span", "a.yaml:8:18: trusted-proxies has an item, number 2, that has to be a text that netip.Prefix reads",
			"a.yaml:9:15: event-limits is a number; it has to be an object with some of: full, period", "a.yaml:10:13: error-text has to be a text that runtime.ErrorText reads",
			"a.yaml:11:24: an item of login-dpop.origins is a list; it has to be a string",
		}},
		{"what no text can hold", "log: a\nlimiter: b\nhandler: c\nlogin-dpop: {replays: d}\n", nil, []string{
			"a.yaml:1:1: no text can hold log: the program sets it in Go", "a.yaml:2:1: no text can hold limiter", "a.yaml:3:1: no text can hold handler", "a.yaml:4:14: no text can hold login-dpop.replays",
		}},
		{"secrets", "mask-key: hunter2\nlogin-dpop: {nonce-key: hunter2}\n", nil, []string{
			"a.yaml:1:1: mask-key is a secret, which does not stand here; put it into a file and name that with mask-key-file", "a.yaml:2:14: nonce-key is a secret",
		}},
		{"made", "login: {jwks-url: a, file: b}\nopaque: {id: a}\nstaff: {users: {file: /does/not/exist}}\npartner: {store: {file: ''}}\n", nil, []string{
			"a.yaml:1:19: login has 2 of: jwks-url, discovery-url, file; one is read", "a.yaml:2:14: opaque needs all of: id, secret-file", "a.yaml:3:23: staff.users: ", "a.yaml:4:25: partner.store.file has to be a string that is not empty",
		}},
		{"tricks", "login-issuer: &a x\nmask-key-file: *a\nbody-limit: !!int '5'\nlogin-audiences: [\"${AUD}\"]\n<<: {}\n", nil, []string{
			"a.yaml:1:15: anchors and aliases are not read", "a.yaml:2:16: anchors and aliases are not read", "a.yaml:3:13: the tag", "a.yaml:4:19: a placeholder, which nothing replaces", "a.yaml:5:1: merge keys are not read",
		}},
		{"a list", "[]\n", nil, []string{"a.yaml:1:1: the file is a list; it has to be an object with some of: "}},
		{"no YAML", "a: [\n", nil, []string{"a.yaml: line 1"}},
		{"documents", "body-limit: 1\n---\nbody-limit: 2\n", nil, []string{"a.yaml: it has more than one document"}},
		{"variables", "", []string{"APP_LOGIN_ISUER=a", "APP_BODY_LIMIT=hunter2", "APP_MAX_REQUESTS=1", "APP_MAX_REQUESTS=2", "APP_MASK_KEY=hunter2", "APP_TRUST_REQUEST_ID=1"}, []string{
			"environment variable APP_LOGIN_ISUER: unknown name; did you mean APP_LOGIN_ISSUER?", "environment variable APP_BODY_LIMIT: body-limit has to be a number of bytes",
			"environment variable APP_MAX_REQUESTS: it is there twice", "environment variable APP_MASK_KEY: unknown name", "environment variable APP_TRUST_REQUEST_ID: trust-request-id has to be true or false",
		}},
	} {
		file := write(t, "a.yaml", test.file, 0o600)
		cfg := service{DepthLimit: 7}
		err := Load(&cfg, Source{File: file, Prefix: "APP", Environ: test.environ})
		if err == nil {
			t.Errorf("%s: nothing is refused", test.name)
			continue
		}
		got := strings.ReplaceAll(err.Error(), file, "a.yaml")
		for _, want := range test.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in:\n%s", test.name, want, got)
			}
		}
		if n := strings.Count(got, "\n") + 1; n != len(test.want) {
			t.Errorf("%s: %d errors, want %d:\n%s", test.name, n, len(test.want), got)
		}
		if strings.Contains(got, "hunter2") {
			t.Errorf("%s: a value is printed:\n%s", test.name, got)
		}
		if !reflect.DeepEqual(cfg, service{DepthLimit: 7}) {
			t.Errorf("%s: something is filled: %+v", test.name, cfg)
		}
	}
}

// TestSecrets: a file of a secret that others may read is refused, unless the program says that it may be.
func TestSecrets(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text      string
		mode      os.FileMode
		dangerous bool
		want      string
	}{
		{"secret\r\n", 0o600, false, ""}, {"secret", 0o440, false, ""}, {"secret", 0o444, true, ""}, {"secret", 0o444, false, "every user may read or write (mode 0444)"},
		{"secret", 0o602, true, "everyone may write it"}, {"\n", 0o600, false, "an empty file"}, {strings.Repeat("a", maxSecret+1), 0o600, false, "more than 65536 bytes"},
	} {
		var cfg service
		err := Load(&cfg, Source{Prefix: "APP", Environ: []string{"APP_MASK_KEY_FILE=" + write(t, "secret", test.text, test.mode)}, DangerouslyReadableSecrets: test.dangerous})
		switch {
		case test.want == "" && (err != nil || string(cfg.MaskKey) != "secret"):
			t.Errorf("%o: %q, %v", test.mode, cfg.MaskKey, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%o: got %v, want %q", test.mode, err, test.want)
		case err != nil && strings.Contains(err.Error(), "secret\n"):
			t.Errorf("the secret is printed: %v", err)
		}
	}
}

// TestLoadInto: what is no Config, and a file that cannot be read, are errors.
func TestLoadInto(t *testing.T) {
	t.Parallel()
	for _, cfg := range []any{nil, service{}, (*service)(nil), new(int)} {
		if err := Load(cfg, Source{}); err == nil {
			t.Errorf("%T is filled", cfg)
		}
	}
	var cfg service
	for name, path := range map[string]string{
		"missing": filepath.Join(t.TempDir(), "none"), "a folder": t.TempDir(), "writable": write(t, "a.yaml", "", 0o666), "long": write(t, "a.yaml", strings.Repeat("#", maxFile+1), 0o600),
	} {
		if err := Load(&cfg, Source{File: path}); err == nil {
			t.Errorf("%s: the file is read", name)
		}
	}
	if err := Load(&cfg, Source{File: write(t, "a.yaml", "# nothing\n", 0o600)}); err != nil {
		t.Errorf("a file of comments: %v", err)
	}
}

// TestKebab: names of keys.
func TestKebab(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"LoginIssuer": "login-issuer", "LoginJWKS": "login-jwks", "CAFile": "ca-file", "LoginDPoP": "login-dpop", "OpaqueURL": "opaque-url", "V2Issuer": "v2-issuer",
		"MaxRequestsPerAddress": "max-requests-per-address", "A_B": "a-b", "APIKey": "api-key",
	} {
		if got := kebab(name); got != want {
			t.Errorf("kebab(%q) = %q, want %q", name, got, want)
		}
	}
}

// FuzzLoad: no file makes Load panic, fill half of a Config, or print a line of more than 2 KiB.
func FuzzLoad(f *testing.F) {
	for _, text := range []string{"login-issuer: a\n", "a: &a [*a]\n", "? [a]\n: b\n", "login: {jwks-url: a}\n", "\"\\u0000\": 1\n", "event-limits: {full: 1e3}\n", "%YAML 1.2\n---\na\n", "- - - -\n", "login-audiences: [a, {}, null]\n", "mask-key-file: /dev/null\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l := &loader{src: Source{File: "a.yaml"}, root: tree(reflect.TypeFor[service]())}
		given := l.file(text)
		var cfg service
		l.fill(reflect.ValueOf(&cfg).Elem(), given)
		if len(given) > 0 && len(text) == 0 {
			t.Error("an empty file has values")
		}
	})
}
