package load

import (
	"go.yaml.in/yaml/v3"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// alias makes n a copy of what an anchor names. A copy, since a node has one place
// in its document; the positions in it are those of the text, where there is
// something to put right. Every copied node counts, so that nine lines of aliases
// of aliases end at the limit.
func (r *yamlReader) alias(n *Node, y *yaml.Node, depth int) *diag.Diagnostic {
	from := r.anchored[y.Alias]
	if from == nil {
		return problem(n.Pos, rules.YAMLAlias, "the alias *%s stands inside what it names", short(y.Value))
	}
	return r.copy(n, from, n.Pos, depth)
}

// copy makes n, whose Parent and Key are set, a copy of from. use is where the
// alias or merge key stands.
func (r *yamlReader) copy(n, from *Node, use diag.Pos, depth int) *diag.Diagnostic {
	if err := r.b.alias(use, depth); err != nil {
		return err
	}
	n.Kind, n.Text, n.Pos, n.index = from.Kind, from.Text, from.Pos, from.index
	if text, ok := r.b.spelled[from]; ok {
		r.b.spelled[n] = text
	}
	if len(from.Items) > 0 {
		n.Items = make([]*Node, len(from.Items))
		for i, item := range from.Items {
			n.Items[i] = &Node{Parent: n, Key: item.Key}
			if err := r.copy(n.Items[i], item, use, depth+1); err != nil {
				return err
			}
		}
	}
	if len(from.Members) > 0 {
		n.Members = make([]Member, len(from.Members))
		for i, m := range from.Members {
			m.Value = &Node{Parent: n, Key: m.Key}
			n.Members[i] = m
			if err := r.copy(m.Value, from.Members[i].Value, use, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// isMergeKey reports whether k is a plain <<, which YAML 1.1 made a merge key and
// documents still use.
func isMergeKey(k *yaml.Node) bool {
	return k.Kind == yaml.ScalarNode && k.Style == 0 && k.Value == "<<"
}

// merge adds to n, after its own members, those of what stood under its merge key
// that it does not have itself; of several objects the first wins.
func (r *yamlReader) merge(n, from *Node, depth int) *diag.Diagnostic {
	objects := []*Node{from}
	if from.Kind == Array {
		objects = from.Items
	}
	for _, o := range objects {
		if o.Kind != Object {
			return problem(o.Pos, rules.YAMLMerge, "a merge key takes an object or a list of objects, this is %s", a(o.Kind))
		}
		for _, m := range o.Members {
			if n.find(m.Key) >= 0 {
				continue
			}
			from := m.Value
			m.Value = &Node{Parent: n, Key: m.Key}
			if err := r.copy(m.Value, from, m.Pos, depth+1); err != nil {
				return err
			}
			n.add(m)
		}
	}
	return nil
}
