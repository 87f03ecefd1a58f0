package gen

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/principal"
)

const sampleUUID = "7d444840-9dc0-41d1-b245-5ffdce74fad2"

// TestOwnerMatches: what a value is compared with, and that what cannot be compared matches nothing.
func TestOwnerMatches(t *testing.T) {
	equal := Owner{Claim: "c"}
	one, in := Owner{Claim: "c", Match: MatchOne}, Owner{Claim: "c", Match: MatchIn}
	prefix := Owner{Claim: "c", Match: MatchPrefix, Separator: "/"}
	urn := Owner{Template: "urn:acct:{c}"}
	pair := Owner{Template: "{c}:{/d/e}!"}
	id := OwnedUUID(uuid.MustParse(sampleUUID))
	var null any
	tests := []struct {
		name  string
		rule  Owner
		value Owned
		claim any
		want  bool
	}{
		{"equal", equal, OwnedText("a"), "a", true},
		{"another", equal, OwnedText("a"), "b", false},
		{"another case", equal, OwnedText("a"), "A", false},
		{"in a list", equal, OwnedText("a"), []any{"b", "a"}, true},
		{"in a list of Go's", equal, OwnedText("a"), []string{"b", "a"}, true},
		{"not in a list", equal, OwnedText("a"), []any{"b"}, false},
		{"an empty list", equal, OwnedText("a"), []any{}, false},
		{"a list with an object", equal, OwnedText("a"), []any{"a", map[string]any{}}, false},
		{"a list with null", equal, OwnedText("a"), []any{"a", nil}, false},
		{"a list in a list", equal, OwnedText("a"), []any{[]any{"a"}}, false},
		{"null", equal, OwnedText("null"), null, false},
		{"true", equal, OwnedText("true"), true, false},
		{"an object", equal, OwnedText("a"), map[string]any{"a": "a"}, false},
		{"empty and empty", equal, OwnedText(""), "", false},
		{"an empty claim", equal, OwnedText("a"), "", false},
		{"nothing", equal, Owned{}, "a", false},
		{"not given", equal, OwnedText("a").If(false), "a", false},
		{"given", equal, OwnedText("a").If(true), "a", true},

		{"one", one, OwnedText("a"), "a", true},
		{"one, a list", one, OwnedText("a"), []any{"a"}, false},
		{"in", in, OwnedText("a"), []any{"a"}, true},
		{"in, no list", in, OwnedText("a"), "a", false},

		{"uuid", equal, id, sampleUUID, true},
		{"uuid in capitals", equal, id, strings.ToUpper(sampleUUID), true},
		{"uuid in braces", equal, id, "{" + sampleUUID + "}", false},
		{"uuid without hyphens", equal, id, strings.ReplaceAll(sampleUUID, "-", ""), false},
		{"uuid, another", equal, id, sampleUUID[:35] + "3", false},
		{"uuid, hyphens elsewhere", equal, id, "7d44484-09dc0-41d1-b245-5ffdce74fad2", false},
		{"the zero uuid, not given", equal, OwnedUUID([16]byte{}).If(false), uuid.Nil.String(), false},

		{"integer", equal, OwnedInt(42), json.Number("42"), true},
		{"integer as text", equal, OwnedInt(42), "42", true},
		{"integer, negative", equal, OwnedInt(-42), json.Number("-42"), true},
		{"integer, the least", equal, OwnedInt(-1 << 63), json.Number("-9223372036854775808"), true},
		{"integer, the greatest", equal, OwnedUint(1<<64 - 1), json.Number("18446744073709551615"), true},
		{"integer with zeros", equal, OwnedInt(42), "042", false},
		{"integer with a sign", equal, OwnedInt(42), "+42", false},
		{"integer as a fraction", equal, OwnedInt(42), json.Number("42.0"), false},
		{"integer with an exponent", equal, OwnedInt(1000), json.Number("1e3"), false},
		{"integer of Go's", equal, OwnedInt(42), 42, true},
		{"integer of encoding/json", equal, OwnedInt(42), float64(42), true},
		{"fraction of encoding/json", equal, OwnedInt(42), 42.5, false},
		{"zero, not given", equal, OwnedInt(0).If(false), json.Number("0"), false},
		{"text of an integer", equal, OwnedText("42"), json.Number("42"), true},
		{"text of an integer with zeros", equal, OwnedText("042"), json.Number("42"), false},
		{"minus zero", equal, OwnedInt(0), json.Number("-0"), false},

		{"prefix", prefix, OwnedText("org1/a"), "org1", true},
		{"prefix, deep", prefix, OwnedText("org1/a/b"), "org1", true},
		{"prefix, itself", prefix, OwnedText("org1"), "org1", true},
		{"prefix, of a list", prefix, OwnedText("org1/a"), []any{"org0", "org1"}, true},
		{"prefix, a longer name", prefix, OwnedText("org10"), "org1", false},
		{"prefix, below a longer name", prefix, OwnedText("org10/a"), "org1", false},
		{"prefix, nothing below", prefix, OwnedText("org1/"), "org1", false},
		{"prefix, an empty step", prefix, OwnedText("org1//a"), "org1", false},
		{"prefix, out of it", prefix, OwnedText("org1/../org2"), "org1", false},
		{"prefix, out at the end", prefix, OwnedText("org1/.."), "org1", false},
		{"prefix, a dot", prefix, OwnedText("org1/./a"), "org1", false},
		{"prefix, three dots", prefix, OwnedText("org1/..."), "org1", true},
		{"prefix, a backslash", prefix, OwnedText(`org1/a\..\..\org2`), "org1", false},
		{"prefix, colons and slashes", Owner{Claim: "c", Match: MatchPrefix, Separator: ":"}, OwnedText("org1:a/../../org2"), "org1", false},
		{"prefix, an empty claim", prefix, OwnedText("/a"), "", false},
		{"prefix, shorter", prefix, OwnedText("org"), "org1", false},
		{"prefix, a number", prefix, OwnedInt(12), "1", false},

		{"template", urn, OwnedText("urn:acct:7"), "7", true},
		{"template, a number", urn, OwnedText("urn:acct:7"), json.Number("7"), true},
		{"template, more", urn, OwnedText("urn:acct:77"), "7", false},
		{"template, less", urn, OwnedText("urn:acct:"), "7", false},
		{"template, an empty claim", urn, OwnedText("urn:acct:"), "", false},
		{"template, null", urn, OwnedText("urn:acct:"), null, false},
		{"template, a list", urn, OwnedText("urn:acct:7"), []any{"7"}, false},
		{"template, an object", urn, OwnedText("urn:acct:7"), map[string]any{"7": "7"}, false},
		{"template, something before", urn, OwnedText("xurn:acct:7"), "7", false},
		{"template of two", pair, OwnedText("a:x!"), "a", true},
		{"template of two, shifted", pair, OwnedText("a:b:x!"), "a:b", false},
		{"template of two, the end missing", pair, OwnedText("a:x"), "a", false},
		{"template of a uuid", Owner{Template: "{c}"}, id, sampleUUID, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rule, err := tt.rule.compile()
			if err != nil {
				t.Fatal(err)
			}
			p := &principal.Principal{Subject: "s", Claims: map[string]any{"c": tt.claim, "d": map[string]any{"e": "x"}}}
			if got := rule.matches(p, &tt.value); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			delete(p.Claims, "c")
			if rule.matches(p, &tt.value) {
				t.Error("it matches a claim that is not there")
			}
			if rule.matches(nil, &tt.value) {
				t.Error("it matches nobody")
			}
		})
	}
}

