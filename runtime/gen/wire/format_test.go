package wire_test

import (
	"strings"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// Beside the public vectors: what they leave out.
func TestFormats(t *testing.T) {
	t.Parallel()
	label := strings.Repeat("a", 63)
	for _, test := range []struct {
		format    string
		good, bad []string
	}{
		{"hostname", []string{"a", "EXAMPLE.com", "1.2.3.4", strings.Repeat(label+".", 3) + strings.Repeat("a", 61), "xn--nxasmq6b"},
			[]string{strings.Repeat(label+".", 3) + strings.Repeat("a", 62), "a..b", "a b", "a_b", "a.-b", "a.b-", "ab--c", "xn--", "xn--a", "xn---", "xn--\x00", "-", "é.com", "xn--99999999999999999999"}},
		{"email", []string{"a@b", `""@b`, `"a\"b"@b`, "a@[IPv6:2001:db8::1]", "a@[1.2.3.4]", "a+b/c=d@example.com", strings.Repeat("a", 64) + "@b"},
			[]string{"", "@", "a", "a@", "@b", "a@b@c", "a@b..c", "a@[1.2.3]", "a@[IPv6:1.2.3.4]", "a@[2001:db8::1]", "a@[IPv6:fe80::1%eth0]", "a@[", "a@b ", "a@b\n", `"a@b`, "\"a\nb\"@c", `"a"b@c`, "a b@c", "é@b", "a@é",
				strings.Repeat("a", 65) + "@b", "a@" + strings.Repeat("a.", 126) + "aa"}},
		{"ipv4", []string{"0.0.0.0", "255.255.255.255"}, []string{"", "1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "1.2.3.4 ", "::1", "1.2.3.-4", "0x1.2.3.4", "１.2.3.4"}},
		{"ipv6", []string{"::", "::1", "2001:db8::ff00:42:8329", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8"}, []string{"", ":", "1.2.3.4", "fe80::1%eth0", "1:2:3:4:5:6:7:8:9", "::1::", "12345::", "::ffff:01.2.3.4", "[::1]", "::1/64"}},
		{"uri", []string{"a:", "a:b", "http://h", "http://u:p@h:80/p/q?r=s#t", "http://[v1.a:b]/", "http://h:", "file:///x", "urn:a:b", "a+b-c.d:x", "http://%41/", "http://[::1]:80"},
			[]string{"", ":", "1a:b", "a b:c", "http://[::1", "http://::1/", "http://h:8a", "http://[v.a]", "http://[vg.a]", "http://[v1.]", "http://[fe80::1%25eth0]/", "http://a@b@c/", "http://h/#a#b", "http://h/\x00", "http://[::1]x/", "a:\n"}},
		{"uri-reference", []string{"", "a", "/a", "//h/a", "?q", "#f", "./a:b", "a/b:c", "../x"}, []string{":a", "1:b", "a b", "\\", "//[", "%zz"}},
		{"iri", []string{"http://é/", "a:é", "a:?\ue000", "http://u\U0001F600@h:1/#é", "a:\u00a0"},
			[]string{"", "é", "é:a", "http://h/\ue000", "http://h/#\ue000", "a:\u202e", "a:\ufdd0", "a:\uffff", "a:\x80", "a:é\xff", "a:\u0085", "http://[é]/", "http://h:é/"}},
		{"iri-reference", []string{"", "é", "é/a:b", "?\ue000", "#é"}, []string{"é:b", "\ue000", "é b", "%é"}},
		{"uri-template", []string{"", "{a}", "{?a,b*,c:3}", "{=a}", "%41{a.b_c%20}é\ue000"},
			[]string{"{", "}", "{}", "{?}", "{a", "{a{b}}", "{a}}", "{a:}", "{a:1*}", "{a*:1}", "{a:10000}", "{.a.}", "{a-b}", "{é}", "{%4}", "%", "a<b", "\"", "\\", "^", "a`b", "\xff", "\x00"}},
		{"relative-json-pointer", []string{"0", "1#", "0+1", "10-20/a", "2/", "0+1#"}, []string{"", "#", "/", "00", "0+", "0+0", "0-01", "1a", "0##", "0/~", "-0"}},
		{"idn-email", []string{"é@é", `"é\"é"@b`, "a@[1.2.3.4]"}, []string{"é", "é@", "@é", "é@\u3002", "a b@é", "\xff@b", "é@a_b", strings.Repeat("é", 33) + "@b", "\x7f@b", "\"\x7f\"@b"}},
		{"idn-hostname", []string{"é.example", "EXAMPLE.com", "bücher\u3002example", "אב.ab", "אב1.example", "xn--bcher-kva", strings.Repeat("é", 57)},
			[]string{"É", "bü_cher", "ab--é", "é-", "é\xff", "אa", "אב.1a", "1אב", "א1٠", "a.א-", "xn--bcher-kvb", "XN--É", "é..b", "aé\x00", "½", "ﬁ", "ａ", "\u200b", strings.Repeat("é", 58), strings.Repeat("é", 5000), strings.Repeat("bücher.", 20)}},
		{"json-pointer", []string{"", "/", "/a~0b~1c", "/é"}, []string{"a", "/~", "/~2", "#/a"}},
		{"uuid", []string{"7f6d2f0e-8f0b-4a51-9d56-0d7c2f6f6c11", "00000000-0000-0000-0000-000000000000", "7F6D2F0E-8F0B-4A51-9D56-0D7C2F6F6C11"},
			[]string{"", "7f6d2f0e8f0b4a519d560d7c2f6f6c11", "{7f6d2f0e-8f0b-4a51-9d56-0d7c2f6f6c11}", "urn:uuid:7f6d2f0e-8f0b-4a51-9d56-0d7c2f6f6c11", "7f6d2f0e-8f0b-4a51-9d56-0d7c2f6f6c1g", "7f6d2f0e-8f0b-4a51-9d56 0d7c2f6f6c11"}},
		{"byte", []string{"", "AA==", "AAA=", "AAAA", "+/+/"}, []string{"A", "AA", "AAA", "AA=", "AB==", "AAB=", "AA==AA==", "====", "A===", "AA\nAA", "AAAA\n", "-_-_", "AA= "}},
		{"duration", []string{"P1Y", "PT1S", "P3W", "P1Y2M3DT4H5M6S"}, []string{"", "P", "PT", "P1", "1Y", "P1YT", "P1W2D", "P1H", "PT1Y", "P1.5D", "p1y", "P1D1D", "PT1H1S"}},
		{"date", []string{"2024-02-29", "2000-02-29", "0000-02-29", "9999-12-31"}, []string{"2023-02-29", "1900-02-29", "2024-13-01", "2024-00-01", "2024-01-00", "2024-04-31", "24-01-01", "2024-1-01", "2024-01-01Z", "-001-01-01"}},
		{"time", []string{"00:00:00Z", "23:59:60Z", "23:59:60.5z", "08:59:60+09:00"}, []string{"24:00:00Z", "00:00:60Z", "23:59:61Z", "00:00:00", "00:00:00.Z", "00:00:00+0000", "00:00:00+24:00", "00:00:00 Z"}},
		{"regex", []string{"", "a|b|", "(?:a)", "(?=a)b", "(?<!a)b", "a{2,3}?", "[a-z\\d]", "[\\]-]", "\\u{1F600}", "\\ud83d\\ude00", "\\p{L}", "\\p{Script=Greek}", "\\1(a)", "(?i:a)", "(?i-s:a)", "[^\\b]", "\\/", "a{0,99999999999999999999}"},
			[]string{"(", ")", "[", "]", "{", "}", "a{", "a{2", "a{3,2}", "*", "a**", "(?", "(?a)", "(?<", "(?<a", "(?<1>a)", "(?<n>a)(?<n>b)", "\\", "\\1", "\\2(a)", "\\k<n>", "\\u", "\\u{110000}", "\\xg0", "\\c1", "\\-", "[z-a]", "[\\d-z]", "\\p", "\\p{}", "\\00", "(?ii:a)", "(?-:a)", "^*", "\\b+", "(?=a)*", "\xff", strings.Repeat("(", 1000) + strings.Repeat(")", 1000)}},
	} {
		is := formats[test.format]
		if test.format == "byte" {
			is = wire.IsByte
		}
		for _, s := range test.good {
			if !is(s) {
				t.Errorf("%s: %.80q is refused", test.format, s)
			}
		}
		for _, s := range test.bad {
			if is(s) {
				t.Errorf("%s: %.80q is accepted", test.format, s)
			}
		}
	}
}

func TestParseTime(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ s, want string }{
		{"2024-05-17T09:30:15Z", "2024-05-17T09:30:15Z"},
		{"2024-05-17t09:30:15z", "2024-05-17T09:30:15Z"},
		{"2024-05-17T09:30:15.123456789999Z", "2024-05-17T09:30:15.123456789Z"},
		{"2024-05-17T09:30:15.5+05:30", "2024-05-17T09:30:15.5+05:30"},
		{"2024-05-17T09:30:15-00:00", "2024-05-17T09:30:15Z"},
		{"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
		{"2016-12-31T23:59:60.25Z", "2017-01-01T00:00:00.25Z"},
		{"2017-01-01T00:59:60+01:00", "2017-01-01T01:00:00+01:00"},
		{"2016-12-31T15:59:60-08:00", "2016-12-31T16:00:00-08:00"},
		{"0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"},
		{"0000-02-29T00:00:00Z", "0000-02-29T00:00:00Z"},
		{"9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"},
		{"1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"},
		{"2016-12-31T22:59:60Z", ""},
		{"2016-12-31T23:59:60+01:00", ""},
		{"2024-05-17", ""}, {"2024-05-17T09:30:15", ""}, {"2024-05-17 09:30:15Z", ""}, {"2024-05-17T09:30Z", ""}, {"2024-05-17T09:30:15,5Z", ""}, {"", ""},
	} {
		got, ok := wire.ParseTime(test.s)
		if text := wire.Text(wire.AppendTime(nil, got)); ok != (test.want != "") || ok && text != test.want {
			t.Errorf("%s: got %s, %v, want %s", test.s, text, ok, test.want)
		}
	}
	if d, ok := wire.ParseDate("2024-02-29"); !ok || wire.Text(wire.AppendDate(nil, d)) != "2024-02-29" || d.Location() != time.UTC {
		t.Errorf("got %v, %v", d, ok)
	}
}

// Every day of the calendar, against package time.
func TestDays(t *testing.T) {
	t.Parallel()
	day := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	for n := 0; day.Year() < 10_000; n++ {
		s := day.Format(time.DateOnly)
		if got, ok := wire.ParseDate(s); !ok || !got.Equal(day) {
			t.Fatalf("%s: got %v, %v", s, got, ok)
		}
		day = day.AddDate(0, 0, 1+n%3)
	}
}
