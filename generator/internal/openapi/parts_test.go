package openapi_test

import "testing"

// TestParameters: merging, places, styles, and what is refused of them.
func TestParameters(t *testing.T) {
	t.Parallel()
	tests := []example{
		{
			name: "the operation's replace the path's by name and place",
			text: `
paths:
  /a:
    parameters:
      - {name: a, in: query, schema: {type: string}}
      - {name: b, in: query, schema: {type: string}}
      - {name: a, in: cookie, schema: {type: string}}
      - {name: X-A, in: header, schema: {type: string}}
      - {name: A, in: query, schema: {type: string}}
    get:
      parameters:
        - {name: a, in: query, required: true, schema: {type: integer}}
        - {name: x-a, in: header, schema: {type: boolean}}
        - {name: c, in: query, schema: {type: string}}
    put: {}
`,
			want: `
GET /a
  query a! form* integer
  query b form* string
  cookie a form* string
  header x-a simple boolean
  query A form* string
  query c form* string
PUT /a
  query a form* string
  query b form* string
  cookie a form* string
  header X-A simple string
  query A form* string
`,
		},
		{
			name: "references",
			text: `
paths:
  /a:
    parameters: [{$ref: '#/components/parameters/Page'}]
    get:
      parameters: [{$ref: '#/components/parameters/Again'}]
    put:
      parameters: [{name: page, in: query, schema: {$ref: '#/components/schemas/Number'}}]
components:
  parameters:
    Page: {name: page, in: query, schema: {type: string, maxLength: 2}}
    Again: {$ref: '#/components/parameters/Page'}
  schemas:
    Number: {type: integer}
`,
			want: `
GET /a
  query page form* string<=2
PUT /a
  query page form* integer
`,
		},
		{
			name: "styles",
			text: `
paths:
  /a/{p}:
    get:
      parameters:
        - {name: p, in: path, required: false, style: label, schema: {type: string}}
        - {name: q, in: query, style: pipeDelimited, schema: {type: array}}
        - {name: r, in: query, style: spaceDelimited, explode: true, schema: {type: array}}
        - {name: s, in: query, explode: false, schema: {type: array}}
        - {name: t, in: query, style: deepObject, schema: {type: object}}
        - {name: h, in: header, explode: true, schema: {type: array}}
        - {name: c, in: cookie, schema: {type: array}}
`,
			want: `
GET /a/{p}
  path p! label string
  query q pipeDelimited array
  query r spaceDelimited* array
  query s form array
  query t deepObject object
  header h simple* array
  cookie c form* array
`,
		},
		{
			name: "content",
			text: `
paths:
  /a:
    get:
      parameters:
        - {name: a, in: query, content: {'application/json; charset=utf-8': {schema: {type: object}}}}
        - {name: b, in: query, content: {application/json: {}}}
        - {name: c, in: query, schema: {type: string}, content: {application/json: {}}}
        - {name: d, in: query, content: {application/json: {}, text/plain: {}}}
        - {name: e, in: query, schema: {type: string}, content: {}}
        - {name: f, in: query, content: [application/json]}
`,
			want: `
GET /a
  query a form* application/jsonobject
  query b form* application/json-
  query c form* string
  query d form* -
  query e form* string
  query f form* -
  refused: parameter
  refused: parameter
  refused: shape
warning: parameter
`,
		},
		{
			name: "what is none",
			text: `
paths:
  /a:
    get:
      parameters:
        - {in: query, schema: {type: string}}
        - {name: a, schema: {type: string}}
        - {name: a, in: body, schema: {type: string}}
        - {name: a, in: [query], schema: {type: string}}
        - text
    put: {parameters: {a: {name: a, in: query}}}
    post: {parameters: null}
`,
			want: `
GET /a
  refused: parameter
  refused: parameter
  refused: parameter
  refused: parameter
  refused: shape
PUT /a
  refused: shape
POST /a
`,
		},
		{
			name: "headers that are none",
			text: `
paths:
  /a:
    get:
      parameters:
        - {name: accept, in: header, schema: {type: string}}
        - {name: Content-Type, in: header, schema: {type: string}}
        - {name: AUTHORIZATION, in: header, schema: {type: string}}
        - {name: authorization, in: query, schema: {type: string}}
`,
			want: `
GET /a
  query authorization form* string
warning: reserved-header
warning: reserved-header
warning: reserved-header
`,
		},
		{
			name: "twice in one list",
			text: `
paths:
  /a:
    parameters: [{name: a, in: query, schema: {type: string}}, {name: a, in: query, schema: {type: integer}}]
    get: {}
  /b:
    parameters: [{name: a, in: query, schema: {type: string}}]
    get:
      parameters: [{name: a, in: query, schema: {type: integer}}, {name: a, in: query, schema: {type: string}}]
`,
			want: `
GET /a
  query a form* string
  refused: duplicate-parameter
GET /b
  query a form* integer
  refused: duplicate-parameter
`,
		},
		{
			name: "keywords that nobody reads",
			text: `
paths:
  /a:
    get:
      parameters:
        - {name: a, in: query, type: integer}
        - {name: b, in: query, Schema: {type: integer}}
        - {name: c, in: query, schema: {type: integer}, max: 3, x-max: 3}
`,
			want: `
GET /a
  query a form* -
  query b form* -
  query c form* integer
  refused: unknown-member
  refused: unknown-member
warning: parameter
warning: parameter
warning: unknown-member
`,
		},
		{
			name: "a schema that cannot be checked",
			text: "paths: {/a: {get: {parameters: [{name: a, in: query, schema: {type: string, pattern: '(a)\\1'}}]}}}\n",
			want: "GET /a\n  query a form* string\n  refused: unsupported-pattern\n",
		},
	}
	for _, test := range tests {
		test.run(t)
	}
}

