package wire_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// decode runs read on text and returns the report.
func decode(text string, l wire.Limits, read func(d *wire.Decoder)) string {
	var d wire.Decoder
	d.Reset(text, l)
	read(&d)
	d.End()
	return report(d.Err())
}

var keysAB = wire.NewKeys([]string{"a", "b"}, nil)

// decodeAB reads two numbers, and extra ones into more.
func decodeAB(d *wire.Decoder, u wire.Unknown, more *map[string]int64) {
	var seen uint64
	for f := d.Object(keysAB, u); f >= 0; f = d.Next(keysAB, f) {
		if f == keysAB.Extra() {
			wire.Member(d, more, wire.DecodeInt64)
			continue
		}
		if !d.First(&seen, f) {
			continue
		}
		d.Int64()
	}
	d.Require(seen, 0b11, keysAB)
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text               string
		refuse, drop, keep string
		kept               map[string]int64
	}{
		{text: `{"a":1,"b":2}`},
		{text: `{"b":1,"a":2}`},
		{text: `{}`, refuse: " required,  required", drop: " required,  required", keep: " required,  required"},
		{text: `{"a":1}`, refuse: " required", drop: " required", keep: " required"},
		{text: `{"x":3,"a":1,"y":4,"b":2,"z":5}`, refuse: "/x additionalProperties, /y additionalProperties, /z additionalProperties", kept: map[string]int64{"x": 3, "y": 4, "z": 5}},
		{text: `{"a":1,"b":2,"x":"no"}`, refuse: "/x additionalProperties", keep: "/x type", kept: map[string]int64{"x": 0}},
		{text: `{"x":1,"a":1,"x":1,"b":2}`, refuse: "syntax 17 /x: a member name occurs twice", drop: "syntax 17 /x: a member name occurs twice", keep: "syntax 17 /x: a member name occurs twice", kept: map[string]int64{"x": 1}},
		{text: `{"x":1,"b":2,"\u0078":1}`, refuse: "syntax 22 /x: a member name occurs twice", drop: "syntax 22 /x: a member name occurs twice", keep: "syntax 22 /x: a member name occurs twice", kept: map[string]int64{"x": 1}},
		{text: `"a"`, refuse: " type", drop: " type", keep: " type"},
		{text: `[{}]`, refuse: " type", drop: " type", keep: " type"},
	} {
		var kept map[string]int64
		for u, want := range map[wire.Unknown]string{wire.Refuse: test.refuse, wire.Drop: test.drop, wire.Keep: test.keep} {
			if got := decode(test.text, wire.Limits{}, func(d *wire.Decoder) { decodeAB(d, u, &kept) }); got != want {
				t.Errorf("%s, mode %d:\n got %s\nwant %s", test.text, u, got, want)
			}
		}
		if !maps.Equal(kept, test.kept) {
			t.Errorf("%s: kept %v, want %v", test.text, kept, test.kept)
		}
	}
}

// Extra members pass First, however many names there are.
func TestFirstOfExtra(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 63, 64, 65, 128, 130} {
		var names []string
		var b strings.Builder
		for i := range n {
			names = append(names, fmt.Sprint("n", i))
			fmt.Fprintf(&b, `"n%d":%d,`, i, i)
		}
		keys := wire.NewKeys(names, nil)
		for _, text := range []string{`{"x":1,` + b.String() + `"y":2}`, `{` + b.String() + `"x":1,"y":2}`} {
			seen := make([]uint64, (n+63)/64)
			var one uint64
			extra, known := 0, 0
			got := decode(text, wire.Limits{}, func(d *wire.Decoder) {
				for f := d.Object(keys, wire.Keep); f >= 0; f = d.Next(keys, f) {
					if n <= 64 && !d.First(&one, f) {
						continue
					}
					if n > 64 && !d.FirstOf(seen, f) {
						continue
					}
					if d.Skip(); f == keys.Extra() {
						extra++
					} else {
						known++
					}
				}
				want := slices.Repeat([]uint64{^uint64(0)}, (n+63)/64)
				if n > 64 {
					d.RequireOf(seen, want, keys)
				}
			})
			if got != "" || extra != 2 || known != n {
				t.Errorf("%d names: %q, %d extra, %d known", n, got, extra, known)
			}
		}
	}
}

