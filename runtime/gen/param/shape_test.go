package param_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/param"
	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// Shapes that the tests share.
var (
	numberOrText = &param.Shape{Text: param.AsInteger | param.AsString, Accepts: accepting(`"`, `1`)}
	oneOrMany    = &param.Shape{Choices: []*param.Shape{&param.StringText, {Items: &param.StringText}}}
	anything     = &param.Shape{Text: param.AsBool | param.AsNumber | param.AsString}
	color        = &param.Shape{Object: true, Members: []param.Member{
		{Name: "R", Shape: &param.IntegerText}, {Name: "G", Shape: &param.IntegerText}, {Name: "name", Shape: &param.StringText},
	}}
	tree = &param.Shape{Object: true, Members: []param.Member{
		{Name: "a", Shape: &param.StringText},
		{Name: "list", Shape: &param.Shape{Items: anything}},
		{Name: "sub", Shape: &param.Shape{Object: true, Rest: &param.Shape{Items: color}}},
	}}
	set = []param.Member{
		{Name: "color", Style: param.Spread, Names: []string{"R", "G", "name"}, Shape: color},
		{Name: "deep", Style: param.Deep, Shape: tree},
		{Name: "id", Shape: numberOrText},
		{Name: "many", Shape: oneOrMany},
		{Name: "csv", Style: param.Delimited, Separator: ',', Shape: oneOrMany},
		{Name: "pipe", Style: param.Delimited, Separator: '|', Shape: color},
		{Name: "json", Shape: &param.JSONText},
		{Name: "rest", Style: param.Spread, Open: true, Shape: &param.Shape{Object: true, Rest: anything}},
	}
)

// accepting makes a judge that takes texts with one of the beginnings.
func accepting(begin ...string) func(*wire.Decoder) {
	return func(d *wire.Decoder) {
		v := d.Raw()
		if !slices.ContainsFunc(begin, func(b string) bool { return strings.HasPrefix(string(v), b) }) {
			d.Refuse("oneOf")
		}
	}
}

// gather reads a query with the set, and returns what was written for each that is there.
func gather(p *param.Reader) map[string]string {
	for p.NextQuery() {
		p.Take(set)
	}
	got := map[string]string{}
	for i, m := range set {
		if p.Gathered(set, i, "query", wire.Limits{}) {
			got[m.Name] = p.String()
		}
	}
	return got
}

// TestGathered: what pairs are written as, and what they are refused for.
func TestGathered(t *testing.T) {
	t.Parallel()
	tests := []struct {
		raw, name, want, refused string
	}{
		{"R=1&G=2", "color", `{"G":2,"R":1}`, ""},
		{"R=x", "color", `{"R":"x"}`, ""}, // for the decoder to refuse
		{"name=%22%2C%22R%22%3A7", "color", `{"name":"\",\"R\":7"}`, ""},
		{"name=%00", "color", "", "query name encoding"},
		{"R=1&R=2", "color", "", "query R repeated"},
		{"deep[a]=1&deep%5Blist%5D=1&deep[list]=true", "deep", `{"a":"1","list":[1,true]}`, ""},
		{"deep[list][]=x", "deep", `{"list":["x"]}`, ""},
		{"deep[list][1]=b&deep[list][0]=a", "deep", `{"list":["a","b"]}`, ""},
		{"deep[list][1]=b", "deep", "", "query deep encoding"},
		{"deep[list][-1]=b", "deep", "", "query deep encoding"},
		{"deep[sub][k][0][R]=1&deep[sub][k][0][G]=2&deep[sub][k][1][R]=3", "deep", `{"sub":{"k":[{"G":2,"R":1},{"R":3}]}}`, ""},
		{"deep[sub][k][][R]=1", "deep", "", "query deep encoding"},
		{"deep[x][y]=1", "deep", `{"x":"1"}`, ""}, // unknown
		{"deep[a][b]=1", "deep", "", "query deep type"},
		{"deep[a]=1&deep[a][b]=1", "deep", "", "query deep repeated"},
		{"deep[]=1", "deep", "", "query deep encoding"},
		{"deep[a", "deep", "", "query deep encoding"},
		{"deep[a]]=1", "deep", "", "query deep type"},
		{"deep=1", "deep", "", "query deep type"},
		{"id=12", "id", `12`, ""},
		{"id=22", "id", `"22"`, ""}, // the number is refused
		{"id=012", "id", `"012"`, ""},
		{"many=a", "many", `"a"`, ""},
		{"many=a&many=b%2C", "many", `["a","b,"]`, ""},
		{"csv=a,b", "csv", `["a","b"]`, ""},
		{"csv=a%2Cb", "csv", `"a,b"`, ""},
		{"csv=a&csv=b", "csv", "", "query csv repeated"},
		{"pipe=R%7C1|G|2", "pipe", `{"G":2,"R":1}`, ""},
		{"pipe=R|1|R|2", "pipe", "", "query pipe repeated"},
		{"pipe=R", "pipe", "", "query pipe encoding"},
		{`json=[1,%20{}]`, "json", `[1, {}]`, ""},
		{`json={"a":1,"a":2}`, "json", "", "query json type"},
		{"other=1&x[y]=true", "rest", `{"other":1,"x[y]":true}`, ""},
		{"other=1&other=2", "rest", "", "query other repeated"},
	}
	for _, test := range tests {
		t.Run(test.raw, func(t *testing.T) {
			t.Parallel()
			p := request(test.raw)
			got := gather(p)
			if len(got) != 1 || got[test.name] != test.want {
				t.Errorf("got %q, want %s: %s", got, test.name, test.want)
			}
			if got := refused(t, p); got != test.refused {
				t.Errorf("got refused %q, want %q", got, test.refused)
			}
		})
	}
}

