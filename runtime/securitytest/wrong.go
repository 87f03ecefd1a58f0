package securitytest

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/runtime/gen"
)

// Wrong is a request that its operation's description refuses, for one reason.
type Wrong struct {
	What   string
	Target string
	Header map[string]string
	Body   string
}

// malformed sends, with good credentials, requests that are wrong in one way each: those of
// Operation.Wrong, and what no description allows. Only an operation that is known to let
// the right request through shows anything by it.
func (a *attacker) malformed(good fields) {
	if !a.op.Complete {
		return
	}
	for _, w := range append(slices.Clone(a.op.Wrong), a.always()...) {
		b := *a
		b.op.Target, b.op.Header, b.op.Body = w.Target, w.Header, w.Body
		f := good
		if w.What == otherMedia {
			f = with(good, fields{"Content-Type": {"application/vnd.bailey.attack"}})
		}
		b.wants("a request with another "+w.What, f, refusedRequest)
		a.tally.wrong++
	}
}

// otherMedia is the name of the request with a media type that nobody asks for.
const otherMedia = "media type"

// always are requests that are wrong whatever the schemas say.
func (a *attacker) always() []Wrong {
	var out []Wrong
	if a.op.Unknown == gen.Refuse && !a.op.OpenQuery {
		separator := "?"
		if strings.Contains(a.op.Target, "?") {
			separator = "&"
		}
		out = append(out, Wrong{"parameter that nobody named", a.op.Target + separator + "bailey.attack=1", a.op.Header, a.op.Body})
	}
	media := strings.ToLower(a.op.ContentType)
	if a.op.Body != "" && (media == "application/json" || strings.HasSuffix(media, "+json")) && len(a.op.Body) > 1 && strings.HasSuffix(a.op.Body, "}") {
		out = append(out, Wrong{"end of the JSON text", a.op.Target, a.op.Header, a.op.Body[:len(a.op.Body)-1]})
	}
	if a.op.Body != "" && !slices.ContainsFunc(a.op.Consumes, func(m string) bool { return strings.Contains(m, "*") }) {
		out = append(out, Wrong{otherMedia, a.op.Target, a.op.Header, a.op.Body})
	}
	return out
}

// refusedRequest wants the request refused, by whichever check comes first, as the caller's
// mistake.
func refusedRequest(status int) string {
	if status < 400 || status > 499 {
		return "want the request refused (4xx)"
	}
	return ""
}
