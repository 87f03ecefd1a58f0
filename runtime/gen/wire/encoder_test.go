package wire_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/types"
)

func TestEncoderRefuse(t *testing.T) {
	t.Parallel()
	var d wire.Decoder
	for _, test := range []struct {
		name   string
		change func(v *order)
		want   string
	}{
		{"good", func(v *order) {}, ""},
		{"nested", func(v *order) { v.Customer.Address.Country = "gb" }, "/customer/address/country pattern"},
		{"item", func(v *order) { v.Items[3].Name, v.Items[9].Price = "", -1 }, "/items/3/name minLength, /items/9/price minimum"},
		{"tag", func(v *order) { v.Tags[2] = "" }, "/tags/2 minLength"},
		{"array", func(v *order) { v.Items = nil }, "/items minItems"},
		{"time", func(v *order) { v.CreatedAt = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC) }, "/createdAt format"},
		{"many", func(v *order) { v.Items = make([]item, 100) }, "..."},
	} {
		var v order
		d.Reset(orderText, wire.Limits{})
		decodeOrder(&d, &v)
		test.change(&v)
		var e wire.Encoder
		b := appendOrder(&e, nil, &v)
		got := report(e.Err())
		if test.want == "..." {
			if !strings.HasSuffix(got, ", ...") || strings.Count(got, ",") != wire.DefaultViolations {
				t.Errorf("%s: got %s", test.name, got)
			}
		} else if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
		if e.Failed() != (test.want != "") || !oracle(string(b)) {
			t.Errorf("%s: %v, %s", test.name, e.Failed(), b)
		}
		if e.Reset(3); e.Err() != nil || e.Clear != 3 {
			t.Errorf("%s: Reset leaves %v", test.name, e.Err())
		}
	}
}

// TestRefuseInOpenObjects: objects that Close will end begin with a comma, also inside of
// each other and of arrays, before and after members that are complete.
func TestRefuseInOpenObjects(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`,"a":`:                          "/a x",
		`,"a":1,"b":`:                    "/b x",
		`,"a":,"b":`:                     "/a/b x",
		`,"a":[{"b":1},,"c":2,"d":`:      "/a/1/d x",
		`,"a":{},"b":[[],[,"c":"}","d":`: "/b/1/0/d x",
		`{"a":,"b":{"c":1},"d":`:         "/a/d x",
	} {
		var e wire.Encoder
		if e.Refuse([]byte(text), "x"); report(e.Err()) != want {
			t.Errorf("%s: got %s, want %s", text, report(e.Err()), want)
		}
	}
}

