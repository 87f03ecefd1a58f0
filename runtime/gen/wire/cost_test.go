//go:build unix

package wire

import (
	"encoding/json"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
)

// times is the processor time of read over that of json.Valid for the same text, the least of some
// runs, or of the first ones that are within the bound.
func times(t *testing.T, text string, bound float64, read func()) float64 {
	t.Helper()
	now := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			t.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	best, ref, raw := time.Hour, time.Hour, []byte(text)
	for try := 0; try < 5 && (try == 0 || float64(best) > bound*float64(ref)); try++ {
		start := now()
		read()
		best = min(best, now()-start)
		start = now()
		json.Valid(raw)
		ref = min(ref, now()-start)
	}
	return float64(best) / float64(max(ref, time.Microsecond))
}

// costSize is how long the texts are.
const costSize = 1 << 19

// listOf is an array of as many items as fit.
func listOf(item string) string {
	return "[" + strings.Repeat(item+",", costSize/(len(item)+1)-1) + item + "]"
}

// TestCostOfTexts holds what reading costs beyond json.Valid: ten times as much, with room for a busy machine.
// What is quadratic, or looks up tables again and again, is off by more.
func TestCostOfTexts(t *testing.T) {
	if raced || testing.Short() {
		t.Skip("times mean nothing")
	}
	const bound, room = 10, 4
	hold := func(name, text string, read func(d *Decoder)) {
		t.Helper()
		ratio := times(t, text, bound, func() {
			var d Decoder
			d.Reset(text, Limits{})
			read(&d)
			d.End()
		})
		t.Logf("%5.1f %s", ratio, name)
		if ratio > bound*room {
			t.Errorf("%s: %.1f times the processor time of json.Valid", name, ratio)
		}
	}
	strs := func(is func(string) bool) func(*Decoder) {
		return func(d *Decoder) {
			var v []string
			Array(d, &v, -1, func(d *Decoder, v *string) { *v = d.String(); d.Is(is, *v) })
		}
	}
	for _, name := range []string{
		strings.Repeat("・", 50) + "あ", "ا" + strings.Repeat("٠", 50), "ب" + strings.Repeat("\u200cب", 20), "क" + strings.Repeat("्\u200d", 20),
		"א.א.א.א.א.א.א", "אבגדהוזחטיכ.אבגדהוזחטיכ", "א", "𐐨", "一丁丂七丄丅丆万丈三上下", strings.Repeat("é", 57),
		"あa0ب", "اあ٠éاaب0xn--9caا٠اaकب0xn--9caب", "xn--9ca", "xn--bcher-kva", "xn--9c" + strings.Repeat("a", 53), "a.a.a.a.a.a.a.a", "bbbbblxxxxxxxxbbblbbblbbblTTblbbHb",
	} {
		hold("idn-hostname "+name, listOf(`"`+name+`"`), strs(IsIDNHostname))
	}
	for _, name := range []string{"xn--9ca", "xn--9cabbbbbbbbbzzzDDzDDzDD", "xn--xn--zDDDbbbDDDDDDDDbbbbbbbbDDDbbbbbbbbbbDDbDDbbbbbbZZZZZZZ"} {
		hold("hostname "+name, listOf(`"`+name+`"`), strs(IsHostname))
	}
	var names, references, both strings.Builder
	for i := 0; both.Len() < costSize; i++ {
		fmt.Fprintf(&names, "(?<n%x>)", i)
		fmt.Fprintf(&references, `\\k<n%x>`, i)
		fmt.Fprintf(&both, `(?<n%x>\\k<n%x>)`, i, i)
	}
	for name, text := range map[string]string{
		"names": `["` + names.String() + `"]`, "references": `["` + references.String() + `"]`, "names and references": `["` + both.String() + `"]`,
		"two names": listOf(`"(?<a>)(?<b>)\\k<a>"`), "a property": listOf(`"\\p{XIDS}"`), "properties": listOf(`"` + strings.Repeat(`\\p{XIDS}a`, 40) + `"`),
		"scripts": listOf(`"\\p{scx=Zzzz}\\p{sc=Yezi}"`), "letters in names": listOf(`"(?<éééééééééééé>)"`), "counts": listOf(`"a{12345678901234567890,22345678901234567890}"`),
		"groups": listOf(`"` + strings.Repeat("(?i-s:", 200) + strings.Repeat(")", 200) + `"`),
	} {
		hold("regex "+name, text, strs(IsRegex))
	}
	for name, is := range map[string]func(string) bool{
		"email": IsEmail, "idn-email": IsIDNEmail, "uri": IsURI, "iri": IsIRI, "uri-reference": IsURIReference, "iri-reference": IsIRIReference,
		"uri-template": IsURITemplate, "json-pointer": IsJSONPointer, "relative-json-pointer": IsRelativeJSONPointer,
		"ipv4": IsIPv4, "ipv6": IsIPv6, "uuid": IsUUID, "date": IsDate, "time": IsTime, "date-time": IsDateTime, "duration": IsDuration, "byte": IsByte,
	} {
		for _, text := range []string{
			"]", "a://𐐨", "http://u@é:80/é?é#é", "~{a},~,~{a},~{?a*,b:3,c.d}%41", "/~0~1é", "0+1/é", "́@bあxn--9ca・0ب٠اa", "a@[IPv6:::1]", "a@[1.2.3.4]", "::0::0", "1:2:3:4:5:6:1.2.3.4",
			"255.255.255.255", "7f6d2f0e-8f0b-4a51-9d56-0d7c2f6f6c11", "2024-02-29", "23:59:60.123456789Z", "2024-05-17T09:30:15.123456789+05:30", "P1Y2M3DT4H5M6S", "AAAA", "",
		} {
			hold(fmt.Sprintf("%s %s", name, text), listOf(`"`+text+`"`), strs(is))
		}
		for _, item := range []string{"a", "é", "%41", "a.", "1", "/", "{a}", "(a)", "𐐨", ":", "0/", "A"} {
			hold(name+" "+item+"…", `["`+strings.Repeat(item, costSize/len(item))+`"]`, strs(is))
		}
	}
	for _, n := range [][2]string{{"1e300", "7"}, {"1e30", "0.3"}, {"1e5", "3"}, {"1.7e308", "0.003"}, {"1e-300", "1e-300"}, {"12345678901234567890", "3"}} {
		hold(n[0]+" with multipleOf "+n[1], listOf(n[0]), func(d *Decoder) {
			var v []float64
			Array(d, &v, -1, func(d *Decoder, v *float64) { *v = d.Float64(); d.Compare("-1"); d.MultipleOfFloat(*v, n[1]) })
		})
	}
	var members strings.Builder
	for i := 0; members.Len() < costSize; i++ {
		fmt.Fprintf(&members, `,"%x":0`, i)
	}
	text := "{" + members.String()[1:] + "}"
	hold("a map", text, func(d *Decoder) {
		var v map[string]int64
		Map(d, &v, -1, DecodeInt64)
	})
	keys := NewKeys(nil, nil)
	hold("members that are kept", text, func(d *Decoder) {
		var v map[string]int64
		for f := d.Object(keys, Keep); f >= 0; f = d.Next(keys, f) {
			Member(d, &v, DecodeInt64)
		}
	})
}
