package types

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// constant notes the only value that s has, where its other keywords are sure to allow it: the encoder
// writes it in place of a zero Go value. JSON text that a function checks is held to them when it is written.
func (b *Builder) constant(t *model.Type, s *schema.Schema) {
	if len(s.Enum) != 1 || Nullable(s) || t.Kind != model.Scalar {
		return
	}
	n := s.Enum[0]
	text, ok := jsonOf(n)
	if !ok || t.Check == nil && !s.Allows(n) {
		return
	}
	c := &model.Const{Value: gosrc.Quote(text), JSON: gosrc.Quote(text), Text: gosrc.Quote(text)}
	if n.Kind == load.String {
		c.Text = gosrc.Quote(n.Text)
	}
	if t.Check == nil {
		plain := *t
		plain.Conv = false
		if c.Value, ok = b.ScalarLiteral(&plain, n); !ok {
			return
		}
		if r, whole := model.Exactly(n.Text); n.Kind == load.Number && whole && model.IntRange[t.Method.String()] != [2]string{} {
			c.JSON, c.Text = gosrc.Quote(r.Num().String()), gosrc.Quote(r.Num().String())
		}
	}
	t.Const = c
}
