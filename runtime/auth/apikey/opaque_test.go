package apikey_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/apikey"
)

func opaque() apikey.Policy {
	p := policy("header")
	p.Prefix, p.Opaque = "", true
	return p
}

// imported makes the stored form of a key that another program made.
func imported(t testing.TB, r *apikey.HashKeys, clear string, s apikey.Strength) apikey.Key {
	t.Helper()
	k, err := r.Import(clear, s)
	if err != nil {
		t.Fatal(err)
	}
	k.Subject, k.Scopes = "shop", []string{"read"}
	return k
}

func TestOpaque(t *testing.T) {
	const old, late, gone, weak = "sk_live_9dK2mQ7xT4vB1nR8", "sk_live_AAAA9dK2mQ7xT4vB", "sk_live_BBBB9dK2mQ7xT4vB", "hunter2"
	minted, key := issue(t, "ci", "build")
	k1, k2, k3 := imported(t, ring, old, apikey.Strength{}), imported(t, ring, late, apikey.Strength{}), imported(t, ring, gone, apikey.Strength{})
	k4 := imported(t, ring, weak, apikey.Strength{WeakReason: "partner X cannot change it before June"})
	k2.Expires, k3.Revoked = noon, true
	short := imported(t, ring, "hunter3", apikey.Strength{WeakReason: "taken away below"})
	short.WeakReason = ""
	otherHash := imported(t, hashKeys("2019"), "sk_live_CCCC9dK2mQ7xT4vB", apikey.Strength{})
	a := open(t, opaque(), static(t, key, k1, k2, k3, k4, short, otherHash))
	for text, rule := range map[string]string{
		old: "", weak: "", minted: "",
		late: "api-key-expired", gone: "api-key-revoked", "hunter3": "api-key-short",
		old + "x": "api-key-unknown", old[1:]: "api-key-unknown", strings.ToUpper(old): "api-key-unknown",
		"sk_live_CCCC9dK2mQ7xT4vB": "api-key-unknown", k1.ID: "api-key-unknown", k1.Hash: "api-key-unknown",
		"": "api-key-malformed", "a b": "api-key-malformed", "ä": "api-key-malformed", "a\x00": "api-key-malformed",
		strings.Repeat("a", 256): "api-key-unknown", strings.Repeat("a", 257): "api-key-malformed",
	} {
		wantRule(t, a, header(text), rule)
	}
	p := opaque()
	p.Prefix = "sk_"
	wantRule(t, open(t, p, static(t, k1)), header(old), "")
	wantRule(t, open(t, p, static(t, k1)), header("pk_live_9dK2mQ7xT4vB1nR8"), "api-key-malformed")
}

// TestOpaqueLengthCounts: no byte of a long key is left out of its hash.
func TestOpaqueLengthCounts(t *testing.T) {
	text := strings.Repeat("k3yQ", 63) + "abcd" // 256 bytes
	a := open(t, opaque(), static(t, imported(t, ring, text, apikey.Strength{})))
	wantRule(t, a, header(text), "")
	wantRule(t, a, header(text[:255]+"e"), "api-key-unknown")
	wantRule(t, a, header(text[:255]), "api-key-unknown")
}

func TestOpaqueRotatesTheHashKey(t *testing.T) {
	const text = "sk_live_9dK2mQ7xT4vB1nR8"
	stored := imported(t, hashKeys("2025"), text, apikey.Strength{})
	for _, tt := range []struct {
		ids []string
		err string
	}{{[]string{"2026", "2025"}, ""}, {[]string{"2025", "2026"}, ""}, {[]string{"2027", "2026", "2025"}, "at most 2 are tried"}} {
		a, err := apikey.New(opaque(), apikey.Keys{Store: static(t, stored), Hash: hashKeys(tt.ids...)}, table)
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%v: %v", tt.ids, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		wantRule(t, a, header(text), "")
	}
}

// far is a store that is not in memory.
type far struct {
	apikey.HashStore
	asked, now, most atomic.Int64
	wait             chan struct{}
	err              error
}