// TestBodies: what a request brings.
func TestBodies(t *testing.T) {
	t.Parallel()
	tests := []example{
		{
			name: "media types and their kinds",
			text: `
paths:
  /a:
    post:
      requestBody:
        required: true
        content:
          Application/JSON; charset=utf-8: {schema: {type: object}}
          application/merge-patch+json: {}
          text/json: {}
          application/x-www-form-urlencoded: {}
          multipart/form-data: {}
          multipart/mixed: {}
          text/plain: {}
          text/*: {}
          text/event-stream: {}
          image/*: {}
          '*/*': null
`,
			want: `
POST /a
  body! [application/json(json):object, application/merge-patch+json(json), text/json(json), application/x-www-form-urlencoded(form), multipart/form-data(multipart), multipart/mixed(binary), text/plain(text), text/*(binary), text/event-stream(binary), image/*(binary), */*(binary)]
`,
		},
		{
			name: "references at each place",
			text: `
paths:
  /a:
    post:
      requestBody: {$ref: '#/components/requestBodies/B'}
      responses: {'200': {$ref: '#/components/responses/R'}}
components:
  requestBodies:
    B: {$ref: '#/components/requestBodies/C'}
    C: {content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}
  responses:
    R: {description: r, headers: {X-A: {$ref: '#/components/headers/H'}}, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}
  headers:
    H: {required: true, schema: {$ref: '#/components/schemas/S'}}
  schemas:
    S: {type: string, maxLength: 5}
`,
			want: `
POST /a
  body [application/json(json):string<=5]
  200 [application/json(json):string<=5] X-A!:string<=5
`,
		},
		{
			name: "encoding",
			text: `
paths:
  /a:
    post:
      requestBody:
        content:
          multipart/form-data:
            encoding:
              a: {contentType: image/png}
              b: {style: spaceDelimited}
              c: {explode: false}
              d: {style: form}
`,
			want: "POST /a\n  body [multipart/form-data(multipart) a=image/png* b=spaceDelimited c= d=form*]\n",
		},
		{
			name: "what is no content",
			text: `
paths:
  /a:
    post: {requestBody: {content: {json: {}, 'a/b, c': {}}}}
    put: {requestBody: {content: [application/json]}}
    patch: {requestBody: text}
    delete: {requestBody: null}
`,
			want: `
POST /a
  body []
  refused: media-type
  refused: media-type
PUT /a
  body []
  refused: shape
PATCH /a
  refused: shape
DELETE /a
`,
		},
		{
			name: "one media type twice",
			text: "paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: integer}}, Application/JSON;charset=utf-8: {schema: {type: string}}}}}}}\n",
			want: "POST /a\n  body [application/json(json):integer]\nwarning: media-type\n",
		},
		{
			name: "types that differ in parameters are two",
			text: `paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: integer}}, 'Application/JSON ;V="A b";a=1': {schema: {type: string}},
  'application/json;a="1";v="A b"': {}, text/csv;charset=UTF-8;header=present: {}, multipart/form-data;boundary=x: {}, application/xml;q=1;charset=Latin1: {}}}}}}
`,
			want: "POST /a\n  body [application/json(json):integer, application/json; a=1; v=\"A b\"(json):string, text/csv; header=present(text), multipart/form-data(multipart), " +
				"application/xml; charset=latin1(binary)]\nwarning: media-type\n",
		},
		{
			name: "parameters that say nothing, or cannot be read",
			text: "paths: {/a: {post: {requestBody: {content: {application/json;simple: {}, 'application/x+json;a=1;a=2': {}, text/plain;charset=latin1: {}}}}}}\n",
			want: "POST /a\n  body [application/json(json), application/x+json(json), text/plain(text)]\nwarning: media-type\nwarning: media-type\nwarning: media-type\n",
		},
		{
			name: "a parameter that no header can say",
			text: "paths: {/a: {post: {requestBody: {content: {'application/json;a=\"é\"': {}}}}}}\n",
			want: "POST /a\n  body [application/json(json)]\n  refused: media-type\n",
		},
		{
			name: "slips of the pen",
			text: "paths: {/a: {post: {requestBody: {Required: true, content: {application/json: {Schema: {type: integer}, shema: {}}}}, RequestBody: {}}}}\n",
			want: "POST /a\n  body [application/json(json)]\n  refused: unknown-member\n  refused: unknown-member\n  refused: unknown-member\nwarning: unknown-member\n",
		},
		{
			name: "on GET and HEAD, 3.1",
			text: "paths: {/a: {get: {requestBody: {content: {text/plain: {}}}}, head: {requestBody: {content: {text/plain: {}}}}, delete: {requestBody: {content: {text/plain: {}}}}}}\n",
			want: "GET /a\n  body [text/plain(text)]\nHEAD /a\n  body [text/plain(text)]\n  refused: body-on-get\nDELETE /a\n  body [text/plain(text)]\nwarning: body-on-get\n",
		},
		{
			name: "on GET and HEAD, 3.0: it shall be ignored", version: "3.0.3",
			text: "paths: {/a: {get: {requestBody: {content: {text/plain: {}}}}, head: {requestBody: {content: {text/plain: {}}}}}}\n",
			want: "GET /a\nHEAD /a\nwarning: body-on-get\nwarning: body-on-get\n",
		},
	}
	for _, test := range tests {
		test.run(t)
	}
}

