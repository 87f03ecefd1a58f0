package wire_test

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// oracle reports whether text is one well-formed value, by package jsontext.
func oracle(text string) bool {
	d := jsontext.NewDecoder(strings.NewReader(text), jsontext.AllowDuplicateNames(false), jsontext.AllowInvalidUTF8(false))
	if _, err := d.ReadValue(); err != nil {
		return false
	}
	_, err := d.ReadToken()
	return errors.Is(err, io.EOF)
}

// tree is any value, read and written with the functions generated code uses.
type tree struct {
	kind    wire.Kind
	text    string // of a string or number
	yes     bool
	items   []tree
	members map[string]tree
}

func decodeTree(d *wire.Decoder, v *tree) {
	v.kind = d.Kind()
	switch v.kind {
	case wire.KindNull:
		if !d.Null() {
			d.Skip()
		}
	case wire.KindBool:
		v.yes = d.Bool()
	case wire.KindNumber:
		v.text = d.Number()
	case wire.KindString:
		v.text = d.String()
	case wire.KindArray:
		wire.Array(d, &v.items, -1, decodeTree)
	case wire.KindObject:
		wire.Map(d, &v.members, -1, decodeTree)
	default:
		d.Skip()
	}
}

func appendTree(e *wire.Encoder, b []byte, v *tree) []byte {
	switch v.kind {
	case wire.KindBool:
		return wire.AppendBool(b, v.yes)
	case wire.KindNumber:
		return wire.AppendNumber(b, v.text)
	case wire.KindString:
		return wire.AppendString(b, v.text)
	case wire.KindArray:
		return wire.AppendArray(e, b, v.items, appendTree)
	case wire.KindObject:
		return wire.AppendMap(e, b, v.members, appendTree)
	}
	return append(b, "null"...)
}

var jsonSeeds = []string{
	``, ` `, `null`, `true`, `[]`, `{}`, `[1,-0,1.50,1e2,0.1e-7]`, `{"a":{"b":[{}]},"c":"\u00e9\ud83d\ude00\n"}`, `{"a":1,"\u0061":2}`,
	`"` + "\xff" + `"`, `"\ud800"`, `"\ud800\u0041"`, `[1,]`, `{"a":1,}`, `01`, `-`, `1.`, `1e`, `.5`, `+1`, `nul`, `tru`, `truex`,
	`[[[[[[[[]]]]]]]]`, `{"a":1}{"b":2}`, "\ufeff1", "[1]\x00", `"` + "\t" + `"`, `{"a" : 1 , "b" : [ true , null ] }`, orderText,
}

// FuzzAgainstJSONText compares with package jsontext: the same texts are
// accepted, and what was read has the same value. Deliberate differences: the
// depth, which is set to that of jsontext here; numbers longer than MaxNumber;
// and, where values are read as numbers, exponents beyond MaxExponent.
func FuzzAgainstJSONText(f *testing.F) {
	for _, s := range jsonSeeds {
		f.Add(s)
	}
	long := regexp.MustCompile(`[-+.0-9eE]{1000}`)
	f.Fuzz(func(t *testing.T, text string) {
		if long.MatchString(text) || strings.Count(text, "[")+strings.Count(text, "{") > 9000 {
			t.Skip()
		}
		limits := wire.Limits{Depth: 10_000}
		var d wire.Decoder
		d.Reset(text, limits)
		raw := d.Raw()
		d.End()
		want := oracle(text)
		if got := d.Err() == nil; got != want {
			t.Fatalf("Raw of %q: accepted %v, want %v (%v)", text, got, want, d.Err())
		}
		var v tree
		d.Reset(text, limits)
		decodeTree(&d, &v)
		d.End()
		err := d.Err()
		var invalid *wire.Invalid
		if errors.As(err, &invalid) {
			return // an exponent
		}
		if got := err == nil; got != want {
			t.Fatalf("value of %q: accepted %v, want %v (%v)", text, got, want, err)
		}
		if !want {
			return
		}
		var e wire.Encoder
		ours := jsontext.Value(appendTree(&e, nil, &v))
		theirs := jsontext.Value(strings.Clone(string(raw)))
		errOurs, errTheirs := ours.Canonicalize(), theirs.Canonicalize()
		if (errOurs == nil) != (errTheirs == nil) || !bytes.Equal(ours, theirs) && errOurs == nil {
			t.Fatalf("%q: got %q (%v), want %q (%v)", text, ours, errOurs, theirs, errTheirs)
		}
		if !wire.EqualJSON(raw, wire.Raw(appendTree(&e, nil, &v))) {
			t.Fatalf("%q: not equal to itself after a round trip", text)
		}
	})
}

