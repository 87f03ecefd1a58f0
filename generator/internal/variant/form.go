package variant

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// form is the schema object of two forms that differ in the values of one field: a list of values, or a
// const. It says no more and no less than an anyOf of the two, and keeps the fields, as files need it. A default
// of that field is none: where it is absent, either form is meant. It is nil for any other two.
func (j *joiner) form(x, y *load.Node) *load.Node {
	a, errA := j.doc.Resolve(x)
	b, errB := j.doc.Resolve(y)
	if errA != nil || errB != nil || a.Kind != load.Object || b.Kind != load.Object || a.Pos.File != b.Pos.File {
		return nil
	}
	fields, others := a.Get("properties"), b.Get("properties")
	if fields == nil || others == nil || fields.Kind != load.Object || others.Kind != load.Object || len(fields.Members) != len(others.Members) {
		return nil
	}
	for _, side := range [][2]*load.Node{{a, b}, {b, a}} {
		for _, m := range side[0].Members {
			if m.Key != "properties" && !slices.Contains(texts, m.Key) && !load.Equal(m.Value, side[1].Get(m.Key), nil) {
				return nil
			}
		}
	}
	union := *fields
	union.Members = slices.Clone(fields.Members)
	changed := 0
	for i, m := range fields.Members {
		other := others.Get(m.Key)
		if load.Equal(m.Value, other, isText) {
			continue
		}
		if union.Members[i].Value = eitherValue(m.Value, other); union.Members[i].Value == nil {
			return nil
		}
		changed++
	}
	if changed != 1 {
		return nil
	}
	all := *a
	all.Parent, all.Key = x.Parent, x.Key
	all.Members = slices.Clone(a.Members)
	for i := range all.Members {
		if all.Members[i].Key == "properties" {
			all.Members[i].Value = &union
		}
	}
	return &all
}

// eitherValue is the schema object of a field that is one of the values of two, or nil.
func eitherValue(x, y *load.Node) *load.Node {
	if y == nil {
		return nil
	}
	values := &load.Node{Kind: load.Array, Pos: x.Pos}
	either := &load.Node{Kind: load.Object, Pos: x.Pos, Parent: x.Parent, Key: x.Key}
	for _, side := range [][2]*load.Node{{x, y}, {y, x}} {
		n := 0
		for _, m := range side[0].Members {
			switch {
			case m.Key == "const":
				values.Items = append(values.Items, m.Value)
				n++
			case m.Key == "enum" && m.Value.Kind == load.Array:
				values.Items = append(values.Items, m.Value.Items...)
				n++
			case m.Key == "default", slices.Contains(texts, m.Key):
			case !load.Equal(m.Value, side[1].Get(m.Key), nil):
				return nil
			case side[0] == x:
				either.Members = append(either.Members, m)
			}
		}
		if n != 1 {
			return nil
		}
	}
	either.Members = append(either.Members, load.Member{Key: "enum", Pos: x.Pos, Value: values})
	return either
}
