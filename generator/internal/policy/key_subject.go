package policy

import (
	"fmt"
	"strings"

	"github.com/bailey-go/bailey/generator/internal/diag"
	"github.com/bailey-go/bailey/generator/internal/load"
	"github.com/bailey-go/bailey/generator/internal/rules"
)

// subjectKey says whom the subjects of a scheme name. Beside other schemes in one requirement, a
// scheme whose subjects are clients need not agree with them.
func subjectKey() key {
	return key{
		name: "subject", on: onScheme,
		says:   "whom the scheme's subjects name: the caller, or the client that the caller uses",
		schema: `{"enum": ["caller", "client"]}`,
		read: func(r *reader, n *load.Node) any {
			switch word, _ := r.choice(n, "x-bailey-subject", "caller", "client"); word {
			case "caller":
				return false
			case "client":
				return true
			}
			return nil
		},
	}
}

// severalSubjects warns, once for each set of schemes, of a requirement whose schemes must name one
// subject, where the document does not say that they do.
func (r *reader) severalSubjects(alternative Requirement, at *load.Node) {
	var names []string
	for _, need := range alternative {
		if need.Scheme.SaysSubject {
			return
		}
		names = append(names, short(need.Scheme.Name))
	}
	set := strings.Join(names, " and ")
	if len(names) < 2 || r.together[set] {
		return
	}
	r.together[set] = true
	r.diags.Add(diag.Diagnostic{
		Pos: at.Pos, Severity: diag.Warning, Rule: rules.SeveralSubjects,
		Message: fmt.Sprintf("callers need credentials of %s that name one subject", set),
		Advice:  "write x-bailey-subject: client on a scheme that names an application or machine, or x-bailey-subject: caller on one of them if all name the caller",
	})
}
