package principal_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/principal"
)

// someone has a claim of each kind that can be handed out.
func someone() *principal.Principal {
	p := &principal.Principal{
		Subject: "ada", Issuer: "i", Scheme: "s", Tenant: "t", Scopes: []string{"read", "more"}, Roles: []string{"user", "clerk"},
		Expires: time.Unix(1_800_000_000, 0),
		Claims: map[string]any{
			"text": "a", "list": []any{"a", []any{"b"}, map[string]any{"c": "d"}, []string{"e"}}, "flat": []any{"x", "y"},
			"object": map[string]any{"deep": map[string]any{"x": "y"}}, "typed": []string{"t"}, "none": nil,
			"yes": true, "number": json.Number("7"), "half": 7.5, "id": [2]byte{1, 2},
		},
	}
	p.Bind(principal.NewTable([]string{"read", "write"}, []string{"user", "admin"}))
	return p
}

func TestCaller(t *testing.T) {
	p := someone()
	c := p.Caller()
	if c.Anonymous() || c.Subject() != "ada" || c.Issuer() != "i" || c.Scheme() != "s" || c.Tenant() != "t" || !c.Expires().Equal(p.Expires) || c.Fingerprint() != p.Fingerprint() {
		t.Errorf("the caller is %v", c)
	}
	if !c.HasScope("read") || c.HasScope("write") || c.HasScope("user") || !c.HasRole("clerk") || c.HasRole("admin") || c.HasRole("read") {
		t.Error("HasScope or HasRole is wrong")
	}
	if got := slices.Collect(c.Scopes()); !slices.Equal(got, []principal.Scope{"read", "more"}) {
		t.Errorf("scopes %q", got)
	}
	if got := slices.Collect(c.Roles()); !slices.Equal(got, []principal.Role{"user", "clerk"}) {
		t.Errorf("roles %q", got)
	}
	for scope := range c.Scopes() {
		if scope != "read" {
			t.Errorf("%q after the loop was left", scope)
		}
		break
	}
	if !c.HasClaim("typed", "t") || !c.HasClaim("/object/deep/x", "y") || c.HasClaim("text", "b") {
		t.Error("HasClaim is wrong")
	}
}

func TestCallerIsNobody(t *testing.T) {
	for _, c := range []principal.Caller{{}, (*principal.Principal)(nil).Caller()} {
		if !c.Anonymous() || c.Subject()+c.Issuer()+c.Scheme()+c.Tenant() != "" || !c.Expires().IsZero() {
			t.Errorf("nobody is %v", c)
		}
		if c.HasScope("") || c.HasRole("") || c.HasClaim("sub", "") || len(slices.Collect(c.Scopes()))+len(slices.Collect(c.Roles())) > 0 {
			t.Error("nobody holds something")
		}
		for _, name := range []string{"sub", "x", "/x"} {
			if v, ok := c.ClaimValue(name); v != nil || ok {
				t.Errorf("nobody has the claim %s: %v", name, v)
			}
			if v, ok := c.TextClaim(name); v != "" || ok {
				t.Errorf("nobody has the claim %s: %v", name, v)
			}
		}
		if c.Fingerprint() != (principal.Caller{}).Fingerprint() || c.Fingerprint() == someone().Fingerprint() {
			t.Error("the fingerprint of nobody")
		}
		if got := fmt.Sprint(c); got != "anonymous" {
			t.Errorf("printed as %s", got)
		}
	}
	if (&principal.Principal{}).Caller().Anonymous() {
		t.Error("a principal without a name is nobody")
	}
}

// TestCallerShape: a caller is one pointer that nobody else can reach, and no method returns a type
// that may lead to what is shared, other than those that TestCallerCannotChange looks at.
func TestCallerShape(t *testing.T) {
	c := reflect.TypeFor[principal.Caller]()
	if c.NumField() != 1 || c.Field(0).IsExported() || c.Size() != reflect.TypeFor[uintptr]().Size() {
		t.Error("a caller is more than one unexported pointer")
	}
	if n, all := c.NumMethod(), reflect.PointerTo(c).NumMethod(); n == 0 || n != all {
		t.Errorf("%d of %d methods have a value as receiver", n, all)
	}
	safe := []reflect.Type{
		reflect.TypeFor[string](), reflect.TypeFor[bool](), reflect.TypeFor[int64](), reflect.TypeFor[time.Time](), reflect.TypeFor[[16]byte](), reflect.TypeFor[slog.Value](),
		reflect.TypeFor[iter.Seq[principal.Scope]](), reflect.TypeFor[iter.Seq[principal.Role]](),
	}
	copies := map[string]bool{"ClaimValue": true, "ListClaim": true}
	for m := range c.NumMethod() {
		m := c.Method(m)
		for i := range m.Type.NumOut() {
			if out := m.Type.Out(i); !slices.Contains(safe, out) && !copies[m.Name] {
				t.Errorf("%s returns a %v", m.Name, out)
			}
		}
	}
}

