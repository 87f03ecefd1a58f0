package remember

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
)

func TestCacheIsBounded(t *testing.T) {
	c := New[int](320)
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
	c := New[int](-1)
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
