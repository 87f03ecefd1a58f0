package sample_test

import (
	"testing"

	"github.com/bailey-go/bailey/generator/internal/sample"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// TestHolds: only what is sure to be accepted is.
func TestHolds(t *testing.T) {
	t.Parallel()
	text := schema.Any()
	text.Types, text.MaxLength = schema.TypeString, 2
	list := schema.Any()
	list.Types, list.Items = schema.TypeArray, text
	number := schema.Any()
	number.Types = schema.TypeInteger
	one, any := schema.Any(), schema.Any()
	one.OneOf = []*schema.Schema{text, list, number}
	any.AnyOf = []*schema.Schema{text, text}
	twice := schema.Any()
	twice.OneOf = []*schema.Schema{text, text}
	tests := []struct {
		s    *schema.Schema
		text string
		want bool
	}{
		{nil, "1", true}, {text, `"ab"`, true}, {text, `"abc"`, false}, {text, `1`, false}, {text, `"`, false},
		{one, `"a"`, true}, {one, `["a"]`, true}, {one, `["abc"]`, false}, {one, `5`, true}, {one, `{}`, false},
		{any, `"a"`, true}, {any, `1`, false}, {twice, `"a"`, false},
	}
	for _, test := range tests {
		if got := sample.Holds(test.s, test.text); got != test.want {
			t.Errorf("%s: got %v, want %v", test.text, got, test.want)
		}
	}
}
