package remember

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
)

func TestCacheIsBounded(t *testing.T) {
	c := New[Digest, int](320)
	key := func(i int) Digest { return Sum(fmt.Sprint(i)) }
	for i := range 10_000 {
		c.Put(key(i), i, 1)
		c.Put(key(i), i, 1)
	}
	if n := c.Len(); n != 320 {
		t.Errorf("%d entries, want 320", n)
	}
	newest, ok := c.Get(key(9_999))
	if _, oldest := c.Get(key(0)); !ok || newest != 9_999 || oldest {
		t.Error("the oldest entries are not the ones forgotten")
	}
	for i := range 10_000 {
		c.Put(key(i), i, 2*EntryWeight)
	}
	if n := c.Len(); n > 160 || n == 0 {
		t.Errorf("%d entries of double weight, want at most 160", n)
	}
	c.Flush()
	c.Put(key(1), 1, 11*EntryWeight) // more than a shard
	if n := c.Len(); n != 0 {
		t.Errorf("%d entries, want none", n)
	}
	for i := range c.shards {
		if s := &c.shards[i]; s.weight != 0 || s.n != 0 {
			t.Errorf("shard %d: weight %d, n %d", i, s.weight, s.n)
		}
	}
}

func TestNilRemembersNothing(t *testing.T) {
	c := New[Digest, int](-1)
	c.Put(Sum("a"), 1, 1)
	c.Flush()
	if _, ok := c.Get(Sum("a")); ok {
		t.Error("remembered")
	}
}

func TestSum(t *testing.T) {
	for _, n := range []int{0, 1, 640, 641, 2 << 10, 2<<10 + 1, 8 << 10} {
		if text := strings.Repeat("a", n); Sum(text) != sha256.Sum256([]byte(text)) {
			t.Errorf("%d bytes: not their SHA-256", n)
		}
	}
}

// TestProof holds that a proof is of one token alone.
func TestProof(t *testing.T) {
	const token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
	p := Prove(token)
	if !p.Of(token) {
		t.Fatal("not of its own token")
	}
	for i := range len(token) { // each byte changed, cut away, and doubled
		changed := token[:i] + "~" + token[i+1:]
		if token[i] == '.' {
			changed = token[:i] + "x" + token[i+1:]
		}
		for _, other := range []string{changed, token[:i], token[i+1:], token[:i] + token[i:i+1] + token[i:]} {
			if p.Of(other) {
				t.Errorf("of %q", other)
			}
		}
	}
	for _, other := range []string{"", ".", token + "=", token + ".", token + "." + token} {
		if p.Of(other) {
			t.Errorf("of %q", other)
		}
	}
	if none := (&Proof{}); none.Of("") || none.Of(token) {
		t.Error("no proof proves")
	}
}

// TestProofHoldsNoSignature looks at what somebody would see who reads the memory.
func TestProofHoldsNoSignature(t *testing.T) {
	const signature = "c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
	p := Prove("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ." + signature)
	if text := fmt.Sprintf("%+v", p) + string(p.signature[:]); strings.Contains(text, signature[:4]) || !strings.HasSuffix(p.signed, ".") {
		t.Errorf("the proof holds %s", text)
	}
}

func TestMarksAreTheirMakers(t *testing.T) {
	a, b := NewMarker(), NewMarker()
	if once, again := a.Of("token"), a.Of("token"); once != again {
		t.Error("two marks of one token")
	}
	same := 0
	for i := range 8 {
		if a.Of(fmt.Sprint(i)) == b.Of(fmt.Sprint(i)) {
			same++
		}
	}
	if same == 8 {
		t.Error("two makers make the same marks")
	}
}

func BenchmarkKnown(b *testing.B) {
	token := strings.Repeat("a", 36) + "." + strings.Repeat("b", 280) + "." + strings.Repeat("c", 86)
	b.Run("digest", func(b *testing.B) {
		sum := Sum(token)
		for b.Loop() {
			if Sum(token) != sum {
				b.Fatal("changed")
			}
		}
	})
	b.Run("proof", func(b *testing.B) {
		m, p := NewMarker(), Prove(token)
		mark := m.Of(token)
		for b.Loop() {
			if m.Of(token) != mark || !p.Of(token) {
				b.Fatal("changed")
			}
		}
	})
}