func TestRequireOf(t *testing.T) {
	t.Parallel()
	var names []string
	for i := range 70 {
		names = append(names, fmt.Sprint("n", i))
	}
	keys := wire.NewKeys(names, nil)
	read := func(d *wire.Decoder) {
		var seen [2]uint64
		for f := d.Object(keys, wire.Refuse); f >= 0; f = d.Next(keys, f) {
			if d.FirstOf(seen[:], f) {
				d.Skip()
			}
		}
		d.RequireOf(seen[:], []uint64{1, 1<<5 | 1<<4}, keys)
	}
	var d wire.Decoder
	d.Reset(`{"n68":0}`, wire.Limits{})
	read(&d)
	err, ok := d.Err().(*wire.Invalid)
	if !ok || len(err.Violations) != 2 || err.Violations[0].Detail != `lacks the member "n0"` || err.Violations[1].Detail != `lacks the member "n69"` {
		t.Errorf("got %+v", err)
	}
	if got, want := decode(`{"n69":0,"n69":0}`, wire.Limits{}, read), "syntax 15 /n69: a member name occurs twice"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Many unknown names go through a map; nested objects have their own.
func TestManyNames(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, `"x%d":{"x%d":0,"x0":[{"x0":0}]},`, i+1, i+1)
	}
	for _, test := range []struct{ text, want string }{
		{`{` + b.String() + `"a":1,"b":2}`, ""},
		{`{` + b.String() + `"a":1,"x77":0,"b":2}`, "/x77: a member name occurs twice"},
		{`{` + b.String() + `"x0":{` + b.String() + `"x50":0}}`, "/x0/x50: a member name occurs twice"},
	} {
		for _, read := range []func(d *wire.Decoder){
			func(d *wire.Decoder) { decodeAB(d, wire.Drop, nil) },
			func(d *wire.Decoder) { d.Raw() },
			func(d *wire.Decoder) {
				var m map[string]wire.Raw
				wire.Map(d, &m, -1, wire.DecodeRaw)
			},
		} {
			if got := decode(test.text, wire.Limits{}, read); got != test.want && (test.want == "" || !strings.HasSuffix(got, test.want)) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		}
	}
}

func TestPointer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, want string }{
		{`x`, `/x`},
		{``, `/`},
		{`a/b~c`, `/a~1b~0c`},
		{`\u0000\n\u202e\u007f`, "/\ufffd\ufffd\ufffd\ufffd"},
		{`\ud83d\ude00é`, `/😀é`},
		{strings.Repeat("é", 64), "/" + strings.Repeat("é", 64)},
		{strings.Repeat("é", 65), "/" + strings.Repeat("é", 64) + "…"},
		{strings.Repeat(`\ud83d\ude00`, 1000), "/" + strings.Repeat("😀", 64) + "…"},
	} {
		got := decode(`{"`+test.name+`":1}`, wire.Limits{}, func(d *wire.Decoder) { d.Object(keysAB, wire.Refuse) })
		if want := test.want + " additionalProperties"; got != want {
			t.Errorf("%s: got %q, want %q", test.name, got, want)
		}
	}
}

func TestArray(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text string
		max  int
		want string
		n    int // -1: nil
	}{
		{`[]`, -1, "", 0},
		{` [ ] `, 0, "", 0},
		{`[1,2,3]`, -1, "", 3},
		{`[1,2,3]`, 3, "", 3},
		{`[1,2,3]`, 2, " maxItems", 2},
		{`[1,2,{"a":[1]}]`, 2, " maxItems", 2},
		{`[1]`, 0, " maxItems", 0},
		{`[1,2,3,]`, 2, "syntax 7 /3: this is not a JSON value", -1},
		{`[1,"2",3]`, -1, "/1 type", 3},
		{`[,]`, -1, "syntax 1 /0: this is not a JSON value", -1},
		{`[1 2]`, -1, "syntax 3 : a comma or a closing bracket is expected here", -1},
		{`[1`, -1, "syntax 2 : the text ends too early", -1},
		{`[`, -1, "syntax 1 /0: the text ends too early", -1},
		{`{}`, -1, " type", -1},
		{`null`, -1, " type", -1},
		{"[" + strings.Repeat("1,", 999) + "1]", -1, "", 1000},
		{"[" + strings.Repeat("1,", 63) + "1]", -1, "", 64},
		{"[" + strings.Repeat("1,", 64) + "1]", -1, "", 65},
	} {
		var v []int64
		got := decode(test.text, wire.Limits{}, func(d *wire.Decoder) { wire.Array(d, &v, test.max, wire.DecodeInt64) })
		if got != test.want || len(v) != max(test.n, 0) || (v == nil) != (test.n < 0) {
			t.Errorf("%.20s, max %d: got %d items (nil: %v), %q; want %d, %q", test.text, test.max, len(v), v == nil, got, test.n, test.want)
		}
		if cap(v) > len(v)+len(v)/4 {
			t.Errorf("%.20s: room for %d, but %d items", test.text, cap(v), len(v))
		}
	}
}

