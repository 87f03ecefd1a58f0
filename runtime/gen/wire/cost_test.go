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
		"xn--9ca", "xn--bcher-kva", "xn--9c" + strings.Repeat("a", 53), "a.a.a.a.a.a.a.a", "bbbbblxxxxxxxxbbblbbblbbblTTblbbHb",
	} {
		hold("idn-hostname "+name, listOf(`"`+name+`"`), strs(IsIDNHostname))
	}
	for _, name := range []string{"xn--9ca", "xn--xn--zDDDbbbDDDDDDDDbbbbbbbbDDDbbbbbbbbbbDDbDDbbbbbbZZZZZZZ"} {
		hold("hostname "+name, listOf(`"`+name+`"`), strs(IsHostname))
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
