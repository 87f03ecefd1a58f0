package policy

import (
	"testing"
	"time"

	"github.com/bailey-go/bailey/generator/internal/load"
)

// TestModeEnds: generation fails from the day after the last one.
func TestModeEnds(t *testing.T) {
	t.Parallel()
	const document = `{"openapi":"3.1.0","info":{"title":"a","version":"1"},"paths":{},"x-bailey-mode":{"detect":["limits"],"until":"2030-03-31","reason":"a"}}`
	for today, good := range map[string]bool{"2030-03-30T00:00:00Z": true, "2030-03-31T23:59:59Z": true, "2030-04-01T00:00:00Z": false, "2030-04-01T01:00:00+02:00": true} {
		doc, diags := load.LoadBytes("a.json", []byte(document), load.Limits{})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		now, err := time.Parse(time.RFC3339, today)
		if err != nil {
			t.Fatal(err)
		}
		_, found := Read(doc, Options{Today: now})
		if found.HasErrors() == good {
			t.Errorf("%s: %v", today, found)
		}
	}
}
