package load

import (
	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// recursiveAnchor is the $dynamicAnchor that `$recursiveAnchor: true` is read as: it has no name.
const recursiveAnchor = "recursiveAnchor"

// recursive reads the keywords $recursiveRef and $recursiveAnchor of JSON Schema 2019-09 as what took
// their place in 2020-12. In the root of a resource, which has an $id, they are $dynamicRef and
// $dynamicAnchor. A component without an $id is no resource by the letter, but what its author means is
// clear: the nearest schema around the reference that has the anchor. Where there is none the reference
// stays, and is refused.
func (w *walker) recursive(n *Node) {
	if w.doc.Version == "3.0" || n.Kind != Object {
		return
	}
	_, resource := w.doc.base(n)
	if n == resource && n.Get("$recursiveAnchor").IsTrue() && n.Get("$dynamicAnchor") == nil {
		n.rename("$recursiveAnchor", "$dynamicAnchor", recursiveAnchor)
	}
	if to, _ := n.Get("$recursiveRef").Str(); to != "#" || n.Get("$ref") != nil || n.Get("$dynamicRef") != nil {
		return
	}
	at := n.PosOf("$recursiveRef")
	around := n
	for around != nil && around != resource && !around.Get("$recursiveAnchor").IsTrue() {
		around = around.Parent
	}
	switch {
	case around == nil:
		return
	case around != resource:
		n.rename("$recursiveRef", "$ref", "#"+around.Pointer())
	case w.doc.files[around.Pos.File].anchors[anchor{around, recursiveAnchor}] != nil:
		n.rename("$recursiveRef", "$dynamicRef", "#"+recursiveAnchor)
	default: // without an anchor it is the resource itself (JSON Schema 2019-09, 8.2.4.2.1)
		n.rename("$recursiveRef", "$ref", "#")
	}
	w.diags.Add(diag.Diagnostic{
		Pos: at, Severity: diag.Warning, Rule: rules.RecursiveRef, Message: "$recursiveRef is of JSON Schema 2019-09: it is read as a reference to the schema at " + around.Pos.String(),
		Advice: "write $ref, or $dynamicRef and $dynamicAnchor",
	})
}

// rename gives a member another name, and a text as its value.
func (n *Node) rename(from, to, value string) {
	members := make([]Member, len(n.Members))
	for i, m := range n.Members {
		if m.Key == from {
			m = Member{to, m.Pos, text(m.Value.Pos, value)}
		}
		members[i] = m
	}
	n.remake(members)
}