// FuzzOrder decodes mutated orders as generated code does. What is accepted must
// be well-formed, survive a round trip, and every refusal must have an error
// that can be reported.
func FuzzOrder(f *testing.F) {
	for _, s := range jsonSeeds {
		f.Add(s)
	}
	for _, c := range orderCases {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var d wire.Decoder
		var v order
		d.Reset(text, wire.Limits{})
		decodeOrder(&d, &v)
		d.End()
		err := d.Err()
		if (err != nil) != (d.Failed() || d.Violated()) {
			t.Fatalf("%q: err %v, failed %v, violated %v", text, err, d.Failed(), d.Violated())
		}
		var invalid *wire.Invalid
		var syntax *wire.SyntaxError
		switch {
		case errors.As(err, &syntax):
			if syntax.Offset < 0 || syntax.Offset > len(text) || !wire.IsJSONPointer(syntax.Pointer) || syntax.Reason == "" {
				t.Fatalf("%q: %+v", text, syntax)
			}
			return
		case errors.As(err, &invalid):
			for _, v := range invalid.Violations {
				if !wire.IsJSONPointer(v.Pointer) || !utf8.ValidString(v.Pointer) || v.Keyword == "" || v.Detail == "" {
					t.Fatalf("%q: %+v", text, v)
				}
			}
			if !invalid.More && !oracle(text) {
				t.Fatalf("%q is not well-formed, but got %v", text, err)
			}
			return
		}
		if !oracle(text) {
			t.Fatalf("%q was accepted", text)
		}
		var e wire.Encoder
		out := appendOrder(&e, nil, &v)
		if e.Err() != nil || !oracle(string(out)) {
			t.Fatalf("%q: encoded as %q: %v", text, out, e.Err())
		}
		var again order
		d.Reset(string(out), wire.Limits{})
		decodeOrder(&d, &again)
		d.End()
		if d.Err() != nil || !again.CreatedAt.Equal(v.CreatedAt) || string(appendOrder(&e, nil, &again)) != string(out) {
			t.Fatalf("%q: read again: %v", out, d.Err())
		}
	})
}

