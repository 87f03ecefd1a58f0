package types

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// The bounds of what a detail says of the document.
const (
	detailValues  = 10  // values of an enum or a discriminator
	detailList    = 200 // bytes of such values
	detailPattern = 100 // bytes of a pattern
)

// refusal is the argument of generated calls of Refuse: the keyword, a space, and the detail for the client.
// It is the zero Literal under `details: terse`, so that the call names the keyword alone.
func (b *Builder) refusal(keyword, detail string) gosrc.Literal {
	if e := b.In.Policies.Errors[b.In.Doc.Root]; e != nil && e.Terse {
		return gosrc.Literal{}
	}
	return gosrc.Quote(keyword + " " + detail)
}

// boundDetails begin the details of numeric keywords; the number of the document follows.
var boundDetails = map[string]string{
	"minimum":          "is less than ",
	"maximum":          "is greater than ",
	"exclusiveMinimum": "is not greater than ",
	"exclusiveMaximum": "is not less than ",
	"multipleOf":       "is not a multiple of ",
}

// bounded is a check of a number, with the detail that names the number of the document.
func (b *Builder) bounded(c model.Check, keyword, text string) model.Check {
	c.Keyword, c.Refusal = gosrc.Quote(keyword), b.refusal(keyword, boundDetails[keyword]+shorten(text))
	return c
}

// counted is a check of a length, with the detail that names the bound: "is longer than 40 characters".
func (b *Builder) counted(c model.Check, keyword, than string, n int64, unit string) model.Check {
	if n != 1 {
		unit += "s"
	}
	c.Keyword, c.N = gosrc.Quote(keyword), gosrc.Int(n)
	c.Refusal = b.refusal(keyword, than+" "+strconv.FormatInt(n, 10)+" "+unit)
	return c
}

// patternDetail names a pattern as the document writes it, or its beginning. A pattern with characters that
// are not printable is quoted.
func patternDetail(p schema.Pattern) string {
	says, source := "does not match the pattern ", p.Source
	if len(source) > detailPattern {
		n := detailPattern
		for n > 0 && !utf8.RuneStart(source[n]) {
			n--
		}
		says, source = "does not match the pattern that begins with ", source[:n]
	}
	if strings.ContainsFunc(source, func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) }) {
		source = strconv.Quote(source)
	}
	return says + source
}

// listDetail names values of the document: `is not "a"`, `is none of "a", "b"`, `is none of 1, 2 and 12 more`. one
// and many begin the detail.
func listDetail(one, many string, values []string) string {
	if len(values) == 1 && len(values[0]) <= detailList {
		return one + values[0]
	}
	var b strings.Builder
	for i, v := range values {
		if i == detailValues || b.Len()+len(v)+len(", ") > detailList {
			if i == 0 {
				return many + "the values of the schema"
			}
			b.WriteString(" and " + strconv.Itoa(len(values)-i) + " more")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(v)
	}
	return many + b.String()
}

// enumRefusal is refusal for the values of an enum.
func (b *Builder) enumRefusal(values []string) gosrc.Literal {
	return b.refusal("enum", listDetail("is not ", "is none of ", values))
}

// selectorRefusal is refusal for an object whose discriminator has none of the values that select a branch.
// It is the zero Literal where there are none.
func (b *Builder) selectorRefusal(property string, variants []*model.Variant) gosrc.Literal {
	var values []string
	seen := map[schema.Selector]bool{}
	for _, v := range variants {
		for _, s := range v.Selectors {
			if seen[s] {
				continue
			}
			seen[s] = true
			if s.Kind == load.String {
				values = append(values, strconv.Quote(s.Text))
			} else {
				values = append(values, shorten(s.Text))
			}
		}
	}
	if len(values) == 0 || len(property) > detailPattern {
		return gosrc.Literal{}
	}
	at := "has a member " + strconv.Quote(property) + " that is "
	return b.refusal("discriminator", listDetail(at+"not ", at+"none of ", values))
}
