package assert

import (
	"slices"
	"strconv"

	"github.com/bailey-go/bailey/generator/internal/gosrc"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/schema"
)

// writer writes the body of one function.
type writer struct {
	s    *Set
	f    *Func
	n    *load.Node
	seen gosrc.Expr // the receiver of the marks of evaluated locations
	// marks is set where a caller asks for them.
	marks  bool
	bounds []gosrc.Part
	steps  []step
}

// step is a statement, or a condition that must hold.
type step struct {
	is   gosrc.Expr
	cond bool
}

func (w *writer) add(e gosrc.Expr) { w.steps = append(w.steps, step{is: e}) }

// and adds a condition that must hold.
func (w *writer) and(e gosrc.Expr) { w.steps = append(w.steps, step{e, true}) }

// finish makes a body of the bounds of the value and of the steps, which come between those of
// before and after. Where the value is beyond a bound, nothing else is asked of it.
func (w *writer) finish(null gosrc.Expr, before, after []gosrc.Expr) {
	bounds := gosrc.List(" && ", w.bounds...)
	if plain := len(before)+len(after) == 0 && null.String() == ""; plain {
		switch {
		case len(w.steps) == 0 && len(w.bounds) > 0:
			w.f.Body = []gosrc.Expr{gosrc.Raw("return c.Enter(v) && %", bounds)}
			return
		case len(w.steps) == 1 && w.steps[0].cond && len(w.bounds) == 0:
			w.f.Body = []gosrc.Expr{gosrc.Raw("return c.Enter(v) && %", w.steps[0].is)}
			return
		}
	}
	body := []gosrc.Expr{gosrc.Raw("if !c.Enter(v) {\n\treturn false\n}")}
	if null.String() != "" {
		body = append(body, null)
	}
	switch {
	case len(w.bounds) == 1:
		body = append(body, gosrc.Raw("if !% {\n\treturn false\n}", bounds))
	case len(w.bounds) > 1:
		body = append(body, gosrc.Raw("if !(%) {\n\treturn false\n}", bounds))
	}
	body = append(body, before...)
	if len(w.steps)+len(after) == 0 {
		w.f.Body = append(body, gosrc.Raw("return true"))
		return
	}
	if len(w.steps) == 0 || !w.steps[0].cond {
		body = append(body, gosrc.Raw("ok := true"))
	}
	for i, s := range w.steps {
		switch {
		case s.cond && i == 0:
			body = append(body, gosrc.Raw("ok := %", s.is))
		case s.cond:
			body = append(body, gosrc.Raw("ok = % && ok", s.is))
		default:
			body = append(body, s.is)
		}
	}
	w.f.Body = append(append(body, after...), gosrc.Raw("return ok"))
}

// want adds a bound of the value itself. Bounds are asked in the order of value, and none behind
// the first that is broken.
func (w *writer) want(keyword string, holds gosrc.Expr) {
	w.bounds = append(w.bounds, gosrc.Raw("c.Want(v, %, %)", gosrc.Quote(keyword), holds))
}

// write writes f. The order is: the value itself, its parts, other schemas that apply to
// it, and its unevaluated parts, which must be last (JSON Schema core, 11).
func (s *Set) write(f *Func) {
	w := &writer{s: s, f: f, n: f.node, marks: f.tracked || f.closes}
	f.Seen, w.seen = gosrc.Raw("_"), gosrc.Raw("nil")
	if f.tracked {
		f.Seen, w.seen = gosrc.Raw("seen"), gosrc.Raw("seen")
	}
	f.Doc = gosrc.NewComment(f.Name.String() + " is the schema at " + f.node.Pos.String() + ".")
	var null gosrc.Expr
	var before, after []gosrc.Expr
	ref30 := s.doc.Version == "3.0" && f.node.Get("$ref") != nil
	if s.doc.Version == "3.0" && w.n.Get("nullable").IsTrue() && !ref30 && (s.NullableEnum || !lacksNull(w.n)) {
		null = gosrc.Raw("if v.IsNull() {\n\treturn %\n}", w.nullPasses())
	}
	scope, scoped := s.scopes[f.resource]
	if scoped {
		before = append(before, gosrc.Raw("c.Push(%)", gosrc.Int(int64(scope))))
		after = append(after, gosrc.Raw("c.Pop()"))
	}
	if f.closes {
		before = append(before, gosrc.Raw("own := new(check.Evaluated)"))
		w.seen = gosrc.Raw("own")
	}
	w.oneWay()
	if ref30 {
		w.reference()
	} else {
		w.value()
		w.array()
		w.members()
		w.reference()
		s.dynamicCall(w)
		w.applicators()
		w.unevaluated()
	}
	if f.closes && f.tracked {
		after = append(after, gosrc.Raw("seen.Merge(own)"))
	}
	w.finish(null, before, after)
}

