package wire

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
)

// wideItem takes far more memory than its shortest text.
type wideItem [90]string

func decodeWide(d *Decoder, _ *wideItem) {
	if d.Object(noKeys, Drop) >= 0 {
		d.Next(noKeys, 0)
	}
}

var lookingAround = NewPattern(`^(?=.*a)(?!.*c)(?<!d)[ab]*$`)

var noKeys = NewKeys(nil, nil)

// made is how many bytes f allocates. Tests that call it are not parallel.
func made(f func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

// listed is a text of n items; %x in the item is the item's number.
func listed(open, item, shut string, n int) string {
	var b strings.Builder
	b.WriteString(open)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strings.ReplaceAll(item, "%x", fmt.Sprintf("%x", i)))
	}
	return b.String() + shut
}

// costly are texts whose values take much memory, and how they are read.
var costly = []struct {
	name string
	text string
	read func(*Decoder)
}{
	{"array of integers", listed("[", "1", "]", 50_000), func(d *Decoder) {
		var v []int64
		Array(d, &v, -1, DecodeInt64)
	}},
	{"array of wide items", listed("[", "{}", "]", 20_000), func(d *Decoder) {
		var v []wideItem
		Array(d, &v, -1, decodeWide)
	}},
	{"arrays of wide items", listed("[", "[{}]", "]", 10_000), func(d *Decoder) {
		var v [][]wideItem
		Array(d, &v, -1, func(d *Decoder, v *[]wideItem) { Array(d, v, -1, decodeWide) })
	}},
	{"a few short items and a long one", "[" + strings.Repeat("{},", 100) + `{"a":"` + strings.Repeat("a", 1<<20) + `"}]`, func(d *Decoder) {
		var v []wideItem
		Array(d, &v, -1, decodeWide)
	}},
	{"map of strings", listed("{", `"%x":""`, "}", 30_000), func(d *Decoder) {
		var v map[string]string
		Map(d, &v, -1, DecodeString)
	}},
	{"map of wide values", listed("{", `"%x":{}`, "}", 20_000), func(d *Decoder) {
		var v map[string]wideItem
		Map(d, &v, -1, decodeWide)
	}},
	{"maps of one member", listed("[", `{"":0}`, "]", 20_000), func(d *Decoder) {
		var v []map[string]int64
		Array(d, &v, -1, func(d *Decoder, v *map[string]int64) { Map(d, v, -1, DecodeInt64) })
	}},
	{"empty maps", listed("[", `{}`, "]", 20_000), func(d *Decoder) {
		var v []map[string]int64
		Array(d, &v, -1, func(d *Decoder, v *map[string]int64) { Map(d, v, -1, DecodeInt64) })
	}},
	{"additional members", listed("{", `"%x":1`, "}", 20_000), func(d *Decoder) {
		var v map[string]int64
		for f := d.Object(noKeys, Keep); f >= 0; f = d.Next(noKeys, f) {
			Member(d, &v, DecodeInt64)
		}
	}},
	{"escapes", listed("[", `"\u0041\n"`, "]", 20_000), func(d *Decoder) {
		var v []string
		Array(d, &v, -1, DecodeString)
	}},
	{"one long escape", `"` + strings.Repeat(`\n`, 1<<19) + `"`, func(d *Decoder) { _ = d.String() }},
	{"bytes", listed("[", `"AAAA"`, "]", 20_000), func(d *Decoder) {
		var v [][]byte
		Array(d, &v, -1, DecodeBytes)
	}},
	{"offsets of times", `["2000-01-01T00:00:00+00:01"` + strings.Repeat(`,"2000-01-01T00:00:00+00:01"`, 9_999) + "]", func(d *Decoder) {
		for ok := d.enter('['); ok; ok = d.following(']') {
			d.Time()
		}
	}},
	{"unknown names", listed("{", `"%x":1`, "}", 50_000), (*Decoder).skip},
	{"objects of seventeen names", "[" + strings.Repeat(listed("{", `"%x":1`, "}", 17)+",", 2_000) + "1]", (*Decoder).skip},
	{"branches that do not match", listed("[", `{"a":1}`, "]", 20_000), func(d *Decoder) {
		for ok := d.enter('['); ok; ok = d.following(']') {
			m := d.Mark()
			TryNew(d, &m, func(d *Decoder, _ *wideItem) { d.Skip(); d.Refuse("not") })
			d.Skip()
		}
	}},
	{"branches that match", listed("[", `{"a":1}`, "]", 10_000), func(d *Decoder) {
		for ok := d.enter('['); ok; ok = d.following(']') {
			m := d.Mark()
			TryNew(d, &m, func(d *Decoder, _ *wideItem) { d.Skip() })
			d.Skip()
		}
	}},
	{"names of hosts", listed("[", `"ä.de","xn--4ca.de"`, "]", 10_000), func(d *Decoder) {
		for ok := d.enter('['); ok; ok = d.following(']') {
			if s := d.String(); !d.Is(IsIDNHostname, s) {
				d.Refuse("format")
			}
		}
	}},
	{"regular expressions", listed("[", `"(?<a>b)(?<c>d)*"`, "]", 10_000), func(d *Decoder) {
		for ok := d.enter('['); ok; ok = d.following(']') {
			if s := d.String(); !d.Is(IsRegex, s) {
				d.Refuse("format")
			}
		}
	}},
	{"regular expressions of nine names", listed("[", `"`+manyNames(9)+`"`, "]", 5_000), func(d *Decoder) {
		for ok := d.enter('['); ok; ok = d.following(']') {
			d.Is(IsRegex, d.String())
		}
	}},
	{"a regular expression of many names", `"` + manyNames(20_000) + `"`, func(d *Decoder) { d.Is(IsRegex, d.String()) }},
	{"patterns with look-around", listed("[", `"ab"`, "]", 5_000), func(d *Decoder) {
		for ok := d.enter('['); ok; ok = d.following(']') {
			d.Matches(lookingAround, d.String())
		}
	}},
	{"a pattern with look-around in long texts", listed("[", `"`+strings.Repeat("ab", 200)+`"`, "]", 500), func(d *Decoder) {
		for ok := d.enter('['); ok; ok = d.following(']') {
			d.Matches(lookingAround, d.String())
		}
	}},
	{"pointers", listed("[", `1`, "]", 20_000), func(d *Decoder) {
		var v []*int64
		Array(d, &v, -1, func(d *Decoder, v **int64) { *v = New[int64](d); DecodeInt64(d, *v) })
	}},
	{"distinct integers", listed("[", "1%x", "]", 20_000), func(d *Decoder) {
		var v []string
		Array(d, &v, -1, func(d *Decoder, v *string) { d.skip(); *v = d.s[d.last:d.i] })
		UniqueIn(d, v)
	}},
	{"distinct objects", listed("[", `{"b":"%x","a":1}`, "]", 20_000), func(d *Decoder) {
		var v []Raw
		Array(d, &v, -1, DecodeRaw)
		UniqueJSONIn(d, len(v), func(i int) Raw { return v[i] })
	}},
	{"a distinct object with many members", "[1," + listed("{", `"z%x":1`, "}", 20_000) + "]", func(d *Decoder) {
		var v []Raw
		Array(d, &v, -1, DecodeRaw)
		UniqueJSONIn(d, len(v), func(i int) Raw { return v[i] })
	}},
}

