package operations

import (
	"net/http"
	"slices"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/model"
	"github.com/bailey-go/bailey/generator/internal/model/types"
	"github.com/bailey-go/bailey/generator/internal/openapi"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// use is one place where values of the document's schemas travel.
type use struct {
	place string // "the query parameter", "application/xml"
	dir   types.Direction
	// roots are the schemas of the use; nodes are its schema objects as they are written.
	roots []*schema.Schema
	nodes []*load.Node
	types []*model.Type
	words []model.Word   // of fields around the types
	taken []schema.Claim // by the reader of operations
}

// uses are the places of an operation.
func (b *Builder) uses(op *model.Operation) []use {
	var out []use
	for _, src := range op.Source.Parameters {
		u := use{place: "a parameter in " + src.In, roots: []*schema.Schema{src.Schema}, nodes: b.contentNodes(src.Node)}
		for _, p := range op.Params {
			if p.Source == src {
				u.types = append(u.types, p.Field.Type)
				u.words = append(u.words, p.Field.Words...)
			}
		}
		out = append(out, u)
	}
	if body := op.Source.Body; body != nil {
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
	for _, r := range op.Source.Responses {
		out = append(out, b.answerUses(op, r)...)
	}
	return out
}

// contentNodes are the schemas of a parameter or a header: of schema and of content.
func (b *Builder) contentNodes(n *load.Node) []*load.Node {
	nodes := []*load.Node{n.Get("schema")}
	if content := n.Get("content"); content != nil {
		for i := range content.Members {
			if media, err := b.In.Doc.Resolve(content.Members[i].Value); err == nil {
				nodes = append(nodes, media.Get("schema"), media.Get("itemSchema"))
			}
		}
	}
	return slices.DeleteFunc(nodes, func(n *load.Node) bool { return n == nil })
}

// partUses are the headers of a part.
func (b *Builder) partUses(p *model.Param, media *openapi.Media) []use {
	var out []use
	for _, e := range media.Encoding {
		if len(p.Names) != 1 || e.Property != p.Names[0] {
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
func (b *Builder) answerUses(op *model.Operation, r *openapi.Response) []use {
	var out []use
	headers := map[gosrc.Literal]*model.Type{}
	bodies := map[*openapi.Media]*model.Type{}
	for _, o := range op.Outcomes {
		switch {
		case o.Response != r:
		case o.Reply == nil:
			bodies[o.Content] = o.Body
		default:
			bodies[o.Content] = o.Reply.Body
			for _, h := range o.Reply.Headers {
				headers[h.Name] = h.Field.Type
			}
		}
	}
	for _, media := range r.Content {
		u := use{place: "a response of " + media.Name, dir: types.Response, roots: []*schema.Schema{media.Whole, media.Items}, nodes: media.Nodes, taken: media.Taken}
		if t := bodies[media]; t != nil {
			u.types = []*model.Type{t}
		}
		out = append(out, u)
	}
	for _, h := range r.Headers {
		u := use{place: "a response header", dir: types.Response, nodes: b.contentNodes(h.Node)}
		if t := headers[gosrc.Quote(http.CanonicalHeaderKey(h.Name))]; t != nil {
			u.roots, u.types = []*schema.Schema{h.Schema}, []*model.Type{t}
		} // else bailey writes it itself, or it is never sent
		out = append(out, u)
	}
	return out
}