// lacksNull reports whether an enum or a const of n does not list null.
func lacksNull(n *load.Node) bool {
	isNull := func(v *load.Node) bool { return v.Kind == load.Null }
	if v := n.Get("enum"); v != nil && !slices.ContainsFunc(v.Items, isNull) {
		return true
	}
	v := n.Get("const")
	return v != nil && !isNull(v)
}

// nullPasses is the condition under which null passes a nullable schema: the schemas of an allOf beside it.
func (w *writer) nullPasses() gosrc.Expr {
	var all []gosrc.Part
	if list := w.n.Get("allOf"); list != nil && !w.s.NullableAllOf {
		for _, b := range list.Items {
			if !anything(b) {
				all = append(all, gosrc.Raw("%(c, v, nil)", w.ref(b)))
			}
		}
	}
	if len(all) == 0 {
		return gosrc.Raw("true")
	}
	return gosrc.List(" && ", all...)
}

// ref is the function of a schema below n.
func (w *writer) ref(n *load.Node) gosrc.Expr { return w.s.Ref(w.s.funcs[n]) }

func (w *writer) refs(list []*load.Node) gosrc.Expr {
	var parts []gosrc.Part
	for _, n := range list {
		parts = append(parts, w.ref(n))
	}
	return gosrc.List(", ", parts...)
}

func (w *writer) reference() {
	if _, ok := w.n.Get("$ref").Str(); !ok {
		return
	}
	if target, err := w.s.doc.Target(w.n); err == nil {
		w.and(gosrc.Raw("%(c, v, %)", w.ref(target), w.seen))
	}
}

// array writes prefixItems, items and contains (JSON Schema core, 10.3.1).
func (w *writer) array() {
	n, from := w.n, 0
	if prefix := n.Get("prefixItems"); prefix != nil {
		from = len(prefix.Items)
		for i, item := range prefix.Items {
			if w.marks || !anything(item) {
				w.and(gosrc.Raw("c.Item(v, %, %, %)", w.seen, gosrc.Int(int64(i)), w.ref(item)))
			}
		}
	}
	if items := n.Get("items"); items != nil && (w.marks || !anything(items)) {
		w.and(gosrc.Raw("c.Items(v, %, %, %)", w.seen, gosrc.Int(int64(from)), w.ref(items)))
	}
	if contains := n.Get("contains"); contains != nil {
		least, most := int64(1), int64(-1)
		if v := n.Get("minContains"); v != nil && w.s.validates(n) {
			least = length(v)
		}
		if v := n.Get("maxContains"); v != nil && w.s.validates(n) {
			most = length(v)
		}
		w.and(gosrc.Raw("c.Contains(v, %, %, %, %)", w.seen, gosrc.Int(least), gosrc.Int(most), w.ref(contains)))
	}
}

// members writes properties, patternProperties and additionalProperties, in one loop,
// and propertyNames (JSON Schema core, 10.3.2).
func (w *writer) members() {
	n := w.n
	properties, patterns, rest := n.Get("properties"), n.Get("patternProperties"), n.Get("additionalProperties")
	refuses := rest != nil && !anything(rest)
	named := w.marks && rest == nil || refuses // whether a name is listed decides
	var body []gosrc.Part
	if named {
		body = append(body, gosrc.Raw("named := true"))
	}
	var cases []gosrc.Part
	var free []gosrc.Part // names of members of any value
	if properties != nil {
		for _, m := range properties.Members {
			if anything(m.Value) {
				free = append(free, gosrc.Quote(m.Key))
				continue
			}
			cases = append(cases, gosrc.Raw("case %:\n\tok = %(c, m, nil) && ok", gosrc.Quote(m.Key), w.ref(m.Value)))
		}
	}
	if named {
		if len(free) > 0 {
			cases = append(cases, gosrc.Raw("case %:", gosrc.List(", ", free...)))
		}
		cases = append(cases, gosrc.Raw("default:\n\tnamed = false"))
	}
	if len(cases) == 1 && named {
		body[0] = gosrc.Raw("named := false")
	} else if len(cases) > 0 {
		body = append(body, gosrc.Raw("switch m.Name() {\n%\n}", gosrc.List("\n", cases...)))
	}
	if patterns != nil {
		for _, m := range patterns.Members {
			if !named && anything(m.Value) {
				continue
			}
			var then []gosrc.Part
			if named {
				then = append(then, gosrc.Raw("named = true"))
			}
			if !anything(m.Value) {
				then = append(then, gosrc.Raw("ok = %(c, m, nil) && ok", w.ref(m.Value)))
			}
			body = append(body, gosrc.Raw("if % {\n%\n}", w.matches(m.Key, gosrc.Raw("m.Name()")), gosrc.List("\n", then...)))
		}
	}
	if refuses && len(body) == 1 && len(cases) == 1 {
		body = nil // there is no list
	}
	if refuses {
		call := gosrc.Raw("%(c, m, nil)", w.ref(rest))
		if nothing(rest) {
			call = gosrc.Raw("c.Want(m, %, false)", gosrc.Quote("additionalProperties"))
		}
		if body == nil {
			body = append(body, gosrc.Raw("ok = % && ok", call))
		} else {
			body = append(body, gosrc.Raw("if !named {\n\tok = % && ok\n}", call))
		}
	}
	index := gosrc.Raw("_")
	switch {
	case w.marks && rest != nil:
		index = gosrc.Raw("i")
		body = append(body, gosrc.Raw("%.Mark(i)", w.seen))
	case w.marks && (properties != nil || patterns != nil):
		index = gosrc.Raw("i")
		body = append(body, gosrc.Raw("if named {\n\t%.Mark(i)\n}", w.seen))
	case w.marks:
		body = nil
	}
	if len(body) > 0 {
		member := gosrc.Raw("m")
		if w.marks && rest != nil && len(body) == 1 {
			member = gosrc.Raw("_")
		}
		w.add(gosrc.Raw("for %, % := range v.Members() {\n%\n}", index, member, gosrc.List("\n", body...)))
	}
	if names := n.Get("propertyNames"); names != nil && !anything(names) {
		w.and(gosrc.Raw("c.PropertyNames(v, %)", w.ref(names)))
	}
}

