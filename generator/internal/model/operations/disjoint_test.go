package operations

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model/types"
	"github.com/bailey-go/bailey/generator/internal/openapi"
)

// TestApartPatterns: patterns are told apart where no text matches both, and only there.
func TestApartPatterns(t *testing.T) {
	t.Parallel()
	b := New(&types.Builder{In: types.Input{Doc: &load.Document{}}}, nil)
	for _, test := range []struct {
		x, y string
		want bool
	}{
		{"^[a-z]+$", "^[0-9]+$", true}, {"^[a-z]*$", "^[0-9]*$", false}, {"^[a-z]+", "^[0-9]+$", true}, {"[a-z]", "^[0-9]+$", true}, {"[a-z]", "[0-9]", false}, {"^a", "b$", false},
		{numberTexts, uuidTexts, true}, {numberTexts, dateTexts, true}, {uuidTexts, dateTexts, true}, {numberTexts, "^[A-Z]", true}, {numberTexts, "^[0-9a-f]+$", false},
		{"^ab?$", "^ac?$", false}, {"^ab$", "^ac$", true}, {"^(?i)k$", "^\u212a$", false}, {"^[^a]$", "^a$", true}, {"^[^a]$", "^[^b]$", false}, {"^.$", "^\n$", true},
		{"^a{3}$", "^a{4}$", true}, {"^a{3,}$", "^a{1,4}$", false}, {"^x|^y", "^z", true}, {"a^", "b", true}, {"^$", "^a*$", false}, {"^\\bab$", "^ab$", false},
	} {
		for _, pair := range [][2]string{{test.x, test.y}, {test.y, test.x}} {
			if got := b.apartPatterns(pair[0], pair[1], &openapi.Parameter{}); got != test.want {
				t.Errorf("%s and %s: apart %v, want %v", pair[0], pair[1], got, test.want)
			}
		}
	}
}

// TestApartPatternsRandom holds apartPatterns against all short texts of a small alphabet.
func TestApartPatternsRandom(t *testing.T) {
	t.Parallel()
	b := New(&types.Builder{In: types.Input{Doc: &load.Document{}}}, nil)
	r := rand.New(rand.NewPCG(7, 8))
	var pattern func(depth int) string
	pattern = func(depth int) string {
		one := func(list ...string) string { return list[r.IntN(len(list))] }
		if depth == 0 {
			return one("a", "b", "[ab]", "[^a]", ".", "^", "$", "")
		}
		switch r.IntN(5) {
		case 0:
			return "(?:" + pattern(depth-1) + ")" + one("*", "+", "?", "{2}")
		case 1:
			return "(?:" + pattern(depth-1) + "|" + pattern(depth-1) + ")"
		default:
			return pattern(depth-1) + pattern(depth-1)
		}
	}
	texts := []string{""}
	for i := 0; len(texts[i]) < 6; i++ {
		texts = append(texts, texts[i]+"a", texts[i]+"b")
	}
	apart := 0
	for range 3000 {
		x, y := "^"+pattern(r.IntN(4))+"$", pattern(r.IntN(4))
		if !b.apartPatterns(x, y, &openapi.Parameter{}) {
			continue
		}
		apart++
		p, q := regexp.MustCompile(x), regexp.MustCompile(y)
		for _, text := range append(texts, "\n", "\na", "c") {
			if p.MatchString(text) && q.MatchString(text) {
				t.Fatalf("%q matches %s and %s, which are said to be apart", text, x, y)
			}
		}
	}
	if apart < 200 {
		t.Errorf("only %d pairs are apart", apart)
	}
	if b.apartPatterns(strings.Repeat("a?", 400), strings.Repeat("b?", 600), &openapi.Parameter{}) {
		t.Error("what is too large to be compared is said to be apart")
	}
}