func TestMap(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text string
		max  int
		want string
		n    int // -1: nil
	}{
		{`{}`, -1, "", 0},
		{`{"a":1,"b":2}`, 2, "", 2},
		{`{"a":1,"b":2}`, 1, " maxProperties", 1},
		{`{"a":1,"b":2,"a":3}`, 1, "syntax 17 /a: a member name occurs twice", -1},
		{`{"a":1,"\u0061":2}`, -1, "syntax 16 /a: a member name occurs twice", -1},
		{`{"a":"x","KEY":1}`, -1, "/a type, /KEY propertyNames", 2},
		{`{"a":1,}`, -1, "syntax 7 : a member name is expected here", -1},
		{`{"a"}`, -1, "syntax 4 : a colon is expected here", -1},
		{`[]`, -1, " type", -1},
	} {
		var v map[string]int64
		got := decode(test.text, wire.Limits{}, func(d *wire.Decoder) {
			wire.Map(d, &v, test.max, func(d *wire.Decoder, v *int64) {
				if d.Key() != strings.ToLower(d.Key()) {
					d.Refuse("propertyNames")
				}
				*v = d.Int64()
			})
		})
		if got != test.want || len(v) != max(test.n, 0) || (v == nil) != (test.n < 0) {
			t.Errorf("%s, max %d: got %v, %q; want %d, %q", test.text, test.max, v, got, test.n, test.want)
		}
	}
}

// A type that contains itself must not grow the scratch array under the feet of
// the outer array.
func TestArrayRecursive(t *testing.T) {
	t.Parallel()
	text := `[[],[[],[[],[]],[[[[]],[]],[]]],` + strings.Repeat(`[[],[]],`, 70) + `[[]]]`
	var v tree
	got := decode(text, wire.Limits{}, func(d *wire.Decoder) { decodeTree(d, &v) })
	var e wire.Encoder
	if out := string(appendTree(&e, nil, &v)); got != "" || out != text {
		t.Errorf("%s: got %s", got, out)
	}
}

// TestNamesOfMaps: a name that occurs twice is found where it stands, whatever the value behind it holds, and
// where the map is full.
func TestNamesOfMaps(t *testing.T) {
	t.Parallel()
	keys := wire.NewKeys(nil, nil)
	for _, test := range []struct{ text, want string }{
		{`{"a":{"x":1,"y":[2,{}]},"b":0}`, ""},
		{`{"a":{"x":1,"y":[2,{}]},"a":{"z":[0]}}`, "syntax 28 /a: a member name occurs twice"},
		{`{"a":{"x":1,"x":2}}`, "syntax 16 /a/x: a member name occurs twice"},
		{`{"a":1,"b":2,"c":3,"a":[{}]}`, "syntax 23 /a: a member name occurs twice"},
		{`{"a":1,"b":2,"c":3,"d":4}`, " maxProperties"},
	} {
		for name, read := range map[string]func(*wire.Decoder){
			"Map": func(d *wire.Decoder) {
				var v map[string]wire.Raw
				wire.Map(d, &v, -1, wire.DecodeRaw)
			},
			"Member": func(d *wire.Decoder) {
				var v map[string]wire.Raw
				for f := d.Object(keys, wire.Keep); f >= 0; f = d.Next(keys, f) {
					wire.Member(d, &v, wire.DecodeRaw)
				}
			},
		} {
			if got := decode(test.text, wire.Limits{Items: 2}, read); got != test.want {
				t.Errorf("%s of %s:\n got %s\nwant %s", name, test.text, got, test.want)
			}
		}
	}
}
