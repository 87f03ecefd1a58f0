package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// tenantPlace stands in an issuer for the identifier of one of its tenants.
const tenantPlace = "{tenant}"

const maxTenants = 1000

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// tenants reads which tenants of an issuer there are. An issuer has no other pattern in it than one place for a tenant, and that
// place needs a claim that names the tenant and a list, or a function in Config.
func (r *reader) tenants(n *load.Node, what string, j *JWT) {
	before, after, many := strings.Cut(j.Issuer, tenantPlace)
	if strings.ContainsAny(before+after, "{}") {
		r.fail(n.PosOf("issuer"), rules.PolicyValue, what+".issuer is "+short(j.Issuer)+", which has braces in it", "an issuer of many tenants is written with "+tenantPlace+", tenants and tenant-claim")
		return
	}
	v := n.Get("tenants")
	switch {
	case v == nil && !many:
		return
	case v == nil:
		r.missing(n, what, "tenants")
		return
	case !many:
		r.fail(n.KeyPosOf("tenants"), rules.PolicyValue, what+" has tenants, and its issuer has no "+tenantPlace, "write the issuer with "+tenantPlace+" in place of the tenant's identifier")
		return
	}
	if !strings.HasPrefix(before, "https://") || strings.Count(before, "/") < 3 || !strings.HasSuffix(before, "/") || after != "" && after[0] != '/' {
		r.wrongMember(n, "issuer", what+".issuer", "an https URL with "+tenantPlace+" as one segment of its path")
	}
	if j.Tenant == "" {
		r.missing(n, what, "tenant-claim")
	}
	if word, ok := v.Str(); ok && word == "config" {
		j.AskTenants = true
		return
	}
	if v.Kind != load.Array || len(v.Items) == 0 || len(v.Items) > maxTenants {
		r.wrong(v, what+".tenants", fmt.Sprintf("config, or a list of 1 to %d UUIDs", maxTenants))
		return
	}
	for _, item := range v.Items {
		id, _ := item.Str()
		switch {
		case !uuid.MatchString(id):
			r.wrong(item, "an item of "+what+".tenants", "a UUID, as the claim has it")
		case slices.Contains(j.Tenants, id):
			r.fail(item.Pos, rules.PolicyValue, what+".tenants has "+short(id)+" twice", "")
		default:
			j.Tenants = append(j.Tenants, id)
		}
	}
}
