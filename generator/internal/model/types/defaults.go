package types

import (
	"encoding/json"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/sample"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// RefusedDefaults warns of arrays and objects that their schemas refuse. Package schema does of
// scalars, and of what no other schema is needed for.
func (b *Builder) RefusedDefaults(ops []*openapi.Operation) {
	seen := map[*schema.Schema]bool{}
	look := func(root *schema.Schema) {
		if root == nil {
			return
		}
		root.Walk(func(s *schema.Schema) bool {
			if seen[s] {
				return false
			}
			seen[s] = true
			if n := s.Default; n != nil && (n.Kind == load.Array || n.Kind == load.Object) && !s.Never {
				b.Spend(1+len(n.Items)+len(n.Members), n.Pos)
				if text, ok := jsonOf(n); ok && sample.Refuses(s, text) {
					b.Diags.Warnf(n.Pos, rules.Default, "the default is not valid: the schemas of its parts refuse it; it is passed over")
				}
			}
			return true
		})
	}
	for _, op := range ops {
		eachSchema(op, look, look)
	}
}

// defaultOf is the Go literal of a schema's default, for scalars that have one. A
// default that Go cannot hold as a constant is left out with a warning: the handler
// then sees that the value is absent.
func (b *Builder) defaultOf(t *model.Type, s *schema.Schema) (gosrc.Literal, bool) {
	n := s.Default
	if l, ok := b.ScalarLiteral(t, n); ok {
		return l, true
	}
	if n.Kind != load.Null {
		b.Diags.Warnf(n.Pos, rules.DefaultNotApplied, "the default of this schema is documentation only: bailey sets the defaults of strings, numbers and booleans")
	}
	return gosrc.Literal{}, false
}

// ScalarLiteral is the Go literal of a scalar of type t.
func (b *Builder) ScalarLiteral(t *model.Type, n *load.Node) (gosrc.Literal, bool) {
	if t.Kind == model.Scalar && !t.Opaque {
		switch method := t.Method.String(); {
		case method == "String" && n.Kind == load.String:
			return gosrc.Quote(n.Text), true
		case method == "Bool" && n.Kind == load.Bool:
			return gosrc.Bool(n.Text == "true"), true
		case n.Kind == load.Number && (model.IntRange[method] != [2]string{} || method == "Float64" || method == "Float32"):
			return b.numberLiteral(t, n.Text)
		}
	}
	return gosrc.Literal{}, false
}

// JSONDefault sets the default of a parameter that is read as JSON, where its schema is
// sure to accept it, and reports whether it did.
func (b *Builder) JSONDefault(p *model.Param, s *schema.Schema) bool {
	n := s.Default
	if n == nil || n.Kind == load.Null || p.Required || !p.AsJSON || !p.Gathered && p.In != "header" && p.In != "cookie" {
		return false
	}
	text, ok := jsonOf(n)
	if s.Same != nil {
		s = s.Same
	}
	if Nullable(s) {
		s = b.NotNull(s)
	}
	if !ok || !sample.Holds(s, text) {
		return false
	}
	p.DefaultJSON, p.HasDefaultJSON = gosrc.Quote(text), true
	return true
}

// jsonOf is a value of the document as JSON text.
func jsonOf(n *load.Node) (string, bool) {
	var b strings.Builder
	ok := true
	each := func(i int, v *load.Node) {
		if i > 0 {
			b.WriteByte(',')
		}
		text, held := jsonOf(v)
		b.WriteString(text)
		ok = ok && held
	}
	switch n.Kind {
	case load.String:
		return quoted(n.Text)
	case load.Array:
		b.WriteByte('[')
		for i, v := range n.Items {
			each(i, v)
		}
		b.WriteByte(']')
	case load.Object:
		b.WriteByte('{')
		for i, m := range n.Members {
			if i > 0 {
				b.WriteByte(',')
			}
			name, held := quoted(m.Key)
			b.WriteString(name + ":")
			each(0, m.Value)
			ok = ok && held
		}
		b.WriteByte('}')
	case load.Null:
		return "null", true
	default:
		return n.Text, json.Valid([]byte(n.Text))
	}
	return b.String(), ok
}

// quoted is a JSON string, without the escapes that HTML needs.
func quoted(s string) (string, bool) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(s)
	return strings.TrimSuffix(b.String(), "\n"), err == nil
}
