package load

import (
	"fmt"
	"strings"
	"testing"
)

func TestReadYAML(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"a: b", `{"a":"b"}`},
		{"\ufeffa: b", `{"a":"b"}`},
		{"%YAML 1.2\n---\na: b\n...\n", `{"a":"b"}`},
		// The core schema of YAML 1.2, not what the library makes of it.
		{"[yes, no, on, off, Y, n]", `["yes","no","on","off","Y","n"]`},
		{"[true, True, TRUE, tRUE]", `[true,true,true,"tRUE"]`},
		{"[null, ~, Null, NULL, nULL]", `[null,null,null,null,"nULL"]`},
		{"a:\nb: ''", `{"a":null,"b":""}`},
		{"[1_000, 0b11, 190:20:30, 2001-12-14, 2001-12-14t21:59:43.10-05:00]", `["1_000","0b11","190:20:30","2001-12-14","2001-12-14t21:59:43.10-05:00"]`},
		{"[12, -12, +12, 0, -0, 9007199254740993]", `[12,-12,12,0,-0,9007199254740993]`},
		{"[0o17, 0x1F, 0xFFFFFFFFFFFFFFFFFF, 0x, 0o8]", `[15,31,4722366482869645213695,"0x","0o8"]`},
		{"[1.50, .5, 1., -.5e3, 1e2, 1E+2, 1e, e1, ., 1.2.3]", `[1.50,0.5,1,-0.5e3,1e2,1E+2,"1e","e1",".","1.2.3"]`},
		{"['1', \"true\", !!str 12]", `["1","true","12"]`},
		{"[!!int 12, !!float 1.5, !!bool true, !!null null, !!map {}, !!seq []]", `[12,1.5,true,null,{},[]]`},
		// Keys are text, whatever they look like.
		{"1.50: a\n200: b\ntrue: c\nnull: d\non: e\n0x10: f", `{"1.50":"a","200":"b","true":"c","null":"d","on":"e","0x10":"f"}`},
		{"{a, b: }", `{"a":null,"b":null}`},
		{"? a\n: b", `{"a":"b"}`},
		{"a: |\n  x\n  y\nb: >-\n  x\n  y\n", `{"a":"x\ny\n","b":"x y"}`},
		// JSON's escape, which the library does not know.
		{`a: "x\/y\\/z"`, `{"a":"x/y\\/z"}`},
		{"a: x\\/y\nb: 'x\\/y'\n\"c\\/d\": |\n  \\/\n", `{"a":"x\\/y","b":"x\\/y","c/d":"\\/\n"}`},
		// Aliases are copies, merge keys are applied.
		{"a: &x {b: [1]}\nc: *x", `{"a":{"b":[1]},"c":{"b":[1]}}`},
		{"a: &k b\n*k : c", `{"a":"b","b":"c"}`},
		{"a: &x {b: 1, c: 2}\nd:\n  c: 3\n  <<: *x", `{"a":{"b":1,"c":2},"d":{"c":3,"b":1}}`},
		{"a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne: {<<: [*x, *y]}", `{"a":{"b":1},"c":{"b":2,"d":3},"e":{"b":1,"d":3}}`},
		{"a: &x {b: 1}\nc: &y {<<: *x, d: 2}\ne: {<<: *y}", `{"a":{"b":1},"c":{"d":2,"b":1},"e":{"d":2,"b":1}}`},
		{"'<<': 1", `{"<<":1}`},
		// Tabs before comments and on blank lines are no indentation, those in text are text.
		{"a:\n\t\t# one\n \t \n  - 1\n\t# two\n  - 2\nb: |\n  x\n  \t# y\nc: 3", `{"a":[1,2],"b":"x\n\t# y\n","c":3}`},
		{"{\"a\": [1, 2,], }", `{"a":[1,2]}`},
		{`{"a": 1}`, `{"a":1}`},
	}
	for _, tt := range tests {
		n, diags := read("x.yaml", tt.text)
		if diags.HasErrors() {
			t.Errorf("%q: %v", tt.text, diags)
			continue
		}
		if got := dump(n); got != tt.want {
			t.Errorf("%q:\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

func TestReadYAMLRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"", "x.yaml:1:1: the file is empty [document]"},
		{"# nothing", "x.yaml:1:1: the file is empty [document]"},
		{"a: 1\nb: 2\na: 3", `x.yaml:3:1: "a" stands here a second time, the first is at 1:1 [duplicate-key]`},
		{"200: 1\n'200': 3", `x.yaml:2:1: "200" stands here a second time, the first is at 1:1 [duplicate-key]`},
		{"a:\n\tb: 1", "x.yaml:2:1: found character that cannot start any token; YAML does not allow a tab here: use spaces [yaml-syntax]"},
		{strings.Repeat("a:\n\t# b\n", 17), "x.yaml:34:1: found character that cannot start any token; YAML does not allow a tab here: use spaces [yaml-syntax]"},
		{"a: 1\n---\nb: 2", "x.yaml:2:1: a second YAML document begins here: one file is one document [yaml-documents]"},
		{"a: .inf", "x.yaml:1:4: .inf is not a number that JSON has [yaml-number]"},
		{"a: -.INF", "x.yaml:1:4: -.INF is not a number that JSON has [yaml-number]"},
		{"a: .NaN", "x.yaml:1:4: .NaN is not a number that JSON has [yaml-number]"},
		{"a: 1e999999999", "x.yaml:1:4: a number with an exponent beyond 400 [limit-number]"},
		{"a: 0x" + strings.Repeat("F", 2000), "x.yaml:1:4: a number of more than 1100 characters [limit-number]"},
		{"a: !!binary aGk=", "x.yaml:1:4: the tag !!binary is not one of YAML's core schema, or does not fit [yaml-tag]"},
		{"a: !foo 1", "x.yaml:1:4: the tag !foo is not one of YAML's core schema, or does not fit [yaml-tag]"},
		{"a: !!int x", "x.yaml:1:4: the tag !!int is not one of YAML's core schema, or does not fit [yaml-tag]"},
		{"a: !!set {b}", "x.yaml:1:4: the tag !!set is not one of YAML's core schema, or does not fit [yaml-tag]"},
		{"? [a]\n: 1", "x.yaml:1:3: a member's name must be a string [yaml-key]"},
		{"? \n: 1", "x.yaml:1:2: a member without a name [yaml-key]"},
		{"a: 1\nb: {c\nd: 1", "x.yaml:2:1: did not find expected ',' or '}' [yaml-syntax]"},
		{"a:\n  - b\n  c: 1", "x.yaml:2:1: did not find expected '-' indicator [yaml-syntax]"},
		{"a: b\nc: d: e", "x.yaml:2:1: mapping values are not allowed in this context [yaml-syntax]"},
		{"a: 1\nb: \"\\q\"", `x.yaml:2:1: found unknown escape character; in double quotes, write a backslash as \\ [yaml-syntax]`},
		{"a: *x", "x.yaml:1:4: unknown anchor 'x' referenced [yaml-syntax]"},
		{"a: &x [*x]", "x.yaml:1:8: the alias *x stands inside what it names [yaml-alias]"},
		{"<<: 1", "x.yaml:1:5: a merge key takes an object or a list of objects, this is a number [yaml-merge]"},
		{"a: &x {b: 1}\nc:\n  <<: *x\n  <<: *x", "x.yaml:1:4: a second merge key: write << once, with a list [duplicate-key]"},
		{"a: \"\xff\"", "x.yaml:1:5: invalid UTF-8 [utf8]"},
		{"a: [1", "x.yaml:1:1: did not find expected ',' or ']' [yaml-syntax]"},
		{`{"a": 1, "a": 2}`, `x.yaml:1:10: "a" stands here a second time, the first is at 1:2 [duplicate-key]`},
		{strings.Repeat("%FOO\n", 20) + "---\na: 1", "x.yaml: more than 16 directives [yaml-syntax]"},
	}
	for _, tt := range tests {
		_, diags := read("x.yaml", tt.text)
		if len(diags) != 1 {
			t.Errorf("%.40q: got %d diagnostics, want 1: %v", tt.text, len(diags), diags)
			continue
		}
		if got := diags[0].String(); got != tt.want {
			t.Errorf("%.40q:\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

func TestLeadingZeros(t *testing.T) {
	t.Parallel()
	n, diags := read("x.yaml", "a: 010\nexample: {zip: 0123}\nb: 00.5\n")
	if got, want := dump(n), `{"a":10,"example":{"zip":123},"b":0.5}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if len(diags) != 2 || diags.HasErrors() || diags[0].Pos.Line != 1 || diags[1].Pos.Line != 3 {
		t.Errorf("got %v, want warnings for lines 1 and 3", diags)
	}
}

// A merged member has its place in the object that it was merged into.
func TestMergedPlaces(t *testing.T) {
	t.Parallel()
	n, diags := read("x.yaml", "base: &b\n  p: {q: 1}\nuse:\n  <<: *b\n")
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	q := n.Get("use").Get("p").Get("q")
	if got := q.Pointer(); got != "/use/p/q" {
		t.Errorf("pointer: got %s", got)
	}
	if q.Pos.Line != 2 {
		t.Errorf("position: got %v, want the text's, line 2", q.Pos)
	}
	if q == n.Get("base").Get("p").Get("q") {
		t.Error("one node stands in two places")
	}
}

// The limits hold across the files of a document, and a value too many is refused.
func TestAliasLimit(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 9; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9))
	}
	_, diags := read("x.yaml", b.String())
	if len(diags) != 1 || diags[0].Rule != "limit-aliases" {
		t.Errorf("got %v, want limit-aliases", diags)
	}
}
