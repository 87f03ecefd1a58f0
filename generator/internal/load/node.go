package load

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
)

// Kind is the JSON type of a Node.
type Kind uint8

// The kinds of a Node. Invalid is the zero value.
const (
	Invalid Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// String returns the JSON Schema name of the kind.
func (k Kind) String() string {
	return [...]string{"invalid", "null", "boolean", "number", "string", "array", "object"}[k]
}

// Node is one value of a document, JSON or YAML alike: in document order, with
// exact numbers and its position. Nodes are never changed once loaded, and a
// node's address is its identity: two references to one schema lead to one Node.
type Node struct {
	Kind Kind
	// Text is a string's value, a number's exact JSON text, or "true" and "false".
	Text string
	// Members are an object's members in document order, without duplicates.
	Members []Member
	// Items are an array's items.
	Items []*Node
	Pos   diag.Pos

	// Parent is the node that holds this one, nil at a file's root; Key is the
	// member name or the decimal index under which it stands there.
	Parent *Node
	Key    string

	// role is what the walk found this node to be (see roles.go); index finds the
	// members of a large object, so that no document can make Get quadratic.
	role  role
	index map[string]int32
}

// indexFrom is the number of members from which an object has an index. Below it
// a linear search is at least as fast.
const indexFrom = 24

// Member is one name and value of an object.
type Member struct {
	Key   string
	Pos   diag.Pos // of the key
	Value *Node
}

// Get returns the member named key, or nil: also when n is nil or no object.
func (n *Node) Get(key string) *Node {
	if n == nil || n.Kind != Object {
		return nil
	}
	if i := n.find(key); i >= 0 {
		return n.Members[i].Value
	}
	return nil
}

// find returns the place of a member, or -1.
func (n *Node) find(key string) int {
	if n.index != nil {
		if i, ok := n.index[key]; ok {
			return int(i)
		}
		return -1
	}
	for i := range n.Members {
		if n.Members[i].Key == key {
			return i
		}
	}
	return -1
}

// add appends a member, unless the object has the name already: then it returns
// the member that is there.
func (n *Node) add(m Member) *Member {
	if i := n.find(m.Key); i >= 0 {
		return &n.Members[i]
	}
	n.Members = append(n.Members, m)
	switch {
	case n.index != nil:
		n.index[m.Key] = int32(len(n.Members) - 1)
	case len(n.Members) == indexFrom:
		n.index = make(map[string]int32, 2*indexFrom)
		for i := range n.Members {
			n.index[n.Members[i].Key] = int32(i)
		}
	}
	return nil
}

// KeyPos returns the position of the key under which n stands in its object, or
// n's own where n is no object's member.
func (n *Node) KeyPos() diag.Pos {
	if n.Parent != nil && n.Parent.Kind == Object {
		if i := n.Parent.find(n.Key); i >= 0 {
			return n.Parent.Members[i].Pos
		}
	}
	return n.Pos
}

// PosOf returns the position of the value of the member key, or n's own where n has no such
// member. n may be nil.
func (n *Node) PosOf(key string) diag.Pos {
	if v := n.Get(key); v != nil {
		return v.Pos
	}
	return n.pos()
}

// KeyPosOf returns the position of the member key, or n's own where n has no such member. n
// may be nil.
func (n *Node) KeyPosOf(key string) diag.Pos {
	if v := n.Get(key); v != nil {
		return v.KeyPos()
	}
	return n.pos()
}

// pos is n's position, also of a nil n.
func (n *Node) pos() diag.Pos {
	if n == nil {
		return diag.Pos{}
	}
	return n.Pos
}

// Str returns a string node's value and whether n is a string.
func (n *Node) Str() (string, bool) {
	if n == nil || n.Kind != String {
		return "", false
	}
	return n.Text, true
}

// StrOr returns the value of the string member key, or "" where there is none.
func (n *Node) StrOr(key string) string {
	s, _ := n.Get(key).Str()
	return s
}

// IsTrue reports whether n is the boolean true.
func (n *Node) IsTrue() bool { return n != nil && n.Kind == Bool && n.Text == "true" }

// IsFalse reports whether n is the boolean false.
func (n *Node) IsFalse() bool { return n != nil && n.Kind == Bool && n.Text == "false" }

// Pointer returns the JSON pointer (RFC 6901) of n in its file; the file is Pos.File.
func (n *Node) Pointer() string {
	var keys []string
	for m := n; m.Parent != nil; m = m.Parent {
		keys = append(keys, m.Key)
	}
	var b strings.Builder
	for i := len(keys) - 1; i >= 0; i-- {
		b.WriteByte('/')
		b.WriteString(escapePointer.Replace(keys[i]))
	}
	return b.String()
}

var escapePointer = strings.NewReplacer("~", "~0", "/", "~1")