func TestAppend(t *testing.T) {
	t.Parallel()
	var e wire.Encoder
	key := "k"
	for _, test := range []struct{ got, want string }{
		{string(wire.AppendString(nil, "plain")), `"plain"`},
		{string(wire.AppendString(nil, "a\"b\\c/\b\f\n\r\t\x00\x1f\x7f\u2028é")), `"a\"b\\c/\b\f\n\r\t\u0000\u001f` + "\x7f\u2028é\""},
		{string(wire.AppendString(nil, "\xffa\xc3")), `"` + "\ufffda\ufffd" + `"`},
		{string(wire.AppendJoined(nil, [3]string{})), `""`},
		{string(wire.AppendJoined(nil, [3]string{"j", "***@", "example.com"})), `"j***@example.com"`},
		{string(wire.AppendJoined(nil, [3]string{"\n", "", "é\""})), `"\né\""`},
		{string(wire.AppendJoined(nil, [3]string{"", "x", ""})), `"x"`},
		{string(wire.AppendString(nil, "0123456789abcde\n")), `"0123456789abcde\n"`},
		{string(wire.AppendBool(nil, true)), "true"},
		{string(wire.AppendInt64(nil, math.MinInt64)), "-9223372036854775808"},
		{string(wire.AppendUint64(nil, math.MaxUint64)), "18446744073709551615"},
		{string(wire.AppendFloat64(nil, 0.1)), "0.1"},
		{string(wire.AppendFloat64(nil, 1e21)), "1e+21"},
		{string(wire.AppendFloat64(nil, 1e20)), "100000000000000000000"},
		{string(wire.AppendFloat64(nil, 1e-7)), "1e-7"},
		{string(wire.AppendFloat64(nil, 1e-10)), "1e-10"},
		{string(wire.AppendFloat64(nil, math.Inf(1))), "null"},
		{string(wire.AppendFloat32(nil, 0.1)), "0.1"},
		{string(wire.AppendFloat32(nil, 1e21)), "1e+21"},
		{string(wire.AppendNumber(nil, "1.50")), "1.50"},
		{string(wire.AppendNumber(nil, "x")), "null"},
		{string(wire.AppendBytes(nil, []byte{0, 1, 2, 255})), `"AAEC/w=="`},
		{string(wire.AppendBytes(nil, nil)), `""`},
		{string(wire.AppendUUID(nil, types.UUID{0: 0x7f, 15: 0x11})), `"7f000000-0000-0000-0000-000000000011"`},
		{string(wire.AppendTime(nil, time.Unix(0, 5e8).In(time.FixedZone("", 3601)))), `"1970-01-01T00:00:00.5Z"`},
		{string(wire.AppendTime(nil, time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC))), "null"},
		{string(wire.AppendDate(nil, types.Date{Time: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)})), "null"},
		{string(wire.AppendArray(&e, nil, []string(nil), wire.EncodeString)), "[]"},
		{string(wire.AppendArray(&e, nil, []int64{1, 2}, wire.EncodeInt64)), "[1,2]"},
		{string(wire.AppendMap(&e, nil, map[string]bool{"b": true, "a": false}, wire.EncodeBool)), `{"a":false,"b":true}`},
		{string(wire.AppendMap(&e, nil, map[string]bool(nil), wire.EncodeBool)), "{}"},
		{string(wire.AppendMembers(&e, []byte(`{"x":1`), map[string]string{"y": "2"}, wire.EncodeString)), `{"x":1,"y":"2"`},
		{string(wire.Key([]byte("{"), `"a":`)), `{"a":`},
		{string(wire.Close([]byte(`[`), 1)), `[{}`},
		{string(wire.Close([]byte(`[,"a":1,"b":2`), 1)), `[{"a":1,"b":2}`},
		{string(wire.Key([]byte(`{"x":1`), `"a":`)), `{"x":1,"a":`},
		{wire.Text([]byte(`"a\"b"`)), `a"b`},
		{wire.Text([]byte(`17`)), `17`},
		{e.Pseudonym(key), "****"},
	} {
		if test.got != test.want {
			t.Errorf("got %s, want %s", test.got, test.want)
		}
	}
	e.Hash = strings.ToUpper
	if got := e.Pseudonym(key); got != "K" {
		t.Errorf("Pseudonym: got %s", got)
	}
	if !wire.Foreign(keysAB, map[string]int{"c": 1}) || wire.Foreign(keysAB, map[string]int{"c": 1, "b": 2}) {
		t.Error("Foreign does not know the names")
	}
}

// Items that cannot be written are refused, and what is written instead is
// well-formed.
func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	nan, nan32, text, raw := math.NaN(), float32(math.Inf(-1)), "1x", wire.Raw(`{"a":1,"a":2}`)
	far := time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC)
	date := types.Date{Time: far}
	for name, item := range map[string]func(e *wire.Encoder, b []byte) []byte{
		"type, float64": func(e *wire.Encoder, b []byte) []byte { return wire.EncodeFloat64(e, b, &nan) },
		"type, float32": func(e *wire.Encoder, b []byte) []byte { return wire.EncodeFloat32(e, b, &nan32) },
		"type, number":  func(e *wire.Encoder, b []byte) []byte { return wire.EncodeNumber(e, b, &text) },
		"type, raw":     func(e *wire.Encoder, b []byte) []byte { return wire.EncodeRaw(e, b, &raw) },
		"format, time":  func(e *wire.Encoder, b []byte) []byte { return wire.EncodeTime(e, b, &far) },
		"format, date":  func(e *wire.Encoder, b []byte) []byte { return wire.EncodeDate(e, b, &date) },
	} {
		var e wire.Encoder
		b := append(item(&e, []byte(`{"x":[0,`)), ']', '}')
		keyword, _, _ := strings.Cut(name, ",")
		if got, want := report(e.Err()), "/x/1 "+keyword; got != want || string(b) != `{"x":[0,null]}` {
			t.Errorf("%s: got %s, %s, want %s", name, got, b, want)
		}
	}
}

