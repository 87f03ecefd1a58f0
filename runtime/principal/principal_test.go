package principal_test

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/principal"
)

// names returns n distinct names.
func names(prefix string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint(prefix, i)
	}
	return list
}

func TestSetHas(t *testing.T) {
	scopes := names("s", 130)
	table := principal.NewTable(scopes, []string{"admin", "s0"})
	if got, want := table.Len(), 132; got != want {
		t.Fatalf("Len = %d, want %d", got, want)
	}
	tests := []struct {
		name       string
		have, need []string
		want       bool
	}{
		{"nothing needed, nothing held", nil, nil, true},
		{"nothing needed", []string{"s1"}, nil, true},
		{"held", []string{"s1"}, []string{"s1"}, true},
		{"more held", []string{"s1", "s2", "s129"}, []string{"s2"}, true},
		{"one missing", []string{"s1"}, []string{"s1", "s2"}, false},
		{"beyond 64, held", []string{"s100"}, []string{"s100"}, true},
		{"beyond 64, fewer words held", []string{"s1"}, []string{"s100"}, false},
		{"beyond 64, another bit", []string{"s101"}, []string{"s100"}, false},
		{"beyond 128", []string{"s63", "s64", "s128"}, []string{"s128", "s63"}, true},
		{"unknown scopes held", []string{"x", "s10 "}, []string{"s10"}, false},
		{"case counts", []string{"S1"}, []string{"s1"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			need, ok := table.Scopes(tt.need...)
			if !ok {
				t.Fatal("unknown scope in the test")
			}
			p := &principal.Principal{Scopes: tt.have}
			if got := p.Set(table).Has(need); got != tt.want {
				t.Errorf("unbound: Has = %v, want %v", got, tt.want)
			}
			p.Bind(table)
			if got := p.Set(table).Has(need); got != tt.want {
				t.Errorf("bound: Has = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestRolesAreNotScopes(t *testing.T) {
	table := principal.NewTable([]string{"admin"}, []string{"admin"})
	scope, _ := table.Scopes("admin")
	role, _ := table.Roles("admin")
	p := &principal.Principal{Roles: []string{"admin"}}
	if p.Set(table).Has(scope) || !p.Set(table).Has(role) {
		t.Error("a role stands for a scope of the same name")
	}
	if !p.HasRole("admin") || p.HasScope("admin") {
		t.Error("HasRole or HasScope is wrong")
	}
}

func TestUnknownNameIsNotAnEmptyRequirement(t *testing.T) {
	table := principal.NewTable([]string{"a"}, nil)
	if s, ok := table.Scopes("a", "b"); ok || !s.Empty() {
		t.Errorf("Scopes of an unknown name = %v, %v", s, ok)
	}
	if _, ok := table.Roles("a"); ok {
		t.Error("a scope is known as a role")
	}
}

func TestSetOperations(t *testing.T) {
	table := principal.NewTable(names("s", 200), nil)
	set := func(names ...string) principal.Set { s, _ := table.Scopes(names...); return s }
	low, high := set("s1"), set("s150")
	both := low.Union(high)
	if !both.Has(low) || !both.Has(high) || !high.Union(low).Has(both) || low.Has(high) || high.Has(low) {
		t.Error("Union is wrong")
	}
	if low.Overlaps(high) || !both.Overlaps(high) || !both.Overlaps(low) || low.Overlaps(principal.Set{}) {
		t.Error("Overlaps is wrong")
	}
	if !(principal.Set{}).Empty() || high.Empty() || low.Empty() {
		t.Error("Empty is wrong")
	}
}

func TestNobody(t *testing.T) {
	table := principal.NewTable([]string{"a"}, nil)
	var p *principal.Principal
	if !p.Set(table).Empty() || p.HasRole("") || p.HasClaim("sub", "") {
		t.Error("nobody holds something")
	}
	if s := (&principal.Principal{Scopes: []string{"a"}}).Set(nil); !s.Empty() {
		t.Error("a set without a table")
	}
}

func TestBindOnce(t *testing.T) {
	first, second := principal.NewTable([]string{"a", "b"}, nil), principal.NewTable([]string{"b"}, nil)
	p := &principal.Principal{Scopes: []string{"b"}}
	p.Bind(nil)
	p.Bind(first)
	p.Bind(second)
	for _, table := range []*principal.Table{first, second} {
		if need, _ := table.Scopes("b"); !p.Set(table).Has(need) {
			t.Error("Set of a second table is wrong")
		}
	}
}

func TestClaim(t *testing.T) {
	p := &principal.Principal{Subject: "alice", Issuer: "iss", Claims: map[string]any{
		"sub": "mallory", "tenant": "t1", "groups": []any{"a", "b"}, "typed": []string{"x"}, "mixed": []any{"a", 1.5},
		"number": 1.5, "object": map[string]any{"a": "b"}, "empty": "", "null": nil, "none": []any{},
		"deep": map[string]any{"a/b": map[string]any{"~": []any{"x", "y"}}},
		"many": slices.Repeat([]any{"a"}, 1025), "manytyped": slices.Repeat([]string{"a"}, 1025),
	}}
	tests := []struct {
		name  string
		want  bool
		match string
	}{
		{"sub", true, "alice"},
		{"iss", true, "iss"},
		{"tenant", true, "t1"},
		{"groups", true, "b"},
		{"typed", true, "x"},
		{"mixed", false, "a"},
		{"number", false, "1"},
		{"object", false, "b"},
		{"empty", false, ""},
		{"null", false, ""},
		{"none", false, ""},
		{"absent", false, ""},
		{"Tenant", false, "t1"},
		{"many", false, "a"},
		{"manytyped", false, "a"},
		{"/tenant", true, "t1"},
		{"/object/a", true, "b"},
		{"/deep/a~1b/~0", true, "y"},
		{"/deep/a~1b", false, "x"},
		{"/object/a/b", false, "b"},
		{"/object/", false, "b"},
		{"/groups/0", false, "a"},
		{"/", false, "b"},
		{"/sub", true, "alice"},
	}
	for _, tt := range tests {
		if got := p.HasClaim(tt.name, tt.match); got != tt.want {
			t.Errorf("HasClaim(%q, %q) = %v, want %v", tt.name, tt.match, got, tt.want)
		}
	}
	if p.HasClaim("sub", "mallory") {
		t.Error("a claim named sub speaks for the subject")
	}
	if (&principal.Principal{}).HasClaim("sub", "") {
		t.Error("an empty value matches an empty subject")
	}
}

func TestFingerprint(t *testing.T) {
	seen := make(map[[16]byte]string)
	for _, p := range []*principal.Principal{
		{}, {Subject: "a"}, {Issuer: "a"}, {Scheme: "a"}, {Scheme: "a", Issuer: "b"}, {Scheme: "ab"}, {Issuer: "ab"},
		{Scheme: "a", Subject: "b"}, {Issuer: "a", Subject: "b"}, {Issuer: "a\x01", Subject: "b"}, {Subject: strings.Repeat("a", 300)},
	} {
		id := p.Fingerprint()
		if other, ok := seen[id]; ok {
			t.Errorf("%q and %q share a fingerprint", p.String(), other)
		}
		seen[id] = p.String()
		p.Bind(principal.NewTable(nil, nil))
		if p.Fingerprint() != id {
			t.Errorf("%q: bound and unbound fingerprints differ", p.String())
		}
	}
}

func TestPrintsNoClaims(t *testing.T) {
	p := principal.Principal{Subject: "alice", Claims: map[string]any{"ssn": "SECRET"}}
	var out strings.Builder
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "p", p, "ptr", &p)
	for _, text := range []string{fmt.Sprint(p), fmt.Sprintf("%+v %#v %s", &p, &p, p), out.String()} {
		if strings.Contains(text, "SECRET") || !strings.Contains(text, "alice") {
			t.Errorf("printed as %s", text)
		}
	}
}

func TestExpired(t *testing.T) {
	now := time.Unix(1000, 0)
	for _, tt := range []struct {
		expires time.Time
		want    bool
	}{{time.Time{}, false}, {now.Add(1), false}, {now, true}, {now.Add(-1), true}} {
		if got := (&principal.Principal{Expires: tt.expires}).Expired(now); got != tt.want {
			t.Errorf("Expired with %v = %v, want %v", tt.expires, got, tt.want)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	table, other := principal.NewTable(names("s", 100), nil), principal.NewTable([]string{"s1"}, nil)
	p := &principal.Principal{Scopes: names("s", 100), Subject: "a"}
	p.Bind(table)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				p.Bind(other)
				_, _, _ = p.Set(table), p.Set(other), p.Fingerprint()
			}
		})
	}
	wg.Wait()
}

func TestHotPathDoesNotAllocate(t *testing.T) {
	table := principal.NewTable(names("s", 100), nil)
	p := &principal.Principal{Subject: "alice", Scopes: names("s", 100), Claims: map[string]any{"g": []any{"a", "b"}}}
	p.Bind(table)
	need, _ := table.Scopes("s1", "s99")
	if n := testing.AllocsPerRun(100, func() {
		if !p.Set(table).Has(need) || !p.HasClaim("g", "b") || p.Fingerprint() == [16]byte{} {
			t.Fatal("wrong")
		}
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}
