package gosrc

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestLiterals(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		got  Source
		want string
	}{
		{Quote("a\"\n\u2028\xff"), `"a\"\n\u2028\xff"`},
		{Int(-1 << 63), "-9223372036854775808"},
		{Uint(1<<64 - 1), "18446744073709551615"},
		{Bool(true), "true"},
		{Char('\''), `'\''`},
		{Key("a\"\n\u2028", ","), `",\"a\\\"\\u000a\u2028\":"`},
		{Key("a", ""), `"\"a\":"`},
		{Duration(0), "0"},
		{Duration(time.Second), "time.Second"},
		{Duration(90 * time.Second), "90 * time.Second"},
		{Duration(-2 * time.Hour), "-2 * time.Hour"},
		{Duration(1500 * time.Microsecond), "1500 * time.Microsecond"},
		{Duration(7), "7 * time.Nanosecond"},
		{Strings(nil), "nil"},
		{Strings([]string{"a", "\""}), `[]string{"a", "\""}`},
		{Raw("f(%, %)", Exported("x"), Int(1)), "f(X, 1)"},
		{Raw("nothing"), "nothing"},
		{Call("wire.Array", Exported("d"), Quote("x")), `wire.Array(D, "x")`},
		{List(" && ", Exported("a"), Exported("b")), "A && B"},
	} {
		if got, ok := Text(test.got); !ok || got != test.want || test.got.String() != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	good := []string{"0", "-0", "1", "10", "-9223372036854775809", "1.50", "0.1", "1e2", "1E+2", "1e-2", "123456789012345678901234567890"}
	bad := []string{
		"", "-", "+1", "01", "1.", ".1", "1e", "1e+", "0x10", "1_000", "Inf", "NaN", " 1", "1 ", "1;", "1/0", "1e1e1", "--1", "1i", "0b1",
		"1\n", "x",
	}
	for _, s := range good {
		if l, err := Number(s); err != nil || l.String() != s {
			t.Errorf("Number(%q) = %q, %v", s, l, err)
		}
		if _, err := Float(s); err != nil {
			t.Errorf("Float(%q): %v", s, err)
		}
	}
	for _, s := range bad {
		if l, err := Number(s); err == nil {
			t.Errorf("Number(%q) = %q, want an error", s, l)
		}
		if l, err := Float(s); err == nil {
			t.Errorf("Float(%q) = %q, want an error", s, l)
		}
	}
	for _, s := range []string{strings.Repeat("9", 301), "1e301", "1e-301", "1e99999999999999999999"} {
		if l, err := Number(s); err == nil {
			t.Errorf("Number(%.20q) = %.20q, want an error", s, l)
		}
	}
	for _, test := range []struct{ text, want string }{
		{"1e308", "1e+308"}, {"1e-999", "0"}, {"0." + strings.Repeat("3", 60), "0.3333333333333333"}, {"2.50", "2.50"},
	} {
		if l, err := Float(test.text); err != nil || l.String() != test.want {
			t.Errorf("Float(%q) = %q, %v, want %q", test.text, l, err, test.want)
		}
	}
	if l, err := Float("1e309"); err == nil {
		t.Errorf("Float(1e309) = %q, want an error", l)
	}
}

func TestKeyIsJSON(t *testing.T) {
	t.Parallel()
	for _, name := range hostile {
		text, err := strconv.Unquote(Key(name, "{").String())
		if err != nil {
			t.Fatalf("Key(%q): %v", name, err)
		}
		var got map[string]int
		if err := json.Unmarshal([]byte(text+"1}"), &got); err != nil {
			t.Fatalf("Key(%q) = %q: %v", name, text, err)
		}
		if want := strings.ToValidUTF8(name, "\ufffd"); len(got) != 1 || got[name] != 1 && got[want] != 1 && !strings.ContainsRune(name, 0xff) && name != "\xff\xfe" {
			t.Errorf("Key(%q) names %v", name, got)
		}
	}
}

// forged is a Source of another package's making: it has the unexported methods by
// embedding, and its own String.
type forged struct{ Expr }

func (forged) String() string { return "panic(1)" }

func TestForgedSource(t *testing.T) {
	t.Parallel()
	if text, ok := Text(forged{}); ok {
		t.Errorf("Text of a forged Source = %q", text)
	}
	defer func() {
		if recover() == nil {
			t.Error("Raw took a forged part")
		}
	}()
	Raw("%", forged{})
}

func TestRawCountsItsParts(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("Raw took a constant with more places than parts")
		}
	}()
	Raw("% + %", Int(1))
}