// matches is the condition under which a text matches a pattern.
func (w *writer) matches(source string, text gosrc.Expr) gosrc.Expr {
	e, err := schema.Translate(source)
	if err != nil {
		return gosrc.Raw("false") // refused by problems
	}
	cond := gosrc.Raw("c.Match(%, %)", w.s.namer.Pattern(e.RE2, w.f.Name), text)
	if e.Min > 0 {
		cond = gosrc.Raw("wire.MinRunes(%, %) && %", text, gosrc.Int(e.Min), cond)
	}
	if e.Max >= 0 {
		cond = gosrc.Raw("wire.MaxRunes(%, %) && %", text, gosrc.Int(e.Max), cond)
	}
	return cond
}

// applicators writes the keywords that apply other schemas to the same value (JSON Schema core,
// 10.2).
func (w *writer) applicators() {
	n := w.n
	if all := n.Get("allOf"); all != nil {
		for _, b := range all.Items {
			if !anything(b) {
				w.and(gosrc.Raw("%(c, v, %)", w.ref(b), w.seen))
			}
		}
	}
	if any := n.Get("anyOf"); any != nil {
		w.and(gosrc.Raw("c.AnyOf(v, %, %)", w.seen, w.refs(any.Items)))
	}
	if one := n.Get("oneOf"); one != nil {
		w.and(gosrc.Raw("c.OneOf(v, %, %)", w.seen, w.refs(one.Items)))
	}
	if not := n.Get("not"); not != nil {
		w.and(gosrc.Raw("c.Not(v, %)", w.ref(not)))
	}
	w.conditional()
	for _, key := range []string{"dependentSchemas", "dependencies"} {
		if deps := n.Get(key); deps != nil {
			for _, m := range deps.Members {
				if m.Value.Kind != load.Array {
					w.add(gosrc.Raw("if c.Has(v, %) {\n\tok = %(c, v, %) && ok\n}", gosrc.Quote(m.Key), w.ref(m.Value), w.seen))
				}
			}
		}
	}
}

// conditional writes if, then and else.
func (w *writer) conditional() {
	cond := w.n.Get("if")
	if cond == nil {
		return
	}
	branch := func(key string) (gosrc.Expr, bool) {
		v := w.n.Get(key)
		if v == nil || anything(v) {
			return gosrc.Expr{}, false
		}
		return gosrc.Raw("ok = %(c, v, %) && ok", w.ref(v), w.seen), true
	}
	then, hasThen := branch("then")
	other, hasOther := branch("else")
	try := gosrc.Raw("c.Try(v, %, %)", w.seen, w.ref(cond))
	switch {
	case hasThen && hasOther:
		w.add(gosrc.Raw("if % {\n\t%\n} else {\n\t%\n}", try, then, other))
	case hasThen:
		w.add(gosrc.Raw("if % {\n\t%\n}", try, then))
	case hasOther:
		w.add(gosrc.Raw("if !% {\n\t%\n}", try, other))
	case w.marks:
		w.add(gosrc.Raw("c.Try(v, %, %)", w.seen, w.ref(cond)))
	}
}

func (w *writer) unevaluated() {
	if items := w.n.Get("unevaluatedItems"); items != nil {
		w.and(gosrc.Raw("c.UnevaluatedItems(v, own, %)", w.ref(items)))
	}
	if members := w.n.Get("unevaluatedProperties"); members != nil {
		w.and(gosrc.Raw("c.UnevaluatedProperties(v, own, %)", w.ref(members)))
	}
}

func ordinal(i int) string { return strconv.Itoa(i + 1) }
