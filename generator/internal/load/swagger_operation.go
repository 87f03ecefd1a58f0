package load

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/cost"
	"github.com/bailey-go/bailey/generator/internal/diag"
)

// The media types of forms, and what is assumed where the document names none.
const (
	formType      = "application/x-www-form-urlencoded"
	multipartType = "multipart/form-data"
	jsonType      = "application/json"
	fileType      = "application/octet-stream"
)

// answer is what a response was before it was converted, and for which media types it
// has been: these are the operation's, and several operations can share a response.
type answer struct {
	written []Member
	made    map[string]*Node
}

// operation converts an operation (Swagger 2.0, Operation Object).
func (c *swagger) operation(op *operation2) {
	n := op.node
	c.newer(n, "requestBody", "callbacks", "servers")
	consumes, produces := c.consumes, c.produces
	// The operation's lists replace the document's; an empty one clears them.
	if v := c.mediaTypes(n, "consumes"); v != nil {
		consumes = v
	}
	if v := c.mediaTypes(n, "produces"); v != nil {
		produces = v
	}
	var members []Member
	for _, m := range n.Members {
		switch m.Key {
		case "consumes", "produces", "schemes":
		case "responses":
			c.responses(m.Value, produces)
			members = append(members, m)
		default:
			members = append(members, m)
		}
	}
	if body := c.takeBody(op, consumes); body != nil {
		members = append(members, Member{"requestBody", body.Pos, body})
	}
	if schemes := n.Get("schemes"); schemes != nil {
		if list := c.servers(c.doc.Root, schemes); list != nil && c.doc.Root.Get("host") != nil {
			list.Pos = schemes.Pos
			members = append(members, Member{"servers", schemes.Pos, list})
		} else {
			c.diags.Warnf(schemes.Pos, ruleConvert, "schemes of an operation are not part of the routes: it is served as all others are")
		}
	}
	n.remake(members)
	c.trim(n)
}

// takeBody makes a request body of the parameters of the body or of a form.
func (c *swagger) takeBody(op *operation2, consumes *Node) *Node {
	var body, bodyIn *Node // and the list that it stands in
	var fields []*Node
	// The operation's replace the path item's of the same name and place.
	for _, holder := range []*Node{op.item, op.node} {
		list := holder.Get("parameters")
		if list == nil {
			continue
		}
		for _, item := range list.Items {
			p := c.follow(item)
			switch p.StrOr("in") {
			case "body":
				c.beside(item)
				if bodyIn == list {
					c.refuse(item.Pos, "", "an operation has one body, and there is one already")
				}
				body, bodyIn = p, list
			case "formData":
				c.beside(item)
				i := slices.IndexFunc(fields, func(f *Node) bool { return f.StrOr("name") == p.StrOr("name") })
				if i < 0 {
					fields = append(fields, p)
				} else {
					fields[i] = p
				}
			}
		}
	}
	switch {
	case body != nil && len(fields) > 0:
		c.refuse(fields[0].Pos, "", "an operation has a body or a form, not both")
		return nil
	case body != nil:
		return c.body(body, consumes)
	case len(fields) > 0:
		return c.form(op.node, fields, consumes)
	}
	return nil
}

// trim leaves only what is still a parameter in the lists of operations and path items.
func (c *swagger) trim(n *Node) {
	list := n.Get("parameters")
	if list == nil || list.Kind != Array {
		return
	}
	var kept []*Node
	for _, item := range list.Items {
		if in := c.follow(item).StrOr("in"); in != "body" && in != "formData" {
			item.Key = decimal(len(kept))
			kept = append(kept, item)
		}
	}
	// The list is another node: an operation of the same path item reads this one.
	trimmed := &Node{Kind: Array, Items: kept, Pos: list.Pos}
	for _, item := range kept {
		item.Parent = trimmed
	}
	members := replace(n.Members, "parameters", trimmed)
	n.remake(members)
}

