package limit

import (
	"net/url"
	"strconv"
	"strings"
)

// view is what a caller of GET /orders/{id} wants to see.
type view struct {
	currency string // "" is the order's own
	items    int    // 0 is all
	hideNote bool
}

// parseView reads the query where it stands: each parameter once at the most, and none
// that the document does not name. It returns the rule that a parameter breaks, and its
// name.
func parseView(query string) (v view, rule, name string) {
	var seen uint8
	for query != "" {
		var pair, value string
		pair, query, _ = strings.Cut(query, "&")
		name, value, _ = strings.Cut(pair, "=")
		if strings.ContainsAny(pair, "%+;") {
			var err error
			if name, err = url.QueryUnescape(name); err != nil || strings.Contains(pair, ";") {
				return v, "syntax", ""
			}
			if value, err = url.QueryUnescape(value); err != nil {
				return v, "syntax", name
			}
		}
		var bit uint8
		switch name {
		case "currency":
			if v.currency, bit = value, 1; !isCurrency(value) {
				return v, "enum", name
			}
		case "items":
			n, err := strconv.ParseInt(value, 10, 32)
			if err != nil || value[0] == '+' {
				return v, "type", name
			}
			if v.items, bit = int(n), 2; n < 1 || n > 100 {
				return v, "range", name
			}
		case "note":
			if v.hideNote, bit = value == "false", 4; !v.hideNote && value != "true" {
				return v, "type", name
			}
		default:
			return v, "unknown", name
		}
		if seen&bit != 0 {
			return v, "repeated", name
		}
		seen |= bit
	}
	return v, "", ""
}
