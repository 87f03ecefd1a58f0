package load

import (
	"strings"
	"testing"

	"github.com/bailey-go/bailey/generator/internal/diag"
)

// read reads text as the file name gives, with the default limits.
func read(name, text string) (*Node, diag.List) {
	var diags diag.List
	s := newSource(nil, Limits{}, &diags)
	f := s.parse(name, []byte(text))
	if diags.HasErrors() {
		return nil, diags
	}
	return f.root, diags
}

// dump prints a tree in one line: JSON, with every value's position.
func dump(n *Node) string {
	var b strings.Builder
	var walk func(n *Node)
	walk = func(n *Node) {
		switch n.Kind {
		case Null:
			b.WriteString("null")
		case String:
			b.Write(appendQuoted(nil, n.Text))
		case Array:
			b.WriteByte('[')
			for i, item := range n.Items {
				if i > 0 {
					b.WriteByte(',')
				}
				walk(item)
			}
			b.WriteByte(']')
		case Object:
			b.WriteByte('{')
			for i, m := range n.Members {
				if i > 0 {
					b.WriteByte(',')
				}
				b.Write(appendQuoted(nil, m.Key))
				b.WriteByte(':')
				walk(m.Value)
			}
			b.WriteByte('}')
		default:
			b.WriteString(n.Text)
		}
	}
	walk(n)
	return b.String()
}