// annotation are members beside the schema of a body that say nothing of its values, or nothing of
// values that are no texts.
var annotation = map[string]bool{
	"example": true, "examples": true, "title": true, "deprecated": true, "externalDocs": true,
	"allowEmptyValue": true, "collectionFormat": true,
}

// body converts a parameter that is the body.
func (c *swagger) body(p *Node, consumes *Node) *Node {
	n := object(p.Pos)
	for _, m := range p.Members {
		switch {
		case m.Key == "required" || m.Key == "description" || strings.HasPrefix(m.Key, "x-"):
			n.add(m) // a shared parameter keeps it
		case m.Key == "name", m.Key == "in", m.Key == "schema":
		case annotation[m.Key]:
			c.diags.Warnf(m.Pos, ruleConvert, "%q says nothing of a body: it is an annotation, and not shown", m.Key)
		default:
			c.refuse(m.Pos, "write it below schema", "%q says nothing of a body", m.Key)
		}
	}
	schema := p.Get("schema")
	if schema == nil {
		c.refuse(p.Pos, "", "a body needs a schema")
		return nil
	}
	content := object(p.Pos)
	for _, t := range c.types(consumes, p.Pos, jsonType) {
		c.doc.Cost.Spend(cost.Load, newMedia, t.Pos)
		if t.Text == formType || t.Text == multipartType {
			c.diags.Warnf(t.Pos, ruleConvert, "the body at %v is no form: it is not read as %s", p.Pos, t.Text)
			continue
		}
		content.put(t.Text, t.Pos, object(t.Pos)).add(Member{"schema", schema.Pos, schema})
	}
	if len(content.Members) == 0 {
		c.refuse(p.Pos, "use parameters in formData", "a body that is a form: its fields are not parameters")
		return nil
	}
	n.put("content", p.Pos, content)
	return n
}

// types are the media types of a list, or the one that is assumed.
func (c *swagger) types(list *Node, at diag.Pos, otherwise string) []*Node {
	if list != nil && len(list.Items) > 0 {
		return list.Items
	}
	if otherwise == jsonType && !c.assumed {
		c.assumed = true
		c.diags.Add(diag.Diagnostic{
			Pos: at, Severity: diag.Warning, Rule: ruleConvert,
			Message: "no media type is named here, and in other places perhaps: " + jsonType + " is assumed",
			Advice:  "name them in consumes and produces",
		})
	}
	return []*Node{text(at, otherwise)}
}

// responses converts the responses of an operation.
func (c *swagger) responses(n *Node, produces *Node) {
	if n == nil || n.Kind != Object {
		return
	}
	for i := range n.Members {
		m := &n.Members[i]
		if strings.HasPrefix(m.Key, "x-") || m.Value.Kind != Object {
			continue
		}
		target := c.follow(m.Value)
		if target == nil || target.Kind != Object {
			continue
		}
		if made := c.answered(target, produces); made != target {
			c.beside(m.Value)
			made.Parent, made.Key = n, m.Key
			m.Value = made
		}
	}
}

// shared converts the document's own responses, also those that no operation has.
func (c *swagger) shared(n *Node) {
	if n == nil || n.Kind != Object {
		return
	}
	for _, m := range n.Members {
		if target := c.follow(m.Value); target != nil && target.Kind == Object && c.asked[target] == nil {
			c.answered(target, c.produces)
		}
	}
}

// answered is response, of which the response itself is converted, whoever has it first.
func (c *swagger) answered(n *Node, produces *Node) *Node {
	outer := c.current
	c.current = n
	to := c.response(n, produces)
	c.current = outer
	if to != n { // a copy, which has what is wrong with the response as it is written
		for _, f := range slices.Clone(c.doc.faults) {
			if f.node == n {
				c.doc.blame(to, f.found, c.diags)
			}
		}
	}
	return to
}

