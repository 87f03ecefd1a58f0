package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

const (
	email = `O'Hara+"x"@Bücher.example`
	iban  = "DE89370400440532013000"
)

func values() *Values {
	v := &Values{}
	v.Add(email, "pii")
	v.Add(iban, "pci")
	v.Add("7", "phi")
	return v
}

// Each spelling of a value is replaced, wherever it stands.
func TestReplaceSpellings(t *testing.T) {
	marshal := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for name, text := range map[string]string{
		"plain":                email,
		"upper case":           strings.ToUpper(iban),
		"lower case":           strings.ToLower(iban),
		"query":                url.QueryEscape(email),
		"path":                 url.PathEscape(email),
		"small percent":        strings.ToLower(url.QueryEscape(email)),
		"JSON":                 marshal(map[string]string{"e": email}),
		"JSON in JSON":         marshal(marshal(map[string]string{"e": iban})),
		"quoted":               strconv.Quote(email),
		"ASCII":                strconv.QuoteToASCII(email),
		"JSON in ASCII":        `O'Hara+\"x\"@B\u00fccher.example`,
		"SQL":                  strings.ReplaceAll(email, "'", "''"),
		"HTML":                 html.EscapeString(email),
		"hex":                  hex.EncodeToString([]byte(email)),
		"bytes":                fmt.Sprint([]byte(email)),
		"base64":               base64.StdEncoding.EncodeToString([]byte(email)),
		"base64 within":        base64.StdEncoding.EncodeToString([]byte("ab" + email + "x")),
		"base64 within, by 1":  base64.RawURLEncoding.EncodeToString([]byte("a" + email + "xy")),
		"base64 within, whole": base64.StdEncoding.EncodeToString([]byte("abc" + email)),
		"beginning":            iban[:9] + "...",
		"twice":                iban + iban,
	} {
		got, ok := values().Replace("pq: " + text + " !")
		if !ok || !strings.HasPrefix(got, "pq: ") || !strings.HasSuffix(got, " !") || !strings.Contains(got, "[p") {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
		for _, part := range []string{"Hara", "cher", iban[:8], "20130", hex.EncodeToString([]byte("Hara")), base64.RawStdEncoding.EncodeToString([]byte("Hara+\"x\"@"))} {
			if strings.Contains(strings.ToLower(got), strings.ToLower(part)) {
				t.Errorf("%s: %q holds %q", name, got, part)
			}
		}
	}
}

// A short value is replaced where it is a word.
func TestReplaceShort(t *testing.T) {
	for text, want := range map[string]string{
		"status 7": "status [phi]", "7": "[phi]", "(7)": "([phi])", "77": "77", "a7": "a7", "é7": "é7", "7_": "[phi]_", "SQLSTATE 23707": "SQLSTATE 23707",
		"": "", "nothing": "nothing",
	} {
		if got, ok := values().Replace(text); got != want || !ok {
			t.Errorf("Replace(%q) = %q, %v, want %q", text, got, ok, want)
		}
	}
}

// What lies on one another is replaced together.
func TestReplaceOverlaps(t *testing.T) {
	v := &Values{}
	v.Add("abcd", "a")
	v.Add("cdef", "b")
	v.Add("aaaaaaaaaaaab", "c")
	for text, want := range map[string]string{
		"abcdef":                  "[a]",
		"abcd cdef":               "[a] [b]",
		"xaaaaaaaaaaaaaaaaaaaaby": "x[c]y",
		"xaaaaaaay":               "xaaaaaaay",
	} {
		if got, ok := v.Replace(text); got != want || !ok {
			t.Errorf("Replace(%q) = %q, %v, want %q", text, got, ok, want)
		}
	}
}

// A text is withheld when it cannot be searched for all values.
func TestReplaceBounds(t *testing.T) {
	v := &Values{}
	for i := range maxValues {
		v.Add(fmt.Sprintf("value-%d-%d", i, i), "x")
	}
	if _, ok := v.Replace("short"); !ok {
		t.Error("a short text is withheld")
	}
	if text, ok := v.Replace(strings.Repeat("a", 1<<20)); ok || text != "" {
		t.Error("a long text is searched for all values")
	}
	v.Add("one more", "x")
	if _, ok := v.Replace("short"); ok {
		t.Error("a value is not looked for")
	}
	v = &Values{}
	v.Add(strings.Repeat("a", 1<<20), "x")
	if got, ok := v.Replace(strings.Repeat("a", 64<<10)); ok {
		t.Errorf("a quadratic search came to its end: %d bytes", len(got))
	}
}

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "",
		"pq: it is down":            "pq: it is down",
		"\x1b[2J\r\nlevel=INFO":     "\ufffd[2J  level=INFO",
		"a\u202eb\u2066c\u200bd":    "a\ufffdb\ufffdc\ufffdd",
		"a\u2028b\u2029c\x85d\x00e": "a\ufffdb\ufffdc\ufffdd\ufffde",
		"\xff\xfe":                  "\ufffd\ufffd",
		"\ufeffx":                   "\ufffdx",
		strings.Repeat("a", 20):     strings.Repeat("a", 20),
		strings.Repeat("a", 21):     strings.Repeat("a", 17) + "…",
		strings.Repeat("ü", 11):     strings.Repeat("ü", 8) + "…",
		strings.Repeat("\xff", 7):   strings.Repeat("\ufffd", 5) + "…",
	} {
		if got := Clean(text, 20); got != want {
			t.Errorf("Clean(%q) = %q, want %q", text, got, want)
		}
	}
}

// FuzzReplace holds that no value of 4 characters or more is left in a text, and that what Clean returns can stand
// in a line.
func FuzzReplace(f *testing.F) {
	f.Add("abcdef", "xabcdefx", "more")
	f.Add("aaaaaaaaaaaaab", "aaaaaaaaaaaaaaaaaaaaaaaaab", "aabaab")
	f.Add("a\"b\\c'd", "a\\\"b\\\\c'd and a\"b\\c'd", "")
	f.Add("İstanbul", "i̇stanbul İSTANBUL", "\x1b[0m")
	f.Add("\xff\xfe\xfd\xfc", "a\xff\xfe\xfd\xfcb", "b")
	f.Fuzz(func(t *testing.T, a, text, b string) {
		v := &Values{}
		v.Add(a, "")
		v.Add(b, "")
		got, ok := v.Replace(text)
		if !ok {
			return
		}
		// What is left around a replacement may be a value together with its brackets, which are not of the text.
		for _, rest := range strings.Split(got, "[]") {
			for _, value := range []string{a, b} {
				if utf8.RuneCountInString(value) >= shortValue && len(value) <= maxValue && !strings.Contains(text, "[]") && strings.Contains(lower(rest), lower(value)) {
					t.Errorf("%q is left in %q", value, got)
				}
			}
		}
		line := Clean(got, 100)
		if len(line) > 100 || !utf8.ValidString(line) {
			t.Errorf("%d bytes: %q", len(line), line)
		}
		for _, r := range line {
			if r != utf8.RuneError && !unicode.IsPrint(r) {
				t.Errorf("%q holds %U", line, r)
			}
		}
	})
}
