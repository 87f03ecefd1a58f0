package operations

import (
	"slices"
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// rivals are the operations that are kept, by method and shape of the path.
type rivals struct {
	b    *Builder
	kept map[string][]*openapi.Operation
	told []told // of the operation that conflict was asked of last
	// joined is what serves that one and joins, which is kept; nil where it is one of its own.
	joins, joined *openapi.Operation
}

// told is how an operation is told apart from another one.
type told struct {
	other        *openapi.Operation
	mine, others []model.FitView
}

func newRivals(b *Builder) *rivals {
	return &rivals{b: b, kept: map[string][]*openapi.Operation{}}
}

// keep adds the operation that conflict was asked of last to those that are kept.
func (r *rivals) keep(op *openapi.Operation, kept []*openapi.Operation) []*openapi.Operation {
	key := op.Method + " " + op.Shape
	if r.joined != nil {
		r.replace(kept)
		r.replace(r.kept[key])
		return kept
	}
	for _, t := range r.told {
		r.b.addFits(op, t.mine)
		r.b.addFits(t.other, t.others)
	}
	r.kept[key] = append(r.kept[key], op)
	return append(kept, op)
}

// conflict is an error where no request can tell an operation from one that is kept, and they are no
// variants that one operation can serve: two paths that differ in the names of their parameters, or
// behind "?" or "#", are one.
func (r *rivals) conflict(op *openapi.Operation) (found diag.List) {
	r.told, r.joins, r.joined = r.told[:0], nil, nil
	if op.Unsupported.HasErrors() {
		return nil
	}
	for _, other := range r.kept[op.Method+" "+op.Shape] {
		if mine, others, ok := r.b.toldApart(op, other); ok {
			r.told = append(r.told, told{other, mine, others})
			continue
		}
		mine, others, why := r.b.nested(op, other)
		if why != "" {
			return r.b.conflicting(op, other, why)
		}
		if len(mine) > 0 {
			narrow, wide := op, other
			if mine[0].Not {
				narrow, wide = other, op
			}
			r.told = append(r.told, told{other, mine, others})
			found.Warnf(op.Pos, rules.PathOverlap, "%s takes the values that its parameter in the path allows, and %s takes all others; the earlier one stands at %v", narrow.Title(), wide.Title(), other.Pos)
			continue
		}
		if r.joins != nil {
			return r.b.conflicting(op, other, "there are two that it could be one with")
		}
		r.joins = other
	}
	if r.joins == nil {
		return found
	}
	var why string
	if !r.alike(r.joins) {
		why = "they are told from a third one in different ways"
	} else if r.joined, why = r.join(op, r.joins); r.joined != nil {
		found.Add(joinedBy(op, r.joins))
		return found
	}
	return r.b.conflicting(op, r.joins, why)
}

// conflicting is the error of two operations that no request tells apart; why says what keeps one of them
// from having its own values, or both from being one operation.
func (b *Builder) conflicting(op, other *openapi.Operation, why string) (found diag.List) {
	message := "no request can tell " + op.Title() + " from " + other.Title() + " at " + other.Pos.String()
	if why != "" {
		message += "; they are not joined, as " + why
	}
	found.Add(diag.Diagnostic{
		Pos: op.Pos, Rule: rules.PathConflict, Message: message,
		Advice: "leave one of them out, by x-bailey-skip or skip: ['" + op.Title() + "'], or give a parameter of both an enum or pattern, so that no value meets both",
	})
	return found
}

// addFits adds conditions that are not there yet.
func (b *Builder) addFits(op *openapi.Operation, list []model.FitView) {
	for _, f := range list {
		if !slices.ContainsFunc(b.fits[op], func(g model.FitView) bool { return f.Key == g.Key }) {
			b.fits[op] = append(b.fits[op], f)
		}
	}
}

// toldApart looks for conditions that every valid request for one of two operations meets, and none for
// the other: on the value of a path parameter, and else on the query and the header.
func (b *Builder) toldApart(x, y *openapi.Operation) (ofX, ofY []model.FitView, ok bool) {
	b.Spend(2+len(x.Parameters)+len(y.Parameters), x.Pos)
	p, q := samePlaces(x, y)
	for i := range p {
		if f, g, ok := b.disjoint(p[i], q[i]); ok {
			return []model.FitView{fitOf("path", "", i, f)}, []model.FitView{fitOf("path", "", i, g)}, true
		}
	}
	if ofX, ofY, ok = b.byName(x, y); ok {
		return ofX, ofY, true
	}
	ofY, ofX, ok = b.byName(y, x)
	return ofX, ofY, ok
}

// nested looks for a parameter in the path of which one operation takes some values and the other any
// text: the narrower one takes its values, as text in a path goes before a parameter. The policies
// must be the same (why says which are not): which of the two a client reaches then decides nothing
// about who it is.
func (b *Builder) nested(x, y *openapi.Operation) (ofX, ofY []model.FitView, why string) {
	ofX, ofY, ok := b.within(x, y)
	back, forth, other := b.within(y, x)
	if ok == other {
		return nil, nil, ""
	}
	if why = b.differ(x, y); why != "" {
		return nil, nil, why
	}
	if other {
		return forth, back, ""
	}
	return ofX, ofY, ""
}

// differ says which policies of two operations are not the same, "" for none.
func (b *Builder) differ(x, y *openapi.Operation) string {
	p, q := b.In.Policies.Operations[x.Node], b.In.Policies.Operations[y.Node]
	if p == nil || q == nil {
		return "one of them has no policy"
	}
	if word := p.Differs(q); word != "" {
		return word + " is not the same for both"
	}
	return ""
}

// within looks for a parameter in the path that is narrower in x than in y.
func (b *Builder) within(x, y *openapi.Operation) (ofX, ofY []model.FitView, ok bool) {
	p, q := samePlaces(x, y)
	for i := range p {
		facts := b.factsOf(p[i])
		if len(facts) == 0 || !b.anyText(q[i]) {
			continue
		}
		not := fitOf("path", "", i, facts[0])
		not.Not, not.Key = true, not.Key+"not"
		return []model.FitView{fitOf("path", "", i, facts[0])}, []model.FitView{not}, true
	}
	return nil, nil, false
}

// anyText reports whether a parameter is text of which no more than the length is said.
func (b *Builder) anyText(p *openapi.Parameter) bool {
	if !single(p) || len(b.factsOf(p)) > 0 {
		return false
	}
	s := b.Possible(p.Schema)
	return s.Types&^schema.TypeNull == schema.TypeString && len(s.OneOf)+len(s.AnyOf)+len(s.Patterns)+len(s.Unsupported) == 0 && !s.BeyondForm()
}

// byName looks for a required parameter of x in the query or the header that y has not, or with
// other values.
func (b *Builder) byName(x, y *openapi.Operation) (ofX, ofY []model.FitView, ok bool) {
	open := y.OpenQuery() || len(inPlace(y, "querystring")) > 0
	for _, p := range x.Parameters {
		if !p.Required || p.In != "query" && p.In != "header" || !single(p) {
			continue
		}
		i := slices.IndexFunc(y.Parameters, func(q *openapi.Parameter) bool { return q.In == p.In && q.Name == p.Name })
		switch {
		case i >= 0:
			if f, g, ok := b.disjoint(p, y.Parameters[i]); ok && single(y.Parameters[i]) {
				other := fitOf(p.In, p.Name, 0, g)
				other.Optional = !y.Parameters[i].Required
				if other.Optional {
					other.Key += " or none"
				}
				return []model.FitView{fitOf(p.In, p.Name, 0, f)}, []model.FitView{other}, true
			}
		case p.In == "query" && !open && !b.isCredential(p.Name):
			fit := fitOf(p.In, p.Name, 0, fact{})
			if facts := b.factsOf(p); len(facts) > 0 && facts[0].texts != nil {
				fit = fitOf(p.In, p.Name, 0, facts[0])
			}
			absent := fitOf(p.In, p.Name, 0, fact{})
			absent.Absent, absent.Key = true, absent.Key+"absent"
			return []model.FitView{fit}, []model.FitView{absent}, true
		}
	}
	return nil, nil, false
}

// isCredential reports whether a name of the query may hold an API key of the document: it is no
// parameter that an operation refuses.
func (b *Builder) isCredential(name string) bool {
	schemes := b.In.Doc.Root.Get("components").Get("securitySchemes")
	if schemes == nil {
		return false
	}
	for _, m := range schemes.Members {
		n, problem := b.In.Doc.Resolve(m.Value)
		if problem != nil || n.StrOr("in") == "query" && n.StrOr("name") == name {
			return true
		}
	}
	return false
}

// samePlaces are the parameters of two paths of one shape, place by place: none where one names a
// parameter twice.
func samePlaces(x, y *openapi.Operation) (ofX, ofY []*openapi.Parameter) {
	ofX, ofY = inPlace(x, "path"), inPlace(y, "path")
	if x.Repeats || y.Repeats || len(ofX) != len(ofY) {
		return nil, nil
	}
	return ofX, ofY
}

func inPlace(op *openapi.Operation, in string) (list []*openapi.Parameter) {
	for _, p := range op.Parameters {
		if p.In == in {
			list = append(list, p)
		}
	}
	return list
}

// fitOf is a condition on one parameter.
func fitOf(in, name string, index int, f fact) model.FitView {
	v := model.FitView{In: gosrc.Quote(in), Name: gosrc.Quote(name), Index: gosrc.Int(int64(index)), HasIndex: in == "path"}
	if f.texts != nil {
		v.Texts, v.HasTexts = gosrc.Strings(f.texts), true
	}
	if f.re2 != "" {
		v.Pattern, v.HasPattern = gosrc.Quote(f.re2), true
	}
	v.Key = in + "\x00" + name + "\x00" + strconv.Itoa(index) + "\x00" + f.re2 + "\x00" + strings.Join(f.texts, "\x00")
	return v
}
