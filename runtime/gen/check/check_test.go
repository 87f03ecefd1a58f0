package check_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/gen/check"
	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// ask holds a text against a function, as generated code does, and returns what is wrong
// with it: "<pointer> <keyword>", or the reason why it is not well-formed.
func ask(text string, f check.Func) string {
	var d wire.Decoder
	d.Reset(text, wire.Limits{})
	var v wire.Raw
	check.Decode(&d, &v, f)
	d.End()
	return report(d.Err())
}

func report(err error) string {
	var invalid *wire.Invalid
	var syntax *wire.SyntaxError
	switch {
	case errors.As(err, &invalid):
		var out []string
		for _, v := range invalid.Violations {
			out = append(out, v.Pointer+" "+v.Keyword)
		}
		return strings.Join(out, ", ")
	case errors.As(err, &syntax):
		return syntax.Reason
	}
	return ""
}

// is makes a function of one condition.
func is(keyword string, holds func(c *check.Context, v *check.Value) bool) check.Func {
	return func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
		return c.Enter(v) && c.Want(v, keyword, holds(c, v))
	}
}

func TestAssertions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		holds func(_ *check.Context, v *check.Value) bool
		text  string
		want  bool
	}{
		{"a whole float is an integer", func(_ *check.Context, v *check.Value) bool { return v.Is(check.Integer) }, `1.0e2`, true},
		{"a fraction is none", func(_ *check.Context, v *check.Value) bool { return v.Is(check.Integer) }, `1.5`, false},
		{"an integer is a number", func(_ *check.Context, v *check.Value) bool { return v.Is(check.Number) }, `1`, true},
		{"null", func(_ *check.Context, v *check.Value) bool { return v.Is(check.Null | check.Object) }, `null`, true},
		{"false is not null", func(_ *check.Context, v *check.Value) bool { return v.Is(check.Null) }, `false`, false},
		{"numbers are equal by value", func(c *check.Context, v *check.Value) bool { return c.IsNumber(v, "10") }, `1e1`, true},
		{"beyond float64", func(c *check.Context, v *check.Value) bool { return c.IsNumber(v, "9007199254740993") }, `9007199254740992`, false},
		{"a string is no number", func(c *check.Context, v *check.Value) bool { return c.IsNumber(v, "1") }, `"1"`, false},
		{"escapes are read", func(_ *check.Context, v *check.Value) bool { return v.IsString("a", "é") }, `"\u00e9"`, true},
		{"true", func(_ *check.Context, v *check.Value) bool { return v.IsBool(true) }, `true`, true},
		{"false is not true", func(_ *check.Context, v *check.Value) bool { return v.IsBool(true) }, `false`, false},
		{"order of members", func(c *check.Context, v *check.Value) bool { return c.IsJSON(v, `{"a":1,"b":[2]}`) }, ` { "b" : [ 2.0 ] , "a":1}`, true},
		{"order of items", func(c *check.Context, v *check.Value) bool { return c.IsJSON(v, `[1,2]`) }, `[2,1]`, false},
		{"0 is not false", func(c *check.Context, v *check.Value) bool { return c.IsJSON(v, `[false]`) }, `[0]`, false},
		{"unique", func(c *check.Context, v *check.Value) bool { return c.Unique(v) }, `[1,"1",true,{"a":1},[1],"\""]`, true},
		{"equal numbers", func(c *check.Context, v *check.Value) bool { return c.Unique(v) }, `[1,1.0]`, false},
		{"equal strings", func(c *check.Context, v *check.Value) bool { return c.Unique(v) }, `["a","\u0061"]`, false},
		{"equal objects", func(c *check.Context, v *check.Value) bool { return c.Unique(v) }, `[{"a":1,"b":2},{"b":2,"a":1}]`, false},
		{"minimum", func(_ *check.Context, v *check.Value) bool { return v.AtLeast("0.3") }, `0.29999999999999999999`, false},
		{"minimum of a string", func(_ *check.Context, v *check.Value) bool { return v.AtLeast("3") }, `"1"`, true},
		{"exclusiveMaximum", func(_ *check.Context, v *check.Value) bool { return v.Below("3") }, `3.0`, false},
		{"multipleOf is exact", func(_ *check.Context, v *check.Value) bool { return v.MultipleOf("0.1") }, `0.3`, true},
		{"int32", func(_ *check.Context, v *check.Value) bool { return v.Whole("-2147483648", "2147483647") }, `2147483648`, false},
		{"float", func(_ *check.Context, v *check.Value) bool { return v.Float(32) }, `1e39`, false},
		{"length in characters", func(_ *check.Context, v *check.Value) bool { return v.MaxLength(1) }, `"\ud83d\ude00"`, true},
		{"items", func(_ *check.Context, v *check.Value) bool { return v.MinItems(2) }, `[[],[]]`, true},
		{"members", func(_ *check.Context, v *check.Value) bool { return v.MaxProperties(1) }, `{"a":1,"b":2}`, false},
	} {
		want := ""
		if !test.want {
			want = " k"
		}
		if got := ask(test.text, is("k", test.holds)); got != want {
			t.Errorf("%s: %s: got %q, want %q", test.name, test.text, got, want)
		}
	}
}

