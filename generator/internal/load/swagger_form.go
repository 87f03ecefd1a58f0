package load

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
)

// field is a parameter of a form as a property.
type field struct {
	name     string
	schema   *Node
	array    bool
	required bool
	divided  divided // as it was written
}

// form makes a request body of the parameters of a form. Each is a property of one
// object; how arrays are divided goes to the encoding (OpenAPI 3.0, Encoding Object).
func (c *swagger) form(op *Node, params []*Node, consumes *Node) *Node {
	at := params[0].Pos
	n := object(at)
	properties, required := object(at), array(at)
	var fields []field
	file := false
	for _, p := range params {
		f := c.field(p)
		if f.schema.StrOr("format") == "binary" {
			file = true
		}
		if f.required {
			item := text(p.Pos, f.name)
			item.Parent, item.Key = required, decimal(len(required.Items))
			required.Items = append(required.Items, item)
		}
		properties.put(f.name, p.Pos, f.schema)
		fields = append(fields, f)
	}
	schema := object(at, Member{"type", at, text(at, "object")}, Member{"properties", at, properties})
	if len(required.Items) > 0 {
		schema.put("required", at, required)
		n.put("required", at, flag(at, true))
	}
	content := object(at)
	for _, t := range c.formTypes(op, consumes, at, file) {
		media := content.put(t.Text, t.Pos, object(t.Pos))
		media.add(Member{"schema", at, schema})
		if encoding := c.encoding(fields, t); len(encoding.Members) > 0 {
			media.put("encoding", at, encoding)
		}
	}
	n.put("content", at, content)
	schema.Parent = content.Members[0].Value
	schema.Key = "schema"
	return n
}

// field makes a property of a parameter. Several operations can share it, so what it
// is made of is copied.
func (c *swagger) field(p *Node) field {
	c.newer(p, "schema", "content", "style", "explode")
	copied := object(p.Pos)
	for _, m := range p.Members {
		copied.add(m)
	}
	d := c.divide(copied)
	schema, format := d.schema, d.format
	f := field{name: p.StrOr("name"), schema: schema, divided: d, array: schema.StrOr("type") == "array"}
	for _, m := range d.rest {
		switch m.Key {
		case "name", "in":
		case "required":
			f.required = m.Value.IsTrue()
			if m.Value.Kind != Bool {
				c.refuse(m.Value.Pos, "", "required must be true or false, this is %s", a(m.Value.Kind))
			}
		case "allowEmptyValue":
			if m.Value.IsTrue() && schema.StrOr("type") != "string" {
				c.diags.Warnf(m.Pos, ruleConvert, "a field that is no string has no empty value: allowEmptyValue is not read, and a field without a value is refused")
			}
		default:
			schema.add(m) // the description, and extensions
		}
	}
	if f.name == "" {
		c.refuse(p.Pos, "", "a field of a form needs a name")
	}
	if schema.StrOr("type") == "file" {
		kind := schema.PosOf("type")
		schema.remake(append(replace(schema.Members, "type", text(kind, "string")), Member{"format", kind, text(kind, "binary")}))
	}
	if format != nil && !f.array {
		c.diags.Warnf(format.Pos, ruleConvert, "collectionFormat says nothing of a parameter that is no array")
	}
	return f
}

// formTypes are the media types of a form: those of consumes that are forms. Where none is, the
// document has not said it or does not know it, and both are taken.
func (c *swagger) formTypes(op, consumes *Node, at diag.Pos, file bool) []*Node {
	var list []*Node
	if consumes != nil {
		list = slices.DeleteFunc(slices.Clone(consumes.Items), func(t *Node) bool { return formOf(t) != formType && formOf(t) != multipartType })
	}
	if len(list) == 0 && op.Get("consumes") != nil {
		at = op.PosOf("consumes")
		c.diags.Add(diag.Diagnostic{
			Pos: at, Severity: diag.Warning, Rule: ruleConvert, Message: "the operation has a form, and consumes none: " + multipartType + " is read, and without files " + formType,
			Advice: "name the media types of the form in consumes",
		})
		list = []*Node{text(at, formType), text(at, multipartType)}
		if file {
			return list[1:]
		}
		return list
	}
	if file && len(list) > 0 {
		for _, t := range list {
			if formOf(t) == formType {
				c.diags.Warnf(t.Pos, ruleConvert, "a form with a file is not read as %s", formType)
			}
		}
		list = slices.DeleteFunc(list, func(t *Node) bool { return formOf(t) == formType })
	}
	switch {
	case len(list) > 0:
		return list
	case file:
		return []*Node{text(at, multipartType)}
	}
	return []*Node{text(at, formType)}
}

// formOf is a media type without its parameters.
func formOf(t *Node) string {
	name, _, _ := strings.Cut(t.Text, ";")
	return strings.ToLower(strings.TrimSpace(name))
}

// file reports whether the field is an array of files.
func (f field) file() bool {
	return f.schema.Get("items").StrOr("type") == "file" || f.schema.Get("items").StrOr("format") == "binary"
}

// encoding says how the arrays of a form are written, also in the parts of a multipart form.
func (c *swagger) encoding(fields []field, media *Node) *Node {
	to := object(media.Pos)
	for _, f := range fields {
		if !f.array {
			continue
		}
		at := f.schema.Pos
		encoding := object(at)
		if formOf(media) == multipartType && f.file() {
			continue // files are parts of their own
		}
		style, explode := c.style(encoding, f.schema, "formData", f.divided)
		encoding.remake([]Member{{"style", at, text(at, style)}, {"explode", at, flag(at, explode)}})
		to.put(f.name, at, encoding)
	}
	return to
}
