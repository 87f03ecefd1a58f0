package naming

import (
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
)

// claimOf makes a claim of "rank spelling": a small rank has the name before a great one.
func claimOf(text string) *Claim {
	rank, spelled, _ := strings.Cut(text, " ")
	name := gosrc.Exported(spelled)
	return &Claim{ID: text, Rank: int(rank[0]), Exact: name.String() == spelled, Choices: []gosrc.Ident{name, name.Plus("Kind" + rank)}}
}

// TestSettle: which of several claims has a name, whatever their order.
func TestSettle(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, claims, want string }{
		{"alone", "1 foo_bar", "FooBar"},
		{"the exact one of two", "1 foo_bar; 1 FooBar", "FooBarX8b9e; FooBar"},
		{"a third one changes neither", "1 foo_bar; 1 FooBar; 1 foo-bar", "FooBarX8b9e; FooBar; FooBarXb948"},
		{"none of two that are not exact", "1 foo_bar; 1 foo-bar", "FooBarX8b9e; FooBarXb948"},
		{"nor of three", "1 foo_bar; 1 foo-bar; 1 fooBar", "FooBarX8b9e; FooBarXb948; FooBarX48c7"},
		{"the better kind", "2 Foo; 1 foo", "FooKind2; Foo"},
		{"two of the worse kind", "2 foo; 1 foo; 2 Foo", "FooKind2X563b; Foo; FooKind2"},
		{"the second name of the worse kind is another's", "2 Foo; 1 Foo; 1 FooKind2", "FooKind2Xd581; Foo; FooKind2"},
		{"a name of every package", "1 taken", "TakenKind1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			texts, want := strings.Split(test.claims, "; "), strings.Split(test.want, "; ")
			for range len(texts) {
				claims := make([]*Claim, len(texts))
				for i, text := range texts {
					claims[i] = claimOf(text)
				}
				NewScope("Taken").Settle(claims)
				for i, c := range claims {
					if got := c.Name.String(); got != want[i] {
						t.Errorf("%q of %q is %s, want %s", texts[i], texts, got, want[i])
					}
					if c.Renamed != (c.Name != c.Choices[0]) {
						t.Errorf("%q of %q is called %s, and renamed is %v", texts[i], texts, c.Name, c.Renamed)
					}
				}
				texts = append(texts[1:], texts[0])
				want = append(want[1:], want[0])
			}
		})
	}
}

// TestOwn: where the second choice is no other's, those that lose among each other have it.
func TestOwn(t *testing.T) {
	t.Parallel()
	claims := []*Claim{claimOf("1 foo_bar"), claimOf("1 foo-bar")}
	claims[0].Choices[1], claims[1].Choices[1] = gosrc.Exported("one"), gosrc.Exported("two")
	claims[0].Own, claims[1].Own = true, true
	NewScope().Settle(claims)
	if claims[0].Name.String() != "One" || claims[1].Name.String() != "Two" {
		t.Errorf("they are called %s and %s", claims[0].Name, claims[1].Name)
	}
}

// TestChecksums: checksums that are equal end in numbers.
func TestChecksums(t *testing.T) {
	t.Parallel()
	a, b := claimOf("1 foo_bar"), claimOf("1 foo_bar")
	NewScope().Settle([]*Claim{a, b})
	if a.Name == b.Name || a.Name.String() == "" || b.Name.String() == "" {
		t.Errorf("both are called %s and %s", a.Name, b.Name)
	}
}

// TestBid: places that want one name settle it in a second round, in which the order is no matter.
func TestBid(t *testing.T) {
	t.Parallel()
	type place struct {
		id, name, spelled string
		rank              int
		want              string
	}
	tests := []struct {
		name   string
		places []place
		rounds int
	}{
		{"alone", []place{{"a", "ABC", "A_BC", 1, "ABC"}}, 1},
		{"two", []place{{"a", "ABC", "A_BC", 1, "A_BC"}, {"b", "ABC", "AB_C", 1, "AB_C"}}, 2},
		{"two of two kinds", []place{{"a", "ABC", "A_BC", 1, "ABC"}, {"b", "ABC", "AB_C", 2, "AB_C"}}, 2},
		{"a name that was given before", []place{{"a", "Taken", "Ta_ken", 1, "Ta_ken"}}, 1},
		{"one that is spelled as another", []place{{"a", "ABC", "A_BC", 1, "A_BC"}, {"b", "ABC", "AB_C", 1, "AB_C"}, {"c", "A_BC", "A__BC", 2, "A__BC"}}, 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, reverse := range []bool{false, true} {
				list, known := slices.Clone(test.places), &Contested{}
				if reverse {
					slices.Reverse(list)
				}
				rounds := 1
				for ; ; rounds++ {
					s, got := NewScope("Taken").Knowing(known), map[string]string{}
					for _, p := range list {
						name, _ := gosrc.NewIdent(p.name)
						spelled, _ := gosrc.NewIdent(p.spelled)
						got[p.id] = s.Bid(p.id, p.rank, name, spelled).String()
					}
					if s.Contest() && rounds < 5 {
						continue
					}
					for _, p := range list {
						if got[p.id] != p.want {
							t.Errorf("%s is %s, want %s (reverse: %v)", p.id, got[p.id], p.want, reverse)
						}
					}
					break
				}
				if rounds > test.rounds {
					t.Errorf("%d rounds, want no more than %d", rounds, test.rounds)
				}
			}
		})
	}
}