// positive is {exclusiveMinimum: 0}.
func positive(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
	return c.Enter(v) && c.Want(v, "exclusiveMinimum", v.Above("0"))
}

// member is {properties: {NAME: {exclusiveMinimum: 0}}}.
func member(name string) check.Func {
	return func(c *check.Context, v *check.Value, seen *check.Evaluated) bool {
		if !c.Enter(v) {
			return false
		}
		ok := true
		for i, m := range v.Members() {
			if m.Name() == name {
				ok = positive(c, m, nil) && ok
				seen.Mark(i)
			}
		}
		return ok
	}
}

func TestApplicators(t *testing.T) {
	t.Parallel()
	closed := func(apply func(c *check.Context, v *check.Value, own *check.Evaluated) bool) check.Func {
		return func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
			own := new(check.Evaluated)
			ok := apply(c, v, own)
			return c.UnevaluatedProperties(v, own, check.Nothing) && ok
		}
	}
	anyOf := closed(func(c *check.Context, v *check.Value, own *check.Evaluated) bool {
		return c.AnyOf(v, own, member("a"), member("b"))
	})
	oneOf := func(c *check.Context, v *check.Value, seen *check.Evaluated) bool {
		return c.OneOf(v, seen, is("type", func(_ *check.Context, v *check.Value) bool { return v.Is(check.Integer) }), positive)
	}
	not := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool { return c.Not(v, positive) }
	contains := func(c *check.Context, v *check.Value, seen *check.Evaluated) bool {
		return c.Contains(v, seen, 2, 3, is("type", func(_ *check.Context, v *check.Value) bool { return v.Is(check.Integer) }))
	}
	names := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
		return c.PropertyNames(v, is("maxLength", func(_ *check.Context, v *check.Value) bool { return v.MaxLength(2) }))
	}
	items := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
		return c.Items(v, nil, 1, positive)
	}
	for _, test := range []struct {
		name string
		f    check.Func
		text string
		want string
	}{
		{"anyOf", anyOf, `{"a":1,"b":1}`, ""},
		{"a branch that fails evaluates nothing", anyOf, `{"a":1,"b":-1}`, "/b unevaluatedProperties"},
		{"none", anyOf, `{"a":-1,"b":-1}`, " anyOf, /a unevaluatedProperties, /b unevaluatedProperties"},
		{"another", anyOf, `{"a":1,"c":1}`, "/c unevaluatedProperties"},
		{"oneOf", oneOf, `-1`, ""},
		{"both", oneOf, `1`, " oneOf"},
		{"neither", oneOf, `-0.5`, " oneOf"},
		{"not", not, `-1`, ""},
		{"but", not, `1`, " not"},
		{"too few", contains, `[1,"a"]`, " minContains"},
		{"enough", contains, `[1,"a",2]`, ""},
		{"too many", contains, `[1,2,3,4]`, " maxContains"},
		{"names", names, `{"ab":1,"abc":2}`, "/abc propertyNames"},
		{"from the second on", items, `[ -1, -1 , {"x":0} , -1 ]`, "/1 exclusiveMinimum, /3 exclusiveMinimum"},
		{"nothing", check.Nothing, `null`, " not"},
		{"anything", check.Anything, `{"a":[{}]}`, ""},
		{"twice", check.Anything, `{"a":1,"a":2}`, "a member name occurs twice"},
		{"a failure without a violation", func(*check.Context, *check.Value, *check.Evaluated) bool { return false }, `1`, " "},
	} {
		if got := ask(test.text, test.f); got != test.want {
			t.Errorf("%s: %s: got %q, want %q", test.name, test.text, got, test.want)
		}
	}
}

