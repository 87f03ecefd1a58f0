package wire_test

import (
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// patterns are simple ones, ones that look simple, and ones that are not.
var patterns = []string{
	`^[A-Z]{3}-[0-9]{6}$`, `^[A-Z]{2}$`, `^[0-9A-Z -]{3,10}$`, `^$`, `^.*$`, `^.+$`, `^[^@]+@[^@]+$`, `^a?b?c?$`, `^a*b$`, `^a+$`, `^[a-z][a-z0-9]*$`,
	`^a*a$`, `^a?a$`, `^[ab]*b$`, `^a*b?a$`, `^é+$`, `^[é-ü]$`, `^[^a]$`, `^\PL+$`, `^(?i)abc$`, `^(?s).*$`, `^(?m)a$`, `(?m)^a$`, `abc`, `^abc`, `abc$`,
	`^(a|b)$`, `^(?:ab)+$`, `^\d{1,3}(\.\d{1,3}){3}$`, `^\w+$`, `^\s*$`, `^[[:alpha:]]+$`, `^a{2,}$`, `^a{0}$`, `^a{0,0}b$`, `^[\x00-\x{10FFFF}]{2}$`, `\Aab\z`, `^\bab$`,
	`^(`, `^[z-a]$`, `^a{2000}$`, `^.{3}$`, `^[^\n]{3}$`, `^[\x{80}-\x{10FFFF}]+$`, `^[\x{7f}-\x{10FFFF}]+$`,
}

func TestPattern(t *testing.T) {
	t.Parallel()
	subjects := []string{
		"", "a", "b", "ab", "aa", "aab", "aba", "abc", "aaa", "ABC-123456", "ABC-12345", "abc-123456", "GB", "SW1Y 4JH", "a@b", "@", "a@b@c",
		"é", "éé", "\xff", "\xff\xff\xff", "a\n", "\n", "a\nb", "ABC", "1.2.3.4", "日本語", "\u007f", strings.Repeat("a", 2000),
	}
	for _, p := range patterns {
		re, err := regexp.Compile(p)
		ours := wire.NewPattern(p)
		if ours.String() != p {
			t.Errorf("String of %q: got %q", p, ours.String())
		}
		for _, s := range subjects {
			if got, want := ours.Match(s), err == nil && re.MatchString(s); got != want {
				t.Errorf("%q on %.20q: got %v, want %v", p, s, got, want)
			}
		}
	}
}

func TestPatternConcurrent(t *testing.T) {
	t.Parallel()
	p := wire.NewPattern(`^[a-z]+$`)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if !p.Match("abc") || p.Match("ABC") {
				t.Error("wrong answer")
			}
		})
	}
	wg.Wait()
}

// A long subject must not cost more than its length, whatever the pattern.
func TestPatternLinear(t *testing.T) {
	t.Parallel()
	s := strings.Repeat("a", 1<<20) + "!"
	for _, p := range []string{`^(a+)+$`, `^a*a*$`, `^(a|aa)+$`} {
		if wire.NewPattern(p).Match(s) {
			t.Errorf("%q matches", p)
		}
	}
}