// FuzzTry reads a value as a oneOf nested in itself. Whatever the text, the work
// is bounded, and a value that is accepted is well-formed.
func FuzzTry(f *testing.F) {
	f.Add(`{"a":{"a":{"b":1}}}`)
	f.Add(`{"b":{"a":{"b":[{"a":1}]}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var d wire.Decoder
		var v nest
		d.Reset(text, wire.Limits{})
		decodeNest(&d, &v)
		d.End()
		if d.Err() == nil && !oracle(text) {
			t.Fatalf("%q was accepted", text)
		}
	})
}

// FuzzPattern compares patterns with package regexp.
func FuzzPattern(f *testing.F) {
	for _, p := range patterns {
		for _, s := range []string{"", "a", "AB-1", "ABC-123456", "é", "\xff", "a\n", "aaaaab"} {
			f.Add(p, s)
		}
	}
	f.Fuzz(func(t *testing.T, p, s string) {
		if len(p) > 100 {
			t.Skip()
		}
		re, err := regexp.Compile(p)
		got := wire.NewPattern(p).Match(s)
		if want := err == nil && re.MatchString(s); got != want {
			t.Fatalf("%q on %q: got %v, want %v", p, s, got, want)
		}
	})
}

// FuzzTime compares with package time, which differs where RFC 3339 is stricter
// or wider.
func FuzzTime(f *testing.F) {
	for _, s := range []string{
		"2024-02-29T12:00:00Z", "2023-02-29T12:00:00Z", "1900-02-29T00:00:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999+23:59",
		"2016-12-31T23:59:60Z", "2017-01-01T00:59:60+01:00", "2024-01-01t00:00:00z", "2024-01-01T00:00:00.1234567891Z", "2024-01-01T00:00:00-00:00",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := wire.ParseTime(s)
		if ok != wire.IsDateTime(s) {
			t.Fatalf("%q: ParseTime says %v, IsDateTime %v", s, ok, !ok)
		}
		want, err := time.Parse(time.RFC3339Nano, strings.ToUpper(s))
		leap := len(s) > 19 && s[17:19] == "60"
		// Package time takes a comma before the fraction, an hour of one digit, and offsets out of range.
		if err == nil && !ok && !strings.Contains(s, ",") && len(s) > 13 && s[13] == ':' && s[len(s)-6:] < "+24:00" && wire.IsTime("00:00:00"+s[len(s)-6:]) && s[10]|0x20 == 't' {
			t.Fatalf("%q: refused, want %v", s, want)
		}
		if ok && !leap && (err != nil || !got.Equal(want)) {
			t.Fatalf("%q: got %v, want %v (%v)", s, got, want, err)
		}
		if !ok || !wire.TimeFits(got) {
			return
		}
		again, ok := wire.ParseTime(wire.Text(wire.AppendTime(nil, got)))
		if !ok || !again.Equal(got) {
			t.Fatalf("%q: got %v back as %v", s, got, again)
		}
	})
}

// FuzzUUID compares with package uuid, which takes other forms too.
func FuzzUUID(f *testing.F) {
	f.Add("7f6d2f0e-8f0b-4a51-9d56-0d7c2f6f6c11")
	f.Add("{7f6d2f0e-8f0b-4a51-9d56-0d7c2f6f6c11}")
	f.Add("urn:uuid:7f6d2f0e-8f0b-4a51-9d56-0d7c2f6f6c11")
	f.Add("7F6D2F0E-8f0b-4a51-9d56-0d7c2f6f6cg1")
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := wire.ParseUUID(s)
		want, err := uuid.Parse(s)
		if ok != (err == nil && len(s) == 36) || ok && got != want {
			t.Fatalf("%q: got %v, %v, want %v, %v", s, got, ok, want, err)
		}
		if ok && wire.Text(wire.AppendUUID(nil, got)) != strings.ToLower(s) {
			t.Fatalf("%q: encoded as %s", s, wire.AppendUUID(nil, got))
		}
	})
}

// FuzzNumbers compares numbers with package strconv, and the encoder with the
// decoder.
func FuzzNumbers(f *testing.F) {
	for _, s := range []string{"0", "-0", "1.0", "1e2", "0.1", "9223372036854775807", "-9223372036854775808", "18446744073709551615", "1e400", "123456789012345.6", "5e-324"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var d wire.Decoder
		read := func(v func()) bool {
			d.Reset(s, wire.Limits{})
			v()
			d.End()
			return d.Err() == nil
		}
		var i int64
		if read(func() { i = d.Int64() }) {
			text := strings.Trim(s, " \n\r\t")
			if want, err := strconv.ParseInt(text, 10, 64); err == nil && want != i {
				t.Fatalf("%q: got %d, want %d", s, i, want)
			}
			if got := strconv.FormatInt(i, 10); wire.CompareNumber(got, text) != 0 {
				t.Fatalf("%q: got %s, which is not equal", s, got)
			}
		}
		var x float64
		if read(func() { x = d.Float64() }) {
			want, err := strconv.ParseFloat(strings.Trim(s, " \n\r\t"), 64)
			if err != nil || want != x {
				t.Fatalf("%q: got %v, want %v (%v)", s, x, want, err)
			}
			theirs := jsontext.Value(strconv.FormatFloat(x, 'g', -1, 64))
			if err := theirs.Canonicalize(); err != nil {
				t.Fatal(err)
			}
			if ours := string(wire.AppendFloat64(nil, x)); ours != string(theirs) && x != 0 {
				t.Fatalf("%q: encoded as %s, want %s", s, ours, theirs)
			}
			if y, ok := wire.ParseFloat64(string(wire.AppendFloat64(nil, x))); !ok || y != x {
				t.Fatalf("%q: read back as %v", s, y)
			}
		}
	})
}

// FuzzString writes any string and reads it back.
func FuzzString(f *testing.F) {
	for _, s := range []string{"", "plain", "quote\" slash\\ \x00\x1f\u2028é😀", "\xff\xfe", "12345678\n", "1234567890123456789\xc3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b := wire.AppendString([]byte("x"), s)[1:]
		if !oracle(string(b)) {
			t.Fatalf("%q: encoded as %q", s, b)
		}
		var d wire.Decoder
		d.Reset(string(b), wire.Limits{})
		got := d.String()
		d.End()
		if want := strings.ToValidUTF8(s, "\ufffd"); d.Err() != nil || utf8.ValidString(s) && got != want {
			t.Fatalf("%q: got %q, %v", s, got, d.Err())
		}
		n := utf8.RuneCountInString(s)
		if !wire.MinRunes(s, n) || wire.MinRunes(s, n+1) || !wire.MaxRunes(s, n) || n > 0 && wire.MaxRunes(s, n-1) {
			t.Fatalf("%q: MinRunes and MaxRunes disagree with %d characters", s, n)
		}
		if b, ok := wire.ParseBytes(s); ok && wire.Text(wire.AppendBytes(nil, b)) != s {
			t.Fatalf("%q: base64 is not read exactly", s)
		}
		for name, is := range formats {
			is(s) // must not panic
			_ = name
		}
	})
}
