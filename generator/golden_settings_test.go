package generator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/introspect"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/testdata/golden/settings/api"
)

var introspectSecret = introspect.Secret("server", "a secret of the server")

// settled lets every caller in whom the pipeline lets through, and notes the typed claim.
type settled struct{ level *int64 }

func (h settled) ByDiscovery(_ context.Context, req *api.ByDiscoveryRequest) error {
	if level, ok := req.Caller.Level(); ok {
		*h.level = level
	}
	return nil
}
func (settled) AddNote(context.Context, *api.AddNoteRequest) error       { return nil }
func (settled) SetNotes(context.Context, *api.SetNotesRequest) error     { return nil }
func (settled) ByMetadata(context.Context, *api.ByMetadataRequest) error { return nil }
func (settled) ByKeys(context.Context, *api.ByKeysRequest) error         { return nil }
func (settled) ByOpaque(context.Context, *api.ByOpaqueRequest) error     { return nil }

// environment is one place where the package of testdata/golden/settings runs: a provider with a name of its own, and
// a server.
type environment struct {
	*provider
	server *api.Server
	level  int64
}

func newEnvironment(t *testing.T, audience string) *environment {
	t.Helper()
	e := &environment{provider: newProvider(t)}
	e.serve(t, audience, func(*api.Config) {})
	return e
}

// serve starts the server with a configuration that change has changed.
func (e *environment) serve(t *testing.T, audience string, change func(*api.Config)) {
	t.Helper()
	mux := e.Config.Handler.(*http.ServeMux)
	mux.HandleFunc("/metadata", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"issuer": e.URL, "jwks_uri": e.URL + "/keys"})
	})
	mux.HandleFunc("/introspect", func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"active": r.FormValue("token") == "good", "iss": e.URL, "aud": audience, "sub": "ada", "scope": "read"})
	})
	cfg := api.Config{
		LoginIssuer: e.URL, LoginAudiences: []string{audience}, LoginDiscovery: e.URL + "/metadata",
		PartnerDiscovery: e.URL + "/.well-known/openid-configuration",
		StaffIssuer:      e.URL, StaffJWKS: e.URL + "/keys",
		Opaque: introspectSecret, OpaqueURL: e.URL + "/introspect", OpaqueIssuer: e.URL, OpaqueAudiences: []string{audience},
		EverybodyRateRequests: 2000, AddNoteNotesRateRequests: 30, SetNotesBodyLimit: 8,
	}
	change(&cfg)
	var err error
	if e.server, err = api.NewServer(settled{&e.level}, cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.server.Close() })
}

func (e *environment) ask(path, token string) int {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	e.server.ServeHTTP(w, r)
	return w.Code
}

// TestSettings serves one generated package in two environments: each takes the tokens of its own issuer and
// audience alone. Default values count where Config has none, and typed claims are those of the document.
func TestSettings(t *testing.T) {
	t.Parallel()
	staging, production := newEnvironment(t, "https://api.staging.example"), newEnvironment(t, "https://api.example")
	for _, of := range []struct {
		*environment
		audience string
		other    *environment
	}{{staging, "https://api.staging.example", production}, {production, "https://api.example", staging}} {
		token := of.token(t, map[string]any{"iss": of.URL, "aud": of.audience, "level": 7})
		deadline := time.Now().Add(20 * time.Second)
		for of.ask("/discovered", token) == http.StatusServiceUnavailable && time.Now().Before(deadline) {
			time.Sleep(10 * time.Millisecond) // until the keys are there
		}
		for _, want := range []struct {
			at     *environment
			path   string
			token  string
			status int
		}{
			{of.environment, "/discovered", token, 204},
			{of.other, "/discovered", token, 401},
			{of.environment, "/discovered", of.token(t, map[string]any{"iss": of.URL, "aud": "https://api.other.example"}), 401},
			{of.environment, "/discovered", of.token(t, map[string]any{"iss": issuerName, "aud": of.audience}), 401},
			{of.environment, "/discovered", of.token(t, map[string]any{"iss": of.URL, "aud": of.audience, "level": "high"}), 401},
			{of.environment, "/metadata", of.token(t, map[string]any{"iss": issuerName, "aud": "legacy"}), 204}, // by default
			{of.environment, "/metadata", token, 401},
			{of.environment, "/keys", of.token(t, map[string]any{"iss": of.URL, "aud": "api"}), 204},
			{of.other, "/keys", of.token(t, map[string]any{"iss": of.URL, "aud": "api"}), 401},
			{of.environment, "/opaque", "good", 204},
			{of.environment, "/opaque", "bad", 401},
		} {
			if got := want.at.ask(want.path, want.token); got != want.status {
				t.Errorf("%s of %s at %s: %d, want %d", want.path, of.URL, want.at.URL, got, want.status)
			}
		}
		if of.level != 7 {
			t.Errorf("the handler found the level %d", of.level)
		}
	}
}

