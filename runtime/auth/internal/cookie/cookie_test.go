package cookie

import (
	"errors"
	"testing"

	"github.com/bailey-go/bailey/runtime/auth"
)

func TestOne(t *testing.T) {
	t.Parallel()
	repeated := errors.New("repeated")
	for _, c := range []struct {
		name  string
		lines []string
		want  string
		err   error
	}{
		{"none", nil, "", auth.ErrMissing},
		{"another", []string{"kk=1; K=2"}, "", auth.ErrMissing},
		{"one", []string{"a=b; k=1"}, "1", nil},
		{"in another field", []string{"a=b", "k=1"}, "1", nil},
		{"as it is spelled", []string{`k="%31=1"`}, `"%31=1"`, nil},
		{"empty", []string{"k="}, "", nil},
		{"without a value", []string{"k"}, "", nil},
		{"twice", []string{"k=1; k=2"}, "", repeated},
		{"twice the same", []string{"k=1;k=1"}, "", repeated},
		{"twice, in two fields", []string{"k=1", "k=1"}, "", repeated},
		{"twice, empty", []string{"k=; k="}, "", repeated},
	} {
		if got, err := One(c.lines, "k", repeated); got != c.want || err != c.err {
			t.Errorf("%s: %q, %v; want %q, %v", c.name, got, err, c.want, c.err)
		}
	}
}