// response converts a response in place for the first operation that has it, and to a
// copy for one that answers with other media types.
func (c *swagger) response(n *Node, produces *Node) *Node {
	known := c.asked[n]
	if known == nil {
		c.newer(n, "content", "links")
		known = &answer{slices.Clone(n.Members), map[string]*Node{}}
		c.asked[n] = known
	}
	key := ""
	if produces != nil {
		for _, t := range produces.Items {
			key += t.Text + "\n"
		}
	}
	if made := known.made[key]; made != nil {
		return made
	}
	to := n
	if len(known.made) > 0 {
		to = &Node{Pos: n.Pos}
	}
	members, schema, examples := known.parts()
	to.Kind, to.Members, to.index = Object, nil, nil
	for _, m := range members {
		to.add(m)
	}
	if schema != nil {
		to.put("content", schema.Pos, c.content(schema, examples, produces))
	} else if examples != nil {
		c.diags.Warnf(examples.Pos, ruleConvert, "examples of a response without a schema are not shown")
	}
	known.made[key] = to
	return to
}

// parts divides a response.
func (r *answer) parts() (members []Member, schema, examples *Node) {
	for _, m := range r.written {
		switch m.Key {
		case "schema":
			schema = m.Value
		case "examples":
			examples = m.Value
		default:
			members = append(members, m)
		}
	}
	return members, schema, examples
}

// newMedia is what another media type costs: it has about 500 bytes, and is bundled.
const newMedia = 16

// content gives a response's schema to each media type.
func (c *swagger) content(schema, examples, produces *Node) *Node {
	content := object(schema.Pos)
	otherwise := jsonType
	isFile := c.follow(schema).StrOr("type") == "file"
	if isFile {
		otherwise = fileType
		c.lost(c.follow(schema))
		c.beside(schema)
	}
	list := c.types(produces, schema.Pos, otherwise)
	if isFile {
		list = c.fileTypes(list, schema.Pos)
	}
	for _, t := range list {
		c.doc.Cost.Spend(cost.Load, newMedia, t.Pos)
		media := content.put(t.Text, t.Pos, object(t.Pos))
		if isFile {
			media.put("schema", schema.Pos, binary(schema.Pos))
			continue
		}
		media.add(Member{"schema", schema.Pos, schema})
		if e := examples.Get(t.Text); e != nil {
			media.put("example", e.Pos, e)
		}
	}
	if examples != nil {
		for _, e := range examples.Members {
			if content.Get(e.Key) == nil && !strings.HasPrefix(e.Key, "x-") {
				c.diags.Warnf(e.Pos, ruleConvert, "the example is of %s, which is not produced", quote(e.Key))
			}
		}
	}
	return content
}

// fileTypes are the media types of a file. A file is octets, which no type of JSON is: such a type is
// mostly meant for the other responses, which say nothing else.
func (c *swagger) fileTypes(produces []*Node, at diag.Pos) []*Node {
	isJSON := func(t *Node) bool {
		return formOf(t) == jsonType || strings.HasSuffix(formOf(t), "+json") || formOf(t) == "text/json"
	}
	list := slices.DeleteFunc(slices.Clone(produces), isJSON)
	if len(list) == len(produces) {
		return produces
	}
	if len(list) == 0 {
		list = []*Node{text(at, fileType)}
	}
	c.diags.Add(diag.Diagnostic{
		Pos: at, Severity: diag.Warning, Rule: ruleConvert, Message: "a file is octets, and not JSON as produces says: it is sent as " + list[0].Text,
		Advice: "name its media type in produces of the operation",
	})
	return list
}

// beside refuses policies beside a reference that the conversion replaces by its target.
func (c *swagger) beside(n *Node) {
	if _, isRef := refText(n); isRef {
		c.lost(n)
	}
}

// lost refuses policies on an object that the conversion replaces: no later stage would meet them.
func (c *swagger) lost(n *Node) {
	for i := range n.Members {
		if m := &n.Members[i]; strings.HasPrefix(strings.ToLower(m.Key), "x-bailey") {
			c.refuse(m.Pos, "write it on what the reference leads to, or on the operation", "%s is not read here: the object is replaced when Swagger 2.0 is converted", m.Key)
		}
	}
}

func binary(at diag.Pos) *Node {
	return object(at, Member{"type", at, text(at, "string")}, Member{"format", at, text(at, "binary")})
}