// FuzzOwnerPrefix: what matches is the claim, or lies below it.
func FuzzOwnerPrefix(f *testing.F) {
	for _, s := range [][3]string{{"org1/a", "org1", "/"}, {"org10", "org1", "/"}, {"a::b", "a", "::"}, {"a/../b", "a", "/"}, {"", "", "/"}} {
		f.Add(s[0], s[1], s[2])
	}
	f.Fuzz(func(t *testing.T, value, claim, separator string) {
		if separator == "" || !within(value, claim, separator) {
			return
		}
		if claim == "" {
			t.Error("an empty claim has something below it")
		}
		if value != claim && !strings.HasPrefix(value, claim+separator) {
			t.Errorf("%q is not below %q", value, claim)
		}
		for _, step := range strings.FieldsFunc(value[len(claim):], func(r rune) bool { return r == '/' || r == '\\' }) {
			if step == ".." && separator == "/" {
				t.Errorf("%q gets out of %q", value, claim)
			}
		}
	})
}

// FuzzOwnerTemplate: what matches is the template with the claims in it, and no other
// claims make the same value.
func FuzzOwnerTemplate(f *testing.F) {
	f.Add("urn:a:b!", "a", "b", "a:", "b")
	f.Add("urn:a:b:c!", "a:b", "c", "a", "b:c")
	f.Fuzz(func(t *testing.T, value, c, d, c2, d2 string) {
		template, err := pieces("urn:{c}:{d}!")
		if err != nil {
			t.Fatal(err)
		}
		matches := func(c, d string) bool {
			return expands(template, &principal.Principal{Claims: map[string]any{"c": c, "d": d}}, value)
		}
		if !matches(c, d) {
			return
		}
		if c == "" || d == "" || value != "urn:"+c+":"+d+"!" {
			t.Errorf("%q is not the template with %q and %q", value, c, d)
		}
		if (c != c2 || d != d2) && matches(c2, d2) {
			t.Errorf("%q is that of %q, %q and of %q, %q", value, c, d, c2, d2)
		}
	})
}

