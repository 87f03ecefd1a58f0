package gen

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ending is a Deprecation as fields of answers, ready to be sent: the slices are shared by all answers.
type ending struct {
	since, sunset, link []string
}

// ending makes the fields of a deprecated operation, or nil where there are none.
func (b *Builder) ending(at string, d Deprecation) *ending {
	if d == (Deprecation{}) {
		return nil
	}
	since, err := time.Parse(time.RFC3339, d.Since)
	if err != nil || since.Unix() < 0 {
		b.fail("%s: %q is no time from which it is deprecated", at, d.Since)
		return nil
	}
	e := &ending{since: []string{"@" + strconv.FormatInt(since.Unix(), 10)}}
	if d.Sunset != "" {
		sunset, err := time.Parse(time.RFC3339, d.Sunset)
		if err != nil || sunset.Before(since) {
			b.fail("%s: %q is no time at which it ends, after %s", at, d.Sunset, d.Since)
			return nil
		}
		e.sunset = []string{sunset.UTC().Format(http.TimeFormat)}
	}
	if d.Link != "" {
		if strings.ContainsAny(d.Link, "<>\"") || !isFieldValue(d.Link) {
			b.fail("%s: %q is no URL for a field", at, d.Link)
			return nil
		}
		e.link = []string{"<" + d.Link + `>; rel="deprecation"`}
	}
	return e
}

// write sets the fields, also where the handler gave the first two others: the document says when the
// operation ends. Links of the handler stay beside its own.
func (e *ending) write(h http.Header) {
	h["Deprecation"] = e.since
	if e.sunset != nil {
		h["Sunset"] = e.sunset
	}
	switch links := h["Link"]; {
	case e.link == nil:
	case links == nil:
		h["Link"] = e.link
	default:
		h["Link"] = append(links[:len(links):len(links)], e.link...)
	}
}
