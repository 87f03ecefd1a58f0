package wire

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// branch is what the texts below are made of.
type branch struct {
	kids []branch
	more map[string]branch
}

var branchKeys = NewKeys([]string{"a", `q"\\`, "kids", "more"}, nil)

// decodeBranch refuses what it meets at the places where the digits 7 to 9 stand.
func decodeBranch(d *Decoder, v *branch) {
	switch d.Kind() {
	case KindNumber:
		if n := d.Int64(); n >= 7 {
			d.Refuse("maximum")
		}
	case KindString, KindBool, KindNull:
		d.Int64() // of another type
	case KindArray:
		Array(d, &v.kids, 3, decodeBranch)
	default:
		var seen uint64
		for f := d.Object(branchKeys, Refuse); f >= 0; f = d.Next(branchKeys, f) {
			if !d.First(&seen, f) {
				continue
			}
			switch f {
			case 2:
				Array(d, &v.kids, 3, decodeBranch)
			case 3:
				Map(d, &v.more, 3, decodeBranch)
			default:
				m, kid := d.Mark(), branch{}
				Try(d, &m, &kid, decodeBranch) // what it refuses is forgotten
				decodeBranch(d, &kid)
			}
		}
		d.Require(seen, 1, branchKeys)
	}
}

// writeBranch writes a random text for decodeBranch, most of which breaks some rule.
func writeBranch(b *strings.Builder, r *rand.Rand, depth int) {
	space := func() { b.WriteString([...]string{"", "", "", " ", "\n\t"}[r.IntN(5)]) }
	space()
	defer space()
	kind := r.IntN(4)
	if depth == 0 {
		kind = r.IntN(2)
	}
	switch kind {
	case 0, 1:
		b.WriteString([...]string{"1", "2", "3", "4", "8", `"x\"y"`, "null", "5", "6", "1"}[r.IntN(10)])
	case 2:
		b.WriteString("[")
		for i := range r.IntN(4) {
			if i > 0 {
				b.WriteString(",")
			}
			writeBranch(b, r, depth-1)
		}
		b.WriteString("]")
	case 3:
		b.WriteString("{")
		names := [...]string{`"a"`, `"q\"\\\\"`, `"kids"`, `"more"`, `"\\"`, `"~/\u202e"`}
		for i, k := range r.Perm(len(names))[:r.IntN(4)] {
			if i > 0 {
				b.WriteString(",")
				space()
			}
			b.WriteString(names[k])
			space()
			b.WriteString(":")
			writeBranch(b, r, depth-1)
		}
		b.WriteString("}")
	}
}

// TestPointerOf compares the pointers that are read backwards with those of a walk through the text.
func TestPointerOf(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	found, given := 0, 0
	var d Decoder
	for range 50_000 {
		var b strings.Builder
		writeBranch(&b, r, 4)
		text := b.String()
		var v branch
		d.Reset(text, Limits{})
		decodeBranch(&d, &v)
		d.End()
		if d.reason != "" {
			t.Fatalf("%s: %v", text, d.Err())
		}
		for i := range d.violations {
			want := locate(text, []int{d.violations[i].at})[0]
			got, ok := d.pointerOf(i)
			if given++; ok {
				found++
			}
			if ok && got != want {
				t.Fatalf("%s: %q at %d, want %q", text, got, d.violations[i].at, want)
			}
			if items := strings.ContainsAny(want, "012"); !ok && !items && d.violations[i].at > 0 && want != "" {
				t.Fatalf("%s: none for %q", text, want)
			}
		}
	}
	if found < 10_000 || found == given {
		t.Errorf("%d of %d pointers were read backwards", found, given)
	}
}