// TestOwns: exemptions, groups as generated code writes them, and what a mask's lift for owners makes of them.
func TestOwns(t *testing.T) {
	rules := []Owner{
		{Claim: "sub", LiftScopes: []string{"staff"}, LiftRoles: []string{"auditor"}},
		{Any: []Owner{{Claim: "tenant", Hide: true}, {All: []Owner{{Claim: "sub", Hide: true}, {Template: "t-{tenant}", Hide: true}}}}},
	}
	type outcome struct{ owns, owner, hidden bool }
	tests := []struct {
		name   string
		caller *principal.Principal
		ask    func(c *Call) bool
		want   outcome
	}{
		{"the owner", &principal.Principal{Subject: "a"}, func(c *Call) bool { return c.Owns(0, OwnedText("a")) }, outcome{owns: true, owner: true}},
		{"another", &principal.Principal{Subject: "b"}, func(c *Call) bool { return c.Owns(0, OwnedText("a")) }, outcome{}},
		{"by a scope", &principal.Principal{Subject: "b", Scopes: []string{"staff"}}, func(c *Call) bool { return c.Owns(0, OwnedText("a")) }, outcome{owns: true}},
		{"by a role", &principal.Principal{Subject: "b", Roles: []string{"auditor"}}, func(c *Call) bool { return c.Owns(0, OwnedText("a")) }, outcome{owns: true}},
		{"a scope is no role", &principal.Principal{Subject: "b", Roles: []string{"staff"}}, func(c *Call) bool { return c.Owns(0, OwnedText("a")) }, outcome{}},
		{"exempt where nothing is given", &principal.Principal{Subject: "b", Scopes: []string{"staff"}}, func(c *Call) bool { return c.Owns(0, OwnedText("").If(false)) }, outcome{owns: true}},
		{"owner by one rule, exempt from another", &principal.Principal{Subject: "a", Scopes: []string{"staff"}, Claims: map[string]any{"tenant": "t"}},
			func(c *Call) bool { return c.Owns(1, OwnedText("t")) && c.Owns(0, OwnedText("b")) }, outcome{owns: true}},
		{"any, the first", &principal.Principal{Claims: map[string]any{"tenant": "t"}},
			func(c *Call) bool {
				return c.Owns(1, OwnedText("t")) || c.Owns(2, OwnedText("x")) && c.Owns(3, OwnedText("x"))
			}, outcome{owns: true, owner: true}},
		{"any, the second", &principal.Principal{Subject: "x", Claims: map[string]any{"tenant": "u"}},
			func(c *Call) bool {
				return c.Owns(1, OwnedText("t")) || c.Owns(2, OwnedText("x")) && c.Owns(3, OwnedText("t-u"))
			}, outcome{owns: true, owner: true, hidden: true}},
		{"any, none", &principal.Principal{Subject: "x", Claims: map[string]any{"tenant": "u"}},
			func(c *Call) bool {
				return c.Owns(1, OwnedText("t")) || c.Owns(2, OwnedText("x")) && c.Owns(3, OwnedText("t-t"))
			}, outcome{owner: true, hidden: true}},
		{"nobody", nil, func(c *Call) bool { return c.Owns(1, OwnedText("t")) }, outcome{hidden: true}},
	}
	b := New(Setup{Title: "test"})
	b.Scheme("bearer", func(*principal.Table) (auth.Authenticator, error) { return tokens{}, nil })
	Mount(b, &Operation{ID: "x", Method: "GET", Path: "/x", Access: Require(Requirement{{Scheme: "bearer"}}), Owner: rules}, noteOpen)
	s, err := b.Server()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := s.begin(httptest.NewRecorder(), httptest.NewRequest("GET", "/x", nil))
			defer c.end()
			c.match()
			c.ctx.principal = tt.caller
			got := outcome{owns: tt.ask(c), hidden: c.who.hidden}
			got.owner = c.who.owner && !c.who.exempt
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// TestOwnerStart: rules that cannot be understood keep the server from starting.
func TestOwnerStart(t *testing.T) {
	for _, tt := range []struct {
		name string
		rule Owner
		want string
	}{
		{"nothing", Owner{}, "claim or a template"},
		{"both", Owner{Claim: "a", Template: "{b}"}, "claim or a template"},
		{"an unknown match", Owner{Claim: "a", Match: 9}, "unknown kind"},
		{"a prefix without end", Owner{Claim: "a", Match: MatchPrefix}, "separator"},
		{"a separator of nothing", Owner{Claim: "a", Separator: "/"}, "separator"},
		{"a template's match", Owner{Template: "{a}", Match: MatchIn}, "no other kind"},
		{"a template without a claim", Owner{Template: "a"}, "names no claim"},
		{"an open brace", Owner{Template: "{a"}, "brace"},
		{"a closing brace", Owner{Template: "{a}}"}, "brace"},
		{"a brace in a claim", Owner{Template: "{a{b}"}, "brace"},
		{"an empty claim", Owner{Template: "x{}"}, "brace"},
		{"two claims side by side", Owner{Template: "{a}{b}"}, "between them"},
		{"two groups", Owner{Any: []Owner{{Claim: "a"}}, All: []Owner{{Claim: "a"}}}, "something else"},
		{"a group and a rule", Owner{Any: []Owner{{Claim: "a"}}, Claim: "b"}, "something else"},
		{"too many", Owner{Any: make([]Owner, 40)}, "more than"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newServer(t, &events{}, func(_ *Builder, op *Operation) { op.Owner = []Owner{tt.rule} })
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// TestOwnsAllocates: an owner check costs no memory.
func TestOwnsAllocates(t *testing.T) {
	s, err := newServer(t, &events{}, func(_ *Builder, op *Operation) {
		op.Owner = []Owner{{Claim: "sub"}, {Claim: "org", Match: MatchPrefix, Separator: "/"}, {Template: "t:{org}:{sub}"}, {Claim: "n"}}
	})
	if err != nil {
		t.Fatal(err)
	}
	c := s.begin(httptest.NewRecorder(), httptest.NewRequest("PUT", "/users/ada/note", nil))
	defer c.end()
	c.match()
	c.ctx.principal = &principal.Principal{Subject: sampleUUID, Claims: map[string]any{"org": []any{"a", "o"}, "n": json.Number("42")}}
	id := uuid.MustParse(sampleUUID)
	for name, ask := range map[string]func() bool{
		"a uuid":     func() bool { return c.Owns(0, OwnedUUID(id)) },
		"a text":     func() bool { return c.Owns(0, OwnedText(sampleUUID)) },
		"a prefix":   func() bool { return c.Owns(1, OwnedText("o/a/b")) },
		"a template": func() bool { return !c.Owns(2, OwnedText("t:o:x")) },
		"a number":   func() bool { return c.Owns(3, OwnedInt(42)) },
	} {
		ok := true
		if n := testing.AllocsPerRun(100, func() { ok = ok && ask() }); n != 0 || !ok {
			t.Errorf("%s: %v allocations, %v", name, n, ok)
		}
	}
}

func BenchmarkOwns(b *testing.B) {
	s, err := newServer(b, &events{}, func(_ *Builder, op *Operation) {
		op.Owner = []Owner{{Claim: "sub"}, {Claim: "org", Match: MatchPrefix, Separator: "/"}, {Template: "t:{org}:{sub}"}}
	})
	if err != nil {
		b.Fatal(err)
	}
	c := s.begin(httptest.NewRecorder(), httptest.NewRequest("PUT", "/users/ada/note", nil))
	defer c.end()
	c.match()
	c.ctx.principal = &principal.Principal{Subject: sampleUUID, Claims: map[string]any{"org": "o"}}
	id := uuid.MustParse(sampleUUID)
	for name, ask := range map[string]func() bool{
		"uuid":     func() bool { return c.Owns(0, OwnedUUID(id)) },
		"prefix":   func() bool { return c.Owns(1, OwnedText("o/a/b")) },
		"template": func() bool { return c.Owns(2, OwnedText("t:o:"+sampleUUID)) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !ask() {
					b.Fatal("not the owner")
				}
			}
		})
	}
}
