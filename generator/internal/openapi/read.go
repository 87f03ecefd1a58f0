package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// methods are the fixed fields of a path item that hold operations.
var methods = map[string]string{
	"get": "GET", "put": "PUT", "post": "POST", "delete": "DELETE", "options": "OPTIONS", "head": "HEAD", "patch": "PATCH", "trace": "TRACE",
}

// reader reads the operations of one document.
type reader struct {
	doc     *load.Document
	schemas *schema.Reader
	diags   diag.List
	sound   map[*schema.Schema]bool
}

// Read returns the operations of doc in document order. What stops one operation is
// in its Unsupported; the list has what concerns the document.
func Read(doc *load.Document, schemas *schema.Reader) (*API, diag.List) {
	r := &reader{doc: doc, schemas: schemas, sound: map[*schema.Schema]bool{}}
	info := doc.Root.Get("info")
	api := &API{Title: info.StrOr("title"), Version: info.StrOr("version"), Description: info.StrOr("description")}
	r.servers(doc.Root, "")
	var whole Operation // takes what is wrong with all paths
	if paths := r.follow(&whole, doc.Root.Get("paths"), "the paths"); paths != nil {
		for _, m := range paths.Members {
			if !strings.HasPrefix(m.Key, "x-") {
				r.pathItem(api, m)
			}
		}
	}
	r.diags = append(r.diags, whole.Unsupported...)
	r.aliases(api)
	r.self(doc.Root)
	if hooks := doc.Root.Get("webhooks"); hooks != nil && len(hooks.Members) > 0 {
		r.diags.Warnf(hooks.Pos, rules.Webhooks, "webhooks are requests that the API makes; bailey generates no server for them")
	}
	return api, append(r.diags, schemas.Diagnostics()...)
}

// Problems is everything that stops the operation: its own, and that of every schema
// it reaches.
func (op *Operation) Problems() diag.List {
	list := slices.Clone(op.Unsupported)
	own := len(list)
	beyond := false
	seen := map[*schema.Schema]bool{}
	visit := func(s *schema.Schema) {
		if s == nil {
			return
		}
		s.Walk(func(s *schema.Schema) bool {
			if seen[s] || op.sound[s] {
				return false
			}
			seen[s] = true
			if s.BeyondForm() {
				beyond = true
				return false // the model decides, which knows where it stands
			}
			list = append(list, s.Unsupported...)
			return true
		})
	}
	for _, p := range op.Parameters {
		visit(p.Schema)
	}
	if op.Body != nil {
		for _, m := range op.Body.Content {
			visit(m.Schema)
			visit(m.Items)
			for _, e := range m.Encoding {
				for _, h := range e.Headers {
					visit(h.Schema)
				}
			}
		}
	}
	for _, resp := range op.Responses {
		for _, m := range resp.Content {
			visit(m.Schema)
			visit(m.Items)
		}
		for _, h := range resp.Headers {
			visit(h.Schema)
		}
	}
	if op.sound != nil && len(list) == own && !beyond {
		for s := range seen {
			op.sound[s] = true
		}
	}
	return list
}

// follow returns a path item, or all paths, behind its references; nil where there is none.
// What stands beside a reference there would hide behind it, and a specification that
// leaves its meaning open is no reason to serve less than is written.
func (r *reader) follow(whole *Operation, n *load.Node, what string) *load.Node {
	for n != nil && n.Get("$ref") != nil {
		for _, m := range n.Members {
			switch {
			case m.Key == "$ref", m.Key == "summary", m.Key == "description", strings.HasPrefix(m.Key, "x-"):
			default:
				whole.Unsupported.Add(diag.Diagnostic{
					Pos: m.Pos, Rule: rules.PathRef, Message: fmt.Sprintf("%q stands beside the $ref of %s, and OpenAPI leaves open what that means", m.Key, what),
					Advice: "write it where the $ref leads to, or leave the $ref out",
				})
			}
		}
		next, problem := r.doc.Target(n)
		if problem != nil {
			whole.Unsupported.Add(*problem)
			return nil
		}
		if next == n {
			whole.Unsupported.Errorf(n.PosOf("$ref"), rules.PathRef, "the $ref of %s must be a reference", what)
			return nil
		}
		n = next
	}
	return n
}

