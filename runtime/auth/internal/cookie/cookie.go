// Package cookie finds credentials in cookies.
package cookie

import (
	"strings"

	"github.com/bailey-go/bailey/runtime/auth"
)

// One returns the value of the one cookie of that name, in the same case, without decoding or
// unquoting anything (RFC 6265, section 4.2.1). Without one it is [auth.ErrMissing]. Two are
// refused as repeated even if they are equal: whoever reads the other one would see another caller.
func One(lines []string, name string, repeated error) (string, error) {
	found, ok := "", false
	for _, line := range lines {
		for line != "" {
			var pair string
			pair, line, _ = strings.Cut(line, ";")
			key, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			if key != name {
				continue
			}
			if ok {
				return "", repeated
			}
			found, ok = value, true
		}
	}
	if !ok {
		return "", auth.ErrMissing
	}
	return found, nil
}
