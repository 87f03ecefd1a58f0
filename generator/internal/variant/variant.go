// Package variant makes one operation of several that a document writes for one method and one
// path, and tells apart behind "?" or "#" only.
//
// A request is one for the joined operation if it is one for a variant: the body is an anyOf of theirs.
// Nothing is guessed beyond that: the parameters must be the same, and where a response or a
// media type cannot be joined, nothing is.
package variant

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// joiner joins y to x. why is the first reason not to.
type joiner struct {
	doc     *load.Document
	schemas *schema.Reader
	x, y    *openapi.Operation
	why     string
	mixed   bool // a response has media types that are not those of both
}

// several reports whether a response has media types between which a request chooses.
func several(op *openapi.Operation) bool {
	return slices.ContainsFunc(op.Responses, func(r *openapi.Response) bool { return len(r.Content) > 1 })
}

// Join returns the operation that serves the requests of both, which is x in everything but body, responses and
// what the document says of it. Without one, why says what is in the way.
func Join(x, y *openapi.Operation, doc *load.Document, schemas *schema.Reader) (joined *openapi.Operation, why string) {
	j := &joiner{doc: doc, schemas: schemas, x: x, y: y}
	op := *x
	op.Variants = append(slices.Clone(x.Variants), y)
	op.Deprecated = x.Deprecated && y.Deprecated
	op.Unread = slices.Concat(x.Unread, y.Unread)
	op.Parameters = j.parameters()
	op.Body = j.body()
	op.Responses = j.responses()
	op.Mixed = x.Mixed || j.mixed
	if op.Mixed && (!x.Mixed && several(x) || several(y)) {
		j.no("the answers of one have several media types to choose from, and the other has others")
	}
	if j.why != "" {
		return nil, j.why
	}
	return &op, ""
}

// no notes a reason.
func (j *joiner) no(format string, args ...any) {
	if j.why == "" {
		j.why = fmt.Sprintf(format, args...)
	}
}

// parameters are those of both, which are the same but for optional headers.
func (j *joiner) parameters() []*openapi.Parameter {
	params := slices.Clone(j.x.Parameters)
	for _, side := range []struct{ of, in *openapi.Operation }{{j.x, j.y}, {j.y, j.x}} {
		for _, p := range side.of.Parameters {
			i := slices.IndexFunc(side.in.Parameters, func(q *openapi.Parameter) bool { return q.In == p.In && sameName(p.In, p.Name, q.Name) })
			switch {
			case i < 0 && p.In == "header" && !p.Required && anyText(p):
				if side.of == j.y { // the other one does not look at it
					params = append(params, p)
				}
			case i < 0:
				j.no("the %s parameter %q is one of %s only", p.In, p.Name, side.of.Title())
			case !sameParameter(p, side.in.Parameters[i]):
				j.no("the %s parameter %q is not the same in both", p.In, p.Name)
			}
		}
	}
	return params
}

// anyText reports whether a parameter refuses nothing.
func anyText(p *openapi.Parameter) bool {
	s := p.Schema
	return p.ContentType == "" && s != nil && s.Types == schema.TypeString && len(s.Enum)+len(s.Patterns)+len(s.OneOf)+len(s.AnyOf)+len(s.Unsupported) == 0 &&
		s.Format == "" && s.MinLength <= 0 && s.MaxLength < 0 && s.ContentEncoding == "" && !s.BeyondForm()
}

func sameName(in, a, b string) bool { return a == b || in == "header" && strings.EqualFold(a, b) }

func sameParameter(p, q *openapi.Parameter) bool {
	return p.Required == q.Required && p.Style == q.Style && p.Explode == q.Explode && p.AllowReserved == q.AllowReserved &&
		p.AllowEmptyValue == q.AllowEmptyValue && p.ContentType == q.ContentType && p.Separators == q.Separators &&
		(p.Node == q.Node || len(p.Encoding)+len(q.Encoding) == 0) && samePolicies(p.Node, q.Node) && sameSchema(p.Schema, q.Schema)
}

// body is the body of both.
func (j *joiner) body() *openapi.Body {
	x, y := j.x.Body, j.y.Body
	if x == nil || y == nil || x.Node == y.Node {
		only := x
		if only == nil {
			only = y
		}
		if only == nil || x != nil && y != nil {
			return only
		}
		optional := *only
		optional.Required = false
		return &optional
	}
	if len(x.Content) == 0 || len(y.Content) == 0 {
		j.no("a body has no media type")
	}
	both := *x
	both.Required = x.Required && y.Required
	both.Content = j.content(x.Content, y.Content, "the bodies")
	return &both
}

