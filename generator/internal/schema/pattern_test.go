package schema_test

import (
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/schema"
)

func TestTranslate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ source, want string }{
		{`^a.b$`, `^a[^\n\r\x{2028}\x{2029}]b$`},
		{`^(?!api/).*$`, `^(?!api/)[^\n\r\x{2028}\x{2029}]*$`},
		{`(?=(?<!a)b)(?<n>c)`, `(?=(?<!a)b)(c)`},
		{`(?:(?=a)b)*`, `(?:(?=a)b)*`},
		{`[(?=]`, `[\(\?\=]`},
		{`^.{1,4000}$`, `^[^\n\r\x{2028}\x{2029}]*$`},

		{`(a)\1`, `it refers back with \1`},
		{`(?<n>a)\k<n>`, `it refers back with \k`},
		{`(?=a)*`, `a repetition has nothing to repeat`}, // as with the u flag
		{`(?=a`, `a group is not closed`},
		{`(?=a))`, `a group is closed that was not opened`},
		{`(?i)(?=a)`, `it looks around, and has (?i)`},
		{`(?i:a)(?=a)`, `it looks around, and has (?i)`},
		{`(?>a)`, `ECMA 262 has no group that opens with "(?>"`},
		{strings.Repeat(`(?=a)`, 33), `it looks around more than 32 times`},
		{`(?=(?:abcdefghij){150})`, `it is too large for one that looks around`},
		{`(?=[)`, `a class is not closed`},
	} {
		e, err := schema.Translate(test.source)
		got := e.RE2
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%.40s: got %s, want %s", test.source, got, test.want)
		}
	}
}
