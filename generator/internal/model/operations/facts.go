package operations

import (
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model/params"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// fact is what each value of a parameter meets, also one that other keywords refuse: a list of texts, or
// a pattern in RE2's syntax.
type fact struct {
	texts []string // nil for none
	re2   string
}

// single reports whether a parameter is one text whose form says nothing of its own.
func single(p *openapi.Parameter) bool {
	const composite = schema.TypeArray | schema.TypeObject
	plain := p.Style == "simple" || p.Style == "form"
	return plain && p.ContentType == "" && !p.AllowEmptyValue && p.Schema != nil && params.KindsOf(p.Schema)&composite == 0
}

// Texts that values of a type or a format are among.
const (
	numberTexts = `^[-+]?[0-9.]+([eE][-+]?[0-9]+)?$`
	uuidTexts   = `^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$`
	dateTexts   = `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`
)

// factsOf are facts of a parameter's values, the most telling first.
func (b *Builder) factsOf(p *openapi.Parameter) (facts []fact) {
	if !single(p) {
		return nil
	}
	s := b.Possible(p.Schema)
	if len(s.OneOf)+len(s.AnyOf) > 0 || len(s.Unsupported) > 0 || s.BeyondForm() {
		return nil
	}
	if len(s.Enum) > 0 {
		texts := []string{}
		for _, v := range s.Enum {
			switch v.Kind {
			case load.String, load.Bool:
				texts = append(texts, v.Text)
			case load.Null: // it has no text
			default:
				texts = nil
			}
			if texts == nil {
				break
			}
		}
		if texts != nil {
			facts = append(facts, fact{texts: texts})
		}
	}
	kinds := s.Types &^ schema.TypeNull
	switch {
	case kinds == schema.TypeBool:
		facts = append(facts, fact{texts: []string{"true", "false"}})
	case kinds&^(schema.TypeInteger|schema.TypeNumber) == 0:
		facts = append(facts, fact{re2: numberTexts})
	case kinds == schema.TypeString:
		for _, pattern := range s.Patterns {
			if !pattern.Looks {
				facts = append(facts, fact{re2: pattern.RE2})
			}
		}
		switch s.Format {
		case "uuid":
			facts = append(facts, fact{re2: uuidTexts})
		case "date":
			facts = append(facts, fact{re2: dateTexts})
		}
	}
	return facts
}