// content are the media types of both; the text what names them in reasons.
func (j *joiner) content(x, y []*openapi.Media, what string) []*openapi.Media {
	all := slices.Clone(x)
	for _, m := range y {
		i := slices.IndexFunc(x, func(o *openapi.Media) bool { return o.Name == m.Name })
		if i >= 0 {
			all[i] = j.media(x[i], m, what)
			continue
		}
		if slices.ContainsFunc(x, func(o *openapi.Media) bool { return overlaps(o.Type, m.Type) }) {
			j.no("%s have media types that are not told apart (%s)", what, m.Name)
		}
		all = append(all, m)
	}
	return all
}

// overlaps reports whether a content can be of both media types: they differ in parameters only, or one is a range.
func overlaps(a, b string) bool {
	if strings.Contains(a, "*") || strings.Contains(b, "*") {
		main, _, _ := strings.Cut(a, "/")
		other, _, _ := strings.Cut(b, "/")
		return main == other || main == "*" || other == "*"
	}
	return a == b
}

// media is a media type that both have.
func (j *joiner) media(x, y *openapi.Media, what string) *openapi.Media {
	encoded := len(x.Encoding)+len(y.Encoding) > 0
	switch {
	case x == y:
		return x
	case encoded:
		j.no("%s are %s with encoding", what, x.Name)
	case sameSchema(x.Schema, y.Schema) && sameSchema(x.Items, y.Items) && x.Kind == y.Kind && sameNodes(x.Nodes, y.Nodes):
		return x
	case x.Kind != y.Kind || x.Items != nil || y.Items != nil || x.Schema == nil || y.Schema == nil || len(x.Nodes) == 0 || len(y.Nodes) == 0:
		j.no("%s are %s, and no schemas between which to choose", what, x.Name)
	case x.Kind != openapi.MediaJSON && x.Kind != openapi.MediaForm && x.Kind != openapi.MediaMultipart:
		j.no("%s are %s, which cannot be a choice", what, x.Name)
	}
	if j.why != "" {
		return x
	}
	both := *x
	both.Nodes = slices.Concat(x.Nodes, y.Nodes)
	if x.Kind != openapi.MediaJSON && len(both.Nodes) == 2 {
		if n := j.form(x.Nodes[0], y.Nodes[0]); n != nil {
			both.Nodes = []*load.Node{n}
			both.Schema = j.schemas.Read(n)
			both.Whole, both.Taken = both.Schema, nil
			return &both
		}
	}
	both.Schema = j.schemas.Read(anyOf(both.Nodes))
	both.Whole, both.Taken = both.Schema, nil
	return &both
}

// anyOf is a schema object that stands where the first of the branches stands.
func anyOf(branches []*load.Node) *load.Node {
	first := branches[0]
	list := &load.Node{Kind: load.Array, Items: branches, Pos: first.Pos}
	return &load.Node{
		Kind: load.Object, Pos: first.Pos, Parent: first.Parent, Key: first.Key,
		Members: []load.Member{{Key: "anyOf", Pos: first.Pos, Value: list}},
	}
}

// responses are those of both.
func (j *joiner) responses() []*openapi.Response {
	all := slices.Clone(j.x.Responses)
	for _, r := range j.y.Responses {
		i := slices.IndexFunc(j.x.Responses, func(o *openapi.Response) bool { return o.Status == r.Status })
		if i < 0 {
			all = append(all, r)
			continue
		}
		all[i] = j.response(j.x.Responses[i], r)
	}
	return all
}

// response is one of a status that both have.
func (j *joiner) response(x, y *openapi.Response) *openapi.Response {
	if x.Node == y.Node {
		return x
	}
	both := *x
	both.Headers = slices.Clone(x.Headers)
	for _, h := range y.Headers {
		i := slices.IndexFunc(x.Headers, func(o *openapi.Header) bool { return sameName("header", o.Name, h.Name) })
		switch {
		case i < 0:
			optional := *h
			optional.Required = false
			both.Headers = append(both.Headers, &optional)
		case x.Headers[i].Explode != h.Explode || !samePolicies(x.Headers[i].Node, h.Node) || !sameSchema(x.Headers[i].Schema, h.Schema):
			j.no("the header %s of the response %s is not the same in both", h.Name, x.Status)
		case !h.Required:
			both.Headers[i] = h
		}
	}
	for i, h := range both.Headers {
		if h.Required && !slices.ContainsFunc(y.Headers, func(o *openapi.Header) bool { return sameName("header", o.Name, h.Name) }) {
			optional := *h
			optional.Required = false
			both.Headers[i] = &optional
		}
	}
	if (len(x.Content) == 0) != (len(y.Content) == 0) {
		j.no("the response %s has content in one of them only", x.Status)
	}
	both.Content = j.content(x.Content, y.Content, "the responses "+x.Status)
	j.mixed = j.mixed || len(both.Content) > len(x.Content) || len(both.Content) > len(y.Content)
	node := *x.Node // one of its own: where a component is meant elsewhere, it says less
	node.Parent, node.Key = j.x.Node, x.Status
	both.Node = &node
	return &both
}