// TestTakeTellsBracketsApart: a pair without brackets belongs to the member that has its name,
// and to one in style Deep only where no other has it. The order of the set does not matter.
func TestTakeTellsBracketsApart(t *testing.T) {
	t.Parallel()
	deep := param.Member{Name: "a", Style: param.Deep, Shape: &param.Shape{Object: true, Rest: &param.StringText}}
	spread := param.Member{Name: "sort", Style: param.Spread, Names: []string{"a"}, Shape: &param.Shape{Object: true, Members: []param.Member{{Name: "a", Shape: &param.StringText}}}}
	for _, set := range [][]param.Member{{deep, spread}, {spread, deep}} {
		p := request("a=1&a[b]=2")
		for p.NextQuery() {
			if !p.Take(set) {
				t.Errorf("%s: not taken", p.Name)
			}
		}
		got := map[string]string{}
		for i, m := range set {
			if p.Gathered(set, i, "query", wire.Limits{}) {
				got[m.Name] = p.String()
			}
		}
		if got["a"] != `{"b":"2"}` || got["sort"] != `{"a":"1"}` {
			t.Errorf("%s first: got %q", set[0].Name, got)
		}
	}
}

// TestTranscribe: the styles of one text.
func TestTranscribe(t *testing.T) {
	t.Parallel()
	list := &param.Shape{Items: &param.StringText}
	tests := []struct {
		style param.Style
		shape *param.Shape
		raw   string
		want  string // "" where it is refused
	}{
		{param.Label, list, ".a,b", `["a","b"]`},
		{param.Label, list, "a,b", ""},
		{param.LabelExploded, list, ".a.b", `["a","b"]`},
		{param.LabelExploded, color, ".R=1.G=2", `{"G":2,"R":1}`},
		{param.LabelExploded, color, ".R.1", ""},
		{param.LabelExploded, list, ".a%2eb", ""},
		{param.Matrix, list, ";p=a,b", `["a","b"]`},
		{param.Matrix, list, ";p", `[]`},
		{param.Matrix, list, ";q=a", ""},
		{param.Matrix, color, ";p=R,1", `{"R":1}`},
		{param.MatrixExploded, list, ";p=a;p=b", `["a","b"]`},
		{param.MatrixExploded, list, ";p=a;q=b", ""},
		{param.MatrixExploded, &param.StringText, ";p=a;p=b", ""},
		{param.MatrixExploded, color, ";R=1;name", `{"R":1,"name":""}`},
		{param.MatrixExploded, color, ";R=1;R=2", ""},
		{param.MatrixExploded, oneOrMany, ";p=a", `"a"`},
		{param.MatrixExploded, oneOrMany, ";p=a;p=b", `["a","b"]`},
		{param.Assigned, color, "R=1,name=a%3Db%2Cc", `{"R":1,"name":"a=b,c"}`},
		{param.Assigned, color, "R", ""},
		{param.Delimited, color, "R,1,name,%C3%A9", `{"R":1,"name":"é"}`},
		{param.Delimited, color, "R,1,name,%C3", ""},
		{param.Delimited, list, strings.Repeat("a,", 1000), ""},
	}
	for _, test := range tests {
		p := message(http.Header{}, test.raw)
		p.Path(0, "p")
		p.Transcribe(&param.Member{Name: "p", Style: test.style, Separator: ',', Shape: test.shape}, wire.Limits{})
		if got := p.String(); got != test.want || p.Violated() != (test.want == "") {
			t.Errorf("style %d of %s: got %s, %v, want %s", test.style, test.raw, got, p.Err(), test.want)
		}
	}
}