// pathItem reads the operations of a path. What is wrong with the path item is wrong with each of
// them; where nobody knows the operations, the path stands for them.
func (r *reader) pathItem(api *API, m load.Member) {
	whole := &Operation{Node: m.Value, PathNode: m.Value, Pos: m.Pos, Path: m.Key, Unsupported: slices.Clone(r.doc.Faults(m.Value))}
	first := len(api.Operations)
	if item := r.item(whole, m); item != nil {
		r.servers(item, "the path "+m.Key)
		for _, f := range item.Members {
			if method, ok := methods[f.Key]; ok {
				api.Operations = append(api.Operations, r.operation(f.Value, item, m, method))
				continue
			}
			if r.doc.Version == "3.2" && r.since32(api, whole, f, item, m) {
				continue
			}
			r.notOperation(api, whole, f, m)
		}
	}
	if len(api.Operations) == first && whole.Unsupported.HasErrors() {
		api.Operations = append(api.Operations, whole)
	}
	for _, op := range api.Operations[first:] {
		if op != whole {
			op.Unsupported = append(op.Unsupported, whole.Unsupported...)
		}
	}
}

// aliases finds the operations that references put below several paths. The one that is written below
// its path keeps the operationId, else the first; the others have none, as their names cannot be the same.
func (r *reader) aliases(api *API) {
	owner := map[*load.Node]*Operation{}
	for _, op := range api.Operations {
		if first := owner[op.object]; op.object != nil && (first == nil || first.byRef && !op.byRef) {
			owner[op.object] = op
		}
	}
	for _, op := range api.Operations {
		if first := owner[op.object]; first != nil && first != op {
			op.AliasOf, op.ID = first, ""
			if first.ID != "" {
				r.diags.Warnf(op.pathPos, rules.PathAlias, "%s %s is the operation %q of %s by a $ref: it is named by its method and path", op.Method, op.Path, first.ID, first.Path)
			}
		}
	}
}

// item is the path item of a path, nil where it cannot be read.
func (r *reader) item(whole *Operation, m load.Member) *load.Node {
	if whole.Unsupported.HasErrors() {
		return nil
	}
	if m.Value.Kind == load.Null {
		r.diags.Warnf(m.Pos, rules.PathItem, "the path %s has no operation", m.Key)
		return nil
	}
	item := r.follow(whole, m.Value, "the path "+m.Key)
	if item != nil && item.Kind != load.Object {
		whole.Unsupported.Errorf(item.Pos, rules.PathItem, "the path item of %s must be an object, this is of type %s", m.Key, item.Kind)
		return nil
	}
	return item
}

// misplaced adds an operation that is written where it is none. It returns the list of what is wrong.
func (api *API) misplaced(f, path load.Member, method string) *diag.List {
	op := &Operation{Node: f.Value, PathNode: path.Value, Pos: f.Pos, Path: path.Key, Method: method, ID: f.Value.StrOr("operationId")}
	api.Operations = append(api.Operations, op)
	return &op.Unsupported
}

// newOperation is what an operation costs beside its parts.
const newOperation = 16

// spend takes steps from the document's budget, for what stands at pos.
func (r *reader) spend(steps int, pos diag.Pos) { r.doc.Cost.Spend(cost.OpenAPI, steps, pos) }

// notOperation refuses members of a path item that mean an operation and are none of
// OpenAPI 3.0 and 3.1: they would not be served.
func (r *reader) notOperation(api *API, whole *Operation, f, path load.Member) {
	lower := strings.ToLower(f.Key)
	switch {
	case methods[lower] != "":
		api.misplaced(f, path, methods[lower]).Errorf(f.Pos, rules.PathItem, "methods are written in lower case: %q is not served; write %s", f.Key, lower)
	case f.Key == "query", f.Key == "additionalOperations":
		api.misplaced(f, path, strings.Replace(f.Key, "query", "QUERY", 1)).Errorf(f.Pos, rules.PathItem, "%q is of OpenAPI 3.2, and says nothing in %s", f.Key, r.doc.Version)
	default:
		r.unknown(whole, f, "a path item", "$ref", "summary", "description", "servers", "parameters")
	}
}

