package config

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// value is a text with its type in YAML, or a list.
type value struct {
	text string
	tag  string // !!str, !!int, !!bool ..., of a scalar of YAML
	list []value
	seq  bool   // a list of YAML
	at   string // of an item
	// plain is set for variables: their texts may be of any type.
	plain bool
}

// file reads the YAML file: one document, without anchors, aliases and tags.
func (l *loader) file(text string) []entry {
	name := l.src.File
	d := yaml.NewDecoder(strings.NewReader(text))
	var doc yaml.Node
	switch err := d.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		l.fail(name, "%s", strings.TrimPrefix(err.Error(), "yaml: "))
		return nil
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		l.fail(name, "it has more than one document")
		return nil
	}
	var out []entry
	l.object(name, doc.Content[0], l.root, &out)
	return out
}

func place(name string, n *yaml.Node) string { return fmt.Sprintf("%s:%d:%d", name, n.Line, n.Column) }

// object reads a mapping by the keys of f.
func (l *loader) object(name string, n *yaml.Node, f *field, out *[]entry) {
	if !l.literal(name, n) {
		return
	}
	if n.Kind != yaml.MappingNode {
		if n.Tag == "!!null" && f == l.root {
			return // a file of comments alone
		}
		what := f.path
		if f == l.root {
			what = "the file"
		}
		l.fail(place(name, n), "%s is %s; it has to be an object with some of: %s", what, describe(n), strings.Join(keysOf(f), ", "))
		return
	}
	first := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, child := n.Content[i], n.Content[i+1]
		if !l.literal(name, key) {
			continue
		}
		if other := first[key.Value]; other != nil {
			l.fail(place(name, key), "duplicate key %q; first defined at %d:%d", key.Value, other.Line, other.Column)
			continue
		}
		first[key.Value] = key
		at := slices.IndexFunc(f.kids, func(k *field) bool { return k.key == key.Value })
		switch {
		case at < 0:
			l.unknown(place(name, key), key.Value, f)
		case f.kids[at].kind == kindNone:
			l.fail(place(name, key), "no text can hold %s: the program sets it in Go", f.kids[at].path)
		case f.kids[at].kind == kindObject || f.kids[at].kind == kindMade:
			l.object(name, child, f.kids[at], out)
		case l.literal(name, child):
			l.leaf(name, child, f.kids[at], out)
		}
	}
}

// unknown reports a key that f does not have.
func (l *loader) unknown(at, key string, f *field) {
	if secret := key + "-file"; slices.ContainsFunc(f.kids, func(k *field) bool { return k.key == secret && k.kind == kindSecret }) {
		l.fail(at, "%s is a secret, which does not stand here; put it into a file and name that with %s", key, secret)
		return
	}
	l.fail(at, "unknown key %q%s", key, like(key, keysOf(f)))
}

func keysOf(f *field) (keys []string) {
	for _, k := range f.kids {
		if k.kind != kindNone {
			keys = append(keys, k.key)
		}
	}
	return keys
}

// leaf reads a scalar or a list of scalars.
func (l *loader) leaf(name string, n *yaml.Node, f *field, out *[]entry) {
	v := value{text: n.Value, tag: n.ShortTag(), at: place(name, n)}
	switch n.Kind {
	case yaml.ScalarNode:
	case yaml.SequenceNode:
		v.seq = true
		if len(n.Content) > maxItems {
			l.fail(v.at, "%s has %d items, more than %d", f.path, len(n.Content), maxItems)
			return
		}
		for _, item := range n.Content {
			if !l.literal(name, item) {
				return
			}
			if item.Kind != yaml.ScalarNode {
				l.fail(place(name, item), "an item of %s is %s; it has to be a string", f.path, describe(item))
				return
			}
			v.list = append(v.list, value{text: item.Value, tag: item.ShortTag(), at: place(name, item)})
		}
	default:
		l.fail(v.at, "%s is %s; it has to be %s", f.path, describe(n), wants[f.kind])
		return
	}
	*out = append(*out, entry{f, v, v.at})
}

// literal refuses nodes that stand for another text than their own.
func (l *loader) literal(name string, n *yaml.Node) bool {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		l.fail(place(name, n), "anchors and aliases are not read; write the value")
	case n.Style&yaml.TaggedStyle != 0:
		l.fail(place(name, n), "the tag %q is not read; leave it out", n.Tag)
	case n.Tag == "!!merge":
		l.fail(place(name, n), "merge keys are not read; write the keys")
	case n.Kind == yaml.ScalarNode && (strings.Contains(n.Value, "${") || strings.Contains(n.Value, "{{")):
		l.fail(place(name, n), "a placeholder, which nothing replaces; write the value, or give it in an environment variable")
	default:
		return true
	}
	return false
}

// describe names the kind of a node; its text may be a secret that stands in a wrong place.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "an object"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!str":
		return "a string"
	case "!!int", "!!float":
		return "a number"
	case "!!bool":
		return "true or false"
	case "!!null":
		return "null"
	}
	return "a value of another type"
}
