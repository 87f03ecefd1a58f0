package wire_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

func TestLookAround(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		pattern   string
		yes, no   string // separated by spaces
		alsoEmpty bool   // whether the empty text matches
	}{
		{`^(?!usage$).*$`, "use usages x", "usage", true},
		{`^(?=.*[0-9])(?=.*[A-Z])(?=.*[^a-zA-Z0-9]).{8,}$`, "Passw0rd! 1234567A-", "password Passw0rd P0!aaaa 1234567-", false},
		{`^(?!(?:api|feed)/).*`, "other/ api feedx/", "api/x feed/", true},
		{`^(?![:\-]$)(?!.*(?:--|::))[a-z:\-]+$`, "a-b a:b", "- : a--b a::b", false},
		{`a(?=b)`, "ab xab aab", "a ac b", false},
		{`a(?!b)`, "a ac aba", "ab b", false},
		{`(?<=a)b`, "ab xab", "b cb", false},
		{`(?<!a)b`, "b cb bab", "ab a", false},
		{`^(?:a(?=b)|b)+$`, "ab bab b", "a aab", false}, // inside of a repetition
		{`^(?:(?!ab)[a-c])*$`, "ba cca aac", "ab cab", true},
		{`(?=(?=a)b)`, "", "a b ab", false},
		{`(?=a(?!b))`, "a ac ba", "ab b", false}, // nested
		{`(?!(?=a))^b`, "b bc", "a ab", false},
		{`(?<=(?<!x)a)b`, "ab cab", "xab b", false},
		{`(?<=^a)b$`, "ab", "xab abb", false},
		{`^(?=é)..$`, "éa éé", "ea é", false},
		{`\b(?=b)`, "b b", "ab a", false},
		{`(?=a)|(?=b)`, "xa xb", "c", false},
		{`(?=)`, "a", "", true},
		{`(?!)`, "", "a", false},
		{`^(a)(?=b)(b)$`, "ab", "a b", false}, // groups that capture
		{`[(?=)](?=x)`, "(x ?x )x", "x ax", false},
		{`\((?=x)`, "(x", "x ((", false},
	} {
		p := wire.NewPattern(test.pattern)
		for text, want := range subjects(test.yes, test.no, test.alsoEmpty) {
			if got := p.Match(text); got != want {
				t.Errorf("%s on %q: got %v, want %v", test.pattern, text, got, want)
			}
		}
	}
}

func subjects(yes, no string, empty bool) map[string]bool {
	all := map[string]bool{"": empty}
	for _, s := range strings.Fields(yes) {
		all[s] = true
	}
	for _, s := range strings.Fields(no) {
		all[s] = false
	}
	return all
}