// Violations inside of a text have the pointers of the whole text.
func TestNested(t *testing.T) {
	t.Parallel()
	var d wire.Decoder
	d.Reset(`{"x": [0, {"a": -1}], "y":1}`, wire.Limits{})
	var v map[string][]wire.Raw
	wire.Map(&d, &v, -1, func(d *wire.Decoder, v *[]wire.Raw) {
		wire.Array(d, v, -1, func(d *wire.Decoder, v *wire.Raw) { check.Decode(d, v, member("a")) })
	})
	d.End()
	if got, want := report(d.Err()), "/x/1/a exclusiveMinimum, /y type"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}

	var e wire.Encoder
	b := check.Append(&e, []byte(`{"x":[0,`), `{"b":1, "a" : -1}`, member("a"))
	if got, want := report(e.Err()), "/x/1/a exclusiveMinimum"; got != want {
		t.Errorf("encoding: got %q, want %q", got, want)
	}
	if got, want := string(b), `{"x":[0,{"b":1, "a" : -1}`; got != want {
		t.Errorf("encoding: got %s, want %s", got, want)
	}
	for _, text := range []wire.Raw{`{`, `{"a":1,"a":2}`, `1 2`} {
		e.Reset(0)
		check.Append(&e, nil, text, check.Anything)
		if !e.Failed() {
			t.Errorf("%s is written", text)
		}
	}
}

// A schema that asks twice at each level costs exponentially; the budget ends it, and
// no `not` can turn that into a success.
func TestBudget(t *testing.T) {
	t.Parallel()
	var twice check.Func
	twice = func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
		if !c.Enter(v) {
			return false
		}
		ok := true
		for range 2 {
			ok = c.Not(v, func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
				return !c.Items(v, nil, 0, twice)
			}) && ok
		}
		return ok
	}
	for _, depth := range []int{3, 60} {
		start := time.Now()
		got, want := ask(strings.Repeat("[", depth)+strings.Repeat("]", depth), twice), ""
		if depth > 3 {
			want = "the value takes more steps to be checked than are allowed"
		}
		if got != want {
			t.Errorf("depth %d: got %q, want %q", depth, got, want)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("depth %d: took %v", depth, took)
		}
	}
}

// Equal items are found in time linear in the text.
func TestUniqueLinear(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&b, ",%d", i)
	}
	start := time.Now()
	if got := ask("["+b.String()[1:]+"]", is("uniqueItems", (*check.Context).Unique)); got != "" {
		t.Errorf("got %q", got)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

// What is found in the scope first decides.
func TestOutermost(t *testing.T) {
	t.Parallel()
	f := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
		c.Push(3)
		c.Push(1)
		c.Push(2)
		first, none := c.Outermost(2, 1), c.Outermost(4)
		c.Pop()
		c.Pop()
		return c.Want(v, "k", first == 1 && none == -1 && c.Outermost(1, 2, 3) == 3)
	}
	if got := ask(`1`, f); got != "" {
		t.Errorf("got %q", got)
	}
}

