package policy

import (
	"fmt"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// role is what an object of the document is, for the question which keys may stand
// on it.
type role uint8

const (
	roleOther role = iota // nothing of ours
	roleDocument
	rolePath
	roleOperation
	roleIdlePath      // of a webhook or a callback: not served
	roleIdleOperation // the same
	roleScheme
	roleParameter
	roleComponents
	roleBody
	roleResponse
	roleHeader
	roleMedia
	roleEncoding
	roleCallback
	// Schemas, by where they stand. One schema can have several of these roles, by
	// several references.
	roleNamed        // under components or $defs: only a name
	roleProperty     // a property's schema
	roleParamSchema  // a parameter's, written there
	roleParamSchema2 // a parameter's, by reference
	roleUse          // anywhere else: items, bodies, branches
	roleCount
)

// rolePlaces says which places of the vocabulary a role is.
var rolePlaces = [roleCount]place{
	roleDocument:  onDocument,
	rolePath:      onPath,
	roleOperation: onOperation,
	roleScheme:    onScheme,
	roleParameter: onParameter,
	roleResponse:  onResponse,
	// What stands on a component travels with the references to it, so the places
	// that these stand in decide.
	roleNamed:    onSchema | onProperty,
	roleProperty: onSchema | onProperty,
	// A parameter never leaves, so masks of a shared schema do no harm there.
	roleParamSchema:  onSchema,
	roleParamSchema2: onSchema | onProperty,
	roleUse:          onSchema,
}

func (r role) schema() bool { return r >= roleNamed }

// shape says how many objects of its role stand under a member's name.
type shape uint8

const (
	one  shape = iota
	list       // an array of them
	dict       // an object of them, under names
	flex       // one, or an array of them
)

type kid struct {
	role  role
	shape shape
}

// kids are the members that lead to objects with a role; what is not listed has none.
var kids = [roleCount]map[string]kid{
	roleDocument: {
		"paths": {rolePath, dict}, "webhooks": {roleIdlePath, dict}, "components": {roleComponents, one},
	},
	roleComponents: {
		"schemas": {roleNamed, dict}, "responses": {roleResponse, dict}, "parameters": {roleParameter, dict},
		"requestBodies": {roleBody, dict}, "headers": {roleHeader, dict}, "securitySchemes": {roleScheme, dict},
		"callbacks": {roleCallback, dict}, "pathItems": {rolePath, dict},
		"mediaTypes": {roleMedia, dict},
	},
	rolePath:          pathKids(roleOperation),
	roleIdlePath:      pathKids(roleIdleOperation),
	roleOperation:     operationKids,
	roleIdleOperation: operationKids,
	roleParameter: {
		"schema": {roleParamSchema, one}, "content": {roleMedia, dict},
	},
	roleHeader:   {"schema": {roleUse, one}, "content": {roleMedia, dict}},
	roleBody:     {"content": {roleMedia, dict}},
	roleResponse: {"content": {roleMedia, dict}, "headers": {roleHeader, dict}},
	roleMedia:    {"schema": {roleUse, one}, "itemSchema": {roleUse, one}, "encoding": {roleEncoding, dict}},
	roleEncoding: {"headers": {roleHeader, dict}},
	roleNamed:    schemaKids(roleNamed), roleProperty: schemaKids(roleProperty), roleUse: schemaKids(roleUse),
	roleParamSchema: schemaKids(roleParamSchema), roleParamSchema2: schemaKids(roleParamSchema2),
}

// methods are the members of a path item that are operations.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}

func pathKids(operation role) map[string]kid {
	m := map[string]kid{"parameters": {roleParameter, list}, "additionalOperations": {operation, dict}}
	for _, method := range methods {
		m[method] = kid{operation, one}
	}
	return m
}

var operationKids = map[string]kid{
	"parameters": {roleParameter, list}, "requestBody": {roleBody, one},
	"responses": {roleResponse, dict}, "callbacks": {roleCallback, dict},
}

// schemaKids are those of a schema in the role self. A branch of allOf is in the
// same place as the schema that it is a part of.
func schemaKids(self role) map[string]kid {
	m := map[string]kid{
		"properties": {roleProperty, dict}, "allOf": {self, list},
		"$defs": {roleNamed, dict}, "definitions": {roleNamed, dict},
		"items": {roleUse, flex}, "patternProperties": {roleUse, dict}, "dependentSchemas": {roleUse, dict},
	}
	for _, word := range []string{"oneOf", "anyOf", "prefixItems"} {
		m[word] = kid{roleUse, list}
	}
	for _, word := range []string{
		"not", "if", "then", "else", "additionalItems", "additionalProperties", "unevaluatedItems",
		"unevaluatedProperties", "contains", "propertyNames", "contentSchema",
	} {
		m[word] = kid{roleUse, one}
	}
	return m
}

// isData reports whether what stands under a keyword is data.
func isData(key string) bool {
	switch key {
	case "example", "examples", "default", "enum", "const":
		return true
	}
	return false
}

type visit struct {
	n *load.Node
	k kid
}

// walker goes through the whole document and what it refers to.
type walker struct {
	r     *reader
	seen  map[visit]bool
	queue []visit // the targets of references, so that chains of them cost no stack
	// known are the nodes that have a role. What is met without one, as in another
	// tool's extension, can get one by a reference later: what was found there waits.
	known map[*load.Node]bool
	late  []late
}

// late is a key of ours on a node without a role.
type late struct {
	n *load.Node
	m *load.Member
}

// walk meets every node that the document says something with, checks the place of
// every key of ours and reads its value.
func (r *reader) walk() {
	w := &walker{r: r, seen: map[visit]bool{}, known: map[*load.Node]bool{}}
	w.enter(r.doc.Root, kid{roleDocument, one})
	for len(w.queue) > 0 {
		next := w.queue[0]
		w.queue = w.queue[1:]
		w.enter(next.n, next.k)
	}
	for _, l := range w.late {
		if !w.known[l.n] {
			w.misplaced(l.m, roleOther)
		}
	}
}

// enter walks what stands in a place.
func (w *walker) enter(n *load.Node, k kid) {
	if n.Kind != load.Object && n.Kind != load.Array {
		return
	}
	if v := (visit{n, k}); w.seen[v] {
		return
	} else if k.role != roleOther {
		w.seen[v], w.known[n] = true, true
	}
	ref := false
	if k.role != roleOther {
		if _, ref = n.Get("$ref").Str(); ref {
			w.follow(n, k)
		}
	}
	switch {
	case n.Kind == load.Array:
		item := kid{k.role, one}
		if k.shape != list && k.shape != flex {
			item.role = roleOther
		}
		for _, i := range n.Items {
			w.enter(i, item)
		}
	case k.shape == dict:
		w.names(n, k)
	case k.role == roleCallback:
		w.names(n, kid{roleIdlePath, dict})
	default:
		w.object(n, k.role, ref)
	}
}

// follow has the target of a reference walked.
func (w *walker) follow(n *load.Node, k kid) {
	target, err := w.r.doc.Target(n)
	if err != nil || target == nil {
		return // load has reported it
	}
	if k.role == roleParamSchema {
		k.role = roleParamSchema2
	}
	w.queue = append(w.queue, visit{target, k})
	if !w.r.doc.Line(n) {
		w.relatives(target, k)
	}
}

// relatives has the members of a family walked, which are in the place of its base as the branches of
// a oneOf would be.
func (w *walker) relatives(base *load.Node, k kid) {
	f := w.r.doc.Family(base)
	if f == nil || !k.role.schema() || k.role == roleNamed {
		return
	}
	for _, m := range f.Members {
		if m.Node != base {
			w.queue = append(w.queue, visit{m.Node, kid{roleUse, one}})
		}
	}
}

// names walks the values of an object whose member names are the document's own.
func (w *walker) names(n *load.Node, k kid) {
	extensible := k.role == rolePath || k.role == roleIdlePath || k.role == roleResponse
	for i := range n.Members {
		m := &n.Members[i]
		switch {
		case extensible && w.r.ours(m.Key):
			w.misplaced(m, roleOther)
		case w.r.table[m.Key] != nil:
			// Nobody calls a property that; but indented too far, a policy would be lost.
			w.r.fail(m.Pos, rules.PolicyPlace, m.Key+" stands among names here, where it would be one of them", "indent it less")
		case extensible && strings.HasPrefix(m.Key, "x-"):
			w.enter(m.Value, kid{})
		default:
			w.enter(m.Value, kid{k.role, one})
		}
	}
}

// object walks the members of an object.
func (w *walker) object(n *load.Node, as role, ref bool) {
	known := kids[as]
	if _, _, named := w.r.doc.ComponentName(n); !named {
		w.relatives(n, kid{as, one}) // others are met by a reference
	}
	for i := range n.Members {
		m := &n.Members[i]
		switch k, ok := known[m.Key]; {
		case w.r.ours(m.Key) && as == roleOther:
			w.late = append(w.late, late{n, m})
		case w.r.ours(m.Key):
			w.key(n, m, as, ref)
		case ok && (!ref || as.schema()):
			w.enter(m.Value, k)
		case isData(m.Key) || m.Key == "$ref":
		default:
			w.enter(m.Value, kid{})
		}
	}
}

// key checks one key of ours on n, and reads it.
func (w *walker) key(n *load.Node, m *load.Member, as role, ref bool) {
	k := w.r.table[m.Key]
	switch {
	case k == nil:
		advice := "docs/policy.md lists the keys"
		if best, distance := w.r.closest(m.Key); distance <= max(1, (len(best)-len(prefix))/3) {
			advice = "did you mean " + best + "?"
		}
		w.r.fail(m.Pos, rules.PolicyUnknown, fmt.Sprintf("unknown key %s", short(m.Key)), advice)
		return
	case k.read == nil:
		w.r.fail(m.Pos, rules.PolicyUnsupported, m.Key+" is not supported yet, so nothing would enforce it", "leave it out")
		return
	case k.on&rolePlaces[as] == 0:
		w.misplaced(m, as)
		return
	case ref && !(as == roleProperty && k.on&onProperty != 0):
		w.r.fail(m.Pos, rules.PolicyPlace, m.Key+" stands beside a $ref, where it would not be read", "write it in what the $ref leads to")
		return
	}
	if _, done := w.r.values[m.Value]; !done {
		before := len(w.r.diags)
		if w.r.noPlaceholders(m.Value, m.Key); len(w.r.diags) > before {
			w.r.values[m.Value] = nil
			return
		}
		w.r.values[m.Value] = k.read(w.r, m.Value)
	}
	if m.Key == prefix+"errors" && !w.r.shaped[n] {
		w.r.shaped[n] = true
		if e, ok := w.r.values[m.Value].(*Errors); ok {
			if as != roleDocument && len(e.Status) > 0 {
				w.r.fail(e.Status[0].Pos, rules.PolicyPlace, "x-bailey-errors.status stands on a "+rolePlaces[as].first(), "the map of statuses is one for the document: write it there")
			}
			if as != roleDocument && e.Terse {
				w.r.fail(e.TerseAt, rules.PolicyPlace, "x-bailey-errors.details stands on a "+rolePlaces[as].first(), "details are terse for the whole document: write it there")
			}
			w.r.set.Errors[n] = e
			w.r.set.ErrorHolders = append(w.r.set.ErrorHolders, n)
		}
	}
	if (as.schema() || as == roleParameter) && !w.r.noted[n] {
		w.r.noted[n] = true
		w.r.annotated = append(w.r.annotated, n)
	}
}

// misplaced reports a key in a place where it means nothing.
func (w *walker) misplaced(m *load.Member, as role) {
	k := w.r.table[m.Key]
	if k == nil || k.read == nil {
		w.key(nil, m, as, false)
		return
	}
	message := m.Key + " means nothing here"
	advice := "it can stand on: " + k.on.String()
	switch {
	case as == roleIdlePath || as == roleIdleOperation:
		message += ": webhooks and callbacks are not served"
	case as.schema():
		message += ": this schema is used, here or by a reference, as something else than a property"
		advice = "write it on the property itself"
	}
	w.r.fail(m.Pos, rules.PolicyPlace, message, advice)
}
