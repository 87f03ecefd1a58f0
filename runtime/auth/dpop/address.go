package dpop

import (
	"net/http"
	"net/url"
	"strings"
)

// maxAddress bounds htu, in bytes.
const maxAddress = 2 << 10

// normal brings an address to the form that it is compared in (RFC 9449, section 4.3, item 9; RFC 3986, sections 6.2.2 and
// 6.2.3): without query and fragment, scheme and host in small letters, without the scheme's own port, "/" for an empty path,
// and its escapes where they are needed alone. Dots in the path stay: nothing that we serve has them.
func normal(text string) (string, bool) {
	if len(text) > maxAddress {
		return "", false
	}
	text, _, _ = strings.Cut(text, "#")
	text, _, _ = strings.Cut(text, "?")
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return "", false
	}
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch scheme {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	default:
		return "", false
	}
	path, ok := normalPath(u.EscapedPath())
	return scheme + "://" + strings.TrimSuffix(host, ":") + path, ok
}

// normalPath writes each escape in one way, and none that is not needed.
func normalPath(path string) (string, bool) {
	if path == "" {
		return "/", true
	}
	if !strings.Contains(path, "%") {
		return path, path[0] == '/'
	}
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		if path[i] != '%' {
			b.WriteByte(path[i])
			continue
		}
		if i+2 >= len(path) {
			return "", false
		}
		high, ok1 := hex(path[i+1])
		low, ok2 := hex(path[i+2])
		if !ok1 || !ok2 {
			return "", false
		}
		if c := high<<4 | low; isUnreserved(c) {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + strings.ToUpper(path[i+1:i+3]))
		}
		i += 2
	}
	return b.String(), path[0] == '/'
}

func hex(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// isUnreserved reports whether c means the same with and without an escape (RFC 3986, section 2.3).
func isUnreserved(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '-' || c == '.' || c == '_' || c == '~'
}

// isFor reports whether an address is that of the request, at one of the origins. The request's own Host is not asked.
func (c *Checker) isFor(address string, r *http.Request) bool {
	got, ok := normal(address)
	if !ok {
		return false
	}
	path, ok := normalPath(r.URL.EscapedPath())
	if !ok {
		return false
	}
	for _, origin := range c.origins {
		if rest, ok := strings.CutPrefix(got, origin); ok && rest == path {
			return true
		}
	}
	return false
}
