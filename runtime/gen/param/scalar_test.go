package param_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/bailey-go/bailey/runtime/gen/param"
)

// readers read the current value and return its text.
var readers = map[string]func(p *param.Reader) string{
	"bool":    func(p *param.Reader) string { return strconv.FormatBool(p.Bool()) },
	"int32":   func(p *param.Reader) string { return strconv.FormatInt(int64(p.Int32()), 10) },
	"int64":   func(p *param.Reader) string { return strconv.FormatInt(p.Int64(), 10) },
	"uint32":  func(p *param.Reader) string { return strconv.FormatUint(uint64(p.Uint32()), 10) },
	"uint64":  func(p *param.Reader) string { return strconv.FormatUint(p.Uint64(), 10) },
	"float32": func(p *param.Reader) string { return strconv.FormatFloat(float64(p.Float32()), 'g', -1, 32) },
	"float64": func(p *param.Reader) string { return strconv.FormatFloat(p.Float64(), 'g', -1, 64) },
	"uuid":    func(p *param.Reader) string { return p.UUID().String() },
	"date":    func(p *param.Reader) string { return p.Date().String() },
	"time":    func(p *param.Reader) string { return p.Time().Format(time.RFC3339Nano) },
	"bytes":   func(p *param.Reader) string { return string(p.Bytes()) },
	"string":  func(p *param.Reader) string { return p.String() },
	"enum": func(p *param.Reader) string { // as generated code reads one
		v := p.String()
		if v != "red" && v != "light blue" {
			p.Refuse("enum")
		}
		return v
	},
}

const aUUID = "0191c5a4-7d5e-7c2e-9a3b-1f2e3d4c5b6a"

