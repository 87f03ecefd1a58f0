package check

import "slices"

// The methods below apply schemas (JSON Schema core, section 10).

// Try reports whether v meets check, to the letter: `if`.
func (c *Context) Try(v *Value, seen *Evaluated, check Func) bool {
	c.literal++
	ok := c.try(v, seen, check)
	c.literal--
	return ok
}

// Not is not.
func (c *Context) Not(v *Value, check Func) bool {
	crossed, given := len(c.crossed), len(c.given.list)
	c.negated = !c.negated
	holds := c.try(v, nil, check)
	c.negated = !c.negated
	c.crossed, c.given.list = c.crossed[:crossed], c.given.list[:given] // what it says of v holds in no case
	return c.Want(v, "not", !holds)
}

// AnyOf is anyOf. Where somebody asks what was evaluated, or members must not travel this
// way, all branches count.
func (c *Context) AnyOf(v *Value, seen *Evaluated, branches ...Func) bool {
	matched := false
	for _, b := range branches {
		if c.try(v, seen, b) {
			if matched = true; seen == nil && c.way == AnyWay {
				break
			}
		}
	}
	return c.Want(v, "anyOf", matched)
}

// held is a branch that holds, and what it says.
type held struct {
	seen    *Evaluated
	crossed []violation
	given   nameSet
}

// OneOf is oneOf. Where members must not travel this way, the other side may add what is missing: it adds what one branch lacks,
// and with that all branches hold which lack no more. One that can be completed without another must be there. Members of one
// name count as the same, wherever they are missing: what is remembered has a bound, and more is refused rather than less.
func (c *Context) OneOf(v *Value, seen *Evaluated, branches ...Func) bool {
	var room [4]held
	hold := room[:0]
	for _, b := range branches {
		h, ok := c.branch(v, seen != nil, b)
		if !ok {
			continue
		}
		if hold = append(hold, h); len(hold) > 1 && c.way == AnyWay {
			break
		}
	}
	names := 0
	for i := range hold {
		names += len(hold[i].given.list)
	}
	if !c.Spend(givenSteps * int64(names) * int64(len(hold))) {
		return false
	}
	found := 0
	for i := range hold {
		if alone(hold, i) {
			if seen.Merge(hold[i].seen); found == 0 {
				for _, name := range hold[i].given.list {
					c.excuse(name)
				}
			}
			c.crossed = append(c.crossed, hold[i].crossed...)
			found++
		}
	}
	return c.Want(v, "oneOf", found > 0)
}

// branch is try for one branch, of which it keeps apart what it says.
func (c *Context) branch(v *Value, evaluates bool, check Func) (held, bool) {
	h := held{}
	if evaluates {
		h.seen = c.evaluated()
	}
	crossed, given := len(c.crossed), c.given
	c.given = nameSet{}
	c.quiet++
	ok := check(c, v, h.seen)
	c.quiet--
	if n := len(c.crossed) - crossed; ok && n > 0 && c.tree.charge(n*violationSize) {
		h.crossed = slices.Clone(c.crossed[crossed:])
	}
	h.given = c.given
	c.crossed, c.given = c.crossed[:crossed], given
	return h, ok
}

// alone reports whether no other branch lacks only what the i-th lacks.
func alone(hold []held, i int) bool {
	for j := range hold {
		if j != i && hold[j].given.within(&hold[i].given) {
			return false
		}
	}
	return true
}

// Item is one place of prefixItems.
func (c *Context) Item(v *Value, seen *Evaluated, i int, check Func) bool {
	if v.kind != Array || i >= int(v.n) {
		return true
	}
	seen.Mark(i)
	return check(c, v.kid(i), nil)
}

// Items is items: for all items from a place on.
func (c *Context) Items(v *Value, seen *Evaluated, from int, check Func) bool {
	ok := true
	for i, item := range v.Items() {
		if i >= from {
			seen.Mark(i)
			ok = check(c, item, nil) && ok
		}
	}
	return ok
}

// Contains is contains with minContains and maxContains; max is -1 for no bound.
func (c *Context) Contains(v *Value, seen *Evaluated, min, max int, check Func) bool {
	if v.kind != Array {
		return true
	}
	n, excused := 0, 0
	for i, item := range v.Items() {
		times := c.times
		if c.try(item, nil, check) {
			seen.Mark(i)
			if n++; c.times > times {
				excused++
			}
		}
	}
	if max >= 0 && n > max {
		n -= excused // what they lack may stay away
	}
	switch {
	case n < min && min == 1:
		return c.Want(v, "contains", false)
	case n < min:
		return c.Want(v, "minContains", false)
	}
	return c.Want(v, "maxContains", max < 0 || n <= max)
}

// PropertyNames is propertyNames. A name that is refused is a violation of its member.
func (c *Context) PropertyNames(v *Value, check Func) bool {
	ok := true
	for _, m := range v.Members() {
		if !v.tree.keep(m.Name()) {
			return false
		}
		n := len(v.tree.own)
		c.name = Value{tree: v.tree, kind: String, at: m.at, first: uint32(n)} // a string has no names: once at a time
		ok = c.Want(m, "propertyNames", c.try(&c.name, nil, check)) && ok
		v.tree.own = v.tree.own[:n-1]
	}
	return ok
}

// UnevaluatedProperties is unevaluatedProperties: for the members that are not in seen,
// in which all are afterwards (JSON Schema core, 11.3).
func (c *Context) UnevaluatedProperties(v *Value, seen *Evaluated, check Func) bool {
	ok := true
	for i, m := range v.Members() {
		if !seen.has(i) {
			seen.Mark(i)
			ok = c.Want(m, "unevaluatedProperties", c.try(m, nil, check)) && ok
		}
	}
	return ok
}

// UnevaluatedItems is unevaluatedItems, likewise (JSON Schema core, 11.2).
func (c *Context) UnevaluatedItems(v *Value, seen *Evaluated, check Func) bool {
	ok := true
	for i, item := range v.Items() {
		if !seen.has(i) {
			seen.Mark(i)
			ok = c.Want(item, "unevaluatedItems", c.try(item, nil, check)) && ok
		}
	}
	return ok
}

// Evaluated are the items or members of one value that keywords have looked at: its
// annotations for unevaluatedItems and unevaluatedProperties. The nil Evaluated takes
// no marks.
type Evaluated struct{ bits []uint64 }

// Mark notes that the item or member at a place was evaluated.
func (e *Evaluated) Mark(i int) {
	if e == nil {
		return
	}
	for len(e.bits) <= i/64 {
		e.bits = append(e.bits, 0)
	}
	e.bits[i/64] |= 1 << (i % 64)
}

// Merge adds what others have evaluated of the same value.
func (e *Evaluated) Merge(other *Evaluated) {
	if e == nil || other == nil {
		return
	}
	for i, word := range other.bits {
		if i < len(e.bits) {
			e.bits[i] |= word
		} else {
			e.bits = append(e.bits, word)
		}
	}
}

func (e *Evaluated) has(i int) bool {
	return e != nil && i/64 < len(e.bits) && e.bits[i/64]&(1<<(i%64)) != 0
}
