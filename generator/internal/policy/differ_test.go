package policy

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
)

// TestDiffers: each field of an effective policy makes a difference, but those that name the operation
// and those that say where a word stands.
func TestDiffers(t *testing.T) {
	t.Parallel()
	scheme := &Scheme{Name: "s"}
	full := func() *Operation {
		return &Operation{
			Requirements: []Requirement{{{Scheme: scheme, Scopes: []string{"a"}, Roles: []string{"b"}}}, {}},
			Require:      []Condition{{MaxAge: time.Second}}, Authorize: &Authorize{After: true},
			Owners: []Owner{{In: "path", Name: "id", Any: []Owner{{Claim: "sub"}}}},
			Rates:  []Rate{{Name: "r", Limit: 1, Scope: RatePath}}, Limits: Limits{Body: 1, Encodings: []string{"gzip"}},
			Unknown: UnknownDrop, DropReadOnly: true, Deprecation: &Deprecation{Since: time.Unix(1, 0).UTC()}, Public: &Public{Reason: "why"},
		}
	}
	for i, test := range []struct {
		change func(*Operation)
		want   string
	}{
		{func(*Operation) {}, ""},
		{func(o *Operation) {
			o.Node, o.Path, o.Method, o.GoName, o.Skip = &load.Node{}, "/a", "GET", "Get", &Skip{}
		}, ""},
		{func(o *Operation) { o.Public = &Public{Reason: "another", Pos: diag.Pos{Line: 7}} }, ""},
		{func(o *Operation) { o.Rates[0].Pos, o.Authorize.Pos = diag.Pos{Line: 7}, diag.Pos{Line: 8} }, ""},
		{func(o *Operation) { o.Public = nil }, "security"},
		{func(o *Operation) { o.Requirements = o.Requirements[:1] }, "security"},
		{func(o *Operation) { o.Requirements[0][0].Scopes[0] = "c" }, "security"},
		{func(o *Operation) { o.Requirements[0][0].Roles = nil }, "security"},
		{func(o *Operation) { o.Requirements[0][0].Scheme = &Scheme{Name: "other"} }, "security"},
		{func(o *Operation) { o.Require[0].MaxAge++ }, "x-bailey-require"},
		{func(o *Operation) { o.Authorize = nil }, "x-bailey-authorize"},
		{func(o *Operation) { o.Authorize.Hide = true }, "x-bailey-authorize"},
		{func(o *Operation) { o.Owners[0].Any[0].Claim = "tenant" }, "x-bailey-owner"},
		{func(o *Operation) { o.Rates[0].Burst = 2 }, "x-bailey-rate-limit"},
		{func(o *Operation) { o.Limits.Encodings = nil }, "x-bailey-limits"},
		{func(o *Operation) { o.Unknown = UnknownRefuse }, "x-bailey-unknown"},
		{func(o *Operation) { o.DropReadOnly = false }, "x-bailey-read-only"},
		{func(o *Operation) { o.Deprecation.Pos = diag.Pos{Line: 7} }, ""},
		{func(o *Operation) { o.Deprecation.Since = time.Unix(2, 0).UTC() }, "x-bailey-deprecation"},
		{func(o *Operation) { o.Deprecation.Sunset = time.Unix(2, 0).UTC() }, "x-bailey-deprecation"},
		{func(o *Operation) { o.Deprecation.Link = "https://a.example" }, "x-bailey-deprecation"},
		{func(o *Operation) { o.Deprecation = nil }, "x-bailey-deprecation"},
		{func(o *Operation) { o.Mode = &Mode{Limits: true} }, "x-bailey-mode"},
	} {
		x, y := full(), full()
		test.change(y)
		if there, back := x.Differs(y), y.Differs(x); there != test.want || back != test.want {
			t.Errorf("case %d: %q and %q, want %q", i, there, back, test.want)
		}
	}
	named := []string{"Node", "Path", "Method", "GoName", "Skip"}
	for _, w := range words {
		named = append(named, w.field)
	}
	for i := range reflect.TypeFor[Operation]().NumField() {
		if f := reflect.TypeFor[Operation]().Field(i).Name; !slices.Contains(named, f) {
			t.Errorf("%s is compared by no word", f)
		}
	}
}