// TestSettingsMissing: NewServer names each value that Config lacks, at once, with its place in the document.
func TestSettingsMissing(t *testing.T) {
	t.Parallel()
	_, err := api.NewServer(settled{}, api.Config{StaffIssuer: "http://login.example", OpaqueAudiences: []string{" "}})
	if err == nil {
		t.Fatal("the server starts without its settings")
	}
	for _, want := range []string{
		"Config.LoginIssuer is missing", "Config.LoginAudiences is missing", "Config.LoginDiscovery is missing, as is Config.Login",
		"Config.StaffIssuer is no issuer", "Config.StaffJWKS is missing", "Config.OpaqueURL is missing", "Config.OpaqueAudiences has an empty text",
		"Config.AddNoteNotesRateRequests is missing", "Config.SetNotesBodyLimit is missing",
		"openapi.yaml:56:17",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "Partner") || strings.Count(err.Error(), "\n") != 9 {
		t.Errorf("got %v", err)
	}
}

// limited is a server of the package with a change to its Config.
func limited(t *testing.T, change func(*api.Config)) (*httptest.Server, string) {
	t.Helper()
	e := &environment{provider: newProvider(t)}
	e.serve(t, "https://api.example", change)
	srv := httptest.NewServer(e.server)
	t.Cleanup(srv.Close)
	return srv, e.server.PolicyDigest()
}

// send sends a body of JSON and returns the status.
func send(t *testing.T, method, url, body string, header ...string) int {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// TestLimitSettings: Config lowers limits, raises them up to the document's max, and gives those that the document
// does not say; rates, too.
func TestLimitSettings(t *testing.T) {
	t.Parallel()
	long := "[" + strings.Repeat("1,", 100) + "1]" // 203 bytes
	usual, first := limited(t, func(*api.Config) {})
	raised, second := limited(t, func(c *api.Config) { c.BodyLimit, c.NotesDepthLimit = 1024, 16 })
	lowered, third := limited(t, func(c *api.Config) { c.BodyLimit, c.AddNoteNotesRateRequests, c.AddNoteNotesRateBurst = 4, 1, 2 })
	for _, want := range []struct {
		srv          *httptest.Server
		method, body string
		status       int
	}{
		{usual, "POST", "[1,2,3]", 204}, {usual, "POST", long, 413}, {raised, "POST", long, 204},
		{usual, "PUT", "[1]", 204}, {usual, "PUT", "[1,2]", 204}, {usual, "PUT", "[1,2,3,4]", 413}, {raised, "PUT", "[1,2,3,4]", 413},
		{lowered, "POST", "[1]", 204}, {lowered, "POST", "[1,2]", 413}, {lowered, "POST", "[1]", 429},
	} {
		if got := send(t, want.method, want.srv.URL+"/notes", want.body); got != want.status {
			t.Errorf("%s %s: %d, want %d", want.method, want.body, got, want.status)
		}
	}
	if first == second || second == third || first == third || len(first) != 64 {
		t.Errorf("the digests are %s, %s and %s", first, second, third)
	}
}

// TestLimitSettingsRefused: what Config may not give is named.
func TestLimitSettingsRefused(t *testing.T) {
	t.Parallel()
	_, err := api.NewServer(settled{}, api.Config{
		BodyLimit: 1025, TimeoutLimit: 6 * time.Second, NotesDepthLimit: -1, EverybodyRateRequests: 2001, AddNoteNotesRateRequests: 51, AddNoteNotesRateBurst: 21, SetNotesBodyLimit: 65,
	})
	if err == nil {
		t.Fatal("the server starts")
	}
	for _, want := range []string{
		"Config.BodyLimit is 1025, more than the 1024 that the document allows", "Config.TimeoutLimit is 6s, more than the 5s", "Config.NotesDepthLimit is -1, less than 1",
		"Config.EverybodyRateRequests is 2001, more", "Config.AddNoteNotesRateRequests is 51, more", "Config.AddNoteNotesRateBurst is 21, more", "Config.SetNotesBodyLimit is 65, more",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
}

// TestDetect: a rate limit that the document has recorded alone refuses nothing, and leaves an event that says so; the
// operation's other limits count.
func TestDetect(t *testing.T) {
	t.Parallel()
	seen := &names{}
	srv, _ := limited(t, func(c *api.Config) { c.Events = seen })
	for _, want := range []struct {
		body   string
		status int
	}{{"[1]", 204}, {"[2]", 204}, {"[3]", 204}, {"[1,2,3,4]", 413}} {
		if got := send(t, "PUT", srv.URL+"/notes", want.body); got != want.status {
			t.Errorf("%s: %d, want %d", want.body, got, want.status)
		}
	}
	seen.Lock()
	defer seen.Unlock()
	want := []string{"policy_detected tried 0", "policy_detected tried 0", "policy_detected tried 0", "input_validation_fail body-length 413"}
	if len(seen.list) != len(want) || !slices.Equal(seen.list[:3], want[:3]) || !strings.HasSuffix(seen.list[3], " 413") {
		t.Errorf("got %q", seen.list)
	}
}

// names keeps the names, rules and statuses of events.
type names struct {
	sync.Mutex
	list []string
}

func (n *names) Record(_ context.Context, e *event.Event) {
	n.Lock()
	defer n.Unlock()
	n.list = append(n.list, fmt.Sprintf("%s %s %d", e.Name, e.Rule, e.Status))
}
