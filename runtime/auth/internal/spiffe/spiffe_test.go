package spiffe_test

import (
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/auth/internal/spiffe"
)

func TestID(t *testing.T) {
	t.Parallel()
	const at = "spiffe://bank.example/"
	for id, want := range map[string]bool{
		at + "batch": true, at + "a/B/0/-_.x": true, at + "...": true, "spiffe://bank_1.example-2/a": true, at + strings.Repeat("a", 2048-len(at)): true,
		"spiffe://bank.example": false, at: false, at + "a/": false, at + "/a": false, at + "a//b": false, at + ".": false, at + "a/../b": false, at + "./a": false,
		"SPIFFE://bank.example/a": false, "Spiffe://bank.example/a": false, "spiffe://Bank.example/a": false, "spiffe:/bank.example/a": false, "spiffe:///a": false,
		at + "%61": false, at + "a%2Fb": false, "spiffe://bank%2eexample/a": false, "spiffe://bank.example:8443/a": false, "spiffe://bank.example:/a": false,
		"spiffe://user@bank.example/a": false, "spiffe://@bank.example/a": false, at + "a?": false, at + "a?b=c": false, at + "a#": false, at + "a#b": false,
		at + "\u00e9": false, at + "a b": false, at + "a\x00": false, " " + at + "a": false, at + "a\n": false, at + "a;b": false, at + "a:b": false, at + "a*": false,
		at + strings.Repeat("a", 2049-len(at)): false, "spiffe://" + strings.Repeat("d", 256) + "/a": false, "spiffe://[::1]/a": false, "https://bank.example/a": false, "": false,
	} {
		if got := spiffe.IsID(id); got != want {
			t.Errorf("%.80q: %v", id, got)
		}
	}
	for domain, want := range map[string]bool{"bank.example": true, "bank": false, "bank.exampl": false, "ank.example": false, "": false, "bank.example/batch": false, "BANK.example": false, "bank.example.evil": false} {
		if got := spiffe.In(at+"batch", domain); got != want {
			t.Errorf("in %q: %v", domain, got)
		}
	}
	if !spiffe.IsTrustDomain(strings.Repeat("d", 255)) || spiffe.IsTrustDomain(strings.Repeat("d", 256)) {
		t.Error("the bound of a trust domain")
	}
}

// FuzzIn: an ID in a trust domain is the text before its path, and has no byte that a parser of URLs reads in another way.
func FuzzIn(f *testing.F) {
	f.Add("spiffe://bank.example/a/b", "bank.example")
	f.Add("spiffe://bank.example/a%2f..", "bank.example")
	f.Fuzz(func(t *testing.T, id, domain string) {
		if !spiffe.In(id, domain) {
			return
		}
		path, ok := strings.CutPrefix(id, "spiffe://"+domain+"/")
		if !ok || !spiffe.IsTrustDomain(domain) || len(id) > 2048 || strings.ContainsAny(path, "%?#:@\\ ") || strings.Contains("/"+path+"/", "/../") || strings.Contains("/"+path+"/", "//") {
			t.Errorf("%q in %q", id, domain)
		}
	})
}
