package types

import (
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// fill decides what t is. t is in the table already, so that recursion ends.
func (b *Builder) fill(t *model.Type, s *schema.Schema, at Place) {
	b.Unmet(s, at.Dir)
	if b.CheckedRaw(s) {
		b.checked(t, s, at)
		return
	}
	b.RefuseUnsupported(s)
	if Nullable(s) {
		t.Kind = model.Null
		t.Hold(s, "type")
		t.Elem = b.TypeOf(b.NotNull(s), at)
		return
	}
	switch {
	case s.Never || s.Types == 0:
		b.never(t) // a guard: checkedRaw has those, and text never gets here
	case len(s.OneOf) > 0 || len(s.AnyOf) > 0:
		b.sum(t, s, at)
	case len(s.Enum) > 0:
		b.enum(t, s, at)
	case s.Types == schema.TypeAny:
		b.raw(t) // with keywords for several types, checkedRaw had it
		t.Hold(s, "additionalProperties")
		b.claimKept(t, s)
	case s.Types == schema.TypeNull:
		b.raw(t)
		t.Hold(s, "type", "enum", "const")
		t.Const = &model.Const{Value: gosrc.Quote("null"), JSON: gosrc.Quote("null"), Text: gosrc.Quote("null")}
		t.Checks = append(t.Checks, model.Check{Keyword: gosrc.Quote("type"), Op: model.IsNull})
	case s.Types == schema.TypeBool:
		b.Scalar(t, "bool")
		t.Hold(s, "type")
	case s.Types == schema.TypeInteger, s.Types == schema.TypeNumber|schema.TypeInteger, s.Types == schema.TypeNumber:
		b.number(t, s)
	case s.Types == schema.TypeString:
		b.text(t, s, at)
	case s.Types == schema.TypeArray:
		b.slice(t, s, at)
	case s.Types == schema.TypeObject:
		b.object(t, s, at)
	default:
		b.kinds(t, s, at)
	}
}
