package generator

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFormats reads each format of JSON Schema 2020-12 and of OpenAPI's registry that is an
// assertion here, as a Go type and in a value that no Go type says. What they accept is held
// against the public test suite (TestConformance), and in package wire.
func TestFormats(t *testing.T) {
	t.Parallel()
	formats := map[string]string{"number": "float double", "integer": "int32 int64 uint32 uint64", "string": `date time date-time duration email
		idn-email hostname idn-hostname ipv4 ipv6 uri uri-reference iri iri-reference uuid json-pointer relative-json-pointer regex uri-template
		byte binary password`}
	var properties strings.Builder
	for typ, list := range formats {
		for i, format := range strings.Fields(list) {
			fmt.Fprintf(&properties, "        %s%d: {type: %s, format: %s}\n        %sRaw%d: {type: %s, format: %s, not: {const: x}}\n", typ, i, typ, format, typ, i, typ, format)
		}
	}
	for _, version := range []string{"3.0.4", "3.1.0"} {
		for _, unknown := range []string{"", "        z: {type: string, format: nonsense}\n"} {
			document := filepath.Join(t.TempDir(), "openapi.yaml")
			text := fmt.Sprintf(`openapi: %s
info: {title: T, version: '1'}
paths:
  /a:
    post:
      operationId: a
      x-bailey-public: a test
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
      responses: {'204': {description: done}}
components:
  schemas:
    A:
      type: object
      properties:
%s%s`, version, properties.String(), unknown)
			if err := os.WriteFile(document, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			res, err := Render(Config{Document: document, Output: filepath.Join(t.TempDir(), "api")})
			if err != nil {
				t.Fatal(err, res)
			}
			found := 0
			for _, d := range res.Diagnostics {
				if d.Rule == "unknown-format" {
					found++
				}
			}
			if want := strings.Count(unknown, "format"); found != want {
				t.Errorf("%s: %d formats are unknown, want %d: %v", version, found, want, res.Diagnostics)
			}
		}
	}
}
