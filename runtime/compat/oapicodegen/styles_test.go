package oapicodegen_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	oapi "github.com/oapi-codegen/runtime"

	"github.com/bailey-go/bailey/runtime/gen/param"
)

// The lists that oapi-codegen's clients send are those that bailey's servers read, in every style of a query.
func TestStyles(t *testing.T) {
	t.Parallel()
	values := [][]string{{"a"}, {"a", "b", "c"}, {"a b", "ü", "%41", "+", "&=?#"}, {"", "x"}}
	for _, style := range []struct {
		name    string
		explode bool
		by      byte // what divides the items of one value; 0 where each has its own
	}{{"form", true, 0}, {"form", false, ','}, {"pipeDelimited", false, '|'}, {"spaceDelimited", false, ' '}} {
		for _, want := range values {
			if style.by == ' ' && slices.ContainsFunc(want, func(s string) bool { return s == "a b" }) {
				continue // a space in an item divides it: neither can say that
			}
			query, err := oapi.StyleParamWithLocation(style.name, style.explode, "list", oapi.ParamLocationQuery, want)
			if err != nil {
				t.Fatal(err)
			}
			query = strings.ReplaceAll(query, " ", "%20") // which oapi-codegen leaves to the client
			var p param.Reader
			p.Reset(&http.Request{URL: &url.URL{RawQuery: query}}, nil)
			var got []string
			for p.NextQuery() {
				if style.by == 0 {
					got = append(got, p.String())
					continue
				}
				for p.Split(style.by); p.NextItem(); {
					got = append(got, p.String())
				}
			}
			if p.Violated() || !slices.Equal(got, want) {
				t.Errorf("%s, explode %v: %q is read as %q, want %q (%v)", style.name, style.explode, query, got, want, p.Err())
			}
		}
	}
}
