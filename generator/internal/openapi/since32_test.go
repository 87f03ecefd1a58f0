package openapi_test

import "testing"

// TestSince32: OpenAPI 3.2 has the method QUERY, and methods of any name.
func TestSince32(t *testing.T) {
	t.Parallel()
	api, diags := read(t, "3.2.0", "paths:\n  /a:\n    query: {}\n    additionalOperations:\n      COPY: {}\n      copy: {}\n")
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var got []string
	for _, op := range api.Operations {
		if len(op.Problems()) > 0 {
			t.Errorf("%s is refused: %v", op.Method, op.Problems())
		}
		got = append(got, op.Method)
	}
	if len(got) != 3 || got[0] != "QUERY" || got[1] != "COPY" || got[2] != "copy" {
		t.Errorf("got the methods %q", got)
	}
	for _, version := range []string{"3.0.3", "3.1.0"} {
		if api, _ := read(t, version, "paths:\n  /a:\n    query: {}\n"); len(api.Operations) != 1 || !api.Operations[0].Problems().HasErrors() {
			t.Errorf("%s: query is not refused", version)
		}
	}
}