// manyNames is a regular expression of n groups with names.
func manyNames(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "(?<n%x>)", i)
	}
	return b.String()
}

// TestMemoryCharge: what decoding allocates is charged, and no text makes it allocate more than it may.
func TestMemoryCharge(t *testing.T) {
	if raced {
		t.Skip("the race detector allocates by itself")
	}
	const fixed = 64 << 10 // of the Decoder itself
	for _, test := range costly {
		t.Run(test.name, func(t *testing.T) {
			var charged int64
			bytes := made(func() {
				var d Decoder
				d.Reset(test.text, Limits{Memory: math.MaxInt64})
				test.read(&d)
				charged = math.MaxInt64 - d.Memory()
			})
			if bytes > charged+charged/50+fixed {
				t.Errorf("%d bytes are allocated, and %d charged", bytes, charged)
			}
			for _, part := range []int64{2, 10, 1000} {
				limit := charged / part
				var d Decoder
				bytes := made(func() {
					d.Reset(test.text, Limits{Memory: max(limit, 1)})
					test.read(&d)
				})
				if bytes > limit+limit/50+fixed {
					t.Errorf("%d bytes are allocated where %d are allowed", bytes, limit)
				}
				var broken *SyntaxError
				if err := d.Err(); part > 2 && charged > fixed && (!errors.As(err, &broken) || !broken.Memory || d.Memory() != 0) {
					t.Errorf("with %d bytes of %d: %v", limit, charged, err)
				}
			}
		})
	}
}

