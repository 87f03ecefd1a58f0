package load

// Separators say how arrays are written in one text, where OpenAPI 3 has no style for it: what
// Swagger 2.0 has a collectionFormat for. The zero value leaves everything to the style.
type Separators struct {
	// Outer stands between the items; 0 where the style says how these are written.
	Outer byte
	// Inner stand between the items of the arrays inside, from the outside in.
	Inner string
}

// Separators returns what a converted document says of a parameter, or of the encoding of a form's
// field, beyond its style.
func (d *Document) Separators(n *Node) Separators { return d.separators[n] }

// separate notes separators that are more than a style.
func (d *Document) separate(n *Node, s Separators) {
	if s != (Separators{}) {
		d.separators[n] = s
	}
}