// TestResponses: what a handler may answer.
func TestResponses(t *testing.T) {
	t.Parallel()
	tests := []example{
		{
			name: "codes, ranges and default",
			text: `
paths:
  /a:
    get:
      responses:
        default: {description: else}
        404: {description: gone}
        '200': {description: good, content: {text/plain: {}}}
        3xx: {description: elsewhere}
        5XX: {description: broken}
        x-note: {description: passed over}
`,
			want: "GET /a\n  default []\n  404 []\n  200 [text/plain(text)]\n  3XX []\n  5XX []\n",
		},
		{
			name: "what is no status",
			text: "paths: {/a: {get: {responses: {'099': {}, '600': {}, '20': {}, '2000': {}, 2X0: {}, Default: {}, '': {}, 20x: {}, '2XX': {}}}}}\n",
			want: "GET /a\n  2XX []\n  refused: status\n  refused: status\n  refused: status\n  refused: status\n  refused: status\n  refused: status\n  refused: status\n  refused: status\n",
		},
		{
			name: "twice, and informational",
			text: "paths: {/a: {get: {responses: {100: {}, 1XX: {}, 4xx: {}, 4XX: {}}}}}\n",
			want: "GET /a\n  4XX []\n  refused: status\nwarning: status\nwarning: status\n",
		},
		{
			name: "headers",
			text: `
paths:
  /a:
    get:
      responses:
        '204':
          description: done
          headers:
            X-A: {schema: {type: integer}, required: true}
            X-B: {}
            x-a: {schema: {type: string}}
            'X C': {schema: {type: string}}
            X-D: {content: {application/json: {schema: {type: object}}}}
            X-E: text
`,
			want: "GET /a\n  204 [] X-A!:integer X-B:- X-D:-\n  refused: header\n  refused: header\n  refused: shape\nwarning: header\n",
		},
		{
			name: "what is none",
			text: "paths: {/a: {get: {responses: []}, put: {responses: {'200': text}}, post: {responses: null}, patch: {responses: {'200': {Content: {}, links: {}}}}}}\n",
			want: "GET /a\n  refused: shape\nPUT /a\n  refused: shape\nPOST /a\nPATCH /a\n  200 []\n  refused: unknown-member\n",
		},
	}
	for _, test := range tests {
		test.run(t)
	}
}