// TestCookies: cookies of their own, with and without escapes.
func TestCookies(t *testing.T) {
	t.Parallel()
	cookies := []param.Member{
		{Name: "a", Shape: &param.Shape{Items: &param.StringText}},
		{Name: "b", Escaped: true, Shape: &param.Shape{Items: &param.StringText}},
	}
	tests := []struct{ raw, a, b, refused string }{
		{"a=1; a=%32; b=%32; c=\x01 ", `["1","%32"]`, `["2"]`, ""},
		{`a="1"; a="; b=1&b=2`, "", "", "cookie a encoding, cookie b encoding"},
		{"a =1", "", "", "cookie a encoding"},
		{"a; b=1", "", `["1"]`, "cookie a encoding"},
		{"A=1", "", "", ""},
	}
	for _, test := range tests {
		p := message(http.Header{"Cookie": {test.raw}})
		for p.Cookies(); p.NextCookie(); {
			p.Take(cookies)
		}
		var got [2]string
		for i := range cookies {
			if p.Gathered(cookies, i, "cookie", wire.Limits{}) {
				got[i] = p.String()
			}
		}
		if got != [2]string{test.a, test.b} || refused(t, p) != test.refused {
			t.Errorf("%q: got %q, %q; want %q %q, %q", test.raw, got, refused(t, p), test.a, test.b, test.refused)
		}
	}
}

// TestRefuseAt: a place inside of a value is named as a query names it.
func TestRefuseAt(t *testing.T) {
	t.Parallel()
	p := request("R=1&deep[a]=1")
	gather(p)
	p.Gathered(set, 1, "query", wire.Limits{})
	p.RefuseAt(wire.Violation{Pointer: "/a~1b/0", Keyword: "type", Detail: sentences["type"]})
	p.Gathered(set, 0, "query", wire.Limits{})
	p.RefuseAt(wire.Violation{Pointer: "/R", Keyword: "type", Detail: sentences["type"]})
	p.RefuseAt(wire.Violation{Keyword: "type", Detail: sentences["type"]})
	if got, want := refused(t, p), "query deep[a/b][0] type, query R type, query color type"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// FuzzGathered: whatever a query holds, what is written for a parameter is well-formed JSON without
// duplicates, of a size in proportion, and what it says of plain pairs is what they say.
func FuzzGathered(f *testing.F) {
	for _, raw := range []string{
		"R=1&G=2&name=x", "deep[sub][k][0][R]=1&deep[list][]=1", "deep[a]=1&deep[a][b]=2", "id=1&many=a&many=b&csv=a,b&pipe=R|1",
		"json={\"a\":[1]}&other=1", strings.Repeat("deep[list][]=1&", 900), "deep" + strings.Repeat("[sub]", 900) + "=1", "csv=" + strings.Repeat("a,", 999),
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		p := request(raw)
		got := gather(p)
		for name, text := range got {
			if text == "" {
				if !p.Violated() {
					t.Fatalf("%q: nothing is written for %s, and nothing is refused", raw, name)
				}
				continue
			}
			if err := wire.Raw(text).Check(); err != nil {
				t.Fatalf("%q: %s is %q: %v", raw, name, text, err)
			}
			if len(text) > 8*len(raw)+16 {
				t.Fatalf("%d bytes of a query became %d for %s", len(raw), len(text), name)
			}
		}
		if p.Violated() {
			return
		}
		// A reference that divides and decodes naively agrees on the pairs of one name.
		want := map[string][]string{}
		for q := request(raw); q.NextQuery(); {
			want[q.Name] = append(want[q.Name], q.String())
		}
		var many any
		if text := got["many"]; text != "" {
			if err := json.Unmarshal([]byte(text), &many); err != nil {
				t.Fatal(err)
			}
			var list any = want["many"][0]
			if len(want["many"]) > 1 {
				list = toAny(want["many"])
			}
			if !reflect.DeepEqual(many, list) {
				t.Fatalf("%q: many is %v, want %v", raw, many, list)
			}
		}
		var object map[string]any
		if text := got["color"]; text != "" {
			if err := json.Unmarshal([]byte(text), &object); err != nil {
				t.Fatal(err)
			}
			if name, ok := object["name"]; ok && name != want["name"][0] {
				t.Fatalf("%q: name is %v, want %v", raw, name, want["name"])
			}
		}
	})
}

func toAny(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

// FuzzTranscribe: one text in each style, likewise.
func FuzzTranscribe(f *testing.F) {
	for style := range byte(10) {
		for _, raw := range []string{".a.b", ";p=a;p=b", "R,1,G,2", "R=1,G=2", "a%2Cb,c", ";R=1;G", "{\"a\":1}"} {
			f.Add(style, raw)
		}
	}
	shapes := []*param.Shape{color, oneOrMany, numberOrText, {Items: anything}, {Choices: []*param.Shape{&param.IntegerText, color}}}
	f.Fuzz(func(t *testing.T, style byte, raw string) {
		for _, shape := range shapes {
			p := message(http.Header{}, raw)
			p.Path(0, "p")
			p.Transcribe(&param.Member{Name: "p", Style: param.Style(style % 10), Separator: ',', Shape: shape}, wire.Limits{})
			text := p.String()
			if (text == "") != p.Violated() {
				t.Fatalf("style %d of %q: wrote %q, %v", style, raw, text, p.Err())
			}
			if text != "" && wire.Raw(text).Check() != nil {
				t.Fatalf("style %d of %q: wrote %q", style, raw, text)
			}
			if len(text) > 8*len(raw)+16 {
				t.Fatalf("%d bytes became %d", len(raw), len(text))
			}
		}
	})
}