// What the items write, the items read.
func TestItems(t *testing.T) {
	t.Parallel()
	now := time.Date(2024, 5, 17, 9, 30, 15, 25e7, time.UTC)
	roundTrip(t, []string{"", "a\"é"}, wire.EncodeString, wire.DecodeString)
	roundTrip(t, []bool{true, false}, wire.EncodeBool, wire.DecodeBool)
	roundTrip(t, []int32{math.MinInt32, 0, math.MaxInt32}, wire.EncodeInt32, wire.DecodeInt32)
	roundTrip(t, []int64{math.MinInt64, 0, math.MaxInt64}, wire.EncodeInt64, wire.DecodeInt64)
	roundTrip(t, []uint32{0, math.MaxUint32}, wire.EncodeUint32, wire.DecodeUint32)
	roundTrip(t, []uint64{0, math.MaxUint64}, wire.EncodeUint64, wire.DecodeUint64)
	roundTrip(t, []float32{0, 0.1, math.MaxFloat32, math.SmallestNonzeroFloat32}, wire.EncodeFloat32, wire.DecodeFloat32)
	roundTrip(t, []float64{0, 0.1, math.MaxFloat64, math.SmallestNonzeroFloat64}, wire.EncodeFloat64, wire.DecodeFloat64)
	roundTrip(t, []string{"1.50", "-0", "123456789012345678901234567890"}, wire.EncodeNumber, wire.DecodeNumber)
	roundTrip(t, []types.UUID{{}, {1, 2, 3}}, wire.EncodeUUID, wire.DecodeUUID)
	roundTrip(t, []time.Time{now}, wire.EncodeTime, wire.DecodeTime)
	roundTrip(t, []types.Date{{Time: now.Truncate(24 * time.Hour)}}, wire.EncodeDate, wire.DecodeDate)
	roundTrip(t, [][]byte{{}, {0, 255}}, wire.EncodeBytes, wire.DecodeBytes)
	roundTrip(t, []wire.Raw{`{"a":[1,2]}`, "null", `"x"`}, wire.EncodeRaw, wire.DecodeRaw)
}

func roundTrip[T any](t *testing.T, v []T, encode func(*wire.Encoder, []byte, *T) []byte, read func(*wire.Decoder, *T)) {
	t.Helper()
	var e wire.Encoder
	b := wire.AppendArray(&e, nil, v, encode)
	var back []T
	got := decode(string(b), wire.Limits{}, func(d *wire.Decoder) { wire.Array(d, &back, -1, read) })
	if got != "" || e.Err() != nil || fmt.Sprintf("%#v", back) != fmt.Sprintf("%#v", v) {
		t.Errorf("%s: got %#v, %s, want %#v", b, back, got, v)
	}
	// Another type is refused once, as a type.
	var one T
	if got := decode(`[[]]`, wire.Limits{}, func(d *wire.Decoder) {
		wire.Array(d, &[]T{}, -1, func(d *wire.Decoder, _ *T) { read(d, &one) })
	}); got != "/0 type" && fmt.Sprintf("%T", one) != "wire.Raw" {
		t.Errorf("%T: got %q for an array", one, got)
	}
}

func TestRaw(t *testing.T) {
	t.Parallel()
	var v struct {
		A wire.Raw
		B *wire.Raw
	}
	if err := json.Unmarshal([]byte(`{"A":{"x":[1, 2.50]},"B":"s"}`), &v); err != nil || v.A != `{"x":[1, 2.50]}` || *v.B != `"s"` {
		t.Errorf("got %+v, %v", v, err)
	}
	if b, err := json.Marshal(v); err != nil || string(b) != `{"A":{"x":[1,2.50]},"B":"s"}` {
		t.Errorf("got %s, %v", b, err)
	}
	if b, err := json.Marshal(wire.Raw("")); err != nil || string(b) != "null" {
		t.Errorf("got %s, %v", b, err)
	}
	var syntax *wire.SyntaxError
	if err := json.Unmarshal([]byte(`{"A":{"x":1,"x":2}}`), &v); !errors.As(err, &syntax) {
		t.Errorf("got %v, want the name refused", err)
	}
	if _, err := json.Marshal(wire.Raw("{")); err == nil {
		t.Error("half an object was written")
	}
	if err := (*wire.Raw)(nil).UnmarshalJSON([]byte("1")); err == nil {
		t.Error("nil was written to")
	}
	if got := decode(" [1 , 2] ", wire.Limits{}, func(d *wire.Decoder) {
		if r := d.Raw(); r != "[1 , 2]" {
			t.Errorf("got %q", r)
		}
	}); got != "" {
		t.Error(got)
	}
}

