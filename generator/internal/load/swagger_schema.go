package load

import "strings"

// schema converts a schema: what differs are null, which only extensions could say,
// and the discriminator, which was a name (Swagger 2.0, Schema Object).
func (c *swagger) schema(n *Node) {
	members := append([]Member(nil), n.Members...)
	changed := false
	for i := range members {
		m := &members[i]
		switch {
		case m.Key == "x-nullable":
			if m.Value.Kind != Bool {
				c.refuse(m.Value.Pos, "", "x-nullable must be true or false, this is %s", a(m.Value.Kind))
				continue
			}
			if n.Get("nullable") == nil {
				m.Key, changed = "nullable", true
			}
		case m.Key == "discriminator" && m.Value.Kind == String:
			m.Value, changed = object(m.Value.Pos, Member{"propertyName", m.Value.Pos, text(m.Value.Pos, m.Value.Text)}), true
		case m.Key == "discriminator":
			c.refuse(m.Value.Pos, "", "in Swagger 2.0 a discriminator is the name of a property, this is %s", a(m.Value.Kind))
		}
	}
	if changed {
		n.remake(members)
	}
}

// ofSchema are the members of a parameter, a header or an item that belong to its
// schema in OpenAPI 3.0.
var ofSchema = map[string]bool{
	"type": true, "format": true, "items": true, "default": true, "maximum": true, "exclusiveMaximum": true, "minimum": true,
	"exclusiveMinimum": true, "maxLength": true, "minLength": true, "pattern": true, "maxItems": true, "minItems": true,
	"uniqueItems": true, "enum": true, "multipleOf": true, "x-nullable": true,
}

// divided is a parameter or a header without its schema.
type divided struct {
	rest   []Member
	schema *Node
	format *Node  // collectionFormat
	inner  string // the separators of arrays in arrays
}

// divide takes the schema out of a parameter or a header.
func (c *swagger) divide(n *Node) divided {
	d := divided{schema: object(n.Pos)}
	for _, m := range n.Members {
		switch {
		case m.Key == "collectionFormat":
			d.format = m.Value
		case ofSchema[m.Key]:
			d.schema.put(m.Key, m.Pos, m.Value)
			if m.Key == "items" {
				d.inner = c.items(m.Value)
			}
		default:
			d.rest = append(d.rest, m)
		}
	}
	c.schema(d.schema)
	return d
}

// formats are the separators of collectionFormat (Swagger 2.0, Parameter Object and Items Object).
var formats = map[string]byte{"csv": ',', "ssv": ' ', "tsv": '\t', "pipes": '|'}

// items converts the items of a parameter or a header, and returns what stands between the items of
// arrays inside.
func (c *swagger) items(n *Node) string {
	if inner, done := c.inside[n]; done { // several operations can share a field of a form
		return inner
	}
	inner, first := "", n
	for depth := 0; n != nil && n.Kind == Object && depth < maxHops; depth++ {
		name, at := "csv", n.Pos
		if f := n.Get("collectionFormat"); f != nil {
			name, at = f.Text, f.Pos
		}
		switch separator, known := formats[name]; {
		case n.StrOr("type") != "array":
			if n.Get("collectionFormat") != nil {
				c.diags.Warnf(n.KeyPosOf("collectionFormat"), ruleConvert, "collectionFormat says nothing of items that are no arrays")
			}
		case !known:
			c.refuse(at, "use csv, ssv, tsv or pipes", "an array within an array is not divided as %s says", quote(name))
		default:
			inner += string(separator)
		}
		var members []Member
		for _, m := range n.Members {
			if m.Key != "collectionFormat" {
				members = append(members, m)
			}
		}
		n.remake(members)
		c.schema(n)
		n = n.Get("items")
	}
	c.inside[first] = inner
	return inner
}

// header converts a header of a response (Swagger 2.0, Header Object).
func (c *swagger) header(n *Node) {
	c.newer(n, "schema", "content", "style", "explode")
	d := c.divide(n)
	if array := d.schema.StrOr("type") == "array"; array && d.inner != "" {
		c.refuse(n.Pos, "use a body", "an array within an array is not written into the header of a response")
	} else if array && d.format != nil && d.format.Text != "csv" {
		c.refuse(d.format.Pos, "use csv", "OpenAPI 3.0 has no headers whose values are divided as %s says", quote(d.format.Text))
	}
	n.remake(append(d.rest, Member{"schema", n.Pos, d.schema}))
}

// parameter converts a parameter that stays one (Swagger 2.0, Parameter Object).
func (c *swagger) parameter(n *Node) {
	in := n.StrOr("in")
	if in == "body" || in == "formData" {
		return
	}
	c.newer(n, "schema", "content", "style", "explode", "allowReserved")
	if in == "cookie" {
		c.refuse(n.PosOf("in"), "declare `openapi: 3.0.3` and write the whole document so", "a parameter in a cookie is of OpenAPI 3, this is a document of Swagger 2.0")
		return
	}
	d := c.divide(n)
	if d.schema.StrOr("type") == "file" {
		c.refuse(d.schema.PosOf("type"), "", "only a parameter of formData can be a file")
		return
	}
	if d.schema.StrOr("type") == "array" {
		style, explode := c.style(n, n, in, d)
		d.rest = append(d.rest, Member{"style", n.Pos, text(n.Pos, style)}, Member{"explode", n.Pos, flag(n.Pos, explode)})
	} else if d.format != nil {
		c.diags.Warnf(d.format.Pos, ruleConvert, "collectionFormat says nothing of a parameter that is no array")
	}
	n.remake(append(d.rest, Member{"schema", n.Pos, d.schema}))
}

// style is what a collectionFormat is in OpenAPI 3.0; without one, commas divide. What no style says is
// noted for the node that it is said of.
func (c *swagger) style(of, n *Node, in string, d divided) (style string, explode bool) {
	at, name := n.Pos, "csv"
	if d.format != nil {
		at, name = d.format.Pos, d.format.Text
	}
	one := in == "path" || in == "header"
	style = "form"
	if one {
		style = "simple"
	}
	separator, known := formats[name]
	switch {
	case name == "multi" && !one:
		c.doc.separate(of, Separators{Inner: d.inner})
		return style, true
	case !known:
		advice := "use csv, ssv, tsv, pipes or multi"
		if one {
			advice = "use csv, ssv, tsv or pipes"
		}
		c.refuse(at, advice, "Swagger 2.0 has no %s parameters whose values are divided as %s says", in, quote(name))
	case strings.IndexByte(d.inner, separator) >= 0 || repeats(d.inner):
		c.refuse(at, "write another collectionFormat on the outer array or on its items", "an array and the arrays inside of it are divided by the same character, so that they cannot be told apart")
	case name == "csv" && d.inner == "":
	case name == "ssv" && !one && d.inner == "":
		style = "spaceDelimited"
	case name == "pipes" && !one && d.inner == "":
		style = "pipeDelimited"
	default:
		c.doc.separate(of, Separators{Outer: separator, Inner: d.inner})
	}
	return style, false
}

// repeats reports whether a character stands twice in a text.
func repeats(s string) bool {
	for i := range len(s) {
		if strings.IndexByte(s[i+1:], s[i]) >= 0 {
			return true
		}
	}
	return false
}
