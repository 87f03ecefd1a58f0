package load

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
)

// ruleConvert is the rule of what Swagger 2.0 says and OpenAPI 3.0 has no words for.
const ruleConvert = "convert"

// swagger turns the nodes of a Swagger 2.0 document into those of an OpenAPI 3.0 one,
// before anything else reads them. Nodes are changed in place and keep their positions,
// so that whatever a later stage says points into the document as it was written, and
// a reference leads to the node that it led to before, whatever became of its address.
//
// What OpenAPI 3.0 cannot say is refused where it stands; what says nothing in either
// is left for the stages that warn of unknown members.
type swagger struct {
	doc    *Document
	source *source
	diags  *diag.List

	seen       map[visit]bool
	queue      []visit // the targets of references, so that chains of them cost no stack
	schemas    []*Node
	parameters []*Node
	headers    []*Node
	operations []*operation2
	pathItems  []*Node
	consumes   *Node // of the document
	produces   *Node
	assumed    bool // that a missing media type is JSON has been said
	asked      map[*Node]*answer
	inside     map[*Node]string // the separators of arrays in arrays, by the node that says items
	// current is what is being converted: what is refused meanwhile is refused of it. nil stands for
	// the document.
	current *Node
}

// operation2 is an operation of Swagger 2.0 with the path item that it stands in.
type operation2 struct{ node, item *Node }

// oldMethods are the members of a path item that are operations (Swagger 2.0, Path
// Item Object).
var oldMethods = []string{"get", "put", "post", "delete", "options", "head", "patch"}

// isSwagger reports whether the document is of version 2.0.
func isSwagger(root *Node) bool {
	v := root.Get("swagger")
	return v != nil && root.Get("openapi") == nil && (v.Text == "2.0" && (v.Kind == String || v.Kind == Number))
}

// convert runs the conversion. It reads the whole document first, since references
// must be resolved in the document as it is written.
func (c *swagger) convert() {
	root := c.doc.Root
	c.seen, c.asked, c.inside = map[visit]bool{}, map[*Node]*answer{}, map[*Node]string{}
	c.consumes, c.produces = c.mediaTypes(root, "consumes"), c.mediaTypes(root, "produces")
	c.members(root.Get("definitions"), roleSchema)
	c.members(root.Get("parameters"), roleParameter)
	c.members(root.Get("responses"), roleResponse)
	c.members(root.Get("paths"), rolePathItem)
	for len(c.queue) > 0 {
		next := c.queue[0]
		c.queue = c.queue[1:]
		c.meet(next.n, next.p.role)
	}
	for _, h := range c.headers {
		c.each(h, c.header)
	}
	// Operations need the parameters of bodies and forms as they were written.
	for _, op := range c.operations {
		c.each(op.node, func(*Node) { c.operation(op) })
	}
	for _, item := range c.pathItems {
		c.trim(item)
	}
	c.shared(root.Get("responses"))
	for _, p := range c.parameters {
		c.each(p, c.parameter)
	}
	for _, s := range c.schemas {
		c.each(s, c.schema)
	}
	c.root(root)
}

// each converts a node with what is given for it.
func (c *swagger) each(n *Node, convert func(*Node)) {
	outer := c.current
	c.current = n
	convert(n)
	c.current = outer
}

// members meets every value of an object, but for extensions.
func (c *swagger) members(n *Node, r role) {
	if n == nil || n.Kind != Object {
		return
	}
	for i := range n.Members {
		if m := &n.Members[i]; r == roleSchema || !strings.HasPrefix(m.Key, "x-") {
			c.meet(m.Value, r)
		}
	}
}

// meet notes a node with what it is, and goes on to all that it holds.
func (c *swagger) meet(n *Node, r role) {
	v := visit{n, place{r, one}}
	if n == nil || n.Kind != Object || c.seen[v] {
		return
	}
	c.seen[v] = true
	if _, isRef := refText(n); isRef {
		c.refer(n, r)
		return
	}
	switch r {
	case rolePathItem:
		c.pathItems = append(c.pathItems, n)
		c.each(n, func(*Node) { c.newer(n, "trace", "query", "servers", "additionalOperations") })
		c.list(n.Get("parameters"), roleParameter)
		for _, method := range oldMethods {
			if op := n.Get(method); op != nil && op.Kind == Object {
				c.operations = append(c.operations, &operation2{op, n})
				c.list(op.Get("parameters"), roleParameter)
				c.members(op.Get("responses"), roleResponse)
			}
		}
	case roleParameter:
		c.parameters = append(c.parameters, n)
		c.meet(n.Get("schema"), roleSchema)
	case roleResponse:
		c.meet(n.Get("schema"), roleSchema)
		c.members(n.Get("headers"), roleHeader)
	case roleHeader:
		c.headers = append(c.headers, n)
	case roleSchema:
		c.schemas = append(c.schemas, n)
		for i := range n.Members {
			m := &n.Members[i]
			switch p := places[roleSchema][m.Key]; {
			case p.role != roleSchema:
			case p.shape == dict:
				c.members(m.Value, roleSchema)
			case m.Value.Kind == Array:
				c.list(m.Value, roleSchema)
			default:
				c.meet(m.Value, roleSchema)
			}
		}
	}
}

