package runtime

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/principal"
)

// requireServer serves GET /x for the alternatives "bearer" and "key", under conditions.
func requireServer(sink *events, conditions ...Condition) (*Server, error) {
	b := New(Setup{Title: "test", Config: Config{Events: sink}})
	caller := func(roles []string, claims map[string]any) *principal.Principal {
		return &principal.Principal{Subject: "ada", Scopes: []string{"read"}, Roles: roles, Claims: claims}
	}
	b.Scheme("bearer", func(*principal.Table) (auth.Authenticator, error) {
		return tokens{
			"none":    caller(nil, nil),
			"clerk":   caller([]string{"clerk"}, nil),
			"manager": caller([]string{"clerk", "manager"}, map[string]any{"tenant": "t1", "acr": "phr"}),
			"tenant2": caller([]string{"manager"}, map[string]any{"tenant": "t2", "acr": "phr"}),
			"weak":    caller([]string{"manager"}, map[string]any{"tenant": "t1", "acr": "pwd"}),
			"deep":    caller([]string{"manager"}, map[string]any{"tenant": "t1", "acr": "phr", "org": map[string]any{"tier": "gold"}}),
			"unread":  {Subject: "ada", Roles: []string{"clerk", "manager"}, Claims: map[string]any{"tenant": "t1", "acr": "phr"}},
		}, nil
	})
	b.Scheme("key", func(*principal.Table) (auth.Authenticator, error) { return keyed{}, nil })
	Mount(b, &Operation{
		ID: "x", Method: "GET", Path: "/x", Require: conditions,
		Access: Require(Requirement{{Scheme: "bearer", Scopes: []string{"read"}}}, Requirement{{Scheme: "key"}}),
	}, noteOpen)
	return b.Server()
}

// keyed authenticates the key "machine", which has every scope and one role.
type keyed struct{}

func (keyed) Authenticate(r *http.Request) (*principal.Principal, error) {
	if r.Header.Get("X-Key") != "machine" {
		return nil, auth.ErrMissing
	}
	return &principal.Principal{Subject: "m", Scopes: []string{"read"}, Roles: []string{"machine"}}, nil
}

func TestRequire(t *testing.T) {
	roles := Condition{Roles: []string{"manager", "auditor"}}
	tenant := Condition{Claims: []ClaimIn{{"tenant", []string{"t0", "t1"}}}}
	acr := Condition{ACR: []string{"phrh", "phr"}}
	gold := Condition{Claims: []ClaimIn{{"/org/tier", []string{"gold"}}}}
	const stepUp = `Bearer error="insufficient_user_authentication", acr_values="phrh phr"`
	tests := []struct {
		name, token, key string
		conditions       []Condition
		status           int
		rule, challenge  string
	}{
		{name: "no condition", token: "none", status: 204},
		{name: "no role", token: "none", conditions: []Condition{roles}, status: 403, rule: "role"},
		{name: "another role", token: "clerk", conditions: []Condition{roles}, status: 403, rule: "role"},
		{name: "one of the roles", token: "manager", conditions: []Condition{roles}, status: 204},
		{name: "both of two conditions", token: "manager", conditions: []Condition{{Roles: []string{"clerk"}}, {Roles: []string{"manager"}}}, status: 204},
		{name: "one of two conditions", token: "weak", conditions: []Condition{{Roles: []string{"clerk"}}, {Roles: []string{"manager"}}}, status: 403, rule: "role"},
		{name: "the scope comes first", token: "unread", conditions: []Condition{roles}, status: 403, rule: "scope", challenge: `scope="read"`},
		{name: "a claim", token: "manager", conditions: []Condition{tenant}, status: 204},
		{name: "another value", token: "tenant2", conditions: []Condition{tenant}, status: 403, rule: "claim"},
		{name: "no claim", token: "clerk", conditions: []Condition{tenant}, status: 403, rule: "claim"},
		{name: "a claim in a claim", token: "deep", conditions: []Condition{gold}, status: 204},
		{name: "no claim in a claim", token: "manager", conditions: []Condition{gold}, status: 403, rule: "claim"},
		{name: "strong enough", token: "manager", conditions: []Condition{acr}, status: 204},
		{name: "too weak", token: "weak", conditions: []Condition{acr}, status: 401, rule: "acr", challenge: stepUp},
		{name: "no acr", token: "clerk", conditions: []Condition{acr}, status: 401, rule: "acr", challenge: stepUp},
		{name: "all at once", token: "manager", conditions: []Condition{{Roles: roles.Roles, Claims: tenant.Claims, ACR: acr.ACR}}, status: 204},
		{name: "another alternative", token: "clerk", key: "machine", conditions: []Condition{{Roles: []string{"machine"}}}, status: 204},
		{name: "no alternative", token: "clerk", key: "machine", conditions: []Condition{{Roles: []string{"nobody"}}}, status: 403, rule: "role"},
	}
	for _, tt := range tests {
		var sink events
		s, err := requireServer(&sink, tt.conditions...)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		r := httptest.NewRequest("GET", "/x", nil)
		r.Header.Set("Authorization", "Bearer "+tt.token)
		r.Header.Set("X-Key", tt.key)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != tt.status || sink.last().Rule != tt.rule || !strings.Contains(w.Header().Get("Www-Authenticate"), tt.challenge) {
			t.Errorf("%s: got %d, rule %q, challenge %q; want %d, %q, %q", tt.name, w.Code, sink.last().Rule, w.Header().Get("Www-Authenticate"), tt.status, tt.rule, tt.challenge)
		}
	}
}

// TestRequireStart: a condition that cannot be enforced stops the server.
func TestRequireStart(t *testing.T) {
	for name, c := range map[string]Condition{"asks for nothing": {}, "asks for nothing ": {Claims: []ClaimIn{{Name: "tenant"}}}} {
		if _, err := requireServer(new(events), c); err == nil || !strings.Contains(err.Error(), strings.TrimSpace(name)) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for name, access := range map[string]Access{"public": Public("a test"), "anonymous": Require(Requirement{})} {
		b := New(Setup{Title: "test"})
		Mount(b, &Operation{ID: "x", Method: "GET", Path: "/x", Access: access, Require: []Condition{{Roles: []string{"a"}}}}, noteOpen)
		if _, err := b.Server(); err == nil || !strings.Contains(err.Error(), "meet no condition") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
