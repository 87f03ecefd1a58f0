package principal_test

import (
	"reflect"
	"testing"

	"github.com/bailey-go/bailey/runtime/principal"
)

func TestClone(t *testing.T) {
	make := func() *principal.Principal {
		p := &principal.Principal{
			Subject: "ada", Issuer: "i", Scheme: "s", Scopes: []string{"read"}, Roles: []string{"user"},
			Claims: map[string]any{
				"text": "a", "list": []any{"a", []any{"b"}, map[string]any{"c": "d"}, []string{"e"}},
				"object": map[string]any{"deep": map[string]any{"x": "y"}}, "typed": []string{"t"}, "none": nil,
			},
		}
		p.Bind(principal.NewTable([]string{"read", "write"}, []string{"user", "admin"}))
		return p
	}
	p, want := make(), make()
	c := p.Clone()
	if !reflect.DeepEqual(c.Claims, p.Claims) || c.Fingerprint() != p.Fingerprint() || c.String() != p.String() {
		t.Errorf("the copy differs: %#v", c)
	}
	c.Subject, c.Scopes[0], c.Roles[0] = "mallory", "write", "admin"
	c.Claims["text"], c.Claims["more"] = "b", "x"
	c.Claims["typed"].([]string)[0] = "changed"
	list := c.Claims["list"].([]any)
	list[1].([]any)[0], list[2].(map[string]any)["c"], list[3].([]string)[0], list[0] = "changed", "changed", "changed", "changed"
	c.Claims["object"].(map[string]any)["deep"].(map[string]any)["x"] = "changed"
	if !reflect.DeepEqual(p.Claims, want.Claims) || p.Scopes[0] != "read" || p.Roles[0] != "user" || p.Subject != "ada" {
		t.Errorf("a change of the copy shows: %v %v %v", p.Claims, p.Scopes, p.Roles)
	}
	if (*principal.Principal)(nil).Clone() != nil {
		t.Error("a copy of nobody")
	}
}

func BenchmarkClone(b *testing.B) {
	p := &principal.Principal{Subject: "ada", Scopes: []string{"read", "write"}, Claims: map[string]any{
		"iss": "https://id.example", "aud": "api", "sub": "ada", "iat": 1.0, "exp": 2.0, "scope": "read write", "groups": []any{"a", "b"},
	}}
	b.ReportAllocs()
	for b.Loop() {
		p.Clone()
	}
}