func (c *swagger) list(n *Node, r role) {
	if n != nil && n.Kind == Array {
		for _, item := range n.Items {
			c.meet(item, r)
		}
	}
}

// refer resolves a reference, once and for all: the walk takes what is found here.
func (c *swagger) refer(n *Node, r role) {
	if _, done := c.doc.fixed[n]; done {
		return
	}
	at, text := refAt(n)
	target, err := c.doc.locate(n, text, c.source.get)
	c.doc.fixed[n] = target
	switch {
	case err == nil:
		c.queue = append(c.queue, visit{target, place{r, one}})
	case err != errSilent:
		c.doc.blame(n, diag.Diagnostic{Pos: at, Rule: err.rule, Message: "$ref " + quote(text) + " " + err.why, Advice: err.advice}, c.diags)
	default:
		for _, found := range c.doc.unread(n, text) {
			c.doc.blame(n, found, c.diags)
		}
	}
}

// follow is the node at the end of references, nil where they lead nowhere.
func (c *swagger) follow(n *Node) *Node {
	for range maxHops {
		if n == nil {
			return nil
		}
		if _, isRef := refText(n); !isRef {
			return n
		}
		n = c.doc.fixed[n]
	}
	return nil
}

func (c *swagger) refuse(at diag.Pos, advice, format string, args ...any) {
	d := problem(at, ruleConvert, format, args...)
	d.Advice = advice
	if c.current == nil {
		c.diags.Add(*d)
		return
	}
	c.doc.blame(c.current, *d, c.diags)
}

// newer refuses the members of OpenAPI 3, which Swagger 2.0 gives no meaning.
func (c *swagger) newer(n *Node, names ...string) {
	for i := range n.Members {
		m := &n.Members[i]
		for _, name := range names {
			if m.Key == name {
				c.refuse(m.Pos, "declare `openapi: 3.0.3` and write the whole document so", "%q is of OpenAPI 3, this is a document of Swagger 2.0", name)
			}
		}
	}
}

// mediaTypes is a list of media types, nil where there is none.
func (c *swagger) mediaTypes(n *Node, key string) *Node {
	v := n.Get(key)
	if v == nil || v.Kind == Null {
		return nil
	}
	if v.Kind != Array {
		c.refuse(v.Pos, "", "%s must be a list of media types, this is %s", key, a(v.Kind))
		return nil
	}
	for _, item := range v.Items {
		if item.Kind != String {
			c.refuse(item.Pos, "", "%s must be a list of media types, this item is %s", key, a(item.Kind))
			return nil
		}
	}
	return v
}

// remake gives a node other members.
func (n *Node) remake(members []Member) {
	n.Kind, n.Text, n.Members, n.index = Object, "", nil, nil
	for _, m := range members {
		n.put(m.Key, m.Pos, m.Value)
	}
}

// put adds a member, and makes this its value's place.
func (n *Node) put(key string, at diag.Pos, v *Node) *Node {
	v.Parent, v.Key = n, key
	n.add(Member{key, at, v})
	return v
}

// object, text and flag make nodes that no file holds, at the place of what they say.
func object(at diag.Pos, members ...Member) *Node {
	n := &Node{Pos: at}
	n.remake(members)
	return n
}

func text(at diag.Pos, s string) *Node { return &Node{Kind: String, Text: s, Pos: at} }

func flag(at diag.Pos, v bool) *Node {
	if v {
		return &Node{Kind: Bool, Text: "true", Pos: at}
	}
	return &Node{Kind: Bool, Text: "false", Pos: at}
}

// array makes a list of values.
func array(at diag.Pos, items ...*Node) *Node {
	n := &Node{Kind: Array, Pos: at, Items: items}
	for i, item := range items {
		item.Parent, item.Key = n, decimal(i)
	}
	return n
}
