package callers_test

import (
	"slices"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/callers"
	"github.com/bailey-go/bailey/generator/internal/policy"
)

// TestTable: equal sets have one bit, in the order in which they were met, and masks and guards are
// counted apart.
func TestTable(t *testing.T) {
	t.Parallel()
	table := callers.New(&policy.Set{})
	lifts := []struct {
		mask policy.Mask
		want int
	}{
		{policy.Mask{}, -1},
		{policy.Mask{Scopes: []string{"b"}}, 0},
		{policy.Mask{Roles: []string{"b"}}, 1},
		{policy.Mask{Scopes: []string{"b"}, Owner: true}, 2},
		{policy.Mask{Owner: true}, 3},
		{policy.Mask{Scopes: []string{"b"}}, 0},
		{policy.Mask{Scopes: []string{"a", "b"}}, 4},
		{policy.Mask{Scopes: []string{"a b"}}, 5},
	}
	for _, test := range lifts {
		if got := table.Lift(&test.mask); got != test.want {
			t.Errorf("Lift(%+v) = %d, want %d", test.mask, got, test.want)
		}
	}
	for want, w := range []policy.Writers{{Scopes: []string{"b"}}, {Roles: []string{"admin"}}} {
		if got := table.Writer(&w); got != want {
			t.Errorf("Writer(%+v) = %d, want %d", w, got, want)
		}
	}
	if len(table.Lifts()) != 6 || len(table.Writers()) != 2 {
		t.Errorf("%d and %d sets, want 6 and 2", len(table.Lifts()), len(table.Writers()))
	}
	table.NameOwners([]policy.Owner{{Any: []policy.Owner{{Lift: []string{"c"}}}, LiftRoles: []string{"root"}}})
	if got, want := table.Scopes(), []string{"a", "a b", "b", "c"}; !slices.Equal(got, want) {
		t.Errorf("the scopes are %q, want %q", got, want)
	}
	if got, want := table.Roles(), []string{"admin", "b", "root"}; !slices.Equal(got, want) {
		t.Errorf("the roles are %q, want %q", got, want)
	}
}
