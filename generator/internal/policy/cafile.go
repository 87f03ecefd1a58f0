package policy

import (
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// caFile reads the path of a file of certificate authorities, or "".
func (r *reader) caFile(n *load.Node, what string) string {
	path := r.textAt(n, what, "ca-file")
	if strings.ContainsRune(path, 0) {
		r.wrongMember(n, "ca-file", what+".ca-file", "a path")
	}
	return path
}

// checkCAFile checks that the authorities of x-bailey-jwt are those of an address over TLS.
func (r *reader) checkCAFile(s *Scheme, n *load.Node) {
	j := s.JWT
	if j == nil || j.CAFile == "" {
		return
	}
	v := n.Get(prefix + "jwt").Get("ca-file")
	switch address := j.JWKS + j.Discovery; {
	case j.KeyFile+j.Keys != "" || address == "" && SettingOf(j.Settings, "jwks") == nil && SettingOf(j.Settings, "discovery") == nil:
		r.fail(v.Pos, rules.PolicyValue, "x-bailey-jwt.ca-file stands there, and no keys are fetched", "write jwks or discovery, or leave it out")
	case strings.HasPrefix(address, "http:"):
		r.fail(v.Pos, rules.PolicyValue, "x-bailey-jwt.ca-file stands beside an address without TLS", "leave it out, or write an https URL")
	}
}