// TestMemoryDefault: a text may take 4 MiB, and 20 bytes for each of its bytes.
func TestMemoryDefault(t *testing.T) {
	var d Decoder
	d.Reset("12345", Limits{})
	if got := d.Memory(); got != DefaultMemory+5*MemoryFactor {
		t.Errorf("%d bytes", got)
	}
	if !d.Charge(DefaultMemory/2) || d.Charge(DefaultMemory) || d.Charge(0) || d.Memory() != 0 {
		t.Error("more is given than there is")
	}
	var broken *SyntaxError
	if err := d.Err(); !errors.As(err, &broken) || !broken.Memory {
		t.Errorf("got %v", err)
	}
	d.Reset("[", Limits{})
	d.Raw()
	if err := d.Err(); !errors.As(err, &broken) || broken.Memory {
		t.Errorf("a text that is not well-formed: %v", err)
	}
}

// TestReuse: sets of names, and the values of branches that do not match, are used again.
func TestReuse(t *testing.T) {
	objects := "[" + strings.Repeat(listed("{", `"%x":1`, "}", 17)+",", 1_000) + "1]"
	branches := listed("[", `{"a":1}`, "]", 1_000)
	var d Decoder
	for name, read := range map[string]func(){
		"sets of names": func() { d.Reset(objects, Limits{}); d.Skip() },
		"branches": func() {
			d.Reset(branches, Limits{})
			for ok := d.enter('['); ok; ok = d.following(']') {
				m := d.Mark()
				TryNew(&d, &m, func(d *Decoder, _ *wideItem) { d.Skip(); d.Refuse("not") })
				d.Skip()
			}
		},
	} {
		if n := testing.AllocsPerRun(5, read); n > 20 || d.Err() != nil {
			t.Errorf("%s: %v allocations, %v", name, n, d.Err())
		}
	}
}

// TestTryNewGivesBack: a value that comes back from one branch is empty in the next, and never one that is in use.
func TestTryNewGivesBack(t *testing.T) {
	var d Decoder
	d.Reset(`[1,2,3]`, Limits{})
	var kept []*[2]int64
	for ok := d.enter('['); ok; ok = d.following(']') {
		m := d.Mark()
		if x := TryNew(&d, &m, func(d *Decoder, v *[2]int64) { v[0], v[1] = 7, d.Int64(); d.Refuse("not") }); x != nil {
			t.Fatal("a branch that was refused matches")
		}
		x := TryNew(&d, &m, func(d *Decoder, v *[2]int64) {
			if v[0] != 0 {
				t.Error("the value is not empty")
			}
			v[1] = d.Int64()
		})
		kept = append(kept, x)
		d.Skip()
	}
	for i, x := range kept {
		if x == nil || x[1] != int64(i+1) {
			t.Errorf("value %d is %v", i, x)
		}
	}
}

// TestDefaultItems: arrays, maps and additional members without a bound of their own have one.
func TestDefaultItems(t *testing.T) {
	const most = 3
	for _, test := range []struct {
		items, n int
		good     bool
	}{{most, most, true}, {most, most + 1, false}, {0, DefaultItems, true}, {0, DefaultItems + 1, false}} {
		for name, read := range map[string]func(*Decoder){
			"maxItems":      func(d *Decoder) { var v []bool; Array(d, &v, -1, DecodeBool) },
			"maxProperties": func(d *Decoder) { var v map[string]bool; Map(d, &v, -1, DecodeBool) },
			"maxProperties of additional members": func(d *Decoder) {
				var v map[string]bool
				for f := d.Object(noKeys, Keep); f >= 0; f = d.Next(noKeys, f) {
					Member(d, &v, DecodeBool)
				}
			},
		} {
			keyword, _, _ := strings.Cut(name, " ")
			if test.n > most+1 && keyword != "maxItems" {
				continue // takes long
			}
			text := listed("[", "true", "]", test.n)
			if keyword == "maxProperties" {
				text = listed("{", `"%x":true`, "}", test.n)
			}
			var d Decoder
			d.Reset(text, Limits{Items: test.items, Memory: 1 << 30})
			read(&d)
			d.End()
			var broken *Invalid
			if err := d.Err(); (err == nil) != test.good || !test.good && (!errors.As(err, &broken) || len(broken.Violations) != 1 || broken.Violations[0].Keyword != keyword) {
				t.Errorf("%s: %d items of %d: %v", name, test.n, test.items, err)
			}
		}
	}
}
