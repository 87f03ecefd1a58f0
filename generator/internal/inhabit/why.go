package inhabit

import (
	"slices"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// Why says at which lines it is that no value can meet x: as errors, none where x is inhabited.
func (s *Set) Why(x *schema.Schema) diag.List {
	if s.Inhabited(x) {
		return nil
	}
	var path []step
	on := map[fact]int{}
	for {
		f := s.of(x)
		x = s.schemas[f]
		if known, ok := s.reasons[x]; ok {
			return s.remember(path, known)
		}
		if first, ok := on[f]; ok {
			return s.remember(path, s.endless(path[first:]))
		}
		on[f] = len(path)
		found, next := s.reason(x)
		path = append(path, step{to: x})
		if next == nil {
			return s.remember(path, found)
		}
		path[len(path)-1].at, path[len(path)-1].label = next.at, next.label
		x = next.to
	}
}

func (s *Set) remember(path []step, found diag.List) diag.List {
	for _, st := range path {
		s.reasons[st.to] = found
	}
	return found
}

// reason is the statement of x itself, or the step that leads to that of another schema.
func (s *Set) reason(x *schema.Schema) (diag.List, *step) {
	found := x.Contradictions()
	p := s.plan(x)
	for _, w := range p.ways {
		found = append(found, w.broken...)
	}
	if len(found) > 0 {
		return found, nil
	}
	for _, w := range p.ways {
		if next := s.missing(w.all); next != nil {
			return nil, next
		}
		for _, g := range w.groups {
			if s.enoughOf(g) {
				continue
			}
			for _, steps := range g.of {
				if next := s.missing(steps); next != nil && g.need == 1 && g.other == nil {
					return nil, next
				}
			}
			return diag.List{g.none}, nil
		}
	}
	return diag.List{contradiction(x.Pos, "no value can meet this schema")}, nil
}

// missing is the first step that cannot be met, or nil.
func (s *Set) missing(steps []step) *step {
	i := slices.IndexFunc(steps, func(st step) bool { return !s.known[s.of(st.to)] })
	if i < 0 {
		return nil
	}
	return &steps[i]
}

func (s *Set) enoughOf(g group) bool {
	if g.other != nil && s.known[s.of(g.other.to)] {
		return true
	}
	n := 0
	for _, steps := range g.of {
		if s.missing(steps) == nil {
			n++
		}
	}
	return n >= g.need
}

// endless names a cycle of schemas, each of which needs a value of the next one.
func (s *Set) endless(cycle []step) diag.List {
	name := func(x *schema.Schema) string {
		if x.Name != "" {
			return x.Name
		}
		return x.Pos.String()
	}
	text := name(cycle[0].to)
	for i, st := range cycle {
		text += st.label
		next := cycle[(i+1)%len(cycle)].to
		if i == len(cycle)-1 || next.Name != "" {
			text += " -> " + name(next)
		}
	}
	d := contradiction(cycle[len(cycle)-1].at, "no value can meet this schema, since each would hold another one, without end: %s", text)
	d.Advice = "do not require one of them, or let it stand with allow-unsatisfiable: it refuses everything then"
	return diag.List{d}
}
