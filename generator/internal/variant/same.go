package variant

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// sameSchema reports whether two schemas say the same in every respect, policies too.
func sameSchema(x, y *schema.Schema) bool {
	switch {
	case x == y:
		return true
	case x == nil || y == nil:
		return false
	case x.Node == nil && y.Node == nil: // what the path says: text, or one text
		return x.Types == y.Types && slices.EqualFunc(x.Enum, y.Enum, func(a, b *load.Node) bool { return a.Kind == b.Kind && a.Text == b.Text })
	}
	return x.Node != nil && y.Node != nil && sameNode(x.Node, y.Node, true)
}

func sameNodes(x, y []*load.Node) bool {
	return slices.EqualFunc(x, y, func(a, b *load.Node) bool { return sameNode(a, b, true) })
}

// texts are the members of a schema object that say nothing to a machine.
var texts = []string{"title", "description", "example", "examples", "externalDocs", "$comment"}

// sameNode compares what is written, in one file, since a reference means what its file makes of it.
// With texts left out, those of the object itself do not count.
func sameNode(x, y *load.Node, without bool) bool {
	switch {
	case x == y:
		return true
	case x == nil || y == nil || x.Kind != y.Kind || x.Text != y.Text || x.Pos.File != y.Pos.File || len(x.Items) != len(y.Items):
		return false
	}
	for i := range x.Items {
		if !sameNode(x.Items[i], y.Items[i], false) {
			return false
		}
	}
	keep := func(m load.Member) bool { return !without || !slices.Contains(texts, m.Key) }
	n := 0
	for _, m := range x.Members {
		if !keep(m) {
			continue
		}
		if n++; !sameNode(m.Value, y.Get(m.Key), false) {
			return false
		}
	}
	for _, m := range y.Members {
		if keep(m) {
			n--
		}
	}
	return n == 0
}

// samePolicies compares the policies that stand on two objects themselves.
func samePolicies(x, y *load.Node) bool {
	if x == y {
		return true
	}
	for _, side := range [][2]*load.Node{{x, y}, {y, x}} {
		if side[0] == nil {
			continue
		}
		for _, m := range side[0].Members {
			if strings.HasPrefix(m.Key, "x-bailey-") && !sameNode(m.Value, side[1].Get(m.Key), false) {
				return false
			}
		}
	}
	return true
}