// TestCallerCannotChange changes all that a caller hands out, and finds the principal as it was.
func TestCallerCannotChange(t *testing.T) {
	p, want := someone(), someone()
	c := p.Caller()
	for name := range p.Claims {
		if list, ok := c.ListClaim(name); ok {
			spoil(list)
		}
		v, ok := c.ClaimValue(name)
		if ok != (name != "none") || !reflect.DeepEqual(v, want.Claims[name]) {
			t.Errorf("%s is %v, %v", name, v, ok)
		}
		spoil(v)
	}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("a change shows: %v %v %v", p.Claims, p.Scopes, p.Roles)
	}
}

// spoil changes all that can be changed in v.
func spoil(v any) {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			spoil(v[name])
			v[name] = "changed"
		}
		v["more"] = "changed"
	case []any:
		for i := range v {
			spoil(v[i])
			v[i] = "changed"
		}
		_ = append(v[:0], "changed")
	case []string:
		for i := range v {
			v[i] = "changed"
		}
	}
}

// TestClaimValueRefuses what leads to something shared, and what is too deep.
func TestClaimValueRefuses(t *testing.T) {
	text := "x"
	deep := func(n int) (v any) {
		for range n {
			v = []any{v}
		}
		return v
	}
	for name, v := range map[string]any{
		"pointer": &text, "function": func() {}, "channel": make(chan int), "bytes": []byte("x"), "struct": struct{ p *string }{&text}, "array": [1]*string{&text},
		"map": map[string]string{"a": "b"}, "within a list": []any{"a", &text}, "within an object": map[string]any{"a": []any{&text}}, "deep": deep(65),
	} {
		p := &principal.Principal{Claims: map[string]any{"c": v}}
		if _, ok := p.Caller().ClaimValue("c"); ok {
			t.Errorf("%s is handed out", name)
		}
	}
	p := &principal.Principal{Subject: "ada", Claims: map[string]any{"deep": deep(63), "sub": "mallory"}}
	if v, ok := p.Caller().ClaimValue("deep"); !ok || !reflect.DeepEqual(v, deep(63)) {
		t.Errorf("a deep list is %v, %v", v, ok)
	}
	if v, ok := p.Caller().ClaimValue("sub"); v != "ada" || !ok {
		t.Errorf("sub is %v, %v", v, ok)
	}
}

// TestCallerPrintsNoClaims, with whatever verb, alone, in a struct or by encoding/json.
func TestCallerPrintsNoClaims(t *testing.T) {
	p := &principal.Principal{Subject: "ada", Scheme: "s", Issuer: "i", Scopes: []string{"SECRET"}, Claims: map[string]any{"ssn": "SECRET"}}
	c := p.Caller()
	in := struct{ Caller principal.Caller }{c}
	var out strings.Builder
	log := slog.New(slog.NewJSONHandler(&out, nil))
	log.Info("x", "c", c, "in", in, "none", principal.Caller{})
	if !strings.Contains(out.String(), `"c":{"scheme":"s","issuer":"i","subject":"ada"}`) || !strings.Contains(out.String(), `"none":{"anonymous":true}`) {
		t.Errorf("logged as %s", out.String())
	}
	text, err := json.Marshal(in)
	if err != nil || string(text) != `{"Caller":{}}` {
		t.Errorf("as JSON %s, %v", text, err)
	}
	for _, verb := range []string{"%v", "%+v", "%s", "%q", "%d", "%x"} {
		for _, got := range []string{fmt.Sprintf(verb, c), fmt.Sprintf(verb, &c), fmt.Sprintf(verb, in), out.String()} {
			if strings.Contains(got, "SECRET") || strings.Contains(got, fmt.Sprintf("%x", "SECRET")) || verb != "%x" && !strings.Contains(got, "s:i:ada") && got != out.String() {
				t.Errorf("%s prints %s", verb, got)
			}
		}
	}
	if got := fmt.Sprintf("%#v", in); !strings.Contains(got, `"s:i:ada"`) {
		t.Errorf("printed as %s", got)
	}
}

func TestCallerDoesNotAllocate(t *testing.T) {
	p := someone()
	if n := testing.AllocsPerRun(100, func() {
		c := p.Caller()
		found := 0
		for range c.Scopes() {
			found++
		}
		if c.Subject() != "ada" || found != 2 || !c.HasScope("read") || !c.HasClaim("typed", "t") || c.Fingerprint() == [16]byte{} {
			t.Fatal("wrong")
		}
		if _, ok := c.IntClaim("number"); !ok {
			t.Fatal("wrong")
		}
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}
