package policy

import (
	"os"
	"strings"
	"testing"
)

// TestAddresses holds what policies take for issuers and addresses to the table that the runtime is held to.
func TestAddresses(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../testdata/addresses.txt")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(text)) {
		kind, address, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || kind == "#" {
			continue
		}
		rows++
		if got := fetchable(address); got != (kind != "none") {
			t.Errorf("fetchable(%q) = %v", address, got)
		}
		if got := isIssuer(address); got != (kind == "issuer") {
			t.Errorf("isIssuer(%q) = %v", address, got)
		}
	}
	if rows < 20 {
		t.Errorf("%d rows", rows)
	}
}
