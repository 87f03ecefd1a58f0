package load

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

// divide takes the schema out of a parameter or a header: what is left of it, the
// schema, and how its arrays are written.
func (c *swagger) divide(n *Node) (rest []Member, schema, format *Node) {
	schema = object(n.Pos)
	for _, m := range n.Members {
		switch {
		case m.Key == "collectionFormat":
			format = m.Value
		case ofSchema[m.Key]:
			schema.put(m.Key, m.Pos, m.Value)
			if m.Key == "items" {
				c.items(m.Value)
			}
		default:
			rest = append(rest, m)
		}
	}
	c.schema(schema)
	return rest, schema, format
}

// items converts the items of a parameter or a header. How an array within an array is
// divided has no words in OpenAPI 3.0.
func (c *swagger) items(n *Node) {
	for depth := 0; n != nil && n.Kind == Object && depth < maxHops; depth++ {
		if n.StrOr("type") == "array" {
			c.refuse(n.Pos, "use a body", "OpenAPI 3.0 does not say how an array within an array is written outside of a body")
			return
		}
		var members []Member
		for _, m := range n.Members {
			if m.Key == "collectionFormat" {
				c.diags.Warnf(m.Pos, ruleConvert, "collectionFormat says nothing of items that are no arrays")
				continue
			}
			members = append(members, m)
		}
		n.remake(members)
		c.schema(n)
		n = n.Get("items")
	}
}

// header converts a header of a response (Swagger 2.0, Header Object).
func (c *swagger) header(n *Node) {
	c.newer(n, "schema", "content", "style", "explode")
	rest, schema, format := c.divide(n)
	if format != nil && format.Text != "csv" && schema.StrOr("type") == "array" {
		c.refuse(format.Pos, "use csv", "OpenAPI 3.0 has no headers whose values are divided as %s says", quote(format.Text))
	}
	n.remake(append(rest, Member{"schema", n.Pos, schema}))
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
	rest, schema, format := c.divide(n)
	if schema.StrOr("type") == "file" {
		c.refuse(schema.PosOf("type"), "", "only a parameter of formData can be a file")
		return
	}
	if schema.StrOr("type") == "array" {
		style, explode := c.style(n, in, format)
		rest = append(rest, Member{"style", n.Pos, text(n.Pos, style)}, Member{"explode", n.Pos, flag(n.Pos, explode)})
	} else if format != nil {
		c.diags.Warnf(format.Pos, ruleConvert, "collectionFormat says nothing of a parameter that is no array")
	}
	n.remake(append(rest, Member{"schema", n.Pos, schema}))
}

// style is what a collectionFormat is in OpenAPI 3.0; without one, commas divide.
func (c *swagger) style(n *Node, in string, format *Node) (style string, explode bool) {
	at, name := n.Pos, "csv"
	if format != nil {
		at, name = format.Pos, format.Text
	}
	simple := in == "path" || in == "header"
	advice := "use csv or multi"
	if simple {
		advice = "use csv"
	}
	switch {
	case name == "csv" && simple:
		return "simple", false
	case name == "csv":
		return "form", false
	case name == "multi" && !simple:
		return "form", true
	case name == "ssv" && in == "query":
		return "spaceDelimited", false
	case name == "pipes" && in == "query":
		return "pipeDelimited", false
	}
	c.refuse(at, advice, "OpenAPI 3.0 has no %s parameters whose values are divided as %s says", in, quote(name))
	return "simple", false
}
