package securitytest

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/internal/meter"
)

// envExamples names a file with bodies that the documents publish as examples: for each test that calls
// Run, and each operation as "METHOD /path", JSON texts. None may be refused for its cost.
const envExamples = "BAILEY_EXAMPLES"

// published reads the examples of this test.
func published(t *testing.T) map[string][]string {
	t.Helper()
	file := os.Getenv(envExamples)
	if file == "" {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]map[string][]string
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return all[t.Name()]
}

// examples sends the bodies that are published for the operation. Whether they meet its schema is the
// document's affair.
func (a *attacker) examples(good fields) {
	a.t.Helper()
	if len(good[untriedField]) > 0 || !strings.Contains(a.op.ContentType, "json") {
		return
	}
	for _, text := range a.published[a.op.Method+" "+a.op.Path] {
		b := *a
		b.op.Body = text
		steps, read := int64(0), 0
		stop := meter.Watch(func(bytes int, n int64) { steps, read = steps+n, read+bytes })
		status, _ := b.cost(good)
		stop()
		if read == 0 && status != http.StatusRequestEntityTooLarge {
			continue // refused for its parameters, or its size
		}
		if status == http.StatusRequestEntityTooLarge {
			a.t.Errorf("a published example of %d bytes, %.80s: got 413 after %d steps", len(text), text, steps)
		}
		a.tally.examples++
		a.tally.base = max(a.tally.base, steps-wire.StepFactor*int64(len(text)))
	}
}