// Members that must not travel a way are refused where the schemas hold that say so.
func TestOneWay(t *testing.T) {
	t.Parallel()
	// own is {properties: {id: {type: string, readOnly: true}, key: {writeOnly: true}}}.
	own := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
		if !c.Enter(v) {
			return false
		}
		ok := true
		c.ReadOnly(v) // of the value itself nobody asks
		for _, m := range v.Members() {
			switch m.Name() {
			case "id":
				ok = c.Want(m, "type", m.Is(check.String)) && ok
				c.ReadOnly(m)
			case "key":
				c.WriteOnly(m)
			}
		}
		return ok
	}
	anyOf := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
		return c.AnyOf(v, nil, check.Anything, own)
	}
	oneOf := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
		return c.OneOf(v, nil, check.Nothing, own)
	}
	not := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
		return c.Not(v, func(c *check.Context, v *check.Value, seen *check.Evaluated) bool { return c.Not(v, own) })
	}
	required := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
		return c.RequiredUnless(v, check.Request, "id")
	}
	other := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool { return c.Required(v, "b") }
	third := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool { return c.Required(v, "c") }
	without := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool { return c.Not(v, required) }
	with := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool { return c.Not(v, without) }
	one := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
		return c.OneOf(v, nil, required, other, third)
	}
	only := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool { return c.Not(v, one) }
	and := func(a, b check.Func) check.Func {
		return func(c *check.Context, v *check.Value, seen *check.Evaluated) bool {
			first := a(c, v, seen)
			return b(c, v, seen) && first
		}
	}
	fixed := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
		for _, m := range v.Members() {
			if m.Name() == "b" {
				c.ReadOnly(m)
			}
		}
		return true
	}
	both := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
		return c.OneOf(v, nil, and(required, other), and(required, third))
	}
	apart := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
		return c.OneOf(v, nil, and(required, and(third, fixed)), and(other, func(c *check.Context, v *check.Value, _ *check.Evaluated) bool { return !v.Has("c") }))
	}
	mark := func(name string) check.Func {
		return func(_ *check.Context, v *check.Value, seen *check.Evaluated) bool {
			for i, m := range v.Members() {
				if m.Name() == name {
					seen.Mark(i)
				}
			}
			return true
		}
	}
	marked := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
		seen := new(check.Evaluated)
		ok := c.OneOf(v, seen, and(required, mark("x")), and(other, mark("b")))
		return c.UnevaluatedProperties(v, seen, check.Nothing) && ok
	}
	few := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
		return c.Contains(v, nil, 0, 1, required)
	}
	then := func(c *check.Context, v *check.Value, _ *check.Evaluated) bool {
		return c.Try(v, nil, with) || c.Required(v, "b")
	}
	for _, test := range []struct {
		name string
		f    check.Func
		way  check.Way
		text string
		want string
	}{
		{"branches that lack the same", both, check.Request, `{"b":1,"c":1}`, " oneOf"},
		{"branches that lack the same, one of them", both, check.Request, `{"b":1}`, ""},
		{"branches that lack the same, none of them", both, check.Request, `{}`, " oneOf"},
		{"what another branch forbids", apart, check.Request, `{"b":"1"}`, ""},
		{"what the branch forbids", apart, check.Request, `{"c":1,"b":"1"}`, "/b readOnly"},
		{"evaluated by the branch that holds", marked, check.Request, `{"b":"1","x":"2"}`, "/x unevaluatedProperties"},
		{"not too many that contain", few, check.Request, `[{},{},{"id":1}]`, ""},
		{"too many that contain", few, check.Request, `[{"id":1},{"id":2}]`, " maxContains"},
		{"not required", without, check.Request, `{}`, ""},
		{"not required, and there", without, check.Request, `{"id":1}`, " not"},
		{"not required in a response", without, check.Response, `{}`, ""},
		{"not not required", with, check.Request, `{}`, ""},
		{"not not required in a response", with, check.Response, `{}`, " not"},
		{"one of several", one, check.Request, `{}`, ""},
		{"one of several, another", one, check.Request, `{"b":1}`, ""},
		{"one of several, two others", one, check.Request, `{"b":1,"c":1}`, " oneOf"},
		{"one of several, with another", one, check.Request, `{"id":1,"c":1}`, " oneOf"},
		{"one of several in a response", one, check.Response, `{}`, " oneOf"},
		{"not one of several", only, check.Request, `{}`, ""},
		{"not one of several, another", only, check.Request, `{"b":1}`, " not"},
		{"if", then, check.Request, `{}`, " required"},
		{"if, and there", then, check.Request, `{"id":1}`, ""},
		{"no way", own, check.AnyWay, `{"id":"a","key":1}`, ""},
		{"request", own, check.Request, `{"id":"a","key":1}`, "/id readOnly"},
		{"response", own, check.Response, `{"id":"a","key":1}`, "/key writeOnly"},
		{"both wrong", own, check.Request, `{"id":1}`, "/id type, /id readOnly"},
		{"a branch after one that holds", anyOf, check.Request, `{"id":"a"}`, "/id readOnly"},
		{"a branch that does not hold", anyOf, check.Request, `{"id":1}`, ""},
		{"oneOf", oneOf, check.Request, `{"id":"a"}`, "/id readOnly"},
		{"not", not, check.Request, `{"id":"a"}`, ""},
		{"required", required, check.Request, `{}`, ""},
		{"required in a response", required, check.Response, `{}`, " required"},
	} {
		var d wire.Decoder
		d.Reset(test.text, wire.Limits{})
		var v wire.Raw
		check.DecodeWay(&d, &v, test.way, test.f)
		d.End()
		if got := report(d.Err()); got != test.want {
			t.Errorf("%s: %s: got %q, want %q", test.name, test.text, got, test.want)
		}
	}
	var e wire.Encoder
	check.AppendWay(&e, nil, `{"key":1}`, check.Response, own)
	if got, want := report(e.Err()), "/key writeOnly"; got != want {
		t.Errorf("encoding: got %q, want %q", got, want)
	}
}

