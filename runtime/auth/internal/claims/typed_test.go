package claims

import (
	"testing"

	"github.com/bailey-go/bailey/runtime/auth"
)

// TestTyped: each type takes its own values and no other's.
func TestTyped(t *testing.T) {
	values := map[string]string{
		"text": `"a"`, "an empty text": `""`, "integer": `12`, "a negative integer": `-1`, "a large integer": `9223372036854775807`, "too large": `9223372036854775808`,
		"a fraction": `1.5`, "an integer as a fraction": `1.0`, "an exponent": `1e2`, "boolean": `true`, "list": `["a","b"]`, "an empty list": `[]`, "a mixed list": `["a",1]`,
		"a list with null": `["a",null]`, "object": `{"a":"b"}`, "null": `null`,
	}
	takes := map[auth.ClaimType][]string{
		auth.ClaimText:     {"text", "an empty text"},
		auth.ClaimInteger:  {"integer", "a negative integer", "a large integer"},
		auth.ClaimBoolean:  {"boolean"},
		auth.ClaimTextList: {"list", "an empty list"},
		0:                  nil,
		99:                 nil,
	}
	for kind, names := range takes {
		good := map[string]bool{}
		for _, n := range names {
			good[n] = true
		}
		for name, text := range values {
			members, _, err := Decode(`{"deep":{"c":`+text+`}}`, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, required := range []bool{true, false} {
				if ok, missing := Typed(members, []auth.Claim{{Name: "/deep/c", Type: kind, Required: required}}); ok != good[name] || missing {
					t.Errorf("type %d takes %s: %v, %v", kind, name, ok, missing)
				}
			}
		}
		if ok, missing := Typed(map[string]any{}, []auth.Claim{{Name: "c", Type: kind, Required: true}}); ok || !missing {
			t.Errorf("type %d: a required claim may be absent", kind)
		}
		if ok, _ := Typed(map[string]any{}, []auth.Claim{{Name: "c", Type: kind}}); !ok {
			t.Errorf("type %d: an optional claim may not be absent", kind)
		}
	}
}

func TestTenant(t *testing.T) {
	members := map[string]any{"t": "t1", "empty": "", "list": []any{"t1"}, "line": "t1\n", "null": nil, "deep": map[string]any{"t": "t2"}}
	for name, want := range map[string]string{"t": "t1", "/deep/t": "t2"} {
		if got, ok := Tenant(members, name); got != want || !ok {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
	for _, name := range []string{"empty", "list", "line", "null", "absent", "/deep"} {
		if got, ok := Tenant(members, name); ok {
			t.Errorf("%s names the tenant %q", name, got)
		}
	}
	if got, ok := Tenant(members, ""); got != "" || !ok {
		t.Error("a policy without a tenant refuses")
	}
}
