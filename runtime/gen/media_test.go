package gen

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestMatchMedia: which of an operation's media types a Content-Type is.
func TestMatchMedia(t *testing.T) {
	const ap = `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`
	for _, tt := range []struct{ consumes, field, want string }{
		{"application/json", "application/json", "application/json"},
		{"application/json", "Application/JSON", "application/json"},
		{"application/json", "application/json;", "application/json"},
		{"application/json", "application/json; Charset=\"Utf-8\"", "application/json"},
		{"application/json", "application/json;charset=utf8", "application/json"},
		{"application/json", "application/json; charset=latin1", ""},
		{"application/json", "application/json; charset=utf-8; charset=utf-7", ""},
		{"application/json", "application/json; charset*=utf-8''utf-7", ""},
		{"application/json", "application/json; charset", ""},
		{"application/json", "application/json, text/plain", ""},
		{"application/json", "", ""},
		// What the document does not name says nothing.
		{"application/fhir+json", "application/fhir+json; fhirVersion=4.0", "application/fhir+json"},
		{"text/plain", "text/plain; format=flowed; delsp=yes", "text/plain"},
		{"text/plain", "text/plain; format=flowed; charset=latin1", ""},
		// What it names has to be there, and equal.
		{"application/json; version=1", "application/json; version=1", "application/json; version=1"},
		{"application/json; version=1", "application/json;VERSION=1", "application/json; version=1"},
		{"application/json; version=1", `application/json; version="1"`, "application/json; version=1"},
		{"application/json; version=1", "application/json; charset=utf-8; version=1", "application/json; version=1"},
		{"application/json; version=1", "application/json; other=2; version=1", "application/json; version=1"},
		{"application/json; version=1", "application/json", ""},
		{"application/json; version=1", "application/json; version=2", ""},
		{"application/json; version=1", "application/json; version=1; version=2", ""},
		{"application/json; version=1", "application/json; version=1; charset=latin1", ""},
		{ap, ap, ap},
		{ap, strings.ToUpper(ap[:19]) + ap[19:], ap},
		{ap, strings.ToUpper(ap), ""}, // values have their case
		{ap, "application/ld+json", ""},
		{"application/json; version=1|application/json; version=2", "application/json; version=2", "application/json; version=2"},
		{"application/json; version=1|application/json; version=2", "application/json; version=3", ""},
		{"application/json; version=1|application/json; version=2", "application/json", ""},
		{"application/json|application/json; version=2", "application/json", "application/json"},
		{"application/json|application/json; version=2", "application/json; version=2", "application/json; version=2"},
		{"application/json|application/json; version=2", "application/json; version=1", ""}, // the parameter tells entries apart
		{"application/json; a=1|application/json; a=1; b=2", "application/json; b=2; a=1", "application/json; a=1; b=2"},
		{"application/json; a=1|application/json; a=1; b=2", "application/json; a=1", "application/json; a=1"},
		{"*/*|text/*|text/csv", "text/csv", "text/csv"},
		{"*/*|text/*|text/csv", "text/html; charset=latin1", "text/*"},
		{"*/*|text/*|text/csv", "image/png", "*/*"},
		{"*/*|text/csv; header=present", "text/csv; header=absent", "*/*"},
		{"application/xml; charset=iso-8859-1", "application/xml; charset=ISO-8859-1", "application/xml; charset=iso-8859-1"},
		{"multipart/form-data", `multipart/form-data; boundary="x y"; charset=utf-8`, "multipart/form-data"},
	} {
		m := &mounted{}
		for _, s := range strings.Split(tt.consumes, "|") {
			m.consumes = append(m.consumes, newMedia(s))
		}
		tellApart(m.consumes)
		c := &Call{op: m, R: httptest.NewRequest("POST", "/", nil)}
		if tt.field != "" {
			c.R.Header = http.Header{"Content-Type": {tt.field}}
		}
		got := ""
		if i := c.matchMedia(); i >= 0 {
			got = m.consumes[i].whole
		}
		if got != tt.want {
			t.Errorf("%s of %q: %q, want %q", tt.field, tt.consumes, got, tt.want)
		}
	}
}
