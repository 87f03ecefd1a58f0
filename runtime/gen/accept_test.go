package gen

import (
	"strings"
	"testing"
)

// choose is what accept decides, without a request. Offers with parameters stand between bars.
func choose(offers string, fields ...string) string {
	ranges, any := parseAccept(nil, fields)
	list := strings.Fields(offers)
	if strings.Contains(offers, "|") {
		list = strings.Split(offers, "|")
	}
	if !any {
		return list[0]
	}
	var types []media
	for _, o := range list {
		types = append(types, newMedia(o))
	}
	tellApart(types)
	best, chosen := 0, ""
	for i := range types {
		if weight, as := weigh(&types[i], ranges); weight > best {
			best, chosen = weight, as
		}
	}
	return chosen
}

func TestAccept(t *testing.T) {
	t.Parallel()
	const two, versions = "application/json text/csv", "application/json; version=1|application/json; version=2"
	for _, c := range []struct {
		offers, accept, want string
	}{
		{two, "", "application/json"},
		{two, " , ,", "application/json"},
		{two, "*/*", "application/json"},
		{two, "text/csv", "text/csv"},
		{two, "TEXT/CSV", "text/csv"},
		{two, "text/*", "text/csv"},
		{two, "text/csv, application/json", "application/json"}, // the document's order
		{two, "application/json;q=0.5, text/csv", "text/csv"},
		{two, "application/json;q=0.001,text/csv;q=0.002", "text/csv"},
		{two, "application/json; Q=0.5 , text/csv ;\tq=0.4", "application/json"},
		{two, "*/*, application/json;q=0.1", "text/csv"}, // the most specific range decides
		{two, "*/*;q=0.1, application/*;q=0", "text/csv"},
		{two, "application/json;q=0", ""},
		{two, "application/json;q=0, text/csv;q=0.000", ""},
		{two, "image/png", ""},
		{two, "application/json;charset=utf-8", "application/json"},
		{two, "application/json;charset=\"UTF-8\";q=1.000", "application/json"},
		{two, "application/json;charset=latin1", ""},
		// A parameter that no offer has says nothing.
		{two, "application/json;version=2", "application/json"},
		{two, `application/json;v="a,b";q=0.1, text/csv`, "text/csv"},
		{two, `application/json;v="a\",b;q=1";q=0.1, text/csv`, "text/csv"},
		{two, `application/json;v="a, text/csv`, ""},
		{two, `application/json;v="a"b, text/csv`, "text/csv"},
		{two, `application/json;v, text/csv`, "text/csv"},
		{two, `application/json; ;q=0.1;, text/csv`, "text/csv"},
		{two, "application/json;", "application/json"},
		// What an offer has tells the offers apart.
		{versions, "application/json;version=1", "application/json; version=1"},
		{versions, "application/json; Version=\"2\"", "application/json; version=2"},
		{versions, "application/json;version=\"\\2\"", "application/json; version=2"},
		{versions, "application/json;version=3", ""},
		{versions, "application/json;version=3, */*;q=0.1", "application/json; version=1"},
		{versions, "application/json", "application/json; version=1"},
		{versions, "application/json;other=1", "application/json; version=1"},
		{versions, "application/json;version=1;q=0.1, application/json", "application/json; version=2"}, // the most specific range decides
		{versions, "application/json;version=1;charset=UTF-8", "application/json; version=1"},
		{"application/json|application/json; version=1", "application/json;version=1", "application/json; version=1"},
		{"application/json|application/json; version=1", "application/json;version=2", ""},
		{"application/json; profile=\"urn:a;b\"|text/csv", "application/json; profile=\"urn:a;b\"", "application/json; profile=\"urn:a;b\""},
		{"application/json; profile=\"urn:a;b\"|text/csv", "application/json; profile=\"URN:a;b\", text/csv;q=0.1", "text/csv"},
		{"text/plain; charset=utf-8|text/csv", "text/plain", "text/plain; charset=utf-8"},
		{"text/plain; charset=utf-8|text/csv", "text/plain; charset=UTF-8", "text/plain; charset=utf-8"},
		{"text/plain; charset=utf-8|text/csv", "text/plain; charset=latin1", ""},
		{two, "text/csv;q=1;ext=1", "text/csv"},
		// What is no range says nothing.
		{two, "*/json", ""},
		{two, "json", ""},
		{two, "text/csv;q=2", ""},
		{two, "text/csv;q=1.001", ""},
		{two, "text/csv;q=0.1234", ""},
		{two, "text/csv;q=.", ""},
		{two, "text/csv;q=.1234", ""},
		{two, "text/csv;q=", ""},
		{two, "text/csv;q=0x1", ""},
		{two, "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "application/json"}, // Java's HttpURLConnection
		{two, "text/csv;q=.5, application/json;q=.25", "text/csv"},
		{two, "te xt/csv", ""},
		{two, "/", ""},
		{"image/* application/json", "image/png", "image/png"},
		{"image/* application/json", "image/*", "image/*"},
		{"image/* application/json", "*/*", "image/*"},
		{"image/* application/json", "image/png;q=0.2, image/gif;q=0.4", "image/gif"},
		{"image/* application/json", "application/json, image/*;q=0.9", "application/json"},
		{"*/*", "text/html", "text/html"},
		{two, strings.Repeat("a/b,", maxRanges) + "text/csv", ""},
	} {
		if got := choose(c.offers, c.accept); got != c.want {
			t.Errorf("%s of %q: %q, want %q", c.accept, c.offers, got, c.want)
		}
	}
	if got := choose(two, "application/json;q=0.1", "text/csv"); got != "text/csv" {
		t.Errorf("two fields: %q", got)
	}
}

// FuzzAccept: whatever is asked for, the answer is one of the offers, or nothing.
func FuzzAccept(f *testing.F) {
	f.Add(`a/b;q=0.5, */*;q="1,2", text/*`)
	f.Fuzz(func(t *testing.T, accept string) {
		switch got := choose("application/json text/csv image/*", accept); {
		case got == "", got == "application/json", got == "text/csv", strings.HasPrefix(got, "image/") && isMediaType(got):
		default:
			t.Errorf("%q: %q", accept, got)
		}
	})
}