func (r *reader) operation(written, item *load.Node, path load.Member, method string) *Operation {
	r.spend(newOperation, path.Pos)
	n, problem := r.doc.Resolve(written) // real documents keep operations elsewhere
	if problem != nil {
		n = written
	}
	op := &Operation{
		sound: r.sound,
		Node:  written, PathNode: item, Pos: written.KeyPos(), pathPos: path.Pos, Path: path.Key, Method: method,
		ID: n.StrOr("operationId"), Summary: n.StrOr("summary"), Description: n.StrOr("description"), Deprecated: n.Get("deprecated").IsTrue(),
	}
	if op.Pos.Line == 0 {
		op.Pos = written.Pos
	}
	if problem == nil {
		op.IDPos, op.object, op.byRef = n.PosOf("operationId"), n, path.Value != item || n != written
	}
	if faults := r.doc.Faults(written); faults.HasErrors() {
		// It can lead into what no stage can read, such as schemas that consist of themselves.
		op.Unsupported = slices.Clone(faults)
		return op
	}
	if problem != nil {
		op.Unsupported.Add(*problem)
		return op
	}
	if n.Kind != load.Object {
		op.Unsupported.Errorf(n.Pos, rules.Operation, "an operation is an object")
		return op
	}
	for _, f := range n.Members {
		r.unknown(op, f, "an operation", "tags", "summary", "description", "externalDocs", "operationId", "parameters", "requestBody",
			"responses", "callbacks", "deprecated", "security", "servers")
	}
	if tags := n.Get("tags"); tags != nil {
		for _, t := range tags.Items {
			op.Tags = append(op.Tags, t.Text)
		}
	}
	if method == "TRACE" {
		op.Unsupported.Errorf(op.Pos, rules.Trace, "TRACE echoes credentials and is not served")
	}
	names := r.template(op, path)
	r.parameters(op, item)
	r.parameters(op, n)
	r.variantQuery(op, path)
	r.oneQuery(op)
	r.matchPath(op, names)
	r.body(op, n.Get("requestBody"))
	r.responses(op, n)
	r.sequences(op)
	r.servers(n, op.Method+" "+op.Path)
	if cb := n.Get("callbacks"); cb != nil && len(cb.Members) > 0 {
		r.diags.Warnf(cb.Pos, rules.Callbacks, "callbacks are requests that the API makes; bailey generates no server for them")
	}
	return op
}

// unknown warns of a member that says nothing: what its author wanted is not done. It
// refuses the operation when only the case of a letter is wrong.
func (r *reader) unknown(op *Operation, m load.Member, of string, known ...string) {
	if strings.HasPrefix(m.Key, "x-") || slices.Contains(known, m.Key) {
		return
	}
	if i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, m.Key) }); i >= 0 {
		op.Unsupported.Errorf(m.Pos, rules.UnknownMember, "%q is no member of %s: it says nothing; write %s", m.Key, of, known[i])
		return
	}
	r.diags.Warnf(m.Pos, rules.UnknownMember, "%q is no member of %s: it says nothing", m.Key, of)
}

// list returns the items of a member that must be a list, null and nothing being none.
func (r *reader) list(op *Operation, n *load.Node, key string) []*load.Node {
	v := n.Get(key)
	if v == nil || v.Kind == load.Null {
		return nil
	}
	r.spend(4*len(v.Items), v.Pos)
	if v.Kind != load.Array {
		op.Unsupported.Errorf(v.Pos, rules.Shape, "%s must be a list, this is of type %s", key, v.Kind)
	}
	return v.Items
}

// object returns the members of a member that must be an object.
func (r *reader) object(op *Operation, n *load.Node, key string) []load.Member {
	v := n.Get(key)
	if v == nil || v.Kind == load.Null {
		return nil
	}
	r.spend(4*len(v.Members), v.Pos)
	if v.Kind != load.Object {
		op.Unsupported.Errorf(v.Pos, rules.Shape, "%s must be an object, this is of type %s", key, v.Kind)
	}
	return v.Members
}

// flag is a member that is true or false. What looks like true to its author and is
// none must not come to mean false.
func (r *reader) flag(op *Operation, n *load.Node, key string, otherwise bool) bool {
	v := n.Get(key)
	if v == nil || v.Kind == load.Null {
		return otherwise
	}
	if v.Kind != load.Bool {
		op.Unsupported.Errorf(v.Pos, rules.Shape, "%s must be true or false, this is of type %s", key, v.Kind)
	}
	return v.IsTrue()
}

// resolved follows the reference that n may be, to an object.
func (r *reader) resolved(op *Operation, n *load.Node, what string) *load.Node {
	target, problem := r.doc.Resolve(n)
	if problem != nil {
		op.Unsupported.Add(*problem)
		return nil
	}
	if target.Kind != load.Object {
		op.Unsupported.Errorf(target.Pos, rules.Shape, "%s must be an object, this is of type %s", what, target.Kind)
		return nil
	}
	return target
}
