package gen

import "testing"

func TestFieldValue(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{"": true, "a b": true, "a\tb": true, "é": true, " a": false, "a\t": false, "a\nb": false, "a\rb": false, "a\x00": false, "\x7f": false} {
		if got := isFieldValue(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}