// TestScalars holds that a value alone is checked as it is inside of an array. Most have no tree of their own then; texts with white
// space around them or with escapes do.
func TestScalars(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		kind check.Kinds
	}{
		{"null", check.Null}, {"true", check.Bool}, {"false", check.Bool}, {"0", check.Number}, {"-1.5e3", check.Number},
		{`""`, check.String}, {`"ab"`, check.String}, {`"a\"b"`, check.String}, {`"\""`, check.String}, {`"\\"`, check.String}, {`"a\u00e9"`, check.String},
		{" 1", check.Number}, {"1 ", check.Number}, {"true\n", check.Bool}, {"null ", check.Null}, {`"a" `, check.String}, {"[]", check.Array}, {"{}", check.Object},
	} {
		is := func(v *check.Value) string {
			kind := ""
			for _, k := range []check.Kinds{check.Null, check.Bool, check.Number, check.String, check.Array, check.Object} {
				if v.Is(k) {
					kind += fmt.Sprint(k)
				}
			}
			return fmt.Sprint(kind, v.IsString("ab"), v.IsString(`a"b`), v.IsString("aé"), v.IsBool(true), v.AtLeast("1"), v.MinLength(1), v.MaxLength(1), v.Is(check.Integer))
		}
		alone, inside := "", ""
		e, array := new(wire.Encoder), new(wire.Encoder)
		check.Append(e, nil, wire.Raw(tt.text), func(_ *check.Context, v *check.Value, _ *check.Evaluated) bool {
			alone = is(v)
			return true
		})
		check.Append(array, nil, wire.Raw("["+tt.text+"]"), func(_ *check.Context, v *check.Value, _ *check.Evaluated) bool {
			for _, item := range v.Items() {
				inside = is(item)
			}
			return true
		})
		if alone != inside || !strings.HasPrefix(alone, fmt.Sprint(tt.kind)) {
			t.Errorf("%q: %s alone, and %s inside of an array", tt.text, alone, inside)
		}
	}
}