func TestUnique(t *testing.T) {
	t.Parallel()
	big := make([]int, 200_000)
	for i := range big {
		big[i] = i
	}
	for _, test := range []struct {
		v    []int
		want bool
	}{{nil, true}, {[]int{1}, true}, {[]int{1, 2}, true}, {[]int{1, 1}, false}, {[]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 1}, false}, {big, true}, {append(big[:len(big):len(big)], 7), false}} {
		if got := wire.Unique(test.v); got != test.want {
			t.Errorf("%d items: got %v, want %v", len(test.v), got, test.want)
		}
	}
	for _, test := range []struct {
		items []wire.Raw
		want  bool
	}{
		{nil, true},
		{[]wire.Raw{`1`, `2`, `"1"`, `[1]`, `true`, `null`, `{}`, `[]`, `""`, `0`, `false`}, true},
		{[]wire.Raw{`1`, `1.0`}, false},
		{[]wire.Raw{`100`, `1e2`}, false},
		{[]wire.Raw{`0`, `-0.0`}, false},
		{[]wire.Raw{`"a"`, `"\u0061"`}, false},
		{[]wire.Raw{`{"a":1,"b":[2]}`, `{ "b" : [ 2.0 ] , "a" : 1 }`}, false},
		{[]wire.Raw{`{"a":{"c":1,"b":2}}`, `{"a":{"b":2,"c":1}}`}, false},
		{[]wire.Raw{`{"a":1}`, `{"a":2}`}, true},
		{[]wire.Raw{`[1,2]`, `[2,1]`}, true},
		{[]wire.Raw{`["a,b"]`, `["a","b"]`}, true},
		{[]wire.Raw{`12`, `1.2`, `0.12`, `120`, `-12`}, true},
		{[]wire.Raw{`9007199254740993`, `9007199254740992`}, true},
		{[]wire.Raw{`x`, `x`}, false},
	} {
		if got := wire.UniqueJSON(test.items); got != test.want {
			t.Errorf("%v: got %v, want %v", test.items, got, test.want)
		}
		if len(test.items) == 2 && wire.EqualJSON(test.items[0], test.items[1]) == test.want {
			t.Errorf("EqualJSON of %v: got %v", test.items, test.want)
		}
	}
	if wire.UniqueBy([]float64{1, 2, 1}, wire.EncodeFloat64) || !wire.UniqueBy([]float64{1, 2}, wire.EncodeFloat64) {
		t.Error("UniqueBy is wrong")
	}
	if got, want := wire.Raw(` { "b" : [ 1.50 , true ] , "a" : null } `).Canonical(), `{"a":null,"b":[15e-1,true]}`; got != want {
		t.Errorf("Canonical: got %s, want %s", got, want)
	}
}

func TestAnyOfBits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		seen     uint64
		any, one bool
	}{{0b000, false, false}, {0b001, false, false}, {0b011, true, true}, {0b100, true, true}, {0b111, true, false}} {
		if a, o := wire.AnyOf(test.seen, 0b011, 0b100), wire.OneOf(test.seen, 0b011, 0b100); a != test.any || o != test.one {
			t.Errorf("%b: got %v, %v", test.seen, a, o)
		}
		first, second := test.seen&0b011 != 0b011, test.seen&0b100 == 0
		if o := wire.AllButOne(first, second); o != test.one {
			t.Errorf("%b, asked one by one: got %v", test.seen, o)
		}
	}
}
