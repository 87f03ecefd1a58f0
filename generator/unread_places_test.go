package generator

import "testing"

// TestUnreadPlaces holds that a policy that is written in a place that nothing reads stops generation, since the warning that
// names the place says nothing of it: a second entry for a media type, a body of GET in OpenAPI 3.0, and headers that no part has.
// Without a policy such a place is a warning.
func TestUnreadPlaces(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, version, operation, key string }{
		{"second entry, exact", "3.1.0", `post:
      requestBody:
        content:
          application/json: {schema: {type: number}}
          application/json; charset=utf-8: {schema: {type: number, x-bailey-exact: true}} # HERE
`, "x-bailey-exact"},
		{"second entry, mask of an answer", "3.1.0", `get:
      responses:
        '200':
          description: a
          content:
            application/json: {schema: {type: object, properties: {a: {type: string}}}}
            application/json; charset=utf-8: {schema: {type: object, properties: {a: {type: string, x-bailey-mask: redact}}}} # HERE
`, "x-bailey-mask"},
		{"second entry, unknown", "3.1.0", `post:
      requestBody:
        content:
          multipart/form-data: {schema: {type: object, properties: {a: {type: string}}}}
          multipart/form-data; boundary=x: {schema: {type: object, x-bailey-unknown: drop, properties: {a: {type: string}}}} # HERE
`, "x-bailey-unknown"},
		{"second entry, writers", "3.1.0", `post:
      requestBody:
        content:
          application/json: {schema: {type: object, properties: {a: {type: string}}}}
          application/json; charset=utf-8: {schema: {type: object, properties: {a: {type: string, x-bailey-writable-by: {scopes: [a]}}}}} # HERE
`, "x-bailey-writable-by"},
		{"second entry, nothing", "3.1.0", `post:
      requestBody:
        content:
          application/json: {schema: {type: object, properties: {a: {type: string}}}}
          application/json; charset=utf-8: {schema: {type: object, properties: {a: {type: string, maxLength: 3}}}}
`, "a"},
		{"GET body, writers", "3.0.3", `get:
      requestBody:
        content:
          application/json: {schema: {type: object, properties: {a: {type: string, x-bailey-writable-by: {scopes: [a]}}}}} # HERE
`, "x-bailey-writable-by"},
		{"GET body, unknown", "3.0.3", `get:
      requestBody:
        content:
          application/x-www-form-urlencoded: {schema: {type: object, x-bailey-unknown: drop, properties: {a: {type: string}}}} # HERE
`, "x-bailey-unknown"},
		{"GET body, exact", "3.0.3", `get:
      requestBody:
        content:
          application/json: {schema: {type: number, x-bailey-exact: true}} # HERE
`, "x-bailey-exact"},
		{"GET body, nothing", "3.0.3", `get:
      requestBody:
        content:
          application/json: {schema: {type: object, properties: {a: {type: string, pattern: '^a$'}}}}
`, "a"},
		{"header of a part that is not there", "3.1.0", `post:
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {a: {type: string}}}
            encoding:
              b: {headers: {X-B: {schema: {type: number, x-bailey-exact: true}}}} # HERE
`, "x-bailey-exact"},
		{"header of a field", "3.1.0", `post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {a: {type: string}}}
            encoding:
              a: {headers: {X-A: {schema: {type: number, x-bailey-exact: true}}}} # HERE
`, "x-bailey-exact"},
		{"header that bailey reads itself", "3.1.0", `post:
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {a: {type: string}}}
            encoding:
              a: {headers: {Content-Disposition: {schema: {type: number, x-bailey-exact: true}}}} # HERE
`, "x-bailey-exact"},
		{"headers without a policy", "3.1.0", `post:
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {a: {type: string}}}
            encoding:
              b: {headers: {X-B: {schema: {type: number}}}}
`, "X-B"},
	} {
		responses := "      responses: {'204': {description: a}}\n"
		if tt.name == "second entry, mask of an answer" {
			responses = ""
		}
		holdRefusals(t, tt.name, tt.version, "paths:\n  /a:\n    "+tt.operation+responses+redteamScheme, tt.key)
	}
}