// scalars are texts of values: taken holds pairs of a text and what it reads as, the
// others are refused by that keyword, in every place.
var scalars = []struct {
	kind         string
	taken        []string
	type_, other []string // other: format, or enum
	keyword      string
}{
	{
		kind:  "bool",
		taken: []string{"true", "true", "false", "false"},
		type_: []string{"1", "0", "t", "f", "T", "F", "TRUE", "True", "FALSE", "yes", "on", "null", " true", "true ", "true\n", "truetrue", "tru\u0435", `"true"`, "2", "-1"},
	},
	{
		kind:  "int64",
		taken: []string{"0", "0", "7", "7", "-7", "-7", "9223372036854775807", "9223372036854775807", "-9223372036854775808", "-9223372036854775808", "9007199254740993", "9007199254740993"},
		type_: []string{"+5", "007", "00", "-0", "-", "+", "--5", "5-", "-05", " 5", "5 ", "5\n", "5.0", "5.", "5e0", "0x5", "0b1", "0o7", "1_000", "1,000", "\u0665", "\uff15", "five", "NaN", "Inf", "null", "true", `"5"`, "5;6"},
		other: []string{"9223372036854775808", "-9223372036854775809", "18446744073709551616", "99999999999999999999", strings.Repeat("9", 5000)}, keyword: "format",
	},
	{
		kind:  "int32",
		taken: []string{"0", "0", "2147483647", "2147483647", "-2147483648", "-2147483648"},
		type_: []string{"+5", "007", "-0", "1.0", "1e2", "x"},
		other: []string{"2147483648", "-2147483649", "4294967296", "9223372036854775807", "9223372036854775808"}, keyword: "format",
	},
	{
		kind:  "uint64",
		taken: []string{"0", "0", "18446744073709551615", "18446744073709551615"},
		type_: []string{"+5", "007", "-0", "1.0", "1e2", "x", "-", "-01"},
		other: []string{"-1", "18446744073709551616", "184467440737095516150", "-9223372036854775809"}, keyword: "format",
	},
	{
		kind:  "uint32",
		taken: []string{"0", "0", "4294967295", "4294967295"},
		type_: []string{"+5", "007", "-0", "1.0"},
		other: []string{"-1", "4294967296", "18446744073709551616"}, keyword: "format",
	},
	{
		kind:  "float64",
		taken: []string{"0", "0", "-0", "-0", "0.5", "0.5", "-12.75", "-12.75", "1e3", "1000", "1E+3", "1000", "1e-400", "0", "1.7976931348623157e308", "1.7976931348623157e+308"},
		type_: []string{"+5", "007", "00.5", ".5", "5.", "1_0.5", "NaN", "nan", "Inf", "+Inf", "-Inf", "infinity", "Infinity", "0x1p-2", "0x10", "1e", "1e+", "1,5", "--1", " 1", "1 ", "1f", "null", `"1"`, "\u0661.5", strings.Repeat("1", 2000)},
		other: []string{"1e400", "-1e400", "1.7976931348623159e308", "1e99999", "1e999999999999999999999"}, keyword: "format",
	},
	{
		kind:  "float32",
		taken: []string{"0.1", "0.1", "3.4028234e38", "3.4028235e+38", "16777217", "1.6777216e+07"},
		type_: []string{"+5", "NaN", "0x1p-2", "1_0.5", ""},
		other: []string{"1e39", "-3.5e38", "1e400"}, keyword: "format",
	},
	{
		kind:  "uuid",
		taken: []string{aUUID, aUUID, strings.ToUpper(aUUID), aUUID, "00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "ffffffff-ffff-ffff-ffff-ffffffffffff"},
		other: []string{"{" + aUUID + "}", "urn:uuid:" + aUUID, strings.ReplaceAll(aUUID, "-", ""), aUUID + "0", aUUID[:35], aUUID[:35] + "g", " " + aUUID, aUUID + "\n", strings.ReplaceAll(aUUID, "-", "_"), "0191c5a47-d5e-7c2e-9a3b-1f2e3d4c5b6a", "x"}, keyword: "format",
	},
	{
		kind:  "date",
		taken: []string{"2026-03-01", "2026-03-01", "2024-02-29", "2024-02-29", "0000-01-01", "0000-01-01"},
		other: []string{"2026-02-29", "2026-02-30", "2026-13-01", "2026-00-01", "2026-01-00", "2026-1-1", "26-01-01", "20260301", "2026/03/01", "+2026-03-01", "2026-03-01T00:00:00Z", "2026-03-01 ", "1772323200", "\u0662026-03-01"}, keyword: "format",
	},
	{
		kind:  "time",
		taken: []string{"2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z", "2026-03-01t10:00:00.5z", "2026-03-01T10:00:00.5Z", "2026-03-01T10:00:00+01:00", "2026-03-01T10:00:00+01:00", "2026-03-01T10:00:00-00:00", "2026-03-01T10:00:00Z", "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
		other: []string{"2026-03-01T10:00:00", "2026-03-01 10:00:00Z", "2026-03-01T10:00:00 01:00", "2026-03-01T24:00:00Z", "2026-03-01T10:60:00Z", "2026-03-01T10:00:60Z", "2026-03-01T10:00:00,5Z", "2026-03-01T10:00:00.Z", "2026-03-01T10:00:00+0100", "2026-03-01T10:00:00+24:00", "2026-03-01", "1772359200", "now"}, keyword: "format",
	},
	{
		kind:  "bytes",
		taken: []string{"aGk=", "hi", "aGk+", "hi>"},
		other: []string{"aGk", "aGk=\n", "aG-_", "aGl=", "a===", "aGk==", "%"}, keyword: "format",
	},
	{
		kind:  "string",
		taken: []string{"a", "a", " a ", " a ", "a+b", "a+b", "a%20b", "a%20b", "%zz", "%zz", "a;b", "a;b", "a&b=c", "a&b=c", "a/../b", "a/../b", "\u00e9\U0001f600", "\u00e9\U0001f600", "\ufffd", "\ufffd", "\ufeffa", "\ufeffa", "null", "null", `"`, `"`, "a|b", "a|b", "1", "1"},
	},
	{
		kind:  "enum",
		taken: []string{"red", "red", "light blue", "light blue"},
		other: []string{"Red", "RED", "red ", "r", "light+blue", "light%20blue", "re\u0501", "null"}, keyword: "enum",
	},
}

// unencoded are texts that no parameter holds, whatever its type: U+0000, and bytes that
// are not UTF-8 (overlong, surrogate, beyond U+10FFFF, cut short).
var unencoded = []string{"\x00", "a\x00b", "1\x00", "true\x00", "\xff", "\x80", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "1\xff"}

// places put a text that is not empty where a parameter stands, and make it current. Those that cannot
// carry it return nil.
var places = map[string]func(text string) *param.Reader{
	"path": func(text string) *param.Reader {
		p := message(nil, escapeAll(text))
		p.Path(0, "v")
		return p
	},
	"query": func(text string) *param.Reader {
		p := request("&v=" + escapeAll(text) + "&")
		p.NextQuery()
		return p
	},
	"query list": func(text string) *param.Reader { return second(request("v=,"+escapeAll(text)), ',') },
	"query pipes": func(text string) *param.Reader {
		if strings.Contains(text, "|") { // %7C separates as well
			return nil
		}
		return second(request("v=|"+escapeAll(text)), '|')
	},
	"query spaces": func(text string) *param.Reader {
		if strings.Contains(text, " ") { // %20 separates as well
			return nil
		}
		return second(request("v=%20"+escapeAll(text)), ' ')
	},
	"body": func(text string) *param.Reader {
		p := request("")
		p.Form("v=" + escapeAll(text))
		p.NextForm()
		return p
	},
	"header": func(text string) *param.Reader {
		if strings.Trim(text, " \t\n") != text { // white space around a value is not part of it
			return nil
		}
		p := message(http.Header{"V": {" " + text + "\t"}})
		p.Header("v")
		return p
	},
	"header list": func(text string) *param.Reader {
		if strings.Trim(text, " \t\n") != text || strings.Contains(text, ",") {
			return nil
		}
		p := message(http.Header{"V": {" , " + text + " "}})
		p.Header("v")
		p.Split(',')
		p.NextItem()
		p.NextItem()
		return p
	},
	"cookie": func(text string) *param.Reader {
		p := message(http.Header{"Cookie": {"u=1; v=" + escapeAll(text) + "; w=2"}})
		p.Cookie("v")
		return p
	},
	"body text": func(text string) *param.Reader {
		p := request("")
		p.Value("body", "v", text)
		return p
	},
}

// second makes the second item of the first pair's list current.
func second(p *param.Reader, sep byte) *param.Reader {
	p.NextQuery()
	p.Split(sep)
	p.NextItem()
	p.NextItem()
	return p
}

func TestScalars(t *testing.T) {
	t.Parallel()
	for _, s := range scalars {
		for place, put := range places {
			in, _, _ := strings.Cut(place, " ")
			check := func(text, value, keyword string) {
				t.Helper()
				p := put(text)
				if p == nil {
					return
				}
				want := ""
				if keyword != "" {
					want = in + " v " + keyword
				}
				got := readers[s.kind](p)
				if r := refused(t, p); r != want {
					t.Errorf("%s %.40q in %s: refused %q, want %q", s.kind, text, place, r, want)
				} else if keyword == "" && got != value {
					t.Errorf("%s %.40q in %s: got %q, want %q", s.kind, text, place, got, value)
				}
			}
			for i := 0; i < len(s.taken); i += 2 {
				check(s.taken[i], s.taken[i+1], "")
			}
			for keyword, texts := range map[string][]string{"type": s.type_, s.keyword: s.other, "encoding": unencoded} {
				for _, text := range texts {
					if text != "" {
						check(text, "", keyword)
					}
				}
			}
		}
	}
}

// A value that is refused reads as zero, so that no check that follows sees what was sent.
func TestRefusedIsZero(t *testing.T) {
	t.Parallel()
	zero := map[string]string{
		"bool": "false", "int32": "0", "int64": "0", "uint32": "0", "uint64": "0", "float32": "0", "float64": "0", "bytes": "",
		"uuid": "00000000-0000-0000-0000-000000000000", "date": "0001-01-01", "time": "0001-01-01T00:00:00Z",
	}
	for _, s := range scalars {
		want, ok := zero[s.kind]
		for _, text := range append(append([]string{""}, s.type_...), s.other...) {
			if s.kind == "bytes" && text == "" || !ok {
				continue
			}
			p := request("v=" + escapeAll(text))
			p.NextQuery()
			if got := readers[s.kind](p); got != want {
				t.Errorf("%s %.40q: got %s, want %s", s.kind, text, got, want)
			}
			if readers[s.kind](p); strings.Contains(refused(t, p), ",") {
				t.Errorf("%s %.40q: one value is refused twice: %s", s.kind, text, refused(t, p))
			}
		}
	}
}

// An empty value is a string, and nothing else but no bytes at all.
func TestEmpty(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"bool": "type", "int32": "type", "int64": "type", "uint32": "type", "uint64": "type", "float32": "type", "float64": "type",
		"uuid": "format", "date": "format", "time": "format", "bytes": "", "string": "", "enum": "enum",
	}
	for kind, read := range readers {
		for _, place := range []struct {
			in string
			p  *param.Reader
			ok bool
		}{
			{in: "query", p: request("v=")}, {in: "query", p: request("v")}, {in: "query", p: request("&&v=&&")},
			{in: "header", p: message(http.Header{"V": {""}})}, {in: "header", p: message(http.Header{"V": {" \t "}})},
			{in: "cookie", p: message(http.Header{"Cookie": {"v="}})}, {in: "cookie", p: message(http.Header{"Cookie": {`v=""`}})}, {in: "cookie", p: message(http.Header{"Cookie": {"v= ; w=1"}})},
		} {
			found := false
			switch place.in {
			case "query":
				found = place.p.NextQuery() && place.p.Name == "v"
			case "header":
				found = place.p.Header("v")
			case "cookie":
				found = place.p.Cookie("v")
			}
			read(place.p)
			keyword := want[kind]
			if keyword != "" {
				keyword = fmt.Sprintf("%s v %s", place.in, keyword)
			}
			if got := refused(t, place.p); !found || got != keyword {
				t.Errorf("an empty %s in %s: found %v, refused %q, want %q", kind, place.in, found, got, keyword)
			}
		}
	}
}

func TestTablesAreUTF8(t *testing.T) {
	t.Parallel()
	for _, text := range unencoded {
		if utf8.ValidString(text) && !strings.Contains(text, "\x00") {
			t.Errorf("%q tests nothing", text)
		}
	}
}