func (f *far) LookupHash(ctx context.Context, hash [sha256.Size]byte) (*apikey.Key, bool, error) {
	f.asked.Add(1)
	n := f.now.Add(1)
	defer f.now.Add(-1)
	for m := f.most.Load(); n > m && !f.most.CompareAndSwap(m, n); m = f.most.Load() {
	}
	if f.wait != nil {
		<-f.wait
	}
	if f.err != nil {
		return nil, false, f.err
	}
	return f.HashStore.LookupHash(ctx, hash)
}

func TestOpaqueUnknownIsRemembered(t *testing.T) {
	now := noon
	p := opaque()
	p.Clock = func() time.Time { return now }
	store := &far{HashStore: static(t, imported(t, ring, "sk_live_9dK2mQ7xT4vB1nR8", apikey.Strength{})).(apikey.HashStore)}
	a := open(t, p, store)
	const unknown = "sk_live_0000000000000000"
	for _, step := range []struct {
		after time.Duration
		text  string
		rule  string
		asked int64
	}{
		{0, unknown, "api-key-unknown", 1},
		{time.Second, unknown, "api-key-unknown", 1},
		{9 * time.Second, unknown, "api-key-unknown", 2}, // 10 seconds are over
		{0, "sk_live_9dK2mQ7xT4vB1nR8", "", 3},
		{0, "sk_live_9dK2mQ7xT4vB1nR8", "", 4}, // the store remembers what is there
		{-time.Hour, unknown, "api-key-unknown", 5},
	} {
		now = now.Add(step.after)
		wantRule(t, a, header(step.text), step.rule)
		if got := store.asked.Load(); got != step.asked {
			t.Errorf("%+v: asked %d times", step, got)
		}
	}
}

// TestOpaqueLookupsAreBounded: 16 at a time, 16 times as many wait, and the rest is refused as unavailable at once.
func TestOpaqueLookupsAreBounded(t *testing.T) {
	store := &far{HashStore: static(t).(apikey.HashStore), wait: make(chan struct{})}
	a := open(t, opaque(), store)
	const callers = 16 + 16*16 + 20
	errs := make(chan error, callers)
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			_, err := a.Authenticate(header("sk_live_00000000000" + string(rune('A'+i%26)) + string(rune('A'+i/26))))
			errs <- err
		})
	}
	for range 20 {
		var down *auth.Unavailable
		if err := <-errs; !errors.As(err, &down) || down.Rule != "api-key-store" || !down.Unverified {
			t.Errorf("err = %v", err)
		}
	}
	close(store.wait)
	wg.Wait()
	if most := store.most.Load(); most != 16 {
		t.Errorf("%d look-ups at a time, want 16", most)
	}
}

func TestOpaqueStoreIsDown(t *testing.T) {
	const text = "sk_live_9dK2mQ7xT4vB1nR8"
	store := &far{HashStore: static(t, imported(t, ring, text, apikey.Strength{})).(apikey.HashStore), err: errors.New("down")}
	a := open(t, opaque(), store)
	var down *auth.Unavailable
	if _, err := a.Authenticate(header(text)); !errors.As(err, &down) || !errors.Is(err, store.err) {
		t.Errorf("err = %v", err)
	}
	store.err = nil
	wantRule(t, a, header(text), "") // an outage is not remembered
}

// looseHash answers with the same key whatever it is asked.
type looseHash struct {
	apikey.HashStore
	key *apikey.Key
}

func (l looseHash) LookupHash(context.Context, [sha256.Size]byte) (*apikey.Key, bool, error) {
	return l.key, true, nil
}

func TestOpaqueStoresAreNotBelieved(t *testing.T) {
	k := imported(t, ring, "sk_live_9dK2mQ7xT4vB1nR8", apikey.Strength{})
	renamed := k
	renamed.HashKey = "2019"
	for _, key := range []*apikey.Key{&k, nil} {
		wantRule(t, open(t, opaque(), looseHash{static(t).(apikey.HashStore), key}), header("sk_live_0000000000000000"), "api-key-unknown")
	}
	wantRule(t, open(t, opaque(), looseHash{static(t).(apikey.HashStore), &renamed}), header("sk_live_9dK2mQ7xT4vB1nR8"), "api-key-unknown")
	type byID struct{ apikey.Store }
	if _, err := apikey.New(opaque(), apikey.Keys{Store: byID{static(t)}, Hash: ring}, table); err == nil || !strings.Contains(err.Error(), "LookupHash") {
		t.Errorf("err = %v", err)
	}
}