func TestReadJSON(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{`{}`, `{}`},
		{"\ufeff{}", `{}`},
		{` [ ] `, `[]`},
		{`{"b":1,"a":2}`, `{"b":1,"a":2}`},
		{`[9007199254740993, 1.50, -0, 1E2, 0.1e-7]`, `[9007199254740993,1.50,-0,1E2,0.1e-7]`},
		{`[null,true,false,""]`, `[null,true,false,""]`},
		{`"\u00e9\ud83d\ude00\/\\\"\n\u0000"`, `"é😀/\\\"\n\u0000"`},
		{`{"":{"a~b/c":[0]}}`, `{"":{"a~b/c":[0]}}`},
		{"\"\u2028\x7f\"", "\"\u2028\x7f\""},
		{strings.Repeat("[", 200) + strings.Repeat("]", 200), strings.Repeat("[", 200) + strings.Repeat("]", 200)},
	}
	for _, tt := range tests {
		n, diags := read("x.json", tt.text)
		if len(diags) > 0 {
			t.Errorf("%q: %v", tt.text, diags)
			continue
		}
		if got := dump(n); got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestReadJSONRefuses(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 201) + strings.Repeat("]", 201)
	tests := []struct{ text, want string }{
		{"", "x.json:1:1: unexpected end of the file [json-syntax]"},
		{"{} x", "x.json:1:4: 'x' after the end of the document [json-syntax]"},
		{"{\n  \"a\": 1,\n  \"a\": 2\n}", `x.json:3:3: "a" stands here a second time, the first is at 2:3 [duplicate-key]`},
		{`{"a":1,"\u0061":2}`, `x.json:1:8: "a" stands here a second time, the first is at 1:2 [duplicate-key]`},
		{`{"a":1,}`, "x.json:1:8: expected a member's name in double quotes, found '}' [json-syntax]"},
		{`[1,]`, "x.json:1:4: expected a value, found ']' [json-syntax]"},
		{`[1 2]`, "x.json:1:4: expected ',' or ']', found '2' [json-syntax]"},
		{`{"a" 1}`, "x.json:1:6: expected ':' after the member's name, found '1' [json-syntax]"},
		{`{a:1}`, "x.json:1:2: expected a member's name in double quotes, found 'a' [json-syntax]"},
		{`[01]`, "x.json:1:3: malformed number [json-syntax]"},
		{`[1.]`, "x.json:1:2: malformed number [json-syntax]"},
		{`[+1]`, "x.json:1:2: expected a value, found '+' [json-syntax]"},
		{`[NaN]`, "x.json:1:2: expected a value, found 'N' [json-syntax]"},
		{`[1e999999999]`, "x.json:1:2: a number with an exponent beyond 400 [limit-number]"},
		{`[1e99999999999999999999]`, "x.json:1:2: a number with an exponent beyond 400 [limit-number]"},
		{`[` + strings.Repeat("9", 1101) + `]`, "x.json:1:2: a number of more than 1100 characters [limit-number]"},
		{`["\ud800"]`, "x.json:1:3: half of a surrogate pair in a string [utf8]"},
		{`["\udc00\ud800"]`, "x.json:1:3: half of a surrogate pair in a string [utf8]"},
		{`["\ud800\u0041"]`, "x.json:1:3: half of a surrogate pair in a string [utf8]"},
		{"[\"a\xff\"]", "x.json:1:4: invalid UTF-8 [utf8]"},
		{"[\"\xed\xa0\x80\"]", "x.json:1:3: invalid UTF-8 [utf8]"},
		{"\xff\xfe{\x00}\x00", "x.json:1:1: invalid UTF-8; this is UTF-16: save it as UTF-8 [utf8]"},
		{"[\"a\tb\"]", "x.json:1:4: control character U+0009 in a string [json-syntax]"},
		{`["\x41"]`, "x.json:1:3: invalid escape sequence in a string [json-syntax]"},
		{`["\u12"]`, "x.json:1:3: invalid escape sequence in a string [json-syntax]"},
		{`["abc`, "x.json:1:6: the file ends inside a string [json-syntax]"},
		{`["abc\`, "x.json:1:6: the file ends inside a string [json-syntax]"},
		{"// c\n{}", "x.json:1:1: expected a value, found '/' [json-syntax]"},
		{deep, "x.json:1:201: nested deeper than 200 levels [limit-depth]"},
	}
	for _, tt := range tests {
		_, diags := read("x.json", tt.text)
		if len(diags) != 1 {
			t.Errorf("%.40q: got %d diagnostics, want 1: %v", tt.text, len(diags), diags)
			continue
		}
		if got := diags[0].String(); got != tt.want {
			t.Errorf("%.40q:\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

func TestPositions(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text string }{
		{"x.json", "{\n \"é\": {\"a\": [1,\n  2]}, \"b\": true}"},
		{"x.yaml", "\"é\": {\"a\": [1,\n  2]}\n"},
		{"x.yaml", "é:\n  a:\n    - 1\n    -   2\n"},
	}
	want := [][2]string{{"2:15", "3:3"}, {"1:14", "2:3"}, {"3:7", "4:9"}}
	for i, tt := range tests {
		n, diags := read(tt.name, tt.text)
		if len(diags) > 0 {
			t.Fatal(diags)
		}
		items := n.Get("é").Get("a").Items
		for j, item := range items {
			if got := strings.TrimPrefix(item.Pos.String(), tt.name+":"); got != want[i][j] {
				t.Errorf("%q item %d: got %s, want %s", tt.text, j, got, want[i][j])
			}
		}
		if got, want := items[1].Pointer(), "/é/a/1"; got != want {
			t.Errorf("pointer: got %s, want %s", got, want)
		}
	}
}

func TestGetOfLargeObjects(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(`{"k":0`)
	for i := range 100 {
		b.WriteString(`,"` + decimal(i) + `":` + decimal(i))
	}
	b.WriteString("}")
	n, diags := read("x.json", b.String())
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	for i := range 100 {
		if v := n.Get(decimal(i)); v == nil || v.Text != decimal(i) {
			t.Errorf("member %d: got %v", i, v)
		}
	}
	if n.Get("100") != nil {
		t.Error("a member that is not there was found")
	}
	if _, diags := read("x.json", b.String()[:b.Len()-1]+`,"k":1}`); len(diags) != 1 || diags[0].Rule != "duplicate-key" {
		t.Errorf("duplicate in a large object: got %v", diags)
	}
}
