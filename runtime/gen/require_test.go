package gen

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/principal"
)

// requireServer serves GET /x for the alternatives "bearer" and "key", under conditions.
func requireServer(sink *events, conditions ...Condition) (*Server, error) {
	b := New(Setup{Title: "test", Config: runtime.Config{Events: sink}})
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
			"auditor": {Subject: "ada", Scopes: []string{"read", "audit"}},
			"named":   caller([]string{"audit"}, nil),
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
		{name: "a scope more", token: "manager", conditions: []Condition{{Scopes: []string{"read", "audit"}}}, status: 403, rule: "scope", challenge: `error="insufficient_scope", scope="read audit"`},
		{name: "each of the scopes", token: "auditor", conditions: []Condition{{Scopes: []string{"read", "audit"}}}, status: 204},
		{name: "one of the scopes", token: "auditor", conditions: []Condition{{Scopes: []string{"audit", "write"}}}, status: 403, rule: "scope", challenge: `scope="read audit write"`},
		{name: "a role of the scope's name", token: "named", conditions: []Condition{{Scopes: []string{"audit"}}}, status: 403, rule: "scope", challenge: `scope="read audit"`},
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

// TestRoles: what a requirement asks of a scheme, scopes and roles alike, the caller must have by that scheme: all of it.
func TestRoles(t *testing.T) {
	scheme := func(name string) func(*principal.Table) (auth.Authenticator, error) {
		return func(*principal.Table) (auth.Authenticator, error) { return listed(name), nil }
	}
	for _, tt := range []struct {
		name   string
		access Access
		header map[string]string
		status int
		rule   string
	}{
		{"one of two", Require(Requirement{{Scheme: "A", Roles: []string{"r", "s"}}}), map[string]string{"A": "r"}, 403, "role"},
		{"both", Require(Requirement{{Scheme: "A", Roles: []string{"r", "s"}}}), map[string]string{"A": "q r s"}, 204, ""},
		{"a scope of that name", Require(Requirement{{Scheme: "A", Roles: []string{"r"}}}), map[string]string{"A": "scope:r"}, 403, "role"},
		{"a role of a scope's name", Require(Requirement{{Scheme: "A", Scopes: []string{"r"}}}), map[string]string{"A": "r"}, 403, "scope"},
		{"by another scheme", Require(Requirement{{Scheme: "A"}, {Scheme: "B", Roles: []string{"r"}}}), map[string]string{"A": "r", "B": ""}, 403, "role"},
		{"by both schemes", Require(Requirement{{Scheme: "A", Roles: []string{"r"}}, {Scheme: "B", Roles: []string{"s"}}}), map[string]string{"A": "r", "B": "s"}, 204, ""},
		{"by the other alternative", Require(Requirement{{Scheme: "A", Roles: []string{"r"}}}, Requirement{{Scheme: "B", Roles: []string{"s"}}}), map[string]string{"A": "s", "B": "s"}, 204, ""},
		{"by neither alternative", Require(Requirement{{Scheme: "A", Roles: []string{"r"}}}, Requirement{{Scheme: "B", Roles: []string{"s"}}}), map[string]string{"A": "s", "B": "r"}, 403, "role"},
		{"beside anonymous callers", Require(Requirement{{Scheme: "A", Roles: []string{"r"}}}, Requirement{}), map[string]string{"A": "s"}, 403, "role"},
	} {
		sink := &events{}
		b := New(Setup{Title: "test", Config: runtime.Config{Events: sink}})
		b.Scheme("A", scheme("A"))
		b.Scheme("B", scheme("B"))
		Mount(b, &Operation{ID: "x", Method: "GET", Path: "/x", Access: tt.access}, noteOpen)
		s, err := b.Server()
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("GET", "/x", nil)
		for name, value := range tt.header {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != tt.status || sink.last().Rule != tt.rule {
			t.Errorf("%s: %d, rule %q; want %d, %q", tt.name, w.Code, sink.last().Rule, tt.status, tt.rule)
		}
		if challenge := w.Header().Get("Www-Authenticate"); tt.rule == "role" && challenge != "" {
			t.Errorf("%s: the answer to a missing role has the challenge %q", tt.name, challenge)
		}
	}
}

// listed is a scheme whose callers say in a field of its name which roles and scopes they have.
type listed string

func (a listed) Authenticate(r *http.Request) (*principal.Principal, error) {
	values, ok := r.Header[string(a)]
	if !ok {
		return nil, auth.ErrMissing
	}
	p := &principal.Principal{Subject: "ada"}
	for name := range strings.FieldsSeq(values[0]) {
		if scope, ok := strings.CutPrefix(name, "scope:"); ok {
			p.Scopes = append(p.Scopes, scope)
		} else {
			p.Roles = append(p.Roles, name)
		}
	}
	return p, nil
}

func (a listed) Challenge(missing []string) string {
	return string(a) + " " + strings.Join(missing, " ")
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
