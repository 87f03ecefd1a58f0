package model

import (
	"net/http"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// The ledger: what the document asks for must have been claimed by who enforces it, or generation
// fails at its line (not-enforced).
//
// A debit is a keyword or a policy on a schema object that a use reaches. A use is one parameter, one
// media type of a request or a response, one header of a response or of a part. A credit is a claim
// of the code that makes checks, decoders and encoders: it stands on the Type or the Field that
// the code is generated from, so that a use is credited with what its own types enforce. A
// component that a JSON body and an XML body share is thus enforced in the one, and missing in
// the other.
//
// Grain. Debits and credits are pairs of a schema object and a key, within a use: a schema object
// that stands in two places of one use counts as enforced in both when one of them claims it. Keywords
// are those that the normal form of package schema kept; the Reader answers for what it settles
// (see schema.Reader.Asks), and package assert for the values that stay JSON text. Policies are
// looked for in the document as it is written, whatever became of the branch that they stand in.
// What the document itself says is not sent or not taken (readOnly, writeOnly, false) needs no other
// claim, and a warning that names a body as unchecked is one for its keywords, never for policies.

// word is a policy on a schema object.
type word struct {
	node *load.Node
	key  string
}

// The policies that are enforced in values. Those of operations are package policy's, which makes
// the effective policy of each; x-bailey-go-name and classes of data that are not masked are
// annotations.
const (
	wordMask    = "x-bailey-mask"
	wordWriters = "x-bailey-writable-by"
	wordUnknown = "x-bailey-unknown"
	wordExact   = "x-bailey-exact"
)

// enforced are the claims of a type.
type enforced struct {
	claims []schema.Claim
	nodes  []*load.Node // of which all keywords hold
	gone   []*load.Node // of which no value is ever there: all policies hold as well
	words  []word
	table  bool // it is the type of a schema, wherever that stands: see typeOf
}

// hold claims keywords of s for the code of t.
func (t *Type) hold(s *schema.Schema, keys ...string) {
	t.enforced.claims = append(t.enforced.claims, schema.Claim{Schema: s, Keys: keys})
}

// holdAll claims all keywords of s and of what it holds: the values are checked keyword by keyword,
// none is taken, or a warning says that they are not checked.
func (t *Type) holdAll(s *schema.Schema) {
	s.Walk(func(s *schema.Schema) bool {
		t.enforced.nodes = append(t.enforced.nodes, s.Nodes...)
		return true
	})
}

// without claims a property that no value of t has.
func (t *Type) without(p *schema.Property) {
	t.holdAll(p.Schema)
	t.enforced.gone = append(t.enforced.gone, p.Nodes...)
}

// use is one place where values of the document's schemas travel.
type use struct {
	place string // "the query parameter", "application/xml"
	dir   direction
	// roots are the schemas of the use; nodes are its schema objects as they are written.
	roots []*schema.Schema
	nodes []*load.Node
	types []*Type
	words []word         // of fields around the types
	taken []schema.Claim // by the reader of operations
}

// uses are the places of an operation.
func (b *builder) uses(op *Operation) []use {
	var out []use
	for _, src := range op.source.Parameters {
		u := use{place: "a parameter in " + src.In, roots: []*schema.Schema{src.Schema}, nodes: b.contentNodes(src.Node)}
		for _, p := range op.Params {
			if p.source == src {
				u.types = append(u.types, p.Field.Type)
				u.words = append(u.words, p.Field.words...)
			}
		}
		out = append(out, u)
	}
	if body := op.source.Body; body != nil {
		for i, media := range body.Content {
			u := use{place: "a request of " + media.Name, roots: []*schema.Schema{media.Whole, media.Items}, nodes: media.Nodes, taken: media.Taken}
			if i < len(op.Bodies) {
				u.types = append(u.types, op.Bodies[i].Field.Type)
				for _, p := range op.Bodies[i].Fields {
					out = append(out, b.partUses(p, media)...)
				}
			}
			out = append(out, u)
		}
	}
	for _, r := range op.source.Responses {
		out = append(out, b.answerUses(op, r)...)
	}
	return out
}

// contentNodes are the schemas of a parameter or a header: of schema and of content.
func (b *builder) contentNodes(n *load.Node) []*load.Node {
	nodes := []*load.Node{n.Get("schema")}
	if content := n.Get("content"); content != nil {
		for i := range content.Members {
			if media, err := b.in.Doc.Resolve(content.Members[i].Value); err == nil {
				nodes = append(nodes, media.Get("schema"), media.Get("itemSchema"))
			}
		}
	}
	return slices.DeleteFunc(nodes, func(n *load.Node) bool { return n == nil })
}

// partUses are the headers of a part.
func (b *builder) partUses(p *Param, media *openapi.Media) []use {
	var out []use
	for _, e := range media.Encoding {
		if len(p.names) != 1 || e.Property != p.names[0] {
			continue
		}
		for _, h := range e.Headers {
			u := use{place: "a header of a part", nodes: b.contentNodes(h.Node)}
			for _, made := range p.PartHeaders {
				if made.Name == gosrc.Quote(h.Name) {
					u.types, u.roots = append(u.types, made.Value.Type), []*schema.Schema{h.Schema}
				} // else a warning says that its schema is not read
			}
			out = append(out, u)
		}
	}
	return out
}

// answerUses are the media types and the headers of a response.
func (b *builder) answerUses(op *Operation, r *openapi.Response) []use {
	var out []use
	headers := map[gosrc.Literal]*Type{}
	bodies := map[*openapi.Media]*Type{}
	for _, o := range op.Outcomes {
		switch {
		case o.source != r:
		case o.Reply == nil:
			bodies[o.media] = o.Body
		default:
			bodies[o.media] = o.Reply.Body
			for _, h := range o.Reply.Headers {
				headers[h.Name] = h.Field.Type
			}
		}
	}
	for _, media := range r.Content {
		u := use{place: "a response of " + media.Name, dir: response, roots: []*schema.Schema{media.Whole, media.Items}, nodes: media.Nodes, taken: media.Taken}
		if t := bodies[media]; t != nil {
			u.types = []*Type{t}
		}
		out = append(out, u)
	}
	for _, h := range r.Headers {
		u := use{place: "a response header", dir: response, nodes: b.contentNodes(h.Node)}
		if t := headers[gosrc.Quote(http.CanonicalHeaderKey(h.Name))]; t != nil {
			u.roots, u.types = []*schema.Schema{h.Schema}, []*Type{t}
		} // else bailey writes it itself, or it is never sent
		out = append(out, u)
	}
	return out
}
