package types

import (
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/schema"
)

// TestDetails: what a detail says of the document has bounds, and nothing in it moves a cursor.
func TestDetails(t *testing.T) {
	t.Parallel()
	many := strings.Split(strings.Repeat("1 ", 12)+"1", " ")
	long := `"` + strings.Repeat("x", 120) + `"`
	for _, tt := range []struct{ got, want string }{
		{listDetail("is not ", "is none of ", []string{`"a"`}), `is not "a"`},
		{listDetail("is not ", "is none of ", []string{`"a"`, `"b"`}), `is none of "a", "b"`},
		{listDetail("is not ", "is none of ", many), "is none of 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 and 3 more"},
		{listDetail("is not ", "is none of ", []string{long, long}), "is none of " + long + " and 1 more"},
		{listDetail("is not ", "is none of ", []string{long + long}), "is none of the values of the schema"},
		{patternDetail(schema.Pattern{Source: "^x$"}), "does not match the pattern ^x$"},
		{patternDetail(schema.Pattern{Source: "^\x1b[\u202e$"}), `does not match the pattern "^\x1b[\u202e$"`},
		{patternDetail(schema.Pattern{Source: strings.Repeat("x", 99) + "é"}), "does not match the pattern that begins with " + strings.Repeat("x", 99)},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}
