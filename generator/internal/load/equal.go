package load

// Equal reports whether two nodes say the same in one file, but for those members of the two themselves
// that pass lets differ; y is nil where the other node lacks the member. Nodes of two files are never
// equal: a reference means what its file makes of it. pass may be nil.
func Equal(a, b *Node, pass func(key string, x, y *Node) bool) bool {
	switch {
	case a == nil || b == nil:
		return false
	case a == b:
		return true
	case a.Kind != b.Kind || a.Text != b.Text || a.Pos.File != b.Pos.File || len(a.Items) != len(b.Items):
		return false
	}
	for i := range a.Items {
		if !Equal(a.Items[i], b.Items[i], nil) {
			return false
		}
	}
	for i, side := range [][2]*Node{{a, b}, {b, a}} {
		for _, m := range side[0].Members {
			other := side[1].Get(m.Key)
			if i > 0 && other != nil {
				continue // compared already: twice at each level would double with each
			}
			if pass != nil && pass(m.Key, m.Value, other) {
				continue
			}
			if !Equal(m.Value, other, nil) {
				return false
			}
		}
	}
	return true
}
