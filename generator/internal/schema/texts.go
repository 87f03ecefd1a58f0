package schema

import (
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// Texts returns values that the schema object n lists, or has for a default. Where it is a string
// and nothing else, except null, numbers and booleans among them are read as the texts that are
// written: whoever wrote `type: string` and `enum: [1, true]` left out the quotes.
func Texts(doc *load.Document, n *load.Node, list []*load.Node) []*load.Node {
	if !onlyText(n) {
		return list
	}
	out := make([]*load.Node, len(list))
	for i, v := range list {
		out[i] = v
		if v.Kind == load.Number || v.Kind == load.Bool {
			out[i] = &load.Node{Kind: load.String, Text: doc.Spelled(v), Pos: v.Pos, Parent: v.Parent, Key: v.Key}
		}
	}
	return out
}

// onlyText reports whether the type of a schema object is string, or string and null, and it is
// not read to the letter.
func onlyText(n *load.Node) bool {
	text := false
	if n.Get("x-bailey-exact").IsTrue() {
		return false
	}
	for _, name := range typeList(n.Get("type")) {
		switch {
		case name == nil:
			return false
		case name.Kind == load.String && name.Text == "string":
			text = true
		case name.Kind == load.Null, name.Kind == load.String && name.Text == "null":
		default:
			return false
		}
	}
	return text
}

// texts reads values of a schema object as Texts does, and warns of each.
func (r *Reader) texts(a *atom, list []*load.Node) []*load.Node {
	if r.LiteralEnums {
		return list
	}
	out := Texts(r.doc, a.node, list)
	for i, v := range out {
		if v != list[i] {
			r.warn(v.Pos, rules.EnumType, "the type is string: this value is read as the text %q; write it in quotes", v.Text)
		}
	}
	return out
}

// defaultText reads a default as Texts does.
func (r *Reader) defaultText(a *atom) {
	v := a.own.Default
	if r.LiteralEnums || v == nil {
		return
	}
	if text := Texts(r.doc, a.node, []*load.Node{v})[0]; text != v {
		r.warn(v.Pos, rules.Default, "the type is string: this default is read as the text %q; write it in quotes", text.Text)
		a.own.Default = text
	}
}