func TestImport(t *testing.T) {
	for _, tt := range []struct {
		name, clear string
		s           apikey.Strength
		want        string // of the error; "" for none
		weak        bool
	}{
		{"letters and digits", "sk_live_9dK2mQ7xT4vB1nR8", apikey.Strength{Prefix: "sk_live_"}, "", false},
		{"64 bits in hexadecimal", "9d82717c4fb1a08e", apikey.Strength{}, "", false},
		{"a UUID", "550e8400-e29b-41d4-a716-446655440000", apikey.Strength{Bits: 122}, "", false},
		{"digits", "9182736455647382", apikey.Strength{}, "53 random bits", false},
		{"digits with a reason", "9182736455647382", apikey.Strength{WeakReason: "r"}, "", true},
		{"stated and too few", "sk_live_9dK2mQ7xT4vB1nR8", apikey.Strength{Bits: 63}, "63 random bits", false},
		{"stated and enough", "sk_live_9dK2mQ7xT4vB1nR8", apikey.Strength{Bits: 64, WeakReason: "not needed"}, "", false},
		{"stated and impossible", "9d82717c4fb1a08e", apikey.Strength{Bits: 65}, "at most 64", false},
		{"15 characters", "9dK2mQ7xT4vB1nR", apikey.Strength{}, "has 15 characters", false},
		{"15 behind the prefix", "sk_9dK2mQ7xT4vB1nR", apikey.Strength{Prefix: "sk_"}, "has 15 characters", false},
		{"one character", strings.Repeat("a", 40), apikey.Strength{}, "0 random bits", false},
		{"two characters", strings.Repeat("ab", 20), apikey.Strength{}, "40 random bits", false},
		{"another prefix", "sk_9dK2mQ7xT4vB1nR", apikey.Strength{Prefix: "pk_"}, "does not begin", false},
		{"empty", "", apikey.Strength{WeakReason: "r"}, "visible ASCII", false},
		{"spaces", "9dK2mQ7x 4vB1nR8", apikey.Strength{WeakReason: "r"}, "visible ASCII", false},
		{"too long", strings.Repeat("9dK2mQ7x", 33), apikey.Strength{}, "visible ASCII", false},
		{"a blank reason", "hunter2", apikey.Strength{WeakReason: " "}, "or a reason", false},
	} {
		k, err := ring.Import(tt.clear, tt.s)
		switch {
		case tt.want == "" && err != nil, tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		case err != nil:
			if tt.clear != "" && strings.Contains(err.Error(), tt.clear) || k.Hash != "" {
				t.Errorf("%s: %v, %+v", tt.name, err, k)
			}
		case (k.WeakReason != "") != tt.weak:
			t.Errorf("%s: reason %q", tt.name, k.WeakReason)
		}
	}
	a, b := imported(t, ring, "9d82717c4fb1a08e", apikey.Strength{}), imported(t, ring, "9d82717c4fb1a08e", apikey.Strength{})
	if a.ID == b.ID || a.Hash != b.Hash {
		t.Error("ids have to differ, and hashes to be equal")
	}
	if _, err := apikey.Static(a, b); err == nil || !strings.Contains(err.Error(), "same hash") {
		t.Errorf("one key twice: %v", err)
	}
}

func TestOpaqueAllocatesLittle(t *testing.T) {
	const text = "sk_live_9dK2mQ7xT4vB1nR8"
	a := open(t, opaque(), static(t, imported(t, ring, text, apikey.Strength{})))
	r := header(text)
	least := 100.0
	for range 20 {
		least = min(least, testing.AllocsPerRun(1, func() { _, _ = a.Authenticate(r) }))
	}
	if least > 2 {
		t.Errorf("%v allocations, want at most 2", least)
	}
}