// What is no pattern matches nothing, with look-around as without.
func TestLookAroundInvalid(t *testing.T) {
	t.Parallel()
	for _, p := range []string{`(?=`, `(?=a`, `(?=a))`, `(?=a)*+`, `(?<n>a)(?=b)`, `(?P<n>a)(?=b)`, `(?i)(?=a)`, `(?i:(?=a))`, `(?=[)`, `[(?=a)`, `(?=a)\`, strings.Repeat(`(?=a)`, 100)} {
		for _, s := range []string{"", "a", "ab", "aaaa"} {
			if wire.NewPattern(p).Match(s) {
				t.Errorf("%.40s matches %q", p, s)
			}
		}
	}
}

// piece makes a small pattern without look-around.
func piece(r *rand.Rand, depth int) string {
	switch n := r.IntN(9); {
	case n < 3 || depth == 0:
		return string("abc"[r.IntN(3)])
	case n == 3:
		return "."
	case n == 4:
		return "[^a]"
	case n == 5:
		return "(?:" + piece(r, depth-1) + ")" + []string{"*", "+", "?", "{2}"}[r.IntN(4)]
	case n == 6:
		return "(?:" + piece(r, depth-1) + "|" + piece(r, depth-1) + ")"
	case n == 7:
		return []string{`^`, `$`, `\b`, ``}[r.IntN(4)] + piece(r, depth-1)
	default:
		return piece(r, depth-1) + piece(r, depth-1)
	}
}

// texts are all texts of up to five letters of three.
func texts() []string {
	all := []string{""}
	for from := 0; len(all) < 364; {
		to := len(all)
		for _, s := range all[from:to] {
			all = append(all, s+"a", s+"b", s+"c")
		}
		from = to
	}
	return all
}

// Look-around means what package regexp says of its parts, tried at each place.
func TestLookAroundParts(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	all := texts()
	for range 400 {
		a, b, c := piece(r, 3), piece(r, 3), piece(r, 2)
		// from reports whether x matches s[i:j], with all of s around it.
		within := func(x string) func(s string, i, j int) bool {
			re := map[[2]int]*regexp.Regexp{}
			return func(s string, i, j int) bool {
				k := [2]int{i, len(s) - j}
				if re[k] == nil {
					re[k] = regexp.MustCompile(fmt.Sprintf(`\A(?s:.{%d})(?:%s)(?s:.{%d})\z`, k[0], x, k[1]))
				}
				return re[k].MatchString(s)
			}
		}
		isA, isB, isC := within(a), within(b), within(c)
		some := func(s string, i int, ok func(j int) bool) bool {
			for j := i; j <= len(s); j++ {
				if ok(j) {
					return true
				}
			}
			return false
		}
		before := func(is func(s string, i, j int) bool, s string, j int) bool {
			for i := 0; i <= j; i++ {
				if is(s, i, j) {
					return true
				}
			}
			return false
		}
		ahead := wire.NewPattern("(?:" + c + ")(?=" + a + ")(?!" + b + ")(?:" + c + ")")
		behind := wire.NewPattern("(?:" + c + ")(?<=" + a + ")(?<!" + b + ")(?:" + c + ")")
		for _, s := range all[:121] {
			wantAhead, wantBehind := false, false
			for i := 0; i <= len(s); i++ {
				// One c that ends at i, and one that begins there.
				if !before(isC, s, i) || !some(s, i, func(j int) bool { return isC(s, i, j) }) {
					continue
				}
				if some(s, i, func(j int) bool { return isA(s, i, j) }) && !some(s, i, func(j int) bool { return isB(s, i, j) }) {
					wantAhead = true
				}
				if before(isA, s, i) && !before(isB, s, i) {
					wantBehind = true
				}
			}
			if got := ahead.Match(s); got != wantAhead {
				t.Fatalf("%s on %q: got %v, want %v", ahead, s, got, wantAhead)
			}
			if got := behind.Match(s); got != wantBehind {
				t.Fatalf("%s on %q: got %v, want %v", behind, s, got, wantBehind)
			}
		}
	}
}

// Steps that are remembered in long texts are the steps that would be taken: a pattern
// that asks for word boundaries remembers none, and means the same.
func TestLookAroundCache(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	long := func() string {
		b := make([]byte, 0, 900)
		for len(b) < 300+r.IntN(600) {
			b = append(b, strings.Repeat(string("abcx"[r.IntN(4)]), 1+r.IntN(3))...)
			if r.IntN(40) == 0 {
				b = append(b, "é"...)
			}
		}
		return string(b)
	}
	matched := 0
	for range 600 {
		a, b, c, d := piece(r, 4), piece(r, 3), piece(r, 3), piece(r, 2)
		pattern := func(mark string) string {
			look := func(kind, s string) string { return "(" + kind + mark + "(?:" + s + "))" }
			return mark + "^(?:" + c + "|.)*" + look("?=", a+look("?!", b)) + "(?:" + d + look("?<=", c) + ")+" + look("?!", d) + ".*$"
		}
		with, without := wire.NewPattern(pattern("")), wire.NewPattern(pattern(`(?:\b|\B)`))
		for range 4 {
			s := long()
			got, want := with.Match(s), without.Match(s)
			if got != want {
				t.Fatalf("%s on %q: got %v, want %v", with, s, got, want)
			}
			if want {
				matched++
			}
		}
	}
	if matched < 100 {
		t.Errorf("only %d matched", matched)
	}
}

// What makes backtracking engines explode is matched in time linear in the text.
func TestLookAroundLinear(t *testing.T) {
	t.Parallel()
	for _, p := range []string{`^(?=(a+)+$)a`, `^(?!(a|aa)+$)(?:a*)*b$`, `(?<=(a+)+)b`, `^(?:(?=a*b)a|(?=a*c)a)*$`, `^(?=(?:(?=(?:a*)*b)a)*c)`} {
		for _, n := range []int{45, 1 << 16} {
			if wire.NewPattern(p).Match(strings.Repeat("a", n) + "!") {
				t.Errorf("%s matches", p)
			}
		}
	}
}

// FuzzLookAround holds the engine for look-around against package regexp: a pattern that
// has none means the same with one that always holds.
func FuzzLookAround(f *testing.F) {
	for _, p := range patterns {
		f.Add(p, "aab")
	}
	f.Add(`^(?=a)(?!b).*$`, "ab")
	f.Fuzz(func(t *testing.T, p, s string) {
		if len(p) > 200 || len(s) > 200 {
			return
		}
		got := wire.NewPattern(p + "(?=)").Match(s)
		re, err := regexp.Compile(p)
		if strings.Contains(p, "(?") || strings.ContainsAny(p, `[\`) || err != nil {
			return // flags and groups with names are not read; it must not panic
		}
		if want := re.MatchString(s); got != want {
			t.Errorf("%q on %q: got %v, want %v", p, s, got, want)
		}
	})
}
