package policy

import (
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// openIssuers sign tokens for every account that asks, with an audience that the account chooses. docs/providers.md names the
// source.
var openIssuers = []struct {
	issuers  []string
	provider string
	owners   []string // IDs of the account, its organization or its project
	names    []string // other claims that tell accounts apart
}{
	{[]string{"https://accounts.google.com", "accounts.google.com"}, "google-id-token", []string{"sub", "hd"}, []string{"email"}},
	{
		[]string{"https://token.actions.githubusercontent.com"}, "github-actions", []string{"repository_owner_id", "repository_id", "enterprise_id"},
		[]string{"sub", "repository", "repository_owner", "job_workflow_ref", "workflow_ref", "enterprise"},
	},
	{
		[]string{"https://gitlab.com"}, "gitlab-ci", []string{"namespace_id", "project_id"},
		[]string{"sub", "namespace_path", "project_path", "user_id", "user_login", "ci_config_ref_uri"},
	},
}

// warnOpenIssuer warns of an issuer that signs for anybody, where no claim has to say which of its accounts may call. The presets of
// such issuers ask for one.
func (r *reader) warnOpenIssuer(n *load.Node, what string, j *JWT) {
	for _, open := range openIssuers {
		if !slices.Contains(open.issuers, strings.TrimSuffix(j.Issuer, "/")) {
			continue
		}
		if !slices.ContainsFunc(j.Claims, func(c Claim) bool {
			name := strings.TrimPrefix(c.Name, "/")
			return len(c.Values) > 0 && !c.Optional && (slices.Contains(open.owners, name) || slices.Contains(open.names, name))
		}) {
			r.warn(n.PosOf("issuer"), rules.OpenIssuer, what+".issuer is "+short(j.Issuer)+", which signs tokens for every account that asks, and no claim says which may call",
				"write provider: "+open.provider+", or claims with values of "+strings.Join(open.owners, " or "))
		}
	}
}
