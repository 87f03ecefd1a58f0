package load

import (
	"strconv"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
)

// Bundle returns the document as one JSON text, nil with errors, in which every
// reference is a local `#/components/SECTION/NAME`. It is deterministic: the document's own order, numbers
// as written, no white space.
//
// A target that has no component of the entry file's is added as one, under the name
// that ComponentName gives it, with a number where that is taken. Recursion stays
// recursion. What components have no section for (a path item, an operation, a whole
// map of schemas, a description) stands in the place of its reference.
//
// $id and $anchor are left out, since no reference needs them any more, and would
// change what the local ones mean.
func (d *Document) Bundle() ([]byte, diag.List) {
	b := newBundler(d)
	text := b.run()
	b.diags.Sort()
	if b.diags.HasErrors() {
		return nil, b.diags
	}
	return text, b.diags
}

// slot is a component's key in a bundle: what it is made of, and its section. The
// same node may be needed in two sections of a document that is wrong anyway.
type slot struct {
	n       *Node
	section string
}

type bundler struct {
	doc   *Document
	diags diag.List
	out   []byte
	most  int // bytes written that end it
	spent int // bytes written in all
	ended bool

	names   map[slot]string            // the components that there are
	taken   map[string]map[string]bool // their names, by section
	added   map[string]*Node           // the same by SECTION/NAME
	content map[*Node]*Node            // for components that only point elsewhere: what to write
	hoisted map[string][]slot          // what has to be added, by section
	pending int                        // how much of that has not been written
	edges   map[string][]string        // which component refers to which, by SECTION/NAME
	within  string                     // the component that is being written, "" for none
	next    map[string]int             // the number to try for a name that is taken
	active  []*Node                    // what is being put in the place of references
}

func newBundler(d *Document) *bundler {
	size := 0
	for _, f := range d.files {
		size += f.size
	}
	b := &bundler{
		doc:     d,
		most:    min(8*size+1<<20, 128<<20),
		names:   map[slot]string{},
		taken:   map[string]map[string]bool{},
		added:   map[string]*Node{},
		content: map[*Node]*Node{},
		hoisted: map[string][]slot{},
		edges:   map[string][]string{},
		next:    map[string]int{},
	}
	// The entry file's components keep their names, whatever is added. Where one is
	// only a reference to a place that has no component itself, it stands for it.
	d.eachComponent(func(section, name string, n *Node) {
		b.take(section, name, n)
		if _, ok := b.names[slot{n, section}]; !ok {
			b.names[slot{n, section}] = name
		}
	})
	d.eachComponent(func(section, name string, n *Node) {
		if t := b.end(n); t != n {
			if _, has := b.names[slot{t, section}]; !has {
				b.names[slot{t, section}] = name
				b.content[n] = t
			}
		}
	})
	return b
}

func (b *bundler) take(section, name string, n *Node) {
	b.added[section+"/"+name] = n
	if b.taken[section] == nil {
		b.taken[section] = map[string]bool{}
	}
	b.taken[section][name] = true
}

// end follows references that say nothing of their own.
func (b *bundler) end(n *Node) *Node {
	for range maxHops {
		r := b.doc.refs[n]
		if r == nil || r.target == nil || n.Kind != Object || b.doc.siblings(r.place.role) && len(n.Members) > 1 {
			break
		}
		n = r.target
	}
	return n
}

// run writes the document. The components come last, when it is known which are
// needed, and are put where they belong.
func (b *bundler) run() []byte {
	members := b.doc.Root.Members
	parts := make([][]byte, len(members))
	at := len(members)
	for i, m := range members {
		if m.Key == "components" {
			at = i
			continue
		}
		parts[i] = b.part(m.Key, m.Value)
	}
	components := b.components()
	if at == len(members) {
		parts = append(parts, nil)
	}
	parts[at] = components
	text := []byte{'{'}
	for _, p := range parts {
		if len(p) == 0 {
			continue
		}
		if len(text) > 1 {
			text = append(text, ',')
		}
		text = append(text, p...)
	}
	return append(text, '}')
}

// part returns one member of an object.
func (b *bundler) part(key string, v *Node) []byte {
	b.out = append(appendQuoted(nil, key), ':')
	b.value(v)
	part := b.out
	b.spent += len(part)
	b.out = nil
	return part
}

// components returns the member components, nil if it would be empty.
func (b *bundler) components() []byte {
	c, _ := b.doc.Resolve(b.doc.Root.Get("components"))
	var order []string
	parts := map[string][]byte{}
	add := func(section string, part []byte) {
		if _, ok := parts[section]; !ok {
			order = append(order, section)
		} else if len(parts[section]) > 0 && len(part) > 0 {
			parts[section] = append(parts[section], ',')
		}
		parts[section] = append(parts[section], part...)
	}
	var others [][]byte
	if c != nil {
		for _, m := range c.Members {
			section, _ := b.doc.Resolve(m.Value)
			if places[roleComponents][m.Key].role == roleNone || section == nil || section.Kind != Object {
				others = append(others, b.part(m.Key, m.Value))
				continue
			}
			add(m.Key, nil)
			for _, e := range section.Members {
				v := e.Value
				if t := b.content[v]; t != nil {
					v = t
				}
				b.within = m.Key + "/" + e.Key
				add(m.Key, b.part(e.Key, v))
			}
		}
	}
	// Writing what was added can add more, of any section.
	for b.pending > 0 && !b.ended {
		for r := range roleCount {
			section := sections[r]
			for len(b.hoisted[section]) > 0 {
				next := b.hoisted[section][0]
				b.hoisted[section] = b.hoisted[section][1:]
				b.pending--
				b.within = section + "/" + b.names[next]
				add(section, b.part(b.names[next], next.n))
			}
		}
	}
	if c == nil && len(order) == 0 {
		return nil
	}
	text := []byte(`"components":{`)
	for _, section := range order {
		if text[len(text)-1] != '{' {
			text = append(text, ',')
		}
		text = append(appendQuoted(text, section), ':', '{')
		text = append(append(text, parts[section]...), '}')
	}
	for _, o := range others {
		if text[len(text)-1] != '{' {
			text = append(text, ',')
		}
		text = append(text, o...)
	}
	return append(text, '}')
}

// name returns the name of the component that n is, adding it if there is none.
func (b *bundler) name(n *Node, section string) string {
	key := slot{n, section}
	if name, ok := b.names[key]; ok {
		return name
	}
	_, wish, ok := b.doc.ComponentName(n)
	if !ok {
		wish = n.Key
	}
	wish = componentKey(wish)
	name := wish
	for b.taken[section][name] {
		// Counting on from the last one: a thousand schemas called "schema" are common.
		i := max(b.next[section+"/"+wish], 2)
		name = wish + "_" + strconv.Itoa(i)
		b.next[section+"/"+wish] = i + 1
	}
	b.take(section, name, n)
	b.names[key] = name
	b.hoisted[section] = append(b.hoisted[section], key)
	b.pending++
	return name
}

// componentKey replaces what the specification does not allow in a component's name.
func componentKey(s string) string {
	s = strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '_'
	}, s)
	if s == "" {
		return "_"
	}
	return s
}
